"""The proof itself: planted habits are found, coins are not foretold, nothing leaks."""

import random

import numpy as np
import pytest

from skills_lsp.learning.history import Example
from skills_lsp.learning.replay import Replay, Use
from skills_lsp.learning.success import SuccessModel
from skills_lsp.stats.predictor import SkillSuccessPredictor
from tests.learning import histories


def fit(examples: list[Example]) -> SuccessModel:
    it = SkillSuccessPredictor().fit(
        np.array([each.features for each in examples]),
        np.array([each.success for each in examples]),
        np.array([each.at for each in examples]),
    )
    return it.model_


def uses(rows) -> list[Use]:
    return [
        Use(it.user, it.session, it.time, it.skill, it.success, it.duration_s, it.project)
        for it in rows
    ]


def replayed(rows, **options):
    return Replay(fit, **options).run(uses(rows))


def ranked_alone(rows):
    """Replay without fitting, which the next skill does not need."""
    return Replay(lambda _: SuccessModel.prior()).run(uses(rows))


def ranked(report, name="skills-lsp"):
    return report["next_skill"]["all"][name]["mrr@5"]


@pytest.mark.parametrize("name", histories.HABITS)
def test_planted_habits_are_found(name):
    report = ranked_alone(histories.HABITS[name](5, n_rows=2_000))
    assert ranked(report) > ranked(report, "order-1 Markov") + 0.1


@pytest.mark.parametrize("name", histories.NO_HABITS)
def test_without_habits_it_is_no_worse_than_markov(name):
    report = ranked_alone(histories.NO_HABITS[name](6, n_rows=2_000))
    assert ranked(report) > ranked(report, "order-1 Markov") - 0.025  # two standard errors


def test_streaks_are_foretold_better_than_by_rates():
    success = replayed(histories.streaks(3, n_rows=3_000))["success"]
    assert success["skills-lsp"]["auc"] > success["smoothed rate"]["auc"] + 0.02
    assert success["skills-lsp"]["log_loss"] < success["smoothed rate"]["log_loss"]


def test_coins_are_not_foretold():
    found = [
        replayed(histories.coin(seed, n_rows=4_000))["success"]["skills-lsp"] for seed in (1, 2)
    ]
    assert np.mean([it["auc"] for it in found]) == pytest.approx(0.5, abs=0.03)
    assert max(it["log_loss"] for it in found) < 0.71


def test_uses_of_one_instant_do_not_see_each_other():
    """Both uses of an instant end alike: who sees the other's outcome knows his own."""
    rng, rows = random.Random(1), []
    for i in range(1_500):
        success = rng.random() < 0.5
        at = histories.START + 100.0 * i
        rows += [histories.Row("ann", "s", at, "a", success, 0.0) for _ in range(2)]
    assert replayed(rows)["success"]["skills-lsp"]["auc"] == pytest.approx(0.5, abs=0.06)


def test_what_becomes_known_late_is_not_used_early():
    """Each outcome is that of the use before: known at once it foretells, known late it cannot."""
    rng, rows = random.Random(2), []
    for i in range(3_000):
        success = rng.random() < 0.5 if i % 2 == 0 else rows[-1].success
        rows.append(histories.Row("ann", "s", histories.START + 100.0 * i, "a", success, 1.0))
    soon = replayed(rows)["success"]["skills-lsp"]["auc"]
    late = replayed(rows, delay_seconds=150.0)["success"]["skills-lsp"]["auc"]
    assert soon > 0.6
    assert late == pytest.approx(0.5, abs=0.05)


def test_the_order_of_the_file_changes_nothing():
    rows = histories.habits(7, n_rows=600)
    mixed = rows.copy()
    random.Random(1).shuffle(mixed)
    assert replayed(rows) == replayed(mixed)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [histories.Row("", "", 1.0, "a", True, None)],
        histories.coin(1, n_rows=60, rate=1.0),
        histories.coin(1, n_rows=500, rate=0.97),
        histories.coin(1, n_rows=300, n_users=1, n_skills=1),
        [histories.Row("ann", "s", 1e9, f"k{i % 4}", i % 3 > 0, None) for i in range(300)],
        [histories.Row(f"u{i}", "s", 1e9 + i, f"k{i}", True, -1.0) for i in range(300)],
        [histories.Row("ann", "s", 1e9 + i + (1e9 if i == 299 else 0), "k", i % 2 > 0, 1.0) for i in range(300)],
    ],
)  # fmt: skip
def test_any_history_has_a_report(rows):
    report = replayed(rows)
    assert report["n_uses"] == len(rows)
    if rows:
        assert report["n_test"] > 0
