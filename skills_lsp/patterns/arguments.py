"""The arguments of a call, by place and by name."""

from collections.abc import Callable
from typing import TypeAlias

from tree_sitter import Node

from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.scheme import string_value

Check: TypeAlias = Callable[[Look, Captures], bool]

_SPLATS = frozenset({"dictionary_splat", "list_splat", "spread_element"})
_NOT_POSITIONAL = frozenset({"keyword_argument", "dictionary_splat", "list_splat", "comment"})


def positional(arguments: Node, index: int) -> Node | None:
    """Return a positional argument; None behind a ``*splat``, whose length nobody knows."""
    seen = 0
    for each in arguments.named_children:
        if each.type in ("list_splat", "spread_element"):
            return None
        if each.type in _NOT_POSITIONAL:
            continue
        if seen == index:
            return each
        seen += 1
    return None


def keyword(look: Look, arguments: Node, name: str) -> Node | None:
    """Return the value of a keyword argument."""
    for each in arguments.named_children:
        if each.type == "keyword_argument":
            key = each.child_by_field_name("name")
            if key is not None and look.text(key) == name:
                return each.child_by_field_name("value")
    return None


def has_splat(_look: Look, arguments: Node) -> bool:
    """Say whether arguments are passed on that are not written here."""
    return any(each.type in _SPLATS for each in arguments.named_children)


def object_property(look: Look, node: Node, name: str) -> Node | None:
    """Return the value of a property of an object literal."""
    for each in node.named_children if node.type == "object" else ():
        key = each.child_by_field_name("key") if each.type == "pair" else None
        if key is not None and look.text(key).strip("'\"") == name:
            return each.child_by_field_name("value")
    return None


def make_property(words: tuple[str, ...]) -> Check:
    """Make ``(#property? @arguments "shell" "true")``: an object literal among the arguments."""
    capture, name, *allowed = words[0][1:], string_value(words[1]), *map(string_value, words[2:])

    def check(look: Look, captures: Captures) -> bool:
        for each in captures[capture][0].named_children:
            value = object_property(look, each, name)
            if value is not None:
                return not allowed or look.text(value) in allowed
        return False

    return check


def make_argument_resolves(words: tuple[str, ...]) -> Check:
    """Make ``(#argument-resolves-to? @arguments "1" "Loader" "yaml.SafeLoader" …)``.

    Place and keyword name an argument; the check holds when it is there and stands for one of the
    names, by import or by its last word.
    """
    capture = words[0][1:]
    index, key = int(string_value(words[1])), string_value(words[2])
    allowed = frozenset(map(string_value, words[3:]))

    def check(look: Look, captures: Captures) -> bool:
        arguments = captures[capture][0]
        value = keyword(look, arguments, key) or positional(arguments, index)
        if value is None:
            return False
        origin = look.origin(value) or look.dotted(value)
        return origin is not None and origin in allowed

    return check


def make_argument_match(words: tuple[str, ...]) -> Check:
    """Make ``(#argument-match? @arguments "0" "expression")``: the text of an argument."""
    capture, index = words[0][1:], int(string_value(words[1]))
    expression = Late(string_value(words[2]))

    def check(look: Look, captures: Captures) -> bool:
        value = positional(captures[capture][0], index)
        return value is not None and expression.search(look.text(value)) is not None

    return check
