"""The database file on disk: made private, copied, set aside, restored."""

import contextlib
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import apsw

from skills_lsp.errors import StoreError
from skills_lsp.store.database import SQLITE_ERRORS
from skills_lsp.store.text import instant

N_BACKUPS = 5  # kept; the oldest go
_STAMP = "%Y%m%dT%H%M%S%fZ"
_SIDE_FILES = ("-wal", "-shm")
_ALL_PAGES = -1  # in one step: one snapshot; in steps a copy starts anew at each commit of others


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done about a damaged file; ``restored`` is None when there was no good backup."""

    set_aside: Path
    restored: Path | None


def prepare(path: Path) -> None:
    """Make the folder (0700) and the file (0600), or raise OSError or StoreError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its side files the mode of the database, so the mode is set before it opens it.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise StoreError(
            "store-unreachable",
            "The path set as skills database is not a file.",
            "Set another path with the setting `database`.",
        )
    if found.st_mode & 0o077:
        with contextlib.suppress(PermissionError):  # not ours to change; reading it still works
            path.chmod(0o600)


def copy(source: apsw.Connection, target: Path) -> None:
    """Copy a database, whole or not at all, while others may write to it."""
    unfinished = target.with_name(target.name + ".tmp")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with contextlib.closing(apsw.Connection(str(unfinished))) as copied:
            with copied.backup("main", source, "main") as backup:
                backup.step(_ALL_PAGES)
            # A copy is one file: the log's mode is in the header and goes with it otherwise.
            copied.pragma("journal_mode", "delete")
        _check_is_sound(unfinished)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def is_sound(path: Path) -> bool:
    """Say whether a file is a whole, well-formed database that holds something."""
    try:
        with contextlib.closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as db:
            answer = db.pragma("quick_check", 1)
            return bool(answer == "ok" and db.pragma("schema_version"))
    except SQLITE_ERRORS:
        return False


def backups(path: Path) -> list[Path]:
    """Return the backups of a database, newest first."""
    return sorted(_backup_folder(path).glob(f"{path.stem}-*.db"), reverse=True)


def back_up(source: apsw.Connection, path: Path, now: datetime) -> Path:
    """Copy the database into its folder of backups, and let the oldest ones go."""
    folder = _backup_folder(path)
    folder.mkdir(mode=0o700, exist_ok=True)
    target = _unused(folder / f"{path.stem}-{_stamp(now)}.db")
    copy(source, target)
    for old in backups(path)[N_BACKUPS:]:
        old.unlink(missing_ok=True)
    return target


def repair(path: Path, now: datetime) -> Repair:
    """Set a damaged database aside and put the newest good backup in its place."""
    aside = set_aside(path, now)
    for candidate in backups(path):
        if is_sound(candidate):
            with contextlib.closing(
                apsw.Connection(str(candidate), flags=apsw.SQLITE_OPEN_READONLY)
            ) as source:
                copy(source, path)
            return Repair(aside, candidate)
    return Repair(aside, None)


def set_aside(path: Path, now: datetime) -> Path:
    """Move a damaged database out of the way, with its side files; return where it is."""
    aside = _unused(path.with_name(f"{path.name}.damaged-{_stamp(now)}"))
    for suffix in ("", *_SIDE_FILES):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).replace(aside.with_name(aside.name + suffix))
    return aside


def taken_at(backup: Path) -> str:
    """Return when a backup was made, as it is stored; empty where its name does not say."""
    stamp = backup.stem.rpartition("-")[2].partition("~")[0]
    try:
        return instant(datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC))
    except ValueError:
        return ""


def _check_is_sound(path: Path) -> None:
    if not is_sound(path):
        raise apsw.CorruptError("the copy is not sound")


def _backup_folder(path: Path) -> Path:
    return path.with_name(path.name + ".backups")


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).strftime(_STAMP)


def _unused(path: Path) -> Path:
    """Return the path, or with a number where two things happened within one clock tick."""
    candidate, n = path, 1
    while candidate.exists():
        n += 1
        candidate = path.with_name(f"{path.stem}~{n}{path.suffix}")
    return candidate
