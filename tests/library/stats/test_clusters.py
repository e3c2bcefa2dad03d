"""Shares of cases in clusters, and the difference of two shares."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.errors import BadOption, TooFewObservations
from forvent.stats import wilson
from forvent.stats.clusters import (
    ClusteredShare,
    ClusterSums,
    clustered_share,
    share_difference,
    share_difference_p,
)


def sums_of(cases: np.ndarray, successes: np.ndarray) -> ClusterSums:
    """Sums over clusters with these cases and successes each."""
    return ClusterSums(
        clusters=cases.size,
        cases=int(cases.sum()),
        successes=float(successes.sum()),
        cases_squared=int((cases**2).sum()),
        successes_squared=float((successes**2).sum()),
        products=float((cases * successes).sum()),
    )


def alone(successes: float, n: int) -> ClusteredShare:
    """Each case a cluster of its own."""
    return clustered_share(ClusterSums(n, n, successes, n, successes, successes))


@pytest.mark.parametrize(("successes", "n"), [(0, 5), (3, 7), (7, 7), (40, 100)])
def test_with_one_case_a_cluster_it_is_wilsons_interval(successes: int, n: int) -> None:
    assert alone(successes, n).estimate == wilson(successes, n)


def test_clusters_of_one_mind_are_worth_one_case_each_or_less() -> None:
    share = clustered_share(sums_of(np.full(200, 3), np.repeat([0, 3], [120, 80])))
    assert share.estimate.value == pytest.approx(0.4)
    assert 190 < share.effective <= 200


def test_where_all_succeed_the_cases_of_a_cluster_count_as_one() -> None:
    share = clustered_share(sums_of(np.full(30, 4), np.full(30, 4)))
    assert share.estimate.high == 1.0
    assert share.effective < 30
    assert share.estimate.low < wilson(30, 30).low


def test_no_spread_between_clusters_makes_no_more_cases_than_there_are() -> None:
    share = clustered_share(sums_of(np.full(30, 4), np.full(30, 2)))
    assert share.effective <= 120


@pytest.mark.parametrize("clusters", [8, 40, 200])
def test_the_interval_holds_the_true_share_as_often_as_it_says(clusters: int) -> None:
    """Customers differ (beta-binomial, intra-cluster correlation 0.4) and a few speak very often."""
    rng = np.random.default_rng(20_260_101)
    true, rounds = 0.7, 1500
    held = plain = 0
    for _ in range(rounds):
        cases = 1 + rng.geometric(0.4, clusters)
        successes = rng.binomial(cases, rng.beta(true * 1.5, (1 - true) * 1.5, clusters))
        share = clustered_share(sums_of(cases, successes)).estimate
        naive = wilson(int(successes.sum()), int(cases.sum()))
        held += share.low <= true <= share.high
        plain += naive.low <= true <= naive.high
    # Within four standard errors of the level below; the naive interval is far too narrow.
    assert held / rounds > 0.95 - 4 * (0.95 * 0.05 / rounds) ** 0.5
    assert plain / rounds < 0.87


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_differences_agree_with_newcombes_table(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe (1998), table II, method 10."""
    found = share_difference(wilson(*first), wilson(*second))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.n == first[1] + second[1]


@pytest.mark.parametrize("pair", [(60, 45), (55, 45), (50, 36), (100, 99), (3, 0)])
def test_a_p_value_below_five_percent_and_an_interval_without_zero_are_the_same(
    pair: tuple[int, int],
) -> None:
    first, second = alone(pair[0], 100), alone(pair[1], 100)
    found = share_difference(first.estimate, second.estimate)
    apart = found.low > 0.0 or found.high < 0.0
    assert (share_difference_p(first, second) <= 0.05) == apart
    assert share_difference_p(first, second) == share_difference_p(second, first)


def test_equal_shares_have_p_one_and_opposite_ones_nearly_none() -> None:
    assert share_difference_p(alone(5, 10), alone(10, 20)) == 1.0
    assert share_difference_p(alone(100, 100), alone(0, 100)) < 1e-9


def test_equal_truths_are_called_different_as_seldom_as_the_p_value_says() -> None:
    rng = np.random.default_rng(7)
    drawn = rng.binomial([60, 90], 0.65, size=(2000, 2))
    p_values = [share_difference_p(alone(int(one), 60), alone(int(other), 90)) for one, other in drawn]
    assert np.mean(np.array(p_values) <= 0.05) < 0.05 + 4 * (0.05 * 0.95 / 2000) ** 0.5


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(TooFewObservations) as few:
        clustered_share(ClusterSums(1, 9, 3, 81, 9, 27))
    assert str(few.value) == "1 clusters have no spread. Collect cases of more customers."
    with pytest.raises(BadOption) as wrong:
        clustered_share(ClusterSums(9, 9, 10, 9, 10, 10))
    assert str(wrong.value) == "10 of 9 is no share. Successes must lie between 0 and the count."
    with pytest.raises(BadOption) as levels:
        share_difference(wilson(3, 7), wilson(3, 7, level=0.9))
    assert str(levels.value) == (
        "Intervals at the levels 0.95 and 0.9 cannot be joined. Give both the same level."
    )
