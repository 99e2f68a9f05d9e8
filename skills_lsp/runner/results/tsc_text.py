"""TypeScript's compiler, ``tsc --pretty false``: ``file.ts(1,23): error TS2322: message``.

Lines and columns from 1, columns in UTF-16 units. Further lines of a message are indented.
"""

import re

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, shortened
from skills_lsp.runner.results._lint import problems_report
from skills_lsp.runner.results._places import Sources
from skills_lsp.text import Encoding

# Pretty output too, for projects whose script asks for it: "file.ts:1:23 - error TS2322: message".
_PROBLEM = re.compile(
    r"(?P<path>\S[^\n]*?)(?:\((?P<line>\d{1,9}),(?P<column>\d{1,9})\)|:(?P<line2>\d{1,9}):(?P<column2>\d{1,9}) -)"
    r":? (?P<severity>error|warning|message) (?P<code>TS\d+): (?P<message>.*)"
)
_GLOBAL = re.compile(r"(?P<severity>error) (?P<code>TS\d+): (?P<message>.*)")


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each diagnostic; one without a place (a wrong option) stands at the file."""
    del run
    sources = Sources(plan)
    problems: list[ToolProblem] = []
    for block in _blocks(text):
        problem = _problem(block, sources)
        if problem is not None:
            problems.append(problem)
    return problems_report(problems)


def _blocks(text: str) -> list[str]:
    """Return the text as messages: a line and the indented ones behind it."""
    blocks: list[str] = []
    for line in text.splitlines():
        if line.startswith("  ") and blocks and blocks[-1] and "~" not in line:
            blocks[-1] += "\n" + line
        else:
            blocks.append(line)
    return blocks


def _problem(block: str, sources: Sources) -> ToolProblem | None:
    first, newline, rest = block.partition("\n")
    match = _PROBLEM.match(first)
    if match is None:
        match = _GLOBAL.match(first)
        file = sources.plan.file
        if match is None or not file:
            return None
        return ToolProblem(file, 0, None, shortened(match["message"]), code=match["code"])
    path = sources.path(match["path"])
    line = max(int(match["line"] or match["line2"]) - 1, 0)
    units = int(match["column"] or match["column2"]) - 1
    return ToolProblem(
        path=path,
        line=line,
        column=sources.column(path, line, units, Encoding.UTF16),
        message=shortened(match["message"] + newline + rest),
        severity=Severity.ERROR if match["severity"] == "error" else Severity.WARNING,
        code=match["code"],
    )
