"""``skills-lsp evaluate history``: how well past runs foretell the next."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from skills_lsp.cli.columns import columns
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.history_file import BadLine, read_history
from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.errors import RunError
from skills_lsp.learning.replay import Use
from skills_lsp.ml.analyst import Analyst
from skills_lsp.reports.layout import plural

_MAX_USES = 1_000_000
_MAX_SHOWN = 20
_EMPTY = (
    "There is nothing to evaluate: no run is recorded yet. "
    "Run skills from your editor for a while, or give a CSV file: "
    "user,session,time,skill,success,duration_s"
)
_RANK_MEASURES = ("mrr@5", "recall@1", "recall@5")
_RATE_MEASURES = ("auc", "log_loss", "brier", "ece")
_ALL = "all uses"


@click.command("history")
@click.argument("csv_file", metavar="[CSV]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option(
    "--delay",
    type=click.FloatRange(0, 1e9),
    default=0.0,
    metavar="SECONDS",
    help="Let outcomes become known so much later than the runs end.",
)
def command(csv_file: Path | None, *, as_json: bool, delay: float) -> None:
    """Play a history back in time order and say how well each next run was foretold.

    The history is CSV with the columns user,session,time,skill,success,duration_s (project,
    language, file_kind and phase may follow), or your own. What is reported is the last fifth of
    its time, beside simple baselines; nothing is seen before it was known.
    """
    uses, bad = read_history(csv_file) if csv_file is not None else (asyncio.run(_own()), [])
    report: dict[str, Any] = {"n_uses": 0}
    if uses:
        report = asyncio.run(_evaluated(uses, delay))
    if as_json:
        click.echo(json.dumps({**report, "bad_lines": [[it.line, it.reason] for it in bad]}))
        return
    _tell_bad_lines(bad, csv_file)
    if uses:
        click.echo(report_text(report))
    else:
        click.echo(_EMPTY, err=True)


async def _own() -> list[Use]:
    nothing: tuple[Invocation, ...] = ()
    async with console_app(ConsoleClient()) as app:
        found = await app.stored(lambda store: store.history(limit=_MAX_USES), nothing)
    return [_use(it) for it in reversed(found)]


def _use(it: Invocation) -> Use:
    """Return a stored invocation as a use; what was interrupted has no outcome."""
    is_known = it.status not in (Status.RUNNING, Status.INTERRUPTED)
    return Use(
        "",
        it.session_id,
        datetime.fromisoformat(it.invoked_at).timestamp(),
        it.skill_name,
        it.completed if is_known else None,
        it.duration_seconds,
        it.project,
        it.language,
        it.file_kind,
        it.workflow_phase,
        it.status is not Status.FAILED and it.completed if is_known else None,
    )


async def _evaluated(uses: list[Use], delay: float) -> dict[str, Any]:
    analyst = Analyst()
    try:
        report = await analyst.evaluate(uses, delay_seconds=delay)
    finally:
        await analyst.close()
    if report is None:
        why = analyst.worker.trouble or "it gave no answer"
        raise RunError("analyst-failed", f"The process that does the arithmetic failed: {why}.")
    return report


def _tell_bad_lines(bad: list[BadLine], path: Path | None) -> None:
    for it in bad[:_MAX_SHOWN]:
        click.echo(f"{path}:{it.line}: left out: {it.reason}.", err=True)
    if len(bad) > _MAX_SHOWN:
        click.echo(f"{plural(len(bad) - _MAX_SHOWN, 'more line')} left out.", err=True)


def report_text(report: dict[str, Any]) -> str:
    """Return a report for a terminal: a sentence, then the tables."""
    parts = [
        _sentence(report),
        _next_text(report),
        _success_text(report),
        _calibration_text(report),
    ]
    return "\n\n".join(it for it in parts if it)


def _sentence(report: dict[str, Any]) -> str:
    ours = report["next_skill"]["all"]["skills-lsp"]["mrr@5"]
    markov = report["next_skill"]["all"]["order-1 Markov"]["mrr@5"]
    auc = report["success"]["skills-lsp"]["auc"]
    base = report["success"]["smoothed rate"]["auc"]
    of = f"{plural(report['n_test'], 'run')} of {report['n_uses']:,} in the last fifth of the time"
    if ours is None:
        return f"There is too little to measure: {of}."
    said = f"Over {of}, the next skill was foretold with MRR@5 {ours:.3f} (order-1 Markov {markov:.3f})"
    if auc is None:
        return f"{said}; all outcomes there were alike."
    return f"{said} and success with AUC {auc:.3f} (smoothed rate {base:.3f})."


def _next_text(report: dict[str, Any]) -> str:
    table = report["next_skill"]
    n_new = table["n_not_among_last_two"]
    blocks = (
        (_ALL, "all", report["n_test"]),
        ("not among the last two", "not_among_last_two", n_new),
    )
    rows = [
        (name, title if i == 0 else "", *(_number(found[it]) for it in _RANK_MEASURES))
        for title, key, _ in blocks
        for i, (name, found) in enumerate(table[key].items())
    ]
    counts = ", ".join(f"{title}: {n:,}" for title, _, n in blocks)
    head = ("Next skill", "Of", "MRR@5", "Recall@1", "Recall@5")
    return f"{columns(head, rows, numbers=(2, 3, 4))}\n({counts})"


def _success_text(report: dict[str, Any]) -> str:
    found = report["success"]
    if not found["n"]:
        return "No outcome is known there."
    rows = [
        (name, *(_number(found[name][it]) for it in _RATE_MEASURES))
        for name in ("skills-lsp", "smoothed rate")
    ]
    table = columns(("Success", "AUC", "Log loss", "Brier", "ECE"), rows, numbers=(1, 2, 3, 4))
    kinds = [it["kind"] for it in report["fits"]]
    fitted = f"{plural(len(kinds), 'fit')}, the last: {kinds[-1]}" if kinds else "never fitted"
    return f"{table}\n({found['n']:,} outcomes, {found['share']:.0%} of them good; {fitted})"


def _calibration_text(report: dict[str, Any]) -> str:
    rows = [
        (
            f"{it['low']:.0%} to {it['high']:.0%}",
            f"{it['n']:,}",
            f"{it['predicted']:.1%}",
            f"{it['observed']:.1%}",
        )
        for it in report["success"]["skills-lsp"]["calibration"]
    ]
    return (
        columns(("Said", "Runs", "On average", "Came true"), rows, numbers=(1, 2, 3))
        if rows
        else ""
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
