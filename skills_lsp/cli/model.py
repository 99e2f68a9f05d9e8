"""``skills-lsp model``: the encoder's model, by which skills are found by meaning."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from skills_lsp.app.folders import user_folders
from skills_lsp.ml import install as ways
from skills_lsp.ml import models
from skills_lsp.ml.models import Model

_STEPS = 1_000


@click.group("model")
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
    if as_json:
        described = model.description if model is not None else None
        data = {
            "installed": model is not None,
            "id": described.id if described else None,
            "made_by": described.made_by if described else None,
            "folder": str(model.folder) if model else None,
            "damage": wrong or None,
        }
        click.echo(json.dumps(data))
    elif model is None:
        click.echo("No model is installed: skills are found by patterns and words.")
        click.echo("Get one (23 MB) with: skills-lsp model install")
    else:
        _tell(model)
        if wrong:
            click.echo(f"It is damaged: {wrong}. Mend it with: skills-lsp model install")
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
