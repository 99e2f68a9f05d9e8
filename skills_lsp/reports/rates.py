"""Rates from counts, and how sure they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959963984540054  # 97.5 % of a normal distribution lie below
_LEAST_PAIRS = 5
_LEAST_VARIANCE = 1 / 12  # of what is rounded to whole numbers


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a rate probably is, 0 to 1."""

    low: float
    high: float


def rate(k: int, n: int) -> float | None:
    """Return a share; None of nothing."""
    return k / n if n else None


def wilson(k: int, n: int) -> Interval:
    """Return the 95 % Wilson score interval of a share of ``k`` in ``n``; all of 0 to 1 without any.

    References
    ----------
    Wilson (1927), JASA 22(158), 209-212. doi:10.2307/2276774.

    Examples
    --------
    >>> it = wilson(8, 10)
    >>> round(it.low, 4), round(it.high, 4)
    (0.4902, 0.9433)
    """
    if n <= 0:
        return Interval(0.0, 1.0)
    share, z2 = k / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = _Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


def moved(pairs: Sequence[tuple[float, float]]) -> float:
    """Return by how many standard errors second numbers exceed the first: the paired t statistic.

    Fewer than five pairs say nothing, and are 0.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6(1), 1-25; its table of sleep:

    Examples
    --------
    >>> hours = (0.7, 1.9), (-1.6, 0.8), (-0.2, 1.1), (-1.2, 0.1), (-0.1, -0.1)
    >>> hours += (3.4, 4.4), (3.7, 5.5), (0.8, 1.6), (0.0, 4.6), (2.0, 3.4)
    >>> round(moved(hours), 3)
    4.062
    """
    n = len(pairs)
    if n < _LEAST_PAIRS:
        return 0.0
    differences = [after - before for before, after in pairs]
    mean = sum(differences) / n
    variance = sum((it - mean) ** 2 for it in differences) / (n - 1)
    # Equal steps have no variance: a unit of counting is the least that they can be known by.
    return mean / math.sqrt(max(variance, _LEAST_VARIANCE) / n)
