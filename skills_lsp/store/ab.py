"""A/B tests in SQL: their settings, who is in which group, what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import apsw

from skills_lsp.domain.experiment import (
    COMPLETION,
    CONTROL,
    DURATION,
    RATING,
    TREATMENT,
    Experiment,
    State,
    Unit,
    group_of,
)
from skills_lsp.errors import StoreError
from skills_lsp.store import text
from skills_lsp.store.database import Row, rows

_COLUMNS = """
    test_id, test_name, description, control_strategy, treatment_strategy, start_date, end_date,
    min_sample_size, metrics, assignment_ratio, unit, status
"""
_INSERT = """
INSERT INTO ab_test_configs (
    test_name, description, control_strategy, treatment_strategy, start_date, end_date,
    min_sample_size, metrics, assignment_ratio, unit, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ASSIGN = """
INSERT INTO ab_test_assignments (test_id, user_id, group_name, assigned_at) VALUES (?, ?, ?, ?)
ON CONFLICT (test_id, user_id) DO NOTHING
"""
_OUTCOME = """
INSERT INTO ab_test_outcomes (
    test_id, user_id, skill_name, completed, duration_seconds, user_rating, recorded_at,
    invocation_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (test_id, invocation_id) DO NOTHING
"""
# A user's sums. A duration counts by its logarithm, and only when the work was done.
_SUMS = """
SELECT assigned.group_name, count(*),
    sum(completed),
    count(duration) , total(ln(duration)), total(ln(duration) * ln(duration)),
    count(user_rating), total(user_rating), total(user_rating * user_rating)
FROM (
    SELECT test_id, user_id, completed, user_rating,
        iif(completed, max(duration_seconds, 0.001), NULL) AS duration
    FROM ab_test_outcomes WHERE test_id = ?1) AS outcome
JOIN ab_test_assignments AS assigned
    ON assigned.test_id = outcome.test_id AND assigned.user_id = outcome.user_id
GROUP BY outcome.user_id, assigned.group_name
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one pick."""

    skill: str
    completed: bool
    duration_seconds: float | None = None
    rating: float | None = None
    invocation_id: int | None = None


def create(db: apsw.Connection, it: Experiment, at: str) -> Experiment:
    """Write a new test; return it with its number. StoreError when the name is taken."""
    name = text.clean(it.name, text.MAX_NAME)
    if named(db, name) is not None:
        raise StoreError(
            "test-exists", f"There is an A/B test {name!r} already.", "Choose another name."
        )
    end = None if it.end_at is None else text.instant(it.end_at)
    values = (
        name,
        text.clean_free(it.description, text.MAX_LINE),
        text.clean(it.control, text.MAX_NAME),
        text.clean(it.treatment, text.MAX_NAME),
        text.instant(it.start_at),
        end,
        it.min_sample_size,
        json.dumps([*it.metrics]),
        it.control_share,
        it.unit.value,
        at,
    )
    db.execute(_INSERT, values)
    made = named(db, name)
    assert made is not None
    return made


def named(db: apsw.Connection, name: str) -> Experiment | None:
    """Return a test by its name."""
    sql = f"SELECT {_COLUMNS} FROM ab_test_configs WHERE test_name = ?"  # noqa: S608 - our own columns
    found = rows(db, sql, (text.clean(name, text.MAX_NAME),))
    return _experiment(found[0]) if found else None


def experiments(db: apsw.Connection) -> tuple[Experiment, ...]:
    """Return all tests, the newest first."""
    sql = f"SELECT {_COLUMNS} FROM ab_test_configs ORDER BY test_id DESC"  # noqa: S608 - our own columns
    return tuple(map(_experiment, rows(db, sql)))


def summaries(db: apsw.Connection) -> tuple[dict[str, Any], ...]:
    """Return each test's users and outcomes by group, by its number."""
    names = (
        "test_id",
        "control_users",
        "treatment_users",
        "control_outcomes",
        "treatment_outcomes",
    )
    found = rows(db, f"SELECT {', '.join(names)} FROM v_ab_test_summary")  # noqa: S608 - our own columns
    return tuple(
        {name: int(value) for name, value in zip(names, row, strict=True)} for row in found
    )


def assign(db: apsw.Connection, test: Experiment, user: str, at: str) -> str:
    """Return a user's group. The first one stands, whatever the share is later."""
    db.execute(_ASSIGN, (test.id, user, group_of(test.id, user, test.control_share), at))
    found = rows(
        db,
        "SELECT group_name FROM ab_test_assignments WHERE test_id = ? AND user_id = ?",
        (test.id, user),
    )
    return str(found[0][0])


def record(db: apsw.Connection, test: Experiment, user: str, result: Result, at: str) -> None:
    """Write what came of a user's pick; one invocation counts once."""
    assign(db, test, user, at)
    values = (
        test.id,
        user,
        text.clean(result.skill, text.MAX_NAME),
        result.completed,
        result.duration_seconds,
        result.rating,
        at,
        result.invocation_id,
    )
    db.execute(_OUTCOME, values)


def end(db: apsw.Connection, test: Experiment, state: State, at: str) -> None:
    """End a running test."""
    db.execute(
        "UPDATE ab_test_configs SET status = ?, ended_at = ?"
        " WHERE test_id = ? AND status = 'running'",
        (state.value, at, test.id),
    )


def complete_what_is_over(db: apsw.Connection, at: str) -> int:
    """Call those tests completed whose end has come; return how many that were."""
    db.execute(
        "UPDATE ab_test_configs SET status = 'completed', ended_at = end_date"
        " WHERE status = 'running' AND end_date <= ?",
        (at,),
    )
    return db.changes()


def sums(db: apsw.Connection, test: Experiment) -> Mapping[str, Mapping[str, list[list[float]]]]:
    """Return what each user did, by group and metric: rows of n, total, total of squares."""
    groups: dict[str, dict[str, list[list[float]]]] = {
        group: {COMPLETION: [], DURATION: [], RATING: []} for group in (CONTROL, TREATMENT)
    }
    for row in rows(db, _SUMS, (test.id,)):
        group = groups[row[0]]
        group[COMPLETION].append([row[1], row[2], row[2]])
        group[DURATION].append([*row[3:6]])
        group[RATING].append([*row[6:9]])
    return groups


def _experiment(row: Row) -> Experiment:
    return Experiment(
        id=row[0],
        name=row[1],
        description=row[2],
        control=row[3],
        treatment=row[4],
        start_at=_instant(row[5]),
        end_at=None if row[6] is None else _instant(row[6]),
        min_sample_size=row[7],
        metrics=tuple(json.loads(row[8])),
        control_share=row[9],
        unit=Unit(row[10]),
        state=State(row[11]),
    )


def _instant(stored: str) -> datetime:
    return datetime.fromisoformat(stored).astimezone(UTC)
