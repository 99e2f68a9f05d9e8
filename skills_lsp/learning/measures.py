"""How good predictions were."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_N_BINS = 10
_SURE = 1e-6


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of about the same probability, and how often they came true."""

    low: float
    high: float
    n: int
    predicted: float
    observed: float


def area_under_curve(rates: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Return the chance that a success was given more than a failure; None without both.

    Ties count half: Hanley and McNeil (1982), Radiology 143(1), 29-36.

    >>> area_under_curve([0.1, 0.4, 0.35, 0.8], [False, False, True, True])
    0.75
    """
    order = sorted(range(len(rates)), key=rates.__getitem__)
    n_good = sum(outcomes)
    n_bad = len(outcomes) - n_good
    if not n_good or not n_bad:
        return None
    ranks, at = 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and rates[order[end]] == rates[order[at]]:
            end += 1
        mean_rank = (at + end + 1) / 2
        ranks += mean_rank * sum(outcomes[i] for i in order[at:end])
        at = end
    return (ranks - n_good * (n_good + 1) / 2) / (n_good * n_bad)


def log_loss(rates: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Return the mean surprise, in nats.

    >>> round(log_loss([0.5, 0.5], [True, False]), 3)
    0.693
    """
    surprises = (
        -math.log(min(max(rate if outcome else 1.0 - rate, _SURE), 1.0))
        for rate, outcome in zip(rates, outcomes, strict=True)
    )
    return math.fsum(surprises) / max(len(rates), 1)


def brier(rates: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Return the mean squared difference (Brier 1950).

    >>> brier([1.0, 0.5], [True, False])
    0.125
    """
    pairs = zip(rates, outcomes, strict=True)
    return math.fsum((rate - outcome) ** 2 for rate, outcome in pairs) / max(len(rates), 1)


def calibration(rates: Sequence[float], outcomes: Sequence[bool]) -> list[Bin]:
    """Return ten bins of equal width, without the empty ones."""
    members: list[list[int]] = [[] for _ in range(_N_BINS)]
    for i, rate in enumerate(rates):
        members[min(int(rate * _N_BINS), _N_BINS - 1)].append(i)
    return [
        Bin(
            number / _N_BINS,
            (number + 1) / _N_BINS,
            len(found),
            math.fsum(rates[i] for i in found) / len(found),
            sum(outcomes[i] for i in found) / len(found),
        )
        for number, found in enumerate(members)
        if found
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean difference between predicted and observed, weighed by the bins' sizes.

    >>> calibration_error(calibration([0.7, 0.7], [True, False]))
    0.2
    """
    n = sum(it.n for it in bins)
    return round(sum(it.n * abs(it.predicted - it.observed) for it in bins) / max(n, 1), 12)
