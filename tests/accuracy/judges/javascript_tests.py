"""Tests and suites of JavaScript and TypeScript, judged by what mocha, jest and vitest register.

The runners are real, the packages' own dependencies are not there: see ``javascript_register.mjs``.
"""

import json
import os
import re
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import inspect
from skills_lsp.projects import project_of
from tests.accuracy.packages import node_modules, npm_package
from tests.accuracy.score import Place, Row

_RUNNERS = ("mocha@11.1.0", "jest-circus@29.7.0", "jest@29.7.0", "vitest@3.2.4", "esbuild@0.25.8")
_REGISTER = Path(__file__).with_name("javascript_register.mjs")
_SECONDS = 10
"""How long a runner may take over one file."""


@dataclass(frozen=True)
class Package:
    """A package that ships its tests: who runs them, and which files that runner is given."""

    name: str
    version: str
    runner: str  # mocha, jest or vitest
    files: str  # regular expression for the paths below the package
    ui: str = "bdd"
    leave_out: str = r"a^"  # compiled copies of the sources

    @property
    def folder(self) -> Path:
        """Return where the package is unpacked."""
        return npm_package(self.name, self.version)


SET = (
    Package("amqplib", "0.5.6", "mocha", r"test/.*\.js", "tdd"),
    Package("kareem", "2.3.2", "mocha", r"test/.*\.js"),
    Package("mquery", "3.2.2", "mocha", r"test/(index|.*\.test)\.js"),
    Package("mpath", "0.8.4", "mocha", r"test/.*\.js"),
    Package("agent-base", "4.3.0", "mocha", r"test/[^/]*\.js"),
    Package("jwks-rsa", "1.3.0", "mocha", r"tests/.*\.tests\.js"),
    Package("express-jwt", "5.3.1", "mocha", r"test/[^/]*\.js"),
    Package("flat", "5.0.2", "mocha", r"test/[^/]*\.js", "tdd"),
    Package("hash.js", "1.1.7", "mocha", r"test/[^/]*-test\.js"),
    Package("needle", "2.2.4", "mocha", r"test/[^/]*\.js"),
    Package("node-fetch", "1.7.3", "mocha", r"test/test\.js"),
    Package("bull", "3.0.0", "mocha", r"test/test_.*\.js"),
    Package("loopback-datasource-juggler", "3.36.1", "mocha", r"test/[^/]*\.js",
            # Loaded by functions that a stub does not call, and one at which it does not end.
            leave_out=r"test/(.*\.suite[./]|common_test)"),
    Package("waterline", "0.13.6", "mocha", r"test/(unit|alter-migrations)/.*\.js"),
    Package("@sendgrid/helpers", "7.0.0", "mocha", r".*\.spec\.js"),
    Package("camel-case", "4.1.2", "jest", r"dist/.*\.spec\.js", leave_out=r"dist\.es2015/"),
    Package("apollo-utilities", "1.0.4", "jest", r"src/.*/?__tests__/.*\.ts", leave_out="lib/"),
    Package("@wordpress/data", "9.28.0", "jest", r"src/(.*/)?test/.*\.js", leave_out="build"),
    Package("@wordpress/components", "28.0.0", "jest", r"src/(.*/)?test/.*\.[jt]sx?", leave_out="build"),
    Package("zod", "4.1.5", "vitest", r"src/.*\.test\.ts", leave_out="(?!src/)"),
)  # fmt: skip


@dataclass
class Site:
    """A call by which tests (or suites) were registered: their titles, and those with the suites'."""

    titles: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)


@dataclass
class Registered:
    """What a runner took from the files of a package."""

    files: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    sites: dict[tuple[str, str, int], Site] = field(default_factory=lambda: defaultdict(Site))

    def by_file(self) -> dict[tuple[str, str], dict[int, Site]]:
        """Return the calls by kind and file, each by line."""
        found: dict[tuple[str, str], dict[int, Site]] = defaultdict(dict)
        for (kind, name, line), site in self.sites.items():
            found[kind, name][line] = site
        return found


def rows() -> Iterable[Row]:
    """Return a row for tests and one for suites."""
    return judge(SET)


def judge(packages: Iterable[Package]) -> list[Row]:
    """Judge the patterns on packages."""
    right: dict[str, set[Place]] = defaultdict(set)
    seen: dict[str, set[Place]] = defaultdict(set)
    n_files = 0
    for package in packages:
        registered = register(package)
        by_file = registered.by_file()
        for name in sorted(_sources(package)):
            if name in registered.broken:
                continue
            n_files += 1
            found = _findings(package, name)
            for kind, pattern in _KINDS.items():
                sites = by_file.get((kind, name), {})
                seen[kind].update(
                    Place(f"{package.name}/{name}", line, what)
                    for line, what in _aligned([e for e in found if e.pattern == pattern], sites)
                )
                right[kind].update(
                    Place(f"{package.name}/{name}", line, _what(site))
                    for line, site in sites.items()
                )
    return [
        Row(
            name=f"JS and TS {kind}s", judge="mocha, jest, vitest", n_files=n_files,
            right=frozenset(right[kind]), seen=frozenset(seen[kind]),
            precision_bar=0.995, recall_bar=0.999,
        )
        for kind in _KINDS
    ]  # fmt: skip


