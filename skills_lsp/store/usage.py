"""What reports ask of the history: days, hours, phases, one skill; from figures that triggers keep."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import apsw

from skills_lsp.domain.invocation import Invocation
from skills_lsp.store import text
from skills_lsp.store.database import Row, rows
from skills_lsp.store.invocations import COLUMNS, invocation_of

# Each skill's own days by the key: SQLite would look at every day of every skill otherwise.
_DAYS = """
SELECT days.skill_name, days.date, sum(days.n_invocations), sum(days.n_ended), sum(days.n_completed),
    sum(days.n_timed), sum(days.total_duration_us) / 1e6, sum(days.total_log_millionths) / 1e6
FROM skill_metrics AS metrics
CROSS JOIN skill_phase_days AS days
    ON days.skill_name = metrics.skill_name AND days.date BETWEEN :since AND :until
WHERE :skill = '' OR metrics.skill_name = :skill
GROUP BY days.skill_name, days.date
"""

_PHASES = """
SELECT days.workflow_phase, days.skill_name, sum(days.n_invocations), sum(days.n_ended),
    sum(days.n_completed), sum(days.n_timed), sum(days.total_duration_us) / 1e6
FROM skill_metrics AS metrics
CROSS JOIN skill_phase_days AS days
    ON days.skill_name = metrics.skill_name AND days.date BETWEEN :since AND :until
WHERE :skill = '' OR metrics.skill_name = :skill
GROUP BY days.workflow_phase, days.skill_name
"""

_HOURS = """
SELECT series.skill_name, series.timestamp, series.invocation_count, series.n_ended,
    series.n_completed, series.n_timed, series.total_duration_us / 1e6,
    series.total_log_millionths / 1e6,
    series.unique_sessions
FROM skill_metrics AS metrics
CROSS JOIN skill_time_series AS series
    ON series.skill_name = metrics.skill_name AND series.timestamp BETWEEN :since AND :until
WHERE :skill = '' OR metrics.skill_name = :skill
ORDER BY series.skill_name, series.timestamp
"""

_TRANSITIONS = """
SELECT before, workflow_phase, count(*) FROM (
    SELECT workflow_phase, lag(workflow_phase) OVER (
        PARTITION BY session_id ORDER BY invoked_at, id) AS before
    FROM skill_invocation WHERE invoked_at BETWEEN :since AND :until AND session_id <> '')
WHERE before IS NOT NULL
GROUP BY before, workflow_phase
"""

_DURATIONS = """
SELECT bucket, sum(n) FROM skill_duration_days
WHERE skill_name = ? AND date BETWEEN ? AND ? GROUP BY bucket ORDER BY bucket
"""

_SKILL = """
SELECT total_invocations, n_running, completed_invocations, n_picked_first, n_ranked,
    avg_selection_rank, avg_duration_seconds, first_invoked, last_invoked, last_status, last_summary,
    week.avg_completion_rate, week.trend_slope
FROM v_skill_effectiveness AS it
JOIN skill_metrics AS metrics ON metrics.skill_name = it.skill_name
LEFT JOIN v_skill_effectiveness_trend AS week ON week.skill_name = it.skill_name
WHERE it.skill_name = ?
"""
_SKILL_NAMES = (
    *("n_uses", "n_running", "n_completed", "n_picked_first", "n_ranked", "mean_rank"),
    *("mean_duration_seconds", "first_at", "last_at", "last_status", "last_summary"),
    *("week_rate", "week_slope"),
)


class Day(NamedTuple):
    """One skill on one day (UTC). There are thousands, and a tuple is made in a tenth of the time."""

    skill: str
    date: str
    n_uses: int
    n_ended: int
    n_completed: int
    n_timed: int
    total_duration_seconds: float
    total_log: float  # sum of ln(seconds) of the timed ones


class Hour(NamedTuple):
    """One skill in one hour; ``at`` is its beginning (UTC)."""

    skill: str
    at: str
    n_uses: int
    n_ended: int
    n_completed: int
    n_timed: int
    total_duration_seconds: float
    total_log: float
    n_sessions: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which uses; what is empty filters nothing. Instants are in the stored form."""

    skill: str = ""
    project: str = ""
    status: str = ""
    session: str = ""
    language: str = ""
    phase: str = ""
    since: str = ""
    until: str = ""
    words: str = ""  # of the code that a use was offered for, each whole or its beginning

    @property
    def is_any(self) -> bool:
        """Say whether it filters something."""
        return self != _ALL


