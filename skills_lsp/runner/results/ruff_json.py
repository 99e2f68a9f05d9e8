"""``ruff check --output-format json``. Rows and columns from 1, columns in code points."""

from typing import Any

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, shortened
from skills_lsp.runner.results._json import load_list, number_of, object_of, objects, text_of
from skills_lsp.runner.results._lint import problems_report
from skills_lsp.runner.results._places import Sources

# What breaks at run time; the rest is style or risk.
_ERRORS = ("invalid-syntax", "E9", "F63", "F7", "F82")


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each violation at its range."""
    del run
    sources = Sources(plan)
    return problems_report(_problem(item, sources) for item in objects(load_list(text)))


def _problem(item: dict[str, Any], sources: Sources) -> ToolProblem:
    start, end = object_of(item, "location"), object_of(item, "end_location")
    code = text_of(item, "code") or "invalid-syntax"
    return ToolProblem(
        path=sources.path(text_of(item, "filename")),
        line=_from_zero(number_of(start, "row")) or 0,
        column=_from_zero(number_of(start, "column")),
        message=shortened(text_of(item, "message")),
        severity=Severity.ERROR if code.startswith(_ERRORS) else Severity.WARNING,
        end_line=_from_zero(number_of(end, "row")),
        end_column=_from_zero(number_of(end, "column")),
        code=code,
        url=text_of(item, "url"),
    )


def _from_zero(number: int | None) -> int | None:
    return None if number is None else max(number - 1, 0)
