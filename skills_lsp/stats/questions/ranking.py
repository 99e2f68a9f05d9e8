"""Compare two orders of suggestions by what was picked from lists.

What was shown is not what the other order would have shown, so each entry is weighed by one over the
probability with which it stood where it stood (inverse propensity scoring), for each entry and place by
itself: an entry counts for an order where that order would have put it at the same place. Sums are
divided by the sum of the weights, not by the number of lists: that is a little biased and much steadier.

References
----------
Horvitz and Thompson (1952), JASA 47(260): weighing by inverse probabilities.
Li, Abbasi-Yadkori, Kveton, Muthukrishnan, Vinay, Wen (2018), Offline evaluation of ranking policies with
click models, KDD, https://arxiv.org/abs/1804.10488: the item-position estimator.
Swaminathan and Joachims (2015), The self-normalized estimator for counterfactual learning, NeurIPS.
Efron (1979), Bootstrap methods, Ann. Stat. 7(1): the percentile interval.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

N_RESAMPLES = 1_000
LEVEL = 0.95
_AT_ONCE = 200
"""Resamples that are weighed together: what they take of memory stays small."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists as arrays of shape (n_lists, most_items); what is padding has propensity infinity.

    Entries stand in the order in which they were shown. ``reward`` is what a list was worth, at the place
    that was picked; ``values`` has the parts of the scores as its third axis. ``tie`` breaks ties.
    """

    values: Array
    propensity: Array
    tie: Array
    reward: Array

    @property
    def is_there(self) -> NDArray[np.bool_]:
        """Say which entries are no padding."""
        return np.isfinite(self.propensity)

    @classmethod
    def of(cls, lists: Sequence[Any], n_parts: int) -> "Lists":
        """Return lists that each are [[[propensity, tie, *values], …], [[position, worth], …]]."""
        most = max((len(entries) for entries, _ in lists), default=0)
        n = len(lists)
        values, tie = np.zeros((n, most, n_parts)), np.zeros((n, most))
        propensity, reward = np.full((n, most), np.inf), np.zeros((n, most))
        for i, (entries, picks) in enumerate(lists):
            for k, (chance, name, *parts) in enumerate(entries):
                values[i, k], tie[i, k], propensity[i, k] = parts, name, chance
            for position, worth in picks[:1]:
                reward[i, position - 1] = worth
        return cls(values, propensity, tie, reward)


@dataclass(frozen=True, slots=True)
class Terms:
    """What each list adds to an estimate: to the weighted sum, and to the sum of the weights."""

    gained: Array
    weight: Array
    expected: Array

    def estimate(self, counts: Array | None = None) -> Any:
        """Return the self-normalised estimate, for resamples of the lists if counts are given."""
        counts = np.ones(len(self.gained)) if counts is None else counts
        gained, weight, expected = (counts @ it for it in (self.gained, self.weight, self.expected))
        lists = counts.sum(axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(weight > 0, expected / weight, np.nan)
        return gained / lists * scale


def places(lists: Lists, weights: Array) -> NDArray[np.int_]:
    """Return the place (from 0) that an order by weights gives each entry."""
    scores = np.where(lists.is_there, lists.values @ weights, -np.inf)
    # Rounded, as equal scores are ties whatever the order of summation.
    order = np.lexsort((lists.tie, -np.round(scores, 9)), axis=-1)
    return np.argsort(order, axis=-1)


def terms(lists: Lists, place: NDArray[np.int_]) -> Terms:
    """Return what each list says of an order, by the reciprocal rank of the pick."""
    shown = np.arange(place.shape[1])
    discount = 1.0 / (1.0 + shown)
    share = (place == shown) / lists.propensity * discount
    worth = np.where(lists.is_there, discount, 0.0).sum(axis=1)
    return Terms((share * lists.reward).sum(axis=1), share.sum(axis=1), worth)


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Compare two orders on lists.

    Parameters
    ----------
    asked
        ``lists`` (JSON text, see :meth:`Lists.of`), ``orders`` (two weight vectors by name, the second
        the one to beat), ``groups`` (a label for each list, for the estimate over time).
    """
    lists = Lists.of(json.loads(asked["lists"]), len(next(iter(asked["orders"].values()))))
    groups = np.array(asked["groups"], dtype=str)
    orders = {name: np.array(it, dtype=float) for name, it in asked["orders"].items()}
    every = np.ones(len(groups), dtype=bool)
    return {
        **_compared(lists, orders, every),
        "over_time": [
            {"group": str(it), **_compared(lists, orders, groups == it)} for it in np.unique(groups)
        ],
    }


def _compared(
    lists: Lists, orders: Mapping[str, Array], which: NDArray[np.bool_]
) -> dict[str, Any]:
    lists = Lists(*(it[which] for it in (lists.values, lists.propensity, lists.tie, lists.reward)))
    n = len(lists.reward)
    found: dict[str, Any] = {"n_lists": n, "n_picks": int((lists.reward.sum(axis=1) > 0).sum())}
    if not found["n_picks"]:
        return found
    placed = {name: places(lists, weights) for name, weights in orders.items()}
    each = {name: terms(lists, place) for name, place in placed.items()}
    resampled = _resampled(list(each.values()), n)
    for (name, it), values in zip(each.items(), resampled, strict=True):
        share = it.weight.sum() ** 2 / max((it.weight**2).sum(), 1e-12)
        found[name] = {
            **_with_interval(float(it.estimate()), values),
            "as_picked": _reciprocal_rank(lists, placed[name]),
            "effective_lists": round(float(share), 1),
        }
    new, old = each.values()
    difference = float(new.estimate() - old.estimate())
    found["difference"] = _with_interval(difference, resampled[0] - resampled[1])
    found["shown"] = _reciprocal_rank(
        lists, np.broadcast_to(np.arange(lists.reward.shape[1]), lists.reward.shape)
    )
    return found


def _resampled(each: Sequence[Terms], n: int) -> list[Array]:
    rng = np.random.default_rng(0)
    found: list[list[Array]] = [[] for _ in each]
    for _ in range(N_RESAMPLES // _AT_ONCE):
        counts = rng.multinomial(n, np.full(n, 1.0 / n), size=_AT_ONCE).astype(float)
        for kept, it in zip(found, each, strict=True):
            kept.append(it.estimate(counts))
    return [np.concatenate(it) for it in found]


def _with_interval(estimate: float, resampled: Array) -> dict[str, Any]:
    usable = resampled[np.isfinite(resampled)]
    if not np.isfinite(estimate) or not len(usable):
        return {"estimate": None, "low": None, "high": None}
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(usable, [tail, 1.0 - tail])
    return {
        "estimate": round(estimate, 5),
        "low": round(float(low), 5),
        "high": round(float(high), 5),
    }


def _reciprocal_rank(lists: Lists, place: NDArray[np.int_]) -> float:
    """Return the mean reciprocal rank that an order gives to what was picked."""
    picked = lists.reward > 0
    return round(float((1.0 / (1.0 + place[picked])).mean()), 5)
