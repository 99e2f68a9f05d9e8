"""Analyse an A/B test: what differs between two groups of users, and how sure that is.

``asked`` has ``n_planned`` (users in the smaller group before anything is decided), ``control_share``,
``metrics`` (the first one decides) and ``groups``: for ``control`` and ``treatment``, by metric, one
``[n, total, total of squares]`` for each user. ``aims`` has the smallest difference worth finding, by
metric. Durations are compared by their logarithms: a difference is a ratio, and one long run is no verdict.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skills_lsp.stats import experiments
from skills_lsp.stats.experiments import Comparison, Group, Numbers

_LEAST_USERS = 2  # a variance needs two


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return one analysis for each metric, by its name, in their order."""
    planned = _planned(int(asked["n_planned"]), float(asked["control_share"]))
    return {
        metric: _analysis(
            _users(asked["groups"]["control"].get(metric, ())),
            _users(asked["groups"]["treatment"].get(metric, ())),
            planned,
            float(asked["aims"][metric]),
            n_planned=int(asked["n_planned"]),
        )
        for metric in asked["metrics"]
    }


def _planned(n_smaller: int, control_share: float) -> float:
    """Return the effective number of users when the smaller group has as many as were planned."""
    small = min(control_share, 1 - control_share)
    return n_smaller * (1 - small)


def _users(rows: Sequence[Sequence[float]]) -> Numbers:
    """Return the users of one group that said something: rows of n, total, total of squares."""
    users = np.array(rows, dtype=float).reshape(-1, 3)
    return users[users[:, 0] > 0]


def _analysis(
    control: Numbers, treatment: Numbers, planned: float, aim: float, *, n_planned: int
) -> dict[str, Any]:
    described = {"control": _described(control), "treatment": _described(treatment)}
    fewest = min(len(control), len(treatment))
    if fewest < _LEAST_USERS:
        return {**described, "verdict": "too-few", "comparison": None}
    first, second = _group(control), _group(treatment)
    single = _single_variance(control, treatment)
    is_share = _is_share(control) and _is_share(treatment)
    if is_share:
        found, test = experiments.two_proportions(first, second, planned), "two proportions"
    else:
        found, test = experiments.welch(first, second, planned, single), "Welch"
    if fewest < n_planned:
        verdict = "too-few"
    elif found.is_decided:
        verdict = "higher" if found.difference > 0 else "lower"
    else:
        verdict = "open"
    return {
        **described,
        "verdict": verdict,
        "comparison": {
            "test": test,
            **_plain(found),
            "effect_size": _effect_size(first, second, is_share=is_share),
            **_sensitivity(found, first, second, planned, aim),
        },
    }


def _described(users: Numbers) -> dict[str, Any]:
    n_outcomes = int(users[:, 0].sum())
    means = users[:, 1] / users[:, 0]
    return {
        "n_users": len(users),
        "n_outcomes": n_outcomes,
        "mean": float(means.mean()) if len(users) else None,
    }


def _group(users: Numbers) -> Group:
    means = users[:, 1] / users[:, 0]
    return Group(len(means), float(means.mean()), float(means.var(ddof=1)))


def _is_share(users: Numbers) -> bool:
    """Say whether each user did it always or never, so that shares of users are compared."""
    means = users[:, 1] / users[:, 0]
    return bool(np.isin(means, (0.0, 1.0)).all())


def _single_variance(control: Numbers, treatment: Numbers) -> float:
    """Return the variance of single outcomes around their group's mean."""
    squares = freedom = 0.0
    for users in (control, treatment):
        n, total, of_squares = users.sum(axis=0)
        squares += max(of_squares - total * total / n, 0.0)
        freedom += n - 1
    return squares / freedom if freedom > 0 else 0.0


def _plain(found: Comparison) -> dict[str, float]:
    return {
        "difference": float(found.difference),
        "low": float(found.low),
        "high": float(found.high),
        "standard_error": float(found.standard_error),
        "z": float(found.z),
        "p_one_look": float(found.p_one_look),
        "p_any_time": float(found.p_any_time),
    }


def _effect_size(control: Group, treatment: Group, *, is_share: bool) -> dict[str, Any]:
    """Return Cohen's h of two shares, Hedges' g of two means; 0.2 is called small, 0.8 large.

    References
    ----------
    Cohen (1988), Statistical power analysis for the behavioral sciences, chapters 2 and 6.
    Hedges (1981), Journal of Educational Statistics 6(2), 107-128.
    """
    if is_share:
        h = 2 * (math.asin(math.sqrt(treatment.mean)) - math.asin(math.sqrt(control.mean)))
        return {"name": "Cohen's h", "value": h}
    freedom = control.n + treatment.n - 2
    pooled = ((control.n - 1) * control.variance + (treatment.n - 1) * treatment.variance) / freedom
    g = (treatment.mean - control.mean) / math.sqrt(pooled) if pooled > 0 else 0.0
    return {"name": "Hedges' g", "value": g * (1 - 3 / (4 * freedom - 1))}


def _sensitivity(
    found: Comparison, control: Group, treatment: Group, planned: float, aim: float
) -> dict[str, Any]:
    """Return what this many users can find, and how many it takes to find what is worth it."""
    variance = (control.variance + treatment.variance) / 2
    error = float(found.standard_error)
    users = 1 / (1 / control.n + 1 / treatment.n)
    information = users / planned
    return {
        "aim": aim,
        "power": experiments.power_at(aim, error, information),
        "detectable": experiments.detectable(error, information),
        "n_users_needed": experiments.users_needed(aim, variance, planned),
    }
