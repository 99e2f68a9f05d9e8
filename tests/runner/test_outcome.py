"""How ends become outcomes."""

import signal

import pytest

from skills_lsp.domain.invocation import Status
from skills_lsp.errors import RunError
from skills_lsp.runner.outcome import failed_to_start, outcome_of
from skills_lsp.runner.process import Ended


@pytest.mark.parametrize(
    ("exit_code", "output", "expected"),
    [
        (0, "built 3 pages\n", (Status.PASSED, "built 3 pages", "")),
        (1, "a.py: error: bad\n", (Status.FAILED, "a.py: error: bad", "")),
        (1, "", (Status.ERROR, "ended with exit code 1", "")),
        (2, "usage: tool [x]\n", (Status.ERROR, "usage: tool [x]", "exit-2")),
        (3, "OSError: disk full\nbye\n", (Status.ERROR, "OSError: disk full", "OSError")),
        (-signal.SIGSEGV, "", (Status.ERROR, "was ended by SIGSEGV", "SIGSEGV")),
    ],
)
def test_exit_codes_say_the_status(make_plan, make_run, exit_code, output, expected):
    result = outcome_of(make_plan(), make_run(output, exit_code))
    assert (result.status, result.summary, result.error_type) == expected


def test_the_skill_says_which_codes_are_good_and_which_found_something(make_plan, make_run):
    plan = make_plan(ok_exit_codes=(0, 3), found_exit_codes=(4,))
    assert outcome_of(plan, make_run("x", 3)).status is Status.PASSED
    assert outcome_of(plan, make_run("x", 4)).status is Status.FAILED
    assert outcome_of(plan, make_run("x", 1)).status is Status.ERROR


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (Ended.TIMED_OUT, (Status.TIMED_OUT, "stopped at the time limit of 30 s", "timeout")),
        (Ended.CANCELLED, (Status.CANCELLED, "cancelled after 0.4 s", "cancelled")),
        (Ended.NOT_STARTED, (Status.ERROR, "true could not be started: no", "not-started")),
    ],
)
def test_a_run_that_did_not_end_by_itself_is_not_read(make_plan, make_run, ended, expected):
    plan = make_plan(result="junit", result_path="/nowhere/result.xml")
    result = outcome_of(plan, make_run("no", None, ended=ended))
    assert (result.status, result.summary, result.error_type) == expected


@pytest.mark.parametrize(
    ("code", "summary", "error_type"),
    [
        (5, "no tests were collected", "no-tests"),
        (3, "pytest had an internal error", "exit-3"),
        (4, "ERROR: not found: a.py::gone", "exit-4"),
    ],
)
def test_pytests_own_codes_are_told_in_words(make_plan, make_run, code, summary, error_type):
    output = "\nERROR: not found: a.py::gone\n(no match in any of [<Module a.py>])\n"
    plan = make_plan(tool="pytest", result="junit", result_path="/nowhere/result.xml")
    result = outcome_of(plan, make_run(output, code))
    assert (result.status, result.summary, result.error_type) == (
        Status.ERROR,
        summary,
        error_type,
    )


def test_what_broke_a_run_is_shown_where_the_result_says_it(
    make_plan, make_run, captured, tmp_path
):
    path = tmp_path / "result.xml"
    path.write_text(captured("pytest-collect.xml"))
    plan = make_plan(tool="pytest", result="junit", result_path=str(path))
    result = outcome_of(plan, make_run("", 2))
    assert (result.status, result.error_type) == (Status.ERROR, "SyntaxError")
    assert [problem.line for problem in result.problems] == [0]


def test_a_test_that_is_not_there_did_not_pass(make_plan, make_run, captured):
    text = captured("vitest-nofile.json")
    result = outcome_of(make_plan(result="vitest-json"), make_run(text, 0))
    assert (result.status, result.summary) == (Status.ERROR, "no test was run")


def test_a_refused_audit_says_why(make_plan, make_run, captured):
    plan = make_plan(result="npm-audit-json", tool="npm")
    result = outcome_of(plan, make_run(captured("npm-audit-refused.json")))
    assert result.status is Status.ERROR
    assert result.summary.startswith("npm: 405 Method Not Allowed - POST")


def test_output_is_shown_without_terminal_sequences(make_plan, make_run):
    text = "\x1b[1m\x1b[32mok\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07\n"
    assert outcome_of(make_plan(), make_run(text, 0)).output == "ok link\n"


def test_a_missing_tool_has_its_own_status():
    error = RunError("missing-tool", "x was not found on PATH.", "Install it: y")
    result = failed_to_start(error)
    assert (result.status, result.error_type) == (Status.MISSING_TOOL, "missing-tool")
    assert (result.summary, result.hint) == ("x was not found on PATH.", "Install it: y")
    assert failed_to_start(RunError("no-file", "m")).status is Status.ERROR
