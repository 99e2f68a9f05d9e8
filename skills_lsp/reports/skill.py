"""Everything about one skill: how it goes, when, where, beside what, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import (
    ago,
    bar,
    duration,
    moment,
    percent,
    plain,
    plural,
    signed,
    sparkline,
)
from skills_lsp.reports.percentiles import Spread
from skills_lsp.reports.rates import rate, wilson
from skills_lsp.reports.workflow import named
from skills_lsp.text.markdown import table

_MAX_ROWS = 6
_KINDS = {
    "error_type": ("What went wrong", "Error"),
    "follow_up": ("What was done next", "Action"),
    "workflow_path": ("Workflows", "Workflow"),
}


@dataclass(frozen=True, slots=True)
class SkillFacts:
    """One skill. ``days`` are the uses of the last days, today the last."""

    skill: str
    description: str
    n_uses: int
    n_running: int
    n_completed: int
    n_picked_first: int
    n_ranked: int
    mean_rank: float | None
    mean_duration_seconds: float | None
    first_at: str
    last_at: str
    last_status: str
    last_summary: str
    week_rate: float | None = None  # mean of the daily rates of completion in seven days
    week_slope: float | None = None  # by how much those rose each day; negative when they fell
    days: tuple[int, ...] = ()
    spread: Spread | None = None
    phases: tuple[tuple[str, int, int, int], ...] = ()  # phase, uses, ended, completed
    places: tuple[tuple[str, str, int, int, int], ...] = ()  # project, language, and the same
    counts: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    neighbours: tuple[tuple[str, str, int], ...] = ()  # skill, before or after, how often

    @property
    def n_ended(self) -> int:
        """Uses that have ended."""
        return self.n_uses - self.n_running

    @property
    def completion_rate(self) -> float | None:
        """Completed among ended, 0 to 1."""
        return rate(self.n_completed, self.n_ended)


def skill_sentence(it: SkillFacts, now: datetime) -> str:
    """Say what the figures mean."""
    last = f", the last {ago(it.last_at, now)}"
    sure = wilson(it.n_completed, it.n_ended)
    done = (
        f" {percent(it.completion_rate)} did their work "
        f"(95 % sure: {percent(sure.low)} to {percent(sure.high)})."
        if it.n_ended
        else ""
    )
    return f"{plain(it.skill)} was run {plural(it.n_uses, 'time')}{last}.{done}"


def skill_markdown(it: SkillFacts, now: datetime) -> str:
    """Lay out a skill."""
    parts = [f"# {plain(it.skill)}", skill_sentence(it, now)]
    if it.description:
        parts.append(plain(it.description, limit=300))
    parts += [_figures(it), _phases(it), _places(it), _neighbours(it)]
    parts += [_counts(kind, it.counts.get(kind, ())) for kind in _KINDS]
    return "\n\n".join(part for part in parts if part) + "\n"


def skill_charts(it: SkillFacts) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws."""
    labels = [str(n - len(it.days) + 1) for n in range(len(it.days))]
    drawn = [charts.lines("Runs by day, 0 is the last", labels, {it.skill: it.days}, "runs")]
    if it.phases:
        names = [named(phase) for phase, *_ in it.phases]
        uses = [n for _, n, *_ in it.phases]
        drawn.append(charts.bars("Runs by phase", names, {"runs": uses}, "runs"))
    return tuple(drawn)


def _figures(it: SkillFacts) -> str:
    cells = [
        ("Runs by day", f"{sparkline(it.days)} (the last {plural(len(it.days), 'day')})"),
        ("First and last", f"{moment(it.first_at)} and {moment(it.last_at)} UTC"),
        ("Last outcome", _outcome(it)),
        ("Mean time", duration(it.mean_duration_seconds) or "–"),
    ]
    if it.spread is not None:
        said = f"{duration(it.spread.p50)}, {duration(it.spread.p95)}, {duration(it.spread.p99)}"
        cells.append(("Half, 95 %, 99 % within", said))
    if it.week_rate is not None:
        moved = (
            ""
            if it.week_slope is None
            else f", {signed(it.week_slope * 100, digits=1)} points a day"
        )
        cells.append(("Completed, mean of 7 days", f"{percent(it.week_rate)}{moved}"))
    if it.n_ranked:
        share = percent(it.n_picked_first / it.n_ranked)
        cells.append(("Picked as the top suggestion", f"{share} of {it.n_ranked:,} picks"))
        cells.append(("Mean rank when picked", f"{it.mean_rank:.1f}"))
    return table(("What", "How much"), cells)


def _outcome(it: SkillFacts) -> str:
    words = [plain(word) for word in (it.last_status, it.last_summary) if word]
    return ": ".join(words) or "–"


def _rows(rows: Sequence[tuple[tuple[str, ...], int, int, int]]) -> list[tuple[str, ...]]:
    most = max(n for _, n, _, _ in rows)
    return [
        (*names, f"{bar(n / most)} {n:,}", percent(rate(completed, ended)))
        for names, n, ended, completed in rows[:_MAX_ROWS]
    ]


def _phases(it: SkillFacts) -> str:
    if not it.phases:
        return ""
    rows = _rows([((named(phase),), n, ended, done) for phase, n, ended, done in it.phases])
    return "## Phases\n\n" + table(("Phase", "Runs", "Completed"), rows, numbers=(2,))


def _places(it: SkillFacts) -> str:
    if not it.places:
        return ""
    rows = _rows(
        [
            ((plain(project) or "no project", plain(language) or "any"), n, ended, done)
            for project, language, n, ended, done in it.places
        ]
    )
    head = ("Project", "Language", "Runs", "Completed")
    return "## Where\n\n" + table(head, rows, numbers=(3,))


def _neighbours(it: SkillFacts) -> str:
    parts = []
    for way, title in (("before", "Right before it"), ("after", "Right after it")):
        found = [(name, n) for name, its_way, n in it.neighbours if its_way == way]
        if found:
            total = sum(n for _, n in found)
            cells = [
                (plain(name, limit=60), f"{bar(n / total)} {percent(n / total)}", f"{n:,}")
                for name, n in found[:_MAX_ROWS]
            ]
            head = (title, "Share", "Times")
            parts.append(table(head, cells, numbers=(2,)))
    return "\n\n".join(("## In a session", *parts)) if parts else ""


def _counts(kind: str, counts: Sequence[tuple[str, int]]) -> str:
    if not counts:
        return ""
    title, head = _KINDS[kind]
    most = counts[0][1]
    cells = [(plain(value), f"{bar(n / most)} {n:,}") for value, n in counts[:_MAX_ROWS]]
    return f"## {title}\n\n" + table((head, "Times"), cells)
