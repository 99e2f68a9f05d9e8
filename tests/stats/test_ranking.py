"""The estimate of what another order is worth, and the fit of the weights: against known truths."""

import json
import random

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from skills_lsp.stats.questions import ranking, weights
from skills_lsp.stats.questions.ranking import Lists

N_ITEMS, EXPLORATION = 5, 0.3
TRUE = (0.2, 0.9)
SHOWN_BY = (1.0, 0.0)
LOOKS = [1.0 / k for k in range(1, N_ITEMS + 1)]  # how many look that far down


def world(seed, n, exploration=EXPLORATION, chosen_by=TRUE, sharpness=6.0, order=SHOWN_BY):
    """Lists ordered by one part, changed as skills-lsp does; people choose by another, and look down
    less and less. Returns lists and the mean reciprocal rank of the picks."""
    rng = random.Random(seed)
    lists, worth = [], 0.0
    for _ in range(n):
        values = [[rng.random(), rng.random()] for _ in range(N_ITEMS)]
        places = sorted(range(N_ITEMS), key=lambda i: -dot(values[i], order))
        chances = [1.0 - 2.0 * exploration / N_ITEMS] * N_ITEMS
        pairs = [(i, j) for i in range(N_ITEMS) for j in range(i + 1, N_ITEMS)]
        if rng.random() < exploration:
            i, j = rng.choice(pairs)
            places[i], places[j] = places[j], places[i]
            chances[i] = chances[j] = exploration / len(pairs)
        # The position-based model: one entry is wanted, and found when one looks that far down.
        odds = [np.exp(sharpness * dot(it, chosen_by)) for it in values]
        wanted = places.index(rng.choices(range(N_ITEMS), odds)[0])
        is_found = rng.random() < LOOKS[wanted]
        picks = [[wanted + 1, 1.0]] if is_found else []
        worth += is_found / (wanted + 1)
        lists.append([[[chances[k], at, *values[at]] for k, at in enumerate(places)], picks])
    return lists, worth / n


def dot(values, weights_):
    return sum(a * b for a, b in zip(values, weights_, strict=True))


def test_the_estimate_is_what_the_other_order_would_have_brought():
    lists, _ = world(1, 8_000)
    _, better = world(2, 20_000, order=TRUE, exploration=0.0)
    _, as_it_is = world(3, 20_000, exploration=0.0)
    found = ranking.answer(
        {
            "lists": json.dumps(lists),
            "orders": {"present": TRUE, "patterns": SHOWN_BY},
            "groups": ["2026-01"] * len(lists),
        }
    )
    for name, truth in (("present", better), ("patterns", as_it_is)):
        assert found[name]["low"] - 0.01 < truth < found[name]["high"] + 0.01
        assert found[name]["high"] - found[name]["low"] < 0.2
    assert better - as_it_is > 0.2
    assert found["difference"]["low"] < better - as_it_is < found["difference"]["high"]
    assert [it["group"] for it in found["over_time"]] == ["2026-01"]


def test_two_equal_orders_differ_by_nothing():
    lists, _ = world(1, 300)
    found = ranking.answer(
        {
            "lists": json.dumps(lists),
            "orders": {"present": SHOWN_BY, "patterns": [2.0, 0.0]},
            "groups": [str(i % 2) for i in range(300)],
        }
    )
    assert found["difference"] == {"estimate": 0.0, "low": 0.0, "high": 0.0}
    assert [it["n_lists"] for it in found["over_time"]] == [150, 150]


def test_the_terms_by_hand():
    # Two entries, shown in the order 1, 2 with chance 0.8; the second was picked.
    lists = Lists.of([[[[0.8, 0, 1.0], [0.8, 1, 0.0]], [[2, 1.0]]]], 1)
    kept = ranking.terms(lists, ranking.places(lists, np.array([1.0])))
    assert kept.gained == pytest.approx([0.5 / 0.8])
    assert kept.weight == pytest.approx([1.5 / 0.8])
    assert kept.estimate() == pytest.approx(0.5)
    turned = ranking.terms(lists, ranking.places(lists, np.array([-1.0])))
    assert turned.weight == pytest.approx([0.0])
    assert np.isnan(turned.estimate())


def test_nothing_was_picked():
    lists, _ = world(1, 5)
    asked = {"orders": {"a": SHOWN_BY, "b": TRUE}, "groups": ["x"] * 5}
    found = ranking.answer({**asked, "lists": json.dumps([[it[0], []] for it in lists])})
    assert found["n_picks"] == 0
    assert "difference" not in found


def fit(lists, start=(0.6, 0.2)):
    return weights.answer(
        {
            "lists": json.dumps(lists),
            "names": ["pattern", "next"],
            "defaults": start,
            "in_force": start,
        }
    )


def test_weights_go_to_what_people_choose_by():
    found = fit(world(1, 2_000)[0])
    assert found["is_better"]
    assert found["weights"]["next"] > found["weights"]["pattern"]
    assert found["gain"] > 3 * found["gain_error"]


def test_the_place_is_no_merit():
    # Shown by the pattern, picked without a look at it: the top is picked most all the same.
    lists, _ = world(4, 4_000, chosen_by=(0.0, 1.0), exploration=0.1)
    found = fit(lists, start=(0.6, 0.6))
    assert found["weights"]["pattern"] < 0.25
    assert found["position_bias"] > 0.5


def test_chance_changes_nothing():
    kept = 0
    for seed in range(8):
        rng = random.Random(seed)
        lists = [
            [entries, [[rng.randint(1, N_ITEMS), 1.0]] if rng.random() < 0.5 else []]
            for entries, _ in world(seed, 300)[0]
        ]
        found = fit(lists, start=(0.02, 0.02))
        kept += found["is_better"]
        assert max(found["weights"].values()) < 0.15
    assert kept <= 3


def test_few_picks_are_too_few():
    found = fit(world(1, 30)[0])
    assert (found["is_better"], found["why"]) == (False, "too few picks")


def test_the_slope_is_the_slope():
    choices = weights._Choices(Lists.of(world(5, 50)[0], 2))
    at = np.array([0.4, 0.3, 0.8, 1.0])
    slope = choices.surprise(at, 5.0)[1].sum(axis=0)
    numeric = approx_fprime(at, lambda it: choices.surprise(it, 5.0)[0].sum(), 1e-6)
    assert slope == pytest.approx(numeric, rel=1e-3)
