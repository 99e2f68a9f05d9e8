"""Say which skills get better or worse: completion, duration and uses, day by day.

A line is fitted through the days of each skill; what is told is beyond chance also when many skills are
looked at. With a name it is one skill in detail, with its percentiles and its last 24 hours.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import skills_lsp.app.in_project as projects
import skills_lsp.app.operations._windows as windows
from skills_lsp.app.app import App
from skills_lsp.app.operations._names import unknown_skill
from skills_lsp.reports.percentiles import spread
from skills_lsp.reports.trend import (
    SkillDays,
    Trends,
    trend_charts,
    trend_markdown,
    trend_sentence,
)
from skills_lsp.store import Store, project_uses, text, usage
from skills_lsp.store.usage import Day, Hour

ARGUMENT = "name"


@dataclass(frozen=True, slots=True)
class Params:
    """Which skill, and how long."""

    name: str = ""
    """The name of a skill; without one, all that were used."""
    n_days: int = 30
    """How many days to look at, today the last; at least 5."""
    project: str = ""
    """Only the uses in one project; empty for all."""


@dataclass(frozen=True, slots=True)
class Result:
    """The trends: verdict, slope a day with its 95 % interval, p and q, first and last value, change.

    A slope of the duration is a share a day. ``trends`` is null when the arithmetic failed.
    """

    message: str
    n_days: int
    trends: tuple[dict[str, Any], ...] | None
    durations: dict[str, Any] | None
    hours: tuple[dict[str, Any], ...]
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the trends as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the trends."""
    time = windows.window(app.now(), params.n_days, "skills.report.trend")
    name = params.name.strip()
    days, first = await _days(app, params, name, time)
    skills = by_day(days, first, time)
    if name and name not in first and name not in app.knowledge.catalogue.by_name:
        raise await unknown_skill(app, name)
    found = None
    if skills:
        asked = [{"skill": it.skill, "days": _without_today(it)} for it in skills]
        answer = await app.analyst().ask("trend", {"skills": asked})
        found = None if answer is None else tuple(answer["trends"])
    histogram: list[tuple[int, int]] = []
    hours: list[Hour] = []
    if name and skills:
        histogram, hours = await _detail(app, params.project, name, time)
    it = Trends(
        params.n_days,
        skills,
        found,
        spread(histogram),
        tuple((one.at, one.n_uses, one.n_ended, one.n_completed) for one in hours),
        params.project,
    )
    return Result(
        trend_sentence(it, name),
        params.n_days,
        None if found is None else tuple(dict(one) for one in found),
        None if it.spread is None else _spread(it),
        tuple(
            {"at": at, "n_uses": n, "n_ended": ended, "n_completed": completed}
            for at, n, ended, completed in it.hours
        ),
        trend_charts(it, time.dates),
        trend_markdown(it, name),
    )


async def _days(
    app: App, params: Params, name: str, time: windows.Window
) -> tuple[list[Day], dict[str, str]]:
    """Return how skills went by day, and the day of each skill's first use: here, or anywhere."""
    none: tuple[list[Day], dict[str, str]] = ([], {})
    if not params.project:
        return await app.stored(
            lambda store: store.query(
                lambda db: (usage.days(db, time.since, time.until, name), usage.first_dates(db)),
                none,
            ),
            none,
        )

    nothing: tuple[dict[str, str], dict[str, str]] = ({}, {})

    def read(store: Store) -> tuple[dict[str, str], dict[str, str]]:
        return store.query(
            lambda db: (project_uses.first_dates(db, params.project), usage.first_dates(db)),
            nothing,
        )

    first, anywhere = await app.stored(read, nothing)
    if name in anywhere and name not in first:
        first[name] = time.until  # in use, but not here
    uses = await projects.uses_on(app, params.project, name, time.dates)
    return projects.days_of(uses), first


async def _detail(
    app: App, project: str, name: str, time: windows.Window
) -> tuple[list[tuple[int, int]], list[Hour]]:
    """Return one skill's histogram of durations, and its last 24 hours."""
    since, until = text.instant(app.now() - timedelta(hours=24)), text.instant(app.now())
    nothing: list[tuple[int, int]] = []

    def histogram(store: Store) -> list[tuple[int, int]]:
        if project:
            first, last = time.since_instant, time.until_instant
            return store.query(
                lambda db: project_uses.durations(db, project, name, first, last), nothing
            )
        return store.query(lambda db: usage.durations(db, name, time.since, time.until), nothing)

    found = await app.stored(histogram, nothing)
    if project:
        return found, projects.hours_of(
            await projects.uses_between(app, project, name, since, until)
        )
    none: list[Hour] = []
    return found, await app.stored(
        lambda store: store.query(lambda db: usage.hours(db, since, until, name), none), none
    )


def _spread(it: Trends) -> dict[str, Any]:
    assert it.spread is not None
    its = it.spread
    return {"n": its.n, "p50_seconds": its.p50, "p95_seconds": its.p95, "p99_seconds": its.p99}


def by_day(days: list[Day], first: dict[str, str], time: windows.Window) -> tuple[SkillDays, ...]:
    """Return the days of each skill, the most used first; a day without a use has zeros."""
    by_skill: dict[str, dict[str, Day]] = defaultdict(dict)
    for day in days:
        by_skill[day.skill][day.date] = day
    found = [
        SkillDays(
            skill,
            tuple(
                _day(its.get(date)) if date >= first.get(skill, "") else None for date in time.dates
            ),
        )
        for skill, its in by_skill.items()
    ]
    return tuple(sorted(found, key=lambda it: (-sum(it.counts), it.skill)))


def _day(day: Day | None) -> tuple[float, ...]:
    if day is None:
        return (0, 0, 0, 0, 0.0)
    return (day.n_uses, day.n_ended, day.n_completed, day.n_timed, day.total_log)


def _without_today(it: SkillDays) -> list[tuple[float, ...] | None]:
    """Leave the day out that is not over: there would always be less to do on the last."""
    return [*it.days[:-1]]
