"""What the models know: kept up to date with each run, fitted anew, and read by each suggestion.

A request reads what is in memory and waits for nothing. Everything else is in the background: what was
learned is read from the store, followed by what was run since (by other servers, too), and a fit is
the analyst's work, which is then stored, so that every server takes it up.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from skills_lsp.app.learning_lists import Lists
from skills_lsp.app.learning_proof import WEIGHT_NAMES, Packed, newest_lists, packed, vector
from skills_lsp.app.learning_state import Built, built, take
from skills_lsp.app.offers import Showing
from skills_lsp.domain.context import Context
from skills_lsp.domain.foresight import WORKFLOW_AWARE, Following, Foresight
from skills_lsp.domain.invocation import Outcome, Status
from skills_lsp.domain.skill import Skill
from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.errors import StoreError
from skills_lsp.ide.candidates import Candidate, fits
from skills_lsp.ide.exploring import Arranged, arranged, as_ranked, draw_of
from skills_lsp.ide.next_step import LEAST_LIKELY, Ended, with_declared
from skills_lsp.ide.order import DEFAULT_WEIGHTS, WORKFLOW_WEIGHTS, Weights
from skills_lsp.learning.events import Ending, Setting
from skills_lsp.learning.learner import Asked, Learner
from skills_lsp.learning.replay import Use, event_of
from skills_lsp.store import Store, impressions
from skills_lsp.store import learning as stored
from skills_lsp.store.text import instant

if TYPE_CHECKING:
    from skills_lsp.app.app import App
    from skills_lsp.ml.analyst import Learned

TEND_SECONDS = 60.0
"""So often it is asked what other servers have run, and whether a fit is due."""

RETRY_SECONDS = 900.0
"""After a fit that failed, none is tried for so long."""

_MAX_FOLLOWED = 2_000
"""More uses than this are not replayed, at half a millisecond each: a fit sees them."""

_MAX_FITTED = 100_000
_PAGE = 2_000
_PARTS_AT_A_TIME = 20
_LISTS_AT_A_TIME = 20
_N_FOLLOWING = 12
_LONGEST_RUN = timedelta(days=1)
_USES_BEFORE_EXPLORING = 50
"""Nobody's first lists are disturbed: there is nothing to compare them with yet."""

LEAST_PICKS = 40
"""Before so many picks no weights are fitted; then with twenty new ones, or a quarter as many again."""

_NEW_PICKS = 20
_AN_INSTANT = 1e-3
_HALF_TRUST_USES = 10
_KNOWN_NO_MORE = (Status.RUNNING, Status.INTERRUPTED)

_FollowingKey = tuple[int, int, str, str, str, int, int]


