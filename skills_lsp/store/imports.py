"""Imports in SQL: add what is not here yet, in one transaction, and take exactly that back."""

import contextlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import apsw

from skills_lsp.domain.imported import Imported, PastImport, ReadHistory, Record
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.errors import UsageError
from skills_lsp.store import counting, invocations, text
from skills_lsp.store.database import rows

PROGRESS_EVERY = 500  # records
COUNTED_TOGETHER_FROM = 500  # uses; for fewer, the triggers are quicker

_SAME_MOMENT = """
SELECT id, session_id, workflow_path, status, duration_seconds, error_type, user_query, server_id
FROM skill_invocation WHERE skill_name = ? AND invoked_at = ?
"""
_IMPORT = """
INSERT INTO skill_import (
    source, variant, digest, zone, imported_at, n_added, n_finished, n_known, n_skipped, backup)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CHANGED = """
INSERT INTO skill_import_record (import_id, invocation_id, change) VALUES (?, ?, ?)
"""
_ALL_ADDED = """
INSERT INTO skill_import_record (import_id, invocation_id, change)
SELECT ?, id, 'added' FROM skill_invocation WHERE id > ?
"""
_PENDING_AGAIN = """
INSERT INTO skill_invocation (
    id, skill_name, invoked_at, session_id, workflow_path, workflow_phase, user_query,
    alternatives_considered, selection_rank, follow_up_actions, strategy, project, language,
    file_kind, workflow_step_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_KEPT = """
SELECT id, skill_name, invoked_at, session_id, workflow_path, workflow_phase, user_query,
    alternatives_considered, selection_rank, follow_up_actions, strategy, project, language,
    file_kind, workflow_step_id
FROM skill_invocation WHERE id = ?
"""
_PAST = """
SELECT id, source, variant, zone, imported_at, n_added, n_finished, n_known, n_skipped, backup,
    rolled_back_at
FROM skill_import
"""


class _Matcher:
    """Finds the stored use that a record is; each stored use is at most one record of a file.

    So two uses that agree in everything stay two, and reading the file again finds both.
    """

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self.taken: set[int] = set()

    def find(self, it: Invocation, *, has_session: bool) -> tuple[int | None, bool]:
        """Return the number of the use, if there is one, and whether the record ends it."""
        ends = None
        for number, session, path, status, seconds, error, query, server in self._db.execute(
            _SAME_MOMENT, (it.skill_name, it.invoked_at)
        ):
            if number in self.taken or path != it.workflow_path:
                continue
            if has_session and session != it.session_id:
                continue
            has_ended = status != Status.RUNNING.value
            if it.status is Status.RUNNING:
                # An older state of what is here, or the same one.
                return self._take(number), False
            if not has_ended and server is None:
                ends = ends or number
            elif (status, seconds, error, query) == (
                it.status.value, it.duration_seconds, it.error_type, it.user_query,
            ):  # fmt: skip
                return self._take(number), False
        return (self._take(ends), True) if ends is not None else (None, False)

    def _take(self, number: int) -> int:
        self.taken.add(number)
        return number


def has_news(db: apsw.Connection, records: Sequence[Record]) -> bool:
    """Say whether anything of it is not here yet."""
    return _sorted_out(db, records, lambda _: None, is_first_enough=True).has_news


def compare(
    db: apsw.Connection, records: Sequence[Record], progress: Callable[[int], None]
) -> Imported:
    """Return what an import would do; nothing is written."""
    found = _sorted_out(db, records, progress)
    return Imported(len(found.new), len(found.ending), found.n_known)


def add(
    db: apsw.Connection,
    read: ReadHistory,
    backup: str,
    now: datetime,
    progress: Callable[[int], None],
) -> Imported:
    """Write what is not here yet, and what each record did; belongs into one transaction."""
    found = _sorted_out(db, read.records, progress)
    counts = (len(found.new), len(found.ending), found.n_known)
    source = text.clean(read.path, text.MAX_LINE)
    at = text.instant(now)
    about = (source, read.variant, read.digest, read.zone, at, *counts, len(read.skipped), backup)
    db.execute(_IMPORT, about)
    import_id = db.last_insert_rowid()
    for number, it in found.ending:
        invocations.finish_if_there(db, number, _outcome(it))
        db.execute(_CHANGED, (import_id, number, "finished"))
    last = rows(db, "SELECT ifnull(max(id), 0) FROM skill_invocation")[0][0]
    is_many = len(found.new) >= COUNTED_TOGETHER_FROM
    with counting.counted_together(db) if is_many else contextlib.nullcontext():
        db.executemany(invocations.INSERT, (invocations.row(it, None) for it in found.new))
    db.execute(_ALL_ADDED, (import_id, last))
    progress(len(read.records))
    return Imported(*counts, import_id, backup)


@dataclass(slots=True)
class _SortedOut:
    """Records as they stand to what is stored."""

    new: list[Invocation] = field(default_factory=list)
    ending: list[tuple[int, Invocation]] = field(default_factory=list)
    n_known: int = 0

    @property
    def has_news(self) -> bool:
        return bool(self.new or self.ending)


def _sorted_out(
    db: apsw.Connection,
    records: Sequence[Record],
    progress: Callable[[int], None],
    *,
    is_first_enough: bool = False,
) -> _SortedOut:
    matcher, found = _Matcher(db), _SortedOut()
    is_alone = not _reaches_into(db, records)
    for n, record in enumerate(records):
        if n % PROGRESS_EVERY == 0:
            progress(n)
        it = invocations.prepared(record.invocation)
        number, ends = (
            (None, False) if is_alone else matcher.find(it, has_session=record.has_session)
        )
        if number is None:
            found.new.append(it)
        elif ends:
            found.ending.append((number, it))
        else:
            found.n_known += 1
        if is_first_enough and found.has_news:
            break
    return found


def roll_back(
    db: apsw.Connection, import_id: int, now: datetime, progress: Callable[[int, int], None]
) -> PastImport:
    """Delete the uses that an import added, and let those be pending again that it ended."""
    found = {it.id: it for it in past(db)}
    if import_id not in found:
        hint = "skills-lsp import --list shows all." if found else "Nothing was imported yet."
        raise UsageError("unknown-import", f"There is no import {import_id}.", hint)
    it = found[import_id]
    if it.rolled_back_at:
        raise UsageError("rolled-back", f"Import {import_id} has been rolled back already.")
    changed = rows(
        db,
        "SELECT invocation_id, change FROM skill_import_record WHERE import_id = ?"
        " ORDER BY invocation_id",
        (import_id,),
    )
    for n, (number, change) in enumerate(changed):
        if n % PROGRESS_EVERY == 0:
            progress(n, len(changed))
        if change == "finished":
            _make_pending(db, number, import_id)
        else:
            db.execute("DELETE FROM skill_invocation WHERE id = ?", (number,))
    progress(len(changed), len(changed))
    db.execute("DELETE FROM skill_import_record WHERE import_id = ?", (import_id,))
    at = text.instant(now)
    db.execute("UPDATE skill_import SET rolled_back_at = ? WHERE id = ?", (at, import_id))
    return next(it for it in past(db) if it.id == import_id)


def past(db: apsw.Connection) -> tuple[PastImport, ...]:
    """Return all imports, newest first."""
    return tuple(PastImport(*row) for row in rows(db, f"{_PAST} ORDER BY id DESC"))


def _reaches_into(db: apsw.Connection, records: Sequence[Record]) -> bool:
    """Say whether anything is stored of the time of the records; if not, none needs to be looked up."""
    ats = [it.invocation.invoked_at for it in records]
    if not ats:
        return False
    sql = "SELECT 1 FROM skill_invocation WHERE invoked_at BETWEEN ? AND ? LIMIT 1"
    return bool(rows(db, sql, (min(ats), max(ats))))


def _outcome(it: Invocation) -> Outcome:
    # A duration that is not known stays so; the type of an outcome has no way to say it.
    seconds = it.duration_seconds if it.duration_seconds is not None else math.nan
    return Outcome(it.status, it.summary, seconds, error_type=it.error_type)


def _make_pending(db: apsw.Connection, number: int, import_id: int) -> None:
    """Write a use anew without its end: one that has ended may not run again in place."""
    kept = rows(db, _KEPT, (number,))
    others = rows(
        db,
        "SELECT import_id, invocation_id, change FROM skill_import_record"
        " WHERE invocation_id = ? AND import_id <> ?",
        (number, import_id),
    )
    if not kept:  # deleted since
        return
    db.execute("DELETE FROM skill_invocation WHERE id = ?", (number,))
    db.execute(_PENDING_AGAIN, kept[0])
    for row in others:
        db.execute(
            _CHANGED,
            row,
        )
