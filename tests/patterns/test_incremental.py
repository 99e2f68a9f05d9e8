"""Findings of an edited file are those of a fresh one; those of a span are a part of the whole."""

import pytest
from checking import FIXTURES, read
from hypothesis import given, settings
from hypothesis import strategies as st

from skills_lsp.patterns import findings
from skills_lsp.syntax.source import Source
from skills_lsp.text import Encoding, Point, Span

PIECES = st.sampled_from(
    [
        "", "\n", "\r\n", "\r", " ", "    ", "(", ")", "[", '"', "'", '"""', "`", "#", "//", "{", "}",
        "x", "async ", "await ", "def f():\n", "class TestA:\n", "import os\n", "eval(x)", "é", "😀",
        "\ud800", "\u2028", "\x0c", "\0", "describe('s', () => {", "it('t', async () => {})",
        "from x import *\n", "import time\n", ", ", "=", ":", "lambda open: ", "function it() {}\n",
    ]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 60), st.integers(0, 3), PIECES), max_size=8
)


def texts(language: str) -> dict[str, str]:
    folder = FIXTURES / ("python" if language == "python" else "javascript")
    return {each.stem: read(each).text for each in sorted(folder.iterdir())}


TEXTS = {language: texts(language) for language in ("python", "javascript", "tsx")}
PATHS = {"python": "tests/test_x.py", "javascript": "x.test.js", "tsx": "x.test.tsx"}


@pytest.mark.parametrize("language", ["python", "javascript", "tsx"])
@settings(max_examples=60, deadline=None)
@given(data=st.data(), edits=EDITS, encoding=st.sampled_from(list(Encoding)))
def test_findings_after_edits_equal_those_of_a_fresh_file(
    language: str, data, edits, encoding: Encoding
) -> None:
    names = st.sampled_from(sorted(TEXTS[language]))
    text = TEXTS[language][data.draw(names)] + TEXTS[language][data.draw(names)]
    source = Source(text, language, PATHS[language])
    findings(source)
    for line, units, more, piece in edits:
        first = line % len(source.buffer.lines)
        start = source.buffer.point_at(first, units, encoding)
        end = max(start, source.buffer.point_at(first + more // 2, units + more, encoding))
        source.replace(Span(start, end), piece)
        if more == 1:
            findings(source)
    fresh = Source(source.buffer.text, language, PATHS[language])
    assert findings(source) == findings(fresh)


@pytest.mark.parametrize("language", ["python", "javascript", "tsx"])
@settings(max_examples=60, deadline=None)
@given(data=st.data(), edits=EDITS, first=st.integers(0, 80), n_lines=st.integers(0, 30))
def test_findings_of_a_span_are_those_of_the_file_that_touch_it(
    language: str, data, edits, first: int, n_lines: int
) -> None:
    text = TEXTS[language][data.draw(st.sampled_from(sorted(TEXTS[language])))]
    source = Source(text, language, PATHS[language])
    for line, units, _, piece in edits[:2]:
        at = source.buffer.point_at(line % len(source.buffer.lines), units, Encoding.UTF16)
        source.replace(Span(at, at), piece)
    start = source.buffer.clamp(Point(first, 2))
    span = Span(start, source.buffer.clamp(Point(start.line + n_lines, 30)))
    whole = findings(source)
    assert findings(source, span) == tuple(f for f in whole if f.extent.touches(span))


def test_findings_lie_inside_the_text_and_are_sorted_without_repeats() -> None:
    for language, by_name in TEXTS.items():
        source = Source("\n".join(by_name.values()), language, PATHS[language])
        found = findings(source)
        assert list(found) == sorted(found, key=lambda f: (f.span, f.pattern))
        assert len({(f.pattern, f.span) for f in found}) == len(found)
        for finding in found:
            for point in (*finding.span, *finding.extent):
                assert source.buffer.clamp(point) == point
