"""``npm audit --json``: each vulnerable package at the line of package.json that asks for it."""

import re
from typing import Any

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import (
    MAX_PROBLEMS,
    Report,
    counted,
    one_line,
    refused,
    shortened,
    unreadable,
)
from skills_lsp.runner.results._json import load_object, number_of, object_of, objects_of, text_of
from skills_lsp.runner.results._places import Sources

_SEVERITIES = {
    "critical": Severity.ERROR, "high": Severity.ERROR, "moderate": Severity.WARNING,
    "low": Severity.INFORMATION, "info": Severity.INFORMATION,
}  # fmt: skip


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return one problem for each package, worst first."""
    del run
    result = load_object(text)
    found = object_of(result, "vulnerabilities")
    if not found and "auditReportVersion" not in result:
        error = object_of(result, "error")
        reason = text_of(error, "summary") or text_of(result, "message") or text_of(error, "code")
        raise refused(f"npm: {one_line(reason)}") if reason else unreadable("it is not an audit")
    if not found:
        return Report(summary="no known vulnerabilities")
    sources = Sources(plan)
    order = list(_SEVERITIES)
    packages = sorted(
        (item for item in found.values() if isinstance(item, dict)),
        key=lambda item: (
            order.index(text_of(item, "severity")) if text_of(item, "severity") in order else 9
        ),
    )
    problems = tuple(_problem(item, sources) for item in packages[:MAX_PROBLEMS])
    return Report(problems, _summary(result, len(packages)), "vulnerable-dependency")


def _summary(result: dict[str, Any], n_packages: int) -> str:
    counts = object_of(object_of(result, "metadata"), "vulnerabilities")
    parts = [f"{number} {name}" for name in _SEVERITIES if (number := number_of(counts, name))]
    packages = counted(n_packages, "vulnerable package")
    return f"{packages} ({', '.join(parts)})" if parts else packages


def _problem(item: dict[str, Any], sources: Sources) -> ToolProblem:
    name = text_of(item, "name")
    path = sources.path("package.json")
    line = _line_of(name, path, sources)
    reasons = [text_of(via, "title") for via in objects_of(item, "via")]
    url = next((text_of(via, "url") for via in objects_of(item, "via")), "")
    fix = " A fix is available." if item.get("fixAvailable") else ""
    text = f"{name} {text_of(item, 'range')}: {'; '.join(reasons) or 'depends on a vulnerable package'}.{fix}"
    return ToolProblem(
        path=path,
        line=line,
        column=None,
        message=shortened(text),
        severity=_SEVERITIES.get(text_of(item, "severity"), Severity.WARNING),
        code=text_of(item, "severity"),
        url=url,
    )


def _line_of(name: str, path: str, sources: Sources) -> int:
    wanted = re.compile(rf'\s*"{re.escape(name)}"\s*:')
    lines = range(sources.n_lines(path))
    return next((number for number in lines if wanted.match(sources.line(path, number))), 0)
