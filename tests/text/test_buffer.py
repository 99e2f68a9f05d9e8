"""A buffer that takes edits in place is the same as one made from the whole text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from skills_lsp.text import Buffer, Encoding, Point, Span, byte_column, unit_column

# Line ends of LSP, what only looks like one, characters of each width, and half a character.
CHARACTERS = st.sampled_from("\r\n\x0b\x0c\x1c\x85\u2028\u2029 ab\té€😀\ud83d\ude00\ufeff\0")
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=40),
    st.lists(st.sampled_from(["\r\n", "\r", "\n", "a", "é", "😀"]), max_size=30).map("".join),
)
ENCODINGS = st.sampled_from(list(Encoding))
PLACES = st.tuples(st.integers(-1, 12), st.integers(-1, 12))


def in_units(text: str, encoding: Encoding) -> int:
    """Return the length of a text as LSP defines it, by Python's own codecs."""
    if encoding is Encoding.UTF32:
        return len(text)
    codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}[encoding.value]
    return sum(len(each.encode(codec, "surrogatepass")) for each in text) // width


def reference_lines(text: str) -> list[str]:
    """Split as the LSP specification says: at CRLF, LF and CR, and nowhere else."""
    parts = re.split("(\r\n|\n|\r)", text)
    return [line + end for line, end in zip(parts[::2], [*parts[1::2], ""], strict=True)]


def same(edited: Buffer, fresh: Buffer) -> None:
    assert edited.lines == fresh.lines
    assert edited.text == fresh.text
    assert edited.size_bytes == fresh.size_bytes == len(fresh.data)
    assert edited.end == fresh.end
    assert [edited.offset(Point(n, 0)) for n in range(len(edited.lines))] == [
        fresh.offset(Point(n, 0)) for n in range(len(fresh.lines))
    ]


@given(TEXTS)
def test_lines_end_at_lf_crlf_and_cr_alone(text: str) -> None:
    assert Buffer(text).lines == reference_lines(text)


@given(TEXTS, st.lists(st.tuples(PLACES, PLACES, TEXTS), max_size=8), ENCODINGS)
def test_random_edits_give_the_buffer_of_the_whole_text(text, edits, encoding) -> None:
    buffer = Buffer(text)
    for first, second, new in edits:
        start, end = sorted(buffer.point_at(*place, encoding) for place in (first, second))
        data = buffer.data
        edit = buffer.replace(Span(start, end), new)
        added = new.encode("utf-8", "surrogatepass")
        expected = data[: edit.start_byte] + added + data[edit.old_end_byte :]
        assert buffer.data == expected
        assert edit.new_end_byte == edit.start_byte + len(added)
        assert (edit.start, edit.old_end) == (start, end)
        same(buffer, Buffer(expected.decode("utf-8", "surrogatepass")))


@given(TEXTS, PLACES, PLACES, st.text("ab\né😀", max_size=6), ENCODINGS)
def test_an_edit_names_the_points_that_tree_sitter_counts(text, first, second, new, enc) -> None:
    buffer = Buffer(text.replace("\r", "\n"))
    start, end = sorted(buffer.point_at(*place, enc) for place in (first, second))
    edit = buffer.replace(Span(start, end), new)
    before = buffer.data[: edit.new_end_byte]
    column = len(before) - (before.rfind(b"\n") + 1)
    assert edit.new_end == (before.count(b"\n"), column)


@given(TEXTS, PLACES, PLACES, ENCODINGS)
def test_a_slice_is_the_text_between_two_offsets(text, first, second, encoding) -> None:
    buffer = Buffer(text)
    start, end = sorted(buffer.point_at(*place, encoding) for place in (first, second))
    data = buffer.data[buffer.offset(start) : buffer.offset(end)]
    assert buffer.slice(Span(start, end)).encode("utf-8", "surrogatepass") == data


@given(st.text(CHARACTERS, max_size=20), ENCODINGS)
def test_positions_of_characters_go_to_bytes_and_back(text: str, encoding: Encoding) -> None:
    line = Buffer(text).lines[0]
    bare = line.rstrip("\r\n")
    for index in range(len(bare) + 1):
        units = in_units(bare[:index], encoding)
        column = byte_column(line, units, encoding)
        assert column == len(bare[:index].encode("utf-8", "surrogatepass"))
        assert unit_column(line, column, encoding) == units


@given(st.text(CHARACTERS, max_size=20), st.integers(-3, 90), ENCODINGS)
def test_any_column_lands_at_the_start_of_a_character(text, units, encoding) -> None:
    line = Buffer(text).lines[0]
    column = byte_column(line, units, encoding)
    bare = line.rstrip("\r\n")
    starts = {len(bare[:n].encode("utf-8", "surrogatepass")) for n in range(len(bare) + 1)}
    assert column in starts
    assert unit_column(line, column, encoding) <= max(units, 0)


@given(TEXTS, PLACES, ENCODINGS)
def test_every_position_of_a_client_lies_in_the_text(text, place, encoding) -> None:
    buffer = Buffer(text)
    point = buffer.point_at(*place, encoding)
    assert buffer.clamp(point) == point
    assert Point(0, 0) <= point <= buffer.end


@given(TEXTS, st.lists(st.tuples(PLACES, TEXTS), max_size=6))
def test_a_lone_cr_is_seen_wherever_an_edit_leaves_one(text, edits) -> None:
    buffer = Buffer(text)
    for place, new in edits:
        at = buffer.point_at(*place, Encoding.UTF16)
        buffer.replace(Span(at, at), new)
        assert buffer.has_lone_cr == bool(re.search("\r(?!\n)", buffer.text))


def test_an_empty_text_has_one_empty_line() -> None:
    assert Buffer("").lines == [""]
    assert Buffer("").end == Point(0, 0)


def test_a_cr_typed_before_a_line_feed_joins_it() -> None:
    buffer = Buffer("a\nb")
    buffer.replace(Span(Point(0, 1), Point(0, 1)), "\r")
    assert buffer.lines == ["a\r\n", "b"]


def test_a_line_feed_typed_behind_a_lone_cr_joins_it() -> None:
    buffer = Buffer("a\rb")
    buffer.replace(Span(Point(1, 0), Point(1, 0)), "\n")
    assert buffer.lines == ["a\r\n", "b"]


def test_form_feed_and_unicode_separators_end_no_line() -> None:
    assert Buffer("a\x0cb\u2028c\x85d").lines == ["a\x0cb\u2028c\x85d"]


def test_a_half_surrogate_is_kept_and_is_three_bytes() -> None:
    buffer = Buffer("a\ud83db")
    assert buffer.size_bytes == 5
    assert buffer.text == "a\ud83db"
    assert byte_column("a\ud83db", 2, Encoding.UTF16) == 4


def test_a_position_inside_a_surrogate_pair_goes_to_its_start() -> None:
    assert byte_column("😀x", 1, Encoding.UTF16) == 0
    assert byte_column("😀x", 2, Encoding.UTF16) == 4
