"""Blocks of import statements: runs with nothing but comments and empty lines in between."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from tree_sitter import Node

from skills_lsp.syntax.imports import statements
from skills_lsp.syntax.source import Source, span_of
from skills_lsp.text import Point, Span

_NOTHING = re.compile(rb"(?:[\s;\f]++|\\\r?\n|#[^\n\r]*+)*+")  # possessive: rows of # are many
_DEFINES = re.compile(rb"(?:async\s+def|def|class)\b|@")
_DIRECTIVE = re.compile(
    rb"#(?P<before>[^\n\r]*?)isort: ?(?P<word>split|off|on|skip_file|skip)(?P<rest>[^\n\r]*)"
)
_LINE_END = re.compile(rb"\r\n|[\r\n]|\Z")
_EMPTY_LINES = re.compile(rb"(?:[ \t\f]*(?:\r\n|\r|\n))*(?:[ \t\f]+\Z)?")


class Follower(Enum):
    """What stands behind a block and decides on the empty lines after it."""

    NOTHING = 0  # the end of the file, or a block inside something: any lines will do
    CODE = 1
    DEFINITION = 2


@dataclass(frozen=True, slots=True)
class Block:
    """A run of import statements, in bytes; the text starts at the line of the first.

    Comments above it belong to it where the project wants them there. ``is_inside`` says that the
    block is not at the start of its lines.
    """

    spans: tuple[tuple[int, int], ...]
    places: tuple[Span, ...]  # of the statements
    text_start: int
    text_end: int
    reach_end: int  # the start of what follows
    follower: Follower
    shares_line: bool  # with other code
    is_inside: bool

    def statement_span(self, number: int) -> Span:
        """Return where a statement stands."""
        return self.places[number]

    def reach(self, data: bytes | bytearray) -> Span:
        """Return the block up to the code that follows, which decides on the lines between."""
        between = data[self.end : self.reach_end]
        n_lines = between.count(b"\n")
        last = self.places[-1].end
        column = len(between) - between.rfind(b"\n") - 1 if n_lines else last.column + len(between)
        return Span(self.places[0].start, Point(last.line + n_lines, column))

    def key(self, data: bytes | bytearray) -> object:
        """Return all that decides on a block."""
        text = bytes(data[self.text_start : self.text_end])
        spans = tuple((a - self.text_start, b - self.text_start) for a, b in self.spans)
        return text, spans, self.follower, self.shares_line

    @property
    def start(self) -> int:
        """Where the first statement starts."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where the last statement ends."""
        return self.spans[-1][1]


def blocks(source: Source) -> Iterator[Block]:
    """Yield the blocks of a file; a comment of isort's can end one, or keep statements out."""
    data = bytes(source.data)
    directives = _directives(data)
    if directives is None:
        return
    run: list[Node] = []
    for node in statements(source):
        span = node.start_byte, node.end_byte
        if node.has_error or directives.excludes(span[0]):
            if run:
                yield _block(data, run, source)
            run = []
            continue
        before = (run[-1].start_byte, run[-1].end_byte) if run else span
        if run and (directives.splits(before, span) or not _follows(data, before, span)):
            yield _block(data, run, source)
            run = []
        run.append(node)
    if run:
        yield _block(data, run, source)


@dataclass(frozen=True, slots=True)
class _Directives:
    excluded: tuple[tuple[int, int], ...] = ()
    split_at: tuple[int, ...] = ()

    def excludes(self, at: int) -> bool:
        return any(start <= at < end for start, end in self.excluded)

    def splits(self, before: tuple[int, int], after: tuple[int, int]) -> bool:
        return any(before[0] < at <= after[0] for at in self.split_at)


def _directives(data: bytes) -> _Directives | None:
    """Return what comments ask for; None when the whole file is to be skipped."""
    if b"isort:" not in data:
        return _Directives()
    excluded: list[tuple[int, int]] = []
    split_at: list[int] = []
    off: int | None = None
    for found in _DIRECTIVE.finditer(data):
        word = found["word"]
        is_alone = found["before"] in (b" ", b" ruff: ") and not found["rest"].strip()
        line_start = data.rfind(b"\n", 0, found.start())  # A CR alone reads as LF in this data.
        if word == b"skip_file" and is_alone:
            return None
        if word == b"split" and is_alone:
            split_at.append(found.start())
        elif word.startswith(b"skip") and off is None:
            excluded.append((line_start + 1, found.end()))
        elif word == b"off" and is_alone and off is None:
            off = found.start()
        elif word == b"on" and is_alone and off is not None:
            excluded.append((off, found.start()))
            off = None
    if off is not None:
        excluded.append((off, len(data) + 1))
    return _Directives(tuple(excluded), tuple(split_at))


def _follows(data: bytes, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Say whether a statement follows another in the same body, with no code between."""
    between = data[before[1] : after[0]]
    if _NOTHING.fullmatch(between) is None:
        return False
    is_one_line = b"\n" not in between
    return is_one_line or _column(data, before[0]) == _column(data, after[0])


def _line_start(data: bytes, at: int) -> int:
    return data.rfind(b"\n", 0, at) + 1


def _column(data: bytes, at: int) -> bytes:
    return data[_line_start(data, at) : at]


def _block(data: bytes, run: list[Node], source: Source) -> Block:
    start, end = run[0].start_byte, run[-1].end_byte
    text_start = _line_start(data, start)
    line_end = _LINE_END.search(data, end)
    line_stop = line_end.start() if line_end else len(data)
    text_end = line_end.end() if line_end else len(data)
    behind = data[end:line_stop].strip()
    shares_line = bool(data[text_start:start].strip()) or (bool(behind) and behind[:1] != b"#")
    if text_start > 1 and data[:text_start].rstrip(b"\r\n")[-1:] == b"\\":
        shares_line = True
    after = _NOTHING.match(data, text_end)
    reach_end = after.end() if after else text_end
    is_nested = start > text_start
    text_start = _with_headings(data, text_start, source)
    follower = Follower.NOTHING
    if not is_nested and reach_end < len(data):
        follower = _follower(data, reach_end, source)
        empty = _EMPTY_LINES.match(data, text_end)
        text_end = empty.end() if empty else text_end
    return Block(
        tuple((each.start_byte, each.end_byte) for each in run),
        tuple(map(span_of, run)),
        text_start,
        text_end,
        reach_end,
        follower,
        shares_line,
        is_nested,
    )


def _with_headings(data: bytes, line_start: int, source: Source) -> int:
    """Return where the comments start that the project wants above a section, if they are there."""
    headings = {text for _, text in source.project.imports.headings}
    while headings and line_start:
        above = _line_start(data, line_start - 1)
        if data[above:line_start].decode("utf-8", "replace").strip() not in headings:
            break
        line_start = above
    return line_start


def _follower(data: bytes, at: int, source: Source) -> Follower:
    if source.path.endswith(".pyi") or _DEFINES.match(data, at) is None:
        return Follower.CODE
    return Follower.CODE if _has_comment_break(data, at) else Follower.DEFINITION


def _has_comment_break(data: bytes, at: int) -> bool:
    """Say whether a comment and an empty line stand above a definition: they are not its own."""
    seen_empty = False
    for line in reversed(data[max(0, at - _COMMENT_BYTES) : at].splitlines()):
        text = line.strip()
        if not text:
            seen_empty = True
        elif text.startswith(b"#"):
            if seen_empty:
                return True
        else:
            return False
    return False


_COMMENT_BYTES = 20_000
"""How far up the comments above a definition are followed."""
