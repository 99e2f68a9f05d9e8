"""``skills-lsp suggest``: what fits a place, best first."""

import asyncio
import json

import click

from skills_lsp.app.app import App
from skills_lsp.app.document import Document, uri_of
from skills_lsp.app.operations import suggest as operation
from skills_lsp.app.plain import plain
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.places import (
    FilePlace,
    check_line,
    language_id_of,
    parse_place,
    read_text,
    unknown_language,
)


@click.command("suggest")
@click.argument("place", metavar="FILE:LINE[:COL]")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    help="How many at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(place: str, limit: int, as_json: bool) -> None:
    """Suggest skills for a place in a file, best first, with the reasons.

    Lines and columns count from 1, columns in characters (Unicode code points).
    """
    result = asyncio.run(suggested(parse_place(place), limit))
    if as_json:
        click.echo(
            json.dumps({"context": result.context, "suggestions": plain(result.suggestions)})
        )
        return
    click.echo(result.message)
    for it in result.suggestions:
        click.echo(f"{it['rank']:>3}. {it['skill']:<24} {it['confidence']:.2f}  {it['title']}")
        click.echo(f"     because {'; '.join(it['reasons'])}")


async def suggested(place: FilePlace, limit: int) -> operation.Result:
    """Return the suggestions for a place."""
    async with console_app(ConsoleClient(), place.path.parent) as app:
        document = await opened(app, place)
        if not document.language and not _is_language_of_a_skill(app, document):
            raise unknown_language(place.path, ", and knows skills for shell, YAML, SQL and TOML")
        params = operation.Params(document.uri, place.line - 1, place.column - 1, limit)
        return await operation.op(app, params)


def _is_language_of_a_skill(app: App, document: Document) -> bool:
    return any(document.language_id in it.languages for it in app.knowledge.catalogue.skills)


async def opened(app: App, place: FilePlace) -> Document:
    """Open a file as an editor would, and wait for all that the background finds out."""
    text = read_text(place.path)
    document = app.open(uri_of(str(place.path)), language_id_of(place.path), 0, text)
    check_line(place, document.buffer.lines)
    document.look()
    await app.meet(document)
    await (await app.start_learning()).loaded.wait()
    return document
