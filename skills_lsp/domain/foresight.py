"""What the models foretell at one moment, as plain data for the order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SEMANTIC, WORKFLOW_AWARE = "semantic", "workflow-aware"
STRATEGIES = (SEMANTIC, WORKFLOW_AWARE)
"""How suggestions are ordered: by what the code and the texts say and what was used; or also by what
usually comes next and how likely it is to work."""


@dataclass(frozen=True, slots=True)
class Following:
    """How likely a skill is to be run next, 0 to 1, and why in words."""

    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is foretold for the candidates of one place.

    Parameters
    ----------
    rates
        How likely each skill is to do its work, 0 to 1.
    typical
        The same of a skill that nothing is known about; only the difference to it moves the order.
    reasons
        What moves each rate most, in words.
    following
        What usually comes next, by skill.
    trust
        From 0, where nothing was seen yet, to 1: how much of the weight these parts get.
    """

    rates: Mapping[str, float] = field(default_factory=dict)
    typical: float = 0.0
    reasons: Mapping[str, str] = field(default_factory=dict)
    following: Mapping[str, Following] = field(default_factory=dict)
    trust: float = 0.0


NO_FORESIGHT = Foresight()
