"""What all readers of linters share: the one line that sums up a list of problems."""

from collections.abc import Iterable
from itertools import islice

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.report import MAX_PROBLEMS, Report, counted, one_line

_ORDER = tuple(Severity)


def problems_report(problems: Iterable[ToolProblem], *, nothing: str = "no problems") -> Report:
    """Return a report such as "3 problems in 2 files: F821 undefined name 'x'"."""
    found = tuple(islice(problems, MAX_PROBLEMS + 1))
    if not found:
        return Report(summary=nothing)
    n_files = len({problem.path for problem in found})
    worst = min(found, key=lambda problem: _ORDER.index(problem.severity))
    number = counted(len(found), "problem")
    if len(found) > MAX_PROBLEMS:
        number = f"more than {MAX_PROBLEMS} problems"
    place = "" if n_files == 1 else f" in {n_files} files"
    first = f"{worst.code} {worst.message}".strip()
    return Report(found[:MAX_PROBLEMS], one_line(f"{number}{place}: {first}"), worst.code)
