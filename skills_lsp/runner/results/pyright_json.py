"""``pyright --outputjson`` (and basedpyright). From 0 throughout, columns in UTF-16 units."""

from typing import Any

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, shortened, unreadable
from skills_lsp.runner.results._json import load_object, number_of, object_of, objects_of, text_of
from skills_lsp.runner.results._lint import problems_report
from skills_lsp.runner.results._places import Sources
from skills_lsp.text import Encoding

_DOCS = "https://microsoft.github.io/pyright/#/configuration?id=type-check-diagnostics-settings"
_SEVERITIES = {"warning": Severity.WARNING, "information": Severity.INFORMATION}


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each diagnostic at its range."""
    del run
    result = load_object(text)
    if "generalDiagnostics" not in result:
        raise unreadable("it has no diagnostics")
    sources = Sources(plan)
    return problems_report(
        _problem(item, sources) for item in objects_of(result, "generalDiagnostics")
    )


def _problem(item: dict[str, Any], sources: Sources) -> ToolProblem:
    path = sources.path(text_of(item, "file"))
    start = object_of(object_of(item, "range"), "start")
    end = object_of(object_of(item, "range"), "end")
    line, end_line = number_of(start, "line") or 0, number_of(end, "line")
    rule = text_of(item, "rule")
    return ToolProblem(
        path=path,
        line=line,
        column=sources.column(path, line, number_of(start, "character"), Encoding.UTF16),
        message=shortened(text_of(item, "message")),
        severity=_SEVERITIES.get(text_of(item, "severity"), Severity.ERROR),
        end_line=end_line,
        end_column=sources.column(
            path,
            line if end_line is None else end_line,
            number_of(end, "character"),
            Encoding.UTF16,
        ),
        code=rule,
        url=_DOCS if rule else "",
    )
