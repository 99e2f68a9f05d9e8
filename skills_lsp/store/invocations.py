"""The history in SQL: write an invocation, complete it, read it back, and what is counted of it."""

import math
import os
from typing import Any

import apsw

from skills_lsp.domain.context import Memory, Record
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.errors import StoreError
from skills_lsp.store import text
from skills_lsp.store.database import Row, rows

INSERT = """
INSERT INTO skill_invocation (
    skill_name, invoked_at, session_id, workflow_path, workflow_phase, completed, duration_seconds,
    user_query, alternatives_considered, selection_rank, follow_up_actions, error_type, status,
    strategy, summary, project, language, file_kind, workflow_step_id, server_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

# An invocation that has ended keeps its first outcome.
_FINISH = """
UPDATE skill_invocation
SET status = ?, completed = ?, duration_seconds = ?, error_type = ?, summary = ?
WHERE id = ? AND status = 'running'
"""

COLUMNS = """
    id, skill_name, invoked_at, session_id, workflow_path, workflow_phase, completed,
    duration_seconds, user_query, alternatives_considered, selection_rank, follow_up_actions,
    error_type, status, strategy, summary, project, language, file_kind, workflow_step_id
"""

_RECORD = """
SELECT skill_name, n_invocations - n_running, n_completed, n_picked_first, mean_duration_seconds,
    ifnull(last_ended_at, ''), last_status, last_summary
"""
_EVERYWHERE = f"{_RECORD} FROM skill_metrics WHERE n_invocations > n_running"
_HERE = (
    f"{_RECORD} FROM skill_setting_metrics"
    " WHERE project = ? AND language = ? AND n_invocations > n_running"
)


def prepared(invocation: Invocation) -> Invocation:
    """Return the invocation as it may be stored: in bounds, clean, its instant in one form."""
    name = text.clean(invocation.skill_name, text.MAX_NAME)
    if not name:
        raise StoreError("bad-invocation", "An invocation needs the name of its skill.")
    rank = invocation.selection_rank
    return Invocation(
        skill_name=name,
        invoked_at=text.instant_of(invocation.invoked_at),
        session_id=text.clean(invocation.session_id, text.MAX_NAME),
        workflow_phase=text.clean(invocation.workflow_phase, text.MAX_NAME),
        workflow_path=text.clean(invocation.workflow_path, text.MAX_NAME),
        user_query=text.clean_free(invocation.user_query, text.MAX_QUERY),
        alternatives_considered=invocation.alternatives_considered,
        selection_rank=rank if rank is None or rank >= 1 else None,
        strategy=text.clean(invocation.strategy, text.MAX_NAME),
        project=setting(invocation.project),
        language=setting(invocation.language),
        file_kind=text.clean(invocation.file_kind, text.MAX_NAME),
        id=invocation.id,
        status=invocation.status,
        completed=invocation.status.is_completed,
        duration_seconds=_duration(invocation.duration_seconds),
        error_type=text.clean_free(invocation.error_type, text.MAX_NAME),
        summary=text.clean_free(invocation.summary, text.MAX_LINE),
        follow_up_actions=tuple(
            text.clean_free(action, text.MAX_NAME)
            for action in invocation.follow_up_actions[: text.MAX_LIST]
        ),
        workflow_step_id=text.clean(invocation.workflow_step_id, text.MAX_NAME),
    )


def setting(name: str) -> str:
    """Return a project's name or a language id as it is stored and looked up."""
    return text.clean(name, text.MAX_NAME)


def insert(db: apsw.Connection, it: Invocation, server_id: int | None) -> int:
    """Write a prepared invocation; return its id."""
    db.execute(INSERT, row(it, server_id))
    return db.last_insert_rowid()


def row(it: Invocation, server_id: int | None) -> Row:
    """Return the values of a prepared invocation, in the order of ``INSERT``."""
    return (
        it.skill_name,
        it.invoked_at,
        it.session_id,
        it.workflow_path,
        it.workflow_phase,
        it.completed,
        it.duration_seconds,
        it.user_query,
        text.clean_list(it.alternatives_considered),
        it.selection_rank,
        text.clean_list(it.follow_up_actions),
        it.error_type,
        it.status.value,
        it.strategy,
        it.summary,
        it.project,
        it.language,
        it.file_kind,
        it.workflow_step_id,
        server_id,
    )


def finish(db: apsw.Connection, invocation_id: int, outcome: Outcome) -> None:
    """Complete an invocation; one that has ended is left as it is."""
    if not finish_if_there(db, invocation_id, outcome):
        _check_exists(db, invocation_id)


def finish_if_there(db: apsw.Connection, invocation_id: int, outcome: Outcome) -> bool:
    """Complete an invocation that is stored and running; say whether there was one."""
    values = (
        outcome.status.value,
        outcome.status.is_completed,
        _duration(outcome.duration_seconds),
        text.clean_free(outcome.error_type, text.MAX_NAME),
        text.clean_free(outcome.summary, text.MAX_LINE),
        invocation_id,
    )
    db.execute(_FINISH, values)
    return db.changes() > 0


