"""Say everything about one skill: how it goes, how long it takes, where, beside what.

Without a name it is the skill that is used most.
"""

from dataclasses import asdict, dataclass
from typing import Any

import skills_lsp.app.operations._windows as windows
from skills_lsp.app.app import App
from skills_lsp.app.operations._names import unknown_skill
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
    """How many days to look at for days, durations and neighbours, today the last."""


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
            raise await unknown_skill(app, name)
        never = f"{name} was never run"
        return Result(nothing_sentence(never), name, None, (), nothing_yet(name, never))
    now = app.now()
    data = {**asdict(facts), "completion_rate": facts.completion_rate}
    return Result(
        skill_sentence(facts, now), name, data, skill_charts(facts), skill_markdown(facts, now)
    )


def _facts(store: Store, name: str, known: str, time: windows.Window) -> SkillFacts | None:
    def asked(db: Any) -> SkillFacts | None:
        row = usage.skill(db, name)
        if row is None:
            return None
        days = usage.skill_days(db, name, time.since, time.until)
        phases = {phase: counts for phase, *counts in usage.skill_phases(db, name)}
        found = usage.neighbours(db, name, time.since_instant, time.until_instant)
        return SkillFacts(
            name,
            known,
            days=tuple(days.get(date, 0) for date in time.dates),
            spread=spread(usage.durations(db, name, time.since, time.until)),
            phases=tuple((it, *phases[it]) for it in in_order({*phases})),
            places=tuple((*it,) for it in usage.settings(db, name)),
            counts={kind: tuple(its) for kind, its in usage.counts(db, name).items()},
            neighbours=tuple((*it,) for it in found),
            **row,
        )

    return store.query(asked, None)
