"""The fitted model of success, evaluated in plain Python: quick enough for each keystroke.

A model is a sum of log-odds: a linear part, and trees that each add the log-odds of the leaf that a
row falls into. It comes as plain lists from :mod:`skills_lsp.stats.predictor` by way of a helper
process, and says of each probability what moved it how far.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any, Self

from skills_lsp.learning.features import FEATURES, WORDS
from skills_lsp.learning.moment import PRIOR_RATE

FORMAT = 1
_MOST_LOG_ODDS = 8.0
_RATE = FEATURES.index("user_skill_rate_ever")
_HELD_BACK = 0.3
_NOT_WORTH_SAYING = 0.05
"""In log-odds: about one point in a hundred."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """How far one feature moved the log-odds of success away from those of a typical use."""

    feature: str
    value: float
    log_odds: float

    @property
    def sentence(self) -> str:
        """Say it in words."""
        direction = "raises" if self.log_odds > 0 else "lowers"
        return f"{WORDS[self.feature]} {direction} it"


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree as parallel lists. A leaf has feature -1; each node knows the mean score below it."""

    feature: list[int]
    threshold: list[float]
    left: list[int]
    right: list[int]
    score: list[float]


@dataclass(frozen=True, slots=True)
class SuccessModel:
    """Coefficients and trees. ``mean`` is a typical row, ``kind`` how the model came about."""

    kind: str
    intercept: float
    coefficients: list[float]
    mean: list[float]
    trees: tuple[Tree, ...] = ()
    report: dict[str, Any] | None = None

    @classmethod
    def prior(cls) -> Self:
        """Return the model before any fit: the smoothed rate of user and skill, held back somewhat.

        It starts from three successes in four, which weigh as four outcomes
        (:data:`~skills_lsp.learning.moment.PRIOR_RATE`), and is pulled back to that, as the rates
        of user and skill and of the skill rest on the same few outcomes.
        """
        coefficients = [0.0] * len(FEATURES)
        coefficients[_RATE] = 1.0 - _HELD_BACK
        start = math.log(PRIOR_RATE / (1.0 - PRIOR_RATE))
        mean = [0.0] * len(FEATURES)
        mean[_RATE] = start
        return cls("prior", _HELD_BACK * start, coefficients, mean)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """Return the model of plain data. Raises ValueError for data that are not of this version.

        Whatever the data, no answer is out of 0 to 1 and no tree runs in a circle.
        """
        if data.get("format") != FORMAT or data.get("features") != list(FEATURES):
            raise ValueError("the model is of another version")
        try:
            return cls(
                str(data["kind"]),
                _finite([data["intercept"]])[0],
                _finite(data["coefficients"], len(FEATURES)),
                _finite(data["mean"], len(FEATURES)),
                tuple(_tree(it) for it in data["trees"]),
                dict(data.get("report") or {}),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"the model cannot be read: {error}") from error

    def data(self) -> dict[str, Any]:
        """Return the model as plain data, as :meth:`of` takes it."""
        return {
            "format": FORMAT,
            "features": list(FEATURES),
            "kind": self.kind,
            "intercept": self.intercept,
            "coefficients": self.coefficients,
            "mean": self.mean,
            "trees": [[it.feature, it.threshold, it.left, it.right, it.score] for it in self.trees],
            "report": self.report,
        }

    def rate(self, row: Sequence[float]) -> float:
        """Return the probability of success for one row of features."""
        log_odds = self.intercept + sum(map(mul, self.coefficients, row))
        for tree in self.trees:
            feature, threshold = tree.feature, tree.threshold
            left, right = tree.left, tree.right
            node = 0
            while (at := feature[node]) >= 0:
                node = left[node] if row[at] <= threshold[node] else right[node]
            log_odds += tree.score[node]
        return 1.0 / (1.0 + math.exp(-max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, log_odds))))

    def rates(self, rows: Iterable[Sequence[float]]) -> list[float]:
        """Return the probabilities of success for rows of features."""
        return [self.rate(row) for row in rows]

    def contributions(self, row: Sequence[float]) -> list[Contribution]:
        """Return what moved the log-odds away from those of a typical use, the strongest first.

        In the linear part that is coefficient x (value - mean), in a tree the change of the mean
        score along the path: Saabas (2014), https://blog.datadive.net/interpreting-random-forests/.
        Together they are the log-odds less those of a typical use.
        """
        moved = [
            weight * (value - mean)
            for weight, value, mean in zip(self.coefficients, row, self.mean, strict=True)
        ]
        for tree in self.trees:
            node = 0
            while (at := tree.feature[node]) >= 0:
                below = tree.left if row[at] <= tree.threshold[node] else tree.right
                moved[at] += tree.score[below[node]] - tree.score[node]
                node = below[node]
        found = [
            Contribution(name, value, added)
            for name, value, added in zip(FEATURES, row, moved, strict=True)
            if added
        ]
        return sorted(found, key=lambda it: -abs(it.log_odds))

    def explanation(self, row: Sequence[float], limit: int = 3) -> list[str]:
        """Return the strongest contributions in words, those of equal words taken together."""
        together: dict[str, float] = {}
        for it in self.contributions(row):
            words = WORDS[it.feature]
            together[words] = together.get(words, 0.0) + it.log_odds
        strongest = sorted(together.items(), key=lambda it: -abs(it[1]))[:limit]
        return [
            f"{words} {'speaks for it' if added > 0 else 'speaks against it'} ({added:+.2f})"
            for words, added in strongest
            if abs(added) >= _NOT_WORTH_SAYING
        ]


def _finite(values: Iterable[Any], length: int | None = None) -> list[float]:
    found = [float(it) for it in values]
    if not all(map(math.isfinite, found)) or (length is not None and len(found) != length):
        raise ValueError("the model has numbers that are none, or too few or too many")
    return found


def _tree(lists: Sequence[Any]) -> Tree:
    feature, threshold, left, right, score = lists
    n = len(feature)
    it = Tree(
        [int(value) for value in feature],
        _finite(threshold, n),
        [int(value) for value in left],
        [int(value) for value in right],
        _finite(score, n),
    )
    for node, at in enumerate(it.feature):
        if at >= len(FEATURES) or n == 0:
            raise ValueError("a tree asks for a feature that there is not")
        # Children stand behind their parents, so that each way ends.
        if at >= 0 and not (node < it.left[node] < n and node < it.right[node] < n):
            raise ValueError("a tree's branches lead nowhere")
    if n == 0:
        raise ValueError("a tree is empty")
    return it
