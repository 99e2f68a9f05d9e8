"""``eslint --format json``. Lines and columns from 1, columns in UTF-16 units."""

from typing import Any

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, shortened
from skills_lsp.runner.results._json import load_list, number_of, objects, objects_of, text_of
from skills_lsp.runner.results._lint import problems_report
from skills_lsp.runner.results._places import Sources
from skills_lsp.text import Encoding

_ERROR = 2
_DOCS = "https://eslint.org/docs/latest/rules/"


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each message at its range."""
    del run
    sources = Sources(plan)
    return problems_report(
        _problem(message, sources.path(text_of(file, "filePath")), sources)
        for file in objects(load_list(text))
        for message in objects_of(file, "messages")
    )


def _problem(item: dict[str, Any], path: str, sources: Sources) -> ToolProblem:
    line = max((number_of(item, "line") or 1) - 1, 0)
    end_line = number_of(item, "endLine")
    last = line if end_line is None else max(end_line - 1, 0)
    rule = text_of(item, "ruleId")
    return ToolProblem(
        path=path,
        line=line,
        column=_column(item, "column", path, line, sources),
        message=shortened(text_of(item, "message")),
        severity=Severity.ERROR if number_of(item, "severity") == _ERROR else Severity.WARNING,
        end_line=None if end_line is None else last,
        end_column=_column(item, "endColumn", path, last, sources),
        code=rule or ("parsing-error" if item.get("fatal") else ""),
        url=_DOCS + rule if rule and "/" not in rule else "",  # with "/" it is a plugin's rule
    )


def _column(item: dict[str, Any], key: str, path: str, line: int, sources: Sources) -> int | None:
    number = number_of(item, key)
    return sources.column(path, line, None if number is None else number - 1, Encoding.UTF16)
