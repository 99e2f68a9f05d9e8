"""A/B tests of the ranking while people work: which strategy is whose, and what came of it."""

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skills_lsp.app.app import App
from skills_lsp.domain.experiment import Experiment, Unit
from skills_lsp.domain.foresight import STRATEGIES
from skills_lsp.domain.invocation import Outcome, Status
from skills_lsp.errors import StoreError
from skills_lsp.store import Store, ab, text, users

if TYPE_CHECKING:
    from skills_lsp.app.running import Request

_NO_VERDICT = (Status.INTERRUPTED, Status.MISSING_TOOL)
"""These say nothing about the order of suggestions."""


@dataclass(frozen=True, slots=True)
class _Mine:
    """The running test, and which strategy is ours in it."""

    test: Experiment
    unit_id: str
    strategy: str


class Experiments:
    """What the server knows of the test that runs. Reading it costs nothing and never waits."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._mine: _Mine | None = None

    def strategy(self, _user: str = "") -> str:
        """Return the ranking strategy: the one assigned by a running test, else the setting's."""
        mine = self._mine
        if mine is not None and mine.test.is_open(self._app.now()):
            return mine.strategy
        return self._app.settings.ranking_strategy

    async def refresh(self) -> None:
        """Read which test runs, and enter this user (or session) into it."""
        now, session = self._app.now(), self._app.session_id

        def enter(store: Store) -> _Mine | None:
            nothing: tuple[Experiment, ...] = ()
            tests = store.query(ab.experiments, nothing)
            at = text.instant(now)
            if any(it.is_over(now) and it.state == "running" for it in tests):
                store.change(lambda db: ab.complete_what_is_over(db, at))
            running = [it for it in tests if it.is_open(now) and is_of_ranking(it)]
            if not running:
                return None
            test = running[-1]  # the oldest
            unit = unit_id(store, test, users.own_name(), session)
            group = store.change(lambda db: ab.assign(db, test, unit, at))
            return _Mine(test, unit, test.strategy(group))

        self._mine = await self._app.stored(enter, None)

    async def ended(self, request: "Request", invocation_id: int | None, outcome: Outcome) -> None:
        """Record what came of a pick, if it was made from a list that the test had ordered."""
        mine, now = self._mine, self._app.now()
        is_pick = request.rank is not None and outcome.status not in _NO_VERDICT
        if mine is None or not is_pick or not mine.test.is_open(now):
            return
        if request.strategy != mine.strategy:
            return
        result = ab.Result(
            request.skill.name,
            outcome.status.is_completed,
            max(outcome.duration_seconds, 0.0),
            invocation_id=invocation_id if invocation_id and invocation_id > 0 else None,
        )

        def write(store: Store) -> None:
            at = text.instant(now)
            with contextlib.suppress(StoreError):  # the run itself is recorded, and that was told
                store.change(lambda db: ab.record(db, mine.test, mine.unit_id, result, at))

        await self._app.stored(write, None)


def is_of_ranking(test: Experiment) -> bool:
    """Say whether a test is about the order of suggestions, so that the server runs it."""
    return test.control in STRATEGIES and test.treatment in STRATEGIES


def unit_id(store: Store, test: Experiment, user: str, session: str) -> str:
    """Return under which id a user, or a user's session, takes part."""
    name = user if test.unit is Unit.USER else f"{user}\n{session}"
    return users.user_id(users.key_of(store.path), name)
