"""Python tests, by what pytest collects."""

import ast
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import inspect
from skills_lsp.projects import project_of
from tests.accuracy import pytest_plugin
from tests.accuracy.packages import CACHE, environment, sdist
from tests.accuracy.score import Place, Row

_SECONDS = 600
_RECALL_BARS = {"test-class": 0.99}  # A class may get all of its tests from the running program.
_SKIPPED = frozenset({".git", "node_modules", "build", "dist"})


@dataclass(frozen=True)
class Package:
    """A source distribution, and where in it pytest is to look."""

    name: str
    version: str
    folders: tuple[str, ...] = (".",)
    options: tuple[str, ...] = ()
    root: str = "."  # where pytest is started, below the distribution's folder


PACKAGES = (
    Package("aiohttp", "3.14.5", ("tests",)),
    Package("anyio", "4.16.0", ("tests",), ("-p", "no:aiohttp")),
    Package("attrs", "26.1.0"),
    Package("boltons", "26.2.0"),
    Package("cachetools", "8.0.1"),
    Package("click", "8.5.1"),
    Package("flask", "3.1.3"),
    Package("httpx", "0.28.1"),
    Package("jinja2", "3.1.6", ("tests",)),
    Package("jsonschema", "4.26.0"),
    Package("more-itertools", "11.2.1"),
    Package("packaging", "26.3"),
    Package("pluggy", "1.7.0"),
    Package("pyflakes", "4.1.0"),
    Package("requests", "2.34.2", ("tests",)),
    Package("sqlparse", "0.6.1", ("tests",)),
    Package("starlette", "1.10.0"),
    Package("testtools", "2.9.1"),
    Package("tornado", "6.6.1"),
    Package("trio", "0.35.0"),
    Package(
        "twisted",
        "26.10.0",
        (
            "src/twisted/internet/test",
            "src/twisted/web/test",
            "src/twisted/python/test",
            "src/twisted/trial/test",
        ),
    ),
    Package("werkzeug", "3.1.9", ("tests",)),
    Package("zope.interface", "8.7"),
)
REQUIREMENTS = """
    click==8.5.1 flask==3.1.3 attrs==26.1.0 requests==2.34.2 httpx==0.28.1 pluggy==1.7.0
    packaging==26.3 jinja2==3.1.6 werkzeug==3.1.9 anyio==4.16.0 trio==0.35.0 sqlparse==0.6.1
    boltons==26.2.0 more-itertools==11.2.1 tornado==6.6.1 cachetools==8.0.1 pyflakes==4.1.0
    testtools==2.9.1 jsonschema==4.26.0 starlette==1.10.0 zope.interface==8.7 aiohttp==3.14.5
    twisted==26.10.0 pytest==9.2.0 pytest-asyncio==1.5.0 pytest-trio==0.8.0 pytest-cov==7.1.0
    pytest-timeout==2.4.0 pytest-mock==3.17.0 pytest-xdist==3.8.0 pytest-httpbin==2.1.0
    trustme==1.2.1 hypothesis==6.170.15 uvicorn==0.54.0 asgiref==3.13.0 freezegun==1.5.5
    brotli==1.2.1 zstandard==0.25.0 chardet==7.7.0 testscenarios==0.7.0 psutil==7.2.2
    python-multipart==0.0.34 itsdangerous==2.2.0 pyyaml==6.0.3 pretend==1.0.9 tomli_w==1.2.0
    pysocks==1.7.1 zope.event==6.2 zope.testing==6.2 pyopenssl==26.4.0
    service-identity==26.1.0 python-subunit==1.4.6 fixtures==4.3.2 watchdog==7.1.0
    cryptography==50.0.2 ephemeral-port-reserve==1.1.4 pytest-codspeed==5.0.4
    re-assert==1.1.0 proxy.py==2.4.10 gunicorn==27.0.1 isal==1.9.1 python-on-whales==0.81.0
    setproctitle==1.3.8 httpx2==2.16.2 pyhamcrest==2.1.0 priority==2.0.0 wsproto==1.3.2
    pytest-aiohttp==1.1.1 blockbuster==1.5.29 aiodns==4.0.4 h2==4.4.1
""".split()  # noqa: SIM905 - seventy words read best as words

EXCUSED = {
    Place("attrs-26.1.0/tests/test_forward_references.py", 8, "test_forward_class_reference"): (
        "conftest.py leaves the file out before Python 3.14 only; pytest collects it by its path"
    ),
}


