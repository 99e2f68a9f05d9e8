"""Rates, percentiles and small pictures keep to their ranges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from skills_lsp.reports.layout import percent, sparkline
from skills_lsp.reports.percentiles import spread
from skills_lsp.reports.rates import moved, wilson
from skills_lsp.reports.workflow import PhaseUse


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_an_interval_holds_its_rate_and_stays_between_nothing_and_all(n, share):
    k = round(n * share)
    it = wilson(k, n)
    assert 0 <= it.low <= k / n + 1e-12
    assert k / n - 1e-12 <= it.high <= 1


@pytest.mark.parametrize(("k", "n"), [(0, 5), (3, 7), (50, 50), (999, 1000)])
def test_an_interval_is_scipys(k, n):
    its = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert (wilson(k, n).low, wilson(k, n).high) == pytest.approx((its.low, its.high))


def test_what_moved_is_the_paired_t_statistic():
    rng = np.random.default_rng(1)
    before, after = rng.poisson(9, 14), rng.poisson(12, 14)
    assert moved([*zip(before, after, strict=True)]) == pytest.approx(
        stats.ttest_rel(after, before).statistic
    )
    assert moved([(5, 5)] * 14) == 0
    assert moved([(1, 9)] * 4) == 0  # too few


@pytest.mark.parametrize(
    ("n_ended", "n_completed", "is_one"),
    [
        (4, 0, False),
        (5, 0, True),
        (10, 6, False),
        (10, 4, True),
        (1_000, 790, False),
        (0, 0, False),
    ],
)
def test_a_bottleneck_is_one_for_sure(n_ended, n_completed, is_one):
    use = PhaseUse("setup", "a", n_ended, n_ended, n_completed, 0, 0.0)
    assert use.is_bottleneck is is_one


@given(st.lists(st.floats(0.001, 1e5), min_size=1, max_size=200))
def test_percentiles_are_true_to_a_step(seconds):
    steps = np.floor(8 * np.log2(seconds)).astype(int)
    histogram = [(int(it), int((steps == it).sum())) for it in np.unique(steps)]
    it = spread(histogram)
    assert it is not None
    for got, share in ((it.p50, 0.5), (it.p95, 0.95)):
        true = np.quantile(seconds, share, method="inverted_cdf")
        assert true / 1.0906 <= got <= true * 1.0906
    assert it.p50 <= it.p95 <= it.p99


@given(st.lists(st.none() | st.floats(0, 1e9), max_size=40))
def test_a_sparkline_has_a_column_for_each_value(values):
    line = sparkline(values)
    assert len(line) == len(values)
    assert all((it == "·") is (value is None) for it, value in zip(line, values, strict=True))


@given(st.floats(0, 1))
def test_only_all_is_all_and_only_nothing_is_nothing(share):
    assert (percent(share) == "100 %") is (share == 1)
    assert (percent(share) == "0 %") is (share == 0)
