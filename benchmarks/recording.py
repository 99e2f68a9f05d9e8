"""What it costs to record one use of a skill, with an empty history and with 100,000 uses in it.

Run it as ``python benchmarks/recording.py``. Both halves are measured as the server calls them, so
scrubbing, triggers, the transaction and the wait for the disk are in the figures. NORMAL stands
beside FULL to show what durability costs; the product uses FULL.
"""

import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.store import Store

N_CALLS = 500
HISTORY_SIZES = (0, 100_000)
START = datetime(2026, 1, 1, tzinfo=UTC)


def main(sizes: tuple[int, ...] = HISTORY_SIZES, n_calls: int = N_CALLS) -> None:
    print("| history | synchronous | call | median ms | p99 ms |")
    print("| ---: | --- | --- | ---: | ---: |")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            store = Store.open(Path(folder) / "skills.db", now=lambda: datetime.now(UTC))
            fill(store, size)
            for synchronous in ("FULL", "NORMAL"):
                store._db.pragma("synchronous", synchronous)  # noqa: SLF001 - no user can choose it
                for call, times in measure(store, n_calls).items():
                    print(f"| {size:,} | {synchronous} | {call} | {summary(times)} |")
            store.close()


def measure(store: Store, n_calls: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {"begin": [], "finish": [], "memory": []}
    for number in range(n_calls):
        invocation = example(number, datetime.now(UTC))
        start = time.perf_counter()
        invocation_id = store.begin(invocation)
        begun = time.perf_counter()
        store.finish(invocation_id, OUTCOME)
        finished = time.perf_counter()
        store.memory("shop", "python")
        times["begin"].append((begun - start) * 1000)
        times["finish"].append((finished - begun) * 1000)
        times["memory"].append((time.perf_counter() - finished) * 1000)
        if number % 100 == 99:
            store.checkpoint()  # as the server does in quiet moments
    return times


def summary(times: list[float]) -> str:
    return f"{statistics.median(times):.3f} | {statistics.quantiles(times, n=100)[98]:.3f}"


OUTCOME = Outcome(Status.FAILED, "3 of 41 tests failed", 4.2, error_type="AssertionError")


def example(number: int, at: datetime) -> Invocation:
    return Invocation(
        skill_name=f"skill-{number % 60}",
        invoked_at=at.isoformat(),
        session_id=f"shop_{number // 40}",
        workflow_phase="execution",
        user_query="python test function test_checkout_empties_cart pytest asyncio imports httpx",
        alternatives_considered=("pytest-run", "pytest-coverage", "ruff-check", "mypy-check"),
        selection_rank=1 + number % 4,
        project=f"project-{number % 7}" if number % 3 else "shop",
        language="python",
        file_kind="test",
    )


def fill(store: Store, n_rows: int) -> None:
    ended = {"status": Status.PASSED, "duration_seconds": 2.5, "summary": "41 tests passed"}
    store.load(
        replace(example(number, START + timedelta(seconds=number * 60)), **ended)
        for number in range(n_rows)
    )


if __name__ == "__main__":
    main()
