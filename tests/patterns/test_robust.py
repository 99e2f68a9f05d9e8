"""Texts that nobody writes are answered in good time, or it is said what was too much."""

import time

import pytest

from skills_lsp.patterns import findings, inspect
from skills_lsp.patterns.limits import MAX_BYTES, MAX_DEPTH
from skills_lsp.syntax.languages import LANGUAGES, language_of
from skills_lsp.syntax.occurrences import places
from skills_lsp.syntax.source import Source

PYTHON = '''\
import os
from subprocess import run as r

class TestA(unittest.TestCase):
    @pytest.mark.parametrize("a", [1, 2])
    async def test_it(self, a: int = 1) -> None:
        """Says."""
        for each in range(3):
            r(f"ls {each}", shell=True)
            await asyncio.sleep(1); time.sleep(2)
        return {"password": "hunter2hunter2"}
'''
TSX = """\
import { it, describe } from "vitest";
import * as cp from "child_process";

describe("suite", () => {
  it.each([1, 2])("does %s", async (n: number) => {
    for (const a of b) { await cp.exec(`ls ${a}`); }
    return <div dangerouslySetInnerHTML={{ __html: `${n}` }} />;
  });
});
"""


def seconds(text: str, language: str, path: str = "tests/test_x.py") -> float:
    """Return the processor time of a look at all of a text."""
    source = Source(text, language, path)
    started = time.process_time()
    findings(source)
    return time.process_time() - started


DEEP = {
    "a sum": "x = a" + " + y" * 100_000,
    "attributes": "x = a" + ".b" * 50_000,
    "calls": "f(" * 20_000 + ")" * 20_000,
}


@pytest.mark.parametrize("language", ["python", "tsx"])
@pytest.mark.parametrize("name", sorted(DEEP))
def test_what_is_nested_too_deeply_is_named(name: str, language: str) -> None:
    seen = inspect("a.py" if language == "python" else "a.tsx", DEEP[name], language)
    assert f"{MAX_DEPTH:,} levels" in seen.too_large


def test_a_sum_of_a_hundred_thousand_terms_takes_seconds_at_most() -> None:
    # 40 s without a limit. Two seconds are the promise; a busy machine gets some more.
    assert seconds(DEEP["a sum"], "python") < 4


def test_code_that_people_write_is_not_too_large() -> None:
    assert inspect("a.py", PYTHON * 50).too_large == ""
    assert inspect("a.tsx", TSX * 50).too_large == ""


def test_what_stands_beside_deep_code_is_still_seen() -> None:
    seen = inspect("a.py", f"{DEEP['a sum']}\neval(y)\n")
    assert "code-exec" in {it.pattern for it in seen.findings}


def test_a_file_that_is_too_long_is_named_and_not_read() -> None:
    seen = inspect("a.py", "x = 1\n" * (MAX_BYTES // 6 + 1))
    assert "4 MB" in seen.too_large
    assert seen.findings == ()


@pytest.mark.parametrize("language", ["python", "tsx"])
def test_fifty_thousand_lines_are_answered(language: str) -> None:
    assert seconds("x = f(a)\n" * 50_000, language) < 5


@pytest.mark.parametrize(("text", "language"), [(PYTHON, "python"), (TSX, "tsx")])
def test_every_prefix_and_suffix_of_a_file_is_answered(text: str, language: str) -> None:
    path = "tests/test_x.py" if language == "python" else "x.test.tsx"
    for at in range(len(text) + 1):
        for part in (text[:at], text[at:]):
            source = Source(part, language, path)
            for finding in findings(source):
                for point in (*finding.span, *finding.extent):
                    assert source.buffer.clamp(point) == point


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", [PYTHON, TSX, "\0" * 500, "\ud800\udfff" * 200, "\r\n\r" * 300])
def test_a_file_in_another_language_than_it_says_is_answered(text: str, language: str) -> None:
    source = Source(text, language, "x.test.ts")
    assert findings(source) == findings(Source(text, language, "x.test.ts"))


def test_odd_language_ids_are_those_of_the_file_or_none() -> None:
    assert language_of("cobol", "/a/b.py") == "python"
    assert language_of("", "/a/b") is None
    assert inspect("/a/b", PYTHON).findings == ()


def test_a_name_that_the_parser_only_supposes_is_looked_for_nowhere() -> None:
    # Where a name is missing, the tree has one of no letters, and that stands everywhere.
    assert list(places(b"def go(): pass", b"")) == []
    assert inspect("a.py", "async go\n    with z:=:z.go()").findings == ()
