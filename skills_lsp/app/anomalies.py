"""Looking for anomalies: when a report asks, and now and then in the background."""

import asyncio
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.reports.anomalies import KINDS
from skills_lsp.store import anomalies, text
from skills_lsp.store.anomalies import Anomaly, Figures, Found

BASELINE_DAYS = 28
THRESHOLD = 2.0

EVERY_SECONDS = 3600.0
"""How often the server looks by itself: an anomaly of a day does not hurry."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a scan did; ``n_tests`` is None when nobody did the arithmetic."""

    n_tests: int | None
    n_skills: int
    has_history: bool
    found: tuple[Found, ...] = ()
    opened: tuple[Anomaly, ...] = ()
    resolved: tuple[Anomaly, ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    """The days before, as dates, and the last 24 hours, as beginnings of hours."""

    dates: tuple[str, ...]
    since_hour: str
    until_hour: str


async def scan(app: App, threshold: float = THRESHOLD) -> Looked:
    """Compare the last 24 hours with the days before.

    What is found is kept, but not what another threshold than the usual finds: it would end, or
    begin, what the next scan sees otherwise.
    """
    now = app.now().astimezone(UTC)
    span = _span(now)
    nothing = Figures([], [], has_history=False)
    found = await app.stored(
        lambda store: store.query(
            lambda db: anomalies.figures(
                db, span.dates[0], span.dates[-1], span.since_hour, span.until_hour
            ),
            nothing,
        ),
        nothing,
    )
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
        len(tests), len(skills), found.has_history, tuple(it for it in unusual if it.is_new)
    )
    if threshold != THRESHOLD:
        return looked
    # Also with nothing to test: what was open and is used no more is over.
    window = (span.since_hour, text.instant(now))
    none: tuple[list[Anomaly], list[Anomaly]] = ([], [])
    opened, resolved = await app.stored(
        lambda store: store.change(lambda db: anomalies.keep(db, unusual, window[1], window)), none
    )
    return replace(looked, opened=(*opened,), resolved=(*resolved,))


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
