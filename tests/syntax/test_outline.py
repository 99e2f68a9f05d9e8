"""Definitions around a cursor. ``$0`` is the cursor."""

import pytest

from skills_lsp.syntax.outline import context_span, definitions, enclosing_symbols
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point

PYTHON = """\
import os
import sys

@deco
class A:
    @prop
    def m(self):
        x = 1

        return x

def f():
    def g():
        pass
    return g
x = 1
"""
TSX = """\
import a from "a";
import b from "b";
export const f = async (x) => {
  return x;
};
export default class B {
  m() {
    return 1;
  }
  g = () => {
    return 2;
  };
}
describe("s", () => {
  it("t", () => {
    run();
  });
});
let y = <p>hello</p>;
"""


def at(text: str, language: str, line: int, column: int) -> tuple[str, str]:
    """Return the symbols around a place and the first and last line of its context."""
    source = Source(text, language)
    point = Point(line, column)
    names = " > ".join(
        f"{each.kind} {each.name}".strip() for each in enclosing_symbols(source, point)
    )
    start, end = context_span(source, point)
    return names, f"{start.line}-{end.line}"


@pytest.mark.parametrize(
    ("line", "column", "symbols", "lines"),
    [
        (1, 3, "imports", "0-1"),
        (2, 0, "", "2-2"),
        (3, 2, "class A", "3-9"),
        (5, 5, "class A > method m", "5-9"),
        (8, 0, "class A > method m", "5-9"),
        (9, 99, "class A > method m", "5-9"),
        (13, 0, "function f > function g", "12-13"),
        (14, 6, "function f", "11-14"),
        (15, 1, "", "15-15"),
        (99, 0, "", "16-16"),
    ],
)
def test_a_cursor_in_python_is_in_its_definitions(line, column, symbols, lines) -> None:
    assert at(PYTHON, "python", line, column) == (symbols, lines)


@pytest.mark.parametrize(
    ("line", "column", "symbols", "lines"),
    [
        (1, 3, "imports", "0-1"),
        (3, 3, "function f", "2-4"),
        (7, 4, "class B > method m", "6-8"),
        (10, 4, "class B > method g", "9-11"),
        (5, 1, "class B", "5-12"),
        (15, 4, "", "14-16"),
        (13, 2, "", "13-17"),
        (18, 2, "", "18-18"),
    ],
)
def test_a_cursor_in_typescript_is_in_its_definitions(line, column, symbols, lines) -> None:
    assert at(TSX, "tsx", line, column) == (symbols, lines)


def test_definitions_are_those_of_the_top_and_of_classes() -> None:
    seen = [
        (each.kind, each.name, each.span.start.line)
        for each in definitions(Source(PYTHON, "python"))
    ]
    assert seen == [("class", "A", 3), ("method", "m", 5), ("function", "f", 11)]
    seen = [
        (each.kind, each.name, each.span.start.line) for each in definitions(Source(TSX, "tsx"))
    ]
    assert seen == [("function", "f", 2), ("class", "B", 5), ("method", "m", 6), ("method", "g", 9)]


def test_a_name_span_is_the_name() -> None:
    (symbol,) = definitions(Source("async def é(): ...", "python"))
    assert symbol.name == "é"
    assert symbol.name_span == ((0, 10), (0, 12))


@pytest.mark.parametrize("text", ["", "\n\n", "def", "class (", "(" * 50_000, "\r\r\r", "\0"])
@pytest.mark.parametrize("language", ["python", "tsx"])
def test_broken_and_empty_text_has_a_context(text: str, language: str) -> None:
    source = Source(text, language)
    for point in (Point(0, 0), Point(1, 5), Point(9, 9)):
        span = context_span(source, point)
        assert span.start <= span.end
        assert source.buffer.clamp(span.end) == span.end
        assert isinstance(enclosing_symbols(source, point), tuple)
