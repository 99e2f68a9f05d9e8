"""``skills-lsp demo-data``: a made-up history with something to find in it."""

import functools
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from skills_lsp.app.app import utc_now
from skills_lsp.app.demo_data import Plan, Use, made_up
from skills_lsp.errors import UsageError
from skills_lsp.reports.layout import listed, percent, plural
from skills_lsp.store import Store, demo, users
from skills_lsp.store.opening import refuse_foreign

_BATCH = 20_000
_FILE = "skills-demo.db"


@click.command("demo-data")
@click.option(
    "--rows",
    type=click.IntRange(100, 1_000_000),
    default=10_000,
    show_default=True,
    help="How many uses of skills.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another team.")
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The database, made or added to. Without it {_FILE} is made in this folder.",
)
@click.option(
    "--days", type=click.IntRange(14, 3_650), default=60, show_default=True, help="How long."
)
@click.option(
    "--until", metavar="TIME", help="When it ends, in ISO-8601; now, when it is not given."
)
@click.option("--plain", is_flag=True, help="Plant nothing: what a report then finds is chance.")
@click.option("--json", "as_json", is_flag=True, help="Print the truth as one JSON object.")
def command(
    rows: int,
    seed: int,
    into: Path | None,
    days: int,
    until: str | None,
    plain: bool,
    as_json: bool,
) -> None:
    """Make up the history of a team, and say what was planted in it.

    Trends, anomalies of the last day, places where work gets stuck, habits and preferences are
    planted, and reports should find them: skills-lsp report anomalies --database skills-demo.db. Your
    own history is not touched, unless you name its file.
    """
    path = into or Path(_FILE)
    if into is None and path.exists():
        raise UsageError(
            "demo-exists", f"{path} exists.", "Delete it, or name it with --into to add to it."
        )
    refuse_foreign(path)
    uses, truth = made_up(Plan(rows, seed, _instant(until), n_days=days, is_planted=not plain))
    _write(path, uses, is_quiet=as_json)
    truth["database"] = str(path)
    click.echo(json.dumps(truth) if as_json else truth_text(truth))


def _instant(given: str | None) -> datetime:
    if given is None:
        return utc_now()
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise UsageError(
            "bad-time", f"{given!r} is no time.", "Write it like 2026-01-31T09:30:00Z."
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _write(path: Path, uses: list[Use], *, is_quiet: bool) -> None:
    store = Store.open(path, now=utc_now, notify=lambda said: click.echo(said, err=True))
    is_shown = not is_quiet and sys.stderr.isatty()
    try:
        if store.trouble:
            raise UsageError("demo-unwritable", store.trouble)
        key = users.key_of(store.path)
        batches = [uses[first : first + _BATCH] for first in range(0, len(uses), _BATCH)]
        with click.progressbar(
            batches, label="Writing", file=sys.stderr, hidden=not is_shown
        ) as shown:
            for batch in shown:
                store.change(functools.partial(demo.load, uses=batch, key=key))
    finally:
        store.close()


def truth_text(truth: dict[str, Any]) -> str:
    """Return what was planted, for people."""
    lines = [f"{plural(truth['rows'], 'use')} from {truth['from'][:10]} to {truth['until'][:10]}."]
    found = [
        *(_trend(it) for it in truth["trends"]),
        *(_anomaly(it) for it in truth["anomalies"]),
        *(
            f"stuck: {it['skill']} ({it['phase']}) does not complete in {percent(it['abandonment'])}"
            for it in truth["bottlenecks"]
        ),
        *(
            f"habit: {it['then']} comes right after {it['first']} in {percent(it['share'])}"
            for it in truth["dependencies"]
        ),
        *(
            f"taste: {plural(len(it['users']), 'user')} like {listed(it['skills'])}"
            for it in truth["preferences"]
        ),
    ]
    lines += ["Planted:" if found else "Nothing is planted.", *(f"  {it}" for it in found)]
    reports = ("overview", *(report for kind, report in _REPORTS.items() if truth[kind]))
    lines += ["", "See it:"]
    lines += [f"  skills-lsp report {it} --database {truth['database']}" for it in reports]
    return "\n".join(lines)


# What is planted, and the report that finds it.
_REPORTS = {
    "trends": "trend --n-days 60",
    "anomalies": "anomalies",
    "bottlenecks": "workflow",
    "dependencies": "dependencies",
    "preferences": "clusters",
}
_LONGER = ("takes {} less long now", "takes {} longer now")
_OFTENER = ("is used {} less now", "is used {} more now")
_KINDS = {
    "success-drop": "completes only in {}",
    "duration-spike": "takes {} times as long",
    "use-spike": "is used {} times as often",
}


def _trend(it: dict[str, Any]) -> str:
    first, last = it["from"], it["to"]
    if it["metric"] == "completion_rate":
        return f"trend: {it['skill']} completes in {percent(first)} at first, {percent(last)} now"
    words = _LONGER if it["metric"] == "duration" else _OFTENER
    return f"trend: {it['skill']} {words[last > first].format(percent(abs(last / first - 1)))}"


def _anomaly(it: dict[str, Any]) -> str:
    size = percent(it["size"]) if it["kind"] == "success-drop" else f"{it['size']:g}"
    return f"last day: {it['skill']} {_KINDS[it['kind']].format(size)}"
