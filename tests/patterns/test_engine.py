"""The registry, the ids of tests, silence, and input that nobody would write."""

import re
import time

import pytest

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import catalogue, findings, inspect, is_test_file, problems
from skills_lsp.patterns.catalogue import ROOT, definitions
from skills_lsp.patterns.complexity import cognitive_complexity
from skills_lsp.patterns.rules import rule_set
from skills_lsp.patterns.scheme import read, string_value
from skills_lsp.syntax.languages import LANGUAGES
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point, Span

GOOD = '; Why.\n; Source: https://example.org\n((call) @here (#set! category "async") (#set! message "m"))'


def ids(text: str, language: str = "python", path: str = "tests/test_x.py") -> list[str]:
    """Return ``pattern test-id`` of the findings that have one."""
    found = inspect(path, text, language).findings
    return [f"{each.pattern}: {each.test_id}" for each in found if each.test_id]


def seen(text: str, pattern: str, language: str = "python", path: str = "") -> list[Finding]:
    return [each for each in inspect(path, text, language).findings if each.pattern == pattern]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_file_is_used(language: str) -> None:
    assert problems(language) == ()


def test_pattern_ids_of_the_plan_are_there() -> None:
    by_language = {name: {p.id for p in catalogue() if name in p.languages} for name in LANGUAGES}
    both = {
        "test-function", "async-test", "test-fixture", "parametrized-test", "skipped-test",
        "async-function", "code-exec", "shell-injection", "deserialization", "hardcoded-secret",
        "tls-verify-off", "weak-hash", "sql-string", "unused-import", "duplicate-import",
        "complex-function", "sql-query", "test-hook",
    }  # fmt: skip
    assert both <= by_language["python"] & by_language["javascript"] & by_language["tsx"]
    assert by_language["python"] >= {
        "test-class", "blocking-call-in-async", "missing-await", "dangling-task", "unsafe-yaml",
        "request-timeout", "unsorted-imports", "star-import", "missing-docstring",
        "untyped-function", "nested-event-loop",
    }  # fmt: skip
    only = {"test-suite", "await-in-loop", "floating-promise", "dom-injection"}
    assert by_language["typescript"] >= only
    assert not by_language["python"] & only


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("(call)", "(no_such_node)"), "Invalid node type"),
        (GOOD[:-1], "not closed"),
        (GOOD.replace("@here ", '@here (#no-such? @here "x") '), "not a predicate"),
        (GOOD.replace("async", "nonsense"), "category"),
        (GOOD.replace('(#set! message "m")', ""), "message"),
        ("; nothing", "no pattern"),
    ],
)
def test_a_broken_file_is_reported_and_leaves_the_others_working(tmp_path, text, reason) -> None:
    folder = tmp_path / "python"
    folder.mkdir()
    (folder / "bad.scm").write_text(text)
    (folder / "good.scm").write_text(GOOD.replace("(call)", "(lambda)"))
    (folder / "worse.py").write_text('"""Why."""\nCATEGORY = "async"\nraise RuntimeError("no")\n')
    rules = rule_set("python", tmp_path)
    assert {str(each).partition(":")[0] for each in rules.problems} == {
        "python/bad.scm",
        "python/worse.py",
    }
    assert any(reason in str(each) for each in rules.problems)
    assert list(rules.groups) == ["( lambda ) @here"]


def test_regular_expressions_in_pattern_files_compile() -> None:
    for language in LANGUAGES:
        for definition in definitions(language)[0]:
            for clause in definition.clauses:
                for predicate in clause.predicates:
                    if "match?" in predicate.name:
                        re.compile(string_value(predicate.arguments[-1]))


def test_a_pattern_file_is_read_into_structure_and_predicates() -> None:
    header, (clause,) = read(
        "; Why it matters,\n; in two lines.\n; Source: https://x\n((a b: (_) @c) @d\n"
        '  (#eq? @c "x\\"y") ; said\n  (#set! message "m"))'
    )
    assert (header.summary, header.source) == ("Why it matters, in two lines.", "https://x")
    assert clause.structure == "( a b: ( _ ) @c ) @d"
    assert [(each.name, each.arguments) for each in clause.predicates] == [
        ("eq?", ("@c", '"x\\"y"'))
    ]
    assert clause.settings == {"message": "m"}


def test_ids_of_python_tests_are_what_pytest_wants_behind_the_path() -> None:
    text = """
def test_a(): ...
class TestB:
    class TestC:
        async def test_d(self): ...
"""
    assert ids(text) == [
        "test-function: test_a",
        "test-class: TestB",
        "test-class: TestB::TestC",
        "async-test: TestB::TestC::test_d",
        "test-function: TestB::TestC::test_d",
    ]


def test_ids_of_javascript_tests_are_their_titles() -> None:
    text = """
describe("outer", () => {
  describe(`inner`, () => { it('does "it"', () => {}); });
  test("plain", () => {});
});
"""
    assert ids(text, "typescript", "a.test.ts") == [
        "test-suite: outer",
        "test-suite: outer inner",
        'test-function: outer inner does "it"',
        "test-function: outer plain",
    ]


def test_tests_in_javascript_need_a_test_file_or_an_import() -> None:
    call = 'it("adds", () => {});\n'
    assert not seen(call, "test-function", "javascript", "src/shop.js")
    for module in ("vitest", "@jest/globals", "mocha", "node:test"):
        text = f'import {{ it }} from "{module}";\n{call}'
        assert seen(text, "test-function", "javascript", "src/shop.js"), module
    assert not seen(
        f'import {{ it }} from "grammar";\n{call}', "test-function", "javascript", "a.js"
    )


