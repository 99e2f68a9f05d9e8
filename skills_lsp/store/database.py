"""Connections to SQLite: how they are opened, how a write is retried, what an error means.

Everything that apsw raises is turned into a :class:`StoreError` here; above this module nobody
knows which library it was.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import apsw

from skills_lsp.errors import StoreError

T = TypeVar("T")
Row = tuple[Any, ...]

BUSY_SECONDS = 2.0  # how long a write waits for the other servers; each of theirs takes about 1 ms
CACHE_KIB = 2048
CHECKPOINT_PAGES = 4000  # 16 MB: a safety net, as checkpoints are asked for while idle

SQLITE_ERRORS = apsw.Error


def open_writer(path: Path | str, *, synchronous: str = "FULL") -> apsw.Connection:
    """Open a connection that may write; with ``:memory:`` one that nobody else sees.

    FULL makes a commit wait for the disk: 0.25 ms on an NVMe disk where NORMAL takes 0.02, and
    only FULL keeps the promise that what is recorded survives a power cut.
    """
    db = apsw.Connection(str(path))
    try:
        db.set_busy_timeout(int(BUSY_SECONDS * 1000))
        db.pragma("synchronous", synchronous)
        db.pragma("foreign_keys", 1)
        db.pragma("cache_size", -CACHE_KIB)
        # A row that triggers count may be taken back in the middle; what for is kept in memory, and
        # not in a file that is written fifteen times for each row.
        db.pragma("temp_store", "memory")
        db.wal_autocheckpoint(CHECKPOINT_PAGES)
    except BaseException:
        db.close()
        raise
    return db


def use_write_ahead_log(db: apsw.Connection) -> None:
    """Switch a file to write-ahead logging: readers and the writer do not wait for each other.

    Apart from opening, as it changes the file, and that must first be known to be ours.
    """
    mode = _patiently(lambda: db.pragma("journal_mode", "wal"))
    if mode != "wal":
        raise apsw.CantOpenError(f"write-ahead logging is refused ({mode})")


def open_reader(path: Path) -> apsw.Connection:
    """Open a connection that cannot write. It sees each commit as soon as it is made."""
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    db.set_busy_timeout(int(BUSY_SECONDS * 1000))
    db.pragma("query_only", 1)
    db.pragma("cache_size", -CACHE_KIB)
    return db


def write(db: apsw.Connection, body: Callable[[apsw.Connection], T]) -> T:
    """Run ``body`` in one immediate transaction and commit it, waiting for other writers.

    Only the beginning can be refused for another writer's sake, so only the beginning is tried
    again; ``body`` runs once.
    """
    _begin(db)
    try:
        value = body(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk ends the transaction by itself
            db.execute("ROLLBACK")
        raise
    return value


def rows(db: apsw.Connection, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> list[Row]:
    """Return all rows of a query."""
    return db.execute(sql, values).fetchall()


def as_store_error(error: Exception) -> StoreError:
    """Say what a SQLite error means to the user."""
    for kinds, slug, message, hint in _MEANINGS:
        if isinstance(error, kinds):
            return StoreError(slug, message, hint)
    return StoreError(
        "store-failed", f"The database answered: {error}.", "See `skills-lsp doctor`."
    )


def is_passing(error: Exception) -> bool:
    """Say whether the disk or another program is at fault, so that a later try may go well."""
    return isinstance(error, _OF_THE_WORLD)


def is_damage(error: Exception) -> bool:
    """Say whether the error means that the file is no (longer a) sound database."""
    return isinstance(error, (apsw.CorruptError, apsw.NotADBError))


def _begin(db: apsw.Connection) -> None:
    _patiently(lambda: db.execute("BEGIN IMMEDIATE"))


def _patiently(action: Callable[[], T]) -> T:
    """Repeat what SQLite refuses as busy without asking the busy timeout first.

    It does so while another process recovers the log or closes as the last one.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    pause_seconds = 0.001
    while True:
        try:
            return action()
        except (apsw.BusyError, apsw.LockedError):
            if time.monotonic() >= deadline:
                raise
        time.sleep(pause_seconds)
        pause_seconds = min(pause_seconds * 2, 0.05)


_OF_THE_WORLD = (
    OSError,
    apsw.BusyError,
    apsw.CantOpenError,
    apsw.CorruptError,
    apsw.FullError,
    apsw.IOError,
    apsw.LockedError,
    apsw.NoMemError,
    apsw.NotADBError,
    apsw.PermissionsError,
    apsw.ReadOnlyError,
)
_DOCTOR = "See `skills-lsp doctor`."
_MEANINGS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str, str], ...] = (
    (
        (apsw.BusyError, apsw.LockedError),
        "store-locked",
        "Another program keeps the skills database locked.",
        "Close it, or set another path with the setting `database`.",
    ),
    (
        apsw.FullError,
        "store-full",
        "The disk of the skills database is full.",
        "Make room; nothing else is needed.",
    ),
    (
        (apsw.ReadOnlyError, apsw.PermissionsError, PermissionError),
        "store-read-only",
        "The skills database cannot be written.",
        "Make its file and folder writable, or set another path with the setting `database`.",
    ),
    (
        (apsw.CorruptError, apsw.NotADBError),
        "store-damaged",
        "The skills database is damaged.",
        "Restart the server: it sets the file aside and restores the newest backup.",
    ),
    (
        (apsw.CantOpenError, OSError),
        "store-unreachable",
        "The skills database cannot be opened.",
        "Check its path and folder, or set another path with the setting `database`.",
    ),
    (
        apsw.IOError,
        "store-unwritable",
        "The disk refuses to read or write the skills database.",
        _DOCTOR,
    ),
)
