"""What tools leave behind when they break must not break us: one clear sentence, in bounds."""

import contextlib
import json
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from skills_lsp.domain.invocation import Status
from skills_lsp.errors import RunError
from skills_lsp.runner import outcome, report
from skills_lsp.runner.outcome import outcome_of
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Ended, Run
from skills_lsp.runner.report import MAX_MESSAGE_CHARACTERS, MAX_PROBLEMS, MAX_SUMMARY_CHARACTERS
from skills_lsp.runner.results import reader, reader_names

MACHINE_FORMATS = [name for name in reader_names() if name.endswith(("json", "junit", "sarif"))]


def a_plan(**fields) -> Plan:
    given = {"argv": ("tool",), "cwd": "/nowhere", "env": {}, "workspace": "/nowhere"}
    return Plan(**(given | {"timeout_seconds": 1.0, "output_limit_bytes": 1} | fields))


def a_run(output: str = "", exit_code: int | None = 1, **fields) -> Run:
    given = {"duration_seconds": 0.1, "ended": Ended.EXITED, "stdout": output}
    return Run(exit_code, output, **(given | fields))


@pytest.mark.parametrize("name", MACHINE_FORMATS)
@pytest.mark.parametrize(
    "text", ["", "  \n", "Segmentation fault", "{", '{"a": 1', "<testsuite", "null"]
)
def test_garbage_is_an_error_with_one_sentence(name, text):
    result = outcome_of(a_plan(result=name, tool="tool"), a_run(text))
    assert result.status is Status.ERROR
    assert result.summary
    assert "\n" not in result.summary
    assert "Traceback" not in result.summary


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_a_result_that_was_never_written_is_an_error_even_of_a_good_run(name, tmp_path):
    plan = a_plan(result=name, result_path=str(tmp_path / "none"), tool="tool")
    result = outcome_of(plan, a_run("all good", 0))
    assert (result.status, result.summary) == (Status.ERROR, "tool wrote no result.")


def test_a_result_beyond_all_measure_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(outcome, "MAX_RESULT_BYTES", 2_000_000)
    path = tmp_path / "result.xml"
    path.write_bytes(b" " * 2_000_001)
    result = outcome_of(a_plan(result="junit", result_path=str(path)), a_run("", 0))
    assert (result.status, result.summary) == (Status.ERROR, "The result is larger than 2 MB.")


def test_entities_do_not_explode():
    bomb = '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><testsuite>&b;</testsuite>'
    result = outcome_of(a_plan(result="junit"), a_run(bomb))
    assert result.status is Status.ERROR
    assert result.summary == "The tool's result cannot be read: it declares a document type."


def test_xml_as_deep_as_the_sea_is_refused():
    with pytest.raises(RunError, match="nested too deeply"):
        reader("junit")("<testsuite>" * 100_000, a_plan(), a_run())


def test_json_as_deep_as_the_sea_is_refused():
    with pytest.raises(RunError, match="not JSON"):
        reader("eslint-json")("[" * 200_000, a_plan(), a_run())


def test_problems_and_messages_are_bounded():
    item = {"filename": "a.py", "code": "E1", "message": "x" * 100_000}
    items = [item | {"location": {"row": n + 1, "column": 1}} for n in range(MAX_PROBLEMS + 9)]
    result = reader("ruff-json")(json.dumps(items), a_plan(), a_run())
    assert len(result.problems) == MAX_PROBLEMS
    assert len(result.problems[0].message) == MAX_MESSAGE_CHARACTERS
    assert len(result.summary) == MAX_SUMMARY_CHARACTERS
    assert result.summary.startswith(f"more than {MAX_PROBLEMS} problems: E1 xxx")


def test_the_text_of_a_failure_is_bounded():
    text = "E   boom\n" * 1_000_000
    xml = f'<testsuite><testcase name="t"><failure message="m">{text}</failure></testcase></testsuite>'
    result = reader("junit")(xml, a_plan(file="/nowhere/t.py"), a_run())
    assert len(result.problems[0].message) < MAX_MESSAGE_CHARACTERS


def test_json_is_found_among_what_else_was_printed():
    text = 'warning: old\n[info] {not json}\n[\n {"filename": "a.py", "code": "F1"}]\nFound 1.\n'
    assert [it.code for it in reader("ruff-json")(text, a_plan(), a_run()).problems] == ["F1"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "results",
                    "runs",
                    "testResults",
                    "assertionResults",
                    "messages",
                    "failures",
                    "err",
                    "stack",
                    "location",
                    "locations",
                    "row",
                    "line",
                    "column",
                    "filename",
                    "files",
                    "totals",
                    "missing_lines",
                    "dependencies",
                    "vulns",
                    "vulnerabilities",
                    "via",
                    "range",
                    "start",
                    "message",
                    "code",
                    "severity",
                    "name",
                    "generalDiagnostics",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(value=json_values)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(value={"results": [{"line_number": -(10**30), "col_offset": True}]})
@example(value={"runs": [{"results": [{"locations": [None, 3]}]}]})
@example(value=[{"filename": 3, "location": {"row": 10**30, "column": -7}}])
@example(value={"testResults": [{"name": "\0", "assertionResults": [{"status": []}]}]})
def test_any_json_is_a_report_or_one_expected_error(value):
    text = json.dumps(value)
    for name in MACHINE_FORMATS:
        try:
            found = reader(name)(text, a_plan(file="/nowhere/a.py"), a_run(text))
        except RunError:
            continue
        for problem in found.problems:
            assert problem.line >= 0
            assert problem.column is None or problem.column >= 0
            assert problem.path.startswith("/")


@given(text=st.text())
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_report_or_one_expected_error(text):
    for name in reader_names():
        with contextlib.suppress(RunError):
            reader(name)(text, a_plan(file="/nowhere/a.py"), a_run(text))


@pytest.mark.parametrize(
    "piece", ["a", "a:1:", " ", "\n", "(", "=", "E   ", "at ", "[", "{", "❯ ", "*"]
)
def test_no_text_takes_long_to_read(piece):
    text = piece * (400_000 // len(piece))
    started = time.process_time()
    for name in reader_names():
        outcome_of(a_plan(result=name), a_run(text))
    failure = f"<testsuite><testcase name='t'><failure>{text.replace('<', '')}</failure></testcase></testsuite>"
    outcome_of(a_plan(result="junit"), a_run(failure))
    stack = {"failures": [{"title": "t", "err": {"stack": text}}]}
    outcome_of(a_plan(result="mocha-json"), a_run(json.dumps(stack)))
    broken = {"testResults": [{"name": "f", "status": "failed", "message": text}]}
    outcome_of(a_plan(result="jest-json"), a_run(json.dumps(broken)))
    assert time.process_time() - started < 5


def test_a_reader_that_fails_costs_its_own_result_alone(monkeypatch, caplog):
    def fail(_text, _plan, _run):
        raise KeyError("surprise")

    monkeypatch.setattr(outcome, "reader", lambda _name: fail)
    result = outcome_of(a_plan(tool="ruff"), a_run("", 0))
    assert (result.status, result.summary) == (
        Status.ERROR,
        "The result of ruff cannot be read.",
    )
    assert "KeyError" in caplog.text


def test_report_text_helpers_keep_their_bounds():
    assert report.one_line("\n\n  a \nb") == "a"
    assert report.shortened("abcdef", 3) == "ab…"
