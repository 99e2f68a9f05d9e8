"""``file:line:column: message``, as compilers and very many linters print it.

Lines and columns from 1; what a column counts differs by tool, so it is taken as characters.
"""

import re
from collections.abc import Iterator

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, one_line, shortened
from skills_lsp.runner.results._lint import problems_report
from skills_lsp.runner.results._places import Sources
from skills_lsp.runner.telling import telling_line, without_colours

_PROBLEM = re.compile(
    r"(?P<path>(?:[A-Za-z]:[\\/])?(?!\d+:)[^\s:][^:\n]*):(?P<line>\d{1,9}):(?:(?P<column>\d{1,9}):)?\s+"
    r"(?:(?P<severity>fatal error|error|warning|note|info|style|[EWFCN](?=\d))(?::\s*)?)?(?P<message>\S.*)"
)
_CODE = re.compile(r"(?P<code>\d+)\s|.*\[(?P<tag>[-\w.=]+)\]$")
_SEVERITIES = {
    "warning": Severity.WARNING, "W": Severity.WARNING, "C": Severity.INFORMATION,
    "N": Severity.INFORMATION, "note": Severity.INFORMATION, "info": Severity.INFORMATION,
    "style": Severity.INFORMATION,
}  # fmt: skip


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each such line as a problem."""
    report = problems_report(_problems(without_colours(text), Sources(plan)))
    if not report.problems and run.exit_code:
        return Report(summary=one_line(telling_line(text)))
    return report


def _problems(text: str, sources: Sources) -> Iterator[ToolProblem]:
    for line in text.splitlines():
        match = _PROBLEM.match(line)
        if match is None:
            continue
        severity, message = match["severity"] or "", match["message"]
        code = ""
        found = _CODE.match(message)
        if found is not None and found["code"] and len(severity) == 1:  # flake8: "E501 line too long"
            code = severity + found["code"]
            message = message[found.end() :]
        elif found is not None and found["tag"]:  # gcc: "… [-Wunused-variable]"
            code = found["tag"]
        yield ToolProblem(
            path=sources.path(match["path"]),
            line=max(int(match["line"]) - 1, 0),
            column=max(int(match["column"]) - 1, 0) if match["column"] else None,
            message=shortened(message),
            severity=_SEVERITIES.get(severity, Severity.ERROR),
            code=code,
        )
