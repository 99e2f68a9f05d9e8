"""Getting a usable database: created, migrated, repaired; by one process at a time."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import apsw

from skills_lsp.errors import StoreError
from skills_lsp.store import files
from skills_lsp.store.database import (
    SQLITE_ERRORS,
    is_damage,
    open_reader,
    open_writer,
    use_write_ahead_log,
)
from skills_lsp.store.migrations import (
    APPLICATION_ID,
    Migration,
    check_is_usable,
    current_version,
    load_migrations,
    migrate_up,
)
from skills_lsp.store.servers import FileLock

LOCK_SECONDS = 10.0  # how long an opening waits for another that migrates or repairs
_MAGIC = b"SQLite format 3\0"
_HEAD_BYTES, _OWNER_AT = 72, 68  # https://www.sqlite.org/fileformat.html#the_database_header
SMALLEST_BYTES = 512  # SQLite's smallest page
CHECKED_BYTES = 4 << 20  # files up to this size are checked at each opening, in about 5 ms
SEEDED_BYTES = 64 << 20  # histories up to this size are read into memory when the disk is no use


def open_on_disk(
    path: Path, now: Callable[[], datetime], notify: Callable[[str], None]
) -> apsw.Connection:
    """Return a writing connection to a sound database of the newest version.

    Raises
    ------
    StoreError, OSError, apsw.Error
        When there is none to be had: no permission, no room, locked, another program's, newer.
    """
    steps = load_migrations()
    refuse_foreign(path)
    db = _open_as_it_is(path, steps)
    if db is not None:
        return db
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(path):
        return _open_with_care(path, steps, now(), notify)


def open_in_memory(now: datetime, seed: Path | None = None) -> apsw.Connection:
    """Return a database in memory, with the history of ``seed`` where that can be read."""
    db = open_writer(":memory:")
    steps = load_migrations()
    if seed is not None and _seed(db, seed, steps):
        return db
    migrate_up(db, steps, now)
    return db


def mark_suspect(path: Path) -> None:
    """Ask the next opening to check the whole file, as a page of it was found damaged."""
    with contextlib.suppress(OSError):  # the disk is in trouble; the check is then left out
        _suspicion(path).touch(mode=0o600)


def refuse_foreign(path: Path) -> None:
    """Raise StoreError for a file that is another program's, or no database: a mistyped path.

    Nothing of it is changed. A damaged database of ours is known by its first bytes, or by what lies
    beside it.
    """
    if not path.is_file() or not path.stat().st_size or _was_ours(path):
        return
    with path.open("rb") as file:
        is_database = file.read(len(_MAGIC)) == _MAGIC
    if is_database:
        try:
            with contextlib.closing(_open_frozen(path)) as db:
                check_is_usable(db, load_migrations())
                return
        except SQLITE_ERRORS as error:
            if not is_damage(error):
                raise
        except StoreError:
            pass
    about = "belongs to another program" if is_database else "is no database"
    raise StoreError(
        "store-foreign",
        f"{path} {about}, and is left as it is.",
        "Name a database of skills-lsp, or a file that is not there yet.",
    )


def _was_ours(path: Path) -> bool:
    """Say whether a file that cannot be read is a history that was damaged."""
    with path.open("rb") as file:
        owner = int.from_bytes(file.read(_HEAD_BYTES)[_OWNER_AT:], "big")
    beside = (servers_folder(path), _suspicion(path), _lock(path))
    return owner == APPLICATION_ID or any(it.exists() for it in beside) or bool(files.backups(path))


def _open_as_it_is(path: Path, steps: tuple[Migration, ...]) -> apsw.Connection | None:
    """Open a database that needs nothing done, which is the rule; else return None."""
    if not path.is_file() or not path.stat().st_size or _suspicion(path).exists():
        return None
    files.prepare(path)
    try:
        db = open_writer(path)
    except SQLITE_ERRORS as error:
        if is_damage(error):
            return None
        raise
    if _is_ready(db, path, steps):
        return db
    db.close()
    return None


def _open_with_care(
    path: Path, steps: tuple[Migration, ...], now: datetime, notify: Callable[[str], None]
) -> apsw.Connection:
    was_emptied = path.is_file() and not path.stat().st_size and bool(files.backups(path))
    is_new = not path.exists()
    files.prepare(path)
    if was_emptied or not (is_new or _is_well(path)):
        _repair(path, now, notify)
    _suspicion(path).unlink(missing_ok=True)
    db = open_writer(path)
    try:
        check_is_usable(db, steps)
        use_write_ahead_log(db)
        if 0 < current_version(db) < steps[-1].version:
            files.back_up(db, path, now)
        migrate_up(db, steps, now)
    except BaseException:
        db.close()
        raise
    return db


def _is_ready(db: apsw.Connection, path: Path, steps: tuple[Migration, ...]) -> bool:
    try:
        check_is_usable(db, steps)
        if current_version(db) != steps[-1].version:
            return False
        use_write_ahead_log(db)
        return path.stat().st_size > CHECKED_BYTES or db.pragma("quick_check", 1) == "ok"
    except SQLITE_ERRORS as error:
        if is_damage(error):
            return False
        raise
    except StoreError:
        db.close()
        raise


def _is_well(path: Path) -> bool:
    """Say whether every page can be read; an empty file is a database to be made.

    SQLite itself takes a file without a whole page for an empty one, and writes over it.
    """
    size = path.stat().st_size
    if size < SMALLEST_BYTES:
        return not size
    try:
        with contextlib.closing(open_writer(path)) as db:
            return bool(db.pragma("quick_check", 1) == "ok")
    except SQLITE_ERRORS as error:
        if is_damage(error):
            return False
        raise


def _repair(path: Path, now: datetime, notify: Callable[[str], None]) -> None:
    done = files.repair(path, now)
    files.prepare(path)
    if done.restored is None:
        then = "a new one was begun, as there was no backup"
    else:
        then = f"the backup {done.restored.name} was restored"
    notify(
        f"The skills database was damaged: it was set aside as {done.set_aside.name}, and {then}."
    )


def _seed(db: apsw.Connection, path: Path, steps: tuple[Migration, ...]) -> bool:
    """Copy a history that can be read but not written into memory; say whether that went well."""
    try:
        if not 0 < path.stat().st_size <= SEEDED_BYTES:
            return False
        with contextlib.closing(_open_frozen(path)) as source:
            check_is_usable(source, steps)
            if current_version(source) != steps[-1].version:
                return False
            with db.backup("main", source, "main") as backup:
                backup.step(-1)
        current_version(db)
    except (OSError, StoreError, SQLITE_ERRORS):
        return False
    return True


def _open_frozen(path: Path) -> apsw.Connection:
    """Open a file for reading, also on a disk where its side files cannot be made."""
    try:
        db = open_reader(path)
        current_version(db)
    except (apsw.CantOpenError, apsw.ReadOnlyError):
        if path.with_name(path.name + "-wal").exists():
            raise
        return apsw.Connection(
            f"{path.absolute().as_uri()}?immutable=1",
            flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
        )
    return db


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock under which a database is made, migrated or repaired."""
    deadline = time.monotonic() + LOCK_SECONDS
    while (lock := FileLock.try_to_take(_lock(path))) is None:
        if time.monotonic() >= deadline:
            raise StoreError(
                "store-locked",
                "Another server has been preparing the skills database for long.",
                "End it, or set another path with the setting `database`.",
            )
        time.sleep(0.01)
    try:
        yield
    finally:
        lock.release()


def servers_folder(path: Path) -> Path:
    """Return the folder of the lock files of the servers that use a database."""
    return path.with_name(path.name + ".servers")


def _lock(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _suspicion(path: Path) -> Path:
    return path.with_name(path.name + ".suspect")


def inode(path: Path) -> int:
    """Return what tells this file from another of the same name; 0 when it is gone."""
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - 1 µs on the path of each record; Path.stat takes 3
    except OSError:
        return 0
