"""A/B tests of the ranking while people work: which strategy is whose, and what came of it."""

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skills_lsp.app.app import App
from skills_lsp.domain.experiment import COMPLETION, RATING, Experiment, State, Unit
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
        self._model: _Mine | None = None  # of a test of two encoders

    def strategy(self, _user: str = "") -> str:
        """Return the ranking strategy: the one assigned by a running test, else the setting's."""
        mine = self._mine
        if mine is not None and mine.test.is_open(self._app.now()):
            return mine.strategy
        return self._app.settings.ranking_strategy

    @property
    def model(self) -> str:
        """The id of the encoder's model that a running test assigned; empty without a test."""
        mine = self._model
        return mine.strategy if mine is not None and mine.test.is_open(self._app.now()) else ""

    async def refresh(self) -> None:
        """Read which tests run, and enter this user (or session) into them."""
        now, session = self._app.now(), self._app.session_id

        def enter(store: Store) -> tuple[_Mine | None, _Mine | None]:
            nothing: tuple[Experiment, ...] = ()
            tests = store.query(ab.experiments, nothing)
            at = text.instant(now)
            if any(it.is_over(now) and it.state == "running" for it in tests):
                store.change(lambda db: ab.complete_what_is_over(db, at))

            def mine(is_wanted: Callable[[Experiment], bool]) -> _Mine | None:
                running = [it for it in tests if it.is_open(now) and is_wanted(it)]
                if not running:
                    return None
                test = running[-1]  # the oldest
                unit = unit_id(store, test, users.own_name(), session)
                group = store.change(lambda db: ab.assign(db, test, unit, at))
                return _Mine(test, unit, test.strategy(group))

            return mine(is_of_ranking), mine(is_of_models)

        nothing: tuple[_Mine | None, _Mine | None] = (None, None)
        self._mine, self._model = await self._app.stored(enter, nothing)

    async def ended(self, request: "Request", invocation_id: int | None, outcome: Outcome) -> None:
        """Record what came of a pick, if it was made from a list that the test had ordered."""
        if request.rank is None or outcome.status in _NO_VERDICT:
            return
        mine = self._mine
        if mine is not None and request.strategy == mine.strategy:
            await self._record(mine, request, invocation_id, outcome)
        # While the assigned model is not there (yet), another one, or words alone, found the skills.
        meaning, model = self._app.knowledge.meaning, self._model
        if model is not None and meaning is not None and meaning.engine == model.strategy:
            await self._record(model, request, invocation_id, outcome)

    async def _record(
        self, mine: _Mine, request: "Request", invocation_id: int | None, outcome: Outcome
    ) -> None:
        now = self._app.now()
        if not mine.test.is_open(now):
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


MODELS = "encoder"
"""How the names of the tests begin that compare two models of the encoder."""


def is_of_models(test: Experiment) -> bool:
    """Say whether a test compares two models of the encoder."""
    return test.name.startswith(f"{MODELS} ")


async def compare_models(app: App, before: str, after: str) -> None:
    """Start a test of two models, by session: one person's sessions say which is better for them."""
    await stop_comparing_models(app)
    now = app.now()
    test = Experiment(
        f"{MODELS} {after} {now:%Y%m%dT%H%M%S}",
        before,
        after,
        now,
        description="Is the fine-tuned model better than the one in use?",
        metrics=(COMPLETION, RATING),
        min_sample_size=_MIN_SESSIONS,
        unit=Unit.SESSION,
    )
    await app.stored(
        lambda store: store.change(lambda db: ab.create(db, test, text.instant(now))), None
    )


async def stop_comparing_models(app: App) -> None:
    """Stop the tests of models that run."""
    at = text.instant(app.now())

    def stop(store: Store) -> None:
        nothing: tuple[Experiment, ...] = ()
        for test in store.query(ab.experiments, nothing):
            if is_of_models(test) and test.state is State.RUNNING:
                store.change(functools.partial(ab.end, test=test, state=State.STOPPED, at=at))

    await app.stored(stop, None)


_MIN_SESSIONS = 20


def unit_id(store: Store, test: Experiment, user: str, session: str) -> str:
    """Return under which id a user, or a user's session, takes part."""
    name = user if test.unit is Unit.USER else f"{user}\n{session}"
    return users.user_id(users.key_of(store.path), name)
