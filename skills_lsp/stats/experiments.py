"""Comparing two groups of users, at any time: the arithmetic of A/B tests.

A user is one observation: the mean of what a user did. Every function takes arrays as well as numbers,
so that a simulation is as quick as one analysis.

Who looks at a test after each outcome and stops when p is below 0.05 finds a difference sooner or later
where there is none. So there are two p-values. The first is that of the usual test and holds for one
look, at a number of users chosen beforehand. The second holds at every look: it is one over the likelihood
ratio of "some difference", averaged over a normal distribution of differences, against "none" (Robbins'
mixture). Decisions are made by the second.

References
----------
Robbins (1970), Statistical methods related to the law of the iterated logarithm, Ann. Math. Stat. 41(5).
Johari, Koomen, Pekelis, Walsh (2022), Always valid inference, Operations Research 70(3), 1806-1821.
Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2024), Time-uniform central limit theory and asymptotic
confidence sequences, Ann. Stat. 52(6): theorem 2.2, and equation 25 for where the mixture is tightest.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Numbers = NDArray[np.float64]

ALPHA = 0.05
POWER = 0.8
_Z_POWER = float(special.ndtri(POWER))
_LARGEST_Z = 37.0  # beyond it a normal tail is no double any more
_SAME = 1e-12  # two means nearer than this, in parts of them, differ by rounding alone


@dataclass(frozen=True, slots=True)
class Group:
    """One group of users, as numbers or arrays of one shape.

    ``n`` users, the mean over users of their own means, and the variance (of a sample) of these.
    """

    n: Any
    mean: Any
    variance: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """Treatment against control; arrays of the shape of the groups.

    ``difference`` is treatment less control, with its ``standard_error``; ``z`` is the test's statistic
    on the normal scale, ``p_one_look`` the p-value of the usual test, ``p_any_time`` the one that holds
    however often it is looked at, and ``low`` to ``high`` the interval that does.
    """

    difference: Any
    standard_error: Any
    z: Any
    p_one_look: Any
    p_any_time: Any
    low: Any
    high: Any

    @property
    def is_decided(self) -> Any:
        """Say whether there is a difference; p-value and interval must agree."""
        excludes_none = (np.asarray(self.low) > 0) | (np.asarray(self.high) < 0)
        return (np.asarray(self.p_any_time) < ALPHA) & excludes_none


def two_proportions(control: Group, treatment: Group, planned: float) -> Comparison:
    """Compare shares of users, each of whom did it or did not.

    The test is the score test with the pooled share (chi-squared without correction, to the normal
    scale); the interval is that of Agresti and Caffo, with the mixture's boundary in the place of 1.96.

    Parameters
    ----------
    control, treatment
        ``mean`` is the share of users, 0 to 1.
    planned
        The effective number of users, ``1 / (1 / n_control + 1 / n_treatment)``, that the test was
        planned for: there it is most sensitive.

    References
    ----------
    Agresti, Caffo (2000), The American Statistician 54(4), 280-288. doi:10.2307/2685779.
    """
    n0, n1 = np.asarray(control.n, float), np.asarray(treatment.n, float)
    x0, x1 = n0 * control.mean, n1 * treatment.mean
    pooled = (x0 + x1) / (n0 + n1)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1))
    difference = treatment.mean - control.mean
    z = _ratio(difference, error)
    share0, share1 = (x0 + 1) / (n0 + 2), (x1 + 1) / (n1 + 2)
    wide = np.sqrt(share0 * (1 - share0) / (n0 + 2) + share1 * (1 - share1) / (n1 + 2))
    information = 1 / (1 / n0 + 1 / n1) / planned
    reach = boundary(information) * wide
    middle = share1 - share0
    low, high = np.clip(middle - reach, -1, 1), np.clip(middle + reach, -1, 1)
    return Comparison(difference, error, z, two_sided(z), always_valid(z, information), low, high)


def welch(control: Group, treatment: Group, planned: float, single_variance: Any) -> Comparison:
    """Compare the means of users' values: Welch's t-test, brought to the normal scale.

    Parameters
    ----------
    planned
        As in :func:`two_proportions`.
    single_variance
        The variance of one outcome. A user who comes back makes the user's own mean surer, which is
        information as well as a further user is, and each look at it is one more chance to err.

    References
    ----------
    Welch (1947), The generalization of "Student's" problem, Biometrika 34(1-2), 28-35.
    """
    n0, n1 = np.asarray(control.n, float), np.asarray(treatment.n, float)
    part0, part1 = control.variance / n0, treatment.variance / n1
    squared = np.asarray(part0 + part1, float)
    error = np.sqrt(squared)
    difference = np.asarray(treatment.mean - control.mean, float)
    scale = np.maximum(np.abs(treatment.mean), np.abs(control.mean))
    difference = np.where(np.abs(difference) <= _SAME * scale, 0.0, difference)
    below = part0**2 / np.maximum(n0 - 1, 1) + part1**2 / np.maximum(n1 - 1, 1)
    freedom = np.where(below > 0, squared**2 / np.where(below > 0, below, 1), n0 + n1 - 2)
    p = 2 * special.stdtr(np.maximum(freedom, 1), -np.abs(_ratio(difference, error)))
    z = np.sign(difference) * np.minimum(-special.ndtri(np.maximum(p / 2, 1e-300)), _LARGEST_Z)
    users = 1 / (1 / n0 + 1 / n1)
    worth = np.where(squared > 0, single_variance / np.where(squared > 0, squared, 1), users)
    information = np.maximum(worth, users) / planned
    # The t-distribution's longer tails: what brings t to z widens the interval alike.
    stretch = np.where(
        z != 0, np.abs(_ratio(difference, error)) / np.where(z != 0, np.abs(z), 1), 1
    )
    reach = boundary(information) * error * np.maximum(stretch, 1)
    return Comparison(
        difference,
        error,
        z,
        np.minimum(p, 1.0),
        always_valid(z, information),
        difference - reach,
        difference + reach,
    )


def always_valid(z: Any, information: Any, alpha: float = ALPHA) -> Any:
    """Return the p-value that holds however often it is looked at.

    Parameters
    ----------
    z
        The difference in standard errors.
    information
        What has been seen, in parts of what was planned; above 0.
    alpha
        The level at which the mixture is tightest when ``information`` is 1.
    """
    spread = tightest(alpha) * np.asarray(information, float)
    log_ratio = np.asarray(z, float) ** 2 * spread / (2 * (1 + spread)) - np.log1p(spread) / 2
    return np.minimum(1.0, np.exp(-log_ratio))


def boundary(information: Any, alpha: float = ALPHA) -> Any:
    """Return how many standard errors the interval that holds at every look reaches to each side.

    >>> round(float(boundary(1.0)), 2)
    3.04
    """
    spread = tightest(alpha) * np.asarray(information, float)
    return np.sqrt((1 + spread) / spread * (np.log1p(spread) - 2 * np.log(alpha)))


def tightest(alpha: float = ALPHA) -> float:
    """Return the variance of the mixture, in squared standard errors at the planned size.

    >>> round(tightest(), 2)
    7.94
    """
    odds = -2 * np.log(alpha)
    return float(odds + np.log(odds + 1))


def two_sided(z: Any) -> Any:
    """Return the p-value of a normal statistic."""
    return 2 * special.ndtr(-np.abs(z))


def detectable(standard_error: float, information: float) -> float:
    """Return the smallest difference that is found with a power of 80 % at what is known now."""
    return float((boundary(information) + _Z_POWER) * standard_error)


def power_at(difference: float, standard_error: float, information: float) -> float:
    """Return the chance that a difference is found, 0 to 1, by one look at what is known then."""
    if standard_error <= 0:
        return 1.0
    return float(special.ndtr(abs(difference) / standard_error - boundary(information)))


def users_needed(difference: float, variance: float, planned: float) -> int:
    """Return how many users each group needs for a difference to be found with a power of 80 %.

    ``variance`` is that of a user's value. Groups are taken as of one size. The boundary moves with
    the size, slowly, so a few rounds find both.
    """
    n = 2 * planned
    for _ in range(60):
        reach = float(boundary(n / 2 / planned)) + _Z_POWER
        n = max(2 * variance * (reach / difference) ** 2, 2.0)
    return int(np.ceil(n))


def _ratio(difference: Any, error: Any) -> Any:
    """Return difference by error: 0 where there is none, as large as can be where it has no error."""
    difference, error = np.asarray(difference, float), np.asarray(error, float)
    safe = np.where(error > 0, error, 1)
    exact = np.sign(difference) * _LARGEST_Z
    return np.clip(np.where(error > 0, difference / safe, exact), -1e6, 1e6)
