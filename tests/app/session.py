"""An application with a client that keeps what it was told, a clock that stands, and no disk."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.client import Level, Mark
from skills_lsp.app.folders import Folders
from skills_lsp.app.operations import table
from skills_lsp.app.operations._arguments import decode
from skills_lsp.domain.settings import Settings
from skills_lsp.domain.skill import Catalogue
from skills_lsp.store.lexical import LexicalIndex

TEST = "def test_it():\n    assert True\n"
# A program that leaves a trace, so that a test sees whether it was run.
SKILL = """\
title = "{name}"
description = "Leaves a trace."
category = "testing"
modality = "testing"
phase = "execution"
scope = "file"

[triggers]
test-function = 1.0

[run]
kind = "program"
tool = "{tool}"
args = {args}
cwd = "{{workspace}}"
"""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class FakeProgress:
    def __init__(self, title: str, cancel: Callable[[], None]) -> None:
        self.title, self.cancel = title, cancel
        self.said: list[str] = []
        self.ended = ""

    def report(self, message: str) -> None:
        self.said.append(message)

    def end(self, message: str) -> None:
        self.ended = message


class FakeClient:
    """Keeps what it is told; answers questions as it was told to."""

    def __init__(self) -> None:
        self.shown: list[tuple[Level, str]] = []
        self.logged: list[str] = []
        self.asked: list[str] = []
        self.answer: str | None = None
        self.vouch: bool | None = None  # what an editor that keeps a record of trust answers
        self.published: dict[str, list[Mark]] = {}
        self.n_published = 0
        self.n_refreshes = 0
        self.notified: list[tuple[str, dict[str, Any]]] = []
        self.progresses: list[FakeProgress] = []
        self.opened: list[Path] = []

    def show(self, message: str, level: Level = Level.INFO) -> None:
        self.shown.append((level, message))

    def show_result(self, message: str, level: Level = Level.INFO) -> None:
        self.show(message, level)

    async def ask(self, message: str, choices: Sequence[str]) -> str | None:
        self.asked.append(message)
        assert self.answer is None or self.answer in choices
        return self.answer

    async def vouches(self, skill: str, path: Path, runs: str) -> bool | None:
        if self.vouch is not None:
            self.asked.append(f"{skill} of {path.name} runs {runs}")
        return self.vouch

    async def open_document(self, path: Path) -> bool:
        self.opened.append(path)
        return True

    def publish(
        self, uri: str, version: int | None, marks: Sequence[Mark], lines: Sequence[str]
    ) -> None:
        self.n_published += 1
        self.published[uri] = list(marks)
        for mark in marks:  # A mark outside the text could not be shown anywhere.
            assert mark.span.start <= mark.span.end
            assert mark.span.end.line < len(lines)
            assert mark.span.end.column <= len(lines[mark.span.end.line].encode())

    def refresh_lenses(self) -> None:
        self.n_refreshes += 1

    def notify(self, event: str, data: dict[str, Any]) -> None:
        self.notified.append((event, data))

    async def begin_progress(self, title: str, cancel: Callable[[], None]) -> FakeProgress:
        self.progresses.append(FakeProgress(title, cancel))
        return self.progresses[-1]

    def log(self, message: str) -> None:
        self.logged.append(message)


class Session:
    """An application over one project folder."""

    def __init__(self, folder: Path, settings: Settings | None = None, database: str = "") -> None:
        self.folder = folder
        self.project = folder / "project"
        self.project.mkdir(exist_ok=True)
        self.client = FakeClient()
        self.clock = Clock()
        home = folder / "home"
        settings = settings or Settings(database=database or ":memory:")
        # The environment of these tests has pytest, wherever they run.
        settings = replace(settings, python=settings.python or sys.executable)
        folders = Folders(home, home / "config", home / "data", home / "cache")
        self.app = App(self.client, folders, now=self.clock, settings=settings)
        self.app.set_workspaces([self.project])
        self._lasting: set[asyncio.Task[Any]] = set()

    async def start(self) -> "Session":
        await self.app.start()
        self._lasting = {*self.app._tasks}  # what goes on for as long as the application does
        return self

    def write(self, name: str, text: str) -> Path:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def skill(self, name: str, tool: str = "touch", args: Sequence[str] = ("ran",)) -> Path:
        """Write a skill of the project's; it is read at the next load."""
        listed = "[" + ", ".join(f'"{it}"' for it in args) + "]"
        text = SKILL.format(name=name, tool=tool, args=listed)
        return self.write(f".skills/{name}.toml", text)

    def open(self, name: str, text: str = TEST, language: str = "python") -> str:
        """Write and open a file; return its URI."""
        path = self.write(name, text)
        self.app.open(path.as_uri(), language, 1, text)
        return path.as_uri()

    async def command(self, name: str, /, **arguments: Any) -> Any:
        """Run an operation as a client would."""
        operation = table()[f"skills.{name}"]
        return await operation.run(self.app, decode(operation.command, operation.params, arguments))

    async def run(self, skill: str, uri: str, **arguments: Any) -> Any:
        """Run a skill and wait for its end."""
        return await self.command("run", skill=skill, uri=uri, wait=True, **arguments)

    def keep_only(self, *names: str) -> None:
        """Leave only these skills in the catalogue."""
        skills = tuple(it for it in self.app.knowledge.catalogue.skills if it.name in names)
        self.app.knowledge.take_catalogue(Catalogue(skills), LexicalIndex(skills))

    async def settle(self) -> None:
        """Let all that runs in the background end."""
        while tasks := [
            *(self.app._tasks - self._lasting),
            *(job.task for job in self.app.jobs.all),
        ]:
            await asyncio.wait(tasks)
            await asyncio.sleep(0)  # for what is to be done when they end

    @property
    def has_run(self) -> bool:
        return (self.project / "ran").exists()


async def until(is_done: Callable[[], Any]) -> None:
    """Give other tasks their turns until something is true, for at most a minute."""
    loop = asyncio.get_running_loop()
    end = loop.time() + 60
    while not is_done():
        assert loop.time() < end, "not so within 60 s"
        await asyncio.sleep(0.005)
