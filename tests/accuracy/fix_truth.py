"""What really mends what: findings in real packages, and which of the fixers takes each away.

Every fixer is run on its own copy of the files, and every checker again on each copy. A fixer has mended
a finding when the checker says it no more of that file and the file is still Python. The table is kept
below the cache folder; making it takes some minutes.
"""

import ast
import hashlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.accuracy.packages import CACHE, environment, sdist

FOLDER = CACHE / "fixes"
VERSION = 5  # of the way the table is made
MAX_FILES, LINES = 18, range(25, 300)  # of a package

PACKAGES = (
    ("absl-py", "2.3.0"), ("arrow", "1.3.0"), ("babel", "2.17.0"), ("boltons", "26.2.0"),
    ("boto", "2.49.0"), ("bottle", "0.13.4"), ("celery", "5.5.3"), ("cherrypy", "18.10.0"),
    ("cookiecutter", "2.6.0"), ("docutils", "0.21.2"), ("fabric", "3.2.2"), ("freezegun", "1.5.2"),
    ("glances", "4.3.1"), ("httpie", "3.2.4"), ("humanize", "4.12.3"), ("kombu", "5.5.4"),
    ("luigi", "3.6.0"), ("markdown", "3.8"), ("mock", "5.2.0"), ("nltk", "3.9.1"),
    ("nose2", "0.15.1"), ("oauthlib", "3.3.1"), ("paramiko", "3.5.1"), ("passlib", "1.7.4"),
    ("pyasn1", "0.6.1"), ("pycparser", "2.22"), ("pyspider", "0.3.10"), ("requests", "2.32.3"),
    ("simplejson", "3.20.1"), ("supervisor", "4.2.5"), ("testtools", "2.9.1"), ("web.py", "0.62"),
    ("wtforms", "3.2.1"), ("zope.interface", "8.7"),
)  # fmt: skip
FIXERS = (
    "ruff==0.17.6", "black==26.10.1", "isort==9.0.2", "autoflake==2.4.0", "pyupgrade==3.22.0",
    "docformatter==1.7.8", "add-trailing-comma==4.0.0", "codespell==2.4.3",
    "mypy==2.4.1",
)  # fmt: skip
STUBS = (
    "types-requests==2.33.0.20261030", "types-PyYAML==6.0.12.20261113", "types-six==1.17.0.20261008",
    "types-docutils==0.23.0.20261107", "types-python-dateutil==2.9.0.20261116", "types-simplejson==4.2.0.20261104",
    "types-setuptools==84.2.0.20261104", "types-Markdown==3.11.2.20261029", "types-Pygments==2.21.0.20260819",
    "types-regex==2026.11.8.20261109", "types-mock==5.2.0.20260518", "types-paramiko==5.1.0.20261030",
    "types-psutil==7.2.2.20261111", "types-tabulate==0.10.0.20261006", "types-ujson==5.10.0.20250822",
    "types-pytz==2026.6.0.20261031",
)  # fmt: skip
RULES = "E,W,F,I,UP,D,B,C4,SIM,Q,COM,PIE,RET,RUF,FLY,ISC,RSE,ERA,PT"
_RUFF = ("ruff", "check", "--isolated", "--quiet")
_FIX = (*_RUFF, "--fix")
# By name: the skill of the catalogue where there is one. Each is given the files.
STRATEGIES: dict[str, tuple[str, ...]] = {
    "ruff-fix": _FIX,  # with the rules of who has chosen none
    "ruff-fix-unsafe": (*_FIX, "--unsafe-fixes"),
    "ruff-format": ("ruff", "format", "--isolated", "--quiet"),
    "import-sort": (*_FIX, "--select=I"),
    "unused-imports": (*_FIX, "--select=F401,F811"),
    "syntax-upgrade": (*_FIX, "--select=UP"),
    "codespell-fix": ("codespell", "--write-changes"),
    "isort": ("isort", "--quiet", "--profile=black"),
    "black": ("black", "--quiet"),
    "autoflake": ("autoflake", "--in-place", "--remove-all-unused-imports"),
    "pyupgrade-py3": ("pyupgrade", "--py3-plus", "--exit-zero-even-if-changed"),
    "pyupgrade-py311": ("pyupgrade", "--py311-plus", "--exit-zero-even-if-changed"),
    "docformatter": ("docformatter", "--in-place"),
    "add-trailing-comma": ("add-trailing-comma", "--exit-zero-even-if-changed"),
    "mypy-install-types": (),  # changes the environment, not the files
}  # fmt: skip


Key = tuple[str, str, str, str]  # file, tool, type, message


@dataclass(frozen=True)
class Case:
    """One finding, and what mends it."""

    package: str
    file: str
    tool: str
    type: str
    message: str
    works: frozenset[str]


def truth() -> list[Case]:
    """Return the table, made where it is not there yet."""
    path = FOLDER / f"truth-{_digest(_SET, STRATEGIES)}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_made(), ensure_ascii=False, indent=0))
    return [Case(*row[:5], frozenset(row[5])) for row in json.loads(path.read_text())]


_SET = (VERSION, PACKAGES, FIXERS, STUBS, RULES, MAX_FILES, str(LINES))


