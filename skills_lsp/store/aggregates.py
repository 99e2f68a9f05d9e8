"""Figures that triggers keep beside the history: what is asked of them, and whether they are right.

What a window is depends on the moment it is asked about, so nothing in here is only counted up: whole
hours are read as they are kept, and what is before the first and after the last of them is counted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import apsw

from skills_lsp.store import text
from skills_lsp.store.database import rows


@dataclass(frozen=True, slots=True)
class Recent:
    """How a skill stands at a moment: its uses in the hour and the day before, and what is odd."""

    skill: str
    n_1h: int
    n_24h: int
    n_ended_24h: int
    n_completed_24h: int
    last_invocation_at: str
    n_anomalies: int  # that are open
    anomaly_score: float | None  # the deviation of the worst of them, without its sign

    @property
    def completion_rate_24h(self) -> float | None:
        """Return completed among ended, 0 to 1; None when nothing ended."""
        return self.n_completed_24h / self.n_ended_24h if self.n_ended_24h else None


@dataclass(frozen=True, slots=True)
class HourTotal:
    """What happened in an hour with all skills; ``at`` is its beginning (UTC)."""

    at: str
    n_uses: int
    n_skills: int
    n_ended: int
    n_completed: int
    n_passed: int
    n_timed: int
    total_duration_seconds: float


def top(db: apsw.Connection, now: datetime, limit: int = 10) -> tuple[Recent, ...]:
    """Return the skills with the most uses in the 24 hours before a moment, most first."""
    found = rows(db, _TOP, {**_bounds(now), "limit": max(limit, 0)})
    return tuple(Recent(*row) for row in found)


def last_hours(db: apsw.Connection, now: datetime, n_hours: int = 24) -> tuple[HourTotal, ...]:
    """Return the hours that ended or run in the ``n_hours`` before a moment, oldest first."""
    begin = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    since = text.instant(begin - timedelta(hours=n_hours - 1))
    found = rows(db, _HOURS, {"since": since, "until": text.instant(now)})
    return tuple(HourTotal(*row) for row in found)


def refresh(db: apsw.Connection, now: datetime) -> int:
    """Bring the live figures of every skill up to a moment; return how many had changed.

    Triggers do so for a skill that is used. What nobody uses any more goes down by this alone.
    """
    db.execute(_REFRESH, _bounds(now))
    return int(db.changes())


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept table that does not say what a count of the uses says."""

    table: str
    n_rows: int


def differences(db: apsw.Connection) -> tuple[Difference, ...]:
    """Compare each kept table with a full count; nothing comes back when all is well.

    This reads the whole history: some ten seconds for a million uses.
    """
    found = []
    for table, (kept, counted) in _COUNTED.items():
        sql = (
            f"SELECT (SELECT count(*) FROM ({kept} EXCEPT SELECT * FROM ({counted})))"  # noqa: S608 - our own text
            f" + (SELECT count(*) FROM (SELECT * FROM ({counted}) EXCEPT {kept}))"
        )
        n_rows = int(rows(db, sql)[0][0])
        if n_rows:
            found.append(Difference(table, n_rows))
    return tuple(found)


def _bounds(now: datetime) -> dict[str, str]:
    """Return the edges of the last hour and the last 24 hours as they are stored."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return {
        "now": text.instant(now),
        "hour_ago": text.instant(now - timedelta(hours=1)),
        "day_ago": text.instant(now - timedelta(days=1)),
        "first_hour": text.instant(hour - timedelta(hours=23)),
        "this_hour": text.instant(hour),
    }


# The view v_skill_recent_uses says the same of the clock's present.
_RECENT = """
    SELECT hours.skill_name, 0 AS n_1h, hours.invocation_count AS n_24h, hours.n_ended,
        hours.n_completed
    FROM skill_metrics AS metrics
    CROSS JOIN skill_time_series AS hours
        ON hours.skill_name = metrics.skill_name
        AND hours.timestamp >= :first_hour AND hours.timestamp < :this_hour
    WHERE metrics.last_invoked_at > :day_ago
    UNION ALL
    SELECT skill_name, 0, 1, has_ended, completed FROM skill_invocation
    WHERE invoked_at > :day_ago AND invoked_at < :first_hour
    UNION ALL
    SELECT skill_name, 0, 1, has_ended, completed FROM skill_invocation
    WHERE invoked_at >= :this_hour AND invoked_at <= :now
    UNION ALL
    SELECT skill_name, 1, 0, 0, 0 FROM skill_invocation
    WHERE invoked_at > :hour_ago AND invoked_at <= :now
"""
_SUMS = f"""
    SELECT skill_name, sum(n_1h) AS n_1h, sum(n_24h) AS n_24h, sum(n_ended) AS n_ended,
        sum(n_completed) AS n_completed
    FROM ({_RECENT}) GROUP BY skill_name
"""  # noqa: S608 - our own text
_TOP = f"""
SELECT recent.skill_name, recent.n_1h, recent.n_24h, recent.n_ended, recent.n_completed,
    cache.last_invocation_at,
    (SELECT count(*) FROM skill_anomalies AS open
     WHERE open.skill_name = recent.skill_name AND open.resolved_at IS NULL),
    cache.anomaly_score
FROM ({_SUMS}) AS recent
JOIN skill_metrics_cache AS cache ON cache.skill_name = recent.skill_name
ORDER BY recent.n_24h DESC, recent.n_1h DESC, recent.skill_name
LIMIT :limit
"""  # noqa: S608
# Each skill's own hours by the key: SQLite would look at every hour of every skill otherwise.
_HOURS = """
SELECT hours.timestamp, sum(hours.invocation_count), count(*), sum(hours.n_ended),
    sum(hours.n_completed), sum(hours.n_passed), sum(hours.n_timed),
    sum(hours.total_duration_us) / 1e6
