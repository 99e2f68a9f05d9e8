"""Stop an A/B test; its outcomes stay and can still be analysed."""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.app.operations._experiments import change, experiment_named, take_up
from skills_lsp.domain.experiment import State
from skills_lsp.errors import UsageError
from skills_lsp.store import ab, text


@dataclass(frozen=True, slots=True)
class Params:
    """Which test."""

    test: str = ""
    """The name of the test; empty for the newest."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was stopped."""

    test: str
    message: str


async def op(app: App, params: Params) -> Result:
    """Stop the test."""
    test = await experiment_named(app, params.test)
    if test.state is not State.RUNNING:
        raise UsageError("test-closed", f"The test {test.name!r} is {test.state.value} already.")
    at = text.instant(app.now())
    await change(app, lambda store: store.change(lambda db: ab.end(db, test, State.STOPPED, at)))
    await take_up(app)
    return Result(test.name, f"{test.name} is stopped. See what came out: skills-lsp report ab")
