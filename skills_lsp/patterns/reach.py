"""How far an edit reaches: which lines and which names may have other findings than before.

A pattern may look at what it captures, at what stands around that, and at what names mean; nothing
else of the file. So an edit matters to

* the statement it is in, with its neighbours, and the function, as a pattern may ask about either;
* every class around it: whether ``self.run`` is a coroutine is said anywhere in the class;
* the line at which each construct around it begins, as findings about the construct live there;
* whoever asked what a name means, where the edit may bind that name or is in its definition.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tree_sitter import Node

from skills_lsp.syntax.change import Lasting
from skills_lsp.syntax.drift import Drift, whole_lines
from skills_lsp.syntax.source import Source

_MAX_BYTES = 20_000
"""When more than this has another shape, all of the file is looked at anew."""

_MAX_DEPTH = 1_000

_BODIES = frozenset(
    {"module", "program", "ERROR", "block", "statement_block", "class_body", "interface_body"}
)
_FUNCTIONS = frozenset(
    {
        "function_definition", "lambda", "function_declaration", "generator_function_declaration",
        "function_expression", "generator_function", "arrow_function", "method_definition",
    }
)  # fmt: skip
_CLASSES = frozenset(
    {"class_definition", "class_declaration", "abstract_class_declaration", "class"}
)
_NAMES = frozenset({"identifier", "type_identifier", "property_identifier"})
_WORD = re.compile(
    rb"(?P<d>\b(?:def|class|function)\b[\s*]+)?(?P<w>[A-Za-z_$\x80-\xff][\w$\x80-\xff]*)"
)
_ANY_WORD = re.compile(rb"[\w$\x80-\xff]+|</|/>")
_IS_USE = re.compile(rb"\s*[.(]")


@dataclass(frozen=True, slots=True)
class Reach:
    """What an edit may matter to: lines from 0, first and last included, and names."""

    lines: tuple[tuple[int, int], ...]
    names: frozenset[str]
    near: tuple[tuple[int, int], ...]  # the edited lines themselves
    is_wide: bool  # everything
    written: frozenset[str] = frozenset()  # all words that stand in what changed, or stood there


def reach_of(source: Source, drift: Drift) -> Reach | None:
    """Return how far the edits since a drift began reach; None when nobody can tell."""
    if drift.is_lost:
        return None
    starts = source.buffer.line_starts()
    near = tuple(_lines(starts, start, end) for start, end in drift.places)
    places = [*drift.places, *source.changed_since(drift.tree)]
    if sum(end - start for start, end in places) > _MAX_BYTES:
        return Reach((), frozenset(), near, is_wide=True)
    lines: list[tuple[int, int]] = []
    texts = [bytes(drift.removed)]
    names: set[str] = set()
    for start, end in places:
        first, last = _lines(starts, start, end)
        lines.append((first - 1, last + 1))
        texts.append(bytes(source.data[slice(*whole_lines(source.data, start, end))]))
        for root in (source.root, drift.tree.root_node):
            for at in {max(0, start - 1), start, end}:
                path = _path(root, at)
                lines.extend(_around(path))
                if root == source.root:
                    lines.extend(_beside(path, at))
                names.update(_text(each) for each in _named(source, path))
    names.update(_text(each) for text in texts for each in _bound_words(text))
    written = frozenset(_text(each) for text in texts for each in _ANY_WORD.findall(text))
    return Reach(_merged(lines), frozenset(names), near, is_wide=False, written=written)


def _merged(lines: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return stretches of lines as the fewest that cover the same."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(lines):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def differing_words(old: object, new: object) -> frozenset[str] | None:
    """Return the words in which two values of a fact differ; None when it is more than words."""
    old, new = (each.said if isinstance(each, Lasting) else each for each in (old, new))
    words: frozenset[object] | None = None
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        words = frozenset(it for it in old.keys() | new.keys() if old.get(it) != new.get(it))
    elif isinstance(old, AbstractSet) and isinstance(new, AbstractSet):
        words = frozenset(old ^ new)
    if words is not None and all(isinstance(it, str) for it in words):
        return frozenset(map(str, words))
    return frozenset() if new is not None and old == new else None


def _path(root: Node, at: int) -> list[Node]:
    """Return the nodes around an offset, outermost first.

    By a cursor: tree-sitter's other ways from node to node crash on a tree that was edited.
    """
    path = [root]
    cursor = root.walk()
    while len(path) < _MAX_DEPTH and cursor.goto_first_child_for_byte(at) is not None:
        node = cursor.node
        if node is None or node.start_byte > at:
            break
        path.append(node)
    return path


def _around(path: list[Node]) -> Iterator[tuple[int, int]]:
    """Yield the lines that an edit at an offset with these nodes around it may matter to."""
    for node in path:
        yield node.start_point[0], node.start_point[0]
        if node.type in _CLASSES:
            yield _rows(node)
    bodies = [index for index, node in enumerate(path) if node.type in _BODIES]
    inside = path[bodies[-1] + 1 :] if bodies else path
    if inside:
        yield _rows(inside[0])
    functions = [node for node in path if node.type in _FUNCTIONS]
    if functions:
        yield _rows(functions[-1])


def _beside(path: list[Node], at: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of the statements before, at and behind an offset."""
    body = next((node for node in reversed(path) if node.type in _BODIES), path[0])
    for step in ("goto_previous_sibling", "goto_next_sibling"):
        cursor = body.walk()  # Not a copy of one: it would share its node and crash.
        if cursor.goto_first_child_for_byte(at) is None and not cursor.goto_last_child():
            return
        for _ in range(_MAX_BESIDE):
            if cursor.node is not None:
                yield _rows(cursor.node)
            if not getattr(cursor, step)():
                break
            if cursor.node is not None and cursor.node.is_named:
                yield _rows(cursor.node)
                break


_MAX_BESIDE = 10
"""How many commas and comments may stand between a statement and the next."""


def _named(source: Source, path: list[Node]) -> Iterator[bytes]:
    """Yield the names of the definitions and assignments that an offset is in."""
    for node in path:
        for field in ("name", "left"):
            name = node.child_by_field_name(field)
            if name is not None and name.type in _NAMES:
                yield bytes(source.data[name.start_byte : name.end_byte])


def _bound_words(lines: bytes | bytearray) -> Iterator[bytes]:
    """Yield the words that may bind a name: not those that are plainly used or a part of another."""
    for found in _WORD.finditer(lines):
        start, end = found.span("w")
        is_part = start and lines[start - 1] == _DOT
        if found["d"] or not (is_part or _IS_USE.match(lines, end)):
            yield found["w"]


_DOT = ord(".")


def _rows(node: Node) -> tuple[int, int]:
    return node.start_point[0], node.end_point[0]


def _lines(starts: list[int], start: int, end: int) -> tuple[int, int]:
    last = len(starts) - 2
    return tuple(min(last, bisect_right(starts, at) - 1) for at in (start, end))  # type: ignore[return-value] # of two


def _text(word: bytes) -> str:
    return word.decode("utf-8", "surrogatepass")
