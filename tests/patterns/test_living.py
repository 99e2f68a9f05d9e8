"""Findings that follow a file through its edits are those of a fresh look at it."""

import pytest
from checking import FIXTURES, read
from hypothesis import given, settings
from hypothesis import strategies as st

from skills_lsp.patterns import findings, living, reach
from skills_lsp.patterns.living import Living
from skills_lsp.syntax.source import Source
from skills_lsp.text import Encoding, Point, Span

LANGUAGES = ("python", "javascript", "tsx")
PATHS = {
    "python": ("tests/test_x.py", "shop/x.py"),
    "javascript": ("x.test.js", "shop/x.js"),
    "tsx": ("x.test.tsx", "shop/x.tsx"),
}
TEXTS = {
    language: [
        read(each).text
        for each in sorted((FIXTURES / ("python" if language == "python" else "javascript")).iterdir())
    ]
    for language in LANGUAGES
}
PIECES = [
    "", "\n", "\r\n", "    ", "(", ")", "[", '"', "'", '"""', "`", "#", "//", "{", "}", "x", "async ",
    "await ", "def f():\n", "class TestA:\n", "import os\n", "from subprocess import run as r\n",
    "eval(x)", "é", "😀", "describe('s', () => {", "it('t', async () => {})", "from x import *\n",
    ", ", "=", ":", "lambda open: ", "function it() {}\n", "open = 3\n", "# noqa",
    "# ruff: noqa\n", "@pytest.fixture\n", "// eslint-disable-line", "global open\n",
]  # fmt: skip
CHANGES = [
    ("async def", "def"), ("def ", "async def "), ("class ", "class X"), ("import ", "import x"),
    ("async ", ""), ("=>", "=> {"), ("test", "tost"), ("open", "opan"), ("self", "me"), ("(", ""),
    ("    ", ""), ("subprocess", "os"), ("describe", "discribe"), ("@", "# @"), ("True", "False"),
]  # fmt: skip
# What a person does in an editor: types a line, deletes some, copies some, changes a word, pastes.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["type", "delete", "copy", "change", "paste"]),
        st.integers(0, 500),
        st.integers(0, 500),
        st.integers(0, 60),
        st.sampled_from(PIECES),
        st.sampled_from(CHANGES),
        st.sampled_from(["look", "near", "stop", "wait", "wait", "wait"]),
    ),
    max_size=8,
)


class Editor:
    """A file that is edited, and its findings that follow it."""

    def __init__(self, text: str, language: str, path: str, encoding: Encoding) -> None:
        self.source = Source(text, language, path)
        self.living = Living(self.source)
        self.encoding = encoding
        self.living.look()

    def edit(self, start: Point, end: Point, text: str) -> None:
        n_before = len(self.source.buffer.lines)
        span = Span(start, max(start, end))
        self.source.replace(span, text)
        n_more = len(self.source.buffer.lines) - n_before
        self.living.edited(span, Point(span.end.line + n_more, 0))

    def at(self, line: int, units: int) -> Point:
        return self.source.buffer.point_at(line, units, self.encoding)

    def step(self, kind, first, other, units, piece, change) -> None:
        lines = self.source.buffer.lines
        line, n_lines = first % len(lines), other % 9 + 1
        if kind == "type":
            for column, letter in enumerate(lines[other % len(lines)].rstrip("\r\n")):
                self.edit(self.at(line, column), self.at(line, column), letter)
            self.edit(self.at(line, 1 << 20), self.at(line, 1 << 20), "\n")
        elif kind == "delete":
            self.edit(Point(line, 0), self.at(line + n_lines, 0), "")
        elif kind == "copy":
            top = other % len(lines)
            self.edit(Point(top, 0), Point(top, 0), "".join(lines[line : line + n_lines]))
        elif kind == "change":
            old, new = change
            column = lines[line].find(old)
            if column >= 0 and lines[line].isascii():
                self.edit(Point(line, column), Point(line, column + len(old)), new)
        else:
            start = self.at(line, units)
            self.edit(start, self.at(line + other % 2, units + other % 4), piece)

    def rest(self, how: str) -> None:
        if how == "look":
            self.living.look()
        elif how in ("near", "stop"):
            for number, _ in enumerate(self.living.steps(only_near=how == "near")):
                if number == 5:
                    break


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), steps=STEPS, encoding=st.sampled_from(list(Encoding)))
def test_findings_that_follow_edits_are_those_of_a_fresh_file(
    language: str, data, steps, encoding: Encoding,
) -> None:
    texts = st.lists(st.sampled_from(TEXTS[language]), min_size=1, max_size=4)
    path = data.draw(st.sampled_from(PATHS[language]))
    editor = Editor("".join(data.draw(texts)), language, path, encoding)
    for *step, rest in steps:
        editor.step(*step)
        editor.rest(rest)
    editor.source.settle()
    found = editor.living.look()
    fresh = Source(editor.source.buffer.text, language, path)
    assert editor.living.is_current
    assert found == findings(fresh)


