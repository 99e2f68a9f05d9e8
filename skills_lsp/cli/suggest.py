"""``skills-lsp suggest``: what fits a place, best first."""

import asyncio
import json
from typing import Any

import click

from skills_lsp.app.document import Document, uri_of
from skills_lsp.app.operations import suggest as operation
from skills_lsp.app.plain import plain
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.places import FilePlace, check_line, parse_place
from skills_lsp.errors import UsageError


@click.command("suggest")
@click.argument("place", metavar="FILE:LINE[:COL]")
@click.option("--limit", type=click.IntRange(1, 1000), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(place: str, limit: int, as_json: bool) -> None:
    """Suggest skills for a place in a file."""
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


async def suggested(place: FilePlace, limit: int) -> Any:
    """Return the suggestions for a place."""
    async with console_app(ConsoleClient(), place.path.parent) as app:
        document = await opened(app, place)
        params = operation.Params(document.uri, place.line - 1, place.column - 1, limit)
        return await operation.op(app, params)


async def opened(app: Any, place: FilePlace) -> Document:
    """Open a file as an editor would, and wait for all that the background finds out."""
    try:
        text = place.path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise UsageError("unknown-file", f"Cannot read {place.path}: {error.strerror}.") from error
    document: Document = app.open(uri_of(str(place.path)), "", 0, text)
    n_lines = len(document.buffer.lines)
    check_line(place, n_lines - 1 if n_lines > 1 and not document.buffer.lines[-1] else n_lines)
    if document.language is None:
        raise UsageError(
            "unknown-language",
            f"{place.path.name} is in no language that skills-lsp reads.",
            "It reads Python, JavaScript and TypeScript (.py .js .jsx .mjs .ts .tsx …).",
        )
    document.look()
    await app.meet(document)
    return document
