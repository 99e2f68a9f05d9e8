"""Which calls of JavaScript surely give a promise: async functions and methods of this file."""

from tree_sitter import Node

from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import Kind, is_async_function
from skills_lsp.syntax.async_names import async_names
from skills_lsp.syntax.bindings import binding_node, innermost

_MAX_MEMBERS = 2_000
"""How many members of a class are looked through for a method."""


def is_promise_call(look: Look, callee: Node) -> bool:
    """Say whether calling this certainly gives a promise that somebody must wait for.

    True for an ``async`` function of this file that nothing else shadows, and for methods of the
    own class by ``this``.
    """
    dotted = look.dotted(callee)
    if dotted is None or dotted.rpartition(".")[2] not in async_names(look.source):
        return False
    if "." not in dotted:
        found = innermost(look.source, dotted, callee.start_byte)
        nodes = [binding_node(look.source, dotted, each) for each in found]
        return bool(nodes) and all(_is_async_binding(look, each) for each in nodes)
    name = dotted.removeprefix("this.")
    is_own = dotted.startswith("this.") and "." not in name
    return is_own and _is_async_method(look, callee.start_byte, name)


def _is_async_binding(look: Look, name: Node | None) -> bool:
    holder = name.parent if name is not None else None
    if holder is None:
        return False
    if holder.type == "variable_declarator":
        value = holder.child_by_field_name("value")
        declaration = holder.parent
        is_const = declaration is not None and look.source.data.startswith(
            b"const", declaration.start_byte
        )
        return is_const and value is not None and _is_plain_async(value)
    return holder.type == "function_declaration" and is_async_function(holder)


def _is_plain_async(function: Node) -> bool:
    return function.type in ("arrow_function", "function_expression") and is_async_function(
        function
    )


def _is_async_method(look: Look, at: int, name: str) -> bool:
    for region in look.regions.around(at):
        if region.kind is Kind.CLASS:
            found = _method(look, region.node, name)
            return found is not None and is_async_function(found)
    return False


def _method(look: Look, body: Node, name: str) -> Node | None:
    """Return the last method of a name in a class's own body."""
    found = None
    for each in body.named_children[:_MAX_MEMBERS]:
        title = each.child_by_field_name("name") if each.type == "method_definition" else None
        if title is not None and look.text(title) == name:
            found = each
    return found
