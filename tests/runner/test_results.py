"""What each reader makes of the output that its tool really wrote (data/, captured)."""

from textwrap import dedent

import pytest

from skills_lsp.runner.report import Report
from skills_lsp.runner.results import reader, reader_names
from skills_lsp.skills.vocabulary import RESULT_READERS


@pytest.fixture
def check(project, captured, make_plan, make_run):
    def check(name: str, file: str, expected: str, *, exit_code: int = 1, **fields) -> Report:
        text = captured(file)
        report = reader(name)(text, make_plan(**fields), make_run(text, exit_code))
        assert render(report, str(project)) == dedent(expected).strip()
        return report

    return check


def render(report: Report, root: str) -> str:
    lines = [report.summary]
    for it in report.problems:
        place = it.path.replace(f"{root}/", "")
        start = f"{it.line}" if it.column is None else f"{it.line}:{it.column}"
        end = "" if it.end_line is None else f"-{it.end_line}:{it.end_column}"
        first = it.message.splitlines()[0]
        lines.append(f"  {place} {start}{end} {it.severity} [{it.code}] {first}")
    return "\n".join(lines)


def test_the_vocabulary_of_skill_files_names_exactly_the_readers():
    assert reader_names() == tuple(sorted(RESULT_READERS))


@pytest.mark.parametrize("style", ["auto", "short"])
def test_pytest_failures_stand_where_they_were_raised_and_at_their_test(check, style):
    report = check(
        "junit",
        f"pytest-{style}.xml",
        """
        5 failed, 1 error, 2 passed, 2 skipped: test_total: assert 3 == 4 (0.42 s)
          tests/test_shop.py 11 error [AssertionError] test_total: assert 3 == 4
          src/shop.py 21 error [ZeroDivisionError] test_mean_of_nothing: ZeroDivisionError: division by zero
          tests/test_shop.py 19 error [ZeroDivisionError] test_mean_of_nothing: ZeroDivisionError: division by zero (at src/shop.py:22)
          tests/test_shop.py 25 error [AssertionError] test_each[2]: AssertionError: 2 is too much
          tests/test_shop.py 31 error [Failed] test_raises: Failed: DID NOT RAISE ValueError
          tests/test_shop.py 37 error [RuntimeError] test_with_fixture: RuntimeError: no database
          tests/test_shop.py 50 error [AssertionError] test_long: AssertionError: assert 'a\\nb\\nc\\nd' == 'a\\nb\\nx\\nd'
        """,
    )
    assert report.error_type == "AssertionError"
    assert [it.line for it in report.problems if it.is_echo] == [19]
    assert report.problems[0].message.splitlines() == [
        "test_total: assert 3 == 4",
        " +  where 3 = total([1, 2])",
    ]


def test_pytest_native_tracebacks_are_read_past_the_frames_of_pytest_itself(check):
    check(
        "junit",
        "pytest-native.xml",
        """
        1 failed: ZeroDivisionError: division by zero (0.42 s)
          src/shop.py 21 error [ZeroDivisionError] test_mean_of_nothing: ZeroDivisionError: division by zero
          tests/test_shop.py 19 error [ZeroDivisionError] test_mean_of_nothing: ZeroDivisionError: division by zero (at src/shop.py:22)
        """,
    )


@pytest.mark.parametrize("style", ["line", "no"])
def test_pytest_without_tracebacks_leads_to_the_tests_themselves(check, style):
    check(
        "junit",
        f"pytest-{style}.xml",
        """
        5 failed, 1 error, 2 passed, 2 skipped: test_total: assert 3 == 4 (0.42 s)
          tests/test_shop.py 9 error [AssertionError] test_total: assert 3 == 4
          tests/test_shop.py 18 error [ZeroDivisionError] test_mean_of_nothing: ZeroDivisionError: division by zero
          tests/test_shop.py 24 error [AssertionError] test_each[2]: AssertionError: 2 is too much
          tests/test_shop.py 30 error [Failed] test_raises: Failed: DID NOT RAISE ValueError
          tests/test_shop.py 40 error [RuntimeError] test_with_fixture: RuntimeError: no database
          tests/test_shop.py 49 error [AssertionError] test_long: AssertionError: assert 'a\\nb\\nc\\nd' == 'a\\nb\\nx\\nd'
        """,
    )


def test_a_test_file_that_does_not_parse_is_an_error_at_its_line(check):
    check(
        "junit",
        "pytest-collect.xml",
        """
        1 error: SyntaxError: invalid syntax (0.42 s)
          tests/test_syntax.py 0 error [SyntaxError] tests.test_syntax: SyntaxError: invalid syntax
        """,
        exit_code=2,
    )