class Learning:
    """The models of one server."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self.loaded = asyncio.Event()
        self.lists = Lists(app.now, lambda: app.session_id)
        self._flushing = asyncio.Lock()
        self.learner = Learner()
        self.model_id = 0
        self.fitted = stored.DEFAULTS
        self._seen_id = 0
        self._ended: dict[str, Ended] = {}  # by project
        self._running: set[int] = set()  # of other servers
        self._loading = asyncio.Lock()
        self._held: list[tuple[int, Callable[[Learner], object]]] | None = None
        self._n_told = 0
        self._not_before = float("-inf")
        self._following: tuple[_FollowingKey, dict[str, Following]] | None = None

    # -- asking: on the path of each suggestion ----------------------------------------------------

    @property
    def trust(self) -> float:
        """How much is known at all, 0 to 1: n / (n + 10) after n uses."""
        n = self.learner.next_skill.n_events
        return n / (n + _HALF_TRUST_USES)

    @property
    def n_picks(self) -> int:
        """How many picks the weights in force were fitted to; 0 for the defaults."""
        return self.fitted.n_picks

    def weights(self, strategy: str) -> Weights:
        """Return the weights in force for a strategy: while little is known, it counts for little."""
        if strategy != WORKFLOW_AWARE:
            return DEFAULT_WEIGHTS
        return WORKFLOW_WEIGHTS.with_fitted(self.fitted.weights).trusted(self.trust)

    def following(self, context: Context) -> dict[str, Following]:
        """Return what usually comes next here, most likely first."""
        setting = self.setting(context)
        ended = self.just_ended(context)
        key = (
            id(self.learner),
            self._n_told,
            setting.project,
            setting.language,
            setting.file_kind,
            int(setting.at // TEND_SECONDS),
            id(ended),
        )
        if self._following is None or self._following[0] != key:
            found = self.learner.next_skills(setting, _N_FOLLOWING)
            learned = {it.skill: Following(it.probability, it.reason) for it in found}
            if ended is not None:
                n_uses = self.learner.history.uses(setting.user, ended.skill.name)
                learned = with_declared(learned, ended, n_uses)
            self._following = key, learned
        return self._following[1]

    def just_ended(self, context: Context) -> Ended | None:
        """Return the run that ended last in the project, if that was just now."""
        ended = self._ended.get(context.project)
        now = self._app.now().timestamp()
        return ended if ended is not None and ended.is_fresh(now) else None

    def next_step(self, context: Context) -> str:
        """Return the skill that most likely comes next after the run that just ended, or nothing."""
        if self.just_ended(context) is None:
            return ""
        disabled = self._app.settings.disabled_skills
        availability = self._app.knowledge.availability(context.path)
        catalogue = self._app.knowledge.catalogue.by_name
        for name, it in self.following(context).items():
            if it.probability < LEAST_LIKELY:
                break
            skill = catalogue.get(name)
            may_run = name not in availability.unfit and name not in availability.blocked
            if skill is not None and may_run and name not in disabled and fits(skill, context):
                return name
        return ""

    def foresight(
        self,
        context: Context,
        found: Sequence[Candidate],
        following: Mapping[str, Following],
        *,
        is_explained: bool = False,
    ) -> Foresight:
        """Return what is foretold for candidates; reasons of rates only when they are asked for."""
        setting = self.setting(context)
        asked = [Asked(it.skill.name, it.skill.phase.value, it.finding is not None) for it in found]
        typical, *rates = self.learner.rates(setting, [Asked(""), *asked])
        reasons = {}
        if is_explained:
            for it in asked:
                why = self.learner.explanation(setting, it)
                reasons[it.skill] = why[0].rpartition(" (")[0] if why else ""
        by_name = {it.skill: rate for it, rate in zip(asked, rates, strict=True)}
        return Foresight(by_name, typical, reasons, following, self.trust)

    def explored(
        self,
        ranked: Sequence[Suggestion],
        uri: str,
        context: Context,
        blocked: Collection[str],
        step: str,
    ) -> Arranged:
        """Return a list as it is shown: seldom, two entries change places by chance.

        What cannot run here keeps its place, and so does the next step.
        """
        if self.learner.next_skill.n_events < _USES_BEFORE_EXPLORING:
            return as_ranked(ranked)
        fixed = {*blocked, step}
        names = [it.skill.name for it in ranked]
        draw = draw_of(self._app.session_id, uri, context.query, *names)
        return arranged(ranked, self._app.settings.exploration, fixed, draw)

    def shown(
        self, offer: str, shown: Arranged, context: Context, strategy: str, showing: Showing
    ) -> None:
        """Take note of a list; it is written later."""
        self.lists.note(offer, shown, context, strategy, self.fitted.id, showing)

    def setting(self, context: Context) -> Setting:
        """Return where and when something would be run now, just after all that has happened."""
        return Setting(
            self._app.now().timestamp() + _AN_INSTANT,
            "",
            self._app.session_id,
            context.project,
            context.language,
            context.file_kind.value,
        )

    # -- telling: by each run of this server -------------------------------------------------------

    def began(
        self, invocation_id: int | None, skill: Skill, context: Context, offer: str = ""
    ) -> None:
        """Take note that a run of this server has begun, and keep what was seen in the code."""
        if invocation_id is None:
            return
        self.lists.picked(offer, skill.name, invocation_id)
        has_pattern = is_called_for(skill, context)
        now = self.setting(context)
        use = Use(
            "", now.session, now.at - _AN_INSTANT, skill.name, None, None, now.project, now.language,
            now.file_kind, skill.phase.value, has_pattern=has_pattern,
        )  # fmt: skip
        self._tell(invocation_id, lambda it: it.begin(event_of(use, str(invocation_id))))
        if has_pattern and invocation_id > 0:
            self._app.spawn(
                self._quietly(
                    partial(
                        stored.note_setting,
                        invocation_id=invocation_id,
                        has_pattern=has_pattern,
                        complexity=0.0,
                    )
                )
            )

    def ended(
        self, invocation_id: int | None, skill: Skill, context: Context, outcome: Outcome
    ) -> None:
        """Take note of how a run of this server ended; one that was interrupted says nothing."""
        if invocation_id is None or outcome.status in _KNOWN_NO_MORE:
            return
        self._ended[context.project] = Ended(skill, outcome.status, self._app.now().timestamp())
        ending = Ending(
            str(invocation_id),
            self._app.now().timestamp(),
            outcome.status.is_completed,
            outcome.duration_seconds,
            outcome.status in (Status.PASSED, Status.HANDED_OVER),
        )
        self._tell(0, lambda it: it.end(ending))

    def _tell(self, number: int, what: Callable[[Learner], object]) -> None:
        what(self.learner)
        self._n_told += 1
        if self._held is not None:
            self._held.append((number, what))

    # -- following: in the background --------------------------------------------------------------

    async def tend(self) -> None:
        """Read what was learned, then go on learning for as long as the server runs."""
        await self.load()
        await self._forget()
        while True:
            await asyncio.sleep(TEND_SECONDS)
            await self.flush()
            await self.follow()
            if self.is_fit_wanted():
                await self.fit()
            if not self._app.jobs.all:
                await self.fit_weights()

    async def load(self) -> None:
        """Read the fit that answers, catch up with what is newer, and answer by it."""
        async with self._loading:
            await self._load()

    async def _load(self) -> None:
        self._held = []
        try:
            found = await self._ask(stored.current, None)
            newest = await self._ask(stored.newest_id, 0)
            last_id = found.last_id if found is not None else 0
            newer = await self._uses(max(last_id, newest - _MAX_FOLLOWED), newest)
            made: Built = await asyncio.to_thread(built, found, newer, partial(time.sleep, 0))
            if made.problem:
                self._app.client.log(f"What was learned cannot be used: {made.problem}.")
            for number, tell in self._held:
                if not 0 < number <= newest:
                    tell(made.learner)
        finally:
            self._held = None
        self.learner, self.model_id, self._seen_id = made.learner, made.model_id, newest
        session = self._app.session_id
        self._running = {it.id for it in newer if _runs(it) and it.use.session != session}
        self.fitted = await self._ask(stored.current_weights, stored.DEFAULTS)
        self.loaded.set()

    async def follow(self) -> None:
        """Take in what other servers have run, and fits that they have made."""
        if await self._ask(stored.current_id, 0) > self.model_id:
            await self.load()
            return
        newest = await self._ask(stored.newest_id, 0)
        if newest - self._seen_id > _MAX_FOLLOWED:
            await self.load()
            return
        others = await self._uses(self._seen_id, newest, self._app.session_id)
        ended = await self._ask(partial(stored.uses_by_id, ids=frozenset(self._running)), [])
        self._seen_id = max(newest, self._seen_id)
        self._running = {it.id for it in (*others, *ended) if _runs(it)}
        for it in others:
            take(self.learner, it)
            await asyncio.sleep(0)
        for it in ended:
            take(self.learner, it, is_begun=True)
        self._n_told += bool(others or ended)
        self.fitted = await self._ask(stored.current_weights, stored.DEFAULTS)

    async def flush(self) -> None:
        """Write the lists that were shown, and what was made of them."""
        async with self._flushing:
            due = self.lists.due()
            for first in range(0, len(due), _LISTS_AT_A_TIME):
                some = due[first : first + _LISTS_AT_A_TIME]
                batch = [it for it, _ in some]
                numbers = await self._change(partial(impressions.write, batch=batch), [])
                for (_, take_number), number in zip(some, numbers, strict=False):
                    take_number(number)

    async def _forget(self) -> None:
        """Answer the lists that dead servers left open, and drop the oldest."""
        now = self._app.now()
        before = instant(now - _LONGEST_RUN)
        await self._change(
            partial(impressions.close_abandoned, before=before, at=instant(now)), None
        )
        await self._change(impressions.forget_oldest, None)

    # -- fitting: in the background, by the analyst ------------------------------------------------

    def is_fit_wanted(self) -> bool:
        """Say whether enough is new, and the machine not busy with a run of the user's."""
        if self._app.jobs.all or asyncio.get_running_loop().time() < self._not_before:
            return False
        now = self._app.now().timestamp()
        self.learner.advance(now)
        return self.learner.is_fit_due(now)

    async def fit(self) -> bool:
        """Fit the models to the history and answer by them; False when the old ones stay."""
        self._not_before = asyncio.get_running_loop().time() + RETRY_SECONDS
        since = instant(self._app.now() - _LONGEST_RUN)
        last_id = await self._ask(partial(stored.last_settled_id, since=since), 0)
        uses = [it.use for it in await self._uses(max(0, last_id - _MAX_FITTED), last_id)]
        n_outcomes = sum(it.success is not None for it in uses)
        if not n_outcomes:
            return False
        half_life, now = self._app.settings.half_life_days, self._app.now()
        try:
            learned = await self._app.analyst().fit(
                uses, now=now.timestamp(), half_life_days=half_life
            )
        except ValueError as error:
            self._app.client.log(f"A fit was not used: {error}.")
            return False
        if learned is None:
            self._app.client.log(
                f"A fit failed ({self._app.analyst().worker.trouble or 'no answer'}); "
                "what was learned before is kept."
            )
            return False
        report = dict(learned.model.report or {})
        fit = stored.Fit(
            last_id, instant(now), learned.model.kind, len(uses), n_outcomes, half_life, report,
            learned.model.data(),
        )  # fmt: skip
        if not await self._keep(fit, learned):
            return False
        await self.load()
        self._not_before = float("-inf")
        return True

    async def _keep(self, fit: stored.Fit, learned: "Learned") -> bool:
        """Write a fit in short transactions, and let it answer once all of it is there."""
        number = await self._change(partial(stored.add_model, it=fit), 0)
        if not number:
            return False
        parts = learned.parts
        for first in range(0, len(parts), _PARTS_AT_A_TIME):
            some = parts[first : first + _PARTS_AT_A_TIME]
            await self._change(
                partial(stored.add_parts, model_id=number, first=first, parts=some), None
            )
        is_used: bool = await self._change(partial(stored.use_model, model_id=number), False)
        return is_used

    async def fit_weights(self) -> bool:
        """Fit the weights of the order to what was picked, when enough is new; say whether they changed.

        They are kept only when they explain the newest picks better than those in force.
        """
        n_picks = await self._ask(impressions.n_picks, 0)
        n_tried = await self._ask(stored.n_picks_tried, 0)
        if n_picks < LEAST_PICKS or n_picks - n_tried < max(_NEW_PICKS, n_tried // 4):
            return False
        lists: Packed = await self._ask(newest_lists, packed(()))
        in_force = WORKFLOW_WEIGHTS.with_fitted(self.fitted.weights)
        asked = {
            "lists": lists.text,
            "names": WEIGHT_NAMES,
            "defaults": vector(WORKFLOW_WEIGHTS),
            "in_force": vector(in_force),
        }
        found = await self._app.analyst().ask("weights", asked)
        if found is None:
            return False
        weights, is_better = found.pop("weights"), bool(found.pop("is_better"))
        await self._change(
            partial(
                stored.add_weights,
                made_at=instant(self._app.now()),
                n_lists=found["n_lists"],
                n_picks=n_picks,
                weights=weights,
                report=found,
                is_better=is_better,
            ),
            None,
        )
        self.fitted = await self._ask(stored.current_weights, stored.DEFAULTS)
        return is_better

    # -- the store ---------------------------------------------------------------------------------

    async def _uses(
        self, last_id: int, up_to: int, but_of_session: str = ""
    ) -> list[stored.Recorded]:
        found: list[stored.Recorded] = []
        while last_id < up_to:
            page: list[stored.Recorded] = await self._ask(
                partial(
                    stored.uses_after,
                    last_id=last_id,
                    up_to=up_to,
                    limit=_PAGE,
                    but_of_session=but_of_session,
                ),
                [],
            )
            found += page
            if len(page) < _PAGE:
                break
            last_id = page[-1].id
        return found

    async def _ask(self, question: Callable[..., Any], default: Any) -> Any:
        return await self._app.stored(lambda store: store.query(question, default), default)

    async def _change(self, body: Callable[..., Any], otherwise: Any) -> Any:
        def change(store: Store) -> Any:
            # The store itself tells the user when the disk refuses; this only costs quality.
            with contextlib.suppress(StoreError):
                return store.change(body)
            return otherwise

        return await self._app.stored(change, otherwise)

    async def _quietly(self, body: Callable[..., Any]) -> None:
        await self._change(body, None)


def is_called_for(skill: Skill, context: Context) -> bool:
    """Say whether something that is seen in the code calls for a skill."""
    seen = _patterns(context)
    return any(it.pattern in seen for it in skill.triggers)


def _patterns(context: Context) -> set[str]:
    found: Iterable[Any] = (*context.findings, *context.file_findings)
    return {it.pattern for it in found}


def _runs(it: stored.Recorded) -> bool:
    return it.status == Status.RUNNING
