"""Percentiles from a histogram with steps of 2^(1/8): true to 5 % of the value."""

from collections.abc import Sequence
from dataclasses import dataclass

STEPS_PER_DOUBLING = 8


@dataclass(frozen=True, slots=True)
class Spread:
    """In how many seconds half, 95 and 99 percent of ``n`` runs were done."""

    n: int
    p50: float
    p95: float
    p99: float


def spread(histogram: Sequence[tuple[int, int]]) -> Spread | None:
    """Return the spread of a histogram, (step, how many) in ascending order; None of nothing.

    >>> spread([(0, 50), (8, 50)])
    Spread(n=100, p50=1.09..., p95=2.16..., p99=2.17...)
    """
    n = sum(count for _, count in histogram)
    if not n:
        return None
    return Spread(n, *(percentile(histogram, share) for share in (0.5, 0.95, 0.99)))


def percentile(histogram: Sequence[tuple[int, int]], share: float) -> float:
    """Return the seconds within which a share of the runs was done, even within a step."""
    wanted = share * sum(count for _, count in histogram)
    so_far = 0
    for step, count in histogram:
        if so_far + count >= wanted:
            place = step + (wanted - so_far) / count
            return float(2 ** (place / STEPS_PER_DOUBLING))
        so_far += count
    raise ValueError("the histogram is empty")
