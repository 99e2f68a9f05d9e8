"""``skills-lsp history``: the latest runs."""

import asyncio
import json
from typing import Any

import click

from skills_lsp.app.operations import history as operation
from skills_lsp.app.plain import plain
from skills_lsp.cli.console import ConsoleClient, console_app


@click.command("history")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--skill", default="", help="Only the runs of one skill.")
@click.option("--project", default="", help="Only those of one project.")
@click.option("--status", default="", help="Only those that ended so: passed, failed, …")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per run.")
def command(limit: int, skill: str, project: str, status: str, as_json: bool) -> None:
    """Show the latest runs, newest first."""
    result = asyncio.run(_history(operation.Params(limit, skill, project, status)))
    if as_json:
        for it in result.invocations:
            click.echo(json.dumps(plain(it)))
        return
    click.echo(result.document)


async def _history(params: operation.Params) -> Any:
    async with console_app(ConsoleClient()) as app:
        return await operation.op(app, params)
