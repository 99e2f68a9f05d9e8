"""semgrep's own rule tests: code with ``ruleid: name`` and ``ok: name`` on the line before.

No package of PyPI or npm carries them, so they are read from the folder that the environment variable
SEMGREP_RULES names (a checkout of https://github.com/semgrep/semgrep-rules); without it the judges that
need them have no rows, and say so.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MARK = re.compile(r"(?P<kind>\w+)\s*:\s*(?P<rules>[\w.\-]+(?:\s*,\s*[\w.\-]+)*)")
_RULES = re.compile(r"^\s*- id:\s*[\"']?([\w.\-]+)", re.MULTILINE)
_KINDS = frozenset({"ruleid", "ok", "todoruleid", "todook"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a test says of a line (from 1): that a rule must, or must not, match there."""

    rule: str
    line: int
    is_match: bool
    is_open: bool  # todoruleid, todook: semgrep itself does not do what it should


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One file of code with its marks."""

    path: str  # below the folder of rules
    text: str
    marks: tuple[Mark, ...]


@cache
def folder() -> Path | None:
    """Return the folder of rules, None (and a sentence on stderr) when there is none."""
    named = os.environ.get("SEMGREP_RULES", "")
    if named and Path(named).is_dir():
        return Path(named)
    print(
        "semgrep's rule tests are left out: set SEMGREP_RULES to a checkout of semgrep-rules",
        file=sys.stderr,
    )
    return None


def rule_tests(below: tuple[str, ...], suffixes: tuple[str, ...]) -> Iterator[RuleTest]:
    """Yield the tests in some folders of the rules, for files with some suffixes."""
    root = folder()
    for name in below if root is not None else ():
        for path in sorted((root or Path()).joinpath(name).rglob("*")):
            if path.is_file() and path.suffix in suffixes and ".test." not in path.name[:-8]:
                text = path.read_text(encoding="utf-8", errors="replace")
                found = tuple(marks(text))
                if found:
                    yield RuleTest(str(path.relative_to(root or Path())), text, found)


def marks(text: str) -> Iterator[Mark]:
    """Yield the marks of a test: each speaks of the next line that is no comment with a mark."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        comment = line.partition("//")[2] or line.partition("#")[2]
        for found in _MARK.finditer(comment):
            if found["kind"] not in _KINDS:
                continue
            about = number + 1
            while about <= len(lines) and _is_comment(lines[about - 1]):
                about += 1
            for rule in re.split(r"\s*,\s*", found["rules"]):
                kind = found["kind"]
                yield Mark(rule, about, kind.endswith("ruleid"), kind.startswith("todo"))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("//", "#", "/*", "*")) or not line.strip()
