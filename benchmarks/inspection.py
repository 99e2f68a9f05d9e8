"""How fast findings follow what is typed, how fast files are inspected, and what it takes.

The three bars on typing are measured in this process, as a server's loop would do it, with a task
beside it that notes how long the loop was held. bandit, from PyPI, is run beside ``skills-lsp
inspect`` on the same files.
"""

import asyncio
import gc
import random
import re
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.corpus import SEED
from benchmarks.server import Figure
from skills_lsp.app.app import App
from skills_lsp.app.document import Document
from skills_lsp.app.folders import Folders
from skills_lsp.app.memory import give_back
from skills_lsp.ide.context import context_span, looked_at
from skills_lsp.patterns import findings_of_places
from skills_lsp.server.serve import COLLECTIONS
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point, Span
from tests.accuracy.packages import environment, npm_package

N_LINES = 20_000
N_FILES = 1_000
LANGUAGES = ("python", "tsx")
_PATHS = {"python": "/bench/shop.py", "tsx": "/bench/shop.tsx"}
_TSX = (("@wordpress/components", "28.0.0"), ("@tanstack/react-query", "5.56.2"))
_BANDIT = "bandit==1.9.4"


class Quiet:
    """A client that shows nothing."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_args, **_kwargs: None


@dataclass(slots=True)
class Typed:
    """What typing cost, in milliseconds: one entry for each key."""

    own: list[float] = field(default_factory=list)  # text and tree
    near: list[float] = field(default_factory=list)  # findings at the cursor, beyond that
    rest: list[float] = field(default_factory=list)  # until all findings were up to date
    final: list[float] = field(default_factory=list)  # the same once typing has stopped
    held: list[float] = field(default_factory=list)  # how long the loop was held


def inspection_figures(n_keys: int, n_rounds: int) -> list[Figure]:
    """Measure all four bars."""
    made: list[Figure] = []
    for language in LANGUAGES:
        typed = asyncio.run(_typed(language, n_keys))
        what = f"{language}, {N_LINES:,} lines"
        made += [
            Figure(f"{what}: text and tree of a key, p99", "ms", _rank(typed.own, 99), None, 10),
            Figure(
                f"{what}: findings of the changed part, p50", "ms", _rank(typed.near, 50), None, 5
            ),
            Figure(
                f"{what}: findings of the changed part, p99", "ms", _rank(typed.near, 99), None, 5
            ),
            Figure(
                f"{what}: the rest, in the background, p50", "ms", _rank(typed.rest, 50), None, 150
            ),
            Figure(
                f"{what}: the rest, in the background, p99", "ms", _rank(typed.rest, 99), None, 150
            ),
            Figure(f"{what}: all, when typing stops, p50", "ms", _rank(typed.final, 50), None, 150),
            Figure(f"{what}: loop held at a time, p99", "ms", _rank(typed.held, 99), None, 10),
            Figure(f"{what}: loop held at a time, worst", "ms", max(typed.held), None, 10),
            Figure(
                f"{what}: first answer after opening", "ms", _opened(language, n_rounds), None, 150
            ),
            Figure(f"{what}: memory per byte of text", "x", _memory(language), None, 30),
        ]
    return [*made, *_against_bandit(n_rounds)]


# -- typing ----------------------------------------------------------------------------------------


async def _typed(language: str, n_keys: int) -> Typed:
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)
    app = App(Quiet(), Folders(*[Path(tempfile.gettempdir())] * 4))  # type: ignore[arg-type]
    document = _document(language)
    app.documents[document.uri] = document
    await _until_settled(app, document)
    typed = Typed()
    probe = asyncio.ensure_future(_probe(typed.held))
    for number, (point, text) in enumerate(_keys(document, n_keys)):
        started = time.perf_counter()
        app.edit(document, Span(point, point), text)
        document.prepare()
        typed.own.append((time.perf_counter() - started) * 1e3)
        await asyncio.sleep(0)  # A server's loop turns between two messages.
        parsed = time.perf_counter()
        source = document.source
        assert source is not None
        findings_of_places(source, _near(document, point))
        seen = time.perf_counter()
        typed.near.append((seen - parsed) * 1e3)
        await asyncio.sleep(0)
        began = time.perf_counter()
        await app._look(document, is_final=False)  # noqa: SLF001 - what the timer calls
        typed.rest.append((time.perf_counter() - began) * 1e3)
        if number % 10 == 9:
            began = time.perf_counter()
            await _until_settled(app, document)
            typed.final.append((time.perf_counter() - began) * 1e3)
    probe.cancel()
    return typed


async def _until_settled(app: App, document: Document) -> None:
    while not document.is_settled:
        await app._look(document, is_final=True)  # noqa: SLF001 - what the timer calls


async def _probe(held: list[float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.sleep(0)
        held.append((time.perf_counter() - started) * 1e3)
        await asyncio.sleep(0.0005)


def _near(document: Document, point: Point) -> Span:
    """Return what a code action at a place looks at."""
    assert document.source is not None
    cursor = document.buffer.clamp(point)
    return looked_at(context_span(document.source, cursor), cursor)


def _keys(document: Document, n_keys: int) -> Iterator[tuple[Point, str]]:
    """Yield keystrokes: real lines typed again below themselves, so mostly broken code."""
    rng = random.Random(SEED)
    n_made = 0
    while n_made < n_keys:
        line = rng.randrange(10, len(document.buffer.lines) - 10)
        typed = document.buffer.line(line)
        if not typed.strip() or not typed.isascii() or len(typed) > 100:
            continue
        yield Point(line, len(typed)), "\n"
        for column, letter in enumerate(typed):
            yield Point(line + 1, column), letter
        n_made += len(typed) + 1


# -- opening, memory -------------------------------------------------------------------------------


def _opened(language: str, n_rounds: int) -> float:
    took = []
    for _ in range(max(5, n_rounds)):
        started = time.perf_counter()
        document = _document(language)
        document.prepare()
        assert document.source is not None
        findings_of_places(document.source, _near(document, Point(N_LINES // 2, 0)))
        took.append((time.perf_counter() - started) * 1e3)
    return statistics.median(took)


def _memory(language: str) -> float:
    """Return the memory that an open and looked-at document takes, per byte of its text."""
    script = f"from benchmarks.inspection import resident_per_byte; print(resident_per_byte({language!r}))"
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return float(ran.stdout)


def resident_per_byte(language: str) -> float:
    """Open a text in this process, look at all of it, and return how much larger that made it."""
    small = Document(Path(_PATHS[language]).as_uri(), "", 1, _text(language)[:2_000])
    small.look()
    n_before = _resident_bytes()
    document = _document(language)
    document.look()
    give_back()
    return (_resident_bytes() - n_before) / len(_text(language).encode())


def _resident_bytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


# -- beside bandit ---------------------------------------------------------------------------------


def _against_bandit(n_rounds: int) -> list[Figure]:
    bandit = environment("bandit", _BANDIT) / "bin" / "bandit"
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory(prefix="skills-lsp-bench-") as scratch:
        for number, file in enumerate(_library_files()):
            shutil.copy(file, Path(scratch, f"{number:04}_{file.name}"))
        for _ in range(n_rounds):
            ours.append(_seconds(sys.executable, "-m", "skills_lsp", "inspect", scratch))
            theirs.append(_seconds(str(bandit), "-q", "-r", scratch))
    n_files = len(_library_files())
    rate, other = n_files / statistics.median(ours), n_files / statistics.median(theirs)
    print(f"inspect: {rate:.0f} files/s, bandit: {other:.0f} files/s, {n_files:,} files\n")
    return [
        Figure("inspect 1,000 files, of bandit's time", "x", other / rate, None, 0.2),
    ]


def _seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


# -- texts -----------------------------------------------------------------------------------------


def _document(language: str) -> Document:
    return Document(Path(_PATHS[language]).as_uri(), "", 1, _text(language))


_IMPORT = re.compile(r"^import\b[^;]*;\n", re.MULTILINE)


@cache
def _text(language: str) -> str:
    """Return some 20,000 lines of whole files."""
    files = _library_files() if language == "python" else _tsx_files()
    # Tables of test data are no code that anybody types: 30 nodes in a line.
    files = tuple(it for it in files if "test" not in it.as_posix().rpartition("lib/")[2])
    texts: list[str] = []
    n_lines = 0
    for file in files:
        text = file.read_text("utf-8", "replace").replace("\f", "").replace("\r", "")
        if Source(text, language).root.has_error:
            continue  # Broken code is what the keys make.
        if (
            texts and language == "tsx"
        ):  # One file has its imports once, and not two thousand of them.
            text = _IMPORT.sub("", text)
        texts.append(text if text.endswith("\n") else f"{text}\n")
        n_lines += text.count("\n")
        if n_lines >= N_LINES:
            break
    return "".join(texts)


@cache
def _library_files() -> tuple[Path, ...]:
    top = Path(sysconfig.get_path("stdlib"))
    left_out = ("site-packages", "lib2to3/tests/data", "bad_coding", "badsyntax")
    files = [it for it in sorted(top.rglob("*.py")) if not any(w in str(it) for w in left_out)]
    files = [it for it in files if it.stat().st_size > 0]
    random.Random(SEED).shuffle(files)
    return tuple(files[:N_FILES])


@cache
def _tsx_files() -> tuple[Path, ...]:
    files = [
        it for name, version in _TSX for it in sorted(npm_package(name, version).rglob("*.tsx"))
    ]
    random.Random(SEED).shuffle(files)
    return tuple(files)


def _rank(values: list[float], rank: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * rank // 100)]
