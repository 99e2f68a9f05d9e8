"""Start an A/B test of two ranking strategies."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from skills_lsp.app.app import App
from skills_lsp.app.operations._experiments import all_tests, change, instant, take_up
from skills_lsp.domain.experiment import METRICS, Experiment, State, Unit
from skills_lsp.domain.foresight import STRATEGIES
from skills_lsp.errors import UsageError
from skills_lsp.store import ab, text

T = TypeVar("T")
_FEWEST = 10
_MOST = 1_000_000
"""Below the first the bounds are too rough; above the second nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Params:
    """The name of the test, its strategies and its terms."""

    name: str = ""
    """The name of the test."""
    control: str = "semantic"
    """The strategy as before: semantic or workflow-aware, or any of another program's."""
    treatment: str = "workflow-aware"
    """The strategy that is tried."""
    description: str = ""
    """What it is to show."""
    metrics: tuple[str, ...] = ("completion", "duration")
    """What is compared: completion, duration, rating. The first one decides."""
    control_share: float = 0.5
    """Which share gets the control strategy, more than 0 and less than 1."""
    min_sample_size: int = 100
    """How many users (or sessions) of each group before anything is decided, at least 10."""
    unit: str = "user"
    """What is assigned and counts once: user, or session to compare both for one person."""
    start: str = ""
    """From when, such as 2026-01-31; empty for now."""
    end: str = ""
    """Until when; empty until it is stopped."""


@dataclass(frozen=True, slots=True)
class Result:
    """The test that was started."""

    test: str
    message: str


async def op(app: App, params: Params) -> Result:
    """Start the test."""
    test = checked(params, app.now())
    await _check_is_alone(app, test)
    made = await change(
        app, lambda store: store.change(lambda db: ab.create(db, test, text.instant(app.now())))
    )
    await take_up(app)
    return Result(made.name, _message(made))


def checked(params: Params, now: datetime) -> Experiment:
    """Return the test that is asked for, or say what is wrong with it."""
    name = params.name.strip()
    if not name or len(name) > text.MAX_NAME:
        raise UsageError(
            "no-test-name", f"The test needs a name, of {text.MAX_NAME} characters at most."
        )
    if not params.control or params.control == params.treatment:
        raise UsageError("same-strategies", "Control and treatment must be two strategies.")
    unknown = [it for it in params.metrics if it not in METRICS]
    if unknown or not params.metrics:
        raise UsageError("bad-metric", f"What can be compared: {', '.join(METRICS)}.")
    if not 0 < params.control_share < 1:
        raise UsageError(
            "bad-share", f"control_share must be between 0 and 1, not {params.control_share:g}."
        )
    if not _FEWEST <= params.min_sample_size <= _MOST:
        raise UsageError(
            "bad-sample-size",
            f"min_sample_size must be {_FEWEST} to {_MOST:,}, not {params.min_sample_size}.",
        )
    if params.unit not in {*Unit}:
        raise UsageError("bad-unit", f"unit must be user or session, not {params.unit[:40]!r}.")
    start, end = instant("start", params.start, now), instant("end", params.end, None)
    assert start is not None
    if end is not None and end <= max(start, now):
        raise UsageError("bad-end", "The test must end after it has started, and not in the past.")
    return Experiment(
        name,
        params.control,
        params.treatment,
        start,
        end,
        params.description,
        tuple(dict.fromkeys(params.metrics)),
        params.control_share,
        params.min_sample_size,
        Unit(params.unit),
    )


async def _check_is_alone(app: App, test: Experiment) -> None:
    """Refuse a second test of the ranking: one list has one order."""
    if not {test.control, test.treatment} <= {*STRATEGIES}:
        return
    for it in await all_tests(app):
        is_running = it.state is State.RUNNING and not it.is_over(app.now())
        if is_running and {it.control, it.treatment} <= {*STRATEGIES}:
            raise UsageError(
                "test-runs",
                f"The test {it.name!r} of the ranking is running.",
                f"Stop it first: skills-lsp ab stop {it.name!r}",
            )


def _message(test: Experiment) -> str:
    noun = "user" if test.unit is Unit.USER else "session"
    said = (
        f"{test.name} runs: {test.control} against {test.treatment}, "
        f"with {test.min_sample_size} {noun}s of each at least."
    )
    is_live = {test.control, test.treatment} <= {*STRATEGIES}
    if is_live and test.unit is Unit.USER:
        said += " On this machine all suggestions follow one of them; unit session would change with each session."
    return said
