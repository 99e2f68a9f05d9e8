"""Import a history from elsewhere: skill_metrics.json, skills.db, or what was exported here.

Every good record is kept, each other one is named with its reason. What is here already is not
added again. A backup is made before, and an import can be taken back.
"""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.importing import Outcome, Progress, bring_in
from skills_lsp.reports import imports as report


@dataclass(frozen=True, slots=True)
class Params:
    """Which files, in which zone."""

    paths: tuple[str, ...] = ()
    """Files, or folders with one; empty: .session-buddy and .crackerjack of the workspaces."""
    timezone: str = ""
    """The zone of times that name none, like Europe/Berlin; empty: this machine's."""
    dry_run: bool = False
    """Only say what would be done."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was done, file by file, and as a document."""

    files: tuple[dict[str, Any], ...]
    not_read: tuple[str, ...]
    n_added: int
    message: str
    document: str

    def markdown(self) -> str:
        """Return what was done as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Import, with a progress display."""
    loop = asyncio.get_running_loop()
    display = await app.client.begin_progress("Importing", lambda: None)

    def show(what: str, n: int, n_all: int) -> None:
        line = f"{what}: {n:,} of {n_all:,}" if n_all else what
        loop.call_soon_threadsafe(display.report, line)

    try:
        result = await import_with(app, params, show)
    except BaseException:
        display.end("Nothing was imported.")
        raise
    display.end(result.message)
    return result


async def import_with(app: App, params: Params, progress: Progress) -> Result:
    """Import, and tell of the progress."""
    folders = app.workspaces or (Path.cwd(),)
    outcome = await bring_in(
        app, params.paths, folders, params.timezone, is_dry_run=params.dry_run, progress=progress
    )
    message = report.sentence(outcome.reads, outcome.done, is_dry_run=params.dry_run)
    return Result(
        files=_files(outcome),
        not_read=outcome.failed,
        n_added=sum(it.n_added for it in outcome.done),
        message=message,
        document=report.document(message, outcome.reads, outcome.done, outcome.failed),
    )


def _files(outcome: Outcome) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "path": read.path,
            "variant": read.variant,
            "zone": read.zone,
            "damage": read.damage,
            "n_read": len(read.records),
            "n_added": done.n_added,
            "n_finished": done.n_finished,
            "n_known": done.n_known,
            "n_pending": read.n_pending,
            "skipped": [asdict(it) for it in read.skipped],
            "mended": dict(read.mended),
            "has_totals": read.has_totals,
            "differences": [asdict(it) for it in read.differences],
            "import": done.id,
            "backup": done.backup,
        }
        for read, done in zip(outcome.reads, outcome.done, strict=True)
    )