_BELOW = "a/b/c/d"  # so that imports relative to a package above can be read


def _digest(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


def _made() -> list[list[object]]:
    fixers = environment("fixers", *FIXERS) / "bin"
    bare, stubs = environment("bare", "typing-extensions==4.15.0"), environment("stubs", *STUBS)
    work = FOLDER / "work"
    shutil.rmtree(work, ignore_errors=True)
    original = work / "original"
    (original / _BELOW).mkdir(parents=True)
    for name, version in PACKAGES:
        _copy_some(name, sdist(name, version), original / _BELOW)
    files = sorted(str(it.relative_to(original)) for it in original.rglob("*.py"))
    before = _kept("original", (), lambda: _findings(fixers, original, files, bare))
    after = {}
    for name, command in STRATEGIES.items():
        print(f"  {name} ...", file=sys.stderr, flush=True)

        def tried(name: str = name, command: tuple[str, ...] = command) -> Counter[Key]:
            tree = work / name
            shutil.copytree(original, tree)
            for some in batched(files) if command else ():
                _run([str(fixers / command[0]), *command[1:], *some], tree)
            sound = [it for it in files if _is_python(tree / it)]
            found = _findings(fixers, tree, sound, bare if command else stubs)
            # What a fixer has broken it has not mended.
            found.update({it: 1 for it in before if it[0] not in sound})
            return found

        after[name] = _kept(name, command, tried)
    shutil.rmtree(work)
    return [
        [Path(file).name.partition("__")[0], file, tool, kind, message,
         [it for it in STRATEGIES if not after[it][file, tool, kind, message]]]
        for file, tool, kind, message in sorted(before)
    ]  # fmt: skip


def _kept(name: str, command: tuple[str, ...], make: Callable[[], Counter[Key]]) -> Counter[Key]:
    """Return what was found with one fixer, so that making the table can go on where it ended."""
    path = FOLDER / f"found-{_digest(_SET)}" / f"{name}-{_digest(command)}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([[*key, n] for key, n in make().items()]))
    return Counter({tuple(row[:4]): row[4] for row in json.loads(path.read_text())})


def batched(files: list[str], size: int = 40) -> Iterator[list[str]]:
    """Yield files in parts, so that what one of them does to a fixer costs the others little."""
    return (files[at : at + size] for at in range(0, len(files), size))


def _copy_some(name: str, package: Path, folder: Path) -> None:
    """Copy a few files of a package, not chosen by hand, under names that make them modules."""

    def key(path: Path) -> str:
        return hashlib.sha256(str(path.relative_to(package)).encode()).hexdigest()

    n_copied = 0
    for path in sorted(package.rglob("*.py"), key=key):
        n_lines = len(path.read_bytes().splitlines())
        if n_copied < MAX_FILES and n_lines in LINES and _is_python(path):
            module = f"{name}__{n_copied}_{path.stem}".replace(".", "_").replace("-", "_")
            shutil.copyfile(path, folder / f"{module}.py")
            n_copied += 1


def _is_python(path: Path) -> bool:
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return False
    return True


def _findings(fixers: Path, tree: Path, files: list[str], python: Path) -> Counter[Key]:
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(
            lambda check: list(check(fixers, tree, files, python)), (_ruff, _mypy, _codespell)
        )
    return Counter(it for each in found for it in each)


def _ruff(fixers: Path, tree: Path, files: list[str], _: Path) -> Iterator[Key]:
    command = [str(fixers / "ruff"), *_RUFF[1:], f"--select={RULES}", "--output-format=json"]
    for it in json.loads(_run([*command, *files], tree)):
        file = Path(it["filename"]).resolve().relative_to(tree.resolve())
        yield str(file), "ruff", it["code"] or "invalid-syntax", it["message"]


def _mypy(fixers: Path, tree: Path, files: list[str], python: Path) -> Iterator[Key]:
    options = [
        "--follow-imports=skip",
        "--config-file=",
        "--explicit-package-bases",
        "--output=json",
        "--check-untyped-defs",
    ]
    where = [f"--python-executable={python / 'bin' / 'python'}", f"--cache-dir={FOLDER / 'mypy'}"]
    said = _run([str(fixers / "mypy"), *options, *where, *files], tree)
    if said.count("\n") < len(files) // 10:
        raise SystemExit(f"mypy gave up, and so says nothing of the other files:\n{said}")
    for line in said.splitlines():
        it = json.loads(line) if line.startswith("{") else {}
        if it.get("severity") == "error" and it["file"] in files:
            message = "\n".join(filter(None, (it["message"], it["hint"])))
            yield it["file"], "mypy", it["code"] or "", message


def _codespell(fixers: Path, tree: Path, files: list[str], _: Path) -> Iterator[Key]:
    for line in _run([str(fixers / "codespell"), *files], tree).splitlines():
        file, _line, message = line.split(":", 2)
        yield file.removeprefix("./"), "codespell", "", message.strip()


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    return done.stdout


if __name__ == "__main__":
    table = truth()
    mended = [it for it in table if it.works]
    print(len(table), "findings,", len(mended), "that something mends")
    print(Counter(name for it in mended for name in it.works).most_common())
    print(Counter((it.tool, it.type) for it in mended).most_common(60))
