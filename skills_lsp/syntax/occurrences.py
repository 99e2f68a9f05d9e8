"""Where a word stands in the code: a fast search in the bytes, then the tree has its say.

A walk over a tree of 20,000 lines costs 20 ms and more; a search for one word in its bytes costs
0.4 ms, and the few places it finds can be asked what they are.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from tree_sitter import Node

from skills_lsp.syntax.source import Source

NAME_NODES = frozenset(
    {
        "identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "type_identifier",
    }
)


def names(source: Source, name: str, start: int = 0, end: int | None = None) -> Iterator[Node]:
    """Yield the nodes that are this name, between two offsets, in order."""
    yield from _nodes(source, _anywhere(name), start, end)


def possible_bindings(source: Source, name: str) -> Iterator[Node]:
    """Yield the nodes that are this name and may bind it: those that are not plainly a use.

    A name before ``.`` or ``(`` is a use, unless ``def``, ``class`` or ``function`` stands before.
    """
    yield from _nodes(source, _maybe_bound(name), 0, None)


def in_strings(source: Source, name: str) -> Iterator[Node]:
    """Yield the strings that hold this name as a word."""
    data, root = source.data, source.root
    for match in _anywhere(name).finditer(data):
        at = match.start()
        if at and _is_word(data[at - 1]):
            continue
        node = root.descendant_for_byte_range(at, match.end())
        if node is not None and node.type == "string_content" and node.parent is not None:
            yield node.parent


def nodes_with(source: Source, word: bytes, types: frozenset[str]) -> Iterator[Node]:
    """Yield the innermost nodes of some types around each occurrence of a word, each once."""
    data, root = source.data, source.root
    at = data.find(word)
    while at >= 0:
        end = at + len(word)
        node = root.descendant_for_byte_range(at, end)
        while node is not None and node.type not in types:
            if node.is_named and node.type in _OPAQUE:
                node = None
                break
            node = node.parent
        if node is not None and node.start_byte <= at:
            yield node
            end = max(end, node.end_byte)
        at = data.find(word, end)


_OPAQUE = frozenset({"comment", "string", "string_content", "template_string", "module", "program"})


def _nodes(
    source: Source, pattern: re.Pattern[bytes], start: int, end: int | None
) -> Iterator[Node]:
    data, root = source.data, source.root
    for match in pattern.finditer(data, start, len(data) if end is None else end):
        at = match.start()
        if at and _is_word(data[at - 1]):
            continue
        node = root.descendant_for_byte_range(at, match.end())
        if (
            node is not None
            and node.type in NAME_NODES
            and node.start_byte == at
            and node.end_byte == match.end()
        ):
            yield node


def _is_word(byte: int) -> bool:
    return byte >= 0x80 or byte in _WORD_BYTES


_WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
_NOT_WORD = rb"(?![\w$\x80-\xff])"


# The name stands first in both expressions, so that the engine searches for its bytes.
@lru_cache(maxsize=2048)
def _anywhere(name: str) -> re.Pattern[bytes]:
    return re.compile(re.escape(_bytes(name)) + _NOT_WORD)


@lru_cache(maxsize=2048)
def _maybe_bound(name: str) -> re.Pattern[bytes]:
    word = re.escape(_bytes(name))
    declared = b"|".join(rb"(?<=%s %s)" % (key, word) for key in _DECLARES)
    return re.compile(word + rb"(?:(?![\w$\x80-\xff.(])|" + declared + rb"(?=\())")


_DECLARES = (b"def", b"class", b"function", rb"function\*")


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
