"""How the phases of the work go: effectiveness, what follows what, and where it gets stuck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import (
    bar,
    duration,
    listed,
    nothing_sentence,
    percent,
    plain,
    plural,
)
from skills_lsp.reports.rates import Interval, rate, wilson
from skills_lsp.text.markdown import table

PHASES = ("setup", "execution", "verification", "deployment")

MIN_USES = 5
STUCK = 0.2
_WARNING, _CRITICAL = 0.3, 0.5
_MAX_TRANSITIONS = 12


@dataclass(frozen=True, slots=True)
class PhaseUse:
    """One skill in one phase."""

    phase: str
    skill: str
    n_uses: int
    n_ended: int
    n_completed: int
    n_timed: int
    total_duration_seconds: float

    @property
    def abandonment(self) -> float | None:
        """Ended without having done the work, 0 to 1."""
        return rate(self.n_ended - self.n_completed, self.n_ended)

    @property
    def surely(self) -> Interval:
        """Where the rate of abandonment probably is."""
        return wilson(self.n_ended - self.n_completed, self.n_ended)

    @property
    def is_bottleneck(self) -> bool:
        """Say whether work gets stuck here, surely: 5 uses, and even the lower bound is above 20 %."""
        return self.n_ended >= MIN_USES and self.surely.low > STUCK

    @property
    def severity(self) -> str:
        """Say how bad a bottleneck is."""
        share = self.abandonment or 0.0
        return "critical" if share > _CRITICAL else "warning" if share > _WARNING else "note"


@dataclass(frozen=True, slots=True)
class Transition:
    """How often one phase came after another within a session."""

    before: str
    after: str
    n: int


@dataclass(frozen=True, slots=True)
class Leader:
    """One of the most used skills of a phase, of all time."""

    phase: str
    skill: str
    n_uses: int
    completion_rate: float | None


@dataclass(frozen=True, slots=True)
class Workflow:
    """The last ``n_days`` days by phase."""

    n_days: int
    uses: tuple[PhaseUse, ...]
    transitions: tuple[Transition, ...]
    ever: Mapping[str, int] = field(default_factory=dict)  # uses of each phase of all time
    leaders: tuple[Leader, ...] = ()

    @property
    def phases(self) -> tuple[PhaseUse, ...]:
        """The phases in the order of the work, each with all its skills together."""
        return tuple(
            _together(phase, [it for it in self.uses if it.phase == phase])
            for phase in in_order({it.phase for it in self.uses})
        )

    @property
    def bottlenecks(self) -> tuple[PhaseUse, ...]:
        """Where it gets stuck, worst first."""
        found = [it for it in self.uses if it.is_bottleneck]
        return tuple(sorted(found, key=lambda it: (-it.surely.low, it.skill)))


def in_order(phases: set[str]) -> list[str]:
    """Return phases in the order of the work, then others by name.

    >>> in_order({"other", "verification", "setup"})
    ['setup', 'verification', 'other']
    """
    places = {phase: i for i, phase in enumerate(PHASES)}
    return sorted(phases, key=lambda it: (places.get(it, len(PHASES)), it))


def workflow_sentence(it: Workflow) -> str:
    """Say what the figures mean."""
    if not it.uses:
        return nothing_sentence(f"Nothing was run in the last {plural(it.n_days, 'day')}")
    n_uses = sum(use.n_uses for use in it.uses)
    stuck = it.bottlenecks
    said = f"{plural(n_uses, 'run')} in {plural(len(it.phases), 'phase')}"
    if not stuck:
        return f"{said}; the work gets stuck nowhere beyond chance."
    where = listed([f"{plain(use.skill)} ({named(use.phase)})" for use in stuck[:3]])
    more = f" and {len(stuck) - 3} more" if len(stuck) > 3 else ""  # noqa: PLR2004 - as shown
    return f"{said}; the work gets stuck at {where}{more}."


def workflow_markdown(it: Workflow) -> str:
    """Lay out the workflow."""
    parts = ["# Workflow", workflow_sentence(it)]
    if it.uses:
        parts += [_phases(it), _bottlenecks(it), _transitions(it), _leaders(it)]
    return "\n\n".join(parts) + "\n"


def workflow_charts(it: Workflow) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws."""
    if not it.uses:
        return ()
    phases = it.phases
    names = [named(use.phase) for use in phases]
    rates = [rate(use.n_completed, use.n_ended) for use in phases]
    labels = in_order({use.after for use in it.transitions})
    counts = {(use.before, use.after): use.n for use in it.transitions}
    rows = {
        named(before): [counts.get((before, after), 0) for after in labels]
        for before in in_order({use.before for use in it.transitions})
    }
    drawn = [
        charts.bars("Completed by phase", names, {"completed": rates}, "share"),
        charts.bars("Runs by phase", names, {"runs": [use.n_uses for use in phases]}, "runs"),
    ]
    if rows:
        drawn.append(charts.heat("What follows what", [*map(named, labels)], rows, "times"))
    return tuple(drawn)


