"""Record what came of a pick for an A/B test: done or not, how long, how it was liked."""

import math
from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.app.operations._experiments import change, experiment_named, participant
from skills_lsp.errors import UsageError
from skills_lsp.store import Store, ab, text

_LEAST_RATING, _BEST_RATING = 1, 5


@dataclass(frozen=True, slots=True)
class Params:
    """The test, the user, and what happened."""

    test: str = ""
    """The name of the test; empty for the newest."""
    user: str = ""
    """Who: only a keyed hash is kept. Empty for whoever runs this."""
    skill: str = ""
    """The skill that was picked."""
    completed: bool | None = None
    """Whether it did its work."""
    duration_seconds: float | None = None
    """How long it took, in seconds."""
    rating: float | None = None
    """How it was liked, 1 to 5."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was recorded."""

    test: str
    message: str


async def op(app: App, params: Params) -> Result:
    """Record the outcome."""
    _check(params)
    test, now = await experiment_named(app, params.test), app.now()
    if not test.is_open(now):
        raise UsageError(
            "test-closed", f"The test {test.name!r} takes no outcome: it is not running."
        )
    assert params.completed is not None
    result = ab.Result(params.skill, params.completed, params.duration_seconds, params.rating)

    def write(store: Store) -> None:
        user = participant(store, params.user)
        store.change(lambda db: ab.record(db, test, user, result, text.instant(now)))

    await change(app, write)
    done = "done" if params.completed else "not done"
    return Result(test.name, f"Recorded for {test.name}: {params.skill}, {done}.")


def _check(params: Params) -> None:
    if not params.skill:
        raise UsageError("no-skill", "An outcome needs the skill that was picked.")
    if params.completed is None:
        raise UsageError("no-outcome", "Say whether the skill did its work.")
    seconds = params.duration_seconds
    if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
        raise UsageError("bad-duration", f"A duration is 0 seconds or more, not {seconds:g}.")
    rating = params.rating
    if rating is not None and not _LEAST_RATING <= rating <= _BEST_RATING:
        raise UsageError("bad-rating", f"A rating is 1 to 5, not {rating:g}.")
