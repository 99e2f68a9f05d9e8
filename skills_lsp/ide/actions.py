"""Suggestions as entries of a code action menu."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skills_lsp.domain.skill import Scope
from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.ide.plain_text import one_line

QUICK_FIX = "quickfix"
REFACTOR = "refactor"
OWN_KIND = "skill"
# Every kind an action of ours can have. VS Code asks only for announced kinds.
KINDS = (QUICK_FIX, "refactor", "refactor.extract", "refactor.inline", "refactor.rewrite", OWN_KIND)
# Findings that are no fault: running a test is not the cure of one.
_NOT_A_FAULT = frozenset({"tests"})


@dataclass(frozen=True, slots=True)
class Action:
    """One entry: what it says, which menu it belongs to, and what it runs."""

    title: str
    kind: str
    suggestion: Suggestion
    disabled: str = ""  # the reason, when it cannot run here


def actions(
    suggestions: Iterable[Suggestion],
    only: Sequence[str] | None,
    blocked: dict[str, str],
    step: str = "",
) -> list[Action]:
    """Return the entries of the kinds asked for, in the order of the suggestions.

    ``step`` names the skill that is offered as the next step.
    """
    made = (_action(suggestion, blocked, step) for suggestion in suggestions)
    return [action for action in made if only is None or is_wanted(action.kind, only)]


def is_wanted(kind: str, only: Sequence[str]) -> bool:
    """Say whether a kind is one of those asked for, or lies below one."""
    return any(not asked or kind == asked or kind.startswith(f"{asked}.") for asked in only)


def could_answer(only: Sequence[str] | None) -> bool:
    """Say whether any of our kinds is asked for; ``source.*`` at save time never is."""
    return only is None or any(is_wanted(kind, only) for kind in KINDS)


def kind_of(suggestion: Suggestion) -> str:
    """Return the menu of a suggestion.

    VS Code's Ctrl+. never shows ``source.*`` and shows kinds of one's own under "More Actions", so
    what answers a fault is a quick fix.
    """
    skill, finding = suggestion.skill, suggestion.finding
    if skill.kind.split(".")[0] == REFACTOR:
        return skill.kind if skill.kind in KINDS else REFACTOR
    if finding is not None and finding.category not in _NOT_A_FAULT:
        return QUICK_FIX
    return OWN_KIND


def _action(suggestion: Suggestion, blocked: dict[str, str], step: str) -> Action:
    title = one_line(suggestion.skill.title)
    finding = suggestion.finding
    is_about_one = suggestion.skill.scope is Scope.SYMBOL and finding is not None
    if is_about_one and finding and finding.name and finding.category in _NOT_A_FAULT:
        title = f"{title}: {one_line(finding.name)}"
    if suggestion.skill.name == step:
        title = f"Next: {title}"
    return Action(title, kind_of(suggestion), suggestion, blocked.get(suggestion.skill.name, ""))
