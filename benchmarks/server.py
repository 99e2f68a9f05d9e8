"""The figures of a session: start, requests, edits, a burst, memory, the end."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.corpus import SEED, edits, python_lines
from benchmarks.session import SERVERS, Session

URI = "file:///bench/module_under_test.py"
MEDIUM, LARGE = 2_000, 20_000
_SETTLED_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured row. ``limit`` is of the value, or of its ratio to the empty server."""

    name: str
    unit: str
    ours: float
    floor: float | None  # None: an empty server has nothing like it
    limit: float
    is_ratio: bool = False

    @property
    def holds(self) -> bool:
        """Say whether the figure is within its limit."""
        return (self.ratio if self.is_ratio else self.ours) <= self.limit

    @property
    def ratio(self) -> float:
        """Return how many times the empty server's figure it is."""
        return self.ours / self.floor if self.floor else float("nan")


def start_figures(n_spawns: int) -> list[Figure]:
    """Measure cold starts and ends, the two servers in turn."""
    init: dict[str, list[float]] = {name: [] for name in SERVERS}
    first: dict[str, list[float]] = {name: [] for name in SERVERS}
    end: dict[str, list[float]] = {name: [] for name in SERVERS}
    memory: dict[str, list[float]] = {name: [] for name in SERVERS}
    text = "\n".join(python_lines(MEDIUM))
    for number in range(n_spawns + 1):
        for name in SERVERS if number % 2 else reversed(list(SERVERS)):
            session = Session(name)
            took = session.initialize()
            session.open(URI, text)
            session.code_action(URI, 1_000)
            answered = time.perf_counter() - session.spawned_at
            time.sleep(_SETTLED_SECONDS if number < 4 else 0.3)
            resident = session.memory_mib()
            gone = session.end()
            if number:  # the first start of each fills the caches
                init[name].append(took * 1e3)
                first[name].append(answered * 1e3)
                end[name].append(gone * 1e3)
            if 0 < number < 4:
                memory[name].append(resident)
    return [
        _figure("spawn to initialize answer", "ms", init, 0.7, is_ratio=True),
        _figure("spawn to first code action", "ms", first, 0.9, is_ratio=True),
        _figure("memory, idle, 2,000 lines open", "MiB", memory, 1.5, is_ratio=True),
        _figure("exit to gone", "ms", end, 50, is_ratio=False),
    ]


def request_figures(n_requests: int) -> list[Figure]:
    """Measure warm requests and keystrokes."""
    warm: dict[str, list[float]] = {}
    key: dict[str, list[float]] = {}
    for name in SERVERS:
        session = Session(name)
        session.initialize()
        session.open(URI, "\n".join(python_lines(MEDIUM)))
        time.sleep(_SETTLED_SECONDS)
        rng = random.Random(SEED)
        places = [rng.randrange(MEDIUM) for _ in range(n_requests)]
        warm[name] = [_ms(session.code_action, URI, at) for at in places]
        large = URI.replace("module", "large_module")
        session.open(large, "\n".join(python_lines(LARGE)))
        session.code_action(large, 10_000)
        time.sleep(_SETTLED_SECONDS)
        key[name] = []
        for line, column, text in edits(n_requests, LARGE):
            started = time.perf_counter()
            session.insert(large, line, column, text)
            session.code_action(large, line)
            key[name].append((time.perf_counter() - started) * 1e3)
        session.end()
    return [
        _figure("code action, warm, 2,000 lines, p50", "ms", warm, 5, is_ratio=False),
        _figure("code action, warm, 2,000 lines, p99", "ms", warm, 5, is_ratio=False, rank=99),
        _figure("edit and code action, 20,000 lines, p50", "ms", key, 8, is_ratio=False),
        _figure("edit and code action, 20,000 lines, p99", "ms", key, 8, is_ratio=False, rank=99),
    ]


def burst_figures(n_rounds: int) -> list[Figure]:
    """Measure 2,000 edits followed by one request."""
    took: dict[str, list[float]] = {name: [] for name in SERVERS}
    for _ in range(n_rounds):
        for name in SERVERS:
            session = Session(name)
            session.initialize()
            session.open(URI, "\n".join(python_lines(MEDIUM)))
            session.code_action(URI, 1_000)
            started = time.perf_counter()
            for line, column, text in edits(2_000, MEDIUM):
                session.insert(URI, line, column, text)
            session.code_action(URI, 1_000)
            took[name].append((time.perf_counter() - started) * 1e3)
            session.end()
    return [_figure("2,000 edits, then one request", "ms", took, 0.4, is_ratio=True)]


def _ms(call: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    call(*arguments)
    return (time.perf_counter() - started) * 1e3


def _figure(
    name: str,
    unit: str,
    taken: dict[str, list[float]],
    limit: float,
    *,
    is_ratio: bool,
    rank: int = 50,
) -> Figure:
    ours, floor = (_percentile(taken[server], rank) for server in ("skills-lsp", "empty pygls"))
    return Figure(name, unit, ours, floor, limit, is_ratio)


def _percentile(values: list[float], rank: int) -> float:
    if rank == 50:
        return statistics.median(values)
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * rank // 100)]
