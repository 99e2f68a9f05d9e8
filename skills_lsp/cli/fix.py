"""``skills-lsp fix``: what helped against which problem."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import click

from skills_lsp.app.app import App
from skills_lsp.app.operations import fix_recommend, fix_record, fix_similar, fix_stats
from skills_lsp.app.plain import plain
from skills_lsp.cli.columns import terminal_width
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.groups import Group
from skills_lsp.cli.readable import readable
from skills_lsp.errors import UsageError


@click.group("fix", cls=Group)
def command() -> None:
    """Remember what mends which problem, and recommend it.

    Runs teach this by themselves: a check that finds something, then a skill that changes files, then
    the same check again.
    """


def _about_an_issue(function: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.argument("message", default=""),
        click.option("--type", "kind", default="", help="Its code or exception, such as F401."),
        click.option("--tool", default="", help="The tool that reported it, such as ruff."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _as_json(function: Callable[..., Any]) -> Callable[..., Any]:
    option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    return option(function)


@command.command("record")
@_about_an_issue
@click.option("--strategy", required=True, help="What was tried: a skill, or any other words.")
@click.option(
    "--worked/--failed", "success", default=None, help="Whether the problem went away; required."
)
@click.option("--key", default="", help="A name for the attempt, so that it is counted once.")
@_as_json
def record(
    message: str, kind: str, tool: str, strategy: str, success: bool | None, key: str, as_json: bool
) -> None:
    """Tell what was tried against a problem with this MESSAGE."""
    _check_is_named(message, kind)
    if success is None:
        raise UsageError("no-success", "Say whether it helped: --worked or --failed.")
    params = fix_record.Params(strategy, success, message, kind, tool, key=key)
    _show(asyncio.run(_asked(fix_record.op, params)), as_json=as_json)


@command.command("similar")
@_about_an_issue
@click.option(
    "--limit", type=click.IntRange(1, 40), default=10, show_default=True, help="How many at most."
)
@_as_json
def similar(message: str, kind: str, tool: str, limit: int, as_json: bool) -> None:
    """Show problems like one with this MESSAGE, and what was tried against them."""
    _check_is_named(message, kind)
    params = fix_similar.Params(message, kind, tool, limit=limit)
    _show(asyncio.run(_asked(fix_similar.op, params)), as_json=as_json)


@command.command("recommend")
@_about_an_issue
@_as_json
def recommend(message: str, kind: str, tool: str, as_json: bool) -> None:
    """Say what to try against a problem with this MESSAGE, and why."""
    _check_is_named(message, kind)
    params = fix_recommend.Params(message, kind, tool)
    _show(asyncio.run(_asked(fix_recommend.op, params)), as_json=as_json)


@command.command("stats")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many strategies and types at most.",
)
@_as_json
def stats(limit: int, as_json: bool) -> None:
    """Show how each strategy has gone, and what is reported most."""
    _show(asyncio.run(_asked(fix_stats.op, fix_stats.Params(limit))), as_json=as_json)


def _check_is_named(message: str, kind: str) -> None:
    if not message.strip() and not kind.strip():
        raise UsageError("no-issue", "Give the message of the problem, or its --type.")


async def _asked(operation: Callable[[App, Any], Any], params: Any) -> Any:
    async with console_app(ConsoleClient()) as app:
        await app.index_by_meaning()  # issues are found by the same model
        return await operation(app, params)


def _show(result: Any, *, as_json: bool) -> None:
    if as_json:
        data = plain(result)
        data.pop("document", None)
        click.echo(json.dumps(data))
    elif hasattr(result, "markdown"):
        click.echo(readable(result.markdown(), terminal_width()))
    else:
        click.echo(result.message)
