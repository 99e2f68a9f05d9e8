"""What to try against an issue, from what was tried against issues like it.

Every attempt on a similar issue votes, for its strategy when it worked and against it when it did not.
Its weight is how similar the issue was, halved with age, and never above 1: so the sum of the weights is
a number of attempts, and less than one attempt where nothing is alike. The order is by the lower end of
the interval of the success rate, so that 2 of 2 does not stand above 45 of 50, nor 2 of 20 above none.

References
----------
Wilson (1927), JASA 22(158), 209-212, doi:10.2307/2276774, for the interval; its one-sided bound with
weighted counts is what Agresti and Coull (1998), The American Statistician 52(2), 119-126, call a
shrinkage towards one half.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from skills_lsp.domain.fix import Recommendation, Vote

HALF_LIFE_DAYS = 90.0
"""An attempt counts half after a quarter of a year: tools and projects change."""

MIN_EVIDENCE = 1.0
"""Attempts, by their weights, below which a strategy is not recommended: a whole one on this very
issue, or more on issues like it."""

MIN_CONFIDENCE = 0.3
"""What mostly fails is not recommended, however often it was tried."""

N_ALTERNATIVES = 3

_Z = 1.2815515655446004
"""Quantile 0.9 of the normal distribution: nine of ten true rates lie above the bound."""

_LEAST_WEIGHT = 0.01


@dataclass(frozen=True, slots=True)
class Kernel:
    """How much an attempt on another issue counts, by how alike the two are."""

    least: float
    """Similarity at which it counts nothing."""
    power: float
    other_type: float
    """Factor for an issue of another tool or type."""

    def __call__(self, similarity: float, *, is_same_type: bool) -> float:
        """Return the weight of an attempt before its age, 0 to 1."""
        share = (min(similarity, 1.0) - self.least) / (1.0 - self.least)
        return float(max(share, 0.0) ** self.power) * (1.0 if is_same_type else self.other_type)


# Chosen from a handful on a part of tests/accuracy/fix_truth.py; where the fall is steep, too little is
# offered.
BY_MEANING = Kernel(least=0.3, power=1.5, other_type=0.15)
BY_WORDS = Kernel(least=0.0, power=1.0, other_type=0.2)


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt on an issue that is like the one asked about."""

    strategy: str
    success: bool
    similarity: float
    """How much its issue is like the one asked about, 0 to 1."""
    age_days: float
    weight: float = 1.0
    """What the similarity is worth, 0 to 1; see :class:`Kernel`."""
    credit: float = 1.0
    """Its share of a success, when several strategies were tried before the next look."""


def recommend(tried: Iterable[Tried], half_life_days: float = HALF_LIFE_DAYS) -> Recommendation:
    """Return what to try first, and what else; see :func:`votes`."""
    good = [it for it in votes(tried, half_life_days) if is_enough(it)]
    return Recommendation(good[0] if good else None, tuple(good[1 : 1 + N_ALTERNATIVES]))


def votes(tried: Iterable[Tried], half_life_days: float = HALF_LIFE_DAYS) -> tuple[Vote, ...]:
    """Return how each strategy went, the best first.

    Parameters
    ----------
    tried
        The attempts on similar issues, in any order.
    half_life_days
        An attempt of this age counts half.
    """
    by_strategy: dict[str, list[tuple[Tried, float]]] = {}
    for it in tried:
        weight = weight_of(it, half_life_days)
        if weight >= _LEAST_WEIGHT:
            by_strategy.setdefault(it.strategy, []).append((it, weight))
    found = (_vote(strategy, weighted) for strategy, weighted in by_strategy.items())
    return tuple(sorted(found, key=lambda it: (-it.confidence, -it.rate, it.strategy)))


def is_enough(vote: Vote) -> bool:
    """Say whether a strategy may be recommended."""
    return vote.evidence >= MIN_EVIDENCE and vote.confidence >= MIN_CONFIDENCE


def weight_of(it: Tried, half_life_days: float = HALF_LIFE_DAYS) -> float:
    """Return the weight of an attempt, 0 to 1; a clock that went back makes nothing weigh more."""
    decay = 0.5 ** (max(it.age_days, 0.0) / half_life_days)
    return float(max(min(it.weight, 1.0), 0.0) * decay * max(min(it.credit, 1.0), 0.0))


def lower_bound(n_worked: float, n_tried: float, z: float = _Z) -> float:
    """Return the lower end of Wilson's score interval; counts may be sums of weights.

    Examples
    --------
    >>> round(lower_bound(2, 20), 2), round(lower_bound(2, 2), 2), round(lower_bound(45, 50), 2)
    (0.04, 0.55, 0.83)
    >>> lower_bound(0, 0)
    0.0
    """
    if n_tried <= 0:
        return 0.0
    share = min(max(n_worked / n_tried, 0.0), 1.0)
    spread = z * math.sqrt(share * (1 - share) / n_tried + z * z / (4 * n_tried * n_tried))
    centre = share + z * z / (2 * n_tried)
    return max((centre - spread) / (1 + z * z / n_tried), 0.0)


def _vote(strategy: str, weighted: list[tuple[Tried, float]]) -> Vote:
    evidence = math.fsum(weight for _, weight in weighted)
    worked = math.fsum(weight for it, weight in weighted if it.success)
    return Vote(
        strategy,
        lower_bound(worked, evidence),
        worked / evidence,
        evidence,
        len(weighted),
        sum(it.success for it, _ in weighted),
        math.fsum(it.similarity * weight for it, weight in weighted) / evidence,
    )
