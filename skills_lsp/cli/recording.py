"""Recording from a terminal or a CI job: only the database is opened, and a warning is one line."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from skills_lsp.app.app import App, utc_now
from skills_lsp.app.ci_context import CiContext, ci_context
from skills_lsp.app.client import Level
from skills_lsp.app.folders import user_folders
from skills_lsp.cli.console import ConsoleClient
from skills_lsp.errors import StoreError, UsageError
from skills_lsp.runner.results import junit

R = TypeVar("R")

_MAX_JUNIT_BYTES = 32_000_000


class _QuietClient(ConsoleClient):
    """Says nothing by itself: whoever records says in one line what went wrong."""

    def show(self, message: str, level: Level = Level.INFO) -> None:
        """Print nothing."""


def recorded(work: Callable[[App], Awaitable[R]]) -> R | None:
    """Do something with the database; where it refuses, print one line and return None."""
    try:
        return asyncio.run(_with_database(work))
    except StoreError as error:
        click.echo(f"skills-lsp: not recorded: {error}", err=True)
        return None


async def _with_database(work: Callable[[App], Awaitable[R]]) -> R:
    app = App(_QuietClient(), user_folders())
    try:
        await app.open_store()
        return await work(app)
    finally:
        await app.stop()


def context_here() -> CiContext:
    """Return which build this is, by the variables of the CI; the project's name is the folder's."""
    return ci_context(os.environ, folder_name(), utc_now())


def folder_name() -> str:
    """Return the name of the folder that this runs in; empty when it has been deleted."""
    try:
        return Path.cwd().name
    except OSError:
        return ""


def read_junit(paths: tuple[Path, ...]) -> junit.Totals | None:
    """Return what JUnit files add up to; None without any."""
    found = [junit.totals(_text(path)) for path in paths]
    if not found:
        return None
    times = [it.duration_seconds for it in found if it.duration_seconds is not None]
    return junit.Totals(
        sum(it.n_tests for it in found),
        sum(it.n_failed for it in found),
        sum(times) if times else None,
        next((it.first_failure for it in found if it.first_failure), ""),
    )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_JUNIT_BYTES + 1)
    except OSError as error:
        raise UsageError("unknown-file", f"Cannot read {path}: {error.strerror}.") from error
    if len(data) > _MAX_JUNIT_BYTES:
        raise UsageError("large-file", f"{path} is larger than {_MAX_JUNIT_BYTES // 10**6} MB.")
    return data.decode("utf-8", "replace")
