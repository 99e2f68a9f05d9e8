"""Unused and unsorted imports of Python, judged by ruff's F401 and I001, and by isort."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from skills_lsp.domain.finding import Finding
from skills_lsp.domain.project import Project
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.python import unsorted_imports, unused_import
from skills_lsp.patterns.silence import is_silenced
from skills_lsp.projects import import_config, project_of
from skills_lsp.syntax.source import Source
from tests.accuracy.packages import environment, sdist
from tests.accuracy.score import Place, Row

RUFF = "0.17.5"
ISORT = "6.1.0"

PACKAGES = {
    "requests": "2.32.3",
    "jinja2": "3.1.4",
    "tornado": "6.4.1",
    "docutils": "0.21.2",
    "networkx": "3.3",
    "djangorestframework": "3.15.2",
    "twisted": "24.7.0",
    "boto": "2.49.0",
    "pyinstaller": "6.10.0",
    "celery": "5.4.0",
    "pydantic": "2.9.2",
    "trio": "0.26.2",
    "black": "24.8.0",
}
"""Of many hands and ages: sorted and not, typed and not, scripts, and code older than isort."""

CONFIGURED = {
    "pydantic": "2.9.2",
    "trio": "0.26.2",
    "anyio": "4.16.0",
    "jupyter_server": "2.21.1",
    "bokeh": "3.7.3",
    "mistune": "3.1.3",
    "discord_py": "2.7.1",
    "sanic": "25.12.1",
}
"""Each has settings of ruff that say how its imports are sorted, most by more than the defaults."""

SORTED_BY_ISORT = {
    "djangorestframework": "3.15.2",
    "kombu": "5.3.4",
    "pyramid": "2.0.2",
    "zope.interface": "8.7",
    "requests": "2.32.3",
    "nltk": "3.9.1",
    "drf-yasg": "1.21.7",
    "dnspython": "2.7.0",
}
"""Each has settings of isort, of its many ways to wrap a line."""


def rows() -> Iterable[Row]:
    """Return the rows: ruff's defaults on any code, then ruff as packages configure it."""
    yield from compared(PACKAGES, "", "--isolated")
    yield from list(compared(CONFIGURED, ", as configured"))[1:]
    yield compared_with_isort(SORTED_BY_ISORT)


def compared(packages: dict[str, str], suffix: str, *options: str) -> Iterator[Row]:
    """Return a row for each of the two rules over some packages."""
    ruff = str(environment("ruff", f"ruff=={RUFF}") / "bin" / "ruff")
    unused, unsorted = _Tally(), _Tally()
    n_files = 0
    for name, version in packages.items():
        folder = sdist(name, version).resolve()
        by_default = Project(str(folder), imports=import_config.by_default(str(folder)))
        for file, said in _judged(ruff, folder, *options):
            project = by_default if options else project_of(str(file), str(folder))
            text = file.read_bytes().decode("utf-8-sig", "replace")
            seen = _findings(Source(text, "python", str(file), project))
            path = f"{name}/{file.relative_to(folder)}"
            unused.take(path, _unused_by(said, text), _unused_in(seen, text))
            unsorted.take(path, *_blocks(said, seen))
            n_files += 1
    yield unused.row(f"unused imports, Python{suffix}", f"ruff {RUFF} F401", n_files, 0.98)
    yield unsorted.row(f"unsorted imports{suffix}", f"ruff {RUFF} I001", n_files, 0.95)


def compared_with_isort(packages: dict[str, str]) -> Row:
    """Return a row by files, as isort does not say which of a file's imports it would move."""
    isort = str(environment("isort", f"isort=={ISORT}") / "bin" / "isort")
    right: set[Place] = set()
    seen: set[Place] = set()
    n_files = 0
    for name, version in packages.items():
        folder = sdist(name, version).resolve()
        said = _output([isort, "--check-only", "."], folder, of_errors=True)
        wrong = set(re.findall(r"^ERROR: (.*?) Imports are incorrectly", said, re.MULTILINE))
        listed = _output([isort, "--show-files", "."], folder).splitlines()
        for line in (each for each in listed if each.endswith((".py", ".pyi"))):
            file = folder / line
            text = file.read_bytes().decode("utf-8-sig", "replace")
            project = project_of(str(file), str(folder))
            place = Place(f"{name}/{file.relative_to(folder)}", 0, "")
            found = _findings(Source(text, "python", str(file), project))
            n_files += 1
            if str(file) in wrong:
                right.add(place)
            if any(each.pattern == "unsorted-imports" for each in found):
                seen.add(place)
    return Row(
        "files with unsorted imports, as configured", f"isort {ISORT}", n_files,
        frozenset(right), frozenset(seen), 0.95, 0.80,
    )  # fmt: skip


