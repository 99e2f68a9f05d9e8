"""From LSP's words to ours."""

from lsprotocol import types

from skills_lsp.text import Buffer, Encoding, Point, Span


def point(position: types.Position, buffer: Buffer, encoding: Encoding) -> Point:
    """Return a client's position as a point; outside the text, the nearest inside."""
    return buffer.point_at(position.line, position.character, encoding)


def span(range_: types.Range, buffer: Buffer, encoding: Encoding) -> Span:
    """Return a client's range as a span, its ends put in order."""
    ends = sorted((point(range_.start, buffer, encoding), point(range_.end, buffer, encoding)))
    return Span(*ends)


def selection(range_: types.Range, buffer: Buffer, encoding: Encoding) -> Span | None:
    """Return what is selected; None for a bare cursor.

    Helix and ALE send one character for a bare cursor, which says no more than the point.
    """
    chosen = span(range_, buffer, encoding)
    if chosen.start.line == chosen.end.line and range_.end.character - range_.start.character <= 1:
        return None
    return chosen
