"""Histories at the edge of what a chart can show, as the answers that the page would get of them."""

import asyncio
import json
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from skills_lsp.app.dashboard import ask
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.domain.pipeline import Build, StageRun
from skills_lsp.store import Store, demo, pipelines
from skills_lsp.store.text import instant

COMMANDS = (
    *("dashboard", "report.pipeline", "report.dependencies", "report.ab", "report.learning"),
    *("report.trend", "report.anomalies"),
)
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "tsc\x1b[31m-\u202echeck\u2066",
    "x" * 200,
    "=cmd|'/c calc'!A1",
    "{a|b} {b} `code` **bold**",
    'quoted",\n"',
    "名前" * 60,
    "-",
)
N_MANY = 3_000
_PHASES = ("setup", "execution", "verification", "deployment")


@dataclass(frozen=True, slots=True)
class _Use:
    invocation: Invocation
    user: str = "somebody"


def histories(now: datetime) -> dict[str, list[_Use]]:
    """Return the uses of each history by its name."""
    rng = random.Random(1)
    one = _use("pytest-run", now - timedelta(minutes=5), rng)
    day = [
        _use(rng.choice(("pytest-run", "ruff-check")), now - timedelta(minutes=n), rng)
        for n in range(240)
    ]
    hostile = [
        _use(name, now - timedelta(hours=5 * n), rng, project=project)
        for n in range(60)
        for name, project in zip(HOSTILE, HOSTILE[1:] + HOSTILE[:1], strict=True)
    ]
    many = [
        _use(f"skill-{rng.randrange(N_MANY)}", now - timedelta(minutes=9 * n), rng)
        for n in range(2 * N_MANY)
    ] + [_use(f"skill-{n}", now - timedelta(minutes=n), rng) for n in range(N_MANY)]
    return {"empty": [], "one": [one], "day": day, "hostile": hostile, "many": many}


def _use(skill: str, at: datetime, rng: random.Random, project: str = "shop") -> _Use:
    is_good = rng.random() < 0.8
    status = Status.PASSED if is_good else Status.ERROR
    summary = f"{skill} {'passed' if is_good else 'could not be run'}"
    return _Use(
        Invocation(
            skill, instant(at), f"{project[:9]}_{at:%Y%m%d%H}", rng.choice(_PHASES), project=project,
            status=status, completed=is_good, duration_seconds=rng.lognormvariate(1, 1),
            summary=summary,
        )
    )  # fmt: skip


def _stages(name: str, now: datetime) -> Iterable[StageRun]:
    names = {"one": ("test",), "hostile": HOSTILE}.get(name, ())
    for number, stage in enumerate(names):
        build = Build(names[-1], str(number), names[0])
        # One passes always, one never, the others now and then.
        for n in range(6):
            status = Status.PASSED if number == 0 or n < number - 1 else Status.FAILED
            at = instant(now - timedelta(hours=3 * n + 1))
            yield StageRun(build, stage, stage, at, status, 40.0 * number)


async def _answers(path: Path) -> dict[str, Any]:
    async with console_app(ConsoleClient(), database=str(path)) as app:
        return {f"skills.{it}": await ask(app, f"skills.{it}", {}) for it in COMMANDS}


def make(folder: Path) -> dict[str, Any]:
    """Return what is answered over each of the histories; their databases are made in a folder."""
    now = datetime.now(UTC)
    found = {}
    for name, uses in histories(now).items():
        path = folder / f"edge-{name}.db"
        store = Store.open(path, now=lambda: now)
        try:
            store.change(lambda db, uses=uses: demo.load(db, uses, b"key"))  # type: ignore[misc]
            store.change(lambda db, name=name: pipelines.load(db, _stages(name, now)))  # type: ignore[misc]
        finally:
            store.close()
        found[name] = asyncio.run(_answers(path))
    return found


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]))))
