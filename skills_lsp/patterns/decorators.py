"""What stands above a definition: its decorators, and what they are."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from tree_sitter import Node

from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.scheme import string_value
from skills_lsp.syntax.bindings import bound_values

Check: TypeAlias = Callable[[Look, Captures], bool]

_MAX_STEPS = 3
"""How many assignments from mark to mark are followed."""


def decorator_nodes(definition: Node) -> list[Node]:
    """Return the expressions behind each ``@`` of a definition, in order."""
    around = definition.parent
    if around is None or around.type != "decorated_definition":
        return []
    return [
        each.named_child(0)
        for each in around.named_children
        if each.type == "decorator" and each.named_child_count
    ]


def uncalled(expression: Node) -> Node:
    """Return what is called, or what is not called as it is."""
    if expression.type == "call":
        return expression.child_by_field_name("function") or expression
    return expression


def meant(look: Look, expression: Node) -> Iterator[tuple[str, Node]]:
    """Yield what a decorator or mark stands for, and the expression that makes it.

    An assignment is followed: ``slow = pytest.mark.skipif(…)`` makes ``@slow`` the call. What is
    neither imported nor assigned is returned as it is written.
    """
    for _ in range(_MAX_STEPS):
        name = uncalled(expression)
        dotted = look.dotted(name)
        if dotted is None:
            return
        origin = look.origin(name)
        head = dotted.partition(".")[0]
        if origin is not None and (origin != dotted or head in look.imported):
            yield origin, expression
            return
        values = bound_values(look.source, head, name.start_byte) if "." not in dotted else ()
        if not values:
            if origin is not None:
                yield dotted, expression
            return
        for each in values[1:]:
            if (other := look.origin(uncalled(each))) is not None:
                yield other, each
        expression = values[0]


def decorations(look: Look, definition: Node) -> Iterator[tuple[str, Node]]:
    """Yield what the decorators of a definition stand for, each with the expression behind it."""
    for expression in decorator_nodes(definition):
        yield from meant(look, expression)


def make_decorated_with(words: tuple[str, ...]) -> Check:
    """Make ``(#decorated-with? @definition "pytest.fixture" …)``."""
    capture, names = words[0][1:], frozenset(map(string_value, words[1:]))

    def check(look: Look, captures: Captures) -> bool:
        return any(origin in names for origin, _ in decorations(look, captures[capture][0]))

    return check


def make_decorator(words: tuple[str, ...]) -> Check:
    """Make ``(#decorator? @expression "pytest.mark.skip" …)``: the decorator itself, called or not."""
    capture, names = words[0][1:], frozenset(map(string_value, words[1:]))

    def check(look: Look, captures: Captures) -> bool:
        return any(origin in names for origin, _ in meant(look, captures[capture][0]))

    return check
