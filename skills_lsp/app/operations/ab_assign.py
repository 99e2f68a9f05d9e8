"""Tell which group of an A/B test a user is in, entering the user when new."""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.app.operations._experiments import change, experiment_named, participant
from skills_lsp.errors import UsageError
from skills_lsp.store import Store, ab, text


@dataclass(frozen=True, slots=True)
class Params:
    """The test and the user."""

    test: str = ""
    """The name of the test; empty for the newest."""
    user: str = ""
    """Who: only a keyed hash is kept. Empty for whoever runs this."""


@dataclass(frozen=True, slots=True)
class Result:
    """The group, and the strategy that it gets."""

    test: str
    group: str
    strategy: str
    message: str


async def op(app: App, params: Params) -> Result:
    """Assign the user."""
    test, now = await experiment_named(app, params.test), app.now()
    if not test.is_open(now):
        raise UsageError("test-closed", f"The test {test.name!r} takes nobody: it is not running.")

    def assign(store: Store) -> str:
        user = participant(store, params.user)
        return store.change(lambda db: ab.assign(db, test, user, text.instant(now)))

    group = await change(app, assign)
    strategy = test.strategy(group)
    return Result(test.name, group, strategy, f"{group}: {strategy}")
