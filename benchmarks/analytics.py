"""What the history answers, and what it costs to record, as it grows from 10,000 to 1,000,000 uses.

Run it as ``python -m benchmarks analytics``. To add a row, write a function under ``@row`` that takes a
:class:`History` and returns what is timed.
"""

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw

from skills_lsp.domain.experiment import AIMS, METRICS, Experiment
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.domain.pipeline import Build, StageRun
from skills_lsp.store import (
    Store,
    ab,
    aggregates,
    anomalies,
    baselines,
    counting,
    dependencies,
    pipelines,
    text,
    usage,
    users,
)
from skills_lsp.store.database import open_writer
from skills_lsp.store.migrations import load_migrations, migrate_up

SIZES = (10_000, 100_000, 1_000_000)
N_DAYS, N_SKILLS, N_USERS, FAVOURITES = 365, 100, 10_000, 8
_MEAN_SESSION = 10


@dataclass(frozen=True, slots=True)
class History:
    """A made-up year of a large team, open as a server has it."""

    store: Store
    path: Path
    n_rows: int
    now: datetime

    def day(self, n_days_ago: int) -> str:
        """Return a date (UTC)."""
        return (self.now - timedelta(days=n_days_ago)).strftime("%Y-%m-%d")

    def hour(self, n_hours_ago: int) -> str:
        """Return the beginning of an hour as it is stored."""
        at = self.now.replace(minute=0, second=0, microsecond=0)
        return text.instant(at - timedelta(hours=n_hours_ago))

    def asks(self, question: Callable[[apsw.Connection], object]) -> Callable[[], object]:
        """Return a question as the server asks it, on a connection that only reads."""
        return lambda: self.store.query(question, None)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what is timed, and what it may take with the longest history."""

    name: str
    limit_ms: float
    make: Callable[[History], Callable[[], object]]
    n_calls: int


ROWS: list[Row] = []


def row(
    name: str, limit_ms: float, n_calls: int = 50
) -> Callable[
    [Callable[[History], Callable[[], object]]], Callable[[History], Callable[[], object]]
]:
    """Enter a function in the table."""

    def enter(
        make: Callable[[History], Callable[[], object]],
    ) -> Callable[[History], Callable[[], object]]:
        ROWS.append(Row(name, limit_ms, make, n_calls))
        return make

    return enter


@row("record: begin, durable", 0.5, n_calls=300)
def begin(history: History) -> Callable[[], object]:
    """Write a use before it starts."""
    numbers = itertools.count()

    def once() -> object:
        number = next(numbers)
        if number % 100 == 99:
            history.store.checkpoint()  # as the server does in quiet moments
        return history.store.begin(_example(number))

    return once


@row("record: finish, durable", 0.5, n_calls=300)
def finish(history: History) -> Callable[[], object]:
    """Complete a use when it has ended."""
    begun = iter([history.store.begin(_example(number)) for number in range(310)])
    return lambda: history.store.finish(next(begun), _OUTCOME)


@row("top 10 now", 2)
def top_now(history: History) -> Callable[[], object]:
    """Ask for the skills with the most uses in the last 24 hours, to the second."""
    return history.asks(lambda db: aggregates.top(db, history.now))


@row("live figures of all skills brought up to date", 10)
def refreshed(history: History) -> Callable[[], object]:
    """Let the windows of the cache expire."""
    return lambda: history.store.change(lambda db: aggregates.refresh(db, history.now))


@row("hourly aggregation of the last 24 h", 10)
def hourly(history: History) -> Callable[[], object]:
    """Ask for each skill's last 24 hours."""
    since, until = history.hour(23), history.hour(0)
    return history.asks(lambda db: usage.hours(db, since, until))


@row("hours of all skills together, 24 h", 10)
def totals(history: History) -> Callable[[], object]:
    """Ask for the last 24 hours of everything."""
    return history.asks(lambda db: aggregates.last_hours(db, history.now))


@row("days and durations of one skill, 30 days", 5)
def one_skill(history: History) -> Callable[[], object]:
    """Ask for what the trend of the most used skill is computed from."""
    since, until = history.day(30), history.day(0)

    def ask(db: apsw.Connection) -> object:
        return usage.days(db, since, until, "skill-0"), usage.durations(db, "skill-0", since, until)

    return history.asks(ask)