@dataclass
class _Tally:
    right: set[Place] = field(default_factory=set)
    seen: set[Place] = field(default_factory=set)

    def take(
        self, path: str, right: Iterable[tuple[int, str]], seen: Iterable[tuple[int, str]]
    ) -> None:
        self.right.update(Place(path, *each) for each in right)
        self.seen.update(Place(path, *each) for each in seen)

    def row(self, name: str, judge: str, n_files: int, precision_bar: float) -> Row:
        return Row(
            name, judge, n_files, frozenset(self.right), frozenset(self.seen), precision_bar, 0.95
        )


def _findings(source: Source) -> tuple[Finding, ...]:
    """Return what the two patterns see; to run all patterns would take five times as long."""
    look = Look(source, None, {}, frozenset(), (0, len(source.data) + 2))
    found = (*unused_import.find(look), *unsorted_imports.find(look))
    return tuple(each for each in found if not is_silenced(source, each))


def _judged(ruff: str, folder: Path, *options: str) -> Iterator[tuple[Path, list[dict]]]:
    """Yield the files that ruff can read, each with what it says."""
    ask = [ruff, "check", "--no-cache", *options]
    said = json.loads(_output([*ask, "--select=F401,I001", "--output-format=json", "."], folder))
    by_file: dict[str, list[dict]] = {}
    for each in said:
        by_file.setdefault(each["filename"], []).append(each)
    for line in sorted(_output([*ask, "--show-files", "."], folder).splitlines()):
        about = by_file.get(line, [])
        is_broken = any(each["code"] in (None, "invalid-syntax") for each in about)
        if line.endswith((".py", ".pyi")) and not is_broken:
            yield Path(line), about


def _output(command: list[str], folder: Path, *, of_errors: bool = False) -> str:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    return done.stderr if of_errors else done.stdout


def _unused_by(said: list[dict], text: str) -> list[tuple[int, str]]:
    lines = text.split("\n")
    return _numbered(
        (each["location"]["row"], _last_word(lines, each["location"], each["end_location"]))
        for each in said
        if each["code"] == "F401"
    )


def _unused_in(seen: tuple[Finding, ...], text: str) -> list[tuple[int, str]]:
    lines = text.split("\n")
    found: list[tuple[int, str]] = []
    for each in seen:
        if each.pattern == "unused-import":
            start, end = each.span.start, each.span.end
            line = lines[end.line].encode()[: end.column].decode()
            if end.line == start.line:
                line = line.encode()[start.column :].decode()
            found.append((start.line + 1, (line.split() or [""])[-1]))
    return _numbered(found)


def _last_word(lines: list[str], start: dict[str, int], end: dict[str, int]) -> str:
    """Return the name that is bound where ruff points; its columns count characters, from 1."""
    line = lines[end["row"] - 1][: end["column"] - 1]
    if start["row"] == end["row"]:
        line = line[start["column"] - 1 :]
    return (line.split() or [""])[-1]


def _numbered(places: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Tell apart the same name imported twice on one line."""
    seen: Counter[tuple[int, str]] = Counter()
    found: list[tuple[int, str]] = []
    for line, name in places:
        seen[line, name] += 1
        n = seen[line, name]
        found.append((line, name if n == 1 else f"{name} ({n})"))
    return found


def _blocks(
    said: list[dict], seen: tuple[Finding, ...]
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the first lines of blocks by ruff and by us; ours is a statement inside its block."""
    blocks = [
        (each["location"]["row"], each["end_location"]["row"])
        for each in said
        if each["code"] == "I001"
    ]
    ours: list[int] = []
    for each in seen:
        if each.pattern == "unsorted-imports":
            line = each.span.start.line + 1
            ours.append(next((first for first, last in blocks if first <= line <= last), line))
    return [(first, "") for first, _ in blocks], [(line, "") for line in ours]