def test_junit_of_node_leads_to_the_cause_inside_its_wrapped_error(check):
    check(
        "junit",
        "node-junit.xml",
        """
        2 failed, 1 passed, 1 skipped: adds: Expected values to be strictly equal:3 !== 4 (0.42 s)
          node.test.mjs 4:11 error [AssertionError] adds: Expected values to be strictly equal:3 !== 4
          node.test.mjs 8:26 error [RangeError] top: too big
        """,
    )


def test_junit_of_vitest(check):
    check(
        "junit",
        "vitest-junit.xml",
        """
        7 failed, 2 passed, 1 skipped: broken.test.js: Parse failure: Unexpected token `=`. Expected yield, an identifier, [ or { At file: broken.test.js:… (0.42 s)
          broken.test.js 1:8 error [RollupError] broken.test.js: Parse failure: Unexpected token `=`. Expected yield, an identifier, [ or { At file: broken.test.js:2:8
          sum.test.js 1:0 error [ReferenceError] sum.test.js: describe is not defined
          test/broken.test.ts 2:8 error [Error] test/broken.test.ts: Transform failed with 1 error: test/broken.test.ts:3:8: ERROR: Expected identifier but found "="
          test/sum.test.ts 5:22 error [AssertionError] sum > adds: expected 3 to be 4 // Object.is equality
          test/sum.test.ts 12:14 error [AssertionError] sum > each 2 is small: expected 2 to be less than 2
          src/sum.ts 4:8 error [TypeError] throws in source: not implemented
          test/sum.test.ts 17:17 error [TypeError] throws in source: not implemented (at src/sum.ts:5)
          test/sum.test.ts 20:30 error [AssertionError] objects: expected { a: 1, b: [ 1, 2 ] } to deeply equal { a: 1, b: [ 1, 3 ] }
        """,
    )


def test_vitest_failures_and_files_that_do_not_load(check):
    check(
        "vitest-json",
        "vitest.json",
        """
        4 failed, 3 errors, 2 passed, 1 skipped: broken.test.js: Parse failure: Unexpected token `=`. Expected yield, an identifier, [ or { (0.42 s)
          broken.test.js 1:8 error [load-error] broken.test.js: Parse failure: Unexpected token `=`. Expected yield, an identifier, [ or {
          sum.test.js 0 error [load-error] sum.test.js: describe is not defined
          test/broken.test.ts 2:8 error [load-error] broken.test.ts: Transform failed with 1 error:
          test/sum.test.ts 5:22 error [AssertionError] adds: expected 3 to be 4 // Object.is equality
          test/sum.test.ts 12:14 error [AssertionError] each 2 is small: expected 2 to be less than 2
          src/sum.ts 4:8 error [TypeError] throws in source: TypeError: not implemented
          test/sum.test.ts 17:17 error [TypeError] throws in source: TypeError: not implemented (at src/sum.ts:5)
          test/sum.test.ts 20:30 error [AssertionError] objects: expected { a: 1, b: [ 1, 2 ] } to deeply equal { a: 1, b: [ 1, 3 ] }
        """,
    )


def test_vitest_that_ran_no_test_did_nothing(check):
    report = check("vitest-json", "vitest-nofile.json", "no test was run")
    assert report.did_nothing


def test_jest_columns_beyond_the_basic_plane_are_counted_in_characters(check):
    check(
        "jest-json",
        "jest.json",
        """
        2 failed, 1 error, 1 passed, 1 skipped: adds: assert.strictEqual(received, expected) (0.42 s)
          sum.test.js 3:11 error [AssertionError] adds: assert.strictEqual(received, expected)
          sum.test.js 9:69 error [Error] jest expect: expect(received).toEqual(expected) // deep equality
          broken.test.js 1:8 error [SyntaxError] broken.test.js: SyntaxError: broken.test.js: Unexpected token (2:8)
        """,
    )


def test_mocha(check):
    check(
        "mocha-json",
        "mocha.json",
        """
        2 failed, 1 passed, 1 skipped: jest expect: RangeError: too big (0.42 s)
          sum.test.js 9:99 error [RangeError] jest expect: RangeError: too big
          sum.test.js 3:11 error [AssertionError] adds: Expected values to be strictly equal:
        """,
    )


def test_ruff_counts_characters_and_calls_errors_what_breaks(captured, make_plan, make_run):
    report = reader("ruff-json")(captured("ruff.json"), make_plan(), make_run())
    assert report.summary == "15 problems in 2 files: F821 Undefined name `undefined_name`"
    undefined = next(it for it in report.problems if it.code == "F821")
    assert (undefined.line, undefined.column, undefined.end_column) == (25, 38, 52)
    errors = {it.code for it in report.problems if it.severity == "error"}
    assert errors == {"F821", "invalid-syntax"}


