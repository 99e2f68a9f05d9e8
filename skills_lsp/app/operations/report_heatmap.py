"""Show which skills are used in which phase, and on which weekdays and hours work is done.

Hours are those of your own clock, or of the time zone that is given; the report names it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import skills_lsp.app.operations._windows as windows
from skills_lsp.app.app import App
from skills_lsp.errors import UsageError
from skills_lsp.reports.heatmap import (
    HeatMap,
    by_clock,
    heatmap_charts,
    heatmap_markdown,
    heatmap_sentence,
)
from skills_lsp.store import usage
from skills_lsp.store.database import Row

_COMMAND = "skills.report.heatmap"


@dataclass(frozen=True, slots=True)
class Params:
    """How long, how much, and whose clock."""

    n_days: int = 30
    """How many days to look at, today the last."""
    limit: int = 15
    """How many skills to show, the most used first."""
    timezone: str = ""
    """A time zone such as Europe/Berlin; empty for that of this machine."""


@dataclass(frozen=True, slots=True)
class Result:
    """Uses by skill and phase, and by weekday (Monday first) and hour in the named zone."""

    message: str
    n_days: int
    timezone: str
    skills: tuple[dict[str, Any], ...]
    hours: tuple[Any, ...]
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the maps as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the maps."""
    if params.limit < 1:
        raise UsageError("bad-limit", f"{_COMMAND}: limit must be at least 1, not {params.limit}.")
    time = windows.window(app.now(), params.n_days, _COMMAND)
    zone = zone_of(params.timezone)
    none: tuple[list[Row], list[Row]] = ([], [])
    uses, hours = await app.stored(
        lambda store: store.query(
            lambda db: (
                usage.phases(db, time.since, time.until),
                usage.activity(db, time.since_instant, time.until_instant),
            ),
            none,
        ),
        none,
    )
    by_skill: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for phase, skill, n_uses, n_ended, n_completed, *_ in uses:
        by_skill[skill][phase] = (n_uses, n_ended, n_completed)
    ordered = sorted(by_skill.items(), key=lambda it: (-sum(n for n, *_ in it[1].values()), it[0]))
    it = HeatMap(
        params.n_days,
        zone_name(zone, app.now()),
        tuple(ordered[: params.limit]),
        max(len(ordered) - params.limit, 0),
        by_clock([(*clock(at, zone), n) for at, n, *_ in hours]),
    )
    return Result(
        heatmap_sentence(it),
        it.n_days,
        it.zone,
        tuple(
            {"skill": skill, "phases": {phase: counts[0] for phase, counts in phases.items()}}
            for skill, phases in ordered
        ),
        it.hours,
        heatmap_charts(it),
        heatmap_markdown(it),
    )


def zone_of(name: str) -> tzinfo | None:
    """Return a time zone; None for the machine's own, which knows its summers by itself."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            "bad-timezone",
            f"{_COMMAND}: there is no time zone {name[:40]!r}.",
            "Write one like Europe/Berlin or UTC.",
        ) from None


def zone_name(zone: tzinfo | None, now: datetime) -> str:
    """Return what a report calls a time zone."""
    there = now.astimezone(zone)
    offset = f"UTC{there:%z}"[:6] + ":" + f"{there:%z}"[3:5]
    if zone is not None:
        return f"{zone}, {offset} now" if str(zone) != "UTC" else "UTC"
    name = there.tzname() or ""
    return "UTC" if name == "UTC" else f"your local time, {offset} now"


def clock(at: str, zone: tzinfo | None) -> tuple[int, int]:
    """Return the weekday (Monday 0) and hour of a stored instant."""
    there = datetime.fromisoformat(at).astimezone(zone)
    return there.weekday(), there.hour
