"""``mocha --reporter json``."""

from typing import Any

from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, unreadable
from skills_lsp.runner.results._json import load_object, object_of, objects_of, text_of
from skills_lsp.runner.results._places import Sources
from skills_lsp.runner.results._script_tests import failed_case
from skills_lsp.runner.results._tests import Case, Verdict, report_on_tests


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return the failed tests, each at the innermost line of the project's own code and at its test."""
    result = load_object(text)
    if "failures" not in result:
        raise unreadable("it has no test results")
    sources = Sources(plan)
    cases = [_failed(test, sources) for test in objects_of(result, "failures")]
    for key, verdict in (("passes", Verdict.PASSED), ("pending", Verdict.SKIPPED)):
        cases += [Case(text_of(test, "title"), verdict) for test in objects_of(result, key)]
    return report_on_tests(cases, sources, run)


def _failed(test: dict[str, Any], sources: Sources) -> Case:
    error = object_of(test, "err")
    file = text_of(test, "file")
    stack = text_of(error, "stack") or text_of(error, "message")
    path = sources.path(file) if file else ""
    return failed_case(text_of(test, "title") or "test", stack, path, sources)
