"""Chance in the order: how often, what it may touch, and that its probabilities are true."""

import random
from collections import Counter

import pytest

from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.ide.exploring import arranged, draw_of
from tests.ide.test_suggestions import skill

NAMES = "abcde"
RANKED = [Suggestion(i, skill(name), 1 - i / 10, ()) for i, name in enumerate(NAMES, 1)]


def names(shown) -> str:
    return "".join(it.skill.name for it in shown.suggestions)


def test_the_propensities_are_how_often_it_happens():
    rng, n, exploration = random.Random(1), 200_000, 0.3
    seen: Counter[tuple[str, int]] = Counter()
    said = {}
    for _ in range(n):
        shown = arranged(RANKED, exploration, "c", rng.random())
        for position, name in enumerate(names(shown)):
            seen[name, position] += 1
            said[name, position] = shown.propensities[position]
    for key, propensity in said.items():
        assert seen[key] / n == pytest.approx(propensity, abs=0.004)
    assert said["c", 2] == 1.0
    for name in "abde":
        assert sum(said[key] for key in said if key[0] == name) == pytest.approx(1.0)


def test_it_can_be_switched_off_and_leaves_short_lists_alone():
    assert names(arranged(RANKED, 0.0, "", 0.0)) == NAMES
    assert names(arranged(RANKED[:1], 0.5, "", 0.0)) == "a"
    assert arranged(RANKED[:2], 0.5, "a", 0.0).propensities == (1.0, 1.0)


def test_the_ranks_stay_those_of_the_scores():
    shown = arranged(RANKED, 0.5, "", 0.0)
    assert names(shown) == "bacde"
    assert [it.rank for it in shown.suggestions] == [2, 1, 3, 4, 5]


def test_the_same_list_at_the_same_place_stands_the_same_and_draws_are_even():
    assert draw_of("session", "a.py", "x") == draw_of("session", "a.py", "x")
    draws = [draw_of("session", str(i)) for i in range(10_000)]
    assert all(0 <= it < 1 for it in draws)
    for tenth in range(10):
        assert sum(tenth <= 10 * it < tenth + 1 for it in draws) == pytest.approx(1_000, abs=120)
