"""Waiting in JavaScript, as ESLint sees it: ``no-await-in-loop`` and ``require-await``.

A place is a file and a line. ESLint points at the ``=>`` of an arrow function and at the start of other
functions, we at a name or at the word ``async``; both are counted at the line of the function's start.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import inspect
from tests.accuracy.packages import CACHE, node_modules, npm_package
from tests.accuracy.score import Place, Row

PACKAGES = (
    ("discord.js", "14.28.1"), ("knex", "3.3.0"), ("lighthouse", "13.5.0"),
    ("@npmcli/arborist", "10.0.4"), ("openai", "7.57.0"), ("puppeteer-core", "25.16.0"),
    ("release-it", "21.1.2"), ("semantic-release", "25.0.9"), ("undici", "8.12.4"),
)  # fmt: skip
_ESLINT = ("eslint@10.15.0", "@typescript-eslint/parser@8.73.0", "typescript@5.9.3")
_RULES = {"no-await-in-loop": "await-in-loop", "require-await": "async-without-await"}
_SUFFIXES = frozenset({".js", ".mjs", ".cjs", ".ts"})
_MAX_BYTES = 200_000
_MAX_FILES = 150
"""How many files of one package are taken, evenly."""

_LINT = """
import { ESLint } from "eslint";
import parser from "@typescript-eslint/parser";
import { readFileSync } from "node:fs";
const rules = { "no-await-in-loop": 2, "require-await": 2 };
const eslint = new ESLint({
  cwd: "/",
  allowInlineConfig: true,
  overrideConfigFile: true,
  ignore: false,
  overrideConfig: [
    { files: ["**/*.js", "**/*.mjs", "**/*.cjs"], rules },
    { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs" } },
    { files: ["**/*.ts"], rules, languageOptions: { parser } },
  ],
});
const found = await eslint.lintFiles(JSON.parse(readFileSync(0, "utf8")));
console.log(JSON.stringify(found.map(({ filePath, messages }) => ({ filePath, messages }))));
"""


def rows() -> Iterator[Row]:
    """Compare with ESLint, one row for each rule."""
    files = dict(_files())
    linted = judged(files)
    seen = {
        path: inspect(str(file), file.read_text(encoding="utf-8", errors="replace")).findings
        for path, file in files.items()
        if path in linted
    }
    for rule, pattern in _RULES.items():
        right: set[Place] = set()
        found: set[Place] = set()
        for path, messages in linted.items():
            ours = [each for each in seen[path] if each.pattern == pattern]
            found |= {Place(path, _line(each), pattern) for each in ours}
            right |= {
                Place(path, _start(line, column, ours), pattern)
                for each, line, column in messages
                if each == rule
            }
        yield Row(
            pattern,
            f"ESLint {rule}",
            len(linted),
            frozenset(right),
            frozenset(found),
            precision_bar=0.95,
            recall_bar=0.95,
            excused=_silenced(files, pattern, right - found),
        )


def judged(files: dict[str, Path]) -> dict[str, list[tuple[str, int, int]]]:
    """Return rule, line and column of each message, for the files that ESLint can read."""
    folder = node_modules("eslint-async", *_ESLINT)
    script = folder / "lint.mjs"
    script.write_text(_LINT)
    named = {str(file): path for path, file in files.items()}
    done = subprocess.run(
        ["node", str(script)], input=json.dumps(list(named)), text=True, capture_output=True,
        check=True,
    )  # fmt: skip
    found = {}
    for each in json.loads(done.stdout):
        if not any(message.get("fatal") for message in each["messages"]):
            found[named[each["filePath"]]] = [
                (it["ruleId"], it["line"], it["column"]) for it in each["messages"]
            ]
    return found


def _files() -> Iterator[tuple[str, Path]]:
    for name, version in PACKAGES:
        folder = npm_package(name, version)
        found = [each for each in sorted(folder.rglob("*")) if _is_asynchronous(each)]
        for file in found[:: -(-len(found) // _MAX_FILES) or 1]:
            yield file.relative_to(CACHE / "npm").as_posix(), file


def _is_asynchronous(file: Path) -> bool:
    if file.suffix not in _SUFFIXES or file.name.endswith((".d.ts", ".min.js")):
        return False
    return file.is_file() and file.stat().st_size < _MAX_BYTES and b"async" in file.read_bytes()


_SILENCED = "a comment silences the rule for oxlint, which ESLint does not read"


def _silenced(files: dict[str, Path], pattern: str, missed: set[Place]) -> dict[Place, str]:
    """Return what is missed only for such a comment: it is seen once the comment says nothing."""
    found: dict[Place, str] = {}
    for path in {each.path for each in missed}:
        text = files[path].read_text(encoding="utf-8", errors="replace")
        if "oxlint-disable" in text:
            without = inspect(str(files[path]), text.replace("oxlint-disable", "note")).findings
            lines = {_line(each) for each in without if each.pattern == pattern}
            found |= {it: _SILENCED for it in missed if it.path == path and it.line in lines}
    return found


def _line(finding: Finding) -> int:
    return (finding.reach or finding.span).start.line + 1


def _start(line: int, column: int, ours: list[Finding]) -> int:
    """Return the line of the innermost function of ours that a message points into."""
    around = [
        each.reach
        for each in ours
        if each.reach is not None
        and (each.reach.start.line + 1, each.reach.start.column) <= (line, column)
        and (line, column) <= (each.reach.end.line + 1, each.reach.end.column + 1)
    ]
    inner = max(around, default=None)
    return line if inner is None else inner.start.line + 1
