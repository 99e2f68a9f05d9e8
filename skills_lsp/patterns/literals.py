"""Strings of Python that open with a certain text, found by a search of the bytes."""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.patterns.look import Look

_QUOTES = frozenset(b"\"'}")
_GOES_ON = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")


def literals(look: Look, opening: bytes) -> Iterator[Node]:
    """Yield the contents of strings in a look that open with a text, as a word of its own.

    What stands behind ``{…}`` in an f-string counts as well: it is written there too.
    """
    data, root = look.source.data, look.source.root
    at = data.find(opening, look.start, look.end)
    while 0 <= at < look.end:
        end = at + len(opening)
        is_word = end == len(data) or data[end] not in _GOES_ON
        if is_word and at and data[at - 1] in _QUOTES:
            node = root.descendant_for_byte_range(at, end)
            if node is not None and node.type == "string_content" and node.start_byte == at:
                yield node
        at = data.find(opening, end, look.end)


def is_text(look: Look, content: Node) -> bool:
    """Say whether a string is one of characters (not bytes), and is used: no comment, no docstring."""
    string = content.parent
    if string is None or string.type != "string":
        return False
    opening = string.child(0)
    if opening is None or b"b" in look.source.data[opening.start_byte : opening.end_byte].lower():
        return False
    holder = string.parent
    return holder is not None and holder.type != "expression_statement"
