"""The order of suggestions: a pure function with named weights, each part explained."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace

from skills_lsp.domain.context import Context, Memory, Record
from skills_lsp.domain.foresight import NO_FORESIGHT, Foresight
from skills_lsp.domain.skill import Scope
from skills_lsp.domain.suggestion import Part, Suggestion
from skills_lsp.ide.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part may add to the score, whose first four sum to 1.

    What is foretold comes on top, so that nothing loses by what is learned of others; ``success`` adds
    and takes away, as its value is a difference.
    """

    pattern: float = 0.60
    scope: float = 0.10
    text: float = 0.10
    habit: float = 0.20
    next: float = 0.0
    success: float = 0.0
    # Behind its equals, and still before what hardly fits: who lacks a tool can get it.
    missing_tool: float = -0.25

    def trusted(self, share: float) -> "Weights":
        """Return the weights where so much of what is foretold is believed, 0 to 1."""
        return replace(self, next=share * self.next, success=share * self.success)

    def with_fitted(self, fitted: Mapping[str, float]) -> "Weights":
        """Return the weights with those that were fitted; names that are none are left out."""
        known = {it.name for it in fields(self)}
        return replace(self, **{name: value for name, value in fitted.items() if name in known})


DEFAULT_WEIGHTS = Weights()
WORKFLOW_WEIGHTS = Weights(next=0.80, success=0.40)
"""Chosen so that what surely comes next stands above what was just run and still fits best, and what
comes next half of the time does not."""

_SCOPE_VALUES = {Scope.SYMBOL: 1.0, Scope.FILE: 0.6, Scope.PROJECT: 0.3}
_SCOPE_ORDER = {Scope.SYMBOL: 0, Scope.FILE: 1, Scope.PROJECT: 2}
_SCOPE_REASONS = {
    Scope.SYMBOL: "covers just what is under the cursor",
    Scope.FILE: "covers this file",
    Scope.PROJECT: "covers the whole project",
}
_NOT_WORTH_SAYING = 0.04
# Runs elsewhere say half as much as runs in this project and language.
_ELSEWHERE = 0.5
# A habit counts fully only with use: n / (n + 4), so that one lucky run moves little.
_HALF_HABIT_RUNS = 4


def order(
    found: Iterable[Candidate],
    context: Context,
    memory: Memory,
    blocked: Collection[str] = (),
    weights: Weights = DEFAULT_WEIGHTS,
    foresight: Foresight = NO_FORESIGHT,
) -> list[Suggestion]:
    """Rank all candidates, best first. Equal scores go by scope, then by name.

    The confidence is the score, cut at 0 and 1.

    ``blocked`` names the skills whose tool is missing.

    Nothing is cut here: the caller cuts what is ranked.
    """
    scored = []
    for candidate in found:
        parts = _parts(candidate, context, memory, weights, foresight)
        if candidate.skill.name in blocked:
            parts = (*parts, Part("tool", 1.0, weights.missing_tool, "its tool is missing here"))
        scored.append((sum(part.contribution for part in parts), candidate, parts))
    scored.sort(
        key=lambda it: (-round(it[0], 9), _SCOPE_ORDER[it[1].skill.scope], it[1].skill.name)
    )
    return [
        Suggestion(rank, candidate.skill, max(0.0, min(1.0, score)), parts, candidate.finding)
        for rank, (score, candidate, parts) in enumerate(scored, 1)
    ]


def _parts(
    candidate: Candidate,
    context: Context,
    memory: Memory,
    weights: Weights,
    foresight: Foresight,
) -> tuple[Part, ...]:
    skill = candidate.skill
    parts = (
        _pattern_part(candidate, context, weights.pattern),
        Part("scope", _SCOPE_VALUES[skill.scope], weights.scope, _SCOPE_REASONS[skill.scope]),
        Part("text", candidate.text_score, weights.text, _text_reason(candidate)),
        _habit_part(skill.name, memory, weights.habit),
    )
    if not weights.next and not weights.success:
        return parts
    return (
        *parts,
        _next_part(skill.name, foresight, weights.next),
        _success_part(skill.name, foresight, weights.success),
    )


def _next_part(name: str, foresight: Foresight, weight: float) -> Part:
    found = foresight.following.get(name)
    if found is None:
        return Part("next", 0.0, weight, "")
    return Part("next", found.probability, weight, found.reason)


def _success_part(name: str, foresight: Foresight, weight: float) -> Part:
    rate = foresight.rates.get(name, foresight.typical)
    value = rate - foresight.typical
    if abs(value) < _NOT_WORTH_SAYING:
        return Part("success", value, weight, "")
    reason = f"{rate:.0%} likely to do its work, where most are at {foresight.typical:.0%}"
    why = foresight.reasons.get(name, "")
    return Part("success", value, weight, f"{reason}: {why}" if why else reason)


def _pattern_part(candidate: Candidate, context: Context, weight: float) -> Part:
    finding = candidate.finding
    if finding is None:
        reason = f"is worth it for any {context.language} file" if candidate.strength else ""
        return Part("pattern", candidate.strength * candidate.nearness, weight, reason)
    where = _where(finding.span.start.line, context)
    name = f" {finding.name}" if finding.name else ""
    reason = f"{finding.pattern}{name} {where}"
    return Part("pattern", candidate.strength * candidate.nearness, weight, reason)


def _where(line: int, context: Context) -> str:
    place = context.selection
    first, last = (
        (place.start.line, place.end.line) if place else (context.cursor.line, context.cursor.line)
    )
    if place and first <= line <= last:
        return "in the selection"
    return "here" if first <= line <= last else f"on line {line + 1}"


def _text_reason(candidate: Candidate) -> str:
    return "its description fits the names here" if candidate.text_score else ""


def _habit_part(name: str, memory: Memory, weight: float) -> Part:
    here, elsewhere = memory.here.get(name), memory.everywhere.get(name)
    if here is not None and here.n_runs:
        reason = f"did its work {here.n_completed} of {here.n_runs} times here"
        return Part("habit", habit_value(here), weight, reason)
    if elsewhere is not None and elsewhere.n_runs:
        reason = f"did its work {elsewhere.n_completed} of {elsewhere.n_runs} times elsewhere"
        return Part("habit", _ELSEWHERE * habit_value(elsewhere), weight, reason)
    return Part("habit", 0.0, weight, "")


def habit_value(record: Record) -> float:
    """Return how much past runs speak for a skill, 0 to 1: smoothed success times use.

    The rate is Laplace's rule of succession, (completed + 1) / (runs + 2); it counts in proportion
    to n / (n + 4).

    Examples
    --------
    >>> round(habit_value(Record(n_runs=8, n_completed=8)), 2)
    0.6
    """
    n = record.n_runs
    rate = (record.n_completed + 1) / (n + 2)
    return rate * n / (n + _HALF_HABIT_RUNS)
