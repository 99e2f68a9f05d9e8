"""Lines through days: as scipy fits them, and silent where there is nothing to tell."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from skills_lsp.stats.questions.trend import answer
from skills_lsp.stats.trends import line_through

# NIST, Norris: 36 points of a calibration, with certified values of the fit.
# https://www.itl.nist.gov/div898/strd/lls/data/Norris.shtml
NORRIS = """
0.1 0.2 338.8 337.4 118.1 118.2 888.0 884.6 9.2 10.1 228.1 226.5 668.5 666.3 998.5 996.3 449.1 448.6
778.9 777.0 559.2 558.2 0.3 0.4 0.1 0.6 778.1 775.5 668.8 666.9 339.3 338.0 448.9 447.5 10.8 11.6
557.7 556.0 228.3 228.1 998.0 995.8 888.8 887.6 119.6 120.2 0.3 0.3 0.6 0.3 557.6 556.8 339.3 339.1
888.0 887.2 998.5 999.0 778.9 779.0 10.2 11.1 117.6 118.3 228.9 229.2 668.4 669.1 449.2 448.9 0.2 0.5
"""


def test_a_line_has_the_slope_that_nist_certifies():
    y, x = np.array(NORRIS.split(), dtype=float).reshape(-1, 2).T
    it = line_through(x, y, np.ones(36))
    assert it is not None
    assert it.slope == pytest.approx(1.00211681802045, rel=1e-12)
    half = stats.t.isf(0.025, 34) * 0.429796848199937e-03
    assert (it.low, it.high) == pytest.approx((it.slope - half, it.slope + half), rel=1e-9)


def test_its_p_value_is_that_of_scipys_regression():
    rng = np.random.default_rng(3)
    x, y = np.arange(20.0), rng.normal(size=20) + 0.05 * np.arange(20)
    it = line_through(x, y, np.ones(20))
    assert it is not None
    assert (it.slope, it.p) == pytest.approx(
        (stats.linregress(x, y).slope, stats.linregress(x, y).pvalue)
    )


def test_a_weight_of_two_moves_the_line_like_two_points():
    rng = np.random.default_rng(4)
    x, y, weights = np.arange(9.0), rng.normal(size=9), np.array([1.0, 2, 1, 3, 1, 1, 2, 1, 1])
    many = np.repeat(np.arange(9), weights.astype(int))
    it, same = line_through(x, y, weights), line_through(x[many], y[many], np.ones(len(many)))
    assert it is not None
    assert same is not None
    assert it.slope == pytest.approx(same.slope)


@pytest.mark.parametrize(("slope", "p"), [(0.0, 1.0), (2.0, 0.0)])
def test_an_exact_line_is_flat_for_sure_or_steep_for_sure(slope, p):
    x = np.arange(10.0)
    it = line_through(x, slope * x + 0.3, np.ones(10))
    assert it is not None
    assert (it.slope, it.p) == (pytest.approx(slope), p)


@pytest.mark.parametrize("weights", [np.zeros(10), np.array([1.0] * 4 + [0.0] * 6)])
def test_few_points_make_no_line(weights):
    assert line_through(np.arange(10.0), np.ones(10), weights) is None


def test_weekends_hide_no_trend():
    rng = np.random.default_rng(6)
    x = np.arange(35.0)
    y = 1 + 0.05 * x + np.where(x % 7 >= 5, 0.0, 20.0) + rng.normal(0, 0.5, 35)
    with_levels, without = (line_through(x, y, np.ones(35), period=it) for it in (7, 1))
    assert with_levels is not None
    assert without is not None
    design = np.column_stack([x, *(x % 7 == day for day in range(7))])
    fitted, *_ = np.linalg.lstsq(design, y, rcond=None)
    assert with_levels.slope == pytest.approx(fitted[0])
    assert with_levels.p < 0.01 < without.p


def test_a_slower_skill_declines_and_a_quicker_one_improves():
    days = {
        way: [[20, 20, 20, 20, 20 * (1 + way * 0.02 * day + 0.01 * (day % 3))] for day in range(30)]
        for way in (1, -1)
    }
    found = answer({"skills": [{"skill": str(way), "days": its} for way, its in days.items()]})[
        "trends"
    ]
    verdicts = {it["skill"]: it["verdict"] for it in found if it["metric"] == "duration"}
    assert verdicts == {"1": "declining", "-1": "improving"}
    slower = next(it for it in found if it["skill"] == "1" and it["metric"] == "duration")
    assert slower["change"] == pytest.approx(math.exp(0.02 * 29) - 1, rel=0.05)


def test_too_little_is_told_as_that_and_all_of_it_is_json():
    some = [
        {"skill": "a", "days": [None] * 20 + [[1, 1, 1, 0, 0.0]] * 9},
        {"skill": "b", "days": []},
    ]
    found = answer({"skills": some})["trends"]
    assert {it["verdict"] for it in found} == {"too-little-data"}
    json.dumps(found, allow_nan=False)


def test_steady_skills_have_no_trend_more_often_than_is_said():
    rng = np.random.default_rng(5)
    n_runs, n_told = 120, 0
    for _ in range(n_runs):
        skills = []
        for number in range(20):
            counts = rng.poisson(12, 30)
            days = [
                [
                    int(n),
                    int(n),
                    int(rng.binomial(n, 0.9)),
                    int(n),
                    float(rng.normal(1, 0.4, n).sum()),
                ]
                for n in counts
            ]
            skills.append({"skill": str(number), "days": days})
        found = answer({"skills": skills})["trends"]
        n_told += any(it["verdict"] in ("improving", "declining") for it in found)
    assert n_told / n_runs <= 0.05 + 2 * (0.05 * 0.95 / n_runs) ** 0.5