def test_mypy_gives_no_columns_in_lines_beyond_ascii(check):
    check(
        "mypy-json",
        "mypy.jsonl",
        """
        3 problems: operator Unsupported operand types for + ("str" and "int")
          src/shop.py 25 error [operator] Unsupported operand types for + ("str" and "int")
          src/shop.py 25 error [name-defined] Name "undefined_name" is not defined
          src/shop.py 26 error [no-any-return] Returning Any from function declared to return "str"
        """,
    )


def test_pyright_counts_utf16(check):
    check(
        "pyright-json",
        "pyright.json",
        """
        2 problems: reportOperatorIssue Operator "+" not supported for types "str" and "Literal[1]"
          src/shop.py 25:12-25:29 error [reportOperatorIssue] Operator "+" not supported for types "str" and "Literal[1]"
          src/shop.py 25:38-25:52 error [reportUndefinedVariable] "undefined_name" is not defined
        """,
    )


def test_bandit(check):
    check(
        "bandit-json",
        "bandit.json",
        """
        4 problems: B602 subprocess call with shell=True identified, security issue. (confidence: high)
          src/shop.py 7:0 information [B403] Consider possible security implications associated with pickle module. (confidence: high)
          src/shop.py 8:0 information [B404] Consider possible security implications associated with the subprocess module. (confidence: high)
          src/shop.py 30:4 error [B602] subprocess call with shell=True identified, security issue. (confidence: high)
          src/shop.py 31:11 warning [B301] Pickle and modules that wrap it can be unsafe when used to deserialize untrusted data, possible security issue. (confidence: high)
        """,
    )


def test_eslint_counts_utf16(check):
    check(
        "eslint-json",
        "eslint.json",
        """
        4 problems in 2 files: no-debugger Unexpected 'debugger' statement.
          lint.js 0:6-0:7 warning [no-unused-vars] 's' is assigned a value but never used.
          lint.js 0:16-0:25 error [no-debugger] Unexpected 'debugger' statement.
          lint.js 1:0-1:4 error [no-undef] 'nope' is not defined.
          lint2.js 0:6 error [parsing-error] Parsing error: Unexpected token =
        """,
    )


def test_sarif_of_ruff_counts_characters_without_saying_so(check):
    check(
        "sarif",
        "ruff.sarif",
        """
        3 problems: F401 `os` imported but unused
          src/shop.py 6:7-6:9 error [F401] `os` imported but unused
          src/shop.py 25:31-25:35 error [F841] Local variable `wert` is assigned to but never used
          src/shop.py 25:38-25:52 error [F821] Undefined name `undefined_name`
        """,
    )


def test_tsc_counts_utf16(check):
    check(
        "tsc-text",
        "tsc.txt",
        """
        2 problems: TS2322 Type 'string' is not assignable to type 'number'.
          ts.ts 0:21 error [TS2322] Type 'string' is not assignable to type 'number'.
          ts.ts 2:2 error [TS2322] Type '{ b: number; }' is not assignable to type 'string'.
        """,
    )


def test_coverage_marks_each_stretch_that_no_test_reaches(check):
    check(
        "coverage-json",
        "coverage.json",
        """
        69 % covered, 4 of 13 statements not reached
          src/shop.py 25:4-26:16 hint [not-covered] No test reaches these lines.
          src/shop.py 30:4-31:29 hint [not-covered] No test reaches these lines.
        """,
        exit_code=0,
    )


def test_coverage_tells_first_how_the_tests_went(captured, make_plan, make_run):
    run = make_run("F\n=== 1 failed, 9 deselected in 0.05s ===\n")
    report = reader("coverage-json")(captured("coverage.json"), make_plan(), run)
    assert report.summary == (
        "1 failed, 9 deselected in 0.05s; 69 % covered, 4 of 13 statements not reached"
    )


def test_doctest(check):
    check(
        "doctest-text",
        "doctest.txt",
        """
        1 example failed: shop: expected 4, got 3
          src/shop.py 2 error [doctest] shop: expected 4, got 3
        """,
    )


def test_a_traceback_leads_to_the_project_and_not_to_the_library(check):
    check(
        "python-traceback",
        "traceback.txt",
        """
        ZeroDivisionError: division by zero
          src/shop.py 21 error [ZeroDivisionError] ZeroDivisionError: division by zero
        """,
    )


def test_gcc(check):
    check(
        "gcc-text",
        "gcc.txt",
        """
        3 problems: missing terminating " character
          a.c 1:6 warning [] missing terminating " character
          a.c 1:6 error [] missing terminating " character
          a.c 2:2 error [] expected identifier or ‘(’ before ‘return’
        """,
    )


