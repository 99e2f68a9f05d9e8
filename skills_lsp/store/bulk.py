# ruff: noqa: S608 - the statements are put together from the texts of this module alone
"""Many ended uses at once: what the triggers keep is added up for all of them, not for each.

A trigger moves a dozen sums for each row; here each sum is moved once for each group. Both ways must
keep the same figures, which a test holds; a trigger that is not known here stays and sees each row.
Belongs into a transaction, which also brings the triggers back if it fails.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import apsw

from skills_lsp.domain.invocation import Invocation
from skills_lsp.store import invocations, text
from skills_lsp.store.database import rows

WORTHWHILE = 1_000  # rows; from fewer, taking the triggers away costs more than it saves
# The live figures look back a day, and are moved by the triggers alone.
_RECENT = timedelta(days=2)
_TRIGGERS = """
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'skill_invocation' ORDER BY rowid
"""
_HOUR = "substr(invoked_at, 1, 13) || ':00:00.000000Z'"
_COUNTS = """
    count(*), sum(status = 'running'), sum(completed), sum(selection_rank IS NOT NULL),
    sum(selection_rank IS 1), sum(ifnull(selection_rank, 0)),
    sum(completed AND duration_seconds IS NOT NULL),
    sum(iif(completed, ifnull(duration_seconds, 0.0), 0.0))
"""
_SETTING_COUNTS = """
    count(*), sum(status = 'running'), sum(completed), sum(selection_rank IS 1),
    sum(completed AND duration_seconds IS NOT NULL),
    sum(iif(completed, ifnull(duration_seconds, 0.0), 0.0))
