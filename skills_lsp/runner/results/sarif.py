"""SARIF 2.1: what many security and lint tools can write.

Columns count UTF-16 units unless ``columnKind`` says otherwise (SARIF 2.1.0, 3.14.17).
"""

from typing import Any

from skills_lsp.domain.invocation import Severity, ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, shortened, unreadable
from skills_lsp.runner.results._json import load_object, number_of, object_of, objects_of, text_of
from skills_lsp.runner.results._lint import problems_report
from skills_lsp.runner.results._places import Sources
from skills_lsp.text import Encoding

_SEVERITIES = {"error": Severity.ERROR, "note": Severity.INFORMATION, "none": Severity.INFORMATION}


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each result at the first of its locations."""
    del run
    log = load_object(text)
    if "runs" not in log:
        raise unreadable("it is not SARIF")
    sources = Sources(plan)
    return problems_report(
        _problem(result, sarif_run, sources)
        for sarif_run in objects_of(log, "runs")
        for result in objects_of(sarif_run, "results")
        if not objects_of(result, "suppressions")
    )


def _problem(result: dict[str, Any], sarif_run: dict[str, Any], sources: Sources) -> ToolProblem:
    locations = objects_of(result, "locations") or [{}]
    place = object_of(locations[0], "physicalLocation")
    region = object_of(place, "region")
    path = sources.path(_uri(object_of(place, "artifactLocation"), sarif_run) or sources.plan.file)
    line = max((number_of(region, "startLine") or 1) - 1, 0)
    end_line = max((number_of(region, "endLine") or line + 1) - 1, 0)
    encoding = Encoding.UTF32 if _counts_characters(sarif_run) else Encoding.UTF16
    code = text_of(result, "ruleId")
    return ToolProblem(
        path=path,
        line=line,
        column=sources.column(path, line, _from_zero(region, "startColumn"), encoding),
        message=shortened(text_of(object_of(result, "message"), "text")),
        severity=_SEVERITIES.get(text_of(result, "level"), Severity.WARNING),
        end_line=end_line,
        end_column=sources.column(path, end_line, _from_zero(region, "endColumn"), encoding),
        code=code,
        url=_help(code, sarif_run),
    )


def _counts_characters(sarif_run: dict[str, Any]) -> bool:
    kind = text_of(sarif_run, "columnKind")
    # Ruff counts characters without saying so.
    driver = object_of(object_of(sarif_run, "tool"), "driver")
    return kind == "unicodeCodePoints" or (not kind and text_of(driver, "name") == "ruff")


def _uri(location: dict[str, Any], sarif_run: dict[str, Any]) -> str:
    uri = text_of(location, "uri")
    base = text_of(location, "uriBaseId")
    if base and "://" not in uri:
        root = text_of(object_of(object_of(sarif_run, "originalUriBaseIds"), base), "uri")
        return root + uri
    return uri


def _help(code: str, sarif_run: dict[str, Any]) -> str:
    driver = object_of(object_of(sarif_run, "tool"), "driver")
    for rule in objects_of(driver, "rules"):
        if text_of(rule, "id") == code:
            return text_of(rule, "helpUri")
    return ""


def _from_zero(region: dict[str, Any], key: str) -> int | None:
    number = number_of(region, key)
    return None if number is None else number - 1
