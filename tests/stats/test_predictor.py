"""What is fitted: never worse than the base rate, calibrated, and the same in plain Python."""

import json
import math

import numpy as np
import pytest

from skills_lsp.learning.features import FEATURES
from skills_lsp.learning.success import SuccessModel
from skills_lsp.stats.calibrating import IDENTITY, fitted_sigmoid
from skills_lsp.stats.predictor import Plan, SkillSuccessPredictor

DAY = 86_400.0
EXPECTED = FEATURES.index("expected_log_odds")
HOUR = FEATURES.index("hour_of_day")


def rows(n, seed=0, weight=1.0, effect=None):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, len(FEATURES)))
    log_odds = weight * X[:, EXPECTED] + (0 if effect is None else effect(X))
    y = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    return X, y, np.sort(rng.random(n)) * 20 * DAY


def test_few_rows_give_the_prior_with_three_in_four():
    X, y, at = rows(20)
    it = SkillSuccessPredictor().fit(X, y, at)
    assert it.report_["kind"] == "prior"
    start = [0.0] * len(FEATURES)
    start[FEATURES.index("user_skill_rate_ever")] = math.log(3)
    assert it.model_.rate(start) == pytest.approx(0.75)


@pytest.mark.parametrize("only", [True, False])
def test_outcomes_of_one_kind_give_the_prior(only):
    X, _, at = rows(300)
    it = SkillSuccessPredictor().fit(X, np.full(300, only), at)
    assert it.report_["kind"] == "prior"
    assert np.isfinite(it.predict_proba(X)).all()


def test_no_rows_give_the_prior():
    it = SkillSuccessPredictor().fit(np.empty((0, len(FEATURES))), np.empty(0, bool), np.empty(0))
    assert it.report_["kind"] == "prior"


def test_a_held_out_stretch_of_one_kind_is_no_trouble():
    X, y, at = rows(400)
    y[200:] = True
    it = SkillSuccessPredictor().fit(X, y, at)
    assert np.isfinite(it.predict_proba(X)).all()


def test_what_foretells_is_found_and_stands_first_among_the_importances():
    X, y, at = rows(1_500, effect=lambda X: 1.5 * X[:, HOUR])
    it = SkillSuccessPredictor().fit(X, y, at)
    assert list(it.report_["importances"])[:2] in (
        ["hour_of_day", "expected_log_odds"],
        ["expected_log_odds", "hour_of_day"],
    )
    assert it.report_["held_out"]["auc"] > 0.75


def test_a_few_rows_choose_no_forest_and_a_bent_effect_does():
    bent = {"effect": lambda X: 4.0 * (np.abs(X[:, HOUR]) < 0.7) - 2.0}
    small = SkillSuccessPredictor().fit(*rows(300, **bent))
    large = SkillSuccessPredictor().fit(*rows(5_000, **bent))
    assert "forest" not in small.report_["tried"]
    assert large.report_["kind"] == "forest"
    assert large.model_.trees


def test_where_coins_are_tossed_the_base_rate_answers():
    kinds = [
        SkillSuccessPredictor().fit(*rows(1_000, seed, weight=0.0)).report_["kind"]
        for seed in range(10)
    ]
    assert kinds.count("constant") >= 8


def test_the_arrays_answer_in_plain_python_as_in_numpy():
    X, y, at = rows(5_000, effect=lambda X: 3.0 * (np.abs(X[:, HOUR]) < 0.7))
    it = SkillSuccessPredictor().fit(X, y, at)
    model = SuccessModel.of(json.loads(json.dumps(it.model_.data())))
    assert model.trees
    assert model.rates(X[:200].tolist()) == pytest.approx(it.predict_proba(X[:200])[:, 1].tolist())


def test_contributions_add_up_to_the_log_odds():
    X, y, at = rows(5_000, effect=lambda X: 3.0 * (np.abs(X[:, HOUR]) < 0.7))
    model = SkillSuccessPredictor().fit(X, y, at).model_

    def total(row):
        return sum(each.log_odds for each in model.contributions(row))

    def log_odds(row):
        rate = model.rate(row)
        return math.log(rate / (1 - rate))

    one, other = X[0].tolist(), X[1].tolist()
    assert total(one) - total(other) == pytest.approx(log_odds(one) - log_odds(other), abs=1e-6)
    assert model.explanation(one)


def test_old_outcomes_weigh_less():
    n = 2_000
    X, _, at = rows(n)
    y = np.arange(n) % 10 < np.where(np.arange(n) < n // 2, 2, 8)
    rate = (
        SkillSuccessPredictor(Plan(half_life_days=1.0)).fit(X, y, at).predict_proba(X)[:, 1].mean()
    )
    assert rate > 0.65


def test_what_lies_before_the_window_is_left_out_where_there_is_enough():
    plan = Plan(window_days=5.0, min_rows=100)
    X, y, at = rows(2_000)
    assert SkillSuccessPredictor(plan).fit(X, y, at).report_["n_rows"] == pytest.approx(
        500, rel=0.2
    )


def test_a_sigmoid_mends_what_is_too_sure():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=4_000)
    y = rng.random(4_000) < IDENTITY.rates(truth)
    it = fitted_sigmoid(3.0 * truth + 1.0, y, np.ones(4_000))
    assert it.slope == pytest.approx(1 / 3, abs=0.05)
    assert it.offset == pytest.approx(-1 / 3, abs=0.1)


def test_a_sigmoid_for_one_class_stays_finite():
    it = fitted_sigmoid(np.linspace(-1, 1, 50), np.ones(50, bool), np.ones(50))
    assert 0 < it.slope < 5
    assert abs(it.offset) < 5


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it.update(format=99),
        lambda it: it["features"].pop(),
        lambda it: it.update(coefficients=[1.0]),
        lambda it: it.update(intercept=float("nan")),
        lambda it: it.pop("trees"),
        lambda it: it.update(trees=[[[0], [0.0], [0], [0], [0.0]]]),  # a circle
        lambda it: it.update(
            trees=[[[99, -1, -1], [0.0] * 3, [1, -1, -1], [2, -1, -1], [0.0] * 3]]
        ),
        lambda it: it.update(trees=[[[], [], [], [], []]]),
        lambda it: it.update(trees=[[[0], [0.0], [1], [2], [0.0]]]),
        lambda it: it.update(trees="x"),
        lambda it: it.update(report=7),
    ],
)
def test_a_model_that_is_none_is_told(spoil):
    data = SuccessModel.prior().data()
    spoil(data)
    with pytest.raises(ValueError):
        SuccessModel.of(data)


def test_the_measures_are_scikit_learn_s():
    from sklearn.metrics import brier_score_loss, roc_auc_score
    from sklearn.metrics import log_loss as their_log_loss

    from skills_lsp.learning.measures import area_under_curve, brier, log_loss

    rng = np.random.default_rng(1)
    rates = np.round(rng.random(500), 2)
    y = rng.random(500) < rates
    clipped = np.clip(rates, 1e-6, 1 - 1e-6)
    assert area_under_curve(rates.tolist(), y.tolist()) == pytest.approx(roc_auc_score(y, rates))
    assert brier(rates.tolist(), y.tolist()) == pytest.approx(brier_score_loss(y, rates))
    assert log_loss(rates.tolist(), y.tolist()) == pytest.approx(
        their_log_loss(y, clipped), abs=1e-5
    )
