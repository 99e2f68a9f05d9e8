"""``bandit -f json``. Lines from 1, columns from 0 in UTF-8 bytes, as Python's ``ast`` has them."""

from typing import Any

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, one_line, shortened, unreadable
from skills_lsp.runner.results._json import load_object, number_of, objects_of, text_of
from skills_lsp.runner.results._lint import problems_report
from skills_lsp.runner.results._places import Sources
from skills_lsp.text import Encoding

_SEVERITIES = {"HIGH": Severity.ERROR, "MEDIUM": Severity.WARNING, "LOW": Severity.INFORMATION}


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each issue; a file that bandit could not parse is one too."""
    del run
    result = load_object(text)
    if "results" not in result:
        raise unreadable("it has no results")
    sources = Sources(plan)
    problems = [_problem(item, sources) for item in objects_of(result, "results")]
    problems += [
        ToolProblem(
            sources.path(text_of(item, "filename")),
            0,
            None,
            one_line(text_of(item, "reason")),
            code="unparsable",
        )
        for item in objects_of(result, "errors")
    ]
    return problems_report(problems, nothing="no security problems")


def _problem(item: dict[str, Any], sources: Sources) -> ToolProblem:
    path = sources.path(text_of(item, "filename"))
    line = max((number_of(item, "line_number") or 1) - 1, 0)
    confidence = text_of(item, "issue_confidence").lower()
    return ToolProblem(
        path=path,
        line=line,
        column=sources.column(path, line, number_of(item, "col_offset"), Encoding.UTF8),
        message=shortened(f"{text_of(item, 'issue_text')} (confidence: {confidence})"),
        severity=_SEVERITIES.get(text_of(item, "issue_severity"), Severity.WARNING),
        code=text_of(item, "test_id"),
        url=text_of(item, "more_info"),
    )