def named(phase: str) -> str:
    """Return a phase as it is shown; text from outside is escaped."""
    return plain(phase) or "no phase"


def _together(phase: str, uses: Sequence[PhaseUse]) -> PhaseUse:
    return PhaseUse(
        phase,
        "",
        sum(it.n_uses for it in uses),
        sum(it.n_ended for it in uses),
        sum(it.n_completed for it in uses),
        sum(it.n_timed for it in uses),
        sum(it.total_duration_seconds for it in uses),
    )


def _phases(it: Workflow) -> str:
    cells = []
    for use in it.phases:
        completed = rate(use.n_completed, use.n_ended)
        sure = wilson(use.n_completed, use.n_ended)
        cells.append(
            (
                named(use.phase),
                f"{use.n_uses:,}",
                f"{it.ever.get(use.phase, use.n_uses):,}",
                str(sum(one.phase == use.phase for one in it.uses)),
                f"{bar(completed or 0.0)} {percent(completed)}",
                f"{percent(sure.low)} to {percent(sure.high)}" if use.n_ended else "–",
                duration(use.total_duration_seconds / use.n_timed) if use.n_timed else "",
            )
        )
    head = ("Phase", "Runs", "Ever", "Skills", "Completed", "95 % sure", "Mean time")
    return "## Phases\n\n" + table(head, cells, numbers=(1, 2, 3, 6))


def _bottlenecks(it: Workflow) -> str:
    if not it.bottlenecks:
        return (
            "## Bottlenecks\n\nThere are none. One would be a skill with at least "
            f"{MIN_USES} ended runs of which surely more than {percent(STUCK)} did not do their work."
        )
    cells = [
        (
            use.severity,
            plain(use.skill, limit=60),
            named(use.phase),
            f"{bar(use.abandonment or 0)} {percent(use.abandonment)}",
            f"{percent(use.surely.low)} to {percent(use.surely.high)}",
            f"{use.n_ended:,}",
        )
        for use in it.bottlenecks
    ]
    head = ("How bad", "Skill", "Phase", "Did not complete", "95 % sure", "Of runs")
    advice = (
        f"Look at one with `skills-lsp report skill {plain(it.bottlenecks[0].skill, code=True)}`."
    )
    return f"## Bottlenecks\n\n{table(head, cells, numbers=(5,))}\n\n{advice}"


def _transitions(it: Workflow) -> str:
    if not it.transitions:
        return "## What follows what\n\nNo session has had two runs yet."
    totals: dict[str, int] = {}
    for one in it.transitions:
        totals[one.before] = totals.get(one.before, 0) + one.n
    ordered = sorted(it.transitions, key=lambda one: (-one.n, one.before, one.after))
    cells = [
        (
            f"{named(one.before)} → {named(one.after)}",
            f"{one.n:,}",
            f"{bar(one.n / totals[one.before])} {percent(one.n / totals[one.before])}",
        )
        for one in ordered[:_MAX_TRANSITIONS]
    ]
    head = ("From → to", "Times", "Of all that follows")
    return "## What follows what\n\n" + table(head, cells, numbers=(1,))


def _leaders(it: Workflow) -> str:
    if not it.leaders:
        return ""
    order = {
        phase: place for place, phase in enumerate(in_order({one.phase for one in it.leaders}))
    }
    cells = [
        (
            named(one.phase),
            plain(one.skill, limit=60),
            f"{one.n_uses:,}",
            f"{bar(one.completion_rate or 0)} {percent(one.completion_rate)}",
        )
        for one in sorted(it.leaders, key=lambda one: (order[one.phase], -one.n_uses, one.skill))
    ]
    head = ("Phase", "Skill", "Runs ever", "Completed")
    return "## Most used in each phase\n\n" + table(head, cells, numbers=(2,))
