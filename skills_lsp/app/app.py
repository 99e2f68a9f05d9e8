"""The application: open documents, settings, knowledge, running jobs, the store.

It knows no LSP. Whoever serves it (the language server, the command line, a test) hands it a
:class:`~skills_lsp.app.client.Client` and calls it on one event loop.
"""

import asyncio
import functools
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from skills_lsp.app.client import Client, Level
from skills_lsp.app.document import Document, path_of, uri_of
from skills_lsp.app.folders import Folders
from skills_lsp.app.jobs import Jobs
from skills_lsp.app.knowledge import Knowledge
from skills_lsp.app.memory import give_back
from skills_lsp.app.offers import Offers
from skills_lsp.app.problems import ProblemBoard, hint_of
from skills_lsp.domain.settings import Settings
from skills_lsp.domain.skill import Catalogue
from skills_lsp.errors import StoreError
from skills_lsp.ide.lenses import LastRun
from skills_lsp.projects import project_of
from skills_lsp.store import Store
from skills_lsp.store.lexical import LexicalIndex
from skills_lsp.text import Encoding, Point, Span
from skills_lsp.text.buffer import split_lines

if TYPE_CHECKING:
    from skills_lsp.app.fixes import Fixes
    from skills_lsp.app.learning import Learning
    from skills_lsp.app.upkeep import Upkeep
    from skills_lsp.ml.analyst import Analyst

P = ParamSpec("P")
T = TypeVar("T")

