"""Writing what was run elsewhere: on the disk, or refused in one sentence."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from skills_lsp.errors import StoreError
from skills_lsp.store import Store

if TYPE_CHECKING:
    from skills_lsp.app.app import App

T = TypeVar("T")

_LONGEST_SECONDS = (
    30 * 86400.0
)  # no stage takes longer; what says so is no reason to go back for ever


async def record(app: "App", body: Callable[[Any], T]) -> T:
    """Write to the database. Raises StoreError when it is not on the disk afterwards."""
    if app.store is None:
        raise StoreError(
            "store-unreachable", "The skills database is not open.", "See `skills-lsp doctor`."
        )
    return await app.on_store_thread(durably, app.store, body)


def durably(store: Store, body: Callable[[Any], T]) -> T:
    """Write in one transaction; a store that keeps its history in memory for now refuses."""
    if store.trouble:
        store.checkpoint()  # tries the disk again
    if store.trouble:
        raise StoreError("store-unwritable", store.trouble)
    return store.change(body)


def begun_at(now: datetime, duration_seconds: float | None) -> str:
    """Return when something began that took so long and has just ended."""
    seconds = duration_seconds if duration_seconds is not None else 0.0
    # Not a number is neither more nor less: the comparison turns it away.
    if not 0 <= seconds <= _LONGEST_SECONDS:
        seconds = 0.0
    return (now - timedelta(seconds=seconds)).isoformat()
