"""Is the last day unlike those before? Against scipy's own tests, and against chance."""

import numpy as np
import pytest
from scipy import stats

from skills_lsp.stats.detecting import adjusted, count_test, duration_test, rate_test
from skills_lsp.stats.questions.anomalies import answer

NAN = float("nan")


def column(*values):
    return np.array(values, dtype=float)


def test_a_rate_is_held_against_what_was_known_of_it():
    it = rate_test(column(100), column(95), column(10), column(4))
    # The same by summing the beta-binomial's terms.
    terms = stats.betabinom.pmf(np.arange(5), 10, 95.5, 5.5)
    assert it.p[0] == pytest.approx(2 * terms.sum())
    assert (it.usual[0], it.seen[0]) == (0.95, 0.4)


def test_with_a_long_history_it_is_the_binomial_test():
    it = rate_test(column(1e7), column(9e6), column(30), column(20))
    assert it.p[0] == pytest.approx(2 * stats.binom.cdf(20, 30, 0.9), rel=1e-3)


@pytest.mark.parametrize(("k_before", "k"), [(200, 3), (0, 7)])
def test_a_baseline_of_all_or_nothing_is_one_like_others(k_before, k):
    assert rate_test(column(200), column(k_before), column(10), column(k)).p[0] < 1e-4
    same = 10 if k_before else 0
    assert rate_test(column(200), column(k_before), column(10), column(same)).p[0] > 0.9


def test_a_count_is_poisson_where_days_differ_by_chance_alone():
    days = np.array([[9.0, 11, 10, 8, 12, 10, 10, 9, 11, 10]])
    it = count_test(days, column(25))
    predictive = stats.nbinom(100.5, 10 / 11)
    assert it.p[0] == pytest.approx(2 * predictive.sf(24))
    assert it.usual[0] == 10


def test_a_count_of_nothing_is_a_drop():
    assert count_test(np.full((1, 28), 20.0), column(0)).p[0] < 1e-4


def test_free_weekends_make_a_quiet_day_usual_but_not_a_wild_one():
    days = np.array([[20.0, 22, 19, 21, 20, 1, 0] * 4])
    assert count_test(days, column(0)).p[0] > 0.05
    assert count_test(days, column(120)).p[0] < 1e-3


def test_one_broken_day_moves_neither_what_is_usual_nor_the_spread():
    means = np.array([np.log([4.0, 4.2, 3.9, 4.1, 4.0, 3.8, 4.1, 4.0])])
    counts = np.full((1, 8), 10.0)
    sound = duration_test(means.copy(), counts, np.log(column(12)), column(10))
    means[0, 3] = np.log(4_000)
    broken = duration_test(means, counts, np.log(column(12)), column(10))
    assert broken.usual[0] == pytest.approx(4.0, rel=0.02)
    assert max(sound.p[0], broken.p[0]) < 0.01


@pytest.mark.parametrize(
    "test",
    [
        rate_test(column(9), column(9), column(5), column(0)),
        rate_test(column(90), column(90), column(2), column(0)),
        duration_test(np.zeros((1, 28)), np.zeros((1, 28)), column(1), column(9)),
        count_test(np.full((1, 28), NAN), column(50)),
    ],
)
def test_where_there_is_too_little_nothing_is_said(test):
    assert np.isnan(test.p).all()


def test_the_adjustment_is_that_of_benjamini_and_hochberg():
    # Their own example (1995, section 3.2): of 15 hypotheses the first four are rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    q = adjusted(column(*p, NAN))
    assert (q[:-1] <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert np.isnan(q[-1])


@pytest.mark.parametrize("is_weekly", [False, True])
def test_steady_skills_raise_no_more_alarms_than_is_said(is_weekly):
    rng = np.random.default_rng(7)
    n_runs = 150
    n_alarms = sum(
        any(
            it["is_anomaly"]
            for it in answer({"threshold": 2.0, "skills": _steady(rng, is_weekly)})["tests"]
        )
        for _ in range(n_runs)
    )
    rate = 0.0455
    assert n_alarms / n_runs <= rate + 2 * (rate * (1 - rate) / n_runs) ** 0.5


def _steady(rng, is_weekly):
    busy = [0.15 if is_weekly and day % 7 >= 5 else 1.0 for day in range(29)]
    skills = []
    for number, mean in enumerate(rng.gamma(2, 6, 25)):
        counts = rng.poisson(mean * np.array(busy))
        done = rng.binomial(counts, 0.95)
        logs = [float(rng.normal(1, 0.4, n).sum()) for n in counts]
        days = [[int(n), int(n), log] for n, log in zip(counts, logs, strict=True)]
        skills.append(
            {
                "skill": str(number),
                "days": days[:-1],
                "ended": int(counts[:-1].sum()),
                "completed": int(done[:-1].sum()),
                "window": [int(counts[-1])] * 2 + [int(done[-1]), int(counts[-1]), logs[-1]],
            }
        )
    return skills


def test_no_skill_is_no_test():
    assert answer({"threshold": 2.0, "skills": []})["tests"] == []
