"""A/B arithmetic: against scipy and numerical integration, and by simulation where nothing differs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from skills_lsp.stats import experiments
from skills_lsp.stats.experiments import Group
from skills_lsp.stats.questions import ab

N_RUNS = 1_000
AT_MOST = 0.05 + 2 * math.sqrt(0.05 * 0.95 / N_RUNS)


def shares(n, mean):
    return Group(n, mean, n * mean * (1 - mean) / (n - 1))


def test_two_proportions_is_the_chi_squared_test():
    found = experiments.two_proportions(shares(120, 90 / 120), shares(110, 99 / 110), planned=50)
    table = [[90, 30], [99, 11]]
    assert found.p_one_look == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)


def test_welch_is_scipys():
    rng = np.random.default_rng(1)
    a, b = rng.normal(3, 1, 40), rng.normal(3.4, 2, 25)
    groups = (Group(len(it), it.mean(), it.var(ddof=1)) for it in (a, b))
    found = experiments.welch(*groups, planned=20, single_variance=1)
    theirs = stats.ttest_ind(b, a, equal_var=False)
    assert found.p_one_look == pytest.approx(theirs.pvalue)
    assert np.sign(found.z) == np.sign(theirs.statistic)


@pytest.mark.parametrize("z", [0.0, 1.0, 2.5, 4.0])
@pytest.mark.parametrize("information", [0.2, 1.0, 3.0])
def test_the_any_time_p_is_one_over_the_averaged_likelihood_ratio(z, information):
    """In units of the planned size: a score of z√t with variance t, effects of variance ρ²."""
    spread = math.sqrt(experiments.tightest())

    def ratio(effect):
        score = z * math.sqrt(information)
        likelihood = math.exp(effect * score - effect**2 * information / 2)
        return likelihood * stats.norm.pdf(effect, scale=spread)

    averaged, _ = integrate.quad(ratio, -60, 60, points=[0, z], limit=200)
    assert experiments.always_valid(z, information) == pytest.approx(min(1, 1 / averaged), rel=1e-5)


def test_interval_and_p_value_agree():
    for information in (0.1, 1.0, 7.0):
        z = experiments.boundary(information)
        assert experiments.always_valid(z, information) == pytest.approx(0.05)


def test_the_mixture_is_nearly_tightest_where_it_was_planned():
    variances = experiments.tightest() * np.geomspace(0.1, 10, 201)
    reach = np.sqrt((1 + variances) / variances * (np.log1p(variances) - 2 * np.log(0.05)))
    assert experiments.boundary(1.0) == pytest.approx(reach.min(), rel=0.001)


@pytest.mark.parametrize("p", [0.5, 0.9, 0.97])
def test_same_groups_differ_in_one_run_of_twenty_at_most_looked_at_after_every_outcome(p):
    rng = np.random.default_rng(int(p * 100))
    n_users, n_planned = 1_500, 50
    is_treated = rng.random((N_RUNS, n_users)) < 0.5
    is_done = rng.random((N_RUNS, n_users)) < p
    n1, n0 = is_treated.cumsum(1), (~is_treated).cumsum(1)
    x1, x0 = (is_treated & is_done).cumsum(1), (~is_treated & is_done).cumsum(1)
    may_decide = (n0 >= n_planned) & (n1 >= n_planned)
    n0, n1 = np.maximum(n0, 2), np.maximum(n1, 2)
    found = experiments.two_proportions(
        Group(n0, x0 / n0, None), Group(n1, x1 / n1, None), n_planned / 2
    )
    n_peeked = (found.is_decided & may_decide).any(1).mean()
    assert n_peeked <= AT_MOST
    assert (found.is_decided & may_decide)[:, -1].mean() <= AT_MOST
    # The usual p-value, looked at as often, is wrong in a third of the runs: the simulation can tell.
    assert ((found.p_one_look < 0.05) & may_decide).any(1).mean() > 0.25
    assert (found.p_one_look[:, -1] < 0.05).mean() <= AT_MOST


@pytest.mark.parametrize("kind", ["completion", "duration"])
@pytest.mark.parametrize("n_users", [120, 400])
def test_the_same_holds_when_users_come_back(kind, n_users):
    rng = np.random.default_rng(n_users)
    value_of = _users(kind, rng, n_users)
    looks = _peeked(rng, n_users, value_of, n_outcomes=2_500, n_planned=25)
    assert looks.mean() <= AT_MOST


def test_a_planted_difference_is_found_and_its_interval_holds_it():
    rng = np.random.default_rng(3)
    control = [[1, int(it), int(it)] for it in rng.random(800) < 0.7]
    treatment = [[1, int(it), int(it)] for it in rng.random(800) < 0.85]
    found = analysed(control, treatment)
    assert found["verdict"] == "higher"
    assert 0 < found["comparison"]["low"] < 0.15 < found["comparison"]["high"]
    assert found["comparison"]["effect_size"]["value"] == pytest.approx(0.36, abs=0.1)


def test_the_sample_size_is_the_textbooks_with_another_boundary():
    """A share of 0.5 to 0.6: 385 users in each group for one look (Cohen 1988, table 6.4.1, h = 0.2)."""
    reach = float(stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
    for_one_look = 2 * 0.245 * (reach / 0.1) ** 2
    assert for_one_look == pytest.approx(385, rel=0.01)
    ours = experiments.users_needed(0.1, 0.245, planned=200)
    assert 1.5 * for_one_look < ours < 2.2 * for_one_look


def test_so_many_users_find_it_with_the_power_that_was_said():
    rng = np.random.default_rng(8)
    n, planned = experiments.users_needed(0.1, 0.2425, 200), 200
    drawn = [rng.binomial(n, p, 4_000) / n for p in (0.5, 0.6)]
    found = experiments.two_proportions(*(Group(n, it, None) for it in drawn), planned)
    assert found.is_decided.mean() == pytest.approx(0.8, abs=0.03)


def test_all_alike_is_no_difference():
    same = [[3, 3, 3]] * 200
    found = analysed(same, same)
    assert found["verdict"] == "open"
    assert found["comparison"]["p_any_time"] == 1
    assert found["comparison"]["difference"] == 0


def test_all_against_none_is_one():
    found = analysed([[1, 0, 0]] * 200, [[1, 1, 1]] * 200)
    assert found["verdict"] == "higher"
    assert found["comparison"]["high"] <= 1


def test_nothing_is_decided_before_there_are_enough_users():
    found = analysed([[50, 0, 0]] * 99, [[50, 50, 50]] * 300)
    assert found["verdict"] == "too-few"


def test_a_user_is_one_observation():
    """One busy user of each group says no more than one user does."""
    quiet = [[1, it % 2, it % 2] for it in range(100)]
    calm = analysed(quiet, quiet)["comparison"]
    busy = analysed([*quiet[:-1], [9_000, 0, 0]], [*quiet[:-1], [9_000, 9_000, 9_000]])[
        "comparison"
    ]
    assert abs(busy["difference"]) <= 0.011
    assert busy["p_one_look"] > 0.8
    assert calm["p_one_look"] == 1


sums = st.tuples(st.integers(0, 50), st.floats(0, 1)).map(
    lambda it: [it[0], round(it[0] * it[1]), round(it[0] * it[1])]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(sums, max_size=60), st.lists(sums, max_size=60), st.integers(2, 30))
def test_every_figure_is_a_number_in_its_range(control, treatment, n_planned):
    comparison = analysed(control, treatment, n_planned)["comparison"]
    if comparison is None:
        return
    numbers = [it for it in comparison.values() if isinstance(it, (int, float))]
    assert all(math.isfinite(it) for it in numbers)
    assert 0 <= comparison["p_any_time"] <= 1
    assert 0 <= comparison["p_one_look"] <= 1
    assert comparison["p_any_time"] >= comparison["p_one_look"] * 0.999
    assert comparison["low"] <= comparison["difference"] + 0.5
    assert comparison["low"] <= comparison["high"]
    assert 0 <= comparison["power"] <= 1


def test_the_order_of_users_does_not_matter():
    rng = np.random.default_rng(4)
    users = [[int(n), int(n // 2), int(n // 2)] for n in rng.integers(1, 9, 60)]
    one = analysed(users[:30], users[30:])
    other = analysed(users[:30][::-1], users[30:][::-1])
    for key, value in one["comparison"].items():
        assert (
            other["comparison"][key] == pytest.approx(value)
            if key not in ("test", "effect_size")
            else True
        )


def analysed(control, treatment, n_planned=100):
    asked = {
        "n_planned": n_planned,
        "control_share": 0.5,
        "metrics": ["completion"],
        "aims": {"completion": 0.05},
        "groups": {"control": {"completion": control}, "treatment": {"completion": treatment}},
    }
    return ab.answer(asked)["completion"]


def _users(kind, rng, n_users):
    """Return how one more outcome of a user of each run is drawn; users differ."""
    rows = np.arange(N_RUNS)
    if kind == "completion":
        shares = rng.beta(4, 1, (N_RUNS, n_users))
        return lambda users: (rng.random(N_RUNS) < shares[rows, users]).astype(float)
    levels = rng.normal(1, 0.8, (N_RUNS, n_users))
    return lambda users: levels[rows, users] + rng.normal(0, 0.6, N_RUNS)


def _peeked(rng, n_users, value_of, n_outcomes, n_planned):
    """Say of each run whether any look, one after each outcome, saw a difference."""
    rows = np.arange(N_RUNS)
    is_treated = rng.random((N_RUNS, n_users)) < 0.5
    often = 1 / np.arange(1, n_users + 1) ** 0.7
    n, total = np.zeros((N_RUNS, n_users)), np.zeros((N_RUNS, n_users))
    # By group: users, sum and squares of their means; outcomes, their sum and squares.
    kept = np.zeros((2, 6, N_RUNS))
    seen = np.zeros(N_RUNS, bool)
    for _ in range(n_outcomes):
        users = rng.choice(n_users, N_RUNS, p=often / often.sum())
        value, group = value_of(users), is_treated[rows, users].astype(int)
        before = np.divide(
            total[rows, users], n[rows, users], where=n[rows, users] > 0, out=np.zeros(N_RUNS)
        )
        is_new = n[rows, users] == 0
        n[rows, users] += 1
        total[rows, users] += value
        after = total[rows, users] / n[rows, users]
        change = (is_new, after - before, after**2 - before**2, np.ones(N_RUNS), value, value**2)
        for i, it in enumerate(change):
            kept[group, i, rows] += it
        seen |= _look(kept, n_planned)
    return seen


def _look(kept, n_planned):
    n = np.maximum(kept[:, 0], 2)
    means = kept[:, 1] / n
    variances = np.maximum(kept[:, 2] - n * means**2, 0) / (n - 1)
    outcomes = np.maximum(kept[:, 3], 2)
    squares = np.maximum(kept[:, 5] - kept[:, 4] ** 2 / outcomes, 0).sum(0)
    single = squares / (outcomes - 1).sum(0)
    groups = [Group(*it) for it in zip(n, means, variances, strict=True)]
    found = experiments.welch(*groups, n_planned / 2, single)
    return found.is_decided & (kept[:, 0] >= n_planned).all(0)
