"""Which skills could fit a context, and what speaks for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest

from skills_lsp.domain.context import Context, Memory
from skills_lsp.domain.finding import Finding
from skills_lsp.domain.skill import Catalogue, FileKind, Origin, Scope, Skill
from skills_lsp.text import Point, Span

CODE_FILE = "code-file"
"""The trigger of what is worth running on any file of its languages: a check, a formatter."""

_N_BY_TEXT = 12
_N_BY_HABIT = 6
# How much a finding counts by how near it is: on the cursor's line, around it, in the same
# definition, elsewhere in the file. Chosen so that a strong trigger elsewhere in the definition
# stands above a weak one at the cursor.
_ON_THE_LINE = 1.0
_AROUND = 0.9
_SAME_DEFINITION = 0.7
_SAME_FILE = 0.35


@dataclass(frozen=True, slots=True)
class Candidate:
    """A skill that may be suggested. ``strength`` is the trigger's, ``nearness`` the finding's."""

    skill: Skill
    finding: Finding | None = None
    strength: float = 0.0
    nearness: float = 0.0
    text_score: float = 0.0


def candidates(
    context: Context,
    catalogue: Catalogue,
    text_scores: Mapping[str, float],
    memory: Memory,
    disabled: frozenset[str] = frozenset(),
    following: Iterable[str] = (),
) -> list[Candidate]:
    """Return each skill that fits at most once, with the finding that speaks loudest for it.

    A skill comes in by a trigger, by its text (the nearest dozen), by habit (the most used here) or
    because it usually follows what was run last.
    """
    near: dict[str, tuple[Finding | None, float]] = {**_nearness_by_pattern(context)}
    near[CODE_FILE] = (None, _SAME_FILE)
    names = [skill.name for pattern in near for skill in catalogue.by_pattern.get(pattern, ())]
    names += nlargest(_N_BY_TEXT, text_scores, key=lambda name: text_scores[name])
    names += nlargest(_N_BY_HABIT, memory.here, key=lambda name: memory.here[name].n_runs)
    names += following
    found = []
    for name in dict.fromkeys(names):
        skill = catalogue.by_name.get(name)  # what was used here once may be gone
        if skill is None or name in disabled or not fits(skill, context):
            continue
        finding, strength, nearness = _loudest(skill, near)
        score = text_scores.get(name, 0.0)
        found.append(Candidate(skill, finding, strength, nearness, score))
    return found


def fits(skill: Skill, context: Context) -> bool:
    """Say whether the skill is for this language and kind of file, and has what it works on."""
    if skill.languages and context.language not in skill.languages:
        return False
    if skill.file_kind is not FileKind.ANY and skill.file_kind is not context.file_kind:
        return False
    if skill.requires_imports and not _imports_one_of(skill.requires_imports, context.imports):
        return False
    # What runs exactly one symbol is no use where the cursor is in none.
    needs_symbol = skill.scope is Scope.SYMBOL and not skill.is_agent_skill
    if needs_symbol and not (context.symbols or context.findings or context.selection):
        return False
    return bool(context.path) or skill.is_agent_skill or skill.origin is Origin.TASK


def _imports_one_of(wanted: Iterable[str], modules: Iterable[str]) -> bool:
    roots = tuple(wanted)
    return any(
        module == root or module.startswith((f"{root}.", f"{root}/"))
        for module in modules
        for root in roots
    )


def nearness(finding: Finding, context: Context) -> float:
    """Return how near a finding is to the cursor or selection, 0 to 1."""
    place = context.selection or Span(context.cursor, context.cursor)
    first, last = place.start.line, place.end.line
    if finding.span.touches_lines(first, last):
        return _ON_THE_LINE
    if finding.extent.touches(place) or _is_inside(finding.span, place):
        return _AROUND
    return _SAME_DEFINITION


def _nearness_by_pattern(context: Context) -> dict[str, tuple[Finding, float]]:
    """Return, for each pattern seen, its nearest finding; of equals, the innermost."""
    nearest: dict[str, tuple[Finding, float]] = {}
    for finding in context.findings:
        near = nearness(finding, context)
        known = nearest.get(finding.pattern)
        if known is None or (near, finding.span.start) > (known[1], known[0].span.start):
            nearest[finding.pattern] = (finding, near)
    for finding in context.file_findings:
        nearest.setdefault(finding.pattern, (finding, _SAME_FILE))
    return nearest


def _loudest(
    skill: Skill, near: Mapping[str, tuple[Finding | None, float]]
) -> tuple[Finding | None, float, float]:
    best: tuple[Finding | None, float, float] = (None, 0.0, 0.0)
    for trigger in skill.triggers:
        if trigger.pattern in near:
            finding, nearness_ = near[trigger.pattern]
            if trigger.strength * nearness_ > best[1] * best[2]:
                best = (finding, trigger.strength, nearness_)
    return best


def _is_inside(span: Span, place: Span) -> bool:
    start: Point = place.start
    return start <= span.start and span.end <= place.end
