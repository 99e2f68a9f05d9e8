"""Suggestions explained: as text for people, as plain data for programs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from skills_lsp.domain.context import Context, Memory
from skills_lsp.domain.foresight import WORKFLOW_AWARE
from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.ide.order import Weights
from skills_lsp.ide.plain_text import markdown
from skills_lsp.text.markdown import table


def context_json(context: Context) -> dict[str, Any]:
    """Return a context as plain data; lines and columns from 1."""
    return {
        "path": context.path or context.uri,
        "line": context.cursor.line + 1,
        "language": context.language,
        "file_kind": context.file_kind.value,
        "project": context.project,
        "symbols": [f"{symbol.kind} {symbol.name}".strip() for symbol in context.symbols],
        "findings": [
            {"pattern": it.pattern, "line": it.span.start.line + 1, "name": it.name}
            for it in (*context.findings, *context.file_findings)
        ],
        "query": context.query,
    }


def suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion as plain data, its score with all parts."""
    skill = suggestion.skill
    return {
        "rank": suggestion.rank,
        "skill": skill.name,
        "title": skill.title,
        "confidence": round(suggestion.confidence, 4),
        "reasons": list(suggestion.reasons),
        "shortcut": skill.shortcut or None,
        "phase": skill.phase.value,
        "estimated_duration_seconds": skill.estimated_duration_seconds,
    }


def parts_json(suggestion: Suggestion) -> list[dict[str, Any]]:
    """Return the parts of a score: they add up to the confidence."""
    return [
        {
            "part": part.name,
            "value": round(part.value, 4),
            "weight": part.weight,
            "contribution": round(part.contribution, 4),
            "reason": part.reason,
        }
        for part in suggestion.parts
    ]


@dataclass(frozen=True, slots=True)
class Ranking:
    """By what the suggestions were ordered.

    ``trust`` is how much of what is foretold was believed, 0 to 1, after ``n_uses``; ``n_picks`` how many
    picks the weights were fitted to, 0 for the defaults. ``step`` names the skill that stands first as the
    next step after the run that has just ended.
    """

    strategy: str
    weights: Weights
    trust: float = 0.0
    n_uses: int = 0
    n_picks: int = 0
    step: str = ""

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    @property
    def sentences(self) -> str:
        """Say it in words."""
        weights = ", ".join(
            f"{name.replace('_', ' ')} {value:.2f}" for name, value in asdict(self.weights).items()
        )
        origin = f"fitted to {self.n_picks} picks" if self.n_picks else "the defaults"
        said = f"The order is {self.strategy}; the weights in force ({origin}) are {weights}."
        if self.strategy != WORKFLOW_AWARE:
            return said
        runs = "run is" if self.n_uses == 1 else "runs are"
        return (
            f"{said} *next* (what usually follows) and *success* (how likely it is to do its work, less "
            f"that of most skills) count {self.trust:.0%}, as {self.n_uses:,} {runs} known."
        )


_PARTS = ("pattern", "scope", "text", "habit", "next", "success", "tool")


def _row(it: Suggestion, shown: Sequence[str]) -> tuple[str, ...]:
    parts = {part.name: f"{part.contribution:.2f}" for part in it.parts}
    cells = (parts.get(name, "") for name in shown)
    return (str(it.rank), it.skill.name, f"{it.confidence:.2f}", *cells)


def _why(it: Suggestion) -> str:
    reasons = "; ".join(markdown(reason) for reason in it.reasons)
    return f"{it.rank}. **{it.skill.name}**: {reasons or 'nothing in particular'}"


def explanation_markdown(
    context: Context,
    suggestions: Sequence[Suggestion],
    memory: Memory,
    blocked: dict[str, str],
    ranking: Ranking,
) -> str:
    """Return why each suggestion stands where it stands, as a document."""
    where = f"{_file_of(context)}:{context.cursor.line + 1}"
    lines = ["# Why these suggestions", ""]
    if not suggestions:
        lines += [f"Nothing fits {markdown(where)}: no pattern was seen and no skill comes near."]
        return "\n".join(lines) + "\n"
    lines += [
        f"For {markdown(where)} ({context.language}, {context.file_kind.value} file). "
        "Each confidence is the sum of the parts beside it, and at most 1.",
        "",
    ]
    if ranking.step:
        step = f"{ranking.step} stands first as the next step after the run that has just ended."
        lines += [step, ""]
    there = {part.name for it in suggestions for part in it.parts}
    shown = [name for name in _PARTS if name in there]
    head = ("#", "skill", "confidence", *shown)
    numbers = (0, *range(2, 3 + len(shown)))
    lines.append(table(head, [_row(it, shown) for it in suggestions], numbers=numbers))
    lines += ["", "## What speaks for each", "", *(_why(it) for it in suggestions)]
    for it in suggestions:
        if it.skill.name in blocked:
            lines += ["", f"- {it.skill.name} cannot run here: {markdown(blocked[it.skill.name])}"]
    n_known = sum(record.n_runs for record in memory.here.values())
    runs = "1 run" if n_known == 1 else f"{n_known:,} runs"
    lines += ["", "## The weights", "", ranking.sentences, "", f"Learned here so far from {runs}."]
    return "\n".join(lines) + "\n"


def _file_of(context: Context) -> str:
    """Return the file as it is called in its project."""
    if context.workspace and context.path:
        path = PurePath(context.path)
        if path.is_relative_to(context.workspace):
            return str(path.relative_to(context.workspace))
    return context.path or context.uri
