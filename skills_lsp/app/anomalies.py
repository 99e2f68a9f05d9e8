"""Looking for anomalies: when a report asks, and now and then in the background."""

import asyncio
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import skills_lsp.app.in_project as projects
from skills_lsp.app.app import App
from skills_lsp.reports.anomalies import KINDS
from skills_lsp.store import anomalies, project_uses, text
from skills_lsp.store.anomalies import Anomaly, Figures, Found

BASELINE_DAYS = 28
THRESHOLD = 2.0

EVERY_SECONDS = 3600.0
"""How often the server looks by itself: an anomaly of a day does not hurry."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a scan did; ``n_tests`` is None when nobody did the arithmetic.

    ``tested`` are the skills that there was enough of to tell.
    """

    n_tests: int | None
    n_skills: int
    has_history: bool
    found: tuple[Found, ...] = ()
    opened: tuple[Anomaly, ...] = ()
    resolved: tuple[Anomaly, ...] = ()
    tested: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Span:
    """The days before, as dates, and the last 24 hours, as beginnings of hours."""

    dates: tuple[str, ...]
    since_hour: str
    until_hour: str


async def scan(app: App, threshold: float = THRESHOLD, project: str = "") -> Looked:
    """Compare the last 24 hours with the days before, of one project or, empty, of all together.

    What is found is kept, but not what another threshold than the usual finds, or one project alone:
    it would end, or begin, what the next scan sees otherwise.
    """
    now = app.now().astimezone(UTC)
    span = _span(now)
    found = await (_figures_of(app, span, project) if project else _figures(app, span))
    skills = asked(found, span.dates)
    tests: list[dict[str, Any]] | None = []
    if skills:
        question = {"threshold": threshold, "skills": skills}
        answer = await app.analyst().ask("anomalies", question)
        tests = None if answer is None else answer["tests"]
    if tests is None:
        return Looked(None, len(skills), has_history=True)
    n_observed = {it["skill"]: int(it["window"][0]) for it in skills}
    unusual = [_found(it, n_observed) for it in tests if it["is_unusual"]]
    looked = Looked(
        len(tests),
        len(skills),
        found.has_history,
        tuple(it for it in unusual if it.is_new),
        tested=frozenset(it["skill"] for it in tests),
    )
    if threshold != THRESHOLD or project:
        return looked
    # Also with nothing to test: what was open and is used no more is over.
    window = (span.since_hour, text.instant(now))
    none: tuple[list[Anomaly], list[Anomaly]] = ([], [])
    opened, resolved = await app.stored(
        lambda store: store.change(lambda db: anomalies.keep(db, unusual, window[1], window)), none
    )
    return replace(looked, opened=(*opened,), resolved=(*resolved,))


async def _figures(app: App, span: _Span) -> Figures:
    nothing = Figures([], [], has_history=False)
    return await app.stored(
        lambda store: store.query(
            lambda db: anomalies.figures(
                db, span.dates[0], span.dates[-1], span.since_hour, span.until_hour
            ),
            nothing,
        ),
        nothing,
    )


async def _figures_of(app: App, span: _Span, project: str) -> Figures:
    """Return the same of one project: of all its uses in that time the row is read."""
    first: dict[str, str] = await app.stored(
        lambda store: store.query(lambda db: project_uses.first_dates(db, project), {}), {}
    )
    days = projects.days_of(await projects.uses_on(app, project, "", span.dates))
    window: dict[str, list[Any]] = defaultdict(lambda: [0, 0, 0, 0, 0.0])
    uses = await projects.uses_between(app, project, "", span.since_hour, span.until_hour)
    for it in projects.hours_of(uses):
        sums = (it.n_uses, it.n_ended, it.n_completed, it.n_timed, it.total_log)
        window[it.skill] = [a + b for a, b in zip(window[it.skill], sums, strict=True)]
    return Figures(
        [(it.skill, first.get(it.skill, it.date), it.date, it.n_uses, it.n_timed, it.total_log,
          it.n_ended, it.n_completed) for it in days],
        [(skill, *sums) for skill, sums in window.items()],
        has_history=bool(first),
    )  # fmt: skip


async def watch(app: App) -> None:
    """Scan now and then while skills are used, and tell a client that listens what is new."""
    while True:
        if await _was_used(app):
            looked = await scan(app)
            for event, found in (("opened", looked.opened), ("resolved", looked.resolved)):
                if found:
                    app.client.notify("anomalies", {event: [asdict(it) for it in found]})
        await asyncio.sleep(EVERY_SECONDS)


async def _was_used(app: App) -> bool:
    """Say whether there is anything new to look at: an idle server starts no process."""
    since = text.instant(app.now() - timedelta(seconds=EVERY_SECONDS))
    return await app.stored(
        lambda store: store.query(lambda db: anomalies.was_used(db, since), default=False),
        otherwise=False,
    )


def _span(now: datetime) -> _Span:
    since = (now - timedelta(hours=24)).replace(minute=0, second=0, microsecond=0)
    since += timedelta(hours=1)  # the hour that began more than 24 hours ago is not whole
    first = since - timedelta(days=BASELINE_DAYS)
    dates = tuple(f"{first + timedelta(days=n):%Y-%m-%d}" for n in range(BASELINE_DAYS))
    return _Span(dates, text.instant(since), text.instant(now))


def asked(found: Figures, dates: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the figures as the analyst takes them, by name of the skill."""
    window = {skill: sums for skill, *sums in found.hours}
    places = {date: place for place, date in enumerate(dates)}
    skills: dict[str, dict[str, Any]] = {}
    for skill, first, date, n_uses, n_timed, total_log, n_ended, n_completed in found.days:
        its = skills.get(skill)
        if its is None:
            its = skills[skill] = {
                "skill": skill,
                "days": [_NO_USE if day >= first else None for day in dates],
                "ended": 0,
                "completed": 0,
                "window": window.get(skill, _NO_WINDOW),
            }
        its["days"][places[date]] = (n_uses, n_timed, total_log)
        its["ended"] += n_ended
        its["completed"] += n_completed
    return [*skills.values()]


_NO_USE = (0, 0, 0.0)
_NO_WINDOW = (0, 0, 0, 0, 0.0)


def _found(test: dict[str, Any], n_observed: dict[str, int]) -> Found:
    metric, way = KINDS[test["kind"]]
    return Found(
        test["skill"],
        metric,
        way,
        test["usual"],
        test["seen"],
        test["z"],
        test["p"],
        n_observed[test["skill"]],
        test["is_anomaly"],
    )
