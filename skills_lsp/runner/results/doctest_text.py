"""``python -m doctest``: each failed example with its place, what was expected and what came."""

import re
from collections.abc import Iterator

from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, counted, one_line, shortened
from skills_lsp.runner.results import python_traceback
from skills_lsp.runner.results._places import Sources

_RULE = re.compile(r"^\*{70}$", re.MULTILINE)
_PLACE = re.compile(r'\s*File "(?P<path>[^"]+)", line (?P<line>\d{1,9}), in (?P<name>\S+)')
_INDENT = re.compile(r"(?m)^    ")


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each failed example at its line; a file that cannot be imported at its traceback."""
    problems = tuple(_problems(text, Sources(plan)))
    if problems:
        summary = f"{counted(len(problems), 'example')} failed: {problems[0].message}"
        return Report(problems, one_line(summary.replace("\n", " ")), "doctest")
    if run.exit_code:
        return python_traceback.read(text, plan, run)
    return Report(summary="all examples hold")


def _problems(text: str, sources: Sources) -> Iterator[ToolProblem]:
    for block in _RULE.split(text):
        place = _PLACE.match(block)
        if place is None:
            continue
        rest = block[place.end() :]
        expected, got = _part(rest, "Expected:", "Got:"), _part(rest, "Got:", "")
        raised = _part(rest, "Exception raised:", "")
        if raised:
            message = f"{place['name']}: raised {raised.strip().splitlines()[-1].strip()}"
        else:
            message = (
                f"{place['name']}: expected {expected.strip()}, got {got.strip() or 'nothing'}"
            )
        line = max(int(place["line"]) - 1, 0)
        yield ToolProblem(
            sources.path(place["path"]), line, None, shortened(message), code="doctest"
        )


def _part(block: str, start: str, end: str) -> str:
    """Return the indented lines between two headings of a failed example."""
    begin = block.find(f"\n{start}\n")
    if begin < 0:
        return ""
    stop = block.find(f"\n{end}", begin + 1) if end else len(block)
    return _INDENT.sub("", block[begin + len(start) + 2 : stop if stop >= 0 else len(block)])
