"""Which JavaScript files are tests to a project's runner, and what its files hand on of one."""

import json
from pathlib import Path

import pytest

from skills_lsp.patterns import inspect
from skills_lsp.projects import project_of
from skills_lsp.projects.javascript_config import test_files as files_of

CALL = 'it("adds", () => {});\n'


def titles_in(root: Path, name: str, text: str) -> list[str]:
    """Return the titles of the tests that are seen in a file of a project."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    found = inspect(str(path), text, project=project_of(str(path), str(root))).findings
    return [each.name for each in found if each.pattern == "test-function"]


@pytest.mark.parametrize(
    ("settings", "said", "file", "other"),
    [
        ("package.json", '{"jest": {"testMatch": ["<rootDir>/src/**/*.check.{js,ts}"]}}', "src/a/b.check.ts", "src/a/b.ts"),
        ("package.json", '{"jest": {"testRegex": "/checks/.*\\\\.js$"}}', "src/checks/a.js", "src/a.js"),
        ("package.json", '{"scripts": {"test": "nyc mocha -u tdd \\"lib/**/*.ok.js\\" && lint a.js"}}', "lib/x/a.ok.js", "a.js"),
        ("package.json", '{"mocha": {"spec": ["./checks/*.js"]}}', "checks/a.js", "checks/deep/a.js"),
        (".mocharc.json", '{"spec": "checks/**/*.js"}', "checks/deep/a.js", "src/a.js"),
        (".mocharc.yml", "ui: bdd\nspec:\n  - 'checks/*.js'\n  - more/?(a|b).js\n", "more/b.js", "more/c.js"),
        (".mocharc.cjs", "module.exports = {\n  spec: ['checks/*.js'],\n};\n", "checks/a.js", "src/a.js"),
        ("jest.config.js", "export default { testMatch: ['**/*.ok.js', '!**/x/**'] };\n", "src/a.ok.js", "src/x/a.js"),
        (
            "vitest.config.ts",
            "export default defineConfig({ test: { coverage: { include: ['src/**'] },\n"
            "  include: ['**/*.ok.{js,ts}'], // ['all']\n} })\n",
            "src/a.ok.ts",
            "src/a.ts",
        ),
    ],
)  # fmt: skip
def test_a_project_says_which_files_its_runner_loads(
    tmp_path: Path, settings: str, said: str, file: str, other: str
) -> None:
    (tmp_path / settings).write_text(said)
    assert titles_in(tmp_path, file, CALL) == ["adds"]
    assert titles_in(tmp_path, other, CALL) == []


@pytest.mark.parametrize(
    "said", ["", "{", "[]", '{"jest": 5, "scripts": []}', '{"scripts": {"test": "mocha \'"}}']
)
def test_settings_that_say_nothing_are_no_error(tmp_path: Path, said: str) -> None:
    (tmp_path / "package.json").write_text(said)
    assert files_of(str(tmp_path), str(tmp_path)) == ((), ())
    assert titles_in(tmp_path, "src/a.js", CALL) == []


def test_changed_settings_are_read_again(tmp_path: Path) -> None:
    assert titles_in(tmp_path, "checks/a.js", CALL) == []
    (tmp_path / ".mocharc.json").write_text('{"spec": "checks/*.js"}')
    assert titles_in(tmp_path, "checks/a.js", CALL) == ["adds"]


def test_a_project_below_a_folder_of_tests_is_not_all_tests(tmp_path: Path) -> None:
    root = tmp_path / "tests" / "shop"
    root.mkdir(parents=True)
    assert titles_in(root, "src/a.js", CALL) == []
    assert titles_in(root, "test/a.js", CALL) == ["adds"]


HANDED_ON = {
    "base.ts": 'import { test as base } from "@playwright/test";\nexport const test = base.extend({});\n',
    "kept.ts": 'export { it as check, describe } from "vitest";\nexport * from "./base";\n',
    "default.ts": 'import { test } from "vitest";\nexport default test.extend({});\n',
    "code.ts": "export function test(name: string, run: () => void) {}\nexport const it = 1;\n",
    "old.js": "exports.test = require('./base').test;\n",
    "made.ts": 'import { it as base } from "vitest";\n'
    "export async function tester(n: number) {\n  await n;\n  return base.extend({ n });\n}\n"
    "export const quick = () => base.skip;\nexport function other() { return 1; }\n",
    "loop.ts": 'export * from "./loop";\n',
}


@pytest.mark.parametrize(
    ("imported", "call", "seen"),
    [
        ('import { test } from "./base"', "test", True),
        ('import { test as scenario } from "./base"', "scenario.only", True),
        ('import { check } from "./kept"', "check", True),
        ('import { test } from "./kept.js"', "test", True),
        ('import check from "./default"', "check", True),
        ('import { check } from "@/kept"', "check", True),
        ('import { test } from "./code"', "test", False),
        ('import { it } from "./code"', "it", False),
        ('import { test } from "./loop"', "test", False),
        ('import { test } from "./old"', "test", True),
        ('import { test } from "tap"', "test", False),
        ('import type { test } from "./base"', "test", False),
        ('import { other } from "./base"', "other", False),
        ('import { tester } from "./made";\nconst it = await tester(1)', "it.only", True),
        ('import { quick } from "./made";\nconst test = quick()', "test", True),
        ('import { other } from "./made";\nconst test = other()', "test", False),
        ('import { tester } from "./made"', "tester", False),
    ],
)  # fmt: skip
def test_names_are_followed_into_other_files(
    tmp_path: Path, imported: str, call: str, seen: bool
) -> None:
    for name, text in HANDED_ON.items():
        (tmp_path / "src").mkdir(exist_ok=True)
        (tmp_path / "src" / name).write_text(text)
    text = f'{imported};\n{call}("pays", async () => {{}});\n'
    assert titles_in(tmp_path, "src/shop.test.ts", text) == (["pays"] if seen else [])


def test_package_json_of_any_shape_is_read(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"scripts": {"test": ["mocha a.js"]}}))
    assert files_of(str(tmp_path), str(tmp_path)) == ((), ())
