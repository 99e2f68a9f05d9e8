"""Keep what the user thought of a run, 1 to 5, with the run."""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.errors import StoreError, UsageError
from skills_lsp.store import ratings

_LOWEST, _HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Params:
    """The run and its rating; given again, the last one counts."""

    invocation: int = 0
    """The number of the run, as its outcome and the history carry it."""
    rating: float = 0.0
    """From 1, useless, to 5, just what was needed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was kept."""

    invocation: int
    rating: float
    message: str


async def op(app: App, params: Params) -> Result:
    """Keep the rating."""
    if not params.invocation:
        raise UsageError("no-run", "skills.rate needs the number of a run and a rating, 1 to 5.")
    if not _LOWEST <= params.rating <= _HIGHEST:
        raise UsageError("bad-rating", f"A rating is 1 to 5, not {params.rating:g}.")
    store = app.store
    if store is None:
        raise StoreError("no-store", "The rating cannot be kept: the database is not open.")
    is_kept = await app.on_store_thread(
        store.change, lambda db: ratings.rate(db, params.invocation, params.rating)
    )
    if not is_kept:
        raise UsageError(
            "unknown-run",
            f"There is no finished run number {params.invocation} to rate.",
            "skills.history lists the runs.",
        )
    return Result(params.invocation, params.rating, f"Rated {params.rating:g} of 5.")
