"""``skills-lsp history``: the latest runs."""

import asyncio
import json
from datetime import datetime

import click

from skills_lsp.app.app import utc_now
from skills_lsp.app.operations import history as operation
from skills_lsp.app.plain import plain
from skills_lsp.cli.columns import columns, terminal_width
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.domain.invocation import Status
from skills_lsp.reports.layout import ago, duration, plural

_HEAD = ("When", "Skill", "Outcome", "Time", "Rank", "Project", "Summary")


@click.command("history")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="How many at most.",
)
@click.option("--skill", default="", help="Only the runs of one skill.")
@click.option("--project", default="", help="Only those of one project.")
@click.option("--session", default="", help="Only those of one session.")
@click.option(
    "--status", type=click.Choice([it.value for it in Status]), help="Only those that ended so."
)
@click.option("--words", default="", help="Only those offered for code with these words.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per run.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the report of the editors.")
def command(
    limit: int,
    skill: str,
    project: str,
    session: str,
    status: str | None,
    words: str,
    as_json: bool,
    as_markdown: bool,
) -> None:
    """Show the latest runs, newest first.

    Rank is the place that the skill had among the suggestions when it was picked.
    """
    params = operation.Params(limit, skill, project, status or "", session, words=words)
    result = asyncio.run(_history(params))
    if as_json:
        for it in result.invocations:
            click.echo(json.dumps(plain(it)))
    elif as_markdown:
        click.echo(result.document, nl=False)
    elif not result.invocations:
        is_chosen = bool(skill or project or session or status or words)
        click.echo("No run is like that." if is_chosen else _NOTHING, err=True)
    else:
        click.echo(history_text(result, utc_now(), terminal_width()))


_NOTHING = (
    "Nothing has been run yet. Pick a skill from the code actions of your editor, "
    "or run one here: skills-lsp run SKILL FILE:LINE"
)


def history_text(result: operation.Result, now: datetime, width: int | None) -> str:
    """Return the history as a table for a terminal, with a closing line."""
    rows = [
        (
            ago(it["invoked_at"], now),
            it["skill_name"],
            it["status"],
            duration(it["duration_seconds"]),
            "" if it["selection_rank"] is None else str(it["selection_rank"]),
            it["project"],
            it["summary"],
        )
        for it in result.invocations
    ]
    n_completed = sum(it["completed"] for it in result.invocations)
    # Completed: the tool did its work, whatever it found.
    closing = f"{plural(len(rows), 'run')}, {n_completed} completed."
    return f"{columns(_HEAD, rows, numbers=(3, 4), width=width)}\n\n{closing}"


async def _history(params: operation.Params) -> operation.Result:
    async with console_app(ConsoleClient()) as app:
        return await operation.op(app, params)
