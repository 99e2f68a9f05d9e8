"""Votes: failures count, few attempts are not believed, what is old or unlike fades."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from skills_lsp.domain.fix import Vote
from skills_lsp.learning.fixes import (
    BY_MEANING,
    BY_WORDS,
    HALF_LIFE_DAYS,
    MIN_CONFIDENCE,
    Tried,
    lower_bound,
    recommend,
    votes,
)


def tried(strategy: str, n_worked: int, n_tried: int, **more: float) -> list[Tried]:
    given = {"similarity": 1.0, "age_days": 0.0, **more}
    return [Tried(strategy, number < n_worked, **given) for number in range(n_tried)]


def by_name(attempts: list[Tried]) -> dict[str, Vote]:
    return {it.strategy: it for it in votes(attempts)}


@pytest.mark.parametrize(("n_worked", "n_tried"), [(0, 5), (1, 1), (2, 20), (9, 10), (45, 50)])
def test_the_bound_is_wilsons(n_worked, n_tried):
    interval = binomtest(n_worked, n_tried).proportion_ci(confidence_level=0.8, method="wilson")
    assert lower_bound(n_worked, n_tried) == pytest.approx(interval.low, abs=1e-9)


def test_two_of_twenty_is_not_a_hundred_percent():
    found = by_name(tried("rare", 2, 20))["rare"]
    assert found.rate == pytest.approx(0.1)
    assert found.confidence < 0.1
    assert recommend(tried("rare", 2, 20)).best is None


def test_much_evidence_stands_above_little_and_both_above_failures():
    attempts = [*tried("lucky", 2, 2), *tried("rare", 2, 20), *tried("proven", 45, 50)]
    assert [it.strategy for it in votes(attempts)] == ["proven", "lucky", "rare"]


def test_one_success_counts_on_the_very_issue_alone():
    assert recommend(tried("new", 1, 1)).best.strategy == "new"
    assert recommend(tried("new", 1, 1, weight=0.9)).best is None
    assert recommend(tried("new", 2, 2, weight=0.6)).best.strategy == "new"
    assert recommend(tried("new", 1, 2)).best is None


def test_at_most_three_others_and_none_that_mostly_fails():
    attempts = [it for n in range(6) for it in tried(f"good-{n}", 20 - n, 20)]
    found = recommend([*attempts, *tried("bad", 1, 20)])
    assert found.best.strategy == "good-0"
    assert [it.strategy for it in found.alternatives] == ["good-1", "good-2", "good-3"]
    assert recommend(tried("bad", 1, 20)).alternatives == ()


def test_what_is_old_counts_half_after_each_half_life():
    new, old = tried("new", 5, 5), tried("old", 5, 5, age_days=HALF_LIFE_DAYS)
    found = by_name([*new, *old])
    assert found["new"].evidence == pytest.approx(5.0)
    assert found["old"].evidence == pytest.approx(2.5)
    assert found["new"].confidence > found["old"].confidence


def test_what_worked_once_is_overtaken_by_what_works_now():
    old = tried("old-way", 30, 30, age_days=10 * HALF_LIFE_DAYS)
    since = tried("old-way", 0, 3)
    assert recommend([*old, *since, *tried("new-way", 4, 4)]).best.strategy == "new-way"
    assert by_name([*old, *since])["old-way"].confidence < MIN_CONFIDENCE


def test_a_clock_that_went_back_makes_nothing_weigh_more():
    assert by_name(tried("a", 3, 3, age_days=-1000.0))["a"].evidence == pytest.approx(3.0)


def test_a_shared_success_counts_less():
    assert by_name(tried("a", 4, 4, credit=0.5))["a"].evidence == pytest.approx(2.0)


@pytest.mark.parametrize("kernel", [BY_MEANING, BY_WORDS])
def test_the_nearer_an_issue_the_more_it_counts_and_other_kinds_less(kernel):
    weights = [kernel(like, is_same_type=True) for like in (-1.0, 0.0, 0.5, 0.8, 1.0, 1.0001)]
    assert weights == sorted(weights)
    assert (weights[0], weights[-1]) == (0.0, 1.0)
    assert kernel(0.8, is_same_type=False) < kernel(0.8, is_same_type=True)


attempts = st.builds(
    Tried,
    st.sampled_from(["a", "b", "c"]),
    st.booleans(),
    st.floats(0, 1),
    st.floats(-10, 5000),
    st.floats(-1, 2),
    st.floats(0.01, 1),
)


@given(st.lists(attempts, max_size=30), st.randoms())
@settings(derandomize=True, database=None, max_examples=150)
def test_figures_are_shares_and_the_order_of_attempts_does_not_matter(made, rng):
    found = votes(made)
    for it in found:
        assert 0.0 <= it.confidence <= it.rate + 1e-9 <= 1.0 + 2e-9
        assert it.n_worked <= it.n_tried
        assert it.evidence <= it.n_tried + 1e-9
    rng.shuffle(made)
    again = votes(made)
    assert [it.strategy for it in again] == [it.strategy for it in found]
    assert [it.confidence for it in again] == pytest.approx([it.confidence for it in found])
