"""A suggestion: a skill, its place in the order, and the parts of its score."""

from dataclasses import dataclass

from skills_lsp.domain.finding import Finding
from skills_lsp.domain.skill import Skill


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a score: ``weight`` times ``value`` is what it adds.

    Values run from 0 to 1; that of ``success`` is a difference, from -1 to 1.
    """

    name: str
    value: float
    weight: float
    reason: str

    @property
    def contribution(self) -> float:
        """What the part adds to the confidence."""
        return self.weight * self.value


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A skill worth running now. ``confidence`` is the sum of its parts, cut at 0 and 1."""

    rank: int  # 1 is the best
    skill: Skill
    confidence: float
    parts: tuple[Part, ...]
    finding: Finding | None = None  # the one it answers, if any

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons in words, strongest first."""
        ordered = sorted(self.parts, key=lambda part: -part.contribution)
        return tuple(part.reason for part in ordered if part.contribution and part.reason)
