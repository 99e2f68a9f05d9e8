"""The dashboard beside an editor: what its page may ask, and word of what is new."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import skills_lsp.app.operations._arguments as arguments
from skills_lsp.app.app import App
from skills_lsp.app.operations import table
from skills_lsp.app.plain import plain
from skills_lsp.errors import UsageError
from skills_lsp.store import Store
from skills_lsp.store.dashboard import State, state, version

ALLOWED = (
    "skills.dashboard",
    "skills.report.ab",
    "skills.report.anomalies",
    "skills.report.dependencies",
    "skills.report.heatmap",
    "skills.report.learning",
    "skills.report.overview",
    "skills.report.pipeline",
    "skills.report.trend",
)
"""What a page may ask. None of it runs anything or changes what was recorded."""

LOOK_SECONDS = 0.025
"""So often it is asked whether anybody wrote, 10 µs each time, and only while a page is open."""

_KINDS = {"run": "runs", "running": "runs", "stage": "pipelines"}
_KINDS |= {"outcome": "tests", "tests": "tests", "anomaly": "anomalies", "fit": "learning"}

Tell = Callable[[str], None]


async def ask(app: App, command: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of an operation as JSON values.

    Raises
    ------
    UsageError
        When it is none that a page may ask, or its arguments are wrong.
    """
    if command not in ALLOWED:
        raise UsageError("not-allowed", f"The dashboard may not call {command[:80]!r}.")
    operation = table()[command]
    params = arguments.decode(command, operation.params, given)
    answer: dict[str, Any] = plain(await operation.run(app, params))
    answer.pop("document", None)
    return answer


class News:
    """Tells pages what is new in the database, whoever wrote it: another server did, mostly."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._tells: set[Tell] = set()
        self._task: asyncio.Task[None] | None = None

    def subscribe(self, tell: Tell) -> None:
        """Call ``tell`` with JSON, ``{"new": ["runs", …]}``, on the event loop."""
        self._tells.add(tell)
        if self._task is None:
            self._task = asyncio.ensure_future(self._watch())

    def unsubscribe(self, tell: Tell) -> None:
        """Tell no more. Without anybody to tell nothing is looked at."""
        self._tells.discard(tell)
        if not self._tells:
            self.stop()

    def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _watch(self) -> None:
        seen, known = await self._version(), await self._state()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            current = await self._version()
            if current == seen:
                continue
            seen, before, known = current, known, await self._state()
            if new := new_kinds(before, known):
                said = json.dumps({"new": new})
                for tell in [*self._tells]:
                    tell(said)

    async def _version(self) -> int:
        return await self._app.stored(lambda store: store.query(version, 0), 0)

    async def _state(self) -> State | None:
        def read(store: Store) -> State | None:
            return store.query(state, None)

        return await self._app.stored(read, None)


def new_kinds(before: State | None, now: State | None) -> list[str]:
    """Return the kinds of things that are not as they were.

    >>> new_kinds(State(1, None, 1, None, None, None, None), State(2, "2", 1, None, None, None, None))
    ['runs']
    """
    if before is None or now is None:
        return [] if before == now else sorted(set(_KINDS.values()))
    changed = (name for name in State._fields if getattr(before, name) != getattr(now, name))
    return list(dict.fromkeys(_KINDS[name] for name in changed))


Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def serving(app: App, port: int) -> AsyncIterator[str]:
    """Serve the dashboard on this machine; yield the address to open, which works once."""
    from skills_lsp.app.dashboard_http import DashboardServer  # noqa: PLC0415 - 20 ms for one command

    loop = asyncio.get_running_loop()
    news = News(app)

    def ask_from_thread(command: str, given: dict[str, Any]) -> dict[str, Any]:
        return asyncio.run_coroutine_threadsafe(ask(app, command, given), loop).result()

    @contextlib.contextmanager
    def told(tell: Tell) -> Any:
        loop.call_soon_threadsafe(news.subscribe, tell)
        try:
            yield
        finally:
            with contextlib.suppress(RuntimeError):  # the loop has ended before the page
                loop.call_soon_threadsafe(news.unsubscribe, tell)

    server = DashboardServer(ask_from_thread, told, port)
    server.start()
    try:
        yield server.address
    finally:
        news.stop()
        await asyncio.to_thread(server.stop)
