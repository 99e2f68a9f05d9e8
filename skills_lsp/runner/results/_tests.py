"""What all readers of test results share: cases, and the one line that sums them up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import MAX_PROBLEMS, Report, one_line, shortened
from skills_lsp.runner.results._places import Frame, Sources
from skills_lsp.text import Encoding

_MAX_REASON_CHARACTERS = 100


class Verdict(StrEnum):
    """How a test ended; the values are the words of the summary, in its order."""

    FAILED = "failed"
    ERROR = "error"
    PASSED = "passed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """One test. ``frame`` has an absolute path; None where nobody says."""

    name: str
    verdict: Verdict
    message: str = ""
    error_type: str = ""
    frame: Frame | None = None

    @property
    def is_bad(self) -> bool:
        """Say whether the test found something."""
        return self.verdict in (Verdict.FAILED, Verdict.ERROR)


def report_on_tests(
    cases: Sequence[Case], sources: Sources, run: Run, *, is_skipping_a_choice: bool = True
) -> Report:
    """Return the problems of all bad cases, and a line such as "1 failed, 3 passed in 0.4 s: …".

    Parameters
    ----------
    is_skipping_a_choice
        False where the tool also calls skipped what did not match the asked-for name.
    """
    if not any(case.verdict is not Verdict.SKIPPED for case in cases):
        skipped = f" ({len(cases)} skipped)" if cases else ""
        return Report(
            (),
            f"no test was run{skipped}",
            "no-tests",
            did_nothing=not (cases and is_skipping_a_choice),
        )
    bad = [case for case in cases if case.is_bad]
    problems = [_problem(case, sources) for case in bad[:MAX_PROBLEMS]]
    return Report(
        problems=tuple(problem for problem in problems if problem is not None),
        summary=_summary(cases, bad, sources, run),
        error_type=bad[0].error_type if bad else "",
    )


def _summary(cases: Sequence[Case], bad: Sequence[Case], sources: Sources, run: Run) -> str:
    counts = Counter(case.verdict for case in cases)
    words = [
        f"{counts[verdict]} {_plural(verdict, counts[verdict])}"
        for verdict in Verdict
        if counts[verdict]
    ]
    line, took = ", ".join(words), f"({run.duration_seconds:.2g} s)"
    if not bad:
        return f"{line} {took}"
    # Editors cut a message at some 60 characters, so the reason comes early; of a test that was run
    # alone the name is known.
    reason = one_line(sources.shown(bad[0].message), _MAX_REASON_CHARACTERS)
    said = [line, bad[0].name if len(cases) > 1 or not reason else "", reason]
    return one_line(f"{': '.join(it for it in said if it)} {took}")


def _plural(verdict: Verdict, n: int) -> str:
    return "errors" if verdict is Verdict.ERROR and n != 1 else verdict.value


def _problem(case: Case, sources: Sources) -> ToolProblem | None:
    frame = case.frame
    if frame is None:
        if not sources.plan.file:
            return None
        frame = Frame(sources.plan.file, 1)
    line = max(frame.line - 1, 0)
    column = None if frame.column is None else frame.column - 1
    # Only JavaScript's stacks have columns, and those count UTF-16 units.
    return ToolProblem(
        path=frame.path,
        line=line,
        column=sources.column(frame.path, line, column, Encoding.UTF16),
        message=shortened(sources.shown(f"{case.name}: {case.message}".rstrip(": "))),
        code=case.error_type,
    )
