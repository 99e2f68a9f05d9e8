"""The board of problems: what is shown where, and when it goes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills_lsp.app.problems import ProblemBoard, Target, mark_of
from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.text import Point, Span
from skills_lsp.text.buffer import split_lines
from tests.app.session import Session

PATH = "/shop/test_a.py"
TEXT = """\
import os


def test_one():
    assert 1 == 2


def test_two():
    assert 3 == 4
"""
LINES = split_lines(TEXT)
WHOLE_PROJECT, WHOLE_FILE = Target("pytest"), Target("pytest", PATH)
ONE, TWO = Target("pytest", PATH, "test_one"), Target("pytest", PATH, "test_two")


def problem(line: int, column: int | None = 4, **more) -> ToolProblem:
    return ToolProblem(PATH, line, column, f"wrong on {line}", **more)


def shown(board: ProblemBoard, path: str = PATH) -> list[int]:
    return [mark.span.start.line for mark in board.marks(path)]


def take(board: ProblemBoard, target: Target, *lines: int) -> set[str]:
    return board.take(target, "pytest-run", map(problem, lines), {PATH: LINES})


@pytest.fixture
def board() -> ProblemBoard:
    made = ProblemBoard()
    take(made, ONE, 4)
    take(made, TWO, 8)
    return made


# -- runs ----------------------------------------------------------------------------------------


def test_a_run_of_one_test_leaves_the_others_alone(board):
    assert take(board, ONE) == {PATH}
    assert shown(board) == [8]


def test_a_run_that_fails_again_replaces_its_own(board):
    take(board, ONE, 4)
    assert shown(board) == [4, 8]


@pytest.mark.parametrize("wider", [WHOLE_FILE, WHOLE_PROJECT])
def test_a_wider_run_clears_narrower_ones(board, wider):
    take(board, wider)
    assert shown(board) == []


def test_a_narrower_run_does_not_clear_what_a_wider_one_found():
    board = ProblemBoard()
    take(board, WHOLE_FILE, 4, 8)
    take(board, ONE)
    assert shown(board) == [4, 8]


def test_another_tool_clears_nothing(board):
    board.take(Target("mypy", PATH), "mypy-check", [], {})
    board.take(Target("mypy"), "mypy-check", [], {})
    assert shown(board) == [4, 8]


def test_another_file_is_left_alone(board):
    board.take(Target("pytest", "/shop/test_b.py"), "pytest-file", [], {})
    assert shown(board) == [4, 8]


def test_a_class_covers_its_tests_and_not_its_namesakes():
    of_class = Target("pytest", PATH, "TestA")
    assert of_class.covers(Target("pytest", PATH, "TestA::test_x"))
    assert of_class.covers(of_class)
    assert not of_class.covers(Target("pytest", PATH, "TestAll::test_x"))
    assert not of_class.covers(Target("pytest", PATH, "TestAll"))
    assert not Target("pytest", PATH, "TestA::test_x").covers(of_class)


# -- edits ---------------------------------------------------------------------------------------


def edit(board: ProblemBoard, first: tuple[int, int], last: tuple[int, int], behind: int) -> bool:
    span = Span(Point(*first), Point(*last))
    return board.move(PATH, span, Point(behind, 0))


def test_a_problem_goes_when_its_line_is_edited(board):
    assert edit(board, (4, 0), (4, 3), 4)
    assert shown(board) == [8]


def test_a_problem_moves_with_lines_above_it(board):
    assert edit(board, (1, 0), (1, 0), 3)
    assert shown(board) == [6, 10]
    assert edit(board, (0, 0), (2, 0), 0)
    assert shown(board) == [4, 8]


def test_an_edit_below_moves_nothing(board):
    assert not edit(board, (9, 0), (9, 0), 12)
    assert shown(board) == [4, 8]


def test_an_edit_over_several_lines_takes_what_stood_on_them(board):
    assert edit(board, (3, 0), (8, 2), 3)
    assert shown(board) == []


def test_a_new_text_takes_all(board):
    assert board.forget(PATH)
    assert not board.forget(PATH)
    assert list(board.paths()) == []


# -- places --------------------------------------------------------------------------------------


def test_without_a_column_the_line_is_marked_without_its_indentation():
    assert mark_of(problem(4, None), "s", LINES).span == Span(Point(4, 4), Point(4, 17))


def test_with_a_column_the_word_is_marked():
    assert mark_of(problem(3, 4), "s", LINES).span == Span(Point(3, 4), Point(3, 12))


def test_with_an_end_it_is_marked_to_there():
    there = problem(3, 4, end_line=4, end_column=4)
    assert mark_of(there, "s", LINES).span == Span(Point(3, 4), Point(4, 4))


def test_columns_are_code_points():
    lines = ["𝄞é = wrong\n"]
    assert mark_of(problem(0, 5), "s", lines).span == Span(Point(0, 9), Point(0, 14))


numbers = st.one_of(st.integers(-3, 12), st.sampled_from([-(10**9), 10**9]))
texts = st.text(st.sampled_from("ab_ é𝄞\t\n\r\x0c\u2028\ud800"), max_size=40)


@given(
    text=texts,
    line=numbers,
    column=st.none() | numbers,
    end_line=st.none() | numbers,
    end_column=st.none() | numbers,
)
@settings(derandomize=True, database=None, max_examples=120)
def test_a_mark_lies_in_the_text_whatever_the_tool_says(text, line, column, end_line, end_column):
    lines = split_lines(text)
    said = ToolProblem(PATH, line, column, "m", Severity.ERROR, end_line, end_column)
    start, end = mark_of(said, "s", lines).span
    assert Point(0, 0) <= start <= end
    for point in (start, end):
        assert point.line < len(lines)
        data = lines[point.line].encode("utf-8", "surrogatepass")
        assert point.column <= len(data.rstrip(b"\r\n"))
        data[: point.column].decode("utf-8", "surrogatepass")  # no character is split


def test_a_file_that_is_gone_has_its_problem_on_the_first_line():
    assert mark_of(problem(70), "s", [""]).span == Span(Point(0, 0), Point(0, 0))
    assert mark_of(problem(70), "s", []).span == Span(Point(0, 0), Point(0, 0))


# -- in a session --------------------------------------------------------------------------------

FAILING = "def test_it():\n    assert 1 == 2\n"


@pytest.fixture
async def failed(session: Session) -> tuple[Session, str]:
    """A session in which a real test has failed on line 1."""
    uri = session.open("test_a.py", FAILING)
    assert (await session.run("pytest-run", uri, line=0)).status == "failed"
    await session.settle()
    assert [mark.span.start.line for mark in session.client.published[uri]] == [1]
    return session, uri


async def stop_typing(session: Session, uri: str) -> None:
    """Let the time pass that follows the last key."""
    session.app._settle(uri)
    await session.settle()


async def test_a_failure_moves_with_the_text_once_typing_stops(failed):
    session, uri = failed
    document = session.app.documents[uri]
    session.app.edit(document, Span(Point(0, 0), Point(0, 0)), "import os\n\n")
    await stop_typing(session, uri)
    assert [mark.span.start.line for mark in session.client.published[uri]] == [3]


async def test_a_failure_goes_when_its_line_is_edited(failed):
    session, uri = failed
    document = session.app.documents[uri]
    session.app.edit(document, Span(Point(1, 16), Point(1, 17)), "1")
    await stop_typing(session, uri)
    assert session.client.published[uri] == []


async def test_a_failure_goes_with_a_wholly_new_text(failed):
    session, uri = failed
    session.app.reset(session.app.documents[uri], FAILING)
    await stop_typing(session, uri)
    assert session.client.published[uri] == []


async def test_a_failure_goes_when_the_file_passes(failed):
    session, uri = failed
    # Of another length: Python takes a cached file for this one by its second and its length.
    session.write("test_a.py", FAILING.replace("2", "1") + "# mended\n")
    assert (await session.run("pytest-file", uri)).status == "passed"
    assert session.client.published[uri] == []


async def test_what_cannot_run_leaves_the_failure_where_it_is(failed):
    session, uri = failed
    session.write("pyproject.toml", "[tool.pytest.ini_options\n")
    assert (await session.run("pytest-file", uri)).status == "error"
    assert [mark.span.start.line for mark in session.client.published[uri]] == [1]


async def test_nothing_is_published_where_nothing_was_found(session):
    uri = session.open("test_a.py")
    await stop_typing(session, uri)
    assert (await session.run("pytest-run", uri, line=0)).status == "passed"
    assert session.client.n_published == 0
