"""``skills-lsp search``: skills by meaning and by words."""

import asyncio
import json
import sys
import time
from pathlib import Path

import click

from skills_lsp.app.app import App
from skills_lsp.app.operations import search as operation
from skills_lsp.app.plain import plain
from skills_lsp.cli.columns import columns, terminal_width
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.domain.skill import Catalogue, Origin, Phase
from skills_lsp.skills import load_agent_skills
from skills_lsp.skills.collection import load_folder
from skills_lsp.skills.merge import merge

_SAY_AFTER_SECONDS = 1.0


@click.command("search")
@click.argument("query")
@click.option(
    "--skills",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Search the skills of this folder (SKILL.md, TOML) instead; may be given again.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="How many at most.",
)
@click.option(
    "--phase",
    type=click.Choice([it.value for it in Phase]),
    help="What goes well in it comes first.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    query: str, folders: tuple[Path, ...], limit: int, phase: str | None, as_json: bool
) -> None:
    """Find the skills that fit a QUERY in any words, best first."""
    result = asyncio.run(_searched(operation.Params(query, limit, phase or ""), folders))
    if as_json:
        click.echo(json.dumps(plain(result)))
        return
    if result.skills:
        rows = [(f"{it['score']:.2f}", it["name"], it["description"]) for it in result.skills]
        click.echo(columns(("Score", "Skill", "What it does"), rows, width=terminal_width()))
    click.echo(result.message, err=True)


async def _searched(params: operation.Params, folders: tuple[Path, ...]) -> operation.Result:
    async with console_app(ConsoleClient()) as app:
        if folders:
            await app.take_catalogue(merge([_in_folder(it) for it in folders]))
        await _indexed(app)
        return await operation.op(app, params)


def _in_folder(folder: Path) -> Catalogue:
    return merge([load_folder(folder, Origin.USER), load_agent_skills(folder, Origin.USER)])


async def _indexed(app: App) -> None:
    """Index what is searched, with a bar when that takes long: only what is new takes time."""
    started = time.monotonic()
    if not sys.stderr.isatty():
        await app.index_by_meaning()
        return
    with click.progressbar(length=1, label="Indexing", file=sys.stderr, hidden=True) as bar:

        def show(n_done: int, n_all: int) -> None:
            bar.length = n_all
            bar.hidden = time.monotonic() - started < _SAY_AFTER_SECONDS
            bar.update(n_done - bar.pos)

        await app.index_by_meaning(show)
