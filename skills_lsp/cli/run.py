"""``skills-lsp run``: run a skill as the editor would, and record it."""

import asyncio
import json
import signal
import sys
from typing import Any

import click

from skills_lsp.app.operations import run as operation
from skills_lsp.app.plain import plain
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.places import FilePlace, parse_place
from skills_lsp.cli.suggest import opened

_EXIT_CODES = {"passed": 0, "handed-over": 0, "failed": 1, "cancelled": 130}
_EXIT_ERROR = 3


@click.command("run")
@click.argument("skill")
@click.argument("place", metavar="FILE[:LINE[:COL]]")
@click.option("--trust", is_flag=True, help="Trust the folder's own skills without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
def command(skill: str, place: str, trust: bool, as_json: bool) -> None:
    """Run a skill on a file.

    Exit code 0: passed; 1: it found something; 2: asked wrongly; 3: it could not do its work.
    """
    client = ConsoleClient(is_trusting=trust, is_streaming=not as_json)
    result = asyncio.run(_run(client, skill, parse_place(place)))
    if as_json:
        click.echo(json.dumps(plain(result)))
    else:
        for it in result.outcome["problems"]:
            click.echo(f"{it['path']}:{it['line']}: {it['severity']}: {it['message']}")
        click.echo(f"{result.skill}: {result.status}: {result.message}")
    sys.exit(_EXIT_CODES.get(result.status, _EXIT_ERROR))


async def _run(client: ConsoleClient, skill: str, place: FilePlace) -> Any:
    async with console_app(client, place.path.parent) as app:
        document = await opened(app, place)
        params = operation.Params(skill, document.uri, place.line - 1, place.column - 1, wait=True)
        task = asyncio.ensure_future(operation.op(app, params))
        # Ctrl+C ends the skill, which is then recorded as cancelled.
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, task.cancel)
        return await task
