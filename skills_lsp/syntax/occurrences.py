"""Where a word stands in the code: a fast search in the bytes, then the tree has its say.

A walk over a tree of 20,000 lines costs 20 ms and more; a search for one word in its bytes costs
0.4 ms, and the few places it finds can be asked what they are.
"""

import re
from collections.abc import Iterator

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
_FIRST_NOT_ASCII = 0x80  # Bytes from here on are parts of letters (or of what we take for some).
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$") | frozenset(
    range(_FIRST_NOT_ASCII, 256)
)
_USED_BEFORE = frozenset(b".(")
_OPERATOR = re.compile(rb" *(?:[-+*/%^>&|]{1,2} |==|!=|and |or )")
_DECLARES = (b"def ", b"class ", b"function ", b"function* ")
_LONGEST_DECLARATION = max(map(len, _DECLARES))
_MAX_LEVELS = 3
"""How far above its key word a construct is: ``import`` and ``require`` stand directly in theirs."""


def places(
    data: bytes | bytearray, word: bytes, start: int = 0, stop: int | None = None
) -> Iterator[int]:
    """Yield the offsets at which a word stands by itself, between two offsets.

    A name that the parser only supposes, as none is written, stands nowhere.
    """
    if not word:
        return
    stop = len(data) if stop is None else stop
    at = data.find(word, start, stop)
    while at >= 0:
        end = at + len(word)
        if stands_alone(data, at, end):
            yield at
        at = data.find(word, end, stop)


def stands_alone(data: bytes | bytearray, start: int, end: int) -> bool:
    """Say whether what stands between two offsets is no part of a longer word."""
    if start and data[start - 1] in _WORD:
        return False
    return end == len(data) or data[end] not in _WORD


def name_at(source: Source, start: int, end: int) -> Node | None:
    """Return the name that stands exactly between two offsets."""
    node = source.root.descendant_for_byte_range(start, end)
    if node is None or node.type not in NAME_NODES:
        return None
    return node if node.start_byte == start and node.end_byte == end else None


def names(source: Source, name: str) -> Iterator[Node]:
    """Yield the nodes that are this name, in order."""
    word = _bytes(name)
    for at in places(source.data, word):
        node = name_at(source, at, at + len(word))
        if node is not None:
            yield node


def possible_bindings(
    source: Source, name: str, start: int = 0, stop: int | None = None
) -> Iterator[Node]:
    """Yield the nodes that are this name and may bind it: those that are not plainly a use.

    A name before ``.`` or ``(`` is a use, unless ``def``, ``class`` or ``function`` stands before; so
    is one before an operator.
    """
    word = _bytes(name)
    data, size = source.data, len(source.data)
    for at in places(data, word, start, stop):
        end = at + len(word)
        if end < size and data[end] in _USED_BEFORE:
            before = data[max(0, at - _LONGEST_DECLARATION) : at]
            if not before.endswith(_DECLARES):
                continue
        elif _OPERATOR.match(data, end):
            continue
        node = name_at(source, at, end)
        if node is not None:
            yield node


def in_strings(source: Source, name: str) -> Iterator[Node]:
    """Yield the strings that hold this name as a word."""
    word = _bytes(name)
    for at in places(source.data, word):
        node = source.root.descendant_for_byte_range(at, at + len(word))
        if node is not None and node.type == "string_content" and node.parent is not None:
            yield node.parent


def nodes_with(
    source: Source, word: bytes, types: frozenset[str], start: int = 0, stop: int | None = None
) -> Iterator[Node]:
    """Yield the nodes of some types that open with (or closely hold) a word, each once."""
    data, root = source.data, source.root
    stop = len(data) if stop is None else stop
    at = data.find(word, start, stop)
    while at >= 0:
        end = at + len(word)
        node = root.descendant_for_byte_range(at, end)
        for _ in range(_MAX_LEVELS):
            if node is None or node.type in types:
                break
            node = node.parent
        if node is not None and node.type in types:
            yield node
            end = max(end, node.end_byte)
        at = data.find(word, end, stop)


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
