"""How soon the dashboard is there over a long history, and how soon it follows a run.

Run it as ``python -m benchmarks.dashboard [ROWS | DATABASE]``. Needs Chromium and Node.js, for the times are
those of the page: until its charts are on the screen, and from a run on the disk until it is shown.
"""

import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.analytics import make_history
from benchmarks.server import Figure
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.store import Store
from skills_lsp.store.text import instant

N_ROWS = 1_000_000
_PAGE = Path(__file__).parents[1] / "editors/dashboard"


def dashboard_figures(database: Path, said: str) -> list[Figure]:
    """Return the medians over a history."""
    serving = subprocess.Popen(
        [sys.executable, "-m", "skills_lsp", "dashboard", "--no-open", "--database", str(database)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert serving.stdout is not None
        address = serving.stdout.readline().strip()
        record = [sys.executable, "-m", "benchmarks.dashboard", "record", str(database)]
        done = subprocess.run(
            ["node", str(_PAGE / "test/figures.mjs"), address, shlex.join(record)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    finally:
        serving.terminate()
        serving.wait()
    found = {name: statistics.median(its) for name, its in json.loads(done.stdout).items()}
    return [
        Figure(f"dashboard opens, {said}", "ms", found["open_ms"], None, 1_000),
        Figure("dashboard, all arithmetic done", "ms", found["complete_ms"], None, 5_000),
        Figure("dashboard follows a run", "ms", found["follow_ms"], None, 200),
    ]


def record(database: Path) -> None:
    """Record a run as an editor does, and print when it was on the disk, in ms since 1970."""
    store = Store.open(database, now=lambda: datetime.now(UTC))
    at = instant(datetime.now(UTC))
    run = store.begin(Invocation("pytest-run", at, "benchmark", "execution"))
    print(time.time() * 1000)
    store.finish(run, Outcome(Status.PASSED, "passed", 0.1))
    store.close()


def main(arguments: list[str]) -> None:
    """Make a history, or take one that is there, and print the table."""
    from benchmarks.__main__ import table  # noqa: PLC0415 - it imports us

    given = arguments[0] if arguments else str(N_ROWS)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SKILLS_LSP_HOME"] = folder
        if given.isdecimal():
            database, said = Path(folder) / "skills.db", f"{int(given):,} runs"
            make_history(database, int(given), datetime.now(UTC))
        else:
            database, said = Path(given), Path(given).name
        print(table(dashboard_figures(database, said)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["record"]:
        record(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
