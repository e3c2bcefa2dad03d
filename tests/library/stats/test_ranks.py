"""Ranks that the next case stays under, and order-statistic intervals."""

import math

import numpy as np
import pytest

from forvent.errors import BadOption
from forvent.records import NotEnough
from forvent.stats import conformal_rank, quantile_interval


@pytest.mark.parametrize(
    ("n", "level", "rank"), [(19, 0.95, 19), (99, 0.95, 95), (9, 0.9, 9), (1, 0.5, 1), (1000, 0.9, 901)]
)
def test_conformal_rank_is_the_ceiling_of_one_more_case(n, level, rank):
    assert conformal_rank(n, level=level) == rank


def test_conformal_rank_is_not_one_too_high_through_floating_point():
    assert math.ceil(100 * 0.55) == 56
    assert conformal_rank(99, level=0.55) == 55


@pytest.mark.parametrize(("level", "needed"), [(0.5, 1), (0.8, 4), (0.9, 9), (0.95, 19), (0.99, 99)])
def test_conformal_rank_says_how_many_cases_a_level_needs(level, needed):
    assert conformal_rank(needed - 1, level=level) == NotEnough(
        n=needed - 1, needed=needed, why=f"a limit at level {level} needs {needed} cases"
    )
    assert conformal_rank(needed, level=level) == needed


def test_conformal_rank_refuses_a_negative_count():
    with pytest.raises(BadOption) as error:
        conformal_rank(-1, level=0.9)
    assert str(error.value) == "-1 past values. A count cannot be negative."


@pytest.mark.parametrize(
    # For ten: P(at most 1 below) = 11/1024 ≤ 0.025 < 56/1024 = P(at most 2), so ranks 2 and 9.
    ("n", "low", "high"),
    [(6, 1, 6), (10, 2, 9), (20, 6, 15), (25, 8, 18), (100, 40, 61)],
)
def test_median_interval_has_the_tabled_ranks(n, low, high):
    median = quantile_interval(np.arange(1, n + 1))
    assert (median.low, median.high, median.n) == (low, high, n)
    assert median.value == (n + 1) / 2


def test_five_values_cannot_carry_a_median_at_95_percent():
    few = quantile_interval([1, 2, 3, 4, 5])
    assert few == NotEnough(n=5, needed=6, why="a quantile at level 0.95 needs 6 values")
    assert quantile_interval([1, 2, 3, 4, 5], level=0.9).high == 5.0


def test_quantile_interval_does_not_mind_the_order_of_the_values():
    values = np.random.default_rng(3).normal(size=60)
    assert quantile_interval(values) == quantile_interval(np.sort(values)[::-1])


def test_interval_of_a_high_quantile_lies_above_that_of_the_median():
    values = np.arange(1000.0)
    assert quantile_interval(values, share=0.9).low > quantile_interval(values).high


def test_quantile_interval_works_for_very_many_values():
    median = quantile_interval(np.arange(200_001.0))
    # Normal approximation of the binomial: half width 1.96 · √n / 2.
    assert median.high - median.value == pytest.approx(1.96 * math.sqrt(200_001) / 2, abs=2)
