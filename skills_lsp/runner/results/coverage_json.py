"""``coverage json`` and ``pytest --cov-report json``: the lines that no test reached."""

import re
from collections.abc import Iterator

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import MAX_PROBLEMS, Report, unreadable
from skills_lsp.runner.results._json import load_object, number_of, object_of, text_of
from skills_lsp.runner.results._places import Sources

_PYTEST_END = re.compile(
    r"^=*[ ]?(?P<counts>\d+ (?:failed|passed|error).*? in [\d.]+s)", re.MULTILINE
)


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each stretch of unreached lines as a hint, and the share that was reached."""
    result = load_object(text)
    totals = object_of(result, "totals")
    if not totals:
        raise unreadable("it has no totals")
    sources = Sources(plan)
    problems: list[ToolProblem] = []
    for name, file in object_of(result, "files").items():
        path = sources.path(name)
        stretches = _stretches(file)
        problems += [_problem(path, first, last, sources) for first, last in stretches]
    share = text_of(totals, "percent_covered_display") or "?"
    n_missing, n_lines = number_of(totals, "missing_lines"), number_of(totals, "num_statements")
    summary = f"{share} % covered, {n_missing} of {n_lines} statements not reached"
    tests = _PYTEST_END.findall(run.output[-10_000:])
    if tests:
        summary = f"{tests[-1]}; {summary}"
    return Report(tuple(problems[:MAX_PROBLEMS]), summary, "not-covered" if run.exit_code else "")


def _stretches(file: object) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each run of missing lines."""
    missing = file.get("missing_lines") if isinstance(file, dict) else None
    lines = sorted(line for line in missing or () if isinstance(line, int) and 0 < line < 10**9)
    start = previous = 0
    for line in lines:
        if line != previous + 1:
            if start:
                yield start, previous
            start = line
        previous = line
    if start:
        yield start, previous


def _problem(path: str, first: int, last: int, sources: Sources) -> ToolProblem:
    text = sources.line(path, first - 1)
    return ToolProblem(
        path=path,
        line=first - 1,
        column=len(text) - len(text.lstrip()),
        message="No test reaches this line." if first == last else "No test reaches these lines.",
        severity=Severity.HINT,
        end_line=last - 1,
        end_column=len(sources.line(path, last - 1)),
        code="not-covered",
    )
