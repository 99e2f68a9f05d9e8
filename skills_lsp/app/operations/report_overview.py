"""Say what is used most, how well it goes, what it saved, and what rises and falls.

Time saved is an estimate, and the report says of what.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import skills_lsp.app.operations._windows as windows
from skills_lsp.app.app import App
from skills_lsp.errors import UsageError
from skills_lsp.reports.overview import (
    Ever,
    Now,
    Overview,
    SkillUse,
    overview_charts,
    overview_markdown,
    overview_sentence,
)
from skills_lsp.store import usage
from skills_lsp.store.database import Row
from skills_lsp.store.usage import Day

_N_SHORT = 5
_COMMAND = "skills.report.overview"


@dataclass(frozen=True, slots=True)
class Params:
    """How long and how much."""

    n_days: int = 14
    """How many days to look at, today the last; as many before are compared with."""
    limit: int = 15
    """How many skills to list."""


@dataclass(frozen=True, slots=True)
class Result:
    """The skills, most used first, and the totals; rates from 0 to 1."""

    message: str
    n_days: int
    n_uses: int
    completion_rate: float | None
    saved_seconds: float
    skills: tuple[dict[str, Any], ...]
    rising: tuple[str, ...]
    falling: tuple[str, ...]
    now: tuple[dict[str, Any], ...]
    ever: tuple[dict[str, Any], ...]
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the overview as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the overview."""
    if params.limit < 1:
        raise UsageError("bad-limit", f"{_COMMAND}: limit must be at least 1, not {params.limit}.")
    now = windows.window(app.now(), params.n_days, _COMMAND)
    before = now.before()
    none: tuple[list[Day], str, list[Row], list[Row]] = ([], "", [], [])
    days, first, busy, ever = await app.stored(
        lambda store: store.query(
            lambda db: (
                usage.days(db, before.since, now.until),
                usage.first_date(db),
                usage.now(db, _N_SHORT),
                usage.top(db, _N_SHORT),
            ),
            none,
        ),
        none,
    )
    n_before = params.n_days if first and first <= before.since else 0
    it = Overview(
        params.n_days,
        n_before,
        tuple(_uses(days, now, before)),
        tuple(Now(*row) for row in busy),
        tuple(Ever(*row) for row in ever),
    )
    return Result(
        message=overview_sentence(it),
        n_days=it.n_days,
        n_uses=it.n_uses,
        completion_rate=it.n_completed / it.n_ended if it.n_ended else None,
        saved_seconds=it.saved_seconds,
        skills=tuple(
            {**asdict(skill), "completion_rate": skill.completion_rate} for skill in it.skills
        ),
        rising=tuple(skill.skill for skill in it.rising),
        falling=tuple(skill.skill for skill in it.falling),
        now=tuple(map(asdict, it.now)),
        ever=tuple(map(asdict, it.ever)),
        charts=overview_charts(it, params.limit),
        document=overview_markdown(it, params.limit),
    )


def _uses(days: Iterable[Day], now: windows.Window, before: windows.Window) -> list[SkillUse]:
    by_skill: dict[str, list[Day]] = defaultdict(list)
    for day in days:
        by_skill[day.skill].append(day)
    found = []
    for skill, its in by_skill.items():
        counts = {day.date: day.n_uses for day in its}
        late = {day.date: day for day in its if day.date >= now.since}
        n_timed = sum(day.n_timed for day in late.values())
        total = sum(day.total_duration_seconds for day in late.values())
        found.append(
            SkillUse(
                skill,
                sum(day.n_uses for day in late.values()),
                sum(day.n_ended for day in late.values()),
                sum(day.n_completed for day in late.values()),
                total / n_timed if n_timed else None,
                tuple(counts.get(date, 0) for date in now.dates),
                tuple(counts.get(date, 0) for date in before.dates),
            )
        )
    return sorted(found, key=lambda it: (-it.n_uses, it.skill))