def test_flake8_codes_are_told_from_their_messages(make_plan, make_run, tmp_path):
    text = "./a.py:3:80: E501 line too long (99 > 79 characters)\n12:30:45: not a place\n"
    report = reader("gcc-text")(text, make_plan(), make_run(text))
    assert render(report, str(tmp_path)) == (
        "1 problem: E501 line too long (99 > 79 characters)\n"
        "  a.py 2:79 error [E501] line too long (99 > 79 characters)"
    )


def test_pip_audit_does_not_call_safe_what_it_could_not_look_up(check):
    check(
        "pip-audit-json",
        "pip-audit.json",
        "no known vulnerabilities in 0 packages, 1 could not be looked up",
        exit_code=0,
    )


def test_a_vulnerable_package_stands_where_it_is_asked_for(project, make_plan, make_run):
    (project / "requirements.txt").write_text("# jinja2\nflask\nJinja2==2.4.1\n")
    text = (
        '{"dependencies": [{"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-2014-8",'
        ' "fix_versions": ["2.7.2"], "aliases": [], "description": "Local users"}]}]}'
    )
    report = reader("pip-audit-json")(text, make_plan(), make_run(text))
    assert render(report, str(project)) == (
        "1 known vulnerability in 1 package: jinja2 2.4.1: PYSEC-2014-8 (fixed in 2.7.2)\n"
        "  requirements.txt 2 error [PYSEC-2014-8] jinja2 2.4.1: PYSEC-2014-8 (fixed in 2.7.2)"
    )


def test_npm_audit_puts_the_worst_first_at_the_line_of_package_json(project, make_plan, make_run):
    (project / "package.json").write_text('{\n "dependencies": {\n  "lodash": "4.17.4"\n }\n}\n')
    text = (
        '{"auditReportVersion": 2, "vulnerabilities": {'
        '"deep": {"name": "deep", "severity": "low", "via": ["lodash"], "range": "*"},'
        '"lodash": {"name": "lodash", "severity": "critical", "range": "<=4.17.20",'
        ' "via": [{"title": "Prototype pollution", "url": "https://a.example/1"}],'
        ' "fixAvailable": true}},'
        '"metadata": {"vulnerabilities": {"low": 1, "critical": 1, "total": 2}}}'
    )
    report = reader("npm-audit-json")(text, make_plan(), make_run(text))
    assert render(report, str(project)) == (
        "2 vulnerable packages (1 critical, 1 low)\n"
        "  package.json 2 error [critical] lodash <=4.17.20: Prototype pollution. A fix is available.\n"
        "  package.json 0 information [low] deep *: depends on a vulnerable package."
    )


def test_text_tells_the_last_line_of_a_good_run(make_plan, make_run):
    text = "building…\nbuilt 3 pages\n\n"
    assert reader("text")(text, make_plan(), make_run(text, 0)).summary == "built 3 pages"


def test_text_tells_the_line_that_names_the_error_of_another(make_plan, make_run):
    text = "reading\n\x1b[31mValueError: no such page\x1b[0m\nsee the manual\n"
    report = reader("text")(text, make_plan(), make_run(text, 1))
    assert (report.summary, report.error_type) == ("ValueError: no such page", "ValueError")


UNITTEST = """\
F.E
======================================================================
ERROR: test_a (t.A.test_a)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "{root}/t.py", line 4, in test_a
    {{}}["k"]
KeyError: 'k'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "{root}/t.py", line 6, in test_a
    raise ValueError("no k")
ValueError: no k

======================================================================
FAIL: test_b (t.A.test_b)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "{root}/t.py", line 9, in test_b
    self.assertEqual(1, 2)
AssertionError: 1 != 2

----------------------------------------------------------------------
Ran 3 tests in 0.001s

FAILED (failures=1, errors=1)
"""


def test_each_failure_of_unittest_is_one_problem_and_a_chain_counts_once(
    make_plan, make_run, tmp_path
):
    text = UNITTEST.format(root=tmp_path)
    report = reader("python-traceback")(text, make_plan(), make_run(text))
    assert render(report, str(tmp_path)) == (
        "2 of 3 tests failed: ValueError: no k\n"
        "  t.py 5 error [ValueError] ValueError: no k\n"
        "  t.py 8 error [AssertionError] AssertionError: 1 != 2"
    )


@pytest.mark.parametrize(
    ("n", "summary", "did_nothing"),
    [("0 tests", "no test was run", True), ("3 tests", "OK: ran 3 tests in 0.001s", False)],
)
def test_unittest_that_ran_no_test_did_nothing(make_plan, make_run, n, summary, did_nothing):
    text = f"...\n------\nRan {n} in 0.001s\n\nOK\n"
    report = reader("python-traceback")(text, make_plan(), make_run(text, 0))
    assert (report.summary, report.did_nothing) == (summary, did_nothing)
