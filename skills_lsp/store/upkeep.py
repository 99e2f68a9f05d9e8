"""Looking after the database file: how it stands, versions, backups, its size, and what is too old.

These are asked for by hand, with the file as it is: nothing is migrated or mended along the way.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import apsw

from skills_lsp.errors import StoreError, UsageError
from skills_lsp.store import aggregates, files, opening, text
from skills_lsp.store.database import (
    SQLITE_ERRORS,
    as_store_error,
    open_reader,
    open_writer,
    rows,
    use_write_ahead_log,
    write,
)
from skills_lsp.store.migrations import (
    MigrationStatus,
    check_is_usable,
    current_version,
    load_migrations,
    migrate_down,
    migrate_up,
    migration_status,
)
from skills_lsp.store.servers import Servers

PRUNED_AT_ONCE = 500  # uses in one transaction, some 0.1 s, so that servers can write in between
N_FORGOTTEN_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database, made before a migration, once a day, or by hand."""

    name: str
    path: str
    size_bytes: int
    taken_at: str


@dataclass(frozen=True, slots=True)
class FileStatus:
    """How a database stands. Where it cannot be used, ``trouble`` says why and what to do."""

    path: str
    is_there: bool
    trouble: str = ""
    version: int = 0
    newest_version: int = 0
    size_bytes: int = 0
    log_bytes: int = 0  # written, and not yet moved into the file itself
    free_bytes: int = 0  # what a vacuum would give back
    n_servers: int = 0  # that use it now
    n_uses: int = 0
    n_running: int = 0
    n_skills: int = 0
    n_sessions: int = 0
    first_at: str = ""
    last_at: str = ""
    migrations: tuple[MigrationStatus, ...] = ()
    backups: tuple[Backup, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """From which version to which, and the backup that was made before; None for a new file."""

    before: int
    after: int
    backup: Path | None


@dataclass(frozen=True, slots=True)
class Loss:
    """What pruning takes away, and what is left."""

    n_uses: int
    n_sessions: int
    n_left: int
    first_at: str
    last_at: str
    forgotten: tuple[str, ...]  # skills with no use left


def status(path: Path) -> FileStatus:
    """Say how a database stands; never fails."""
    steps = load_migrations()
    base = FileStatus(
        str(path), path.is_file(), newest_version=steps[-1].version, backups=backups(path)
    )
    if not base.is_there:
        return base
    try:
        with _reading(path) as db:
            check_is_usable(db, steps)
            return _status(path, base, db)
    except StoreError as error:
        return FileStatus(
            base.path, True, str(error), newest_version=base.newest_version,
            size_bytes=path.stat().st_size, backups=base.backups,
        )  # fmt: skip


def check(path: Path) -> tuple[str, ...]:
    """Read the whole file; return what is wrong with it, in sentences."""
    with _reading(path) as db:
        found = [str(line) for (line,) in rows(db, "PRAGMA integrity_check(10)")]
        wrong = [] if found == ["ok"] else [f"SQLite finds: {line}." for line in found]
        wrong += [
            f"A row of {table} belongs to none in {parent}."
            for table, _, parent, _ in rows(db, "PRAGMA foreign_key_check")[:10]
        ]
        if not wrong and current_version(db) == load_migrations()[-1].version:
            wrong += [
                f"{it.table} has {it.n_rows} row(s) that a count of the history does not have."
                for it in aggregates.differences(db)
            ]
        return tuple(wrong)


def backups(path: Path) -> tuple[Backup, ...]:
    """Return the backups of a database, newest first."""
    found = []
    for it in files.backups(path):
        with contextlib.suppress(FileNotFoundError):
            found.append(Backup(it.name, str(it), it.stat().st_size, files.taken_at(it)))
    return tuple(found)


def migrate(path: Path, now: datetime, to: int | None = None) -> Moved:
    """Bring a database up to a version, the newest by default; it is made when there is none."""
    steps = load_migrations()
    _check_version(to, steps[-1].version)
    with _alone(path) as db:
        check_is_usable(db, steps)
        before = current_version(db)
        wanted = steps[-1].version if to is None else to
        if wanted < before:
            message = f"The database has version {before} already."
            raise UsageError("newer-already", message, f"skills-lsp db rollback --to {wanted}")
        backup = files.back_up(db, path, now) if 0 < before < wanted else None
        migrate_up(db, steps, now, to=wanted)
        return Moved(before, current_version(db), backup)


def roll_back(path: Path, now: datetime, to: int | None, *, drop_everything: bool) -> Moved:
    """Take migrations back down to a version, by default the newest one alone, after a backup."""
    steps = load_migrations()
    _check_version(to, steps[-1].version)
    _check_is_there(path)
    _check_is_unused(path)
    with _alone(path) as db:
        check_is_usable(db, steps)
        before = current_version(db)
        wanted = max(before - 1, 0) if to is None else to
        if wanted > before:
            message = f"The database has version {before}."
            raise UsageError("older-already", message, f"skills-lsp db migrate --to {wanted}")
        if wanted < 1 and not drop_everything:
            message = "Version 1 holds the history itself, which would be deleted."
            raise UsageError("history-kept", message, "Add --drop-everything if that is meant.")
        backup = files.back_up(db, path, now) if wanted < before else None
        migrate_down(db, steps, wanted, drop_everything=drop_everything)
        return Moved(before, current_version(db), backup)


def back_up(path: Path, now: datetime, target: Path | None) -> Path:
    """Copy a database into its folder of backups, or to a file that is not there yet."""
    with _reading(path) as db:
        check_is_usable(db, load_migrations())
        if target is None:
            return files.back_up(db, path, now)
        if target.exists():
            raise UsageError("file-exists", f"{target} is there already.", "Give another name.")
        if not target.parent.is_dir():
            raise UsageError("unknown-folder", f"There is no folder {target.parent}.")
        files.copy(db, target)
        return target


def restore(path: Path, source: Path, now: datetime) -> Path | None:
    """Put a backup in the place of a database; return where that one was kept, if it was sound.

    A damaged one is set aside as it is.
    """
    if not source.is_file():
        raise UsageError(
            "unknown-backup",
            f"There is neither a backup nor a file {source.name}.",
            "skills-lsp db status lists the backups.",
        )
    if not files.is_sound(source):
        raise UsageError("damaged-backup", f"{source} is no sound database.", "Take another one.")
    _check_is_unused(path)
    with _reading(source) as db:
        check_is_usable(db, load_migrations())
    kept: Path | None = None
    with opening.alone(path), _as_store_errors():
        if path.is_file() and path.stat().st_size:
            kept = _put_aside(path, now)
        with contextlib.closing(open_reader(source)) as db:
            files.copy(db, path)
    return kept


def vacuum(path: Path) -> tuple[int, int]:
    """Write the file anew without its holes; return its size before and after, in bytes."""
    _check_is_there(path)
    before = path.stat().st_size
    with _alone(path) as db:
        check_is_usable(db, load_migrations())
        if current_version(db) > 1:
            sql = "INSERT INTO skill_invocation_fts (skill_invocation_fts) VALUES ('optimize')"
            db.execute(sql)
        db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        db.execute("VACUUM")
        db.execute("PRAGMA optimize")
        db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    return before, path.stat().st_size


def loss(path: Path, before: datetime) -> Loss:
    """Say what pruning would take away."""
    with _reading(path) as db:
        _check_is_newest(db)
        values = (text.instant(before),)
        ((n_uses, n_sessions, first_at, last_at),) = rows(db, _OLD, values)
        ((n_left,),) = rows(db, _KEPT, values)
        forgotten = tuple(name for (name,) in rows(db, _FORGOTTEN, values))
        return Loss(n_uses, n_sessions, n_left, first_at or "", last_at or "", forgotten)


def prune(
    path: Path, before: datetime, now: datetime, progress: Callable[[int], None]
) -> tuple[int, Path]:
    """Delete uses that were started before an instant; return how many, and the backup.

    Each is taken out of every count by the triggers, so that figures stay those of the uses that
    are left. Deleted in small steps: servers can write in between.
    """
    n_pruned, at = 0, text.instant(before)
    with _as_store_errors():
        with _reading(path) as reader:
            _check_is_newest(reader)
            backup = files.back_up(reader, path, now)
        with contextlib.closing(open_writer(path)) as db:
            while n := write(db, lambda db: _prune_some(db, at)):
                n_pruned += n
                progress(n_pruned)
                db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            write(db, lambda db: db.execute(_OLD_INTERACTIONS, (at,)).fetchall())
            write(db, lambda db: db.execute(_OLD_ANOMALIES, (at,)).fetchall())
            write(db, lambda db: aggregates.refresh(db, now))
    return n_pruned, backup


_OLD = """
SELECT count(*), count(DISTINCT session_id), min(invoked_at), max(invoked_at)
FROM skill_invocation WHERE invoked_at < ? AND has_ended
"""
_KEPT = "SELECT count(*) FROM skill_invocation WHERE NOT (invoked_at < ? AND has_ended)"
_FORGOTTEN = """
SELECT skill_name FROM skill_metrics WHERE last_invoked_at < ? AND n_running = 0 ORDER BY skill_name
"""
_SOME = """
DELETE FROM skill_invocation WHERE id IN (
    SELECT id FROM skill_invocation WHERE invoked_at < ? AND has_ended ORDER BY invoked_at LIMIT ?)
"""
_OLD_INTERACTIONS = (
    "DELETE FROM skill_user_interactions WHERE invoked_at < ? AND invocation_id IS NULL"
)
_OLD_ANOMALIES = "DELETE FROM skill_anomalies WHERE resolved_at < ?"


def _prune_some(db: apsw.Connection, at: str) -> int:
    db.execute(_SOME, (at, PRUNED_AT_ONCE))
    return int(db.changes())


def _status(path: Path, base: FileStatus, db: apsw.Connection) -> FileStatus:
    version = current_version(db)
    counts = (0, 0, 0, 0, None, None)
    if version:
        query = (
            "SELECT ifnull(sum(n_invocations), 0), ifnull(sum(n_running), 0), count(*),"
            " (SELECT count(DISTINCT session_id) FROM session_skills),"
            " min(first_invoked_at), max(last_invoked_at) FROM skill_metrics"
        )
        counts = rows(db, query)[0]
    log = path.with_name(f"{path.name}-wal")
    return FileStatus(
        path=base.path,
        is_there=True,
        version=version,
        newest_version=base.newest_version,
        size_bytes=path.stat().st_size,
        log_bytes=log.stat().st_size if log.exists() else 0,
        free_bytes=int(db.pragma("freelist_count")) * int(db.pragma("page_size")),
        n_servers=_n_servers(path),
        n_uses=counts[0],
        n_running=counts[1],
        n_skills=counts[2],
        n_sessions=counts[3],
        first_at=counts[4] or "",
        last_at=counts[5] or "",
        migrations=migration_status(db, load_migrations()),
        backups=base.backups,
    )


def _n_servers(path: Path) -> int:
    return Servers(opening.servers_folder(path)).n_alive()


def _check_version(to: int | None, newest: int) -> None:
    if to is not None and not 0 <= to <= newest:
        raise UsageError("unknown-version", f"There is no version {to}; the newest is {newest}.")


def _check_is_there(path: Path) -> None:
    if not path.is_file():
        raise UsageError("no-database", f"There is no database {path} yet.")


def _check_is_newest(db: apsw.Connection) -> None:
    steps = load_migrations()
    check_is_usable(db, steps)
    if current_version(db) < steps[-1].version:
        raise UsageError(
            "old-database", "The database is of an older version.", "skills-lsp db migrate"
        )


def _check_is_unused(path: Path) -> None:
    n_servers = _n_servers(path)
    if n_servers:
        who = "A running server uses" if n_servers == 1 else f"{n_servers} running servers use"
        raise UsageError("store-in-use", f"{who} the database.", "Close your editors first.")


def _put_aside(path: Path, now: datetime) -> Path:
    """Keep what is there: as a backup where it is sound, else as it is."""
    if not files.is_sound(path):
        return files.set_aside(path, now)
    with contextlib.closing(open_writer(path)) as db:
        kept = files.back_up(db, path, now)
        # SQLite would take what is left in this file's log for part of the one that comes here.
        db.pragma("journal_mode", "delete")
    return kept


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[apsw.Connection]:
    _check_is_there(path)
    with _as_store_errors():
        opening.refuse_foreign(path)
        with contextlib.closing(open_reader(path)) as db:
            yield db


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[apsw.Connection]:
    """Yield a writing connection while no server makes, migrates or repairs the file."""
    with _as_store_errors():
        opening.refuse_foreign(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with opening.alone(path):
            files.prepare(path)
            with contextlib.closing(open_writer(path)) as db:
                check_is_usable(db, load_migrations())
                use_write_ahead_log(db)
                yield db


@contextlib.contextmanager
def _as_store_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, SQLITE_ERRORS) as error:
        raise as_store_error(error) from error