@row("weekday by hour, 90 days", 10)
def weekdays(history: History) -> Callable[[], object]:
    """Ask for what the heat map is made of."""
    since, until = history.hour(90 * 24), history.hour(0)
    return history.asks(lambda db: usage.activity(db, since, until))


@row("skill by phase, 90 days", 10, n_calls=20)
def phases(history: History) -> Callable[[], object]:
    """Ask for what the heat map of phases is made of."""
    since, until = history.day(90), history.day(0)
    return history.asks(lambda db: usage.phases(db, since, until))


@row("dependencies: read", 5)
def dependencies_read(history: History) -> Callable[[], object]:
    """Ask for all pairs of skills with their counts, after all sessions were counted."""
    _count_all(history)
    return history.asks(dependencies.network)


@row("dependencies: one new session of ten uses", 5)
def dependencies_update(history: History) -> Callable[[], object]:
    """Count a session that has just ended."""
    _count_all(history)
    numbers = itertools.count()

    def sessions() -> None:
        for number in range(51):
            uses = (replace(_example(i), session_id=f"new_{number}") for i in range(10))
            history.store.load(replace(it, status=Status.PASSED) for it in uses)

    sessions()
    at = text.instant(history.now)

    def once() -> object:
        next(numbers)
        return history.store.change(lambda db: dependencies.count_pending(db, at, 1))

    return once


def _count_all(history: History) -> None:
    at = text.instant(history.now)
    while history.store.change(lambda db: dependencies.count_pending(db, at, 2_000)):
        pass


@row("A/B: sums of 1,000 outcomes", 5)
def ab_sums(history: History) -> Callable[[], object]:
    """Ask for what an A/B test of 1,000 outcomes is computed from."""
    return history.asks(lambda db: ab.sums(db, _test_of_a_thousand(history)))


@row("A/B: analysis of 1,000 outcomes, in the analyst", 5)
def ab_analysis(history: History) -> Callable[[], object]:
    """Analyse it: three metrics."""
    from skills_lsp.stats.questions import ab as question  # noqa: PLC0415 - the analyst's

    nothing: Mapping[str, Mapping[str, list[list[float]]]] = {}
    asked = {
        "n_planned": 100,
        "control_share": 0.5,
        "metrics": [*METRICS],
        "aims": AIMS,
        "groups": history.store.query(
            lambda db: ab.sums(db, _test_of_a_thousand(history)), nothing
        ),
    }
    return lambda: question.answer(asked)


def _test_of_a_thousand(history: History) -> Experiment:
    """Return a test with 1,000 outcomes of 600 users, made at the first call."""
    found = history.store.query(lambda db: ab.named(db, "bench"), None)
    if found is not None:
        return found
    at, dice = text.instant(history.now), random.Random(3)

    def make(db: apsw.Connection) -> Experiment:
        test = ab.create(db, Experiment("bench", "a", "b", history.now, metrics=METRICS), at)
        for number in range(1_000):
            result = ab.Result("skill-1", dice.random() < 0.8, dice.lognormvariate(1, 1), 4.0)
            ab.record(db, test, f"user-{number % 600}", result, at)
        return test

    return history.store.change(make)


@row("similar users: matrix kept, in the analyst", 20)
def similar_kept(history: History) -> Callable[[], object]:
    """Ask who is like a user, within the hour."""
    from skills_lsp.stats.questions import similar_users  # noqa: PLC0415 - the analyst's

    question = _who_is_like(history)
    everybody = history.store.query(lambda db: users.everybody_but(db, "user-1"), None)
    assert everybody is not None
    similar_users.answer({**question, "others": everybody.skills})
    return lambda: similar_users.answer(question)


@row("similar users: everybody read and the matrix made, once an hour", 200, n_calls=10)
def similar_read(history: History) -> Callable[[], object]:
    """Ask it for the first time."""
    from skills_lsp.stats.questions import similar_users  # noqa: PLC0415 - the analyst's

    question = _who_is_like(history)

    def once() -> object:
        everybody = history.store.query(lambda db: users.everybody_but(db, "user-1"), None)
        assert everybody is not None
        return similar_users.answer({**question, "others": everybody.skills})

    return once


