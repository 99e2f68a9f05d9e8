"""Which calls stop the event loop: where they run, and what their objects are."""

from collections.abc import Callable

from tree_sitter import Node

from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.objects import owners
from skills_lsp.patterns.regions import Kind
from skills_lsp.patterns.scheme import string_value


def runs_in_coroutine(look: Look, node: Node) -> bool:
    """Say whether code at a place runs in the coroutine around it, and not where it is called."""
    around = look.regions.definition_around(node.start_byte)
    return around is not None and around.kind is Kind.FUNCTION and around.is_async


def make_method_of(words: tuple[str, ...]) -> Callable[[Look, Captures], bool]:
    """Make ``(#method-of? @callee "pathlib.Path" …)``: the object may be of one of these classes."""
    capture, classes = words[0][1:], frozenset(map(string_value, words[1:]))

    def check(look: Look, captures: Captures) -> bool:
        callee = captures[capture][0]
        held = callee.child_by_field_name("object") if callee.type == "attribute" else None
        if held is None or look.source.data.endswith(b"await ", 0, callee.start_byte):
            return False
        found = owners(look, held)
        known = [each is not None and each.dotted in classes for each in found]
        # An annotation may allow more than a path, but what an attribute holds must be certain.
        return any(known) if held.type == "identifier" else bool(known) and all(known)

    return check


def is_held_by_name(_look: Look, callee: Node) -> bool:
    """Say whether a method is called on a variable or on what is made in place, as ``Path(x)``."""
    held = callee.child_by_field_name("object")
    return held is not None and held.type != "attribute"


def waits(look: Look, callee: Node) -> bool:
    """Say whether a socket waits: nothing around tells it not to (``setblocking(False)``)."""
    held = callee.child_by_field_name("object")
    around = look.regions.function_around(callee.start_byte)
    if held is None or held.type != "identifier" or around is None:
        return False
    word = f"{look.text(held)}.set".encode()
    return look.source.data.find(word, around.start, around.end) < 0
