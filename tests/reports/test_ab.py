"""The words of an A/B test: who wins by which metric, and what to do when nobody does."""

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from skills_lsp.domain.experiment import Experiment, State, Unit
from skills_lsp.reports import ab

TEST = Experiment("rank", "semantic", "workflow-aware", datetime(2026, 1, 5, tzinfo=UTC))


def analysis(verdict, difference=0.1, n=150):
    sides = {
        it: {"n_users": n, "n_outcomes": 2 * n, "mean": 0.7} for it in ("control", "treatment")
    }
    comparison = {
        "test": "Welch", "difference": difference, "low": difference - 0.05, "high": difference + 0.05,
        "standard_error": 0.02, "z": 5.0, "p_one_look": 0.00001, "p_any_time": 0.0004,
        "effect_size": {"name": "Hedges' g", "value": -0.4},
        "aim": 0.05, "power": 0.4, "detectable": 0.08, "n_users_needed": 1_234,
    }  # fmt: skip
    return {**sides, "verdict": verdict, "comparison": comparison}


@pytest.mark.parametrize(
    ("metric", "verdict", "difference", "said"),
    [
        ("completion", "higher", 0.11, "use workflow-aware. Work done, treatment against control: +11.0 points"),
        ("completion", "lower", -0.11, "use semantic. Work done, treatment against control: −11.0 points"),
        ("duration", "lower", math.log(0.8), "use workflow-aware. Duration, treatment against control: −20.0 %"),
        ("duration", "higher", math.log(1.25), "use semantic. Duration, treatment against control: +25.0 %"),
        ("rating", "higher", 0.3, "use workflow-aware. Rating, treatment against control: +0.30"),
    ],
)  # fmt: skip
def test_the_better_strategy_is_named_by_what_is_better_in_the_metric(
    metric, verdict, difference, said
):
    test = replace(TEST, metrics=(metric,))
    assert said in ab.sentence(test, {metric: analysis(verdict, difference)})


def test_without_a_verdict_it_says_what_to_do():
    found = {"completion": analysis("open", 0.01)}
    assert "Go on, or stop" in ab.sentence(TEST, found)
    assert "takes 1,234 users in each group" in ab.sentence(TEST, found)
    ended = replace(TEST, state=State.COMPLETED)
    assert ab.sentence(ended, found).endswith("it ended without a difference; keep semantic.")
    few = {"completion": analysis("too-few", n=7)}
    by_session = replace(TEST, unit=Unit.SESSION)
    assert "7 sessions with an outcome, and nothing is decided before each has 100" in ab.sentence(
        by_session, few
    )
    assert "gave no answer" in ab.sentence(TEST, {})


def test_the_page_tells_p_bounds_effect_and_power():
    page = ab.page(
        TEST, {"control_users": 150}, {"completion": analysis("higher")}, "It is better."
    )
    assert "| +5.0 points to +15.0 points | < 0.001 |  −0.40 | treatment better |" in page
    assert "(Welch) would have p < 0.001, which counts only when it is looked at once" in page
    assert "with a power of 40 %" in page
