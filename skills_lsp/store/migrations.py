"""Migrations: the scripts of ``schema/``, applied and taken back one by one.

A script and the record that it ran are one transaction, so a crash in the middle leaves the version
before. Versions are whole numbers, kept in the file's ``user_version`` (one read at each start) and,
with the script's checksum, in the table ``skill_migrations``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import apsw

from skills_lsp.errors import StoreError
from skills_lsp.store.database import rows, write
from skills_lsp.store.text import instant

APPLICATION_ID = 0x534B4C53  # "SKLS", in the file's header: this database is ours

_FILE_NAME = re.compile(r"V(\d+)__(\w+)__(up|down)\.sql")
_TRANSACTION_WORDS = re.compile(
    r"^\s*(COMMIT|ROLLBACK|SAVEPOINT|BEGIN\s+(IMMEDIATE|DEFERRED|EXCLUSIVE|TRANSACTION)|BEGIN\s*;)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: how to get there and how to get back."""

    version: int
    name: str
    up: str
    down: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the script, the same on every platform's line ends."""
        import hashlib  # noqa: PLC0415 - 3 ms that only a migration needs

        return hashlib.sha256(self.up.replace("\r\n", "\n").encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """Where one migration stands in one database; ``applied_at`` is empty when it did not run."""

    version: int
    name: str
    applied_at: str
    is_changed: bool  # its script is no longer the one that ran


def schema_folder() -> Path:
    """Return the folder of the scripts: inside an installed package, else of the source checkout."""
    # Not importlib.resources: importing it takes 15 ms at the start of a server.
    package = Path(__file__).parent.parent
    packaged = package / "schema"
    return packaged if packaged.is_dir() else package.parent / "schema"


def load_migrations(folder: Path | None = None) -> tuple[Migration, ...]:
    """Return the migrations of a folder by version; gaps and missing halves are a StoreError."""
    scripts: dict[tuple[int, str], dict[str, str]] = {}
    for path in sorted((folder or schema_folder()).glob("V*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise StoreError(
                "bad-migration", f"{path.name} is not named V<n>__<name>__up|down.sql."
            )
        text = path.read_text(encoding="utf-8")
        if _TRANSACTION_WORDS.search(text):
            raise StoreError(
                "bad-migration", f"{path.name} must leave transactions to the migrator."
            )
        scripts.setdefault((int(match[1]), match[2]), {})[match[3]] = text
    found = tuple(
        _migration(version, name, halves) for (version, name), halves in sorted(scripts.items())
    )
    if [step.version for step in found] != list(range(1, len(found) + 1)) or not found:
        raise StoreError("bad-migration", "The migrations of schema/ are not numbered 1, 2, 3 …")
    return found


def current_version(db: apsw.Connection) -> int:
    """Return the version of a database; 0 when it is empty."""
    return int(db.pragma("user_version"))


def check_is_usable(db: apsw.Connection, steps: Sequence[Migration]) -> None:
    """Refuse a database that is another program's, or of a newer skills-lsp."""
    version = current_version(db)
    owner = int(db.pragma("application_id"))
    if owner != APPLICATION_ID and (owner or version or db.execute(_ANY_TABLE).fetchone()):
        raise StoreError(
            "store-foreign",
            "The file set as skills database belongs to another program, and is left alone.",
            "Set another path with the setting `database`.",
        )
    if version > steps[-1].version:
        raise StoreError(
            "store-newer",
            f"The skills database has schema version {version}, and this skills-lsp knows "
            f"{steps[-1].version}.",
            "Update skills-lsp, or set another path with the setting `database`.",
        )


def migrate_up(
    db: apsw.Connection, steps: Sequence[Migration], now: datetime, to: int | None = None
) -> tuple[int, ...]:
    """Apply what is missing up to version ``to`` (default: the newest); return what was applied."""
    check_is_usable(db, steps)
    wanted = steps[: len(steps) if to is None else to]
    return tuple(step.version for step in wanted if write(db, partial(_apply, step=step, now=now)))


def migrate_down(
    db: apsw.Connection, steps: Sequence[Migration], to: int, *, drop_everything: bool = False
) -> tuple[int, ...]:
    """Take back every migration above version ``to``, newest first; return what was taken back.

    Version 1 holds the history itself: it goes only with ``drop_everything``.
    """
    check_is_usable(db, steps)
    if to < 1 and not drop_everything:
        raise StoreError(
            "history-kept",
            "Going back before version 1 would delete the whole history.",
            "Ask for it with drop_everything, after a backup.",
        )
    unwanted = reversed(steps[max(to, 0) :])
    return tuple(step.version for step in unwanted if write(db, partial(_take_back, step=step)))


def migration_status(
    db: apsw.Connection, steps: Sequence[Migration]
) -> tuple[MigrationStatus, ...]:
    """Say for each migration whether it ran, and whether its script is still the same."""
    ran: dict[int, tuple[str, str]] = {}
    if current_version(db):
        query = "SELECT version, checksum, applied_at FROM skill_migrations"
        ran = {version: (checksum, at) for version, checksum, at in rows(db, query)}
    return tuple(
        MigrationStatus(
            step.version,
            step.name,
            ran.get(step.version, ("", ""))[1],
            step.version in ran and ran[step.version][0] != step.checksum,
        )
        for step in steps
    )


_ANY_TABLE = "SELECT 1 FROM sqlite_schema LIMIT 1"


def _migration(version: int, name: str, halves: dict[str, str]) -> Migration:
    missing = {"up", "down"} - halves.keys()
    if missing:
        raise StoreError("bad-migration", f"V{version}__{name} has no {missing.pop()} script.")
    return Migration(version, name, halves["up"], halves["down"])


def _apply(db: apsw.Connection, step: Migration, now: datetime) -> bool:
    # Asked again inside the transaction: another server may have been first.
    if current_version(db) != step.version - 1:
        return False
    db.execute(step.up)
    db.execute(
        "INSERT INTO skill_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
        (step.version, step.name, step.checksum, instant(now)),
    )
    db.pragma("application_id", APPLICATION_ID)
    db.pragma("user_version", step.version)
    return True


def _take_back(db: apsw.Connection, step: Migration) -> bool:
    if current_version(db) != step.version:
        return False
    db.execute("DELETE FROM skill_migrations WHERE version = ?", (step.version,))
    db.execute(step.down)
    db.pragma("user_version", step.version - 1)
    if step.version == 1:
        db.pragma("application_id", 0)
    return True