_KINDS = {"test": "test-function", "suite": "test-suite"}


def register(package: Package) -> Registered:
    """Let the runner of a package register its tests. A file on which it dies is broken."""
    modules = node_modules("javascript_tests", *_RUNNERS) / "node_modules"
    root = package.folder
    todo = [each for each in sorted(_sources(package)) if re.fullmatch(package.files, each)]
    found = Registered(set(todo))
    while todo:
        done = 0
        for said in _told(modules, package, [str(root / each) for each in todo]):
            done += 1
            if said["problem"]:
                found.broken[said["file"]] = said["problem"]
            for each in said["places"]:
                site = found.sites[each["kind"], each["file"], each["line"]]
                site.titles.add(each["title"])
                site.full.add(each["full"])
        if done < len(todo):
            found.broken[todo[done]] = "the runner ended"
        todo = todo[done + 1 :]
    return found


def _told(modules: Path, package: Package, files: list[str]) -> Iterator[dict[str, object]]:
    root = str(package.folder)
    command = ["node", "--enable-source-maps", str(_REGISTER), str(modules), root]
    with tempfile.TemporaryDirectory() as folder:
        empty, result = Path(folder, "empty"), Path(folder, "result")
        empty.mkdir()
        result.touch()
        said = subprocess.Popen(
            [*command, package.runner, package.ui, str(result)], cwd=empty,
            env={"PATH": os.environ["PATH"], "HOME": str(empty), "NODE_ENV": "test"},
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        with said:
            _give(said, files)
            _await(said, result)
        lines = result.read_text(encoding="utf-8").split("\n")
    for line in lines[:-1]:
        yield json.loads(line)


def _give(process: subprocess.Popen[str], files: list[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n".join(files))
    process.stdin.close()


def _await(process: subprocess.Popen[str], result: Path) -> None:
    """Wait for a runner; end it when it has been at one file for too long."""
    n_bytes, since = 0, time.monotonic()
    while process.poll() is None:
        time.sleep(0.1)
        if result.stat().st_size > n_bytes:
            n_bytes, since = result.stat().st_size, time.monotonic()
        elif time.monotonic() - since > _SECONDS:
            process.kill()


def _sources(package: Package) -> Iterator[str]:
    root = package.folder
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if (
            re.search(r"(?<!\.d)\.[cm]?[jt]sx?$", name)
            and not re.search(r"(^|/)node_modules/|[.-]min\.", name)
            and not re.match(package.leave_out, name)
            and path.stat().st_size < 1_000_000
            and path.is_file()
        ):
            yield name


def _findings(package: Package, name: str) -> list[Finding]:
    path = package.folder / name
    text = path.read_text(encoding="utf-8", errors="replace")
    project = project_of(str(path), str(package.folder))
    return list(inspect(str(path), text, project=project).findings)


def _aligned(findings: list[Finding], sites: dict[int, Site]) -> Iterator[tuple[int, str]]:
    """Yield line and words of each finding, as the runner has them where both mean the same.

    The stack names a call by the line of its parenthesis, which stands below the name where a table
    is between the two.
    """
    free = dict(sites)
    late: list[Finding] = []
    for finding in findings:
        line = finding.span.start.line + 1
        site = free.get(line)
        if site is not None and _selects(finding, site):
            del free[line]
            yield line, _what(site)
        else:
            late.append(finding)
    for finding in reversed(late):
        first, last = finding.extent.start.line + 1, finding.extent.end.line + 1
        line = next(
            (e for e in range(first, last + 1) if e in free and _selects(finding, free[e])), 0
        )
        site = free.pop(line, None)
        yield (line, _what(site)) if site is not None else (first, finding.name)


def _selects(finding: Finding, site: Site) -> bool:
    """Say whether the pattern for the runner's command line matches every registered name."""
    ends = " x" if finding.pattern == "test-suite" else ""
    return all(re.search(finding.test_pattern, f"{each}{ends}") for each in site.full)


def _what(site: Site) -> str:
    """Return the title, or for a loop or table just that there is one."""
    return next(iter(site.titles)) if len(site.titles) == 1 else "*"


if __name__ == "__main__":
    for _package in SET:
        _found = register(_package)
        print(_package.name, len(_found.files), "files,", len(_found.sites), "places")
        for _name, _why in _found.broken.items():
            print("   ", _name, _why)
