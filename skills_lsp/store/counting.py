"""Writing many uses at once: inserted without the triggers that count, and then counted together.

A use costs a third of a millisecond where each of ten tables is brought up to date for it alone, and
a tenth of that where it is done once for all of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from skills_lsp.store.database import rows


@contextmanager
def counted_together(db: apsw.Connection) -> Iterator[None]:
    """Count the uses that are inserted within, when it ends. Belongs into a transaction.

    What was inserted is neither changed nor deleted within; older uses may be. After an error the
    transaction is to be rolled back, which also brings the triggers back.
    """
    if not db.in_transaction:  # the triggers would stay away if the process died
        raise RuntimeError("uses are counted together within a transaction only")
    before = rows(db, "SELECT ifnull(max(id), 0) FROM skill_invocation")[0][0]
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?"
    triggers = [rows(db, query, (name,))[0] for name in _TRIGGERS]
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    yield
    for statement in _COUNT:
        db.execute(statement, {"before": before} if ":before" in statement else {})
    for _, sql in triggers:
        db.execute(sql)


_TRIGGERS = (
    "skill_invocation_inserted",
    "skill_invocation_fts_inserted",
    "skill_phase_days_inserted",
    "skill_time_series_inserted",
)

_NEW = "FROM skill_invocation WHERE id > :before"
_DAY = "substr(invoked_at, 1, 10)"
_HOUR = "substr(invoked_at, 1, 13) || ':00:00.000000Z'"
_MEASURES = {
    "n_ended": "sum(has_ended)",
    "n_completed": "sum(completed)",
    "n_passed": "sum(status = 'passed')",
    "n_timed": "sum(is_timed)",
    "total_duration_us": "sum(timed_us)",
}
_LOGS = {
    "total_log_millionths": "sum(log_millionths)",
    "total_squared_log_millionths": "sum(squared_log_millionths)",
}
_SETTING = {
    "n_invocations": "count(*)",
    "n_running": "count(*) - sum(has_ended)",
    "n_completed": "sum(completed)",
    "n_picked_first": "sum(selection_rank IS 1)",
    "n_timed": "sum(is_timed)",
    "total_duration_seconds": "total(iif(completed, duration_seconds, NULL))",
}


def _add(table: str, keys: dict[str, str], sums: dict[str, str], more: str = "") -> str:
    """Return the statement that adds the sums of the new uses to a kept table."""
    names = ", ".join((*keys, *sums, *(("first_invoked_at", "last_invoked_at") if more else ())))
    values = ", ".join((*keys.values(), *sums.values()))
    if more:
        values += ", min(invoked_at), max(invoked_at)"
    added = ", ".join(f"{name} = {name} + excluded.{name}" for name in sums)
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} {_NEW} GROUP BY {', '.join(keys.values())}"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}{more}"
    )


def _add_values(kind: str, column: str) -> str:
    return (
        "INSERT INTO skill_metric_counts (skill_name, kind, value, n)"
        f" SELECT skill_name, '{kind}', {column}, count(*) {_NEW} AND {column} <> ''"
        f" GROUP BY skill_name, {column} ON CONFLICT (skill_name, kind, value)"
        " DO UPDATE SET n = n + excluded.n"
    )


def _newest(table: str, keys: tuple[str, ...]) -> str:
    """Return the statement that says which use ended last."""
    same = " AND ".join(f"{table}.{key} = newest.{key}" for key in keys)
    return f"""
    UPDATE {table} SET
        last_ended_id = newest.id, last_ended_at = newest.invoked_at,
        last_status = newest.status, last_summary = newest.summary
    FROM (
        SELECT id, project, language, skill_name, invoked_at, status, summary, row_number() OVER (
            PARTITION BY {", ".join(keys)} ORDER BY invoked_at DESC, id DESC) AS place
        {_NEW} AND has_ended) AS newest
    WHERE place = 1 AND {same} AND (last_ended_id IS NULL
        OR (newest.invoked_at, newest.id) >= (last_ended_at, last_ended_id))
    """  # noqa: S608 - our own names


_COUNT = (
    _add(
        "skill_metrics",
        {"skill_name": "skill_name"},
        {
            "n_ranked": "count(selection_rank)",
            "total_selection_rank": "ifnull(sum(selection_rank), 0)",
            **_SETTING,
        },
        ", first_invoked_at = min(first_invoked_at, excluded.first_invoked_at)"
        ", last_invoked_at = max(last_invoked_at, excluded.last_invoked_at)",
    ),
    _newest("skill_metrics", ("skill_name",)),
    _add(
        "skill_setting_metrics",
        {"project": "project", "language": "language", "skill_name": "skill_name"},
        _SETTING,
    ),
    _newest("skill_setting_metrics", ("project", "language", "skill_name")),
    _add_values("workflow_path", "workflow_path"),
    _add_values("error_type", "error_type"),
    """
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT skill_name, 'follow_up', action.value, count(*)
    FROM skill_invocation AS used, json_each(used.follow_up_actions) AS action
    WHERE used.id > :before AND used.follow_up_actions <> '[]' GROUP BY skill_name, action.value
    ON CONFLICT (skill_name, kind, value) DO UPDATE SET n = n + excluded.n
    """,
    _add(
        "session_skills",
        {"session_id": "session_id", "skill_name": "skill_name"},
        {"invocation_count": "count(*)"},
    ),
    f"INSERT INTO skill_invocation_fts (rowid, user_query) SELECT id, user_query {_NEW}",
    _add(
        "skill_phase_days",
        {"skill_name": "skill_name", "date": _DAY, "workflow_phase": "workflow_phase"},
        {
            "n_invocations": "count(*)",
            **_MEASURES,
            **_LOGS,
            "n_measured": "count(duration_seconds)",
            "total_measured_us": "sum(measured_us)",
        },
    ),
    _add(
        "skill_time_series",
        {"skill_name": "skill_name", "timestamp": _HOUR},
        {"invocation_count": "count(*)", **_MEASURES, **_LOGS},
    ),
    # A session counts where no older use is of the same session, skill and hour.
    f"""
    UPDATE skill_time_series SET unique_sessions = unique_sessions + added.n
    FROM (
        SELECT skill_name, hour, count(*) AS n
        FROM (SELECT DISTINCT skill_name, {_HOUR} AS hour, session_id {_NEW}) AS own
        WHERE NOT EXISTS (
            SELECT 1 FROM skill_invocation AS older
            WHERE older.session_id = own.session_id AND older.skill_name = own.skill_name
                AND older.invoked_at >= substr(own.hour, 1, 13)
                AND older.invoked_at < substr(own.hour, 1, 13) || ';' AND older.id <= :before)
        GROUP BY skill_name, hour) AS added
    WHERE skill_time_series.skill_name = added.skill_name
        AND skill_time_series.timestamp = added.hour
    """,  # noqa: S608 - our own names
    _add("activity_hours", {"timestamp": _HOUR}, {"invocation_count": "count(*)", **_MEASURES}),
    f"""
    INSERT INTO skill_duration_days (skill_name, date, bucket, n)
    SELECT skill_name, {_DAY}, duration_bucket, count(*) {_NEW} AND duration_bucket IS NOT NULL
    GROUP BY skill_name, {_DAY}, duration_bucket
    ON CONFLICT (skill_name, date, bucket) DO UPDATE SET n = n + excluded.n
    """,
    f"""
    INSERT INTO skill_dependency_pending (session_id)
    SELECT DISTINCT session_id {_NEW} ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO skill_metrics_cache (skill_name, last_invocation_at, updated_at)
    SELECT skill_name, max(invoked_at), '' {_NEW} GROUP BY skill_name
    ON CONFLICT (skill_name) DO UPDATE SET
        last_invocation_at = max(last_invocation_at, excluded.last_invocation_at)
    """,
    """
    UPDATE skill_metrics_cache SET
        invocation_count_1h = ifnull(recent.n_1h, 0), invocation_count_24h = ifnull(recent.n_24h, 0),
        avg_completion_rate_24h = recent.rate,
        updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        SELECT cache.skill_name, sum(uses.n_1h) AS n_1h, sum(uses.n_24h) AS n_24h,
            sum(uses.n_completed) * 1.0 / nullif(sum(uses.n_ended), 0) AS rate
        FROM skill_metrics_cache AS cache
        LEFT JOIN v_skill_recent_uses AS uses ON uses.skill_name = cache.skill_name
        GROUP BY cache.skill_name) AS recent
    WHERE recent.skill_name = skill_metrics_cache.skill_name
    """,
)
