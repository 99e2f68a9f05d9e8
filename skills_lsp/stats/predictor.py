"""Fitting the model of success to past outcomes (scikit-learn)."""

import itertools
import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from skills_lsp.learning.events import SECONDS_PER_DAY
from skills_lsp.learning.features import FEATURES
from skills_lsp.learning.measures import (
    area_under_curve,
    brier,
    calibration,
    calibration_error,
    log_loss,
)
from skills_lsp.learning.success import SuccessModel, Tree
from skills_lsp.stats.calibrating import IDENTITY, Sigmoid, fitted_sigmoid

Array = np.ndarray[Any, np.dtype[np.float64]]
Labels = np.ndarray[Any, np.dtype[np.bool_]]

_RATE = FEATURES.index("user_skill_rate")
_EVER = FEATURES.index("user_skill_rate_ever")
_EXPECTED = FEATURES.index("expected_log_odds")
_CONSTANT = "constant"
_NEWS = 2.5
"""Nats by which a model must be better than the base rate: the best of a few that know nothing seldom is."""

_PLAIN = {
    "rate": (_EVER,),
    "rate lately": (_RATE,),
    "expected": (_EXPECTED,),
    "rate and expected": (_EVER, _EXPECTED),
}
"""Features that are log-odds already: nothing has to be fitted."""

_TRUSTED = 5.0
"""The penalty on the weight of what is the log-odds already is 25 times smaller."""

_SURE = 1e-6
_LEAF_PRIOR = 8.0
"""Outcomes that the base rate counts for in a leaf."""

_HANDICAP = 0.3
_LEAST_SHARE = 0.05
_IMPORTANCE_ROWS = 1_500
_IMPORTANCE_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """How to fit.

    Rows are of the last ``window_days``, or more where these have fewer than ``min_rows``; a row
    that is ``half_life_days`` old counts half. Below ``forest_rows`` no forest is tried, below
    ``least_rows`` (or ``least_of_class`` of successes or of failures) nothing is fitted.
    ``n_trees`` and ``max_depth`` keep 50 answers in plain Python well under a millisecond.
    """

    window_days: float = 30.0
    half_life_days: float = 15.0
    min_rows: int = 2_000
    max_rows: int = 60_000
    least_rows: int = 40
    least_of_class: int = 5
    forest_rows: int = 400
    forest_max_rows: int = 15_000
    holdout_share: float = 0.25
    holdout_max_rows: int = 10_000
    one_split_rows: int = 4_000
    n_trees: int = 16
    max_depth: int = 5
    penalties: tuple[float, ...] = (0.003, 0.03)
    random_state: int = 0


DEFAULT_PLAN = Plan()


@dataclass(frozen=True, slots=True)
class _Scorer:
    """A sum of log-odds before it is calibrated."""

    kind: str
    intercept: float
    coefficients: Array
    trees: tuple[Tree, ...] = ()

    def scores(self, X: Array) -> Array:
        """Return the log-odds of rows."""
        total: Array = self.intercept + X @ self.coefficients
        for tree in self.trees:
            total = total + _tree_scores(tree, X)
        return total

    def uses(self, column: int) -> bool:
        """Say whether a feature changes anything."""
        return bool(self.coefficients[column]) or any(column in it.feature for it in self.trees)


