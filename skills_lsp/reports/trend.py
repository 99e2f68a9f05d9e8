"""What gets better and what gets worse: straight lines through the days of each skill."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import (
    duration,
    listed,
    nothing_sentence,
    percent,
    plain,
    plural,
    signed,
    sparkline,
)
from skills_lsp.reports.percentiles import Spread
from skills_lsp.text.markdown import table

METRICS = ("completion_rate", "duration", "uses")
_TITLES = {"completion_rate": "completed", "duration": "time", "uses": "runs"}
_OFTEN = {"improving": "↗ more used", "declining": "↘ less used"}
_VERDICTS = {
    "improving": "↗ improving",
    "declining": "↘ declining",
    "stable": "→ stable",
    "too-little-data": "too little data",
}
NO_ANALYST = (
    "The process that does the arithmetic gave no answer, so there are no trends; "
    "`skills-lsp doctor` may know why."
)


_LIKELY = 0.05  # the p-value up to which a trend alone would be told
_N_PERHAPS = 5


@dataclass(frozen=True, slots=True)
class SkillDays:
    """One skill's days, oldest first: (uses, ended, completed, timed, sum of ln seconds)."""

    skill: str
    days: tuple[tuple[float, ...] | None, ...]  # None before its first use

    @property
    def counts(self) -> tuple[int, ...]:
        """Uses of each day."""
        return tuple(int(day[0]) if day else 0 for day in self.days)


@dataclass(frozen=True, slots=True)
class Trends:
    """The trends that were looked at; ``found`` is None when nobody did the arithmetic."""

    n_days: int
    skills: tuple[SkillDays, ...]
    found: tuple[Mapping[str, Any], ...] | None
    spread: Spread | None = None  # of one skill
    hours: tuple[tuple[str, int, int, int], ...] = ()  # of one skill: begin, uses, ended, completed
    project: str = ""

    @property
    def span(self) -> str:
        """How long, and where."""
        return plural(self.n_days, "day") + (f" in {plain(self.project)}" if self.project else "")

    @property
    def told(self) -> tuple[Mapping[str, Any], ...]:
        """Those that go somewhere, surest first."""
        moving = [it for it in self.found or () if it["verdict"] in ("improving", "declining")]
        return tuple(sorted(moving, key=lambda it: (it["q"], it["skill"], it["metric"])))

    @property
    def perhaps(self) -> tuple[Mapping[str, Any], ...]:
        """Those that would be told if nothing else had been looked at, surest first."""
        likely = [it for it in self.found or () if it["verdict"] == "stable" and it["p"] <= _LIKELY]
        return tuple(sorted(likely, key=lambda it: (it["p"], it["skill"], it["metric"])))


def trend_sentence(it: Trends, name: str = "") -> str:
    """Say what the figures mean; ``name`` is the skill that was asked for."""
    if not it.skills and name:
        return f"{plain(name)} was not run in the last {it.span}: look further back."
    if not it.skills:
        return nothing_sentence(f"Nothing was run in the last {it.span}")
    if it.found is None:
        return NO_ANALYST
    if all(one["verdict"] == "too-little-data" for one in it.found):
        return (
            "There is too little to tell a trend: a skill needs 20 runs on at least 5 days. "
            "Look at more days, or come back later."
        )
    if not it.told:
        said = f"Nothing got better or worse in {it.span}, beyond chance."
        if it.perhaps and not name:
            said += f" The likeliest is {_named(it.perhaps[0])}; more days would tell."
        return said
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in it.told:
        groups.setdefault(_word(one), []).append(one)
    parts = [
        f"{word}: {listed([_named(one) for one in groups[word][:3]])}"
        + (f" and {len(groups[word]) - 3} more" if len(groups[word]) > 3 else "")  # noqa: PLR2004
        for word in ("worse", "better", "used less", "used more")
        if word in groups
    ]
    return f"In {it.span}, {'; '.join(parts)}."


def _word(one: Mapping[str, Any]) -> str:
    is_up = one["verdict"] == "improving"
    if one["metric"] == "uses":
        return "used more" if is_up else "used less"
    return "better" if is_up else "worse"


def _verdict(one: Mapping[str, Any]) -> str:
    if one["metric"] == "uses" and one["verdict"] in _OFTEN:
        return _OFTEN[one["verdict"]]
    return _VERDICTS[one["verdict"]]


def _named(one: Mapping[str, Any]) -> str:
    return f"{plain(one['skill'])} ({_short(one)})"


def _short(one: Mapping[str, Any]) -> str:
    if one["metric"] == "completion_rate":
        return f"{percent(one['first'])} to {percent(one['last'])} completed"
    if one["metric"] == "duration":
        return f"{duration(one['first'])} to {duration(one['last'])}"
    return f"{_a_day(one['first'])} to {_a_day(one['last'])} runs a day"


def trend_markdown(it: Trends, name: str = "") -> str:
    """Lay out the trends; ``name`` is the skill that was asked for."""
    is_one = len(it.skills) == 1
    title = f"# Trend of {plain(it.skills[0].skill)}" if is_one else "# Trends"
    parts = [title, trend_sentence(it, name)]
    if it.skills and it.found is not None:
        parts += [_one(it)] if is_one else [_told(it), _perhaps(it), _rest(it)]
        parts.append(_method(it))
    elif it.skills:
        parts.append(_days(it.skills))
    return "\n\n".join(part for part in parts if part) + "\n"


