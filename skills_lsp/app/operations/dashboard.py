"""Return what the dashboard draws at once: live use, days, heat maps, the latest runs, the filters.

It asks no helper process and writes nothing, so that it can be asked again after each run. What needs
arithmetic (trends, A/B tests) or looks at something else (pipelines) the dashboard asks of the reports.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import skills_lsp.app.in_project as projects
import skills_lsp.app.operations._windows as windows
from skills_lsp.app.app import App
from skills_lsp.app.operations.report_heatmap import clock, zone_name, zone_of
from skills_lsp.domain.invocation import Invocation
from skills_lsp.reports.heatmap import WEEKDAYS, by_clock
from skills_lsp.reports.layout import nothing_sentence, percent, plural
from skills_lsp.store import Store, anomalies, dashboard, text, usage
from skills_lsp.store.usage import Day, Filters

_COMMAND = "skills.dashboard"
_N_LATEST = 12
_N_ANOMALIES = 100
_FEWEST, _MOST, _CELLS = 10, 40, 1_500
"""So few and many of the skills have their days told: all of them would be megabytes for a year."""

_Counts = tuple[int, int, int]
_Hours = dict[str, _Counts]  # by the beginning of the hour: uses, ended, completed
_NO_HOURS: _Hours = {}
_Phases = dict[tuple[str, str], _Counts]  # by skill and phase


IS_DATA = True


@dataclass(frozen=True, slots=True)
class Params:
    """Which uses, and whose clock."""

    skill: str = ""
    """Only the uses of one skill; empty for all."""
    project: str = ""
    """Only the uses in one project; empty for all."""
    n_days: int = 30
    """How many days to look at, today the last."""
    timezone: str = ""
    """A time zone such as Europe/Berlin; empty for that of this machine."""


@dataclass(frozen=True, slots=True)
class Result:
    """Counts by day, hour and phase; ``skills`` and ``projects`` can be filters.

    With a project there are no anomalies: those that are kept are of all projects together.
    ``by_day`` has a value for each of ``dates``, and so has ``days`` of each entry of ``by_skill``: the
    most used and those with an anomaly. ``last_hours`` has 24, ``clock`` seven rows (Monday first) of
    24 hours in ``timezone``.
    """

    message: str
    at: str
    n_days: int
    timezone: str
    n_uses: int
    n_ended: int
    n_completed: int
    dates: tuple[str, ...]
    by_day: dict[str, tuple[int, ...]]
    by_skill: tuple[dict[str, Any], ...]
    last_hours: tuple[dict[str, Any], ...]
    weekdays: tuple[str, ...]
    clock: tuple[Any, ...]
    phases: tuple[dict[str, Any], ...]
    latest: tuple[dict[str, Any], ...]
    anomalies: tuple[dict[str, Any], ...]
    skills: tuple[str, ...]
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Used:
    """What was used in the window, however it was found out."""

    days: list[Day]
    hours: _Hours
    phases: _Phases


async def op(app: App, params: Params) -> Result:
    """Return what there is to draw."""
    time = windows.window(app.now(), params.n_days, _COMMAND)
    zone = zone_of(params.timezone)
    used = await (_of_project if params.project else _of_all)(app, params, time)
    hours = await _last_hours(app, params)
    names, names_of_projects, found, latest = await app.stored(
        lambda store: _rest(store, params, time), _NOTHING
    )
    by_day = _by_day(used.days, time.dates)
    n_uses, n_ended, n_completed = (sum(counts) for counts in by_day.values())
    return Result(
        message=_sentence(params, (n_uses, n_ended, n_completed), is_new=not names),
        at=text.instant(app.now()),
        n_days=params.n_days,
        timezone=zone_name(zone, app.now()),
        n_uses=n_uses,
        n_ended=n_ended,
        n_completed=n_completed,
        dates=time.dates,
        by_day=by_day,
        by_skill=_by_skill(used.days, time.dates, {it.skill for it in found}),
        last_hours=tuple(_hour_json(at, hours) for at in _hours_before(app.now())),
        weekdays=WEEKDAYS,
        clock=by_clock([(*clock(at, zone), n) for at, (n, *_) in used.hours.items()]),
        phases=tuple(
            {"skill": skill, "phase": phase, **_counts_json(counts)}
            for (skill, phase), counts in sorted(used.phases.items())
        ),
        latest=tuple(_run_json(it) for it in latest),
        anomalies=tuple(
            {"skill": it.skill, "metric": it.metric, "way": it.way, "detected_at": it.detected_at,
             "resolved_at": it.resolved_at, "usual": it.usual, "seen": it.seen, "z": it.z}
            for it in found
        ),
        skills=tuple(names),
        projects=tuple(names_of_projects),
    )  # fmt: skip


def _sentence(params: Params, counts: _Counts, *, is_new: bool) -> str:
    n_uses, n_ended, n_completed = counts
    if is_new:
        return nothing_sentence()
    when = f"in the last {plural(params.n_days, 'day')}" if params.n_days > 1 else "today"
    if not n_uses:
        return f"Nothing like that was run {when}. Choose a longer time, another skill or project."
    done = f", {percent(n_completed / n_ended)} of them did their work" if n_ended else ""
    return f"{plural(n_uses, 'run')} {when}{done}."


# -- what was used -----------------------------------------------------------------------------------


async def _of_all(app: App, params: Params, time: windows.Window) -> _Used:
    """Return the uses in all projects, from the figures that triggers keep."""

    def read(store: Store) -> _Used:
        def ask(db: Any) -> _Used:
            skill = params.skill
            by_phase = usage.phases(db, time.since, time.until, skill)
            since, until = time.since_instant, time.until_instant
            if skill:
                hours = [it[1:5] for it in usage.hours(db, since, until, skill)]
            else:
                hours = [it[:4] for it in usage.activity(db, since, until)]
            return _Used(
                usage.days(db, time.since, time.until, skill),
                {at: (n, ended, completed) for at, n, ended, completed in hours},
                {(skill, phase): (n, ended, completed)
                 for phase, skill, n, ended, completed, *_ in by_phase},
            )  # fmt: skip

        return store.query(ask, _Used([], {}, {}))

    return await app.stored(read, _Used([], {}, {}))


async def _of_project(app: App, params: Params, time: windows.Window) -> _Used:
    """Return the uses in one project, read one by one: nothing is counted by project and day."""
    found = await projects.uses_on(app, params.project, params.skill, time.dates)
    hours: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0])
    phases: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0, 0])
    for it in found:
        _add(hours[it.at], it[3:6])
        _add(phases[it.skill, it.phase], it[3:6])
    return _Used(
        projects.days_of(found),
        {at: _ints(sums) for at, sums in hours.items()},
        {key: _ints(sums) for key, sums in phases.items()},
    )


def _add(sums: list[float], values: Iterable[float]) -> None:
    for n, value in enumerate(values):
        sums[n] += value


def _ints(sums: Iterable[float]) -> Any:
    return tuple(map(int, sums))


async def _last_hours(app: App, params: Params) -> _Hours:
    """Return the hours of the last day."""
    since, until = _hours_before(app.now())[0], text.instant(app.now())
    if params.project:
        found: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0])
        for it in await projects.uses_between(app, params.project, params.skill, since, until):
            _add(found[it.at], it[3:6])
        return {at: _ints(sums) for at, sums in found.items()}

    def ask(db: Any) -> _Hours:
        if params.skill:
            return {it.at: it[2:5] for it in usage.hours(db, since, until, params.skill)}
        return {at: (n, ended, done) for at, n, ended, done in usage.activity(db, since, until)}

    return await app.stored(lambda store: store.query(ask, _NO_HOURS), _NO_HOURS)


def _hours_before(now: datetime) -> list[str]:
    begin = now.replace(minute=0, second=0, microsecond=0)
    return [text.instant(begin - timedelta(hours=n)) for n in range(23, -1, -1)]


# -- the rest ----------------------------------------------------------------------------------------

_Rest = tuple[list[str], list[str], list[anomalies.Anomaly], tuple[Invocation, ...]]
_NOTHING: _Rest = ([], [], [], ())


def _rest(store: Store, params: Params, time: windows.Window) -> _Rest:
    wanted = Filters(skill=params.skill, project=params.project, since=time.since_instant)
    return store.query(
        lambda db: (
            dashboard.skills(db),
            dashboard.projects(db),
            # What is kept is of all projects; `report anomalies` looks at one.
            []
            if params.project
            else anomalies.latest(db, time.since_instant, _N_ANOMALIES, params.skill),
            usage.history(db, wanted, _N_LATEST),
        ),
        _NOTHING,
    )


# -- as data -----------------------------------------------------------------------------------------


_NAMES = ("n_uses", "n_ended", "n_completed")


def _counts_json(counts: Iterable[int]) -> dict[str, int]:
    return dict(zip(_NAMES, counts, strict=True))


def _by_day(days: Iterable[Day], dates: Sequence[str]) -> dict[str, tuple[int, ...]]:
    sums: dict[str, list[float]] = {date: [0, 0, 0] for date in dates}
    for it in days:
        _add(sums[it.date], it[2:5])
    columns = zip(*map(_ints, sums.values()), strict=True)
    return dict(zip(_NAMES, columns, strict=True))


def _by_skill(
    days: Iterable[Day], dates: Sequence[str], wanted: Container[str]
) -> tuple[dict[str, Any], ...]:
    by_skill: dict[str, dict[str, Day]] = defaultdict(dict)
    for it in days:
        by_skill[it.skill][it.date] = it
    ordered = sorted(
        by_skill, key=lambda it: (-sum(day.n_uses for day in by_skill[it].values()), it)
    )
    n_told = min(max(_CELLS // len(dates), _FEWEST), _MOST)
    chosen = [*ordered[:n_told], *(it for it in ordered[n_told:] if it in wanted)]
    return tuple(_skill_json(it, by_skill[it], dates) for it in chosen)


def _skill_json(skill: str, days: dict[str, Day], dates: Sequence[str]) -> dict[str, Any]:
    its = [days.get(date) for date in dates]
    rows = [(0, 0, 0) if it is None else it[2:5] for it in its]
    columns = dict(zip(_NAMES, zip(*rows, strict=True), strict=True))
    seconds = tuple(
        None if it is None or not it.n_timed else it.total_duration_seconds / it.n_timed
        for it in its
    )
    return {
        "skill": skill,
        **{name: sum(counts) for name, counts in columns.items()},
        "days": {**columns, "mean_duration_seconds": seconds},
    }


def _hour_json(at: str, hours: _Hours) -> dict[str, Any]:
    return {"at": at, **_counts_json(hours.get(at, (0, 0, 0)))}


def _run_json(it: Invocation) -> dict[str, Any]:
    return {
        "id": it.id,
        "skill": it.skill_name,
        "invoked_at": it.invoked_at,
        "status": it.status.value,
        "duration_seconds": it.duration_seconds,
        "project": it.project,
        "summary": it.summary,
    }