def _who_is_like(history: History) -> dict[str, Any]:
    nothing: tuple[str, ...] = ()
    own = history.store.query(lambda db: users.skills_of(db, "user-1"), nothing)
    return {"key": str(history.path), "own": own, "limit": 10, "least_common": 3}


@row("trend of one skill, 30 days: read and computed", 5)
def trend(history: History) -> Callable[[], object]:
    """Tell whether the most used skill gets better, slower, more used."""
    from skills_lsp.app.operations._windows import window  # noqa: PLC0415 - with the analyst's
    from skills_lsp.app.operations.report_trend import by_day  # noqa: PLC0415
    from skills_lsp.stats.questions import trend as question  # noqa: PLC0415

    time = window(history.now, 30, "trend")

    def ask(db: apsw.Connection) -> object:
        days, first = usage.days(db, time.since, time.until, "skill-0"), usage.first_dates(db)
        usage.durations(db, "skill-0", time.since, time.until)
        skills = [{"skill": it.skill, "days": it.days} for it in by_day(days, first, time)]
        return question.answer({"skills": skills})

    return history.asks(ask)


@row("anomaly scan over 100 skills: figures read", 10)
def anomalies_read(history: History) -> Callable[[], object]:
    """Ask for the last day of each skill and the four weeks before."""
    return lambda: _scanned(history)


@row("anomaly scan over 100 skills: computed, in the analyst", 10)
def anomalies_computed(history: History) -> Callable[[], object]:
    """Make three tests for each skill, and adjust for all."""
    from skills_lsp.stats.questions import anomalies as question  # noqa: PLC0415 - the analyst's

    asked = {"threshold": 2.0, "skills": _scanned(history)}
    return lambda: question.answer(asked)


def _scanned(history: History) -> list[dict[str, Any]]:
    from skills_lsp.app import anomalies as scanning  # noqa: PLC0415 - its own import is not timed

    dates = tuple(history.day(n) for n in range(28, 0, -1))
    since, until = history.hour(23), history.hour(0)
    found = history.store.query(
        lambda db: anomalies.figures(db, dates[0], dates[-1], since, until), None
    )
    assert found is not None
    return scanning.asked(found, dates)


@row("overview, 14 days and 14 before", 10)
def overview(history: History) -> Callable[[], object]:
    """Ask for what the overview is made of."""
    since, until = history.day(27), history.day(0)
    return history.asks(lambda db: usage.days(db, since, until))


@row("baselines of 100 skills, computed and written", 50, n_calls=10)
def community(history: History) -> Callable[[], object]:
    """Compute how skills go with everybody, and keep it."""
    at = text.instant(history.now)
    return lambda: history.store.change(lambda db: baselines.update(db, 5, at))


