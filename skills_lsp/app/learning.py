"""What the models know: kept up to date with each run, fitted anew, and read by each suggestion.

A request reads what is in memory and waits for nothing. Everything else is in the background: what was
learned is read from the store, followed by what was run since (by other servers, too), and a fit is
the analyst's work, which is then stored, so that every server takes it up.
"""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from skills_lsp.app.learning_now import Foretelling
from skills_lsp.app.learning_proof import WEIGHT_NAMES, Packed, newest_lists, packed, vector
from skills_lsp.app.learning_state import Built, built, take
from skills_lsp.domain.invocation import Status
from skills_lsp.ide.next_step import Ended
from skills_lsp.ide.order import WORKFLOW_WEIGHTS
from skills_lsp.learning.events import ended_at
from skills_lsp.store import impressions
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

_MAX_FITTED = 30_000
"""The newest uses alone are fitted to: what is older has faded, and each takes the analyst half a
millisecond to play back."""

_PAGE = 2_000
_PARTS_AT_A_TIME = 20
_LISTS_AT_A_TIME = 20
_LONGEST_RUN = timedelta(days=1)
LEAST_PICKS = 40
"""Before so many picks no weights are fitted; then with twenty new ones, or a quarter as many again."""

_NEW_PICKS = 20


class Learning(Foretelling):
    """The models of one server, kept up in the background."""

    def __init__(self, app: "App") -> None:
        super().__init__(app)
        self.loaded = asyncio.Event()
        self.model_id = 0
        self._seen_id = 0
        self._running: set[int] = set()  # of other servers
        self._loading = asyncio.Lock()
        self._flushing = asyncio.Lock()
        self._not_before = float("-inf")
        self._said = ""

    # -- following: in the background --------------------------------------------------------------

    async def tend(self) -> None:
        """Read what was learned, then go on learning for as long as the server runs."""
        try:
            await self.load()
        finally:
            self.loaded.set()  # who waits goes on with what there is
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
        self._n_told += 1
        self._note_ends(newer)
        session = self._app.session_id
        self._running = {it.id for it in newer if _runs(it) and it.use.session != session}
        self.fitted = await self._ask(stored.current_weights, stored.DEFAULTS)

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
            self.learner.advance(it.use.at)  # here, and not all at once in the next request
            await asyncio.sleep(0)
        for it in ended:
            take(self.learner, it, is_begun=True)
        self._note_ends((*others, *ended))
        self._n_told += bool(others or ended)
        self.fitted = await self._ask(stored.current_weights, stored.DEFAULTS)

    def _note_ends(self, recorded: Iterable[stored.Recorded]) -> None:
        """Take note of what ended last in each project, whoever ran it."""
        by_name = self._app.knowledge.catalogue.by_name
        for it in recorded:
            use, skill = it.use, by_name.get(it.use.skill)
            known = self._ended.get(use.project)
            at = ended_at(use.at, use.duration_seconds)
            if skill is not None and use.success is not None and (known is None or known.at < at):
                self._ended[use.project] = Ended(skill, Status(it.status), at)

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
            self._log(f"A fit was not used: {error}.")
            return False
        if learned is None:
            why = self._app.analyst().worker.trouble or "no answer"
            self._log(f"A fit failed ({why}); what was learned before is kept.")
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

    def _log(self, message: str) -> None:
        """Say what is wrong once, and not each time that it is tried."""
        if message != self._said:
            self._said = message
            self._app.client.log(message)

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


def _runs(it: stored.Recorded) -> bool:
    return it.status == Status.RUNNING
