"""Maps of what is used in which phase, and of when work is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import nothing_sentence, percent, plain, plural
from skills_lsp.reports.rates import rate
from skills_lsp.reports.workflow import in_order, named
from skills_lsp.text.markdown import table

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHADES = "·░▒▓█"
_HOURS_PER_CELL = 2


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Uses of each skill in each phase (uses, ended, completed), and by weekday (Monday 0) and hour.

    The hours are those of ``zone``.
    """

    n_days: int
    zone: str
    skills: tuple[tuple[str, dict[str, tuple[int, int, int]]], ...]
    n_more: int  # skills that are used less and not in here
    hours: tuple[tuple[int, ...], ...]  # 7 rows of 24

    @property
    def n_uses(self) -> int:
        """All uses by the clock."""
        return sum(map(sum, self.hours))


def heatmap_sentence(it: HeatMap) -> str:
    """Say what the figures mean."""
    if not it.n_uses:
        return nothing_sentence(f"Nothing was run in the last {plural(it.n_days, 'day')}")
    weekday = max(range(7), key=lambda day: sum(it.hours[day]))
    hour = max(range(24), key=lambda at: sum(row[at] for row in it.hours))
    said = (
        f"{plural(it.n_uses, 'run')} in {plural(it.n_days, 'day')}, most on {_LONG[weekday]} "
        f"and from {hour}:00 to {(hour + 1) % 24}:00 ({plain(it.zone)})"
    )
    if not it.skills:
        return f"{said}."
    top, phases = it.skills[0]
    phase = max(phases, key=lambda name: phases[name][0])
    return f"{said}; the busiest place is {plain(top)} in {named(phase)}."


_LONG = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def heatmap_markdown(it: HeatMap) -> str:
    """Lay out both maps."""
    parts = ["# Heat map", heatmap_sentence(it)]
    if it.n_uses:
        parts += [_phases(it), _clock(it)]
    return "\n\n".join(parts) + "\n"


def heatmap_charts(it: HeatMap) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws."""
    if not it.n_uses:
        return ()
    phases = _phases_of(it)
    uses = {name: [its.get(phase, _NONE)[0] for phase in phases] for name, its in it.skills}
    rates = {
        name: [rate(its[phase][2], its[phase][1]) if phase in its else None for phase in phases]
        for name, its in it.skills
    }
    shown = [*map(named, phases)]
    hours = [str(hour) for hour in range(24)]
    return (
        charts.heat("Runs by skill and phase", shown, uses, "runs"),
        charts.heat("Completed by skill and phase", shown, rates, "share"),
        charts.heat(
            f"Runs by weekday and hour ({it.zone})",
            hours,
            dict(zip(WEEKDAYS, it.hours, strict=True)),
            "runs",
        ),
    )


_NONE = (0, 0, 0)


def _phases_of(it: HeatMap) -> list[str]:
    return in_order({phase for _, phases in it.skills for phase in phases})


def _phases(it: HeatMap) -> str:
    phases = _phases_of(it)
    cells = [
        (plain(name, limit=60), *(_cell(its.get(phase)) for phase in phases))
        for name, its in it.skills
    ]
    page = table(("Skill", *map(named, phases)), cells)
    more = f" {plural(it.n_more, 'skill')} with fewer runs left out." if it.n_more else ""
    legend = (
        f"Runs, and how many of them did their work: █ from 90 %, ▓ 70 %, ▒ 50 %, ░ 30 %.{more}"
    )
    return f"## By skill and phase\n\n{page}\n\n{legend}"


def _cell(counts: tuple[int, int, int] | None) -> str:
    if counts is None:
        return ""
    n, n_ended, n_completed = counts
    share = rate(n_completed, n_ended)
    if share is None:
        return f"{n:,}"
    shade = _SHADES[sum(share >= limit for limit in (0.3, 0.5, 0.7, 0.9))]
    return f"{shade * 2} {n:,} ({percent(share)})"


def _clock(it: HeatMap) -> str:
    starts = range(0, 24, _HOURS_PER_CELL)
    rows = [[sum(row[start : start + _HOURS_PER_CELL]) for start in starts] for row in it.hours]
    most = max(map(max, rows))
    cells = [
        (name, *(_shade(n, most) for n in row), f"{sum(row):,}")
        for name, row in zip(WEEKDAYS, rows, strict=True)
    ]
    head = ("", *(f"{start:02}" for start in starts), "Runs")
    page = table(head, cells, numbers=(len(head) - 1,))
    legend = f"Each column is two hours from the one on top, in {plain(it.zone)}. █ is the most."
    return f"## By weekday and hour\n\n{page}\n\n{legend}"


def _shade(n: int, most: int) -> str:
    if not n:
        return ""
    return _SHADES[1 + min(int(n / most * 4), 3)] * 2


def by_clock(moments: Sequence[tuple[int, int, int]]) -> tuple[tuple[int, ...], ...]:
    """Return uses by weekday and hour from (weekday, hour, uses).

    >>> by_clock([(0, 9, 2), (0, 9, 3)])[0][9]
    5
    """
    hours = [[0] * 24 for _ in WEEKDAYS]
    for weekday, hour, n in moments:
        hours[weekday][hour] += n
    return tuple(map(tuple, hours))