@row("pipeline report: one stage for ten uses", 10, n_calls=20)
def pipeline(history: History) -> Callable[[], object]:
    """Add up the stages of 30 days, three pipelines of four stages."""

    def runs() -> Iterator[StageRun]:
        dice, n_stages = random.Random(6), history.n_rows // 10
        for number in range(n_stages):
            at = history.now - timedelta(days=60 * (1 - number / n_stages))
            build = Build(f"ci-{number % 3}", str(number // 12), "shop", branch="main")
            status = Status.PASSED if dice.random() < 0.85 else Status.FAILED
            stage = ("lint", "test", "build", "deploy")[number // 3 % 4]
            seconds = dice.lognormvariate(4, 1)
            yield StageRun(build, stage, f"{stage}-skill", text.instant(at), status, seconds)

    def fill(db: apsw.Connection) -> None:
        with counting.counted_together(db):
            pipelines.load(db, runs())

    history.store.change(fill)
    from skills_lsp.app.operations import report_pipeline as report  # noqa: PLC0415 - with the others

    window = report.window_of(report.Params(window="monthly"), history.now)
    return history.asks(lambda db: pipelines.history(db, window))


def main(sizes: tuple[int, ...] = SIZES, *, is_quick: bool = False) -> None:
    """Print the table."""
    sizes = sizes[:2] if is_quick else sizes
    found: dict[str, list[float]] = {it.name: [] for it in ROWS}
    sizes_bytes = []
    for size in sizes:
        print(f"a history of {size:,} uses …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder, opened(Path(folder), size) as history:
            sizes_bytes.append(history.path.stat().st_size)
            for it in ROWS:
                found[it.name].append(_median_ms(it, history))
    heads = " | ".join(f"{size:,} uses" for size in sizes)
    print(f"| what, median ms | {heads} | at most | holds |")
    print(f"|---|{'---:|' * len(sizes)}---:|---|")
    for it in ROWS:
        values = found[it.name]
        holds = "yes" if values[-1] <= it.limit_ms else "**no**"
        shown = " | ".join(f"{value:.3g}" for value in values)
        print(f"| {it.name} | {shown} | {it.limit_ms:g} | {holds} |")
    print(f"\nFiles: {', '.join(f'{size / 2**20:.0f} MB' for size in sizes_bytes)}.")
    n_records = 10_000 if is_quick else 100_000
    print(f"Import of {n_records:,} records: {import_seconds(n_records):.1f} s (at most 5 s).\n")


def import_seconds(n_records: int) -> float:
    """Return how long `skills-lsp import` takes, from its start to its end, for an empty history."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "skill_metrics.json"
        names = ("skill_name", "invoked_at", "session_id", "workflow_phase", "completed",
                 "duration_seconds", "user_query")  # fmt: skip
        records = [
            dict(zip(names, use[: len(names)], strict=True))
            for use in _uses(n_records, datetime.now(UTC))
        ]
        source.write_text(json.dumps({"invocations": records, "skills": {}}))
        begin_at = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "skills_lsp", "import", str(source), "--timezone", "UTC"],
            env={**os.environ, "SKILLS_LSP_HOME": folder},
            capture_output=True,
            check=True,
        )
        return time.perf_counter() - begin_at


@contextmanager
def opened(folder: Path, n_rows: int) -> Iterator[History]:
    """Make a history of so many uses in a folder; it is closed at the end."""
    path, now = folder / "skills.db", datetime.now(UTC)
    make_history(path, n_rows, now)
    store = Store.open(path, now=lambda: datetime.now(UTC), notify=print)
    try:
        yield History(store, path, n_rows, now)
    finally:
        store.close()


def make_history(path: Path, n_rows: int, until: datetime) -> None:
    """Write a history in bulk: the uses first, without triggers, and then what is kept of them.

    The kept figures come from the migrations, which count what is there when they run; so this
    also is a migration of a history of V1.
    """
    steps = load_migrations()
    db = open_writer(path, synchronous="OFF")
    db.pragma("journal_mode", "off")
    db.pragma("cache_size", -256_000)
    migrate_up(db, steps, until, to=1)
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    db.execute("".join(f"DROP TRIGGER {name};" for name, _ in triggers))
    with db:
        db.executemany(_USE, _uses(n_rows, until))
        for statement in _COUNTS:
            db.execute(statement)
        for _, sql in triggers:
            db.execute(str(sql))
    migrate_up(db, steps, until)
    with db:
        by_user = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (_BY,)).fetchall()[0][
            0
        ]
        db.execute(f"DROP TRIGGER {_BY}")
        db.execute(_INTERACTIONS)
        db.execute(_USERS)
        db.execute(str(by_user))
    db.close()


def _uses(n_rows: int, until: datetime) -> Iterator[tuple[object, ...]]:
    """Make up sessions in the order of their time; each is of a user with some favourite skills."""
    dice = random.Random(7)
    weights = [1 / (rank + 1) ** 0.7 for rank in range(N_SKILLS)]
    skills = [f"skill-{number}" for number in range(N_SKILLS)]
    tastes = [dice.choices(skills, weights, k=FAVOURITES) for _ in range(N_USERS)]
    usual = {name: (dice.uniform(0.7, 1.0), dice.uniform(-1, 3)) for name in skills}
    n_sessions = -(-n_rows // _MEAN_SESSION)
    begin_at = until - timedelta(days=N_DAYS)
    starts = sorted(dice.random() for _ in range(n_sessions))
    n_made = 0
    for number, share in enumerate(starts):
        at = begin_at + timedelta(days=share * N_DAYS)
        user = dice.randrange(N_USERS)
        for _ in range(min(_MEAN_SESSION, n_rows - n_made)):
            name = dice.choice(tastes[user])
            rate, log = usual[name]
            is_completed = dice.random() < rate
            at = min(at + timedelta(seconds=dice.expovariate(1 / 90)), until)
            yield (
                name,
                at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                f"user-{user}_{number}",
                ("setup", "execution", "verification", "deployment")[hash_of(name) % 4],
                is_completed,
                dice.lognormvariate(log, 0.5),
                _QUERIES[n_made % len(_QUERIES)],
                1 + n_made % 4,
                "" if is_completed else "timeout",
                "passed" if is_completed else "error",
                f"project-{user % 50}",
            )
            n_made += 1


def hash_of(name: str) -> int:
    """Return a number that is the same in every run."""
    return int(name.rpartition("-")[2])


_QUERIES = [
    f"python test function test_{verb}_{noun} pytest imports httpx"
    for verb in ("creates", "deletes", "lists", "updates", "rejects")
    for noun in ("cart", "order", "customer", "invoice", "token", "session", "coupon")
]
_OUTCOME = Outcome(Status.FAILED, "3 of 41 tests failed", 4.2, error_type="AssertionError")


def _example(number: int) -> Invocation:
    return Invocation(
        skill_name=f"skill-{number % 60}",
        invoked_at=datetime.now(UTC).isoformat(),
        session_id=f"shop_{number // 40}",
        workflow_phase="execution",
        user_query="python test function test_checkout_empties_cart pytest asyncio imports httpx",
        alternatives_considered=("pytest-run", "pytest-coverage", "ruff-check", "mypy-check"),
        selection_rank=1 + number % 4,
        project=f"project-{number % 7}" if number % 3 else "shop",
        language="python",
        file_kind="test",
    )


def _median_ms(it: Row, history: History) -> float:
    call = it.make(history)
    call()
    times = []
    for _ in range(it.n_calls):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


_BY = "skill_user_metrics_inserted"
_USE = """
INSERT INTO skill_invocation (
    skill_name, invoked_at, session_id, workflow_phase, completed, duration_seconds, user_query,
    selection_rank, error_type, status, project, language)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'python')
"""
_SUMS = """
    count(*), sum(completed), sum(selection_rank IS 1), sum(completed),
    sum(iif(completed, duration_seconds, 0.0)), max(id), max(invoked_at), 'passed', ''
"""
_COUNTS = (
    f"""
    INSERT INTO skill_metrics (
        skill_name, first_invoked_at, last_invoked_at, n_ranked, total_selection_rank,
        n_invocations, n_completed, n_picked_first, n_timed, total_duration_seconds,
        last_ended_id, last_ended_at, last_status, last_summary)
    SELECT skill_name, min(invoked_at), max(invoked_at), count(*), sum(selection_rank), {_SUMS}
    FROM skill_invocation GROUP BY skill_name
    """,
    f"""
    INSERT INTO skill_setting_metrics (
        project, language, skill_name, n_invocations, n_completed, n_picked_first, n_timed,
        total_duration_seconds, last_ended_id, last_ended_at, last_status, last_summary)
    SELECT project, language, skill_name, {_SUMS} FROM skill_invocation GROUP BY 1, 2, 3
    """,
    """
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT skill_name, 'error_type', error_type, count(*) FROM skill_invocation
    WHERE error_type <> '' GROUP BY skill_name, error_type
    """,
    """
    INSERT INTO session_skills (session_id, skill_name, invocation_count)
    SELECT session_id, skill_name, count(*) FROM skill_invocation GROUP BY session_id, skill_name
    """,
)
_INTERACTIONS = """
INSERT INTO skill_user_interactions (
    user_id, session_id, skill_name, invoked_at, completed, invocation_id)
SELECT substr(session_id, 1, instr(session_id, '_') - 1), session_id, skill_name, invoked_at,
    completed, id FROM skill_invocation
"""
_USERS = """
INSERT INTO skill_user_metrics (skill_name, user_id, n_uses, n_completed)
SELECT skill_name, user_id, count(*), sum(completed) FROM skill_user_interactions
GROUP BY skill_name, user_id
"""