_ALL = Filters()


def days(db: apsw.Connection, since: str, until: str, skill: str = "") -> list[Day]:
    """Return how skills went on the days from ``since`` to ``until``, by skill and date."""
    asked = {"since": since, "until": until, "skill": text.clean(skill, text.MAX_NAME)}
    return [*map(Day._make, rows(db, _DAYS, asked))]


def hours(db: apsw.Connection, since: str, until: str, skill: str = "") -> list[Hour]:
    """Return how skills went in the hours that begin from ``since`` to ``until``."""
    asked = {"since": since, "until": until, "skill": text.clean(skill, text.MAX_NAME)}
    return [*map(Hour._make, rows(db, _HOURS, asked))]


def phases(db: apsw.Connection, since: str, until: str, skill: str = "") -> list[Row]:
    """Return (phase, skill, uses, ended, completed, timed, total seconds) of the days."""
    asked = {"since": since, "until": until, "skill": text.clean(skill, text.MAX_NAME)}
    return rows(db, _PHASES, asked)


def transitions(db: apsw.Connection, since: str, until: str) -> list[Row]:
    """Return (phase, the next in the same session, how often)."""
    return rows(db, _TRANSITIONS, {"since": since, "until": until})


def activity(db: apsw.Connection, since: str, until: str) -> list[Row]:
    """Return (hour, uses, ended, completed) of all skills together."""
    return rows(
        db,
        "SELECT timestamp, invocation_count, n_ended, n_completed FROM activity_hours"
        " WHERE timestamp BETWEEN ? AND ? ORDER BY timestamp",
        (since, until),
    )


def durations(db: apsw.Connection, skill: str, since: str, until: str) -> list[tuple[int, int]]:
    """Return the histogram of a skill's durations: step of 2^(1/8) seconds, and how many."""
    name = text.clean(skill, text.MAX_NAME)
    return [(row[0], row[1]) for row in rows(db, _DURATIONS, (name, since, until))]


def first_date(db: apsw.Connection) -> str:
    """Return the day of the first use; empty without any."""
    found = rows(db, "SELECT substr(min(first_invoked_at), 1, 10) FROM skill_metrics")
    return found[0][0] or ""


def first_dates(db: apsw.Connection) -> dict[str, str]:
    """Return the day of each skill's first use."""
    return dict(rows(db, "SELECT skill_name, substr(first_invoked_at, 1, 10) FROM skill_metrics"))


def most_used(db: apsw.Connection) -> str:
    """Return the skill with the most uses; empty without any."""
    found = top(db, 1)
    return found[0][0] if found else ""


def top(db: apsw.Connection, limit: int) -> list[Row]:
    """Return (skill, uses, rate, mean duration, usual workflow or null) of all time, most first."""
    return rows(
        db,
        "SELECT skill_name, total_invocations, completion_rate, avg_duration_seconds,"
        " preferred_workflow FROM v_top_skills LIMIT ?",
        (limit,),
    )


def now(db: apsw.Connection, limit: int) -> list[Row]:
    """Return (skill, uses in the last hour, in 24 hours, rate, anomaly's score or null) as of now."""
    return rows(
        db,
        "SELECT skill_name, invocation_count_1h, invocation_count_24h, avg_completion_rate_24h,"
        " iif(is_anomalous, anomaly_score, NULL) FROM v_realtime_skill_dashboard"
        " WHERE invocation_count_24h > 0 LIMIT ?",
        (limit,),
    )