def trend_charts(it: Trends, dates: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws: of each metric the skills that move, or the one asked for."""
    moving = {one["skill"] for one in it.told} or {one.skill for one in it.skills[:5]}
    shown = [one for one in it.skills if one.skill in moving]
    if not shown:
        return ()
    return tuple(
        charts.lines(
            f"{_TITLES[metric].capitalize()} by day",
            dates,
            {one.skill: [_of_a_day(metric, day) for day in one.days] for one in shown},
            unit,
        )
        for metric, unit in _UNITS.items()
    )


_UNITS = {"completion_rate": "share", "duration": "seconds", "uses": "runs"}


def _of_a_day(metric: str, day: tuple[float, ...] | None) -> float | None:
    if day is None:
        return None
    n_uses, n_ended, n_completed, n_timed, total_log = day
    if metric == "uses":
        return n_uses
    if metric == "completion_rate":
        return n_completed / n_ended if n_ended else None
    return math.exp(total_log / n_timed) if n_timed else None


def _told(it: Trends) -> str:
    return "## What moves\n\n" + _table(it, it.told) if it.told else ""


def _perhaps(it: Trends) -> str:
    if not it.perhaps:
        return ""
    n_tests = sum(one["p"] is not None for one in it.found or ())
    about = (
        f"Each would be told if it alone had been looked at; of {n_tests} that were looked at, about "
        f"{n_tests * _LIKELY:.0f} look so by chance."
    )
    return f"## Perhaps\n\n{about}\n\n{_table(it, it.perhaps[:_N_PERHAPS])}"


def _table(it: Trends, trends: Sequence[Mapping[str, Any]]) -> str:
    by_skill = {one.skill: one for one in it.skills}
    cells = [
        (
            _way(one),
            plain(one["skill"], limit=60),
            _TITLES[one["metric"]],
            _short(one),
            _change(one),
            _p(one["q"]),
            sparkline(by_skill[one["skill"]].counts),
        )
        for one in trends
    ]
    head = ("Which way", "Skill", "What", "From, to", "Change", "q", "Runs by day")
    return table(head, cells, numbers=(4, 5))


def _way(one: Mapping[str, Any]) -> str:
    """Return where a trend goes, also of one that is not sure."""
    if one["verdict"] != "stable":
        return _verdict(one)
    return "↗ up" if one["slope_per_day"] > 0 else "↘ down"


def _rest(it: Trends) -> str:
    found = it.found or ()
    names = {one["skill"] for one in (*it.told, *it.perhaps)}
    steady = {one["skill"] for one in found if one["verdict"] == "stable"} - names
    little = {one.skill for one in it.skills} - names - steady
    lines = []
    if steady:
        lines.append(f"Stable: {listed([*map(plain, sorted(steady))])}.")
    if little:
        lines.append(f"Too little data: {listed([*map(plain, sorted(little))])}.")
    return "\n\n".join(lines)


def _one(it: Trends) -> str:
    cells = []
    for one in it.found or ():
        is_known = one["p"] is not None
        cells.append(
            (
                _TITLES[one["metric"]].capitalize(),
                _verdict(one),
                _short(one) if is_known else "",
                _change(one) if is_known else "",
                _slope(one) if is_known else "",
                _p(one["p"]) if is_known else "",
            )
        )
    head = ("What", "Verdict", "From, to", "Change", "A day (95 % sure)", "p")
    parts = [table(head, cells, numbers=(3, 5)), _days(it.skills)]
    if it.spread is not None:
        parts.append(
            f"Half of the runs were done within {duration(it.spread.p50)}, "
            f"95 % within {duration(it.spread.p95)}."
        )
    if it.hours:
        uses = sparkline([n for _, n, *_ in it.hours])
        total = sum(n for _, n, *_ in it.hours)
        parts.append(f"The last 24 hours, hour by hour: {uses} ({plural(total, 'run')})")
    return "\n\n".join(parts)


def _days(skills: Sequence[SkillDays]) -> str:
    cells = [
        (plain(one.skill, limit=60), f"{sum(one.counts):,}", sparkline(one.counts))
        for one in skills
    ]
    return table(("Skill", "Runs", "Runs by day"), cells, numbers=(1,))


def _method(it: Trends) -> str:
    n_tests = sum(one["p"] is not None for one in it.found or ())
    if not n_tests:
        return ""
    return (
        "A line is fitted through the days (UTC, without today), weighted by the runs of each; of runs, "
        "each weekday has its own level. "
        f"A trend is told when q, its p-value adjusted for {plural(n_tests, 'test')} (Benjamini, "
        "Hochberg), is at most 0.05: of the trends told, 5 % may be none."
    )


def _change(one: Mapping[str, Any]) -> str:
    if one["change"] is None:
        return "new"
    if one["metric"] == "completion_rate":
        return signed((one["last"] - one["first"]) * 100, "points")
    return signed(one["change"] * 100, "%")


def _slope(one: Mapping[str, Any]) -> str:
    if one["metric"] == "uses":
        scale, unit, digits = 1.0, "", 2
    else:
        scale, unit, digits = 100.0, "%" if one["metric"] == "duration" else "points", 2
    low, high = (signed(one[end] * scale, digits=digits) for end in ("low", "high"))
    return f"{signed(one['slope_per_day'] * scale, unit, digits=digits)} ({low} to {high})"


def _a_day(n: float) -> str:
    return f"{n:.0f}" if n >= 10 else f"{n:.1f}"  # noqa: PLR2004 - two digits are enough


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"  # noqa: PLR2004 - three digits
