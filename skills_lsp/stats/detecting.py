"""Is the last day unlike those before it? One test for rates, one for durations, one for counts.

Each takes arrays with one row for each skill and returns the same: what was usual, and the two-sided
p-value of what was seen, nan where there is too little to say. A p-value allows for the usual being
known only from a sample, so that a short history raises no alarms.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Numbers = NDArray[np.float64]

MIN_ENDED = 3
"""Uses in the last day before its rate or duration can be unusual."""
MIN_BASELINE = 10
"""Uses before it."""
MIN_DAYS = 7
"""Days before it, for how much days differ."""

_MAD_TO_SIGMA = 1.4826  # of a normal distribution: 1 / Φ⁻¹(0.75)
_LEAST_SIGMA = 0.05  # five percent: what a clock and a busy machine do to any duration
_MAD_EFFICIENCY = 0.37  # of the MAD beside the standard deviation, for normal data


@dataclass(frozen=True, slots=True)
class Test:
    """What was usual, what was seen, and how surprising that is."""

    usual: Numbers
    seen: Numbers
    p: Numbers


def rate_test(n_before: Numbers, k_before: Numbers, n: Numbers, k: Numbers) -> Test:
    """Compare completions ``k`` of ``n`` with ``k_before`` of ``n_before``.

    ``k`` is binomial with a rate known from the sample before it, which makes it beta-binomial with
    Jeffreys' prior: 0 % and 100 % before are rates like others.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., 2.4 and 2.8 (the prior, the predictive
    distribution). Two-sided as twice the smaller tail, at most 1.
    """
    known = (n_before >= MIN_BASELINE) & (n >= MIN_ENDED)
    safe = np.where(known, n, 1.0)
    a, b = k_before + 0.5, np.maximum(n_before - k_before, 0.0) + 0.5
    inside = np.minimum(k, safe)
    at_most, at_least = _tails(inside, safe, a, b)
    p = np.minimum(1.0, 2 * np.minimum(at_most, at_least))
    with np.errstate(invalid="ignore", divide="ignore"):
        return Test(k_before / n_before, k / n, np.where(known, p, np.nan))


def _tails(k: Numbers, n: Numbers, a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """Return P(X <= k) and P(X >= k) of beta-binomial distributions, summed term by term.

    scipy sums them one distribution after the other, which takes a hundred times as long.
    """
    terms = np.arange(int(n.max()) + 1, dtype=float)[None, :]
    k, n, a, b = (it[:, None] for it in (k, n, a, b))
    left = np.maximum(n - terms, 0.0)
    logs = (
        special.gammaln(n + 1)
        - special.gammaln(terms + 1)
        - special.gammaln(left + 1)
        + special.betaln(terms + a, left + b)
        - special.betaln(a, b)
    )
    chances = np.where(terms <= n, np.exp(logs), 0.0)
    at_most = np.where(terms <= k, chances, 0.0).sum(axis=1)
    at_least = np.where(terms >= k, chances, 0.0).sum(axis=1)
    return np.minimum(at_most, 1.0), np.minimum(at_least, 1.0)


def duration_test(means_before: Numbers, n_before: Numbers, mean: Numbers, n: Numbers) -> Test:
    """Compare the mean log duration of ``n`` uses with those of the days before, robustly.

    Parameters
    ----------
    means_before, n_before
        Arrays of shape (n_skills, n_days): the log duration of each day and its uses, 0 where there
        were none.

    Notes
    -----
    The usual is the median day, and the spread is the MAD of days, each scaled by the root of its
    uses; a broken day moves neither. As few days make the MAD itself uncertain, the score is held
    against Student's distribution with the degrees of freedom that its efficiency leaves.

    References
    ----------
    Rousseeuw, Croux (1993), Alternatives to the median absolute deviation, JASA 88(424), 1273-1283.
    """
    has = n_before > 0
    n_days = has.sum(axis=1)
    known = (n_days >= MIN_DAYS) & (n >= MIN_ENDED) & (n_before.sum(axis=1) >= MIN_BASELINE)
    days = np.where(has, means_before, np.nan)
    days[~known] = 0.0
    usual = _medians(days)
    scaled = np.abs(days - usual[:, None]) * np.sqrt(n_before)
    sigma = _medians(scaled) * _MAD_TO_SIGMA
    variance = np.square(sigma) * (
        1 / np.maximum(n, 1.0) + 1 / np.maximum(n_before.sum(axis=1), 1.0)
    )
    error = np.sqrt(variance + _LEAST_SIGMA**2)
    freedom = np.maximum(1.0, _MAD_EFFICIENCY * (n_days - 1))
    p = 2 * stats.t.sf(np.abs(mean - usual) / error, freedom)
    return Test(np.exp(usual), np.exp(mean), np.where(known, p, np.nan))


def _medians(rows: Numbers) -> Numbers:
    """Return the median of each row, without its nans; those of nans alone are nan.

    numpy's nanmedian makes a masked array of them, which takes ten times as long.
    """
    ordered = np.sort(rows, axis=1)  # nans come last
    n = (~np.isnan(rows)).sum(axis=1)
    at = np.arange(len(rows))
    middle: Numbers = (
        ordered[at, np.maximum(n - 1, 0) // 2] + ordered[at, n // 2 % rows.shape[1]]
    ) / 2
    return middle


def count_test(days: Numbers, count: Numbers) -> Test:
    """Compare the uses of a day with those of the days before it; nan for days before the first use.

    A count is Poisson with a mean known from those days, which makes it negative binomial. Where days
    differ more than that (weekends), the counts are scaled down by the dispersion (quasi-Poisson), and
    Student's distribution takes the normal one's place, as the dispersion is estimated.

    References
    ----------
    Gelman et al. (2013), as above, 2.6. McCullagh, Nelder (1989), Generalized Linear Models, 6.2.3.
    """
    has = ~np.isnan(days)
    n_days = has.sum(axis=1)
    total = np.nansum(days, axis=1)
    known = (n_days >= MIN_DAYS) & (total >= MIN_BASELINE)
    mean = total / np.maximum(n_days, 1)
    squares = np.nansum(np.square(days - mean[:, None]), axis=1)
    dispersion = squares / np.maximum(n_days - 1, 1) / np.where(mean > 0, mean, 1.0)
    dispersion = np.maximum(dispersion, 1.0)
    shape, chance = total / dispersion + 0.5, n_days / (n_days + 1.0)
    scaled = count / dispersion
    at_most = special.betainc(shape, scaled + 1, chance)
    at_least = np.where(scaled > 0, special.betaincc(shape, np.maximum(scaled, 1e-9), chance), 1.0)
    p = np.minimum(1.0, 2 * np.minimum(at_most, at_least))
    widened = 2 * stats.t.sf(stats.norm.isf(p / 2), np.maximum(n_days - 1, 1))
    p = np.where(dispersion > 1, np.minimum(widened, 1.0), p)
    return Test(mean, count, np.where(known, p, np.nan))


def adjusted(p: Numbers) -> Numbers:
    """Return Benjamini and Hochberg's adjusted p-values; nan stays nan and is no test.

    References
    ----------
    Benjamini, Hochberg (1995), Controlling the false discovery rate, JRSS B 57(1), 289-300.
    """
    out = np.full(p.shape, np.nan)
    is_test = ~np.isnan(p)
    if is_test.any():
        out[is_test] = stats.false_discovery_control(p[is_test])
    return out
