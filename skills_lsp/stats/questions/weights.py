"""Fit the weights of the order to what was picked.

A pick is a choice among the entries of a list and leaving it (conditional logit). An entry's utility is
its score, less what its place costs it: people look at the top first. So an entry that was picked from
place five says more for its parts than one from the top. The weights leave the defaults only as far as
the picks ask for (a normal prior around them), and they are kept only when they explain the newest picks,
which they have not seen, better than those in force: by more than one standard error.

References
----------
McFadden (1974), Conditional logit analysis of qualitative choice behavior, in Frontiers in Econometrics.
Craswell, Zoeter, Taylor, Ramsey (2008), An experimental comparison of click position-bias models, WSDM,
doi:10.1145/1341531.1341545: that the place matters, whatever stands there.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from skills_lsp.stats.questions.ranking import Lists

Array = NDArray[np.float64]

HELD_OUT = 0.25
LEAST_PICKS, LEAST_HELD_OUT_PICKS = 30, 8
_SPREAD = 0.5
_LEAST_SPREAD = 0.05
"""A weight may be expected within half of itself from where it was, or within so much."""

_SCALES = (0.5, 40.0)
_MOST_BIAS = 3.0
_BIAS, _SPREAD_OF_BIAS = 1.0, 0.5
_FAR = 12.0


class _Choices:
    """The log-likelihood of what was picked from lists, and its slope."""

    def __init__(self, lists: Lists) -> None:
        self.values = lists.values
        self.is_there = lists.is_there
        self.log_place = np.log1p(np.arange(lists.values.shape[1]))
        picked = lists.reward.sum(axis=1) > 0
        n = len(picked)
        # The last column is leaving the list.
        self.chosen = np.where(picked, lists.reward.argmax(axis=1), lists.values.shape[1])
        self.worth = np.where(picked, lists.reward.max(axis=1, initial=0.0), 1.0)
        self.rows = np.arange(n)
        self.n_picks = int(picked.sum())

    def surprise(self, at: Array, scale: float) -> tuple[Array, Array, Array]:
        """Return each list's negative log-likelihood, and its slope by weights, bias and leaving."""
        weights, bias, leaving = at[:-2], at[-2], at[-1]
        utility = np.where(
            self.is_there, scale * (self.values @ weights) - bias * self.log_place, -np.inf
        )
        every = np.column_stack([utility, np.full(len(self.rows), leaving)])
        log_rates = every - logsumexp(every, axis=1, keepdims=True)
        moved = np.exp(log_rates)
        loss = -log_rates[self.rows, self.chosen] * self.worth
        moved[self.rows, self.chosen] -= 1.0
        moved *= self.worth[:, None]
        entries = moved[:, :-1]
        by_weight = scale * np.einsum("nk,nkf->nf", entries, self.values)
        by_bias = -(entries * self.log_place).sum(axis=1)
        return loss, np.column_stack([by_weight, by_bias, moved[:, -1]]), entries


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Fit weights to what was picked.

    Parameters
    ----------
    asked
        ``lists`` (JSON text, oldest first; see :meth:`skills_lsp.stats.questions.ranking.Lists.of`),
        ``names`` of the parts, their ``defaults``, and the weights ``in_force``.
    """
    lists = json.loads(asked["lists"])
    start = np.array(asked["defaults"], dtype=float)
    split = int(len(lists) * (1.0 - HELD_OUT))
    old, new = (_Choices(Lists.of(it, len(start))) for it in (lists[:split], lists[split:]))
    said = {"n_lists": len(lists), "n_picks": old.n_picks + new.n_picks}
    if old.n_picks < LEAST_PICKS or new.n_picks < LEAST_HELD_OUT_PICKS:
        return {**said, "is_better": False, "weights": {}, "why": "too few picks"}
    scale, before = _anchored(old, np.array(asked["in_force"], dtype=float))
    after = _fitted(old, start, before, scale)
    gains = new.surprise(before, scale)[0] - new.surprise(after, scale)[0]
    gain, error = float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains)))
    is_better = gain > error
    report = {
        **said,
        "is_better": is_better,
        "held_out_lists": len(gains),
        "held_out_before": round(float(new.surprise(before, scale)[0].mean()), 5),
        "gain": round(gain, 5),
        "gain_error": round(error, 5),
        "position_bias": round(float(after[-2]), 3),
    }
    if is_better:
        every = _Choices(Lists.of(lists, len(start)))
        after = _fitted(every, start, before, scale)
    fitted = {
        name: round(float(it), 4) for name, it in zip(asked["names"], after[:-2], strict=True)
    }
    return {**report, "weights": fitted}


def _anchored(choices: _Choices, weights: Array) -> tuple[float, Array]:
    """Return how sharply people choose by these weights, with the bias and the pull of leaving."""

    def cost(at: Array) -> float:
        full = np.concatenate([weights, at[1:]])
        loss = choices.surprise(full, at[0])[0].sum()
        return float(loss + (at[1] - _BIAS) ** 2 / (2 * _SPREAD_OF_BIAS**2))

    bounds = [_SCALES, (0.0, _MOST_BIAS), (-_FAR, _FAR + _SCALES[1])]
    found = minimize(cost, np.array([5.0, _BIAS, 0.0]), method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), np.concatenate([weights, found[1:]])


def _fitted(choices: _Choices, start: Array, before: Array, scale: float) -> Array:
    """Return the weights, bias and leaving that explain the picks, near those before."""
    spread = np.maximum(_SPREAD * np.abs(start), _LEAST_SPREAD)
    n = len(start)

    def cost(at: Array) -> tuple[float, Array]:
        loss, slopes, _ = choices.surprise(at, scale)
        slope = slopes.sum(axis=0)
        away = (at[:n] - start) / spread
        slope[:n] += away / spread
        slope[n] += (at[n] - _BIAS) / _SPREAD_OF_BIAS**2
        off = (at[n] - _BIAS) / _SPREAD_OF_BIAS
        return float(loss.sum() + (away @ away + off * off) / 2.0), slope

    # A weight keeps its sign: what speaks for a skill does not come to speak against it.
    signs = [(0.0, None) if it >= 0 else (None, 0.0) for it in start]
    bounds = [*signs, (0.0, _MOST_BIAS), (None, None)]
    found: Array = minimize(cost, before, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found
