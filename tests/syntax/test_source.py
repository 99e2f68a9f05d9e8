"""A tree that moves with its buffer is the tree of the whole text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Node

from skills_lsp.syntax.nodes import preorder
from skills_lsp.syntax.source import Source, span_of
from skills_lsp.text import Encoding, Point, Span

PIECES = st.sampled_from(
    ["x", "\n", "\r\n", "\r", "é", "😀", "\ud83d", "(", "]", '"', "'''", "def f(a):\n  ", "# ", "\0",
     "\u2028", "\x0c", "", "await ", "`", "{", "}"]
)  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 2), PIECES))


def shape(root: Node) -> list[tuple[str, Span]]:
    return [(node.type, span_of(node)) for node in preorder(root)]


@pytest.mark.parametrize("language", ["python", "javascript", "typescript", "tsx"])
@settings(deadline=None, max_examples=60)
@given(text=st.lists(PIECES).map("".join), edits=EDITS, encoding=st.sampled_from(list(Encoding)))
def test_an_edited_tree_is_the_tree_of_the_whole_text(language, text, edits, encoding) -> None:
    source = Source(text, language)
    for line, units, more, piece in edits:
        start = source.buffer.point_at(line, units, encoding)
        end = max(start, source.buffer.point_at(line + more, units, encoding))
        source.replace(Span(start, end), piece)
        if more == 1:
            assert source.root is not None
    fresh = Source(source.buffer.text, language)
    assert source.data == fresh.data
    assert shape(source.root) == shape(fresh.root)


@given(text=st.text("\r\n\0ab", max_size=30), edits=EDITS)
def test_the_tree_counts_lines_as_the_buffer_does(text, edits) -> None:
    source = Source(text, "python")
    for line, units, _, piece in edits:
        at = source.buffer.point_at(line, units, Encoding.UTF8)
        source.replace(Span(at, at), piece)
    assert source.data.count(b"\n") == len(source.buffer.lines) - 1
    assert len(source.data) == source.buffer.size_bytes


def test_an_edit_parses_nothing_and_the_next_question_parses_once() -> None:
    source = Source("def f(): pass\n", "python")
    before = source.root
    for _ in range(50):
        source.replace(Span(Point(0, 0), Point(0, 0)), "\n")
    assert not source.is_settled
    assert source.root.child(0).start_point == (50, 0)
    assert source.root == source.root
    assert before.start_point == (0, 0)


def test_what_is_remembered_is_forgotten_with_the_next_edit() -> None:
    source = Source("a", "python")
    version = source.version
    assert source.remember("key", lambda: 1) == 1
    assert source.remember("key", lambda: 2) == 1
    source.replace(Span(Point(0, 0), Point(0, 0)), "b")
    assert source.remember("key", lambda: 3) == 3
    assert source.version > version


def test_a_long_broken_file_settles_when_asked() -> None:
    source = Source("x = 1\n" * 20_000, "python")
    assert source.root.has_error is False
    source.replace(Span(Point(3, 0), Point(3, 0)), "(")
    assert source.root.has_error
    assert not source.is_settled
    assert source.settle()
    assert source.is_settled
    assert not source.settle()
    fresh = Source(source.buffer.text, "python")
    assert source.root.descendant_count == fresh.root.descendant_count


def test_a_new_text_takes_the_place_of_the_old() -> None:
    source = Source("def f(): pass", "python")
    source.reset("class A: pass")
    assert source.root.child(0).type == "class_definition"


def test_preorder_walks_deep_trees_without_recursion() -> None:
    source = Source("[" * 20_000 + "]" * 20_000, "python")
    assert sum(1 for _ in preorder(source.root)) > 40_000
