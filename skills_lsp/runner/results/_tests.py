"""What all readers of test results share: cases, and the one line that sums them up."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    """One test. Frames have an absolute path; None where nobody says.

    ``frame`` is where it failed, ``own_frame`` the line of the test's own file that led there.
    """

    name: str
    verdict: Verdict
    message: str = ""
    error_type: str = ""
    frame: Frame | None = None
    own_frame: Frame | None = None

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
    problems = [each for case in bad[:MAX_PROBLEMS] for each in _problems(case, sources)]
    return Report(
        problems=tuple(problems[:MAX_PROBLEMS]),
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
    line, took = ", ".join(words), f"({_took(run.duration_seconds)})"
    if not bad:
        return f"{line} {took}"
    # Editors cut a message at some 60 characters, so the reason comes early; of a test that was run
    # alone the name is known.
    reason = one_line(sources.shown(bad[0].message), _MAX_REASON_CHARACTERS)
    said = [line, bad[0].name if len(cases) > 1 or not reason else "", reason]
    return one_line(f"{': '.join(it for it in said if it)} {took}")


def _took(seconds: float) -> str:
    """Return a duration in few letters.

    >>> _took(0.423), _took(9.97), _took(42.4), _took(128.2)
    ('0.42 s', '10 s', '42 s', '2 min 8 s')
    """
    if seconds < 99.5:  # noqa: PLR2004 - two digits are enough
        return f"{seconds:.2g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def _plural(verdict: Verdict, n: int) -> str:
    return "errors" if verdict is Verdict.ERROR and n != 1 else verdict.value


def _problems(case: Case, sources: Sources) -> Iterator[ToolProblem]:
    frame, own = case.frame, case.own_frame
    if frame is None:
        if not sources.plan.file:
            return
        frame = Frame(sources.plan.file, 1)
    failed = _problem(case, frame, sources)
    yield failed
    if own is not None and own.path != frame.path:
        raised_at = sources.shown(f"{frame.path}:{frame.line}")
        # Who looks at the test sees it there as well.
        yield replace(
            _problem(case, own, sources),
            message=f"{one_line(failed.message, _MAX_REASON_CHARACTERS)} (at {raised_at})",
            is_echo=True,
        )


def _problem(case: Case, frame: Frame, sources: Sources) -> ToolProblem:
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
