"""``skills-lsp model``: the encoder's model, by which skills are found by meaning."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from skills_lsp.app.ab import compare_models, stop_comparing_models
from skills_lsp.app.folders import user_folders
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.groups import Group
from skills_lsp.ide.meaning import document
from skills_lsp.ml import install as ways
from skills_lsp.ml import models
from skills_lsp.ml.models import Model
from skills_lsp.store import picks as stored_picks

_STEPS = 1_000


@click.group("model", cls=Group)
def command() -> None:
    """Look after the model by which skills are found by meaning.

    Without it, everything works on patterns and words.
    """


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> None:
    """Say which model is there and whether its files are whole. Exit code 1: none, or damaged."""
    folder = user_folders().models
    model = models.installed(folder)
    wrong = models.damage(model) if model is not None else ""
    candidate = models.candidate(folder)
    if as_json:
        described = model.description if model is not None else None
        data = {
            "installed": model is not None,
            "id": described.id if described else None,
            "made_by": described.made_by if described else None,
            "folder": str(model.folder) if model else None,
            "damage": wrong or None,
            "candidate": candidate.id if candidate else None,
        }
        click.echo(json.dumps(data))
    elif model is None:
        click.echo("No model is installed: skills are found by patterns and words.")
        click.echo("Get one (23 MB) with: skills-lsp model install")
    else:
        _tell(model)
        if wrong:
            click.echo(f"It is damaged: {wrong}. Mend it with: skills-lsp model install")
        if candidate is not None:
            made_by = candidate.description.made_by
            click.echo(f"In half of the sessions: {candidate.id}, fine-tuned on {made_by}")
            click.echo(
                "Take it with: skills-lsp model adopt; drop it with: skills-lsp model revert"
            )
    sys.exit(1 if model is None or wrong else 0)


@command.command("install")
def install() -> None:
    """Get the model: from the hub's cache, the hub, or weights on this disk, whichever is there."""
    with _bar() as progress:
        model = ways.install(user_folders().models, progress)
    _tell(model)


@command.command("build")
@click.option(
    "--weights",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with model.safetensors and tokenizer.json; else they are looked for.",
)
def build(weights: Path | None) -> None:
    """Make the model from weights on this disk. Needs: pip install 'skills-lsp[train]'."""
    with _bar() as progress:
        model = ways.build(user_folders().models, progress, weights)
    _tell(model)


@command.command("train")
@click.option(
    "--weights",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the published weights; else they are looked for.",
)
def train(weights: Path | None) -> None:
    """Fine-tune the model on the suggestions that you picked.

    It learns from four fifths of them and is asked about the last fifth. A model that does better there
    runs in half of your sessions, against the one in use; see: skills-lsp report ab. Exit code 1: it did
    no better, and nothing has changed. Needs: pip install 'skills-lsp[train]'.
    """
    documents, picks = asyncio.run(_picked())
    folder = user_folders().models
    with _bar() as progress:
        tuned = ways.train(folder, documents, picks, progress, weights)
    click.echo(
        f"Learned from {tuned.n_learned} picks and asked about the {tuned.n_asked} after them:"
        f" first of all {tuned.hit_before:.0%} before, {tuned.hit_after:.0%} now;"
        f" mean reciprocal rank {tuned.mrr_before:.3f} before, {tuned.mrr_after:.3f} now."
    )
    if tuned.model is None:
        click.echo("That is no better, so the model in use stays.")
        sys.exit(1)
    before = models.installed(folder)
    if before is None:
        models.adopt(folder)
        click.echo("No other model is installed, so it is in use from now on.")
        return
    asyncio.run(_compare(before.id, tuned.model.id))
    click.echo(
        "It runs in half of your sessions from now on; skills-lsp report ab shows which one does"
        " better. Then: skills-lsp model adopt, or skills-lsp model revert."
    )


@command.command("adopt")
def adopt() -> None:
    """Take the fine-tuned model into use. The one before is kept; see revert."""
    model = models.adopt(user_folders().models)
    asyncio.run(_stop_comparing())
    click.echo(f"{model.id} is in use from the next start of the server.")


@command.command("revert")
def revert() -> None:
    """Go back: drop the fine-tuned model, or what was taken into use by adopt."""
    model = models.revert(user_folders().models)
    asyncio.run(_stop_comparing())
    click.echo(f"{model.id} is in use." if model else "No model is in use.")


async def _picked() -> tuple[dict[str, str], list[tuple[str, str]]]:
    nothing: list[tuple[str, str]] = []
    async with console_app(ConsoleClient()) as app:
        documents = {it.name: document(it) for it in app.knowledge.catalogue.skills}
        found = await app.stored(lambda store: store.query(stored_picks.picks, nothing), nothing)
        return documents, found


async def _compare(before: str, after: str) -> None:
    async with console_app(ConsoleClient()) as app:
        await compare_models(app, before, after)


async def _stop_comparing() -> None:
    async with console_app(ConsoleClient()) as app:
        await stop_comparing_models(app)


@command.command("remove")
def remove() -> None:
    """Delete the model; the server goes on without."""
    was_there = models.remove(user_folders().models)
    click.echo("The model is removed." if was_there else "There was no model.")


def _tell(model: Model) -> None:
    click.echo(f"{model.id}, from {model.description.made_by}")
    click.echo(f"in {model.folder}")


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    """Show what is being done on a terminal; elsewhere a line for each step."""
    if not sys.stderr.isatty():
        said: set[str] = set()

        def say(what: str, _share: float) -> None:
            if what not in said:
                said.add(what)
                click.echo(f"{what} …", err=True)

        yield say
        return
    with click.progressbar(
        length=_STEPS, file=sys.stderr, item_show_func=lambda it: it and str(it)
    ) as bar:

        def show(what: str, share: float) -> None:
            bar.update(max(0, round(share * _STEPS) - bar.pos), what)

        yield show
