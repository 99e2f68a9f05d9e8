"""A made-up history in a database, and an application at its end."""

import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from skills_lsp.app.demo_data import Plan, Use, made_up
from skills_lsp.app.operations import table
from skills_lsp.app.upkeep import count_sessions
from skills_lsp.domain.settings import Settings
from skills_lsp.store import Store, demo
from tests.app.session import Session

UNTIL = datetime(2026, 3, 4, 15, 20, tzinfo=UTC)  # a Wednesday
N_ROWS = 12_000

REPORTS = [it.name for it in table().values() if it.is_report]


def history(
    seed: int = 1, *, is_planted: bool = True, n_rows: int = N_ROWS
) -> tuple[list[Use], dict]:
    return made_up(Plan(n_rows, seed, UNTIL, is_planted=is_planted))


def shuffled(uses: Iterable[Use]) -> list[Use]:
    mixed = [*uses]
    random.Random(2).shuffle(mixed)
    return mixed


def fill(path: Path, uses: Iterable[Use]) -> None:
    store = Store.open(path, now=lambda: UNTIL)
    try:
        store.change(lambda db: demo.load(db, uses, b"key"))
    finally:
        store.close()


@asynccontextmanager
async def session_over(folder: Path, uses: Iterable[Use] = ()) -> AsyncIterator[Session]:
    """Yield an application that has this history, at the end of it."""
    path = folder / "skills.db"
    fill(path, uses)
    session = Session(folder, Settings(database=str(path)))
    session.clock.at = UNTIL
    await session.start()
    # A report counts for a few seconds only; here none tells of what it had no time for.
    await count_sessions(session.app)
    try:
        yield session
    finally:
        await session.app.stop()
