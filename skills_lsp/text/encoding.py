"""Columns in the three units that LSP clients use, against the UTF-8 bytes used inside."""

from enum import StrEnum


class Encoding(StrEnum):
    """A unit for columns; the values are LSP's names."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


def byte_column(line: str, units: int, encoding: Encoding) -> int:
    """Return the byte column of a column given in units; past the end means the end.

    A column inside a character goes to the character's start, so that no edit can split one.
    The line end itself counts as outside the line (LSP: a position never lies behind it).
    """
    line = without_line_end(line)
    if units <= 0:
        return 0
    if line.isascii():
        return min(units, len(line))
    if encoding is Encoding.UTF32:
        return n_bytes(line[:units])
    width = _utf8_width if encoding is Encoding.UTF8 else _utf16_width
    seen = column = 0
    for character in line:
        seen += width(character)
        if seen > units:
            break
        column += _utf8_width(character)
    return column


def unit_column(line: str, column: int, encoding: Encoding) -> int:
    """Return the column in units of a byte column; the inverse of :func:`byte_column`."""
    line = without_line_end(line)
    if column <= 0:
        return 0
    if line.isascii():
        return min(column, len(line))
    width = _UNIT_WIDTHS[encoding]
    seen = units = 0
    for character in line:
        seen += _utf8_width(character)
        if seen > column:
            break
        units += width(character)
    return units


def n_bytes(text: str) -> int:
    """Return the length in UTF-8 bytes; a lone surrogate counts three, as WTF-8 writes it."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def without_line_end(line: str) -> str:
    """Return the line without its LF, CRLF or CR."""
    if line.endswith("\r\n"):
        return line[:-2]
    return line[:-1] if line.endswith(("\n", "\r")) else line


def _utf8_width(character: str) -> int:
    return len(character.encode("utf-8", "surrogatepass"))


def _utf16_width(character: str) -> int:
    return 2 if character > "\uffff" else 1


def _utf32_width(_character: str) -> int:
    return 1


_UNIT_WIDTHS = {
    Encoding.UTF8: _utf8_width,
    Encoding.UTF16: _utf16_width,
    Encoding.UTF32: _utf32_width,
}