"""


def _moved(*columns: str) -> str:
    return ", ".join(f"{name} = {name} + excluded.{name}" for name in columns)


_PHASES = ("n_invocations", "n_ended", "n_completed", "n_passed", "n_timed", "total_duration_us",
           "total_log_millionths", "total_squared_log_millionths", "n_measured", "total_measured_us")  # fmt: skip
_HOURS = ("invocation_count", "n_ended", "n_completed", "n_passed", "n_timed", "total_duration_us")
_LOGS = ("total_log_millionths", "total_squared_log_millionths")
_METRICS = ("n_invocations", "n_running", "n_completed", "n_ranked", "n_picked_first",
            "total_selection_rank", "n_timed", "total_duration_seconds")  # fmt: skip
_SETTINGS = ("n_invocations", "n_running", "n_completed", "n_picked_first", "n_timed", "total_duration_seconds")  # fmt: skip
_ENDED = (
    "count(*), sum(has_ended), sum(completed), sum(status = 'passed'), sum(is_timed), sum(timed_us)"
)
# The other columns of a group are those of the row that has the maximum; numbers break ties.
_NEWEST = "max(invoked_at || substr('000000000000000000' || id, -19))"
_NEW = "FROM skill_invocation WHERE id >= :first"

# What takes the place of each trigger; all read the rows from the number :first on. Triggers that
# stand not here stay, and see each row.
_SUMS: dict[str, tuple[str, ...]] = {
    "skill_invocation_inserted": (
    f"""
    INSERT INTO skill_metrics (skill_name, {', '.join(_METRICS)}, first_invoked_at, last_invoked_at)
    SELECT skill_name, {_COUNTS}, min(invoked_at), max(invoked_at) {_NEW} GROUP BY skill_name
    ON CONFLICT (skill_name) DO UPDATE SET {_moved(*_METRICS)},
        first_invoked_at = min(first_invoked_at, excluded.first_invoked_at),
        last_invoked_at = max(last_invoked_at, excluded.last_invoked_at)
    """,
    f"""
    INSERT INTO skill_setting_metrics (project, language, skill_name, {', '.join(_SETTINGS)})
    SELECT project, language, skill_name, {_SETTING_COUNTS} {_NEW} GROUP BY project, language, skill_name
    ON CONFLICT (project, language, skill_name) DO UPDATE SET {_moved(*_SETTINGS)}
    """,
    f"""
    UPDATE skill_metrics SET last_ended_id = newest.id, last_ended_at = newest.invoked_at,
        last_status = newest.status, last_summary = newest.summary
    FROM (SELECT id, skill_name, invoked_at, status, summary, {_NEWEST} {_NEW} AND status <> 'running'
        GROUP BY skill_name) AS newest
    WHERE skill_metrics.skill_name = newest.skill_name AND (last_ended_id IS NULL
        OR (newest.invoked_at, newest.id) >= (last_ended_at, last_ended_id))
    """,
        f"""
    UPDATE skill_setting_metrics SET last_ended_id = newest.id, last_ended_at = newest.invoked_at,
        last_status = newest.status, last_summary = newest.summary
    FROM (SELECT id, project, language, skill_name, invoked_at, status, summary, {_NEWEST}
        {_NEW} AND status <> 'running' GROUP BY project, language, skill_name) AS newest
    WHERE skill_setting_metrics.project = newest.project
        AND skill_setting_metrics.language = newest.language
        AND skill_setting_metrics.skill_name = newest.skill_name AND (last_ended_id IS NULL
        OR (newest.invoked_at, newest.id) >= (last_ended_at, last_ended_id))
    """,
        f"""
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT skill_name, 'workflow_path', workflow_path, count(*) {_NEW} AND workflow_path <> ''
    GROUP BY skill_name, workflow_path ON CONFLICT (skill_name, kind, value) DO UPDATE SET {_moved("n")}
    """,
    f"""
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT skill_name, 'error_type', error_type, count(*) {_NEW} AND error_type <> ''
    GROUP BY skill_name, error_type ON CONFLICT (skill_name, kind, value) DO UPDATE SET {_moved("n")}
    """,
    f"""
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT skill_name, 'follow_up', action.value, count(*)
    FROM skill_invocation, json_each(follow_up_actions) AS action
    WHERE skill_invocation.id >= :first AND follow_up_actions <> '[]'
    GROUP BY skill_name, action.value ON CONFLICT (skill_name, kind, value) DO UPDATE SET {_moved("n")}
    """,
    f"""
    INSERT INTO session_skills (session_id, skill_name, invocation_count)
    SELECT session_id, skill_name, count(*) {_NEW} GROUP BY session_id, skill_name
    ON CONFLICT (session_id, skill_name) DO UPDATE SET {_moved("invocation_count")}
    """,
    ),
    "skill_invocation_fts_inserted": (
    f"""
    INSERT INTO skill_invocation_fts (rowid, user_query) SELECT id, user_query {_NEW}
    """,
    ),
    "skill_phase_days_inserted": (
    f"""
    INSERT INTO skill_phase_days (skill_name, date, workflow_phase, {', '.join(_PHASES)})
    SELECT skill_name, substr(invoked_at, 1, 10), workflow_phase, {_ENDED}, sum(log_millionths),
        sum(squared_log_millionths), sum(duration_seconds IS NOT NULL), sum(measured_us)
    {_NEW} GROUP BY 1, 2, 3
    ON CONFLICT (skill_name, date, workflow_phase) DO UPDATE SET {_moved(*_PHASES)}
    """,
    ),
    "skill_time_series_inserted": (
    f"""
    INSERT INTO skill_time_series (skill_name, timestamp, {', '.join((*_HOURS, *_LOGS))}, unique_sessions)
    SELECT skill_name, {_HOUR}, {_ENDED}, sum(log_millionths), sum(squared_log_millionths), 0
    {_NEW} GROUP BY 1, 2
    ON CONFLICT (skill_name, timestamp) DO UPDATE SET {_moved(*_HOURS, *_LOGS)}
    """,
    # A session is new in an hour when none of the older rows is of it.
    f"""
    UPDATE skill_time_series SET unique_sessions = unique_sessions + fresh.n FROM (
        SELECT skill_name AS name, hour, count(*) AS n FROM (
            SELECT DISTINCT skill_name, {_HOUR} AS hour, session_id {_NEW}) AS own
        WHERE NOT EXISTS (
            SELECT 1 FROM skill_invocation AS other
            WHERE other.session_id = own.session_id AND other.skill_name = own.skill_name
                AND other.invoked_at >= substr(own.hour, 1, 13)
                AND other.invoked_at < substr(own.hour, 1, 13) || ';' AND other.id < :first)
        GROUP BY skill_name, hour) AS fresh
    WHERE skill_time_series.skill_name = fresh.name AND skill_time_series.timestamp = fresh.hour
    """,
    f"""
    INSERT INTO activity_hours (timestamp, {', '.join(_HOURS)}) SELECT {_HOUR}, {_ENDED} {_NEW} GROUP BY 1
    ON CONFLICT (timestamp) DO UPDATE SET {_moved(*_HOURS)}
    """,
    f"""
    INSERT INTO skill_duration_days (skill_name, date, bucket, n)
    SELECT skill_name, substr(invoked_at, 1, 10), duration_bucket, count(*)
    {_NEW} AND duration_bucket IS NOT NULL GROUP BY 1, 2, 3
    ON CONFLICT (skill_name, date, bucket) DO UPDATE SET {_moved("n")}
    """,
    f"""
    INSERT INTO skill_dependency_pending (session_id) SELECT DISTINCT session_id {_NEW}
    ON CONFLICT DO NOTHING
    """,
    # All of them are of longer ago than what is live, so that a skill that is new has no live uses.
    f"""
    INSERT INTO skill_metrics_cache (skill_name, last_invocation_at, updated_at)
    SELECT skill_name, max(invoked_at), :now {_NEW} GROUP BY skill_name
    ON CONFLICT (skill_name) DO UPDATE SET last_invocation_at = excluded.last_invocation_at
    WHERE excluded.last_invocation_at > last_invocation_at
    """,
    ),
}  # fmt: skip


def insert_many(db: apsw.Connection, prepared: Sequence[Invocation], now: datetime) -> int:
    """Write prepared uses of longer ago, and some newer ones; return the number of the first.

    Their numbers follow each other. ``now`` is the present instant.
    """
    first = int(rows(db, "SELECT ifnull(max(id), 0) + 1 FROM skill_invocation")[0][0])
    latest = text.instant(now - _RECENT)
    old = [it for it in prepared if it.invoked_at < latest]
    if len(old) < WORTHWHILE:
        old = []
    else:
        _insert_old(db, old, {"first": first, "now": text.instant(now)})
    for it in prepared:
        if not old or it.invoked_at >= latest:
            invocations.insert(db, it, None)
    return first


def _insert_old(
    db: apsw.Connection, old: Sequence[Invocation], values: dict[str, int | str]
) -> None:
    replaced = [(name, sql) for name, sql in rows(db, _TRIGGERS) if name in _SUMS]
    for name, _ in replaced:
        db.execute(f"DROP TRIGGER {name}")
    db.executemany(invocations.INSERT, (invocations.row(it, None) for it in old))
    for name, _ in replaced:
        for statement in _SUMS[name]:
            db.execute(statement, values)
    for _, sql in replaced:
        db.execute(sql)
