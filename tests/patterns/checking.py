"""Reading and judging of pattern fixtures: code with carets under each match.

A line of carets speaks of the line above it: ``#   ^^^^ pattern-id``. A match that begins under the
comment mark itself says so: ``#^^^ from 0 pattern-id``. One that goes on over the line's end has its
carets up to there. The marks are taken out before the code is read, as a comment can change a tree.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import inspect

FIXTURES = Path(__file__).parent / "fixtures"
_CARETS = re.compile(r"\s*(?:#|//) *(?P<carets>\^+)(?: from (?P<start>\d+))? (?P<pattern>[\w-]+)$")
_PATH = re.compile(r"(?:#|//) path: (\S+)")


@dataclass(frozen=True, order=True)
class Mark:
    """Where a pattern is, or is expected: line from 0, columns in bytes."""

    line: int
    start: int
    end: int
    pattern: str


@dataclass(frozen=True)
class Fixture:
    """A fixture without its marks, and the marks."""

    path: str
    text: str
    marks: list[Mark]


def read(file: Path) -> Fixture:
    """Take the marks out of a fixture."""
    lines: list[str] = []
    marks: list[Mark] = []
    for line in file.read_text(encoding="utf-8").split("\n"):
        found = _CARETS.match(line)
        if found is None:
            lines.append(line)
            continue
        start = int(found["start"]) if found["start"] else found.start("carets")
        marks.append(Mark(len(lines) - 1, start, found.end("carets"), found["pattern"]))
    text = "\n".join(lines)
    named = _PATH.match(text)
    return Fixture(named[1] if named else f"shop/code{file.suffix}", text, sorted(marks))


def check(file: Path, language: str | None = None) -> None:
    """Check that a fixture's own pattern matches at its marks and nowhere else."""
    fixture = read(file)
    found = inspect(fixture.path, fixture.text, language).findings
    lines = fixture.text.split("\n")
    seen = sorted(_mark(each, lines) for each in found if each.pattern == file.stem)
    assert seen == fixture.marks
    assert fixture.marks, "a fixture needs a match"
    assert "near miss" in fixture.text.lower(), "a fixture needs a near miss"


def _mark(finding: Finding, lines: list[str]) -> Mark:
    line, start = finding.span.start
    end = finding.span.end
    return Mark(line, start, end.column if end.line == line else len(lines[line]), finding.pattern)