FROM skill_metrics AS metrics
CROSS JOIN skill_time_series AS hours
    ON hours.skill_name = metrics.skill_name AND hours.timestamp BETWEEN :since AND :until
WHERE metrics.last_invoked_at >= :since
GROUP BY hours.timestamp ORDER BY hours.timestamp
"""
# Only what changes is written, so that a quiet hour writes nothing.
_REFRESH = f"""
WITH recent AS ({_SUMS}),
now AS (
    SELECT cache.skill_name, ifnull(recent.n_1h, 0) AS n_1h, ifnull(recent.n_24h, 0) AS n_24h,
        recent.n_completed * 1.0 / nullif(recent.n_ended, 0) AS rate
    FROM skill_metrics_cache AS cache
    LEFT JOIN recent ON recent.skill_name = cache.skill_name)
UPDATE skill_metrics_cache SET
    invocation_count_1h = now.n_1h, invocation_count_24h = now.n_24h,
    avg_completion_rate_24h = now.rate, updated_at = :now
FROM now
WHERE now.skill_name = skill_metrics_cache.skill_name
    AND (invocation_count_1h, invocation_count_24h, avg_completion_rate_24h)
        IS NOT (now.n_1h, now.n_24h, now.rate)
"""  # noqa: S608

_DAY = "substr(invoked_at, 1, 10)"
_HOUR = "substr(invoked_at, 1, 13) || ':00:00.000000Z'"
_COUNTS = "count(*), sum(has_ended), sum(completed), sum(status = 'passed'), sum(is_timed)"
_LOGS = "sum(log_millionths), sum(squared_log_millionths)"
_KEPT = "n_ended, n_completed, n_passed, n_timed, total_duration_us"
_KEPT_LOGS = "total_log_millionths, total_squared_log_millionths"
_COUNTED: dict[str, tuple[str, str]] = {
    "skill_metrics": (
        "SELECT skill_name, n_invocations, n_running, n_completed, n_timed, n_ranked,"
        " n_picked_first, total_selection_rank, first_invoked_at, last_invoked_at"
        " FROM skill_metrics",
        "SELECT skill_name, count(*), count(*) - sum(has_ended), sum(completed), sum(is_timed),"
        " count(selection_rank), sum(selection_rank IS 1), ifnull(sum(selection_rank), 0),"
        " min(invoked_at), max(invoked_at) FROM skill_invocation GROUP BY skill_name",
    ),
    "skill_phase_days": (
        f"SELECT skill_name, date, workflow_phase, n_invocations, {_KEPT}, {_KEPT_LOGS},"  # noqa: S608
        " n_measured, total_measured_us FROM skill_phase_days",
        f"SELECT skill_name, {_DAY}, workflow_phase, {_COUNTS}, sum(timed_us), {_LOGS},"  # noqa: S608
        " count(duration_seconds), sum(measured_us) FROM skill_invocation"
        f" GROUP BY skill_name, {_DAY}, workflow_phase",
    ),
    "skill_time_series": (
        f"SELECT skill_name, timestamp, invocation_count, {_KEPT}, {_KEPT_LOGS}, unique_sessions"  # noqa: S608
        " FROM skill_time_series",
        f"SELECT skill_name, {_HOUR}, {_COUNTS}, sum(timed_us), {_LOGS},"  # noqa: S608
        f" count(DISTINCT session_id) FROM skill_invocation GROUP BY skill_name, {_HOUR}",
    ),
    "activity_hours": (
        f"SELECT timestamp, invocation_count, {_KEPT} FROM activity_hours",  # noqa: S608
        f"SELECT {_HOUR}, {_COUNTS}, sum(timed_us) FROM skill_invocation GROUP BY {_HOUR}",  # noqa: S608
    ),
    "skill_duration_days": (
        "SELECT skill_name, date, bucket, n FROM skill_duration_days",
        f"SELECT skill_name, {_DAY}, duration_bucket, count(*) FROM skill_invocation"  # noqa: S608
        f" WHERE duration_bucket IS NOT NULL GROUP BY skill_name, {_DAY}, duration_bucket",
    ),
    "session_skills": (
        "SELECT session_id, skill_name, invocation_count FROM session_skills",
        "SELECT session_id, skill_name, count(*) FROM skill_invocation"
        " GROUP BY session_id, skill_name",
    ),
    "skill_session_counts": (
        "SELECT skill_name, n_sessions FROM skill_session_counts",
        "SELECT skill_name, count(DISTINCT session_id) FROM skill_invocation GROUP BY skill_name"
        " UNION ALL SELECT '', count(DISTINCT session_id) FROM skill_invocation"
        " HAVING count(*) > 0",
    ),
    "skill_user_metrics": (
        "SELECT skill_name, user_id, n_uses, n_completed, n_rated, total_rating"
        " FROM skill_user_metrics",
        "SELECT skill_name, user_id, count(*), sum(completed), count(rating), total(rating)"
        " FROM skill_user_interactions GROUP BY skill_name, user_id",
    ),
    "skill_metrics_cache": (
        "SELECT skill_name, last_invocation_at FROM skill_metrics_cache",
        "SELECT skill_name, max(invoked_at) FROM skill_invocation GROUP BY skill_name",
    ),
}
