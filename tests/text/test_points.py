"""Spans: what touches what."""

from skills_lsp.text import Point, Span


def span(a: int, b: int, c: int, d: int) -> Span:
    return Span(Point(a, b), Point(c, d))


def test_a_span_holds_its_ends() -> None:
    one = span(1, 2, 3, 4)
    assert one.contains(Point(1, 2))
    assert one.contains(Point(3, 4))
    assert not one.contains(Point(1, 1))
    assert not one.contains(Point(3, 5))


def test_spans_touch_where_they_share_a_place() -> None:
    assert span(0, 0, 1, 0).touches(span(1, 0, 2, 0))
    assert not span(0, 0, 1, 0).touches(span(1, 1, 2, 0))


def test_lines_are_touched_from_first_to_last() -> None:
    assert span(2, 0, 4, 0).touches_lines(4, 9)
    assert not span(2, 0, 4, 0).touches_lines(5, 9)


def test_only_equal_ends_make_an_empty_span() -> None:
    assert span(1, 1, 1, 1).is_empty
    assert not span(1, 1, 1, 2).is_empty
