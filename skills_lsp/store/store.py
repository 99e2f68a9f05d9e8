"""The store as the rest of the program sees it."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import apsw

from skills_lsp.domain.context import Memory
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.errors import StoreError
from skills_lsp.store import (
    aggregates,
    counting,
    files,
    invocations,
    opening,
    shortcuts,
    text,
    trust,
)
from skills_lsp.store.database import (
    SQLITE_ERRORS,
    as_store_error,
    is_damage,
    is_passing,
    open_reader,
    write,
)
from skills_lsp.store.servers import Servers
from skills_lsp.store.waiting import Waiting

if TYPE_CHECKING:
    from skills_lsp.reports.session import SessionSummary

T = TypeVar("T")

_NOTHING: tuple[Invocation, ...] = ()
_FAILURES = (OSError, SQLITE_ERRORS)

RETRY_AFTER = timedelta(seconds=5)  # a disk that refused is asked again after this
BACKUP_EVERY = timedelta(days=1)
MAX_SESSION_RUNS = 100_000
PHASE_MEMORY = timedelta(days=90)


def _say_nothing(_: str) -> None:
    """Tell nobody."""


class Store:
    """One user's history and choices, shared with the other servers on the machine.

    What ``begin`` and ``finish`` return from is on the disk, unless the disk refuses: then it is
    kept in memory, the user is told once, and it is written as soon as the disk takes it again.
    Open one with :meth:`open`.
    """

    def __init__(
        self,
        db: apsw.Connection,
        path: Path | None,
        now: Callable[[], datetime],
        notify: Callable[[str], None],
    ) -> None:
        self.path = path  # None: a database in memory, by request
        self._db = db
        self._now = now
        self._notify = notify
        self._lock = threading.RLock()
        self._is_on_disk = path is not None
        self._is_closed = False
        self._inode = opening.inode(path) if path else 0
        self._generation = 0  # counts the files that were open under this path
        self._local = threading.local()
        self._readers: list[apsw.Connection] = []
        self._servers = Servers(opening.servers_folder(path)) if path else None
        self._server_id: int | None = None
        self._waiting = Waiting()
        self._unsaved: list[Callable[[apsw.Connection], None]] = []
        self._trouble: StoreError | None = None
        self._retry_at: datetime | None = None
        self._told: set[str] = set()

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        now: Callable[[], datetime],
        notify: Callable[[str], None] = _say_nothing,
    ) -> Self:
        """Open the database at ``path``, made, migrated and repaired as needed. Never fails.

        Parameters
        ----------
        path
            The file; ``:memory:`` for one that is gone with the process.
        now
            The clock; its instants have a zone.
        notify
            Is told in one sentence what the user should know: that a damaged file was set aside,
            or that the history cannot be kept for now and why. May be called from any thread.
        """
        if str(path) == ":memory:":
            return cls(opening.open_in_memory(now()), None, now, notify)
        path = Path(path)
        try:
            store = cls(opening.open_on_disk(path, now, notify), path, now, notify)
        except (StoreError, *_FAILURES) as error:
            return cls._without_disk(path, now, notify, error)
        try:
            store._interrupt_what_is_dead()
        except _FAILURES as error:
            store.close()
            return cls._without_disk(path, now, notify, error)
        return store

    @classmethod
    def _without_disk(
        cls,
        path: Path,
        now: Callable[[], datetime],
        notify: Callable[[str], None],
        error: Exception,
    ) -> Self:
        store = cls(opening.open_in_memory(now(), path), path, now, notify)
        store._is_on_disk = False
        store._suffer(error)
        return store

    @property
    def trouble(self) -> str:
        """Why nothing is written to the disk at the moment; empty when all is well."""
        return str(self._trouble) if self._trouble else ""

    def begin(self, invocation: Invocation) -> int:
        """Record that a skill is about to run; return the id to finish it with.

        The id is negative while the record waits for the disk. Raises StoreError for an invocation
        without a skill or an instant, and when the store is closed.
        """
        prepared = invocations.prepared(invocation)
        with self._lock:
            done = self._try_to_write(
                lambda db, server_id: invocations.insert(db, prepared, server_id)
            )
            return self._waiting.begin(prepared) if done is None else done

    def finish(self, invocation_id: int, outcome: Outcome) -> None:
        """Record how it ended. A second outcome for the same invocation changes nothing.

        Raises StoreError for an id that :meth:`begin` did not return.
        """
        if outcome.status is Status.RUNNING:
            raise StoreError("bad-invocation", "An outcome cannot be that it still runs.")

        def end(db: apsw.Connection, _: int | None) -> bool:
            number = self._waiting.written.get(invocation_id, invocation_id)
            invocations.finish(db, number, outcome)
            return True

        with self._lock:
            if invocation_id in self._waiting.begun:
                self._waiting.finish(invocation_id, outcome)
                self._try_to_write(lambda _db, _server: True)
            elif self._try_to_write(end) is None:
                number = self._waiting.written.get(invocation_id, invocation_id)
                self._waiting.finish(number, outcome)

    def load(self, past: Iterable[Invocation]) -> int:
        """Write invocations of the past in one transaction, all or none; return how many."""

        def load(db: apsw.Connection) -> int:
            n_loaded = 0
            with counting.counted_together(db):
                for it in past:
                    invocations.insert(db, invocations.prepared(it), None)
                    n_loaded += 1
            return n_loaded

        with self._lock:
            return self._change(load)

    def follow_up(self, invocation_id: int, action: str) -> None:
        """Record what the user did after an invocation; the first fifty are kept."""
        with self._lock:
            number = self._waiting.written.get(invocation_id, invocation_id)
            self._change(lambda db: invocations.add_follow_up(db, number, action))

    def query(self, question: Callable[[apsw.Connection], T], default: T) -> T:
        """Answer a question by a read-only connection; ``default`` while nothing can be read.

        The questions are functions of ``store/``, one module for each topic.
        """
        return self._read(question, default)

    def change(self, body: Callable[[apsw.Connection], T]) -> T:
        """Write in one transaction, all or nothing. Raises StoreError when the disk refuses."""
        with self._lock:
            return self._change(body)

    def history(
        self,
        *,
        limit: int = 50,
        skill: str = "",
        session_id: str = "",
        project: str = "",
        status: str = "",
    ) -> tuple[Invocation, ...]:
        """Return invocations, newest first, that match every filter that is given."""
        wanted = {"skill_name": skill, "session_id": session_id, "project": project}

        def fits(it: Invocation) -> bool:
            return all(
                not value or getattr(it, key) == value for key, value in wanted.items()
            ) and (not status or it.status == status)

        with self._lock:
            is_waiting = bool(self._waiting)
        stored = self._read(
            lambda db: invocations.history(
                db,
                limit=limit,
                skill=skill,
                session_id=session_id,
                project=project,
                status="" if is_waiting else status,
            ),
            _NOTHING,
        )
        if not is_waiting:
            return stored
        with self._lock:
            found = [it for it in self._waiting.over(stored) if fits(it)]
        found.sort(key=lambda it: it.invoked_at, reverse=True)
        return tuple(found[: max(limit, 0)])

    def memory(self, project: str, language: str) -> Memory:
        """Return how each skill went here and everywhere; its cost does not grow with the history."""
        stored = self._read(lambda db: invocations.memory(db, project, language), Memory())
        if not self._waiting:
            return stored
        with self._lock:
            return self._waiting.remember(stored, project, language)

    def phase_records(self, phase: str) -> dict[str, tuple[int, int]]:
        """Return the uses of each skill in a workflow phase in 90 days, and how many went well."""
        since = text.instant(self._now() - PHASE_MEMORY)
        return self._read(lambda db: invocations.phase_records(db, phase, since), {})

    def session_summary(self, session_id: str) -> "SessionSummary":
        """Return what happened in a session; an unknown one has no runs."""
        from skills_lsp.reports.session import (  # noqa: PLC0415 - 5 ms that no start needs
            SessionSummary,
            summarise,
        )

        if not session_id:
            return SessionSummary("")
        return summarise(session_id, self.history(limit=MAX_SESSION_RUNS, session_id=session_id))

    def shortcuts(self) -> dict[str, str]:
        """Return the keys that the user gave to skills, by skill."""
        return self._read(shortcuts.registered, {})

    def register_shortcut(
        self, skill: str, keys: str, predefined: Mapping[str, str] | None = None
    ) -> None:
        """Give a skill its keys, kept in one spelling; empty keys take the user's choice away.

        Raises StoreError ``shortcut-taken``, which names the holder, when another skill has the
        keys by the user's choice or in ``predefined`` (keys by skill); ``bad-shortcut`` when they
        are none.
        """
        name = text.clean(skill, text.MAX_NAME)
        known, at = dict(predefined or {}), text.instant(self._now())
        self._choose(lambda db: shortcuts.register(db, name, keys, known, at))

    def trust(self, folder: str, digest: str) -> None:
        """Remember that the folder with these contents may run its own skills."""
        at = text.instant(self._now())
        self._choose(lambda db: trust.trust(db, folder, digest, at))

    def is_trusted(self, folder: str, digest: str) -> bool:
        """Say whether the user trusted the folder with exactly these contents."""
        return self._read(lambda db: trust.is_trusted(db, folder, digest), default=False)

    def distrust(self, folder: str) -> None:
        """Forget that a folder was trusted."""
        self._choose(lambda db: trust.distrust(db, folder))

    def checkpoint(self) -> None:
        """Move the log into the database; for quiet moments. Also tries what waits. Never raises."""
        with self._lock:
            if self._is_closed:
                return
            if self._waiting or not self._is_on_disk:
                self._try_to_write(lambda _db, _server: True)
            if self._is_on_disk:
                with contextlib.suppress(SQLITE_ERRORS):  # another server does it; nothing is lost
                    self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    def maintain(self) -> None:
        """Do what a quiet moment is for: let windows expire, back up once a day. Never raises."""
        self.checkpoint()
        if not self._is_on_disk or self.path is None:
            return
        with contextlib.suppress(StoreError):  # tried again in the next quiet moment
            self.change(lambda db: aggregates.refresh(db, self._now()))
            newest = next(iter(files.backups(self.path)), None)
            age = None if newest is None else self._now().timestamp() - newest.stat().st_mtime
            if age is None or age >= BACKUP_EVERY.total_seconds():
                self.backup()

    def backup(self) -> Path:
        """Copy the database beside itself, check the copy, keep the newest five; return its path."""
        if self.path is None or not self._is_on_disk:
            raise StoreError("no-backup", "The history is in memory only, so there is no backup.")
        try:
            with contextlib.closing(open_reader(self.path)) as source:
                return files.back_up(source, self.path, self._now())
        except _FAILURES as error:
            if is_damage(error):
                opening.mark_suspect(self.path)
            raise as_store_error(error) from error

    def close(self) -> None:
        """Write what waits, call what still runs interrupted, and let go of everything."""
        with self._lock:
            if self._is_closed:
                return
            self._retry_at = None
            self._interrupt_own()
            if self._waiting.begun:
                n_lost = len(self._waiting.begun)
                self._notify(f"{n_lost} use(s) of skills could not be written and are lost.")
            self._is_closed = True
            self._close_connections()
            if self._servers:
                self._servers.leave()

    # Writing

    def _try_to_write(
        self, body: Callable[[apsw.Connection, int | None], T], *, may_mend: bool = True
    ) -> T | None:
        """Write what waits and then ``body`` in one transaction; None when the disk refuses."""
        self._check_is_open()
        if self._retry_at is not None and self._now() < self._retry_at:
            return None
        try:
            self._follow_the_file()
        except (StoreError, *_FAILURES) as error:
            self._suffer(error)
            return None
        try:
            return self._write_on_disk(body)
        except _FAILURES as error:
            if not is_passing(error):
                raise as_store_error(error) from error
            if may_mend and is_damage(error) and self._mend():
                return self._try_to_write(body, may_mend=False)
            self._suffer(error)
            return None

    def _write_on_disk(self, body: Callable[[apsw.Connection, int | None], T]) -> T:
        def everything(db: apsw.Connection) -> tuple[int | None, dict[int, int], T]:
            server_id = self._server_id or self._register(db)
            ids = self._waiting.replay(db, server_id) if self._waiting else {}
            return server_id, ids, body(db, server_id)

        self._server_id, ids, value = write(self._db, everything)
        if ids or self._waiting:
            self._waiting.settle(ids)
        self._recover()
        return value

    def _register(self, db: apsw.Connection) -> int | None:
        """Enter this process among the servers; only one that records something stands there."""
        if self._servers is None:
            return None
        from skills_lsp.store import users  # noqa: PLC0415 - hashes, which no start needs

        self._servers.announce()
        at, user = text.instant(self._now()), users.own_id(self.path)
        return invocations.add_server(db, self._servers.start_id, at, user)

    def _change(self, body: Callable[[apsw.Connection], T]) -> T:
        """Write something that the caller wants done now or refused."""
        self._check_is_open()
        try:
            if self._is_on_disk:
                self._follow_the_file()
            return write(self._db, body)
        except _FAILURES as error:
            raise as_store_error(error) from error

    def _choose(self, body: Callable[[apsw.Connection], None]) -> None:
        """Write a choice of the user; without a disk it holds for now and is written later."""
        with self._lock:
            self._change(body)
            if self.path is not None and not self._is_on_disk:
                self._unsaved.append(body)

    # Reading

    def _read(self, query: Callable[[apsw.Connection], T], default: T) -> T:
        """Run a query on the calling thread's own connection; a disk that fails gives the default."""
        try:
            try:
                return self._query(query)
            except _FAILURES as error:
                if is_damage(error) and self._mend():
                    return self._query(query)
                raise
        except _FAILURES as error:
            if not is_passing(error):
                raise as_store_error(error) from error
            self._tell(as_store_error(error))
            return default

    def _query(self, query: Callable[[apsw.Connection], T]) -> T:
        if self._is_on_disk and self.path is not None:
            return query(self._reader(self.path))
        with self._lock:
            self._check_is_open()
            return query(self._db)

    def _reader(self, path: Path) -> apsw.Connection:
        own: tuple[int, apsw.Connection] | None = getattr(self._local, "reader", None)
        if own is not None and own[0] == self._generation:
            return own[1]
        with self._lock:
            self._check_is_open()
            reader = open_reader(path)
            self._readers.append(reader)
            self._local.reader = (self._generation, reader)
            return reader

    # The file itself

    def _follow_the_file(self) -> None:
        """Open the file anew when it was away, or another took its place."""
        if self.path is None or (self._is_on_disk and opening.inode(self.path) == self._inode):
            return
        db = opening.open_on_disk(self.path, self._now, self._notify)
        self._db.close()
        # Other threads may be in the middle of a query; each leaves its old reader by itself.
        self._readers.clear()
        self._db, self._inode, self._server_id = db, opening.inode(self.path), None
        self._is_on_disk = True
        self._generation += 1
        for choice in self._unsaved:
            with contextlib.suppress(StoreError):  # another server gave the keys away meanwhile
                write(db, choice)
        self._unsaved.clear()

    def _mend(self) -> bool:
        """Have a file that turned out damaged repaired; say whether that went well."""
        if self.path is None:
            return False
        opening.mark_suspect(self.path)
        with self._lock:
            self._check_is_open()
            self._inode = -1
            try:
                self._follow_the_file()
            except (
                StoreError,
                *_FAILURES,
            ):  # the damage is told instead; the next start tries again
                return False
            return True

    def _close_connections(self) -> None:
        for connection in (*self._readers, self._db):
            with contextlib.suppress(SQLITE_ERRORS):  # busy in its thread; it ends with it
                connection.close()
        self._readers.clear()

    def _interrupt_what_is_dead(self) -> None:
        """Call the invocations of servers that are gone interrupted."""
        servers = self._servers
        if servers is None:
            return
        gone = [
            (server_id, start_id)
            for server_id, start_id in invocations.servers_with_running(self._db)
            if servers.is_gone(start_id)
        ]
        if gone:
            ids = tuple(server_id for server_id, _ in gone)
            write(self._db, lambda db: invocations.interrupt(db, ids))
        for _, start_id in gone:
            servers.forget(start_id)

    def _interrupt_own(self) -> None:
        def interrupt(db: apsw.Connection, server_id: int | None) -> bool:
            if server_id is not None:
                invocations.interrupt(db, (server_id,))
            return True

        if self._server_id is not None or self._waiting:
            self._try_to_write(interrupt)

    # Telling

    def _suffer(self, error: Exception) -> None:
        """Keep going without the disk for a while, and say so once."""
        trouble = error if isinstance(error, StoreError) else as_store_error(error)
        self._trouble = trouble
        self._retry_at = self._now() + RETRY_AFTER
        self._tell(trouble)

    def _tell(self, trouble: StoreError) -> None:
        if trouble.slug not in self._told:
            self._told.add(trouble.slug)
            self._notify(f"{trouble} Until then the history is kept in memory.")

    def _recover(self) -> None:
        if self._trouble is not None:
            self._trouble = self._retry_at = None
            self._told.clear()
            self._notify("The skills database can be written again; nothing was lost.")

    def _check_is_open(self) -> None:
        if self._is_closed:
            raise StoreError("store-closed", "The skills database is closed.")