@dataclass
class Collection:
    """What pytest collected from a package, and what the patterns saw there."""

    n_files: int = 0
    right: dict[str, set[Place]] = field(default_factory=dict)  # by pattern
    seen: dict[str, set[Place]] = field(default_factory=dict)


def rows() -> Iterable[Row]:
    """Compare test functions, those of them that are coroutines, and classes of tests."""
    python = environment("pytest", *REQUIREMENTS) / "bin" / "python"
    found = [judged(each, sdist(each.name, each.version), python) for each in PACKAGES]
    for pattern in ("test-function", "async-test", "test-class"):
        yield Row(
            name=f"Python {pattern}",
            judge="pytest --collect-only",
            n_files=sum(each.n_files for each in found),
            right=frozenset(place for each in found for place in each.right[pattern]),
            seen=frozenset(place for each in found for place in each.seen[pattern]),
            precision_bar=0.998,
            recall_bar=_RECALL_BARS.get(pattern, 1.0),
            excused=EXCUSED if pattern == "test-function" else {},
        )


def judged(package: Package, folder: Path, python: Path) -> Collection:
    """Collect a package's tests, and look at the files that pytest could import."""
    collected = _collected(package, folder, python)
    root = Path(collected["root"])
    broken = {root / each for each in collected["broken"]}
    found = Collection()
    files = [it for it in _files(package, folder) if broken.isdisjoint((it, *it.parents))]
    found.n_files = len(collected["files"])
    definitions = _Definitions(frozenset(map(str, files)))
    ids: dict[Place, set[str]] = {}
    classes: dict[Place, set[str]] = {}
    coroutines: set[Place] = set()
    for item in collected["items"]:
        place = definitions.of_test(item)
        if place is not None:
            ids.setdefault(place, set()).add(definitions.id_of(item, place))
            if definitions.is_async(place):
                coroutines.add(place)
        place = definitions.of_class(item)
        if place is not None:
            classes.setdefault(place, set()).add(item["id"].rpartition("::")[0])
    seen = list(_seen(files))
    label = f"{package.name}-{package.version}"
    tests = _compared(ids, [each for each in seen if each[1].pattern == "test-function"])
    asyncs = {place: each for place, each in ids.items() if place in coroutines}
    async_tests = _compared(asyncs, [each for each in seen if each[1].pattern == "async-test"])
    test_classes = _compared(classes, [each for each in seen if each[1].pattern == "test-class"])
    for pattern, (right, ours) in zip(
        ("test-function", "async-test", "test-class"),
        (tests, async_tests, test_classes),
        strict=True,
    ):
        found.right[pattern] = {_below(folder, label, each) for each in right}
        found.seen[pattern] = {_below(folder, label, each) for each in ours}
    return found


def _compared(
    right: dict[Place, set[str]], seen: list[tuple[str, Finding]]
) -> tuple[set[Place], set[Place]]:
    """Return both sides with ids: where a definition runs under several, any of them is right."""
    ours = {Place(path, each.span.start.line + 1, each.name): each for path, each in seen}
    by_line = {(place.path, place.line): each.test_id for place, each in ours.items()}
    wanted: set[Place] = set()
    for place, ids in right.items():
        given = by_line.get((place.path, place.line))
        known = given if given in ids else min(ids)
        wanted.add(Place(place.path, place.line, str(known)))
    mine = {Place(place.path, place.line, each.test_id) for place, each in ours.items()}
    return wanted, mine


def _below(folder: Path, label: str, place: Place) -> Place:
    return Place(f"{label}/{os.path.relpath(place.path, folder)}", place.line, place.what)


