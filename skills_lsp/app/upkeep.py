"""What is kept up to date in the background: the taxonomy, the A/B test, the counts of sessions."""

import asyncio
from typing import TYPE_CHECKING

from skills_lsp.app.ab import Experiments
from skills_lsp.app.app import MAINTENANCE_SECONDS, App
from skills_lsp.domain.invocation import Outcome
from skills_lsp.skills.taxonomy import taxonomy
from skills_lsp.store import Store, dependencies, text
from skills_lsp.store import taxonomy as shelves

if TYPE_CHECKING:
    from skills_lsp.app.running import Request

_SESSIONS_AT_ONCE = 40
"""About 10 ms of the store's thread: a run that begins meanwhile waits no longer."""


_FIRST_PAUSE_SECONDS = 5.0
"""An editor that starts has more urgent questions."""


class Upkeep:
    """Does it at the start, after each run, and every ten minutes."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.experiments = Experiments(app)
        self._is_counting = False

    async def tend(self) -> None:
        """Go on for as long as the application does."""
        await load_taxonomy(self._app)
        while self._app.store is not None:
            await self._take_part()
            await self.count()
            await asyncio.sleep(MAINTENANCE_SECONDS)

    async def _take_part(self) -> None:
        model = self.experiments.model
        await self.experiments.refresh()
        if self.experiments.model != model:
            await self._app.index_by_meaning()

    async def ended(self, request: "Request", invocation_id: int | None, outcome: Outcome) -> None:
        """Take what came of a run."""
        await self.experiments.ended(request, invocation_id, outcome)
        self._app.spawn(self.count())

    async def count(self) -> None:
        """Count the sessions that changed, unless somebody is at it."""
        if self._is_counting:
            return
        self._is_counting = True
        try:
            await count_sessions(self._app)
        finally:
            self._is_counting = False


async def load_taxonomy(app: App) -> bool:
    """Load the taxonomy with every skill of the catalogue; say whether anything was new."""
    wanted = await asyncio.to_thread(taxonomy, app.knowledge.catalogue.skills)

    def load(store: Store) -> bool:
        if store.query(lambda db: shelves.is_loaded(db, wanted), default=True):
            return False
        return store.change(lambda db: shelves.load(db, wanted, text.instant(app.now())))

    return await app.stored(load, False)


async def count_sessions(app: App, seconds: float = float("inf")) -> None:
    """Count the sessions that changed, a few at a time, for so long at most."""
    at, loop = text.instant(app.now()), asyncio.get_running_loop()
    end = loop.time() + seconds

    def count(store: Store) -> int:
        if not store.query(dependencies.has_pending, default=False):
            return 0
        return store.change(lambda db: dependencies.count_pending(db, at, _SESSIONS_AT_ONCE))

    while await app.stored(count, 0) and loop.time() < end:
        pass
