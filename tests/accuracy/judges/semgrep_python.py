"""The tests of semgrep's rules for Python: ``# ruleid: x`` and ``# ok: x`` above a line.

No package of PyPI or npm carries them, so they are read from the folder that ``SEMGREP_RULES`` names:
a checkout of the repository semgrep/semgrep-rules.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from skills_lsp.patterns import inspect
from tests.accuracy.python_statements import Code
from tests.accuracy.score import Place, Row

_BARS = (0.90, 0.75)
_NOTE = re.compile(r"#\s*(?P<verdict>ruleid|ok)\s*:\s*(?P<rules>[\w\-./, ]+)")
_ANY_NOTE = re.compile(r"\s*#|\s*$")

CORE = {
    "code-exec": (
        "eval-detected", "exec-detected", "user-eval*", "user-exec*", "eval-injection",
        "exec-injection", "tainted-code-exec", "dangerous-interactive-code-run*",
        "dangerous-subinterpreters-run-string*", "dangerous-testcapi-run-in-subinterp*",
    ),
    "shell-injection": (
        "subprocess-shell-true", "dangerous-subprocess-use*", "dangerous-system-call*",
        "dangerous-asyncio-*", "dangerous-spawn-process*", "dangerous-os-exec*",
        "os-system-injection", "subprocess-injection", "command-injection-os-system",
        "paramiko-exec-command", "system-wildcard-detected", "formatted-string-bashoperator",
    ),
    "deserialization": (
        "avoid-pickle", "avoid-cPickle", "avoid-dill", "avoid-shelve", "avoid-jsonpickle",
        "marshal-usage", "avoid-insecure-deserialization", "insecure-deserialization",
        "tainted-pickle-deserialization",
    ),
    "unsafe-yaml": ("avoid-pyyaml-load", "avoid-unsafe-ruamel"),
    "hardcoded-secret": (
        "hardcoded-password-default-argument", "hardcoded-token", "jwt-python-hardcoded-secret",
        "avoid_hardcoded_config_SECRET_KEY",
    ),
    "tls-verify-off": ("unverified-ssl-context", "disabled-cert-validation"),
    "weak-hash": ("insecure-hash-*", "md5-used-as-password"),
    "tempfile": ("hardcoded-tmp-path", "tempfile-insecure"),
    "sql-string": (
        "formatted-sql-query", "*-sqli", "sqlalchemy-execute-raw-query", "avoid-sqlalchemy-text",
        "tainted-sql-string", "*sql-injection*", "avoid-raw-sql", "avoid-query-set-extra",
    ),
    "debug-server": ("debug-enabled", "avoid_hardcoded_config_DEBUG"),
    "bind-all": ("avoid-bind-to-all-interfaces", "avoid_app_run_with_bad_host"),
    "request-timeout": ("use-timeout",),
}  # fmt: skip
"""Rules by the pattern that looks for the same, by their names and the CWE that they state."""


def rows() -> Iterable[Row]:
    """Compare all test files of rules that a pattern answers to."""
    named = os.environ.get("SEMGREP_RULES", "")
    root = Path(named) / "python"
    if not named or not root.is_dir():
        print(
            "semgrep_python is skipped: SEMGREP_RULES does not name a folder with semgrep's rules",
            file=sys.stderr,
        )
        return
    right: set[Place] = set()
    seen: set[Place] = set()
    n_files = 0
    for file in sorted(root.rglob("*.py")):
        if not file.name.endswith(".fixed.py"):  # What an automatic fix made of another file.
            wanted, said = _compared(file, str(file.relative_to(root)))
            n_files += bool(wanted)
            right |= wanted
            seen |= said
    yield Row(
        "core security, semgrep's tests (Python)",
        "semgrep-rules",
        n_files,
        frozenset(right),
        frozenset(seen),
        *_BARS,
    )


def _compared(file: Path, path: str) -> tuple[set[Place], set[Place]]:
    """Return what the notes of one file want, and what the patterns see of the same kinds.

    Only lines with a note are judged: a file shows one rule, and other flaws in it have none. semgrep
    points at one end of a flaw (where a query is run, or where its data comes from) and we at one
    (where the query is put together), so a note is met where the two statements are joined by names.
    """
    text = file.read_bytes().decode("utf-8", "replace")
    notes = list(_notes(text.split("\n")))
    kinds = {pattern for _, rule, _ in notes for pattern in _patterns(rule)}
    if not kinds:
        return set(), set()
    wanted: dict[str, set[Place]] = {"ruleid": set(), "ok": set()}
    for verdict, rule, line in notes:
        wanted[verdict].update(Place(path, line, pattern) for pattern in _patterns(rule))
    wanted["ok"] -= wanted["ruleid"]
    code = Code(text)
    seen: set[Place] = set()
    for each in inspect(path, text).findings:
        line = each.span.start.line + 1
        for verdict, places in wanted.items():
            same = (it for it in places if it.what == each.pattern)
            is_near = code.is_joined if verdict == "ruleid" else code.is_within
            seen.update(it for it in same if is_near(it.line, line))
    return wanted["ruleid"], seen


def _patterns(rule: str) -> list[str]:
    name = rule.rpartition(".")[2]
    return [key for key, names in CORE.items() if any(fnmatch(name, each) for each in names)]


def _notes(lines: list[str]) -> Iterator[tuple[str, str, int]]:
    """Yield verdict and rule of each note, with the line that it is about: the next with code."""
    for index, line in enumerate(lines):
        found = _NOTE.search(line)
        if found is None:
            continue
        at = index + 1
        while at < len(lines) and _ANY_NOTE.match(lines[at]):
            at += 1
        for rule in re.split(r"[,\s]+", found["rules"].strip()):
            if rule:
                yield found["verdict"], rule, at + 1
