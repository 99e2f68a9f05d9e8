"""``vitest --reporter=json``, which is jest's format; both are read here."""

from pathlib import Path

from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, unreadable
from skills_lsp.runner.results._json import load_object, objects_of, strings_of, text_of
from skills_lsp.runner.results._places import Sources
from skills_lsp.runner.results._script_tests import broken_file, failed_case
from skills_lsp.runner.results._tests import Case, Verdict, report_on_tests

_VERDICTS = {"passed": Verdict.PASSED, "failed": Verdict.FAILED}


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return the failed tests, each at the innermost line of the project's own code and at its test."""
    result = load_object(text)
    if "testResults" not in result:
        raise unreadable("it has no test results")
    sources = Sources(plan)
    cases: list[Case] = []
    for file in objects_of(result, "testResults"):
        path = sources.path(text_of(file, "name"))
        tests = objects_of(file, "assertionResults")
        if not tests and text_of(file, "status") == "failed":
            message = text_of(file, "message")
            cases.append(broken_file(Path(path).name, message, path, sources))
        cases += [_case(test, path, sources) for test in tests]
    # Both call "pending" or "skipped" what -t left out.
    return report_on_tests(cases, sources, run, is_skipping_a_choice=False)


def _case(test: dict[str, object], path: str, sources: Sources) -> Case:
    name = text_of(test, "title") or text_of(test, "fullName") or "test"
    verdict = _VERDICTS.get(text_of(test, "status"), Verdict.SKIPPED)
    if verdict is not Verdict.FAILED:
        return Case(name, verdict)
    return failed_case(name, "\n".join(strings_of(test, "failureMessages")[:1]), path, sources)