def test_tests_in_python_need_a_file_that_pytest_collects() -> None:
    text = "def test_a(): ...\n"
    assert seen(text, "test-function", path="tests/test_a.py")
    assert seen(text, "test-function", path="")
    assert not seen(text, "test-function", path="tests/helpers.py")
    assert not seen(text, "test-function", path="latest.py")


@pytest.mark.parametrize(
    ("path", "language", "is_test"),
    [
        ("a/test_x.py", "python", True),
        ("a/x_test.py", "python", True),
        ("a/conftest.py", "python", True),
        ("tests/helpers.py", "python", True),
        ("a/latest.py", "python", False),
        ("a/contest.py", "python", False),
        ("a/testing.py", "python", False),
        ("a/x.test.ts", "typescript", True),
        ("a/x.spec.tsx", "tsx", True),
        ("a/__tests__/x.js", "javascript", True),
        ("a/latest.js", "javascript", False),
        ("a/inspect.ts", "typescript", False),
        ("", "python", False),
    ],
)
def test_files_of_tests_are_known_by_name_and_folder(path, language, is_test) -> None:
    assert is_test_file(path, language) is is_test


@pytest.mark.parametrize(
    "comment",
    ["# nosec", "# noqa", "# noqa: S307", "# NOQA:S307,E501", "#nosec B307", "# noqa : X1"],
)
def test_a_comment_on_the_line_silences_a_risk(comment: str) -> None:
    silenced = comment != "# noqa : X1"
    assert bool(seen(f"eval(x)  {comment}\n", "code-exec")) is not silenced


@pytest.mark.parametrize(
    ("comment", "silenced"),
    [
        ("# flake8: noqa", True),
        ("# ruff: noqa", True),
        ("# ruff: noqa: S307", True),
        ("# ruff: noqa: F401", False),
        ("x = '# ruff: noqa'", False),
    ],
)
def test_a_comment_silences_a_whole_file(comment: str, silenced: bool) -> None:
    assert bool(seen(f"{comment}\neval(data)\n", "code-exec")) is not silenced


def test_a_string_silences_nothing() -> None:
    assert seen('eval(x + "# nosec")\n', "code-exec")


@pytest.mark.parametrize(
    ("text", "score"),
    [
        # The worked examples of the paper's appendix, in Python.
        ("def f(n):\n  for a in n:\n    for b in a:\n      if a % b == 0:\n        continue\n", 6),
        ("def f(a, b, c):\n  return a and b and c or a\n", 2),
        ("def f(a):\n  if a:\n    pass\n  elif a:\n    pass\n  else:\n    pass\n", 3),
        ("def f():\n  try:\n    pass\n  except E:\n    if a:\n      pass\n", 3),
        ("def f():\n  g = lambda: 1 if a else 2\n", 2),
        ("def f():\n  return 1\n", 0),
    ],
)
def test_cognitive_complexity_counts_breaks_and_nesting(text: str, score: int) -> None:
    source = Source(text, "python")
    assert cognitive_complexity(source, source.root.child(0)) == score


def test_cognitive_complexity_of_javascript_counts_else_if_once() -> None:
    text = "function f(a) { if (a) {} else if (a && b) {} else {} switch (a) {} }"
    source = Source(text, "javascript")
    assert cognitive_complexity(source, source.root.child(0)) == 1 + 1 + 1 + 1 + 1


def test_an_unknown_language_has_no_findings() -> None:
    assert inspect("a.rs", "fn main() {}").findings == ()
    assert inspect("a.py", "eval(x)").language == "python"


HOSTILE = {
    "open brackets": "(" * 100_000,
    "open squares": "[" * 100_000,
    "open braces": "{" * 100_000,
    "brackets in a function": "def f():\n  x = " + "(" * 100_000,
    "nested calls": "f(" * 20_000 + ")" * 20_000,
    "nested lists": "[" * 20_000 + "]" * 20_000,
    "attributes": "a" + ".b" * 20_000 + "()",
    "calls of calls": "a" + "()" * 20_000,
    "sum": "x = 'SELECT a FROM b '" + " + y" * 20_000,
    "awaits": "async " * 20_000,
    "one line of a megabyte": "x = '" + "a" * 1_000_000 + "'",
    "a megabyte of commas": "f(" + "a," * 500_000,
    "NULs": "\0" * 1_000 + "eval(x)",
    "half characters": "\ud800eval('\udfff' + x)\r\r\u2028\x0c",
    "elifs": "if a:\n  pass\n" + "elif a:\n  pass\n" * 5_000,
    "decorators": "@a\n" * 20_000 + "def f(): pass",
    "lambdas": "lambda:" * 20_000 + "1",
    "quotes": "'\"" * 50_000,
    "templates": "`${" * 20_000,
    "tags": "<a>" * 20_000,
}


@pytest.mark.parametrize("language", ["python", "javascript", "tsx"])
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_is_answered_in_bounded_time(name: str, language: str) -> None:
    source = Source(HOSTILE[name], language, "tests/test_x.py")
    started = time.process_time()
    findings(source)
    findings(source, Span(Point(0, 0), Point(0, 10)))
    # Two seconds are the promise; a busy machine gets some more before this fails.
    assert time.process_time() - started < 4


def test_the_registry_is_the_folder() -> None:
    files = {
        each
        for folder in ("python", "javascript", "typescript")
        for each in (ROOT / folder).iterdir()
        if each.suffix in (".scm", ".py") and each.name != "__init__.py"
    }
    assert {each.path for each in catalogue()} == files
