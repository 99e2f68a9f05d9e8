"""``mypy --output json``: one object in each line, lines from 1, columns from 0.

In lines beyond ASCII the columns are not to be had: they were UTF-8 bytes up to mypy 1, and
mypy 2's parser gives neither bytes nor characters (30 where the name begins at character 38 and
byte 46). Such a problem gets its line alone.
"""

from typing import Any

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, one_line, refused, shortened, unreadable
from skills_lsp.runner.results._json import load_lines, number_of, text_of
from skills_lsp.runner.results._lint import problems_report
from skills_lsp.runner.results._places import Sources

_DOCS = "https://mypy.readthedocs.io/en/stable/_refs.html#code-"
_SEVERITIES = {"note": Severity.INFORMATION, "warning": Severity.WARNING}


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each error and note at its range; no output at all is what a clean run prints."""
    sources = Sources(plan)
    problems = [_problem(item, sources) for item in load_lines(text)]
    if not problems and run.exit_code:
        raise refused(one_line(run.output)) if run.output.strip() else unreadable("it is empty")
    return problems_report(problems)


def _problem(item: dict[str, Any], sources: Sources) -> ToolProblem:
    path = sources.path(text_of(item, "file"))
    line = max((number_of(item, "line") or 1) - 1, 0)
    has_columns = sources.line(path, line).isascii()
    end_line = number_of(item, "end_line")
    hint = text_of(item, "hint")
    code = text_of(item, "code")
    return ToolProblem(
        path=path,
        line=line,
        column=_column(item, "column") if has_columns else None,
        message=shortened("\n".join(filter(None, (text_of(item, "message"), hint)))),
        severity=_SEVERITIES.get(text_of(item, "severity"), Severity.ERROR),
        end_line=max(end_line - 1, 0) if end_line and has_columns else None,
        end_column=_column(item, "end_column") if has_columns else None,
        code=code,
        url=_DOCS + code if code else "",
    )


def _column(item: dict[str, Any], key: str) -> int | None:
    number = number_of(item, key)
    return None if number is None or number < 0 else number