@pytest.fixture(scope="module")
def monkeypatch_module():
    """Let stretches be short, so that a short text has many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(living, "_STRETCH_LINES", 7)
        patch.setattr(living, "_MAX_STRETCH_LINES", 15)
        yield patch


def looked_at(text: str, line: int, typed: str) -> int:
    """Return how many stretches are looked at after something is typed at the end of a line."""
    source = Source(text, "python", "shop.py")
    alive = Living(source)
    alive.look()
    at = source.buffer.clamp(Point(line, 1 << 20))
    source.replace(Span(at, at), typed)
    alive.edited(Span(at, at), Point(line + typed.count("\n"), 0))
    n_dirty = sum(it.is_dirty for it in alive._stretches)
    for _ in alive.steps():
        n_dirty = max(n_dirty, sum(it.is_dirty for it in alive._stretches))
    assert alive.is_current
    return n_dirty


BLOCK = "".join(f"def f{number}(a):\n    b = run(a)\n    return b\n\n\n" for number in range(1_000))


def test_a_key_in_a_function_has_little_looked_at_again() -> None:
    assert looked_at(f"import os\n{BLOCK}", 1002, "x") <= 2


def test_a_name_that_is_imported_has_those_looked_at_that_use_it() -> None:
    assert looked_at(f"import os\n{BLOCK}", 0, "\nfrom subprocess import run") > 20


def test_what_changes_much_of_a_file_for_the_moment_has_little_looked_at(monkeypatch) -> None:
    monkeypatch.setattr(reach, "_MAX_BYTES", 2)
    source = Source(f"import os\n{BLOCK}", "python", "shop.py")
    alive = Living(source)
    alive.look()
    at = Point(1002, 0)
    source.replace(Span(at, at), '"""')
    alive.edited(Span(at, at), at)
    assert sum(1 for _ in alive.steps(only_near=True)) <= 40
    assert not alive.is_current
    source.replace(Span(at, Point(1002, 3)), "")
    alive.edited(Span(at, at), at)
    assert sum(1 for _ in alive.steps(only_near=True)) <= 40
    assert alive.is_current


def test_findings_stand_where_their_lines_are_before_anything_is_looked_at() -> None:
    source = Source("x = 1\n" * 500 + "eval(x)\n", "python", "shop.py")
    alive = Living(source)
    alive.look()
    top = Span(Point(0, 0), Point(0, 0))
    source.replace(top, "\n\n")
    alive.edited(top, Point(2, 0))
    assert [it.span.start.line for it in alive.now() if it.pattern == "code-exec"] == [502]
    on_it = Span(Point(502, 0), Point(502, 1))
    source.replace(on_it, "")
    alive.edited(on_it, Point(502, 0))
    assert not any(it.pattern == "code-exec" for it in alive.now())
