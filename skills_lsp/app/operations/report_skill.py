"""Say everything about one skill: how it goes, how long it takes, where, beside what.

Without a name it is the skill that is used most.
"""

from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

import skills_lsp.app.operations._windows as windows
from skills_lsp.app.app import App
from skills_lsp.errors import UsageError
from skills_lsp.reports.layout import nothing_sentence, nothing_yet
from skills_lsp.reports.percentiles import spread
from skills_lsp.reports.skill import SkillFacts, skill_charts, skill_markdown, skill_sentence
from skills_lsp.reports.workflow import in_order
from skills_lsp.store import Store, usage

ARGUMENT = "name"


@dataclass(frozen=True, slots=True)
class Params:
    """Which skill, and how long."""

    name: str = ""
    """The name of the skill; without one, the skill that is used most."""
    n_days: int = 30
    """How many days to look at for days, phases, durations and neighbours, today the last."""


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of the skill; null when it was never run."""

    message: str
    name: str
    skill: dict[str, Any] | None
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the skill as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return what is known of the skill."""
    time = windows.window(app.now(), params.n_days, "skills.report.skill")
    catalogue = app.knowledge.catalogue.by_name
    asked = params.name.strip()
    name = asked or await app.stored(lambda store: store.query(usage.most_used, ""), "")
    if not name:
        return Result(nothing_sentence(), "", None, (), nothing_yet("A skill"))
    known = catalogue[name].description if name in catalogue else ""
    facts = await app.stored(lambda store: _facts(store, name, known, time), None)
    if facts is None:
        if name not in catalogue:
            raise await _unknown(app, name)
        never = f"{name} was never run"
        return Result(nothing_sentence(never), name, None, (), nothing_yet(name, never))
    now = app.now()
    data = {**asdict(facts), "completion_rate": facts.completion_rate}
    return Result(
        skill_sentence(facts, now), name, data, skill_charts(facts), skill_markdown(facts, now)
    )


async def _unknown(app: App, name: str) -> UsageError:
    none: list[str] = []
    used = await app.stored(lambda store: store.query(usage.skill_names, none), none)
    near = get_close_matches(name, {*used, *app.knowledge.catalogue.by_name}, 1)
    hint = f"Did you mean {near[0]}?" if near else "`skills-lsp report overview` has those in use."
    return UsageError("unknown-skill", f"There is no skill {name[:80]!r}.", hint)


def _facts(store: Store, name: str, known: str, time: windows.Window) -> SkillFacts | None:
    row = store.query(lambda db: usage.skill(db, name), None)
    if row is None:
        return None
    days, phases, places, histogram, neighbours, counts = store.query(
        lambda db: (
            {it.date: it.n_uses for it in usage.days(db, time.since, time.until, name)},
            {it[0]: it for it in usage.phases(db, time.since, time.until, name)},
            usage.settings(db, name),
            usage.durations(db, name, time.since, time.until),
            usage.neighbours(db, name, time.since_instant, time.until_instant),
            usage.counts(db, name),
        ),
        ({}, {}, [], [], [], {}),
    )
    n_uses, n_running, n_completed, n_first, n_ranked, mean_rank, mean, first, last, *ended = row
    return SkillFacts(
        name,
        known,
        n_uses,
        n_running,
        n_completed,
        n_first,
        n_ranked,
        mean_rank,
        mean,
        first,
        last,
        *ended,
        days=tuple(days.get(date, 0) for date in time.dates),
        spread=spread(histogram),
        phases=tuple((it, *phases[it][2:5]) for it in in_order({*phases})),
        places=tuple((*it,) for it in places),
        counts={kind: tuple(its) for kind, its in counts.items()},
        neighbours=tuple((*it,) for it in neighbours),
    )
