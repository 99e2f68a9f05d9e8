"""Databases of others, read and never written: session-buddy's (V1 to V4), Crackerjack's, our own."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from skills_lsp.domain.imported import Skipped
from skills_lsp.errors import StoreError
from skills_lsp.store.database import SQLITE_ERRORS, is_damage, rows

MAGIC = b"SQLite format 3\0"
_TABLES = ("skill_invocation", "skill_invocations")  # session-buddy's and ours; Crackerjack's
_COLUMNS = (
    "skill_name", "invoked_at", "session_id", "workflow_path", "workflow_phase", "workflow_step_id", "completed",
    "duration_seconds", "user_query", "alternatives_considered", "selection_rank",
    "follow_up_actions", "error_type", "status", "strategy", "summary", "project", "language",
    "file_kind", "created_at", "completed_at",
)  # fmt: skip
_LISTS = ("alternatives_considered", "follow_up_actions")
_JULIAN_SECONDS = "(julianday(completed_at) - julianday(created_at)) * 86400.0"


@dataclass(slots=True)
class ForeignHistory:
    """What a database holds: its records as they stand, and what of it cannot be read."""

    records: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    totals: dict[str, dict[str, Any]] | None = None
    damage: str = ""


def is_database(head: bytes) -> bool:
    """Say whether a file that begins so is an SQLite database."""
    return head.startswith(MAGIC)


def read_database(path: Path) -> ForeignHistory:
    """Return the history in a database; of a damaged one, what can still be read.

    Raises StoreError when it cannot be opened, or holds no history of skills.
    """
    try:
        with contextlib.closing(_open(path)) as db:
            return _read(db, path)
    except SQLITE_ERRORS as error:
        if is_damage(error):
            raise StoreError(
                "damaged-file", f"{path} is damaged, and nothing of it can be read."
            ) from error
        raise StoreError("unreadable-file", f"{path} cannot be read: {error}.") from error


def _open(path: Path) -> apsw.Connection:
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        db.set_busy_timeout(2000)
        db.pragma("schema_version")
    except (apsw.CantOpenError, apsw.ReadOnlyError):
        # Left in write-ahead mode on a disk where its side files cannot be made.
        db.close()
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        return apsw.Connection(f"{path.absolute().as_uri()}?immutable=1", flags=flags)
    except BaseException:
        db.close()
        raise
    return db


def _read(db: apsw.Connection, path: Path) -> ForeignHistory:
    tables = {name for (name,) in rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table'")}
    ours = [name for name in _TABLES if name in tables]
    if not ours:
        raise StoreError("foreign-file", f"{path} is a database without a history of skills.")
    found = ForeignHistory()
    for table in ours:
        _read_table(db, table, found)
    if "skill_metrics" in tables:
        with contextlib.suppress(SQLITE_ERRORS):  # its totals are a check, and no more than that
            found.totals = _totals(db)
    return found


def _read_table(db: apsw.Connection, table: str, found: ForeignHistory) -> None:
    there = {name for (name,) in rows(db, "SELECT name FROM pragma_table_info(?)", (table,))}
    columns = [name for name in _COLUMNS if name in there]
    chosen = ", ".join(["rowid", *columns])
    if {"created_at", "completed_at"} <= there and "duration_seconds" not in there:
        chosen, columns = f"{chosen}, {_JULIAN_SECONDS}", [*columns, "duration_seconds"]
    seen: set[int] = set()
    # Forwards until the damage, then backwards until it again.
    for order in ("ASC", "DESC"):
        sql = f"SELECT {chosen} FROM {table} ORDER BY rowid {order}"  # noqa: S608 - our own names
        try:
            for number, *values in _until_seen(db, sql, seen):
                seen.add(number)
                raw = dict(zip(columns, values, strict=True))
                found.records.append((f"row {number}", _as_record(raw)))
        except SQLITE_ERRORS as error:
            if not is_damage(error):
                raise
            found.damage = "The database is damaged; what could be read of it was."
        else:
            return
    last = max(seen, default=0)
    n_lost = last - len(seen)
    if n_lost > 0 or not seen:
        reason = "pages of the database cannot be read"
        found.skipped.append(Skipped(f"up to {max(n_lost, 1)} rows of {table}", reason))


def _until_seen(db: apsw.Connection, sql: str, seen: set[int]) -> Iterator[tuple[Any, ...]]:
    for row in db.execute(sql):
        if row[0] in seen:
            return
        yield row


def _as_record(raw: dict[str, Any]) -> dict[str, Any]:
    if not raw.get("invoked_at"):
        raw["invoked_at"] = raw.get("created_at")
    for key in _LISTS:
        value = raw.get(key)
        if isinstance(value, str):
            try:
                raw[key] = json.loads(value) if value else []
            except (ValueError, RecursionError):
                continue  # whoever checks the record says so
    return raw


def _totals(db: apsw.Connection) -> dict[str, dict[str, Any]]:
    """Return the totals that a database keeps beside its rows; ours go by other names."""
    there = {name for (name,) in rows(db, "SELECT name FROM pragma_table_info('skill_metrics')")}
    if "total_invocations" not in there:
        return {}
    names = (
        "total_invocations",
        "completed_invocations",
        "abandoned_invocations",
        "total_duration_seconds",
    )
    kept = [name for name in names if name in there]
    sql = f"SELECT skill_name, {', '.join(kept)} FROM skill_metrics"  # noqa: S608 - our own names
    return {str(name): dict(zip(kept, values, strict=True)) for name, *values in rows(db, sql)}
