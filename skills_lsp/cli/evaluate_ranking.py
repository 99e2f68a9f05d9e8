"""``skills-lsp evaluate ranking``: whether the order of suggestions is better than patterns alone."""

import asyncio
import json
from typing import Any

import click

from skills_lsp.app.learning_proof import estimated
from skills_lsp.cli.columns import columns
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.errors import RunError
from skills_lsp.reports.learning import verdict


@click.command("ranking")
@click.option("--json", "as_json", is_flag=True, help="Print the estimates as one JSON object.")
def command(*, as_json: bool) -> None:
    """Estimate how much better the order in force is than patterns alone, from your own picks.

    Each list that your editor showed is kept with the probability of its order. What was picked from it
    says what another order would have been worth (inverse propensity scoring, self-normalised; the
    interval is a bootstrap over the lists).
    """
    found = asyncio.run(_estimated())
    if as_json:
        click.echo(json.dumps(found))
        return
    if not found["n_picks"]:
        click.echo(verdict(found), err=True)
        return
    click.echo(verdict(found))
    click.echo()
    click.echo(_table(found))
    click.echo("(reciprocal rank of what was picked; 1 where each list's top was picked)")


async def _estimated() -> dict[str, Any]:
    async with console_app(ConsoleClient()) as app:
        found = await estimated(app)
        if found is None:
            why = app.analyst().worker.trouble or "it gave no answer"
            raise RunError("analyst-failed", f"The process that does the arithmetic failed: {why}.")
        return found


def _table(found: dict[str, Any]) -> str:
    rows = [_row("all", found), *(_row(it["group"], it) for it in found["over_time"])]
    head = (
        "When",
        "Lists",
        "Picks",
        "Order in force",
        "Patterns alone",
        "Difference",
        "Low",
        "High",
    )
    return columns(head, rows, numbers=range(1, len(head)))


def _row(when: str, it: dict[str, Any]) -> tuple[str, ...]:
    counted = (when, f"{it['n_lists']:,}", f"{it['n_picks']:,}")
    if "difference" not in it:
        return (*counted, *("–" for _ in range(5)))
    difference = it["difference"]
    numbers = (it["present"]["estimate"], it["patterns"]["estimate"])
    return (
        *counted,
        *map(_number, numbers),
        *(_number(difference[name], sign="+") for name in ("estimate", "low", "high")),
    )


def _number(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.3f}"