# A look at what an edit changed waits until no key came for so long (people type one in 100 ms).
LOOK_SECONDS = 0.05
# What is shown of it, and a second reading of broken code, wait until typing has stopped for so long.
SETTLE_SECONDS = 0.2
MAINTENANCE_SECONDS = 600.0
_MAX_FILE_BYTES = 8_000_000


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class App:
    """Everything that changes while the server runs."""

    def __init__(
        self,
        client: Client,
        folders: Folders,
        *,
        now: Callable[[], datetime] = utc_now,
        settings: Settings | None = None,
    ) -> None:
        self.client = client
        self.folders = folders
        self.now = now
        self.settings = settings or Settings()
        self.encoding = Encoding.UTF16
        self.workspaces: tuple[Path, ...] = ()
        self.documents: dict[str, Document] = {}
        self.knowledge = Knowledge(folders)
        self.offers = Offers()
        self.problems = ProblemBoard()
        self.jobs = Jobs(self.settings.max_parallel_runs)
        self.last_runs: dict[str, dict[str, LastRun]] = {}  # by path, then by test id
        self.last_place: tuple[str, Point, Span | None] | None = None
        self.last_run: Any = None  # the Request of app/running.py, for skills.rerunLast
        self.last_output = ""
        self.session_id = ""
        self.store: Store | None = None
        self.learning: Learning | None = None  # until it has been read what was learned
        self.strategy_for: Callable[[str], str] = lambda _user: self.settings.ranking_strategy
        self.upkeep: Upkeep | None = None  # until it was imported
        self._analyst: Analyst | None = None
        self._fixes: Fixes | None = None
        self._opened: asyncio.Event | None = None  # none before anybody asked for the store
        self._store_thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._settling: dict[str, asyncio.TimerHandle] = {}
        self._published: set[str] = set()
        self._is_store_error_shown = False

    # -- life ------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open the store and read the whole catalogue; requests are already answered meanwhile."""
        project = self.workspaces[-1].name if self.workspaces else "files"
        self.session_id = f"{project}_{self.now():%Y%m%dT%H%M%S%fZ}"
        await self.open_store()
        await self.reload_catalogue()
        self.spawn(self._learn())
        self.spawn(self._keep_up())
        self.spawn(self._maintain_store())
        self.spawn(self._watch_for_anomalies())

    async def _learn(self) -> None:
        """Take up what was learned, and go on learning; nobody waits for it."""
        await (await self.start_learning()).tend()

    async def start_learning(self) -> "Learning":
        """Return what learns; imported on a thread, as no start needs it."""
        if self.learning is None:
            module = await asyncio.to_thread(import_module, "skills_lsp.app.learning")
            self.learning = self.learning or module.Learning(self)
        return self.learning

    async def _keep_up(self) -> None:
        """Keep up to date what reports read, and take part in the A/B test; nobody waits for it."""
        module = await asyncio.to_thread(import_module, "skills_lsp.app.upkeep")
        self.upkeep = module.Upkeep(self)
        self.strategy_for = self.upkeep.experiments.strategy
        await self.upkeep.tend()

    async def open_store(self) -> None:
        """Open the database. Without one the server goes on, and says so once."""
        loop = asyncio.get_running_loop()
        opened = self._opened = asyncio.Event()

        def tell(message: str) -> None:
            loop.call_soon_threadsafe(self.client.show, message, Level.WARNING)

        path = Path(self.settings.database) if self.settings.database else self.folders.database
        try:
            self.store = await self.on_store_thread(Store.open, path, now=self.now, notify=tell)
        except StoreError as error:
            self._tell_store_error(error)
        finally:
            opened.set()

    async def reload_catalogue(self) -> None:
        """Read all skill definitions anew, off the loop, and log what could not be used."""
        await self.knowledge.load_catalogue(self.workspaces)
        self._use_catalogue()
        self.spawn(self.index_by_meaning())

    async def take_catalogue(self, catalogue: Catalogue) -> None:
        """Use a catalogue from elsewhere."""
        lexical = await asyncio.to_thread(LexicalIndex, catalogue.skills)
        self.knowledge.take_catalogue(catalogue, lexical)
        self._use_catalogue()

    def _use_catalogue(self) -> None:
        for problem in self.knowledge.catalogue.problems:
            self.client.log(f"{problem.path}:{problem.line}: {problem.message}")
        for document in self.documents.values():
            self.spawn(self.meet(document))
        self.client.refresh_lenses()

    async def index_by_meaning(
        self, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> None:
        """Index the catalogue by meaning, where there is a model: seconds at first, then nothing."""
        from skills_lsp.app.meaning import Meaning  # noqa: PLC0415 - 5 ms that no start needs

        knowledge, folders = self.knowledge, self.folders
        if knowledge.meaning is None:
            cache = folders.cache / "embeddings.db"
            knowledge.meaning = Meaning(folders.models, cache, self.spawn)
            knowledge.meaning.on_vector = knowledge.forget_text
            knowledge.meaning.wanted = lambda: self.upkeep.experiments.model if self.upkeep else ""
        if await knowledge.meaning.take_catalogue(knowledge.catalogue.skills, progress):
            knowledge.forget_text()

    async def _watch_for_anomalies(self) -> None:
        """Look now and then whether something goes otherwise than it used to."""
        await asyncio.sleep(MAINTENANCE_SECONDS)
        await (await asyncio.to_thread(import_module, "skills_lsp.app.anomalies")).watch(self)

    async def _maintain_store(self) -> None:
        """Fold the log into the database and keep a daily backup, away from any run."""
        while self.store is not None:
            await asyncio.sleep(MAINTENANCE_SECONDS)
            await self.stored(lambda store: store.maintain(), None)

    async def stop(self) -> None:
        """End all runs with their processes, then the store."""
        await self.jobs.stop()
        for timer in self._settling.values():
            timer.cancel()
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.learning is not None:
            await self.learning.flush()
        if self.knowledge.meaning is not None:
            await self.knowledge.meaning.close()
        if self._analyst is not None:
            await self._analyst.close()
        if self._fixes is not None:
            await self._fixes.close()
        if self.store is not None:
            await self.on_store_thread(self.store.close)
            self.store = None
        self._store_thread.shutdown(wait=True)

    @property
    def fixes(self) -> "Fixes":
        """The memory of what was tried against what runs reported."""
        if self._fixes is None:
            from skills_lsp.app.fixes import Fixes  # noqa: PLC0415 - no start needs it

            self._fixes = Fixes(self)
        return self._fixes

    def analyst(self) -> "Analyst":
        """Return the process that does the arithmetic; it starts with its first question."""
        if self._analyst is None:
            from skills_lsp.ml.analyst import Analyst  # noqa: PLC0415 - no start needs it

            self._analyst = Analyst()
        return self._analyst

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something in the background; what it raises is logged, once."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.client.log(f"A background task failed: {type(error).__name__}: {error}")

    # -- the store -------------------------------------------------------------------------------

    async def on_store_thread(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call into the store on its own thread: one writer, and never the event loop."""
        bound = functools.partial(call, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._store_thread, bound)

    async def stored(self, call: Callable[[Store], T], otherwise: T) -> T:
        """Ask the store; when it cannot answer, say why once and go on with ``otherwise``."""
        # A script or a quick hand runs a skill before the file is open, and that run counts, too.
        if self._opened is not None:
            await self._opened.wait()
        if self.store is None:
            return otherwise
        try:
            return await self.on_store_thread(call, self.store)
        except StoreError as error:
            self._tell_store_error(error)
            return otherwise

    def _tell_store_error(self, error: StoreError) -> None:
        self.client.log(str(error))
        if not self._is_store_error_shown:
            self._is_store_error_shown = True
            self.client.show(str(error), Level.WARNING)

    # -- settings and folders --------------------------------------------------------------------

    def configure(self, settings: Settings) -> None:
        """Take new settings."""
        if settings.max_parallel_runs != self.settings.max_parallel_runs:
            self.jobs.set_limit(settings.max_parallel_runs)
        self.settings = settings
        self.knowledge.forget_availability()
        for document in self.documents.values():
            self.spawn(self.meet(document))

    def set_workspaces(self, folders: Sequence[Path]) -> None:
        """Take the workspace folders, innermost first, so that a file finds the nearest."""
        self.workspaces = tuple(sorted(set(folders), key=lambda path: (-len(path.parts), path)))

    def workspace_of(self, path: str) -> str:
        """Return the workspace folder of a file; outside all, the nearest project above it."""
        if not path:
            return str(self.workspaces[-1]) if self.workspaces else ""
        file = Path(path)
        for folder in self.workspaces:
            if file.is_relative_to(folder):
                return str(folder)
        return self.knowledge.project_of(path)

    def project_of(self, path: str) -> str:
        """Return the name of a file's project: of the nearest folder that looks like one."""
        folder = self.knowledge.project_of(path) if path else self.workspace_of(path)
        return Path(folder).name

    # -- documents -------------------------------------------------------------------------------

    def open(self, uri: str, language_id: str, version: int | None, text: str) -> Document:
        """Take a document that the editor opened."""
        path = path_of(uri)
        workspace = self.workspace_of(path)
        project = project_of(path, workspace)
        document = Document(uri, language_id, version, text, workspace, project)
        self.documents[uri] = document
        self.settle_soon(uri)
        self.spawn(self.meet(document))
        if document.too_large:
            self.client.log(f"{document.path or uri}: {document.too_large}")
        return document

    def take_projects(self) -> None:
        """Look at the open documents as their projects want it now: one may have been changed."""
        for uri, document in self.documents.items():
            project = project_of(document.path, self.workspace_of(document.path))
            if document.take_project(project):
                self.settle_soon(uri)

    def close(self, uri: str) -> None:
        """Let go of a document that the editor closed."""
        self.documents.pop(uri, None)
        timer = self._settling.pop(uri, None)
        if timer is not None:
            timer.cancel()

    def edit(self, document: Document, span: Span, text: str) -> None:
        """Apply one edit; problems move along, and those on an edited line go."""
        behind = document.replace(span, text)
        if document.path:
            self.problems.move(document.path, span, behind)

    def reset(self, document: Document, text: str) -> None:
        """Take a wholly new text; where old problems would stand in it is unknown."""
        document.reset(text)
        self.problems.forget(document.path)

    def settle_soon(self, uri: str) -> None:
        """Take a full look, and show where problems stand, once typing has stopped."""
        timer = self._settling.pop(uri, None)
        if timer is not None:
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._settling[uri] = loop.call_later(LOOK_SECONDS, self._settle, uri)

    def _settle(self, uri: str) -> None:
        self._settling.pop(uri, None)
        document = self.documents.get(uri)
        if document is not None:
            self.spawn(self._take_look(document))

    async def _take_look(self, document: Document) -> None:
        """Look at what changed, and once typing has stopped at the rest, and show it.

        An edit ends this: it has set a timer of its own.
        """
        source = document.source
        was_settled = document.is_settled
        is_new = source is not None and not source.has_tree
        await self._look(document, is_final=False)
        version = source.version if source is not None else 0
        await asyncio.sleep(SETTLE_SECONDS - LOOK_SECONDS)
        if source is not None and source.version != version:
            return
        await self._look(document, is_final=True)
        if document.path and self.documents.get(document.uri) is document:
            self.publish(document.path)
        if document.is_settled and not was_settled:
            self.client.refresh_lenses()
        if is_new and document.is_long:
            if reason := document.not_looked_at():
                self.client.log(f"{document.path or document.uri}: {reason}")
            await asyncio.to_thread(give_back)

    async def _look(self, document: Document, *, is_final: bool) -> None:
        source = document.source
        if source is None or self.documents.get(document.uri) is not document:
            return
        is_new = document.is_long and not source.has_tree
        if is_final or is_new or not document.prepare():
            await self._parse(document)
        for _ in document.look_in_steps(only_near=not is_final):
            await asyncio.sleep(0)
        version, imports = source.version, document.imports_apart()
        if imports is not None:
            found = await asyncio.to_thread(imports) if document.is_long else imports()
            if source.version == version:
                document.take_imports(found)

    async def _parse(self, document: Document) -> None:
        """Parse on a thread, which lets the loop run every millisecond or two."""
        apart = document.parse_apart()
        if apart is not None:
            await asyncio.to_thread(apart.run, functools.partial(time.sleep, 0))
            document.take_parse(apart)

    async def meet(self, document: Document) -> None:
        """Find out, in the background, what can run for a document and what worked there before."""
        workspace = self.workspace_of(document.path)
        now_seconds = time.monotonic()
        if document.path and self.knowledge.is_availability_old(document.path, now_seconds):
            await asyncio.to_thread(
                self.knowledge.take_availability,
                document.path,
                workspace,
                self.settings,
                now_seconds,
            )
        language = document.language or document.language_id
        project = self.project_of(document.path)
        if not self.knowledge.knows_memory(project, language):
            await self.remember(project, language)

    async def remember(self, project: str, language: str) -> None:
        """Read what worked in a project and language."""
        memory = await self.stored(lambda store: store.memory(project, language), None)
        if memory is not None:
            self.knowledge.take_memory(project, language, memory)

    def document_at(self, path: str) -> Document | None:
        """Return the open document of a file."""
        for document in self.documents.values():
            if document.path == path:
                return document
        return None

    # -- problems --------------------------------------------------------------------------------

    def publish(self, path: str) -> None:
        """Send the problems of a file as they stand now, if there are or were any."""
        document = self.document_at(path)
        marks = self.problems.marks(path)
        if document is not None and self.settings.finding_hints:
            marks += [hint_of(it) for it in document.last_look()]
        if not marks and path not in self._published:
            return
        (self._published.add if marks else self._published.discard)(path)
        if document is not None:
            lines = document.buffer.lines
            self.client.publish(document.uri, document.version, marks, lines)
        else:
            self.spawn(self._publish_closed(path))

    async def _publish_closed(self, path: str) -> None:
        lines = await asyncio.to_thread(read_lines, path)
        self.client.publish(uri_of(path), None, self.problems.marks(path), lines)

    def is_trusted_by_settings(self, folder: str) -> bool | None:
        """Return what the editor or the settings say of a folder; None when they say nothing."""
        trusted = (Path(it).expanduser() for it in self.settings.trusted_folders)
        if any(Path(folder).is_relative_to(it) for it in trusted):
            return True
        return self.settings.workspace_trusted


def read_lines(path: str) -> list[str]:
    """Return the lines of a file; a file that cannot be read has one empty line."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MAX_FILE_BYTES)
    except (OSError, ValueError):
        return [""]
    return split_lines(data.decode("utf-8-sig", "replace"))
