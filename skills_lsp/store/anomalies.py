"""What deviated from its baseline: figures to look at, and what was found, kept while it lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from skills_lsp.store.database import Row, rows

_COLUMNS = """
    id, skill_name, metric, anomaly_type, detected_at, last_seen_at, resolved_at, baseline_value,
    observed_value, deviation_score, p_value, n_observed, incident_id
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a scan looks at, as the rows of its two queries, for there are thousands.

    ``days``: skill, its first date, date, uses, timed, sum of ln seconds, ended, completed; by skill
    and date. ``hours``: skill, uses, ended, completed, timed, sum of ln seconds, of the last day.
    """

    days: list[Row]
    hours: list[Row]
    has_history: bool


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One deviation; instants are in the stored form, and ``resolved_at`` is empty while it lasts."""

    id: int
    skill: str
    metric: str  # completion_rate, duration or uses
    way: str  # drop or spike
    detected_at: str
    last_seen_at: str
    resolved_at: str
    usual: float | None
    seen: float | None
    z: float | None
    p: float | None
    n_observed: int
    incident_id: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """A deviation that a scan found just now. ``is_new`` when it may open an anomaly of its own."""

    skill: str
    metric: str
    way: str
    usual: float
    seen: float
    z: float
    p: float
    n_observed: int
    is_new: bool


def figures(
    db: apsw.Connection, since_date: str, until_date: str, since_hour: str, until_hour: str
) -> Figures:
    """Return what a scan looks at."""
    return Figures(
        rows(db, _DAYS, (since_date, until_date)),
        rows(db, _LAST_DAY, (since_hour, until_hour)),
        bool(rows(db, "SELECT 1 FROM skill_metrics LIMIT 1")),
    )


# Each skill's own days by the key: SQLite would look at every day of every skill otherwise.
_DAYS = """
SELECT days.skill_name, substr(metrics.first_invoked_at, 1, 10), days.date, sum(days.n_invocations),
    sum(days.n_timed), sum(days.total_log_millionths) / 1e6, sum(days.n_ended), sum(days.n_completed)
FROM skill_metrics AS metrics
CROSS JOIN skill_phase_days AS days
    ON days.skill_name = metrics.skill_name AND days.date BETWEEN ? AND ?
GROUP BY metrics.skill_name, days.date
"""
_LAST_DAY = """
SELECT hours.skill_name, sum(invocation_count), sum(n_ended), sum(hours.n_completed),
    sum(hours.n_timed), sum(hours.total_log_millionths) / 1e6
FROM skill_metrics AS metrics
CROSS JOIN skill_time_series AS hours
    ON hours.skill_name = metrics.skill_name AND hours.timestamp BETWEEN ? AND ?
GROUP BY metrics.skill_name
"""


def was_used(db: apsw.Connection, since: str) -> bool:
    """Say whether any skill was used since an instant."""
    found = rows(db, "SELECT 1 FROM skill_metrics WHERE last_invoked_at >= ? LIMIT 1", (since,))
    return bool(found)


def latest(db: apsw.Connection, since: str, limit: int, skill: str = "") -> list[Anomaly]:
    """Return the open anomalies and those seen since, of all or one skill; the open and worst first."""
    found = rows(
        db,
        f"SELECT {_COLUMNS} FROM skill_anomalies"  # noqa: S608 - our own columns
        " WHERE (resolved_at IS NULL OR resolved_at >= ?) AND (? = '' OR skill_name = ?)"
        " ORDER BY resolved_at IS NOT NULL, abs(deviation_score) DESC, id DESC LIMIT ?",
        (since, skill, skill, limit),
    )
    return [*map(_anomaly, found)]


def keep(
    db: apsw.Connection, found: Sequence[Found], at: str, window: tuple[str, str]
) -> tuple[list[Anomaly], list[Anomaly]]:
    """Write what a scan found: new ones are opened, the same ones go on, the rest is resolved.

    Anomalies that are open at the same time are one incident; its id is that of its first.

    Returns
    -------
    opened, resolved
        The anomalies that this scan opened, and those that were over with it.
    """
    is_open = {(it.skill, it.metric, it.way): it for it in _open(db)}
    seen = {(it.skill, it.metric, it.way): it for it in found}
    gone = [it for key, it in is_open.items() if key not in seen]
    for it in gone:
        db.execute("UPDATE skill_anomalies SET resolved_at = ? WHERE id = ?", (at, it.id))
    lasting = [it for key, it in is_open.items() if key in seen]
    for it in lasting:
        _see_again(db, it, seen[it.skill, it.metric, it.way], at, window)
    incident = min((it.incident_id or it.id for it in lasting), default=None)
    opened = []
    for key, new in sorted(seen.items()):
        if key not in is_open and new.is_new:
            opened.append(_open_one(db, new, at, window, incident))
            incident = incident or opened[0]
    ids = {*opened}
    return [it for it in _open(db) if it.id in ids], gone


def _see_again(
    db: apsw.Connection, it: Anomaly, now: Found, at: str, window: tuple[str, str]
) -> None:
    db.execute(
        "UPDATE skill_anomalies SET last_seen_at = ?, baseline_value = ?, observed_value = ?,"
        " deviation_score = ?, p_value = ?, n_observed = ?, window_start_at = ?, window_end_at = ?"
        " WHERE id = ?",
        (at, now.usual, now.seen, now.z, now.p, now.n_observed, *window, it.id),
    )


def _open_one(
    db: apsw.Connection, it: Found, at: str, window: tuple[str, str], incident: int | None
) -> int:
    values: Mapping[str, Any] = {
        "skill": it.skill,
        "at": at,
        "way": it.way,
        "metric": it.metric,
        "usual": it.usual,
        "seen": it.seen,
        "z": it.z,
        "p": it.p,
        "n": it.n_observed,
        "since": window[0],
        "until": window[1],
        "incident": incident,
    }
    db.execute(_INSERT, values)
    number = db.last_insert_rowid()
    if incident is None:
        db.execute("UPDATE skill_anomalies SET incident_id = id WHERE id = ?", (number,))
    return number


_INSERT = """
INSERT INTO skill_anomalies (
    skill_name, detected_at, anomaly_type, metric, baseline_value, observed_value, deviation_score,
    p_value, n_observed, window_start_at, window_end_at, incident_id, last_seen_at)
VALUES (:skill, :at, :way, :metric, :usual, :seen, :z, :p, :n, :since, :until, :incident, :at)
"""


def _open(db: apsw.Connection) -> list[Anomaly]:
    sql = f"SELECT {_COLUMNS} FROM skill_anomalies WHERE resolved_at IS NULL"  # noqa: S608
    return [*map(_anomaly, rows(db, sql))]


def _anomaly(row: Row) -> Anomaly:
    values = [*row]
    values[6] = values[6] or ""
    return Anomaly(*values)