def add_follow_up(db: apsw.Connection, invocation_id: int, action: str) -> None:
    """Append what the user did next to an invocation, up to the bound of a list."""
    _check_exists(db, invocation_id)
    db.execute(
        "UPDATE skill_invocation"
        " SET follow_up_actions = json_insert(follow_up_actions, '$[#]', ?)"
        " WHERE id = ? AND json_array_length(follow_up_actions) < ?",
        (text.clean_free(action, text.MAX_NAME), invocation_id, text.MAX_LIST),
    )


def interrupt(db: apsw.Connection, server_ids: tuple[int, ...]) -> int:
    """Call what those servers left running interrupted; return how many that were."""
    n_interrupted = 0
    for server_id in server_ids:
        db.execute(
            "UPDATE skill_invocation SET status = 'interrupted'"
            " WHERE status = 'running' AND server_id = ?",
            (server_id,),
        )
        n_interrupted += db.changes()
    return n_interrupted


def add_server(db: apsw.Connection, start_id: str, at: str, user_id: str) -> int:
    """Enter a server process and whose it is; return its number."""
    db.execute(
        "INSERT INTO skill_server (start_id, process_id, started_at, user_id) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (start_id) DO NOTHING",
        (start_id, os.getpid(), at, user_id),
    )
    found = rows(db, "SELECT id FROM skill_server WHERE start_id = ?", (start_id,))
    return int(found[0][0])


def servers_with_running(db: apsw.Connection) -> list[Row]:
    """Return (id, start id) of the servers that have invocations without an end."""
    return rows(
        db,
        "SELECT DISTINCT server.id, server.start_id FROM skill_invocation AS run"
        " JOIN skill_server AS server ON server.id = run.server_id WHERE run.status = 'running'",
    )


def history(
    db: apsw.Connection,
    *,
    limit: int,
    skill: str = "",
    session_id: str = "",
    project: str = "",
    status: str = "",
) -> tuple[Invocation, ...]:
    """Return the newest invocations that match every filter that is not empty."""
    filters = {
        "skill_name": skill,
        "session_id": session_id,
        "project": project,
        "status": status,
    }
    asked = {column: text.clean(value, text.MAX_NAME) for column, value in filters.items() if value}
    where = " AND ".join(f"{column} = :{column}" for column in asked) or "true"
    sql = (
        f"SELECT {COLUMNS} FROM skill_invocation WHERE {where}"  # noqa: S608 - our own columns
        " ORDER BY invoked_at DESC, id DESC LIMIT :limit"
    )
    return tuple(map(invocation_of, rows(db, sql, {**asked, "limit": max(limit, 0)})))


def memory(db: apsw.Connection, project: str, language: str) -> Memory:
    """Return how each skill went, from the counts that the triggers keep."""
    here = rows(db, _HERE, (setting(project), setting(language)))
    return Memory(
        here={row[0]: Record(*row[1:]) for row in here},
        everywhere={row[0]: Record(*row[1:]) for row in rows(db, _EVERYWHERE)},
    )


def phase_records(db: apsw.Connection, phase: str, since: str) -> dict[str, tuple[int, int]]:
    """Return how often each skill was used in a workflow phase, and how often it did its work."""
    found = rows(
        db,
        "SELECT skill_name, count(*), sum(completed) FROM skill_invocation"
        " WHERE invoked_at >= ? AND workflow_phase = ? AND status <> 'running' GROUP BY skill_name",
        (since, phase),
    )
    return {name: (n_runs, n_completed) for name, n_runs, n_completed in found}


def _check_exists(db: apsw.Connection, invocation_id: int) -> None:
    if not rows(db, "SELECT 1 FROM skill_invocation WHERE id = ?", (invocation_id,)):
        raise StoreError("unknown-invocation", f"There is no invocation {invocation_id}.")


def _duration(seconds: float | None) -> float | None:
    """Return a duration that can be stored: a clock that went back took no time at all."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return max(float(seconds), 0.0)


def invocation_of(row: Row) -> Invocation:
    """Return an invocation from the values of ``COLUMNS``."""
    columns: tuple[Any, ...] = row
    return Invocation(
        id=columns[0],
        skill_name=columns[1],
        invoked_at=columns[2],
        session_id=columns[3],
        workflow_path=columns[4],
        workflow_phase=columns[5],
        completed=bool(columns[6]),
        duration_seconds=columns[7],
        user_query=columns[8],
        alternatives_considered=text.read_list(columns[9]),
        selection_rank=columns[10],
        follow_up_actions=text.read_list(columns[11]),
        error_type=columns[12],
        status=Status(columns[13]),
        strategy=columns[14],
        summary=columns[15],
        project=columns[16],
        language=columns[17],
        file_kind=columns[18],
        workflow_step_id=columns[19],
    )
