"""The board of problems that runs reported: what is shown where, and when it goes.

A problem goes when its line is edited, when a run of the same tool that covers it ends without
it, or when the file is reset. Lines above may be edited freely: the problem moves along.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skills_lsp.app.client import Mark
from skills_lsp.app.document import moved_span
from skills_lsp.domain.finding import Finding
from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.text import Point, Span
from skills_lsp.text.encoding import n_bytes, without_line_end


@dataclass(frozen=True, slots=True)
class Target:
    """What a run was about: the tool, and the file and test (or nothing: the whole project)."""

    tool: str
    path: str = ""
    test_id: str = ""

    def covers(self, other: "Target") -> bool:
        """Say whether a run of this target also answers for the other."""
        if self.tool != other.tool:
            return False
        if not self.path:
            return True
        if self.path != other.path:
            return False
        return not self.test_id or f"{other.test_id}::".startswith(f"{self.test_id}::")


class ProblemBoard:
    """Marks by file, each with the target of the run that reported it."""

    def __init__(self) -> None:
        self._marks: dict[str, list[tuple[Target, Mark]]] = {}

    def take(
        self,
        target: Target,
        skill: str,
        problems: Iterable[ToolProblem],
        lines_of: dict[str, list[str]],
    ) -> set[str]:
        """Replace what a run's target covered by what it found; return the paths that changed."""
        changed = self.clear(target)
        for problem in problems:
            mark = mark_of(problem, skill, lines_of.get(problem.path, []))
            self._marks.setdefault(problem.path, []).append((target, mark))
            changed.add(problem.path)
        return changed

    def clear(self, target: Target) -> set[str]:
        """Take away all that a target covers; return the paths that changed."""
        changed = set()
        for path, marks in self._marks.items():
            kept = [(known, mark) for known, mark in marks if not target.covers(known)]
            if len(kept) != len(marks):
                self._marks[path] = kept
                changed.add(path)
        return changed

    def move(self, path: str, edited: Span, behind: Point) -> bool:
        """Move the marks of a file with an edit; say whether any went or moved."""
        marks = self._marks.get(path)
        if not marks:
            return False
        moved = []
        for target, mark in marks:
            span = moved_span(mark.span, edited, behind)
            if span is not None:
                kept = mark if span == mark.span else _at(mark, span)
                moved.append((target, kept))
        if moved == marks:
            return False
        self._marks[path] = moved
        return True

    def forget(self, path: str) -> bool:
        """Drop all marks of a file; say whether there were any."""
        return bool(self._marks.pop(path, None))

    def marks(self, path: str) -> list[Mark]:
        """Return what is to be shown in a file, in the order of the text."""
        return sorted((mark for _, mark in self._marks.get(path, ())), key=lambda mark: mark.span)

    def paths(self) -> Iterator[str]:
        """Yield the files that have marks."""
        return (path for path, marks in self._marks.items() if marks)


def mark_of(problem: ToolProblem, skill: str, lines: list[str]) -> Mark:
    """Return a tool's problem at its place, clamped to the text that is really there.

    Without a column the whole line is marked, without its indentation.
    """
    last = max(0, len(lines) - 1)
    line = min(max(problem.line, 0), last)
    text = without_line_end(lines[line]) if lines else ""
    if problem.column is None or problem.line > last:
        start = len(text) - len(text.lstrip())
        end_line, end = line, len(text.rstrip())
    else:
        start = max(0, min(problem.column, len(text)))
        end_line, end = _end_of(problem, last, line, text, start)
    end_text = without_line_end(lines[end_line]) if lines else ""
    first = Point(line, n_bytes(text[:start]))
    # A line of nothing but space has its text's end before its start.
    span = Span(first, max(first, Point(end_line, n_bytes(end_text[:end]))))
    return Mark(span, problem.message, problem.severity, skill, problem.code, problem.url)


def hint_of(finding: Finding) -> Mark:
    """Return a finding as a hint, for who asked for hints."""
    return Mark(finding.span, finding.message, Severity.HINT, finding.category, finding.pattern)


def _end_of(problem: ToolProblem, last: int, line: int, text: str, start: int) -> tuple[int, int]:
    end_line = line if problem.end_line is None else min(problem.end_line, last)
    if problem.end_column is not None and (end_line, problem.end_column) > (line, start):
        return end_line, max(0, problem.end_column)
    word = start
    while word < len(text) and (text[word].isalnum() or text[word] == "_"):
        word += 1
    return line, word if word > start else len(text.rstrip())


def _at(mark: Mark, span: Span) -> Mark:
    return Mark(span, mark.message, mark.severity, mark.skill, mark.code, mark.url)
