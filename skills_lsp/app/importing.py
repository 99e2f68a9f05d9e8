"""Bringing histories from elsewhere into the database, one transaction for each file."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from skills_lsp.app.imports.files import find_files, read_file, zone_named
from skills_lsp.app.recording import durably
from skills_lsp.domain.imported import Imported, PastImport, ReadHistory
from skills_lsp.errors import SkillsError, StoreError
from skills_lsp.store import Store, imports

if TYPE_CHECKING:
    from skills_lsp.app.app import App

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is; from any thread."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read, what that did, and the files that are no history."""

    reads: tuple[ReadHistory, ...]
    done: tuple[Imported, ...]
    failed: tuple[str, ...]


def ignore(_what: str, _n: int, _all: int) -> None:
    """Show no progress."""


async def bring_in(
    app: "App",
    paths: Sequence[str],
    folders: Sequence[Path],
    zone: str,
    *,
    is_dry_run: bool,
    progress: Progress = ignore,
) -> Outcome:
    """Import files, or those in the usual places of the folders.

    A file that is no history does not keep the others from being read; when it is the only one,
    that is the error. Raises StoreError when the database cannot be written.
    """
    store = _store(app)
    zone_named(zone)
    files = await asyncio.to_thread(find_files, paths, folders)
    reads: list[ReadHistory] = []
    done: list[Imported] = []
    errors: list[SkillsError] = []
    for path in files:
        progress(f"Reading {path.name}", 0, 0)
        try:
            read = await asyncio.to_thread(read_file, path, zone, app.now())
        except SkillsError as error:
            errors.append(error)
            continue
        work = partial(_would_do if is_dry_run else _write, app, read, progress)
        done.append(await app.on_store_thread(work, store))
        reads.append(read)
    if errors and not reads:
        raise errors[0]
    return Outcome(tuple(reads), tuple(done), tuple(map(str, errors)))


async def take_back(app: "App", import_id: int, progress: Progress = ignore) -> PastImport:
    """Roll an import back: what it added goes, what it ended is pending again."""

    def body(store: Store) -> PastImport:
        return durably(
            store,
            lambda db: imports.roll_back(
                db, import_id, app.now(), partial(progress, "Taking back")
            ),
        )

    return await app.on_store_thread(body, _store(app))


def _store(app: "App") -> Store:
    if app.store is None:
        raise StoreError(
            "store-unreachable", "The skills database is not open.", "See `skills-lsp doctor`."
        )
    return app.store


def _would_do(app: "App", read: ReadHistory, progress: Progress, store: Store) -> Imported:
    del app
    n = len(read.records)
    nothing = Imported(n, 0, 0)
    return store.query(
        lambda db: imports.compare(db, read.records, lambda i: progress("Comparing", i, n)),
        nothing,
    )


def _write(app: "App", read: ReadHistory, progress: Progress, store: Store) -> Imported:
    """Back up and write, unless there is nothing to write."""
    if not store.query(lambda db: imports.has_news(db, read.records), default=True):
        return Imported(0, 0, len(read.records))
    progress("Backing up", 0, 0)
    backup = "" if store.path is None else str(store.backup())
    n = len(read.records)
    return durably(
        store,
        lambda db: imports.add(db, read, backup, app.now(), lambda i: progress("Writing", i, n)),
    )