def phase_patterns(db: apsw.Connection) -> dict[str, int]:
    """Return the uses of each phase of all time."""
    found = rows(db, "SELECT workflow_phase, invocations_in_phase FROM v_workflow_phase_patterns")
    return dict(found)


def phase_leaders(db: apsw.Connection, limit: int) -> list[Row]:
    """Return (phase, skill, uses, rate) of the most used skills in each phase, of all time."""
    return rows(db, _LEADERS, (limit,))


_LEADERS = """
SELECT workflow_phase, skill_name, usage_count, success_rate FROM (
    SELECT *, row_number() OVER (
        PARTITION BY workflow_phase ORDER BY usage_count DESC, skill_name) AS place
    FROM v_skills_by_phase_usage)
WHERE place <= ?
"""


def skill_phases(db: apsw.Connection, name: str) -> list[Row]:
    """Return (phase, uses, ended, completed) of a skill, of all time."""
    return rows(
        db,
        "SELECT workflow_phase, total_invocations, completed_count + abandoned_count, completed_count"
        " FROM v_skill_effectiveness_by_phase WHERE skill_name = ?",
        (text.clean(name, text.MAX_NAME),),
    )


def skill_days(db: apsw.Connection, name: str, since: str, until: str) -> dict[str, int]:
    """Return the uses of a skill on each day that has any."""
    found = rows(
        db,
        "SELECT date, invocations FROM mv_daily_skills"
        " WHERE skill_name = ? AND date BETWEEN ? AND ?",
        (text.clean(name, text.MAX_NAME), since, until),
    )
    return dict(found)


def recent_sessions(db: apsw.Connection, limit: int) -> list[Row]:
    """Return (session, uses, skills, completed, last use) of the latest sessions, newest first."""
    return rows(db, _SESSIONS, (_RECENT_USES, limit))


_RECENT_USES = 1_000
"""Among so many of the latest uses the latest sessions are looked for."""
_SESSIONS = """
SELECT session_id, total_invocations, unique_skills, completed_count, last_skill_at
FROM v_session_skill_summary
WHERE session_id IN (
    SELECT session_id FROM skill_invocation WHERE session_id <> ''
    ORDER BY invoked_at DESC, id DESC LIMIT ?)
ORDER BY last_skill_at DESC, session_id LIMIT ?
"""


def skill_names(db: apsw.Connection) -> list[str]:
    """Return the skills that were ever used."""
    return [row[0] for row in rows(db, "SELECT skill_name FROM skill_metrics ORDER BY 1")]


def latest_session(db: apsw.Connection, begins: str = "", since: str = "") -> str:
    """Return the session of the latest use, of those that begin so and since then; empty without any."""
    found = rows(
        db,
        "SELECT session_id FROM skill_invocation"
        " WHERE session_id <> '' AND substr(session_id, 1, ?) = ? AND invoked_at >= ?"
        " ORDER BY invoked_at DESC, id DESC LIMIT 1",
        (len(begins), begins, since),
    )
    return found[0][0] if found else ""


def skill(db: apsw.Connection, name: str) -> dict[str, Any] | None:
    """Return how a skill went in all, by name; None for one that was never used."""
    found = rows(db, _SKILL, (text.clean(name, text.MAX_NAME),))
    return dict(zip(_SKILL_NAMES, found[0], strict=True)) if found else None


def counts(db: apsw.Connection, name: str) -> dict[str, list[tuple[str, int]]]:
    """Return the error types, workflow paths and follow-up actions of a skill, most frequent first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for kind, value, n in rows(
        db,
        "SELECT kind, value, n FROM skill_metric_counts WHERE skill_name = ?"
        " ORDER BY kind, n DESC, value",
        (text.clean(name, text.MAX_NAME),),
    ):
        found.setdefault(kind, []).append((value, n))
    return found


def settings(db: apsw.Connection, name: str) -> list[Row]:
    """Return (project, language, uses, ended, completed) where a skill was used, most first."""
    return rows(
        db,
        "SELECT project, language, n_invocations, n_invocations - n_running, n_completed"
        " FROM skill_setting_metrics WHERE skill_name = ? ORDER BY 3 DESC, 1, 2",
        (text.clean(name, text.MAX_NAME),),
    )


def neighbours(db: apsw.Connection, name: str, since: str, until: str) -> list[Row]:
    """Return (skill, before or after, how often) of what a session had right beside a skill."""
    asked = {"skill": text.clean(name, text.MAX_NAME), "since": since, "until": until}
    return rows(db, _NEIGHBOURS, asked)


_NEIGHBOURS = """
WITH used AS (
    SELECT DISTINCT session_id FROM skill_invocation
    WHERE skill_name = :skill AND invoked_at BETWEEN :since AND :until AND session_id <> ''),
