"""How skills go with everybody, beside how they go with you."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import bar, duration, percent, plain, plural
from skills_lsp.reports.rates import rate, wilson
from skills_lsp.reports.workflow import named
from skills_lsp.text.markdown import table


@dataclass(frozen=True, slots=True)
class Community:
    """One skill with everybody, and with you: your uses and how many completed."""

    skill: str
    n_users: int
    n_uses: int
    completion_rate: float
    mean_duration_seconds: float | None
    phase: str
    percentile: float | None
    own: tuple[int, int] = (0, 0)

    @property
    def own_rate(self) -> float | None:
        """Your share of completed ones."""
        return rate(self.own[1], self.own[0])

    @property
    def way(self) -> int:
        """1 where yours surely goes better than everybody's, -1 worse, 0 where nobody knows."""
        sure = wilson(self.own[1], self.own[0])
        return (sure.low > self.completion_rate) - (sure.high < self.completion_rate)


def baselines_sentence(found: Sequence[Community], n_users: int, least: int) -> str:
    """Say what the figures mean."""
    if not n_users:
        return (
            "Nobody's runs are known yet: run a skill from your editor, or import the history of "
            "others with `skills-lsp import`."
        )
    if not found:
        return (
            f"No skill has been used by {least} people, and of fewer nothing is shown: the history "
            f"knows {plural(n_users, 'user')}."
        )
    said = (
        f"{plural(len(found), 'skill')} with at least {least} users, of {plural(n_users, 'user')}; "
        f"{plain(max(found, key=_completion).skill)} completes most often, "
        f"{plain(min(found, key=_completion).skill)} least"
    )
    worse = [plain(it.skill) for it in found if it.way < 0]
    return f"{said}; with you {worse[0]} goes worse." if worse else f"{said}."


def _completion(it: Community) -> tuple[float, int]:
    return it.completion_rate, it.n_uses


def baselines_markdown(found: Sequence[Community], n_users: int, least: int, limit: int) -> str:
    """Lay out the baselines."""
    parts = ["# Baselines", baselines_sentence(found, n_users, least)]
    if found:
        shown = found[:limit]
        has_own = any(it.own[0] for it in shown)
        cells = [
            (
                plain(it.skill, limit=60),
                named(it.phase),
                str(it.n_users),
                f"{it.n_uses:,}",
                duration(it.mean_duration_seconds),
                "–" if it.percentile is None else f"{it.percentile:.0f}",
                f"{bar(it.completion_rate)} {percent(it.completion_rate)}",
                *([_own(it)] if has_own else []),
            )
            for it in shown
        ]
        head = ("Skill", "Phase", "Users", "Runs", "Mean time", "Percentile", "Completed")
        own_head = ("With you",) if has_own else ()
        parts.append(table((*head, *own_head), cells, numbers=(2, 3, 4, 5)))
        more = len(found) - limit
        about = (
            f"Of skills with fewer than {least} users nothing is shown. Percentile: the share of the "
            "other skills that complete no more often."
        )
        parts.append(
            f"{plural(more, 'more skill')} with fewer users. {about}" if more > 0 else about
        )
    return "\n\n".join(parts) + "\n"


def _own(it: Community) -> str:
    if it.own_rate is None:
        return ""
    return percent(it.own_rate) + {1: " ↗ better", 0: "", -1: " ↘ worse"}[it.way]


def baselines_charts(found: Sequence[Community], limit: int) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws."""
    shown = found[:limit]
    if not shown:
        return ()
    series: Mapping[str, Sequence[float | None]] = {
        "everybody": [it.completion_rate for it in shown],
        "you": [it.own_rate for it in shown],
    }
    return (charts.bars("Completed", [it.skill for it in shown], series, "share"),)