def _collected(package: Package, folder: Path, python: Path) -> dict[str, Any]:
    """Run pytest over a package, once; what it collected is kept."""
    kept = CACHE / "collected" / f"{package.name}-{package.version}.json"
    if not kept.exists():
        plugins = CACHE / "plugin"
        plugins.mkdir(parents=True, exist_ok=True)
        shutil.copy(pytest_plugin.__file__, plugins / "accuracy_plugin.py")
        kept.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [
                str(python), "-m", "pytest", "--collect-only", "-q", "-p", "accuracy_plugin",
                "-p", "no:cacheprovider", "-W", "ignore", "--continue-on-collection-errors",
                *package.options, *package.folders,
            ],
            cwd=folder / package.root,
            env={
                **os.environ, "PYTHONPATH": str(plugins), "COLLECTED": str(kept),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True, text=True, check=False, timeout=_SECONDS,
        )  # fmt: skip
        if not kept.exists():
            raise SystemExit(f"{package.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def _files(package: Package, folder: Path) -> list[Path]:
    found: set[Path] = set()
    for each in package.folders:
        top = folder / package.root / each
        if top.is_file():
            found.add(top.resolve())
        for path in top.rglob("*.py"):
            if _SKIPPED.isdisjoint(path.relative_to(folder).parts):
                found.add(path.resolve())
    return sorted(found)


def _seen(files: list[Path]) -> Iterator[tuple[str, Finding]]:
    for path in files:
        text = path.read_bytes().decode("utf-8", "replace")
        project = project_of(str(path))
        below = os.path.relpath(path, project.root) if project.root else str(path)
        for each in inspect(below, text, "python", project).findings:
            if each.category == "tests":
                yield str(path), each


class _Definitions:
    """Where tests and classes are written, by Python's own parser."""

    def __init__(self, files: frozenset[str]) -> None:
        self._files = files
        self._coroutines: set[Place] = set()

    def of_test(self, item: dict[str, Any]) -> Place | None:
        """Return where a test is written, when that is in the file it was collected from."""
        path = os.path.realpath(item["path"])
        if path not in self._files:
            return None
        tree = _tree(path)
        named: list[_Function] = []
        if os.path.realpath(item["holder_file"]) == path:
            named = tree.functions.get((item["holder"], item["name"]), [])
        at_line = []
        if os.path.realpath(item["code_file"]) == path:
            at_line = [each for each in tree.all_functions if each.first == item["code_line"]]
        both = [each for each in named if each in at_line]
        for each in (*both, *reversed(named), *at_line):
            place = Place(path, each.line, each.name)
            if each.is_async:
                self._coroutines.add(place)
            return place
        return None

    def id_of(self, item: dict[str, Any], place: Place) -> str:
        """Return a test's id; empty when its class or its name is made by the running program."""
        holder = item["id"].rpartition("::")[0].replace("::", ".")
        is_written = not holder or holder in _tree(place.path).classes
        return str(item["id"]) if is_written and item["name"] == place.what else ""

    def of_class(self, item: dict[str, Any]) -> Place | None:
        """Return where the class of a test is written, when that is in the test's file.

        A decorator may put another class in its place, which then has another name than its id; a
        class that a function makes has no place by which it could be run.
        """
        path = os.path.realpath(item["path"])
        known = _tree(path).classes if path in self._files else {}
        by_id = item["id"].rpartition("::")[0].replace("::", ".")
        is_here = os.path.realpath(item["class_file"]) == path
        if is_here and item["class"] != by_id and item["class"] in known:
            return None
        lines = (known.get(item["class"]) if is_here else None) or known.get(by_id)
        return Place(path, lines[-1], by_id) if lines else None

    def is_async(self, place: Place) -> bool:
        """Say whether what is written at a place is a coroutine."""
        return place in self._coroutines


@dataclass(frozen=True)
class _Function:
    name: str
    line: int
    first: int  # of its decorators
    is_async: bool


@dataclass
class _Tree:
    functions: dict[tuple[str, str], list[_Function]] = field(default_factory=dict)
    classes: dict[str, list[int]] = field(default_factory=dict)
    all_functions: list[_Function] = field(default_factory=list)


@cache
def _tree(path: str) -> _Tree:
    found = _Tree()
    _walk(ast.parse(Path(path).read_bytes()), "", found)
    return found


def _walk(node: ast.AST, inside: str, found: _Tree) -> None:
    for child in ast.iter_child_nodes(node):
        below = inside
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([child.lineno, *(each.lineno for each in child.decorator_list)])
            is_async = isinstance(child, ast.AsyncFunctionDef)
            function = _Function(child.name, _name_line(child), first, is_async)
            found.functions.setdefault((inside, child.name), []).append(function)
            found.all_functions.append(function)
            below = f"{inside}.{child.name}.<locals>".lstrip(".")
        elif isinstance(child, ast.ClassDef):
            below = f"{inside}.{child.name}".lstrip(".")
            found.classes.setdefault(below, []).append(_name_line(child))
        _walk(child, below, found)


def _name_line(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return node.lineno
