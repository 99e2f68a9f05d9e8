"""A straight line through the days: how steep, how sure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]

_LEAST_PERIODS = 3
MIN_POINTS = 5
"""Days with a value before a line through them means anything."""


@dataclass(frozen=True, slots=True)
class Line:
    """A weighted least-squares line: the slope with its 95 % interval and p-value, and both ends."""

    slope: float
    low: float
    high: float
    p: float
    first: float
    last: float
    n_points: int


def line_through(x: Numbers, y: Numbers, weights: Numbers, *, period: int = 1) -> Line | None:
    """Fit a line; None where there are too few points, or all at one place.

    Parameters
    ----------
    x, y, weights
        Arrays of shape (n,), finite; a weight is the number of uses that a value is the mean of.
    period
        With 7, each weekday has a level of its own, and the line is what they have in common. Fewer
        than three weeks are taken without.

    Notes
    -----
    The p-value is that of a slope of zero, by Student's distribution with n less the number of levels
    less one degrees of freedom. A
    line that fits exactly has the p-value 0, or 1 where it is flat.

    References
    ----------
    Draper, Smith (1998), Applied Regression Analysis, 3rd ed., 1.4, 9.2 and 14.1. With equal weights
    it is ``scipy.stats.linregress``. Levels are taken out first: Frisch, Waugh (1933), Partial time
    regressions as compared with individual trends, Econometrica 1(4), 387-401.
    """
    is_used = weights > 0
    x, y, weights = x[is_used], y[is_used], weights[is_used]
    n = len(x)
    if n < MIN_POINTS:
        return None
    total = weights.sum()
    x_mean, y_mean = (weights * x).sum() / total, (weights * y).sum() / total
    level = np.mod(np.round(x).astype(int), period if n >= _LEAST_PERIODS * period else 1)
    x_off, y_off = (_without_levels(it, weights, level) for it in (x, y))
    freedom = n - len(np.unique(level)) - 1
    spread = (weights * np.square(x_off)).sum()
    if spread <= 0:
        return None
    slope = (weights * x_off * y_off).sum() / spread
    left = (weights * np.square(y_off - slope * x_off)).sum()
    whole = (weights * np.square(y_off)).sum()
    error = np.sqrt(max(left, 0.0) / freedom / spread)
    if left <= 1e-12 * max(whole, 1e-300):  # exact, but for rounding
        p, error = (1.0 if whole <= 1e-24 * total * max(1.0, y_mean**2) else 0.0), 0.0
    else:
        p = float(2 * stats.t.sf(abs(slope / error), freedom))
    reach = float(stats.t.isf(0.025, freedom)) * error
    return Line(
        float(slope),
        float(slope - reach),
        float(slope + reach),
        p,
        float(y_mean + slope * (x.min() - x_mean)),
        float(y_mean + slope * (x.max() - x_mean)),
        n,
    )


def _without_levels(values: Numbers, weights: Numbers, level: NDArray[np.int_]) -> Numbers:
    """Return values less the weighted mean of their level."""
    sums = np.bincount(level, weights * values) / np.maximum(np.bincount(level, weights), 1e-300)
    off: Numbers = values - sums[level]
    return off
