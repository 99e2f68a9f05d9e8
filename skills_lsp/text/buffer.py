"""A text as a list of lines that takes edits in place.

Line ends are LSP's three (LF, CRLF, CR) and no others: ``str.splitlines`` also breaks at form
feeds, U+2028 and six more, and then every later edit of the file lands on the wrong line.
"""

import re
from array import array
from dataclasses import dataclass
from itertools import accumulate

from skills_lsp.text.encoding import Encoding, byte_column, n_bytes, without_line_end
from skills_lsp.text.points import Point, Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class ByteEdit:
    """One edit in the terms of tree-sitter: offsets in bytes and the points that go with them."""

    start_byte: int
    old_end_byte: int
    new_end_byte: int
    start: Point
    old_end: Point
    new_end: Point


class Buffer:
    """An editable text. ``lines`` keep their line ends; there is always at least one line."""

    __slots__ = ("_last", "_n_bytes", "lines")

    def __init__(self, text: str) -> None:
        self.lines = split_lines(text)
        self._last = (
            0,
            0,
        )  # a line and its offset, from which that of a line nearby is quickly found
        self._n_bytes = array("I", map(n_bytes, self.lines))

    def __copy__(self) -> "Buffer":
        """Return a copy that no edit of this one reaches."""
        twin = Buffer("")
        twin.lines, twin._n_bytes, twin._last = self.lines.copy(), self._n_bytes[:], self._last
        return twin

    def line_starts(self) -> list[int]:
        """Return the byte offset at which each line starts, and that of the end."""
        return list(accumulate(self._n_bytes, initial=0))

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.lines)

    @property
    def data(self) -> bytes:
        """The whole text in UTF-8; a lone surrogate becomes its three bytes."""
        return self.text.encode("utf-8", "surrogatepass")

    @property
    def has_lone_cr(self) -> bool:
        """Say whether a CR without LF ends a line, as it does in LSP and not in tree-sitter."""
        return any(line.endswith("\r") for line in self.lines)

    @property
    def size_bytes(self) -> int:
        """Length of :attr:`data`."""
        return sum(self._n_bytes)

    @property
    def end(self) -> Point:
        """The point behind the last character."""
        return Point(len(self.lines) - 1, self._n_bytes[-1])

    def line(self, number: int) -> str:
        """Return a line without its line end; empty outside the text."""
        return without_line_end(self.lines[number]) if 0 <= number < len(self.lines) else ""

    def clamp(self, point: Point) -> Point:
        """Return the nearest point that lies in the text."""
        if point.line < 0:
            return Point(0, 0)
        if point.line >= len(self.lines):
            return self.end
        return Point(point.line, max(0, min(point.column, n_bytes(self.line(point.line)))))

    def point_at(self, line: int, units: int, encoding: Encoding) -> Point:
        """Return the point of a client's position; outside the text, the nearest inside."""
        if line < 0:
            return Point(0, 0)
        if line >= len(self.lines):
            return self.end
        return Point(line, byte_column(self.lines[line], units, encoding))

    def offset(self, point: Point) -> int:
        """Return the byte offset of a point."""
        line, start = self._last
        if line <= point.line:
            start += sum(self._n_bytes[line : point.line])
        else:
            start -= sum(self._n_bytes[point.line : line])
        self._last = point.line, start
        return start + point.column

    def slice(self, span: Span) -> str:
        """Return the text of a span."""
        (first, start), (last, end) = span
        if first == last:
            return _characters(self.lines[first], start, end)
        head = _characters(self.lines[first], start, None)
        return "".join((head, *self.lines[first + 1 : last], _characters(self.lines[last], 0, end)))

    def replace(self, span: Span, text: str) -> ByteEdit:
        """Replace a span that lies in the text, and say what changed in bytes."""
        (first, start), (last, end) = span
        start_byte = self.offset(span.start)
        old_end_byte = start_byte + self._bytes_between(span)
        after = Point(span.start.line, span.start.column + n_bytes(text))
        if "\n" in text:  # As tree-sitter counts lines: by LF alone.
            after = Point(first + text.count("\n"), n_bytes(text[text.rindex("\n") + 1 :]))
        head = _characters(self.lines[first], 0, start)
        tail = _characters(self.lines[last], end, None)
        if first and self.lines[first - 1].endswith("\r"):  # It may now pair with an LF.
            first -= 1
            head = self.lines[first] + head
            self._last = 0, 0
        new = split_lines(head + text + tail)
        if last + 1 < len(self.lines):
            new.pop()  # The tail brought its line end, so an empty line stands behind it.
        self.lines[first : last + 1] = new
        self._n_bytes[first : last + 1] = array("I", map(n_bytes, new))
        new_end_byte = start_byte + n_bytes(text)
        return ByteEdit(start_byte, old_end_byte, new_end_byte, span.start, span.end, after)

    def _bytes_between(self, span: Span) -> int:
        (first, start), (last, end) = span
        return end - start if first == last else sum(self._n_bytes[first:last]) - start + end


def split_lines(text: str) -> list[str]:
    r"""Split at LF, CRLF and CR, keeping the ends; one at the end makes an empty last line.

    Examples
    --------
    >>> split_lines("a\r\nb\x0cc\n")
    ['a\r\n', 'b\x0cc\n', '']
    """
    lines = _LINE.findall(text)
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines


def _characters(line: str, start: int, end: int | None) -> str:
    """Return the characters between two byte columns."""
    if line.isascii():
        return line[start:end]
    return line.encode("utf-8", "surrogatepass")[start:end].decode("utf-8", "surrogatepass")
