"""``skills-lsp ab``: A/B tests from a terminal."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from skills_lsp.app.app import App
from skills_lsp.app.operations import (
    ab_assign,
    ab_create,
    ab_list,
    ab_record,
    ab_stop,
    report_ab,
)
from skills_lsp.app.plain import plain
from skills_lsp.cli.columns import terminal_width
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.groups import Group
from skills_lsp.cli.readable import readable
from skills_lsp.domain.experiment import METRICS, Unit
from skills_lsp.errors import UsageError

T = TypeVar("T")
_DEFAULTS = ab_create.Params()
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group("ab", cls=Group)
def command() -> None:
    """Compare two ways of ranking (or any two strategies) on real use."""


@command.command("create")
@click.argument("name")
@click.option("--control", default=_DEFAULTS.control, show_default=True, help="As before.")
@click.option("--treatment", default=_DEFAULTS.treatment, show_default=True, help="What is tried.")
@click.option("--description", default="", help="What it is to show.")
@click.option(
    "--metric",
    "metrics",
    type=click.Choice(METRICS),
    multiple=True,
    default=_DEFAULTS.metrics,
    show_default=True,
    help="What is compared; the first one decides. May be given several times.",
)
@click.option(
    "--ratio", type=float, default=_DEFAULTS.control_share, show_default=True,
    help="The share that gets the control strategy.",
)  # fmt: skip
@click.option(
    "--min-sample-size", type=int, default=_DEFAULTS.min_sample_size, show_default=True,
    help="So many of each group before anything is decided.",
)  # fmt: skip
@click.option(
    "--unit", type=click.Choice([it.value for it in Unit]), default=_DEFAULTS.unit, show_default=True,
    help="What is assigned and counts once; session compares both for one person.",
)  # fmt: skip
@click.option("--start", default="", metavar="DATE", help="From when; without it, now.")
@click.option("--end", default="", metavar="DATE", help="Until when; without it, until stopped.")
def create(name: str, ratio: float, **given: Any) -> None:
    """Start a test.

    With the strategies semantic and workflow-aware the language server takes part by itself: it
    orders suggestions by the strategy it was assigned, and records what came of each pick.
    """
    params = ab_create.Params(name=name, control_share=ratio, **given)
    click.echo(_done(lambda app: ab_create.op(app, params)).message)


@command.command("list")
@_AS_JSON
def list_tests(*, as_json: bool) -> None:
    """List the tests, the newest first."""
    result = _done(lambda app: ab_list.op(app, ab_list.Params()))
    if as_json:
        click.echo(json.dumps(plain(result.tests)))
    elif result.tests:
        click.echo(readable(result.document, terminal_width()))
    else:
        click.echo(result.message, err=True)


@command.command("assign")
@click.argument("test")
@click.argument("user", required=False, default="")
@_AS_JSON
def assign(test: str, user: str, *, as_json: bool) -> None:
    """Tell which group USER is in (you, without one); of a name only a keyed hash is kept."""
    result = _done(lambda app: ab_assign.op(app, ab_assign.Params(test, user)))
    click.echo(json.dumps(plain(result)) if as_json else result.message)


@command.command("record")
@click.argument("test")
@click.argument("skill")
@click.option("--user", default="", help="Who; without it, you.")
@click.option("--ok/--failed", "ok", default=None, help="Whether it did its work.")
@click.option("--duration", type=float, help="How long it took, in seconds.")
@click.option("--rating", type=float, help="How it was liked, 1 to 5.")
def record(
    test: str, skill: str, user: str, ok: bool | None, duration: float | None, rating: float | None
) -> None:
    """Record what came of a pick of SKILL.

    For strategies that something else than this language server carries out.
    """
    if ok is None:
        raise UsageError("no-outcome", "Say how it ended: --ok or --failed.")
    params = ab_record.Params(test, user, skill, ok, duration, rating)
    click.echo(_done(lambda app: ab_record.op(app, params)).message)


@command.command("analyse")
@click.argument("test", required=False, default="")
@_AS_JSON
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the page of the editors.")
def analyse(test: str, *, as_json: bool, as_markdown: bool) -> None:
    """Say what differs and how sure that is; the same as skills-lsp report ab."""
    result = _done(lambda app: report_ab.op(app, report_ab.Params(test)))
    if as_json:
        data = plain(result)
        data.pop("document")
        click.echo(json.dumps(data))
    elif as_markdown:
        click.echo(result.document, nl=False)
    else:
        click.echo(readable(result.document, terminal_width()))


@command.command("stop")
@click.argument("test")
def stop(test: str) -> None:
    """Stop a test; what was recorded stays and can be analysed."""
    click.echo(_done(lambda app: ab_stop.op(app, ab_stop.Params(test))).message)


def _done(operation: Callable[[App], Coroutine[Any, Any, T]]) -> T:
    async def do() -> T:
        async with console_app(ConsoleClient()) as app:
            return await operation(app)

    return asyncio.run(do())
