"""Crackerjack from Python: record its phases in the history of skills-lsp, from its own process.

    from skills_lsp.app.gates import Crackerjack

    with Crackerjack("42", project="shop") as gate:
        with gate.turn("fast_hooks", "ruff-check") as turn:
            if problems := lint():
                turn.failed(f"{len(problems)} problems")
        gate.record("tests", "pytest-run", succeeded=False, duration_seconds=4.2, error="AssertionError")
        print(gate.recommend("tests", "pytest-run"))

Recording never breaks the gate: while the database cannot be written, ``record`` returns False and
``trouble`` says why. An object belongs to one thread.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from skills_lsp.app.app import utc_now
from skills_lsp.app.folders import user_folders
from skills_lsp.app.recording import begun_at, durably
from skills_lsp.domain.gate import CRACKERJACK, GateHistory, GatePhase
from skills_lsp.errors import StoreError
from skills_lsp.reports import crackerjack as report
from skills_lsp.store import Store, gates
from skills_lsp.store.text import instant

_MEMORY = timedelta(days=90)


class Turn:
    """One tool's turn while it runs; it passes unless it is told otherwise, or raises."""

    def __init__(self) -> None:
        self.succeeded = True
        self.error = ""

    def failed(self, error: str = "") -> None:
        """Say that it failed, and why."""
        self.succeeded, self.error = False, error


class Crackerjack:
    """One run of the gate. Its session is ``crackerjack_<run_id>``.

    Parameters
    ----------
    run_id
        What tells this run from others; empty: the present instant.
    project
        Name of the project.
    database
        The database; None for the user's own.
    """

    def __init__(
        self,
        run_id: str = "",
        *,
        project: str = "",
        database: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.run_id = run_id or f"{now():%Y%m%dT%H%M%S%fZ}"
        self.project = project
        self.trouble = ""
        """Why the last record was not written; empty when it was."""
        self._now = now
        self._store = Store.open(database or user_folders().database, now=now)

    @property
    def session_id(self) -> str:
        """The session of this run's invocations."""
        return f"{CRACKERJACK}_{self.run_id}"

    def record(
        self,
        phase: str,
        tool: str,
        *,
        succeeded: bool,
        duration_seconds: float | None = None,
        error: str = "",
    ) -> bool:
        """Write one tool's turn that has just ended; say whether it is on the disk."""
        turn = GatePhase(
            CRACKERJACK,
            self.run_id,
            phase,
            tool,
            begun_at(self._now(), duration_seconds),
            succeeded,
            duration_seconds,
            error,
            self.project,
        )
        try:
            durably(self._store, lambda db: gates.record(db, turn))
        except StoreError as refused:
            self.trouble = str(refused)
            return False
        self.trouble = ""
        return True

    @contextmanager
    def turn(self, phase: str, tool: str) -> Iterator[Turn]:
        """Time what is done inside and record it; an exception is a failure, and goes on."""
        turn, started = Turn(), time.monotonic()
        try:
            yield turn
        except BaseException as error:
            turn.failed(f"{type(error).__name__}: {error}")
            raise
        finally:
            self.record(
                phase,
                tool,
                succeeded=turn.succeeded,
                duration_seconds=time.monotonic() - started,
                error=turn.error,
            )

    def recommend(self, phase: str, tool: str) -> tuple[str, ...]:
        """Return the skills to try after a failure: what helped before, then what usually does."""
        since, nothing = instant(self._now() - _MEMORY), ()
        helpers: tuple[str, ...] = self._store.query(
            lambda db: gates.helped(db, CRACKERJACK, tool, since), nothing
        )
        return report.recommended(phase, tool, helpers)

    def markdown(self) -> str:
        """Return the report of this run."""
        window = gates.GateWindow(CRACKERJACK, "", instant(self._now()), self.session_id)
        history = self._store.query(lambda db: gates.history(db, window), GateHistory())
        return report.page(history, self.session_id)

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