steps AS (
    SELECT skill_name,
        lag(skill_name) OVER steps AS before, lead(skill_name) OVER steps AS after
    FROM skill_invocation JOIN used USING (session_id)
    WHERE invoked_at BETWEEN :since AND :until
    WINDOW steps AS (PARTITION BY session_id ORDER BY invoked_at, id))
SELECT before, 'before', count(*) FROM steps
WHERE skill_name = :skill AND before <> :skill GROUP BY before
UNION ALL
SELECT after, 'after', count(*) FROM steps
WHERE skill_name = :skill AND after <> :skill GROUP BY after
ORDER BY 3 DESC, 1
"""


def history(db: apsw.Connection, wanted: Filters, limit: int) -> tuple[Invocation, ...]:
    """Return the newest uses that are wanted."""
    where, values = _where(wanted)
    sql = (
        f"SELECT {COLUMNS} FROM skill_invocation WHERE {where}"  # noqa: S608 - our own columns
        " ORDER BY invoked_at DESC, id DESC LIMIT :limit"
    )
    return tuple(map(invocation_of, rows(db, sql, {**values, "limit": limit})))


def count(db: apsw.Connection, wanted: Filters) -> int:
    """Return how many uses are wanted."""
    where, values = _where(wanted)
    found = rows(db, f"SELECT count(*) FROM skill_invocation WHERE {where}", values)  # noqa: S608
    return int(found[0][0])


def batch(db: apsw.Connection, wanted: Filters, after_id: int, size: int) -> list[Invocation]:
    """Return the next so many wanted uses in the order of recording, so that an export can stream."""
    where, values = _where(wanted)
    sql = (
        f"SELECT {COLUMNS} FROM skill_invocation WHERE id > :after AND {where}"  # noqa: S608
        " ORDER BY id LIMIT :size"
    )
    asked = {**values, "after": after_id, "size": size}
    return [*map(invocation_of, rows(db, sql, asked))]


_EQUAL = {
    "skill_name": "skill",
    "project": "project",
    "status": "status",
    "session_id": "session",
    "language": "language",
    "workflow_phase": "phase",
}


def _where(wanted: Filters) -> tuple[str, dict[str, Any]]:
    parts, values = [], {}
    for column, name in _conditions(wanted):
        parts.append(f"{column} = :{name}")
        values[name] = text.clean(getattr(wanted, name), text.MAX_NAME)
    if wanted.words:
        parts.append(
            "id IN (SELECT rowid FROM skill_invocation_fts WHERE skill_invocation_fts MATCH :words)"
        )
        values["words"] = _all_of(wanted.words)
    for name, sign in (("since", ">="), ("until", "<")):
        if value := getattr(wanted, name):
            parts.append(f"invoked_at {sign} :{name}")
            values[name] = value
    return " AND ".join(parts) or "true", values


def _all_of(words: str) -> str:
    """Return the query for all of the words; none that could be meant as an operator is one."""
    found = _WORD.findall(words[: text.MAX_QUERY])[:_MAX_WORDS]
    return " ".join(f'"{word}" *' for word in found) or '""'


_WORD = re.compile(r"[^\W_]+")
_MAX_WORDS = 20


def _conditions(wanted: Filters) -> Iterator[tuple[str, str]]:
    return ((column, name) for column, name in _EQUAL.items() if getattr(wanted, name))
