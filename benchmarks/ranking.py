"""What learning costs a suggestion: 2,000 skills, 100,000 runs, a fit, and a model where there is one.

``python -m benchmarks ranking`` prints the table. Through LSP the times are those of a client; a context
is new when its function was never asked about. The model is that of ``make test``
(``scripts/fetch_model.sh``); without it those rows are left out.
"""

import asyncio
import os
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from benchmarks.catalogue import write_skills
from benchmarks.session import Session
from skills_lsp.app.app import App
from skills_lsp.app.folders import Folders
from skills_lsp.app.offers import Showing
from skills_lsp.app.suggesting import suggest
from skills_lsp.cli.console import ConsoleClient
from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.domain.settings import Settings
from skills_lsp.ide.candidates import Candidate
from skills_lsp.text import Point

N_RUNS = 100_000
N_REQUESTS = 300
N_FUNCTIONS = 1_200
MODELS = Path(__file__).parents[1] / ".cache" / "model" / "data" / "models"
_SKILLS = (
    "pytest-run",
    "pytest-file",
    "ruff-check",
    "ruff-fix",
    "ruff-format",
    "mypy-check",
    "git-diff",
)

_MOST_TRIES = 30

Row = tuple[str, list[float], float]


def main(n_runs: int = N_RUNS) -> None:
    print(f"| with 2,100 skills and {n_runs:,} runs | median | p99 | at most |")
    print("| --- | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory(prefix="skills-lsp-bench-") as scratch:
        home, workspace = Path(scratch) / "home", Path(scratch) / "shop"
        workspace.mkdir()
        write_skills(workspace)
        (workspace / "pyproject.toml").write_text('[project]\nname = "shop"\n', "utf-8")
        file = workspace / "test_shop.py"
        file.write_text(_source(), "utf-8")
        has_model = MODELS.is_dir()
        if has_model:
            (home / "data").mkdir(parents=True)
            (home / "data" / "models").symlink_to(MODELS)
        _print(asyncio.run(_in_process(home, workspace, file, n_runs, has_model=has_model)))
        _print(_through_lsp(home, workspace, file, has_model=has_model))


def _print(rows: list[Row]) -> None:
    for name, times, limit in rows:
        print(
            f"| {name} | {statistics.median(times):.2f} ms | {_p99(times):.2f} ms | {limit:g} ms |"
        )


# -- in this process -------------------------------------------------------------------------------


async def _in_process(
    home: Path, workspace: Path, file: Path, n_runs: int, *, has_model: bool
) -> list[Row]:
    folders = Folders(home, home / "config", home / "data", home / "cache")
    app = App(ConsoleClient(), folders, settings=Settings(max_suggestions=5, exploration=0.05))
    app.set_workspaces([workspace])
    ticker = _Ticker()
    await app.start()
    for first in range(0, n_runs, 10_000):
        past = _past(first, min(first + 10_000, n_runs), n_runs)
        await app.stored(lambda store, past=past: store.load(past), 0)
    learning = await app.start_learning()
    await learning.loaded.wait()
    rows: list[Row] = []
    async with ticker:
        assert await learning.fit(), "a fit failed"
    rows.append(("loop held during a fit of all runs", ticker.held, 10.0))
    async with ticker:
        await learning.load()
    rows.append(("loop held while a fit is read", ticker.held, 10.0))
    app.open(file.as_uri(), "python", 1, _source())
    document = app.documents[file.as_uri()]
    document.look()
    await app.meet(document)
    found = suggest(app, document, Point(1, 0), limit=50)
    catalogue = app.knowledge.catalogue
    fifty = [Candidate(it) for it in catalogue.skills[:50]]

    following = learning.following(found.context)

    def score() -> None:
        learning.foresight(found.context, fifty, following)

    rows.append(("50 candidates scored: features and probability", _times(score, 500), 1.0))
    lines = iter(range(1, 4 * N_FUNCTIONS, 4))

    def notice() -> None:
        suggest(app, document, Point(next(lines), 0), showing=Showing.OPENED)

    rows.append(("a suggestion, new context, in process", _times(notice, 300), 10.0))
    async with ticker:
        await learning.flush()
    rows.append(("loop held while 200 lists are written", ticker.held, 10.0))
    if has_model:
        refined = await _refined(app, document)
        rows.append(("new context to the refined answer, encoder warm", refined, 25.0))
    await app.stop()
    return rows


async def _refined(app: App, document: object) -> list[float]:
    meaning = app.knowledge.meaning
    assert meaning is not None
    for _ in range(_MOST_TRIES):  # on a busy machine the encoder may take too long for a batch
        if meaning.engine != "words":
            break
        await asyncio.sleep(1.0)
        await app.index_by_meaning()
    times = []
    for number in range(N_REQUESTS // 3):
        query = f"python test file function test shop order {number} assert total"
        started = time.perf_counter()
        assert await meaning.learn(query)
        app.knowledge.text_scores(query)
        suggest(app, document, Point(1, 0))  # type: ignore[arg-type]
        times.append((time.perf_counter() - started) * 1e3)
    return times


class _Ticker:
    """Measures for how long the loop lets nobody in."""

    async def __aenter__(self) -> None:
        self.held: list[float] = []
        self._task = asyncio.ensure_future(self._tick())
        await asyncio.sleep(0)

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _tick(self) -> None:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(0.001)
            self.held.append((time.perf_counter() - started) * 1e3 - 1.0)


def _past(first: int, last: int, n_runs: int) -> list[Invocation]:
    rng = random.Random(first)
    now = datetime.now(UTC)
    return [
        Invocation(
            _SKILLS[(number + (rng.random() < 0.2)) % len(_SKILLS)],
            (now - timedelta(minutes=2.0 * (n_runs - number))).isoformat(),
            f"shop_{number // 40}",
            "execution",
            project="shop",
            language="python",
            file_kind="test",
            status=Status.PASSED if rng.random() < 0.85 else Status.ERROR,
            duration_seconds=rng.expovariate(0.3),
        )
        for number in range(first, last)
    ]


# -- through LSP -----------------------------------------------------------------------------------


def _through_lsp(home: Path, workspace: Path, file: Path, *, has_model: bool) -> list[Row]:
    session = Session("skills-lsp", str(home), workspace.as_uri())
    session.initialize()
    uri = file.as_uri()
    session.open(uri, file.read_text("utf-8"))
    _await_learning(session, uri)
    rng = random.Random(4)
    fresh = iter(rng.sample(range(N_FUNCTIONS), N_FUNCTIONS))

    def at(number: int) -> Callable[[], object]:
        return lambda: session.code_action(uri, 4 * number + 1)

    warm = [rng.randrange(N_FUNCTIONS) for _ in range(10)]
    for number in warm:
        at(number)()
    time.sleep(1.0)
    rows: list[Row] = [
        (
            "5 suggestions through LSP, known contexts",
            [_time(at(rng.choice(warm))) for _ in range(N_REQUESTS)],
            10.0,
        ),
        (
            "the same, new contexts" + (", encoder warm" if has_model else ""),
            [_time(at(next(fresh))) for _ in range(N_REQUESTS)],
            10.0,
        ),
    ]
    encoders = psutil.Process(session.process.pid).children(recursive=True) if has_model else []
    for name, sent in (("hung", signal.SIGSTOP), ("dead", signal.SIGKILL)):
        for it in encoders:
            os.kill(it.pid, sent)
        if encoders:
            times = [_time(at(next(fresh))) for _ in range(N_REQUESTS)]
            rows.append((f"the same, new contexts, encoder {name}", times, 10.0))
    session.end()
    return rows


def _await_learning(session: Session, uri: str) -> None:
    """Wait until the server has read what was learned, its catalogue and its model."""
    for _ in range(600):
        arguments = [{"uri": uri, "line": 1}]
        params = {"command": "skills.explain", "arguments": arguments}
        found = session.request("workspace/executeCommand", params)
        if found and found["ranking"]["n_uses"] > 1_000:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the server did not take up what was learned")
    time.sleep(3.0)


def _source() -> str:
    names = [
        f"test_{word}_{i}"
        for i in range(N_FUNCTIONS // 4)
        for word in ("order", "price", "cart", "user")
    ]
    return "\n".join(
        f"def {name}():\n    total = sum([1, 2])\n    assert total == 3\n" for name in names
    )


def _time(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1e3


def _times(call: Callable[[], object], n: int) -> list[float]:
    return [_time(call) for _ in range(n)]


def _p99(times: list[float]) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


if __name__ == "__main__":
    main()