class SkillSuccessPredictor:
    """Predicts whether a skill will do its work, from the features of the moment.

    Several models are fitted to older rows (the base rate, the smoothed rate itself, the filtered log-odds, logistic
    regressions, from a few hundred rows on a forest of shallow trees). Each is calibrated on the newer
    rows and weighed by its log loss there; what has weight is fitted anew to all rows and averaged.

    Attributes
    ----------
    model_ : SuccessModel
        The arrays, for :mod:`skills_lsp.learning`; the prior's where nothing could be fitted.
    report_ : dict
        Which model, why, how good on the hold-out, and how much each feature matters.
    """

    def __init__(self, plan: Plan = DEFAULT_PLAN) -> None:
        self.plan = plan

    def fit(self, X: Array, y: Labels, at: Array) -> Self:
        """Fit to rows of features, outcomes and the instants they are of (seconds), in any order."""
        order = np.argsort(at, kind="stable")
        X, y, at = self._windowed(X[order], y[order].astype(bool), at[order])
        self.classes_ = np.array([False, True])
        n_good = int(y.sum())
        report: dict[str, Any] = {"n_rows": len(y), "n_successes": n_good}
        if len(y) < self.plan.least_rows or min(n_good, len(y) - n_good) < self.plan.least_of_class:
            self.model_ = SuccessModel.prior()
            self.report_ = {
                **report,
                "kind": "prior",
                "why": "there are too few outcomes of a kind",
            }
            return self
        weights = self._weights(at)
        tried = self._weighed(X, y, weights)
        parts = [
            (share, self._fitted(kind, X, y, weights), tried.sigmoids[kind])
            for kind, share in tried.shares.items()
        ]
        kind = max(tried.shares, key=tried.shares.__getitem__)
        scorer = _averaged(kind, parts)
        rates = tried.rates()
        newest = tried.held[-_IMPORTANCE_ROWS:]
        self.report_ = {
            **report,
            "kind": kind,
            "shares": {it: round(share, 3) for it, share in tried.shares.items()},
            "n_held_out": len(tried.held),
            "held_out": _quality(rates, y[tried.held]),
            "tried": {it: round(loss, 5) for it, loss in tried.losses.items()},
            "importances": self._importances(scorer, X[newest], y[newest]),
        }
        self.model_ = SuccessModel(
            kind,
            scorer.intercept,
            scorer.coefficients.tolist(),
            np.average(X, axis=0, weights=weights).tolist(),
            scorer.trees,
            self.report_,
        )
        return self

    def predict_proba(self, X: Array) -> Array:
        """Return the probabilities of failure and of success, an array of shape (n_rows, 2)."""
        model = self.model_
        scorer = _Scorer(model.kind, model.intercept, np.array(model.coefficients), model.trees)
        rates = IDENTITY.rates(scorer.scores(np.asarray(X, dtype=float)))
        return np.column_stack([1.0 - rates, rates])

    # -- rows --------------------------------------------------------------------------------------

    def _windowed(self, X: Array, y: Labels, at: Array) -> tuple[Array, Labels, Array]:
        plan, n = self.plan, len(y)
        if not n:
            return X, y, at
        in_window = n - int(np.searchsorted(at, at[-1] - plan.window_days * SECONDS_PER_DAY))
        kept = min(max(in_window, plan.min_rows), plan.max_rows)
        return X[-kept:], y[-kept:], at[-kept:]

    def _weights(self, at: Array) -> Array:
        age = (at[-1] - at) / SECONDS_PER_DAY
        # What lies before the window is there because there is little else.
        weights = np.maximum(0.5 ** (age / self.plan.half_life_days), 0.1)
        scaled: Array = weights / weights.mean()
        return scaled

    # -- choosing ----------------------------------------------------------------------------------

    def _weighed(self, X: Array, y: Labels, weights: Array) -> "_Tried":
        """Fit each kind to older rows, calibrate it on newer ones, and weigh it by its loss there.

        The weights are those of Bayesian model averaging, exp(-n x loss): where the hold-out is
        long the best takes all, where it is short nobody does.
        """
        splits = self._splits(len(y))
        held = np.concatenate([np.arange(first, last) for first, last in splits])
        scores = self._held_out_scores(X, y, weights, splits)
        found: dict[str, tuple[float, Sigmoid]] = {}
        for kind, its in scores.items():
            sigmoid = fitted_sigmoid(its, y[held], weights[held])
            found[kind] = (_loss(sigmoid.rates(its), y[held]), sigmoid)
        # What is plainer stands first, and what is not must be better by more than chance is.
        evidence = {
            kind: -len(held) * loss - place * _HANDICAP - (_NEWS if place else 0.0)
            for place, (kind, (loss, _)) in enumerate(found.items())
        }
        most = max(evidence.values())
        if evidence[_CONSTANT] == most:  # Nothing foretells anything: coins are tossed here.
            evidence = {_CONSTANT: most}
        else:
            del evidence[_CONSTANT]
        raw = {kind: math.exp(it - most) for kind, it in evidence.items()}
        shares = {kind: it / sum(raw.values()) for kind, it in raw.items()}
        kept = {kind: it for kind, it in shares.items() if it >= _LEAST_SHARE}
        return _Tried(
            {kind: it / sum(kept.values()) for kind, it in kept.items()},
            {kind: sigmoid for kind, (_, sigmoid) in found.items()},
            {kind: loss for kind, (loss, _) in found.items()},
            held,
            scores,
        )

    def _splits(self, n: int) -> list[tuple[int, int]]:
        """Return the held-out stretches; each is foretold from what lies before it."""
        if n >= self.plan.one_split_rows:
            n_held = min(int(n * self.plan.holdout_share), self.plan.holdout_max_rows)
            return [(n - n_held, n)]
        edges = [int(n * it) for it in (0.4, 0.6, 0.8, 1.0)]
        return list(itertools.pairwise(edges))

    def _held_out_scores(
        self, X: Array, y: Labels, weights: Array, splits: list[tuple[int, int]]
    ) -> dict[str, Array]:
        found: dict[str, list[Array]] = {}
        for first, last in splits:
            old = slice(None, first)
            for kind in self._kinds(splits[0][0]):
                scorer = self._fitted(kind, X[old], y[old], weights[old])
                found.setdefault(kind, []).append(scorer.scores(X[first:last]))
        return {kind: np.concatenate(it) for kind, it in found.items()}

    def _kinds(self, n_rows: int) -> list[str]:
        linear = [f"logistic {it:g}" for it in self.plan.penalties]
        forest = ["forest"] if n_rows >= self.plan.forest_rows else []
        return [_CONSTANT, *_PLAIN, *linear, *forest]

    def _fitted(self, kind: str, X: Array, y: Labels, weights: Array) -> _Scorer:
        """Fit one kind, by its name in :meth:`_kinds`."""
        if kind == _CONSTANT:
            rate = (y @ weights + 1.0) / (weights.sum() + 2.0)
            return _Scorer(kind, math.log(rate / (1.0 - rate)), np.zeros(X.shape[1]))
        if kind in _PLAIN:
            return _plain(kind)
        if kind == "forest":
            return self._forest(X, y, weights)
        if y.all() or not y.any():
            return _plain("rate")
        return self._logistic(X, y, weights, float(kind.rpartition(" ")[2]))

    def _logistic(self, X: Array, y: Labels, weights: Array, strength: float) -> _Scorer:
        mean = np.average(X, axis=0, weights=weights)
        spread = np.sqrt(np.average((X - mean) ** 2, axis=0, weights=weights))
        scale = np.where(spread > _SURE, spread, math.inf)
        scale[[_RATE, _EVER, _EXPECTED]] /= _TRUSTED
        it = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=30, tol=1e-3)
        it.fit((X - mean) / scale, y, sample_weight=weights)
        coefficients = it.coef_[0] / scale
        intercept = float(it.intercept_[0] - coefficients @ mean)
        return _Scorer("logistic", intercept, coefficients)

    def _forest(self, X: Array, y: Labels, weights: Array) -> _Scorer:
        plan = self.plan
        newest = slice(-plan.forest_max_rows, None)
        X, y, weights = X[newest], y[newest], weights[newest]
        forest = RandomForestClassifier(
            n_estimators=plan.n_trees,
            max_depth=plan.max_depth,
            min_samples_leaf=max(10, len(y) // 400),
            max_features=0.3,
            random_state=plan.random_state,
            n_jobs=1,
        )
        forest.fit(X, y, sample_weight=weights)
        base = float(np.average(y, weights=weights))
        trees = tuple(_flat(it.tree_, base, plan.n_trees) for it in forest.estimators_)
        return _Scorer("forest", 0.0, np.zeros(X.shape[1]), trees)

    def _importances(self, scorer: _Scorer, X: Array, y: Labels) -> dict[str, float]:
        """Return by how much the log loss grows when a feature's values change places.

        Breiman (2001), Random forests, doi:10.1023/A:1010933404324.
        """
        rng = np.random.default_rng(self.plan.random_state)
        before = _loss(IDENTITY.rates(scorer.scores(X)), y)
        found = {}
        for column, name in enumerate(FEATURES):
            losses = []
            for _ in range(_IMPORTANCE_ROUNDS if scorer.uses(column) else 0):
                mixed = X.copy()
                rng.shuffle(mixed[:, column])
                losses.append(_loss(IDENTITY.rates(scorer.scores(mixed)), y))
            found[name] = round(float(np.mean(losses)) - before, 6) if losses else 0.0
        return dict(sorted(found.items(), key=lambda each: -each[1]))


@dataclass(frozen=True, slots=True)
class _Tried:
    """How each kind of model did on the held-out rows."""

    shares: dict[str, float]
    sigmoids: dict[str, Sigmoid]
    losses: dict[str, float]
    held: np.ndarray[Any, np.dtype[np.int_]]
    scores: dict[str, Array]

    def rates(self) -> Array:
        """Return the probabilities that the average gave the held-out rows."""
        total = np.zeros(len(self.held))
        for kind, share in self.shares.items():
            sigmoid = self.sigmoids[kind]
            total += share * (sigmoid.slope * self.scores[kind] + sigmoid.offset)
        return IDENTITY.rates(total)


def _plain(kind: str) -> _Scorer:
    """Return features that are log-odds already, or their mean, as the score."""
    columns = _PLAIN[kind]
    coefficients = np.zeros(len(FEATURES))
    coefficients[list(columns)] = 1.0 / len(columns)
    return _Scorer(kind, 0.0, coefficients)


def _averaged(kind: str, parts: list[tuple[float, _Scorer, Sigmoid]]) -> _Scorer:
    """Return the mean of calibrated scores, each with its share.

    A sigmoid is a change of scale, so it goes into the numbers.
    """
    intercept, coefficients, trees = 0.0, np.zeros(len(FEATURES)), []
    for share, scorer, sigmoid in parts:
        scale = share * sigmoid.slope
        intercept += scale * scorer.intercept + share * sigmoid.offset
        coefficients += scale * scorer.coefficients
        trees += [_scaled(it, scale) for it in scorer.trees]
    return _Scorer(kind, float(intercept), coefficients, tuple(trees))


def _flat(tree: Any, base: float, n_trees: int) -> Tree:
    """Return a scikit-learn tree as lists; a node's score is its share of the log-odds."""
    rate = tree.value[:, 0, 1]
    n = tree.weighted_n_node_samples
    smoothed = (rate * n + base * _LEAF_PRIOR) / (n + _LEAF_PRIOR)
    # Means of what is below, so that the steps of a path add up.
    score = np.log(smoothed / (1.0 - smoothed)) / n_trees
    for node in range(tree.node_count - 1, -1, -1):
        left, right = tree.children_left[node], tree.children_right[node]
        if left >= 0:
            score[node] = (n[left] * score[left] + n[right] * score[right]) / n[node]
    feature = np.where(tree.children_left >= 0, tree.feature, -1)
    return Tree(
        feature.tolist(),
        # The tree compares in float32; what is not above the threshold there must not be here.
        tree.threshold.tolist(),
        tree.children_left.tolist(),
        tree.children_right.tolist(),
        score.tolist(),
    )


def _scaled(it: Tree, factor: float) -> Tree:
    return Tree(it.feature, it.threshold, it.left, it.right, [score * factor for score in it.score])


def _tree_scores(tree: Tree, X: Array) -> Array:
    feature, threshold = np.array(tree.feature), np.array(tree.threshold)
    left, right = np.array(tree.left), np.array(tree.right)
    node = np.zeros(len(X), dtype=int)
    rows = np.arange(len(X))
    while (inner := feature[node] >= 0).any():
        at = node[inner]
        goes_left = X[rows[inner], feature[at]] <= threshold[at]
        node[inner] = np.where(goes_left, left[at], right[at])
    found: Array = np.array(tree.score)[node]
    return found


def _loss(rates: Array, y: Labels) -> float:
    sure = np.clip(np.where(y, rates, 1.0 - rates), _SURE, 1.0)
    return float(-np.log(sure).mean())


def _quality(rates: Array, y: Labels) -> dict[str, float | None]:
    given, came = rates.tolist(), y.tolist()
    found = {
        "auc": area_under_curve(given, came),
        "log_loss": log_loss(given, came),
        "brier": brier(given, came),
        "ece": calibration_error(calibration(given, came)),
    }
    return {name: None if it is None else round(it, 5) for name, it in found.items()}
