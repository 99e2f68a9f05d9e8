"""Where JavaScript waits: in a loop, or in an async function nowhere at all."""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.patterns import regions
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import is_async_function
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.nodes import ancestors
from skills_lsp.syntax.occurrences import places

_FUNCTIONS = frozenset(
    {
        "function_declaration", "generator_function_declaration", "function_expression",
        "generator_function", "arrow_function", "method_definition",
    }
)  # fmt: skip
_LOOPED = {
    "for_statement": ("condition", "increment", "body"),
    "for_in_statement": ("body",),
    "while_statement": ("condition", "body"),
    "do_statement": ("condition", "body"),
}
"""The parts of each loop that run at each turn."""


def is_awaited_in_loop(_look: Look, node: Node) -> bool:
    """Say whether this waits at each turn of a loop.

    ``for await`` does too where it is inside another loop; what is inside it waits in turn anyway.
    """
    if node.type == "for_in_statement" and not _is_for_await(node):
        return False
    child = node
    for holder in ancestors(node):
        kind = holder.type
        if kind in _FUNCTIONS or kind == "class_static_block" or _is_for_await(holder):
            return False
        if any(holder.child_by_field_name(each) == child for each in _LOOPED.get(kind, ())):
            return True
        child = holder
    return False


def _is_for_await(node: Node) -> bool:
    second = node.child(1) if node.type == "for_in_statement" and node.child_count > 1 else None
    return second is not None and second.type == "await"


def functions_without_await(look: Look) -> Iterator[Node]:
    """Yield the async functions with a body that waits for nothing. Generators may have a reason."""
    for structure in regions.structures(Family.JAVASCRIPT):
        for captures in look.matches.get(structure, ()):
            function = captures["region"][0]
            if function.type in _PLAIN and is_async_function(function):
                body = function.child_by_field_name("body")
                if body is not None and _does_something(body) and not _waits(look, function):
                    yield function


_PLAIN = frozenset(
    {"function_declaration", "function_expression", "arrow_function", "method_definition"}
)


def _does_something(body: Node) -> bool:
    if body.type != "statement_block":
        return True
    return any(not each.is_extra for each in body.named_children)


def _waits(look: Look, function: Node) -> bool:
    """Say whether a function waits itself, or is a generator after all."""
    if any(each.type == "*" for each in function.children[:6]):
        return True
    data, root = look.source.data, look.source.root
    for at in places(data, b"await", function.start_byte):
        if at >= function.end_byte:
            return False
        node = root.descendant_for_byte_range(at, at + len(b"await"))
        if node is not None and node.type in ("await", "identifier"):
            around = next((each for each in ancestors(node) if each.type in _FUNCTIONS), None)
            if around == function:
                return True
    return False
