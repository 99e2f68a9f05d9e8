"""The expression that a test carries makes real runners run it, all rows of its table, and no other."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from skills_lsp.patterns import inspect
from tests.server.projects import node_modules

SHOP = r"""
const run = () => {};
describe("cart (a+b)*c", () => {
  it("costs $5 / \"double\" 'single' `tick`", run);
  it("of two\nlines, \t and a back\\slash", run);
  it("adds", run);
  it("adds more", run);
  it('ünï — 日本 🎉 it\'s', run);
  it("takes %s and $name as they are", run);
  it("is " + "glued" + " together", run);
  for (const n of [1, 2]) it(`turn ${n} of the loop`, run);
  shared();
  describe("when [open] | {shut}?", () => {
    it("adds", run);
  });
});
describe("till", () => {
  it("adds", run);
});
it("adds", run);
function shared() {
  it("is shared", run);
}
"""
TABLES = r"""
it.each([[1, 2], [3, 4]])("sums %i and %s, 100%%", run);
describe.each([{ size: 1 }, { size: 2 }])("size $size", () => {
  it("fits", run);
});
it.each`
a | b
${1} | ${2}
${3} | ${4}`("has $a and $b", run);
"""
SEEN = {
    "cart (a+b)*c costs $5 / \"double\" 'single' `tick`": 1,
    "cart (a+b)*c of two\nlines, \t and a back\\slash": 1,
    "cart (a+b)*c adds": 1,
    "cart (a+b)*c adds more": 1,
    "cart (a+b)*c ünï — 日本 🎉 it's": 1,
    "cart (a+b)*c takes %s and $name as they are": 1,
    "cart (a+b)*c is glued together": 1,
    "cart (a+b)*c turn ${n} of the loop": 2,
    "cart (a+b)*c when [open] | {shut}? adds": 1,
    "till adds": 1,
    "adds": 1,
    "is shared": 1,
    "cart (a+b)*c when [open] | {shut}?": 1,
    "till": 1,
    "cart (a+b)*c": 11,
}
SEEN_IN_TABLES = {
    "sums %i and %s, 100%%": 2,
    "size $size fits": 2,
    "has $a and $b": 2,
    "size $size": 2,
}
HARD = [
    "cart (a+b)*c costs $5 / \"double\" 'single' `tick`",
    "cart (a+b)*c of two\nlines, \t and a back\\slash",
    "cart (a+b)*c turn ${n} of the loop",
    "is shared",
    "cart (a+b)*c when [open] | {shut}?",
    *SEEN_IN_TABLES,
]
"""Those that vitest and jest are asked for: they take a second to start."""

VITEST = "import { describe, it } from 'vitest';\n"


def patterns(text: str) -> dict[str, str]:
    """Return the expression of each test and suite, by its id."""
    found = inspect("shop.test.js", text).findings
    return {
        each.test_id: each.test_pattern
        for each in found
        if each.pattern in ("test-function", "test-suite")
    }


def ran(command: list[str], folder: Path, result: Path | None = None) -> dict[str, object]:
    """Run a test runner and return what it wrote."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    text = result.read_text(encoding="utf-8") if result is not None else done.stdout
    report: dict[str, object] = json.loads(text)
    return report


def passed(report: dict[str, object]) -> list[str]:
    """Return the full names of the tests that ran, from a report of jest's form."""
    files: list[dict[str, list[dict[str, str]]]] = report["testResults"]  # type: ignore[assignment]
    tests = (each for file in files for each in file["assertionResults"])
    return [each["fullName"].strip() for each in tests if each["status"] == "passed"]


def meant(pattern: str, name: str) -> bool:
    """Say whether a test that ran is one of those that the expression is for."""
    return re.search(pattern, name if pattern.endswith("$") else f"{name} ") is not None


def test_every_test_has_an_expression_of_its_own() -> None:
    found = patterns(SHOP + TABLES)
    assert set(found) == {*SEEN, *SEEN_IN_TABLES}
    assert len(set(found.values())) == len(found)


@pytest.mark.node
@pytest.mark.parametrize("name", HARD)
def test_vitest_runs_exactly_the_test(tmp_path: Path, name: str) -> None:
    (tmp_path / "node_modules").symlink_to(node_modules("vitest@3"), target_is_directory=True)
    (tmp_path / "shop.test.js").write_text(VITEST + SHOP + TABLES, encoding="utf-8")
    result = tmp_path / "result.json"
    pattern = patterns(VITEST + SHOP + TABLES)[name]
    command = [str(tmp_path / "node_modules" / ".bin" / "vitest"), "run", "--reporter=json"]
    more = [f"--outputFile={result}", f"--testNamePattern={pattern}", "shop.test.js"]
    names = passed(ran([*command, *more], tmp_path, result))
    assert len(names) == {**SEEN, **SEEN_IN_TABLES}[name]
    assert all(meant(pattern, each) for each in names)


@pytest.mark.node
@pytest.mark.parametrize("name", HARD)
def test_jest_runs_exactly_the_test(tmp_path: Path, name: str) -> None:
    (tmp_path / "node_modules").symlink_to(node_modules("jest@29"), target_is_directory=True)
    (tmp_path / "package.json").write_text('{"jest": {"transform": {}}}')
    (tmp_path / "shop.test.js").write_text(SHOP + TABLES, encoding="utf-8")
    pattern = patterns(SHOP + TABLES)[name]
    command = [str(tmp_path / "node_modules" / ".bin" / "jest"), "--json", "--runTestsByPath"]
    names = passed(ran([*command, f"--testNamePattern={pattern}", "shop.test.js"], tmp_path))
    assert len(names) == {**SEEN, **SEEN_IN_TABLES}[name]
    assert all(meant(pattern, each) for each in names)


@pytest.mark.node
@pytest.mark.parametrize("name", SEEN)
def test_mocha_runs_exactly_the_test(tmp_path: Path, name: str) -> None:
    (tmp_path / "shop.test.js").write_text(SHOP, encoding="utf-8")
    pattern = patterns(SHOP)[name]
    mocha = str(node_modules("mocha@11") / ".bin" / "mocha")
    report = ran([mocha, "--reporter=json", f"--grep={pattern}", "shop.test.js"], tmp_path)
    tests: list[dict[str, str]] = report["passes"]  # type: ignore[assignment]
    names = [each["fullTitle"] for each in tests]
    assert len(names) == SEEN[name]
    assert all(meant(pattern, each) for each in names)
