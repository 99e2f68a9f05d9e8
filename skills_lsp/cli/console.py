"""The terminal, as the application sees it, and an application for one command."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from skills_lsp.app.app import App
from skills_lsp.app.client import Level, Mark, Progress
from skills_lsp.app.folders import user_folders
from skills_lsp.domain.settings import Settings
from skills_lsp.store import usage
from skills_lsp.store.opening import refuse_foreign
from skills_lsp.store.text import instant
from skills_lsp.text import Encoding

_PAUSE = timedelta(minutes=30)  # after which a session is over, as web analytics have it


class ConsoleClient:
    """Prints; see :class:`skills_lsp.app.client.Client`."""

    def __init__(self, *, is_trusting: bool = False, is_streaming: bool = False) -> None:
        self._is_trusting = is_trusting
        self.is_human = is_streaming
        self.is_streaming = is_streaming
        self._is_line_open = False

    def show(self, message: str, level: Level = Level.INFO) -> None:
        """Print a sentence to standard error, so that output stays clean."""
        if level is not Level.INFO:
            click.echo(f"{level.value}: {message}", err=True)

    def show_result(self, message: str, level: Level = Level.INFO) -> None:
        """Print how a run ended, where that is no success; the command prints its outcome."""
        self.show(message, level)

    def log(self, message: str) -> None:
        """Keep quiet: ``skills check`` and ``doctor`` tell of problems."""

    async def ask(self, message: str, choices: Sequence[str]) -> str | None:
        """Ask on the terminal, if there is one; the first choice is "yes"."""
        if self._is_trusting:
            return choices[0]
        if not sys.stdin.isatty():
            return None
        is_yes = await asyncio.to_thread(click.confirm, message, err=True)
        return choices[0] if is_yes else None

    async def vouches(self, skill: str, path: Path, runs: str) -> bool | None:  # noqa: ARG002
        """Keep no record of trusted files."""
        return None

    async def open_document(self, path: Path) -> bool:
        """Print a document."""
        click.echo(await asyncio.to_thread(path.read_text, "utf-8"))
        return True

    def publish(
        self, uri: str, version: int | None, marks: Sequence[Mark], lines: Sequence[str]
    ) -> None:
        """Print nothing: the outcome lists its problems."""

    def refresh_lenses(self) -> None:
        """Do nothing: a terminal has none."""

    def notify(self, event: str, data: dict[str, Any]) -> None:
        """Print the output of a run as it comes."""
        if self.is_streaming and event == "output":
            click.echo(data["text"], nl=False)
            self._is_line_open = not data["text"].endswith("\n")

    def end_line(self) -> None:
        """End the line that a tool left open."""
        if self._is_line_open:
            click.echo()
            self._is_line_open = False

    async def begin_progress(self, title: str, cancel: Callable[[], None]) -> Progress:  # noqa: ARG002
        """Show no progress: the run's own output is there."""
        return _NoProgress()


class _NoProgress:
    def report(self, message: str) -> None:
        """Show nothing."""

    def end(self, message: str) -> None:
        """Show nothing."""


@asynccontextmanager
async def console_app(
    client: ConsoleClient, folder: Path | None = None, *, database: str = ""
) -> AsyncIterator[App]:
    """Yield a started application for the project around a folder; columns are code points.

    ``database`` is another than the user's own.
    """
    if database:
        await asyncio.to_thread(refuse_foreign, Path(database))
    app = App(client, user_folders(), settings=Settings(max_suggestions=10, database=database))
    app.encoding = Encoding.UTF32
    project = Path(app.knowledge.project_of(str((folder or Path.cwd()) / "x")))
    app.set_workspaces([project])
    try:
        await app.start()
        app.session_id = await _session(app)
        yield app
    finally:
        await app.stop()


async def _session(app: App) -> str:
    """Return the session of the last command in this project, or after a pause a new one.

    Each command is a process of its own; what somebody does one after another is one session.
    """
    project, _, now = app.session_id.rpartition("_")
    begins = f"{project}_terminal_"
    since = instant(app.now() - _PAUSE)
    known: str = await app.stored(
        lambda store: store.query(lambda db: usage.latest_session(db, begins, since), ""), ""
    )
    return known or begins + now
