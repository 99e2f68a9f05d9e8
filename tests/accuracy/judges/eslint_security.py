"""eslint-plugin-security's own rule tests, and ESLint's word on the sources of real packages."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import inspect
from skills_lsp.patterns.test_files import is_test_file
from tests.accuracy.packages import CACHE, node_modules, npm_package
from tests.accuracy.score import Place, Row

PLUGIN = "eslint-plugin-security"
JUDGES = ("eslint@9.17.0", "eslint-plugin-security@3.0.1", "eslint-plugin-no-unsanitized@4.1.2")
_SCRIPT = Path(__file__).parents[1] / "eslint_security.cjs"

IDS = {
    "detect-eval-with-expression": "code-exec",
    "detect-child-process": "shell-injection",
    "detect-non-literal-require": "dynamic-require",
    "detect-unsafe-regex": "unsafe-regex",
    "detect-new-buffer": "buffer",
    "detect-buffer-noassert": "buffer",
    "detect-pseudoRandomBytes": "insecure-random",
    "detect-bidi-characters": "bidi",
    "detect-disable-mustache-escape": "template-xss",
}
"""The rules by the pattern that looks for the same; the others are not wanted as hints."""

REAL = {
    "no-implied-eval": "code-exec",
    "no-new-func": "code-exec",
    "no-unsanitized/method": "dom-injection",
    "no-unsanitized/property": "dom-injection",
    "security/detect-eval-with-expression": "code-exec",
    "security/detect-child-process": "shell-injection",
}

PACKAGES = (
    ("ajv", "6.12.6"),
    ("codemirror", "5.65.0"),
    ("docsify", "4.13.1"),
    ("dot", "1.1.3"),
    ("ejs", "3.1.9"),
    ("grunt", "1.6.1"),
    ("intro.js", "7.2.0"),
    ("knex", "2.5.1"),
    ("node-gyp", "10.0.1"),
    ("node-notifier", "10.0.1"),
    ("pm2", "5.3.0"),
    ("protobufjs", "7.2.4"),
    ("quill", "1.3.7"),
    ("release-it", "16.1.0"),
    ("shelljs", "0.8.5"),
    ("sudo-prompt", "9.2.1"),
    ("sweetalert2", "11.7.0"),
    ("systeminformation", "5.21.0"),
    ("underscore", "1.13.6"),
)

# Function("return this"): nothing is made at run time, and import() is no HTML.
_NOT_MEANT = re.compile(r"Unsafe call to import|^Found require\(")
_WRITTEN_FUNCTION = re.compile(r"""\bFunction\(\s*(["'])[^"']*\1\s*\)""")

_CASE_ERRORS = {
    "new RegExp('x+x+)+y')": "no regular expression: `new RegExp` throws a SyntaxError",
}


def rows() -> Iterable[Row]:
    """Yield what the plugin's tests and its rules say, and what the patterns saw."""
    yield _tests()
    yield _real()


def _tests() -> Row:
    folder = node_modules("eslint-security", *JUDGES) / "node_modules" / PLUGIN
    right: set[Place] = set()
    seen: set[Place] = set()
    excused: dict[Place, str] = {}
    n_cases = 0
    for number, case in enumerate(_ask("cases", str(folder)), 1):
        rule = case["rule"].partition(" ")[0]
        if rule not in IDS or any(_NOT_MEANT.search(each) for each in case["messages"]):
            continue
        n_cases += 1
        place = Place(f"{rule}: {' '.join(case['code'].split())}", number, IDS[rule])
        if not case["isValid"]:
            right.add(place)
            if case["code"] in _CASE_ERRORS:
                excused[place] = _CASE_ERRORS[case["code"]]
        found = inspect("code.js", case["code"]).findings
        if any(each.pattern == IDS[rule] for each in found):
            seen.add(place)
    what = "eslint-plugin-security's tests"
    return Row(what, PLUGIN, n_cases, frozenset(right), frozenset(seen), 0.90, 0.80, excused)


def _real() -> Row:
    modules = node_modules("eslint-security", *JUDGES)
    right: set[Place] = set()
    seen: set[Place] = set()
    n_files = 0
    for package in PACKAGES:
        name = "@".join(package)
        folder = npm_package(*package)
        for said in _kept(name, str(modules), str(folder)):
            path = said["path"]
            if is_test_file(f"{name}/{path}", "javascript"):
                continue
            n_files += 1
            text = (folder / path).read_text(encoding="utf-8", errors="replace")
            _compare(f"{name}/{path}", text, said["said"], right, seen)
    excused = {place: why for place, why in EXCUSED.items() if place in right | seen}
    what = "core security, real JS code"
    return Row(what, "ESLint", n_files, frozenset(right), frozenset(seen), 0.90, 0.92, excused)


def _compare(
    path: str, text: str, said: list[dict[str, Any]], right: set[Place], seen: set[Place]
) -> None:
    lines = text.split("\n")
    found = [each for each in inspect(path, text).findings if _is_judged(each)]
    met: set[Finding] = set()
    for each in said:
        line, last, rule = each["line"], each["endLine"] or each["line"], each["rule"]
        is_written = rule == "no-new-func" and _WRITTEN_FUNCTION.search(lines[line - 1])
        if is_written or _NOT_MEANT.search(each["message"]):
            continue
        place = Place(path, line, REAL[rule])
        right.add(place)
        hits = {it for it in found if it.pattern == REAL[rule] and _meets(it, line, last)}
        met |= hits
        if hits:
            seen.add(place)
    seen |= {Place(path, it.span.start.line + 1, it.pattern) for it in found if it not in met}


def _is_judged(finding: Finding) -> bool:
    """Say whether ESLint's rules look for what was found: of the shell's, they know ``exec`` alone."""
    if finding.pattern == "shell-injection":
        return finding.name.rpartition(".")[2] == "exec"
    return finding.pattern in ("code-exec", "dom-injection")


def _meets(finding: Finding, line: int, last: int) -> bool:
    extent = finding.extent
    is_in = line <= finding.span.start.line + 1 <= last
    return is_in or extent.start.line + 1 <= line <= extent.end.line + 1


def _kept(name: str, modules: str, folder: str) -> Iterator[dict[str, Any]]:
    """Yield what ESLint says of a package, which is the same each time."""
    kept = CACHE / "eslint" / f"{name}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(_ask("lint", modules, folder)))
    yield from json.loads(kept.read_text())


def _ask(*arguments: str) -> list[dict[str, Any]]:
    command = ["node", str(_SCRIPT), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"ESLint failed:\n{done.stderr[-2_000:]}")
    result: list[dict[str, Any]] = json.loads(done.stdout)
    return result


_PLACES = {
    "systeminformation@5.21.0/lib/": (
        "all that is assigned to the command is written in the source, names followed",
        "shell-injection",
        {
            "filesystem.js": (164,),
            "network.js": (1419, 1464, 1697, 1704),
            "osinfo.js": (550, 573, 586, 599, 801, 1160),
            "printer.js": (121, 139),
            "processes.js": (810,),
            "system.js": (338,),
            "wifi.js": (561, 568),
        },
    ),
    "protobufjs@7.2.4/dist/": (
        '`"quire".replace(/^/, "re")` is `require` whenever it runs',
        "code-exec",
        {"light/protobuf.js": (880,), "minimal/protobuf.js": (662,), "protobuf.js": (880,)},
    ),
    "release-it@16.1.0/lib/": (
        "the exec of shelljs hands its text to a shell; the rule knows child_process alone",
        "shell-injection",
        {"shell.js": (58,)},
    ),
    "pm2@5.3.0/lib/": (
        "vm.runInThisContext runs the text of a file; the rules know eval alone",
        "code-exec",
        {"Common.js": (304,)},
    ),
}
EXCUSED: dict[Place, str] = {
    Place(f"{folder}{name}", line, what): why
    for folder, (why, what, files) in _PLACES.items()
    for name, lines in files.items()
    for line in lines
}
"""Where ESLint is wrong, with the reason; each was looked at."""
