"""A history in which each chart of the dashboard has something to show: the demo's, and what it lacks."""

import asyncio
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skills_lsp.app.app import App
from skills_lsp.app.operations import ab_assign, ab_create, ab_record, ab_stop
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.domain.pipeline import Build, StageRun
from skills_lsp.store import Store, impressions, invocations, learning, pipelines
from skills_lsp.store.impressions import DISMISSED, PICKED, Impression, Item, Pick
from skills_lsp.store.text import instant

_STAGES = (
    ("build", "package-build", 0.97, 70.0),
    ("lint", "ruff-project", 0.91, 25.0),
    ("test", "pytest-all", 0.68, 340.0),
    ("security", "pip-audit", 0.88, 40.0),
    ("deploy", "package-check", 0.95, 120.0),
)
_EXPLORATION = 0.4
FIRST_TEST = "other-words"
_OFFERED = ("pytest-run", "ruff-format", "mypy-check", "pytest-coverage")


def make(path: Path, n_uses: int = 15_000) -> None:
    """Write the history of a team that ends now."""
    command = [sys.executable, "-m", "skills_lsp", "demo-data", "--into", str(path)]
    subprocess.run(
        [*command, "--rows", str(n_uses), "--days", "45"], check=True, capture_output=True
    )
    now = datetime.now(UTC)
    store = Store.open(path, now=lambda: datetime.now(UTC), notify=print)
    try:
        store.change(lambda db: pipelines.load(db, _stages(now)))
        store.change(lambda db: _pick(db, now))
        store.change(lambda db: _fit(db, now))
    finally:
        store.close()
    asyncio.run(_with_tests(path))


def _stages(now: datetime) -> list[StageRun]:
    rng = random.Random(5)
    found = []
    for number in range(80):
        started_at = now - timedelta(hours=2 * number + 1)
        build = Build("ci", str(400 - number), "shop", branch="main")
        for stage, skill, rate, seconds in _STAGES:
            is_good = rng.random() < rate
            status = Status.PASSED if is_good else Status.FAILED
            took = seconds * rng.lognormvariate(0, 0.2)
            found.append(StageRun(build, stage, skill, instant(started_at), status, took))
            if not is_good:
                break
    return found


def _pick(db: object, now: datetime) -> None:
    """Write lists of suggestions, from which people pick what comes next more and more often."""
    rng = random.Random(3)
    n_lists = 900
    for i in range(n_lists):
        at = instant(now - timedelta(hours=4 * (n_lists - i)))
        parts = [{"pattern": rng.random(), "next": rng.random()} for _ in _OFFERED]
        order = sorted(range(4), key=lambda k: -parts[k]["pattern"])
        chances = [1 - _EXPLORATION / 2] * 4
        if rng.random() < _EXPLORATION:
            a, b = rng.sample(range(4), 2)
            order[a], order[b] = order[b], order[a]
            chances[a] = chances[b] = _EXPLORATION / 6
        wanted = max(order, key=lambda k: parts[k]["next"] + 0.1 * rng.random())
        position = order.index(wanted) + 1
        is_found = rng.random() < 1 / position
        _write_list(db, at, [(_OFFERED[k], chances[n], parts[k]) for n, k in enumerate(order)],
                    position if is_found else None)  # fmt: skip


def _write_list(
    db: object, at: str, offered: Sequence[tuple[str, float, dict[str, float]]], picked: int | None
) -> None:
    items = tuple(
        Item(place, place, name, 0.5, chance, parts)
        for place, (name, chance, parts) in enumerate(offered, 1)
    )
    picks: tuple[Pick, ...] = ()
    if picked is not None:
        run = Invocation(offered[picked - 1][0], at, "picks", "execution", project="shop",
                         selection_rank=picked, status=Status.PASSED, completed=True,
                         duration_seconds=3.0, summary="passed")  # fmt: skip
        picks = (Pick(picked, invocations.insert(db, invocations.prepared(run), None)),)
    answer = PICKED if picks else DISMISSED
    one = Impression(at, "picks", "shop", "python", "workflow-aware", 0, _EXPLORATION, False, True,
                     answer, at, items, picks)  # fmt: skip
    impressions.write(db, [one])


def _fit(db: object, now: datetime) -> None:
    """Write fits that foretell better from week to week; none of them answers."""
    for week in range(7):
        held_out = {
            "auc": 0.62 + 0.035 * week,
            "log_loss": 0.31 - 0.02 * week,
            "ece": 0.09 - 0.01 * week,
        }
        at = instant(now - timedelta(days=7 * (6 - week)))
        n_uses = 1_000 * (week + 1)
        report = {"held_out": held_out}
        learning.add_model(db, learning.Fit(week, at, "logistic", n_uses, n_uses, 30.0, report, {}))


async def _with_tests(path: Path) -> None:
    """Write a test that found nothing and was stopped, and one that finds much."""
    rng = random.Random(7)
    async with console_app(ConsoleClient(), database=str(path)) as app:
        await _with_test(app, ab_create.Params(FIRST_TEST, min_sample_size=10), 40, (0.7, 0.7), rng)
        await ab_stop.op(app, ab_stop.Params(FIRST_TEST))
        metrics = ("completion", "duration", "rating")
        terms = ab_create.Params("next-step", metrics=metrics, min_sample_size=30)
        await _with_test(app, terms, 140, (0.62, 0.85), rng)


async def _with_test(
    app: App, terms: ab_create.Params, n_users: int, rates: tuple[float, float], rng: random.Random
) -> None:
    await ab_create.op(app, terms)
    for number in range(n_users):
        await _outcomes(app, terms.name, f"user-{number}", rates, rng)


async def _outcomes(
    app: App, test: str, user: str, rates: tuple[float, float], rng: random.Random
) -> None:
    group = (await ab_assign.op(app, ab_assign.Params(test=test, user=user))).group
    rate = rates[group == "treatment"]
    for _ in range(4):
        done, rating = (
            rng.random() < rate,
            rng.choice((3, 4, 5) if group == "treatment" else (2, 3, 4)),
        )
        took = rng.lognormvariate(1.6, 0.4)
        await ab_record.op(
            app, ab_record.Params(test, user, "pytest-run", done, took, float(rating))
        )


if __name__ == "__main__":
    make(Path(sys.argv[1]))
