"""A straight line through the days: how steep, how sure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]

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


def line_through(x: Numbers, y: Numbers, weights: Numbers) -> Line | None:
    """Fit a line; None where there are too few points, or all at one place.

    Parameters
    ----------
    x, y, weights
        Arrays of shape (n,), finite; a weight is the number of uses that a value is the mean of.

    Notes
    -----
    The p-value is that of a slope of zero, by Student's distribution with n - 2 degrees of freedom. A
    line that fits exactly has the p-value 0, or 1 where it is flat.

    References
    ----------
    Draper, Smith (1998), Applied Regression Analysis, 3rd ed., 1.4 and 9.2. With equal weights it is
    ``scipy.stats.linregress``.
    """
    is_used = weights > 0
    x, y, weights = x[is_used], y[is_used], weights[is_used]
    n = len(x)
    if n < MIN_POINTS:
        return None
    total = weights.sum()
    x_mean, y_mean = (weights * x).sum() / total, (weights * y).sum() / total
    spread = (weights * np.square(x - x_mean)).sum()
    if spread <= 0:
        return None
    slope = (weights * (x - x_mean) * (y - y_mean)).sum() / spread
    left = (weights * np.square(y - y_mean - slope * (x - x_mean))).sum()
    whole = (weights * np.square(y - y_mean)).sum()
    error = np.sqrt(max(left, 0.0) / (n - 2) / spread)
    if left <= 1e-12 * max(whole, 1e-300):  # exact, but for rounding
        p, error = (1.0 if whole <= 1e-24 * total * max(1.0, y_mean**2) else 0.0), 0.0
    else:
        p = float(2 * stats.t.sf(abs(slope / error), n - 2))
    reach = float(stats.t.isf(0.025, n - 2)) * error
    return Line(
        float(slope),
        float(slope - reach),
        float(slope + reach),
        p,
        float(y_mean + slope * (x.min() - x_mean)),
        float(y_mean + slope * (x.max() - x_mean)),
        n,
    )
