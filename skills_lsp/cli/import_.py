"""``skills-lsp import``: bring in a history from elsewhere, list what was brought, take it back."""

import asyncio
import gc
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from skills_lsp.app.app import App
from skills_lsp.app.folders import user_folders
from skills_lsp.app.importing import Progress, take_back
from skills_lsp.app.operations import import_history, import_list
from skills_lsp.app.operations.import_rollback import rolled_back_sentence
from skills_lsp.app.plain import plain
from skills_lsp.cli.columns import terminal_width
from skills_lsp.cli.console import ConsoleClient
from skills_lsp.cli.readable import readable
from skills_lsp.errors import UsageError

R = TypeVar("R")

_GARBAGE_AFTER = 200_000  # objects; most of what a file holds stays until the end of the process


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option(
    "--timezone",
    default="",
    help="Zone of times that name none, like Europe/Berlin; else this machine's.",
)
@click.option("--rollback", type=int, metavar="ID", help="Take an import back.")
@click.option("--list", "is_list", is_flag=True, help="List the imports.")
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--markdown", "form", flag_value="markdown", help="Print the page of the editors.")
def command(
    paths: tuple[str, ...],
    dry_run: bool,
    timezone: str,
    rollback: int | None,
    is_list: bool,
    form: str | None,
) -> None:
    """Import a history from elsewhere.

    Reads skill_metrics.json of Crackerjack and session-buddy, skills.db of session-buddy, and what
    `skills-lsp report export` wrote. Without PATHS it looks in .session-buddy and .crackerjack of
    this folder. Of a damaged file every good record is kept, and each other piece is named with its
    place and reason. What is here already is not added again; a backup is made before.
    """
    gc.set_threshold(_GARBAGE_AFTER)
    if sum((rollback is not None, is_list, bool(paths) or dry_run)) > 1:
        raise UsageError(
            "one-thing", "Import files, --list imports or take one back with --rollback."
        )
    if rollback is not None:
        _roll_back(rollback, form)
        return
    result: import_list.Result | import_history.Result
    if is_list:
        result = asyncio.run(_with_database(lambda app: import_list.op(app, import_list.Params())))
    else:
        params = import_history.Params(paths, timezone, dry_run)
        with _bar() as progress:
            result = asyncio.run(
                _with_database(lambda app: import_history.import_with(app, params, progress))
            )
    if form == "json":
        data = plain(result)
        data.pop("document")
        click.echo(json.dumps(data))
    elif form == "markdown":
        click.echo(result.markdown(), nl=False)
    else:
        click.echo(readable(result.markdown(), terminal_width()))


def _roll_back(number: int, form: str | None) -> None:
    with _bar() as progress:
        done = asyncio.run(_with_database(lambda app: take_back(app, number, progress)))
    if form == "json":
        click.echo(json.dumps(plain(done)))
    else:
        click.echo(rolled_back_sentence(done.id, done.n_added, done.n_finished))


async def _with_database(work: Callable[[App], Awaitable[R]]) -> R:
    app = App(ConsoleClient(), user_folders())
    app.set_workspaces([Path.cwd()])
    try:
        await app.open_store()
        return await work(app)
    finally:
        await app.stop()


@contextmanager
def _bar() -> Iterator[Progress]:
    """Show what is being done as a bar on a terminal; elsewhere one line for each step."""
    said: set[str] = set()
    if not sys.stderr.isatty():

        def say(what: str, _n: int, _all: int) -> None:
            if what not in said:
                said.add(what)
                click.echo(f"{what} …", err=True)

        yield say
        return
    steps = 1_000
    with click.progressbar(
        length=steps, file=sys.stderr, item_show_func=lambda it: it and str(it)
    ) as bar:

        def show(what: str, n: int, n_all: int) -> None:
            if what not in said:
                said.add(what)
                bar.update(-bar.pos, what)
            if n_all:
                bar.update(max(0, n * steps // n_all - bar.pos), what)

        yield show
