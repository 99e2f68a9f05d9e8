"""Values that are written down: in place, or in the one assignment that a name has."""

from tree_sitter import Node

from skills_lsp.syntax.bindings import bound_values
from skills_lsp.syntax.source import Source

_MAX_STEPS = 5
"""How many assignments from name to name are followed."""

_WRAPPERS = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression"})
_STRINGS = frozenset({"string", "template_string"})
_PREFIX = "rbfuRBFU"


def values_of(source: Source, node: Node) -> tuple[Node, ...]:
    """Return the expressions that may give a node its value: itself, or what its name is bound to.

    A name that is a parameter, a loop's target, or bound in any other way than by plain assignment
    is its own value.
    """
    todo = [(node, 0)]
    found: list[Node] = []
    while todo:
        each, steps = todo.pop()
        if each.type in _WRAPPERS and each.named_child_count:
            todo.append((each.named_child(0), steps))
            continue
        bound: tuple[Node, ...] = ()
        if each.type == "identifier" and steps < _MAX_STEPS:
            bound = bound_values(source, source.text_of(each), each.start_byte)
        todo.extend((value, steps + 1) for value in reversed(bound))
        if not bound:
            found.append(each)
        if len(found) + len(todo) > _MAX_VALUES:
            return (node,)
    return tuple(found)


_MAX_VALUES = 16


def value_of(source: Source, node: Node) -> Node:
    """Return the expression that gives a node its value: what its name is bound to, if but once."""
    found = values_of(source, node)
    return found[0] if len(found) == 1 else node


def constant_value(source: Source, node: Node) -> str | None:
    """Return the text of a string constant, names followed; of any other constant its source.

    None when it is not known, and for strings with values in them.
    """
    value = value_of(source, node)
    if value.type == "concatenated_string":
        parts = [constant_value(source, each) for each in value.named_children if not each.is_extra]
        return None if None in parts else "".join(each or "" for each in parts)
    if value.type in _STRINGS:
        if any(each.type in _HOLES for each in value.named_children):
            return None
        return string_text(source.text_of(value))
    return source.text_of(value) if value.type in _PLAIN else None


_HOLES = frozenset({"interpolation", "template_substitution"})
_PLAIN = frozenset(
    {"integer", "float", "number", "true", "false", "none", "null", "undefined"}
)  # fmt: skip


def string_text(literal: str) -> str:
    """Return what stands between the quotes of a string; escapes are left as they are.

    Examples
    --------
    >>> string_text('rb"a"'), string_text("'''b'''")
    ('a', 'b')
    """
    text = literal.lstrip(_PREFIX)
    for quotes in ('"""', "'''", '"', "'", "`"):
        if text.startswith(quotes) and text.endswith(quotes) and len(text) >= 2 * len(quotes):
            return text[len(quotes) : -len(quotes)]
    return text
