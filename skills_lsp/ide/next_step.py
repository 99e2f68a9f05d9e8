"""What comes after a run: what the catalogue says at first, and what people really do later."""

from collections.abc import Mapping
from dataclasses import dataclass

from skills_lsp.domain.foresight import Following
from skills_lsp.domain.invocation import Status
from skills_lsp.domain.skill import Skill

FRESH_SECONDS = 600.0
"""For so long after a run its next step is offered first."""

LEAST_LIKELY = 0.3
"""What is less likely than this is not offered as the next step."""

_DECLARED_COUNTS = 3.0
"""What the catalogue says counts as much as so many runs."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that ended: what, how, and when (seconds since 1970)."""

    skill: Skill
    status: Status
    at: float

    def is_fresh(self, now: float) -> bool:
        """Say whether it is what the user has just done; a clock that was put back says no."""
        return 0.0 <= now - self.at < FRESH_SECONDS

    @property
    def declared(self) -> dict[str, float]:
        """What the catalogue says comes next, by skill."""
        if self.status is Status.PASSED:
            each = self.skill.next_passed
        else:
            each = self.skill.next_failed if self.status is Status.FAILED else ()
        return {it.skill: it.likely for it in each}


def with_declared(
    learned: Mapping[str, Following], ended: Ended, n_uses: int
) -> dict[str, Following]:
    """Return what comes next, most likely first.

    Each probability is the mean of what was learned in ``n_uses`` runs of the skill and of what the
    catalogue declares, which counts as three runs.
    """
    declared = ended.declared
    share = _DECLARED_COUNTS / (_DECLARED_COUNTS + n_uses)
    found = {}
    for name in dict.fromkeys((*learned, *declared)):
        own, said = learned.get(name), declared.get(name, 0.0)
        probability = share * said + (1.0 - share) * (own.probability if own else 0.0)
        is_own = own is not None and (1.0 - share) * own.probability >= share * said
        how = "finds something" if ended.status is Status.FAILED else "goes well"
        reason = (
            own.reason if is_own and own else f"it is the next step when {ended.skill.name} {how}"
        )
        found[name] = Following(probability, reason)
    return dict(sorted(found.items(), key=lambda it: (-it[1].probability, it[0])))
