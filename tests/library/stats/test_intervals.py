"""Intervals against published tables, hand-made numbers and their own edges."""

import math

import numpy as np
import pytest

from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate
from forvent.stats import (
    mean_interval,
    nps_interval,
    percentile_interval,
    widest,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(3, 3, 0.4385, 1.0), (95, 100, 0.8883, 0.9785), (0, 10, 0.0, 0.2775), (15, 148, 0.0624, 0.1605)],
)
def test_wilson_gives_the_published_limits(successes, n, low, high):
    # The last pair is Newcombe (1998), Statistics in Medicine 17, table I: 0.0624 to 0.1605 for 15 of 148.
    share = wilson(successes, n)
    assert (share.value, share.n, share.level) == (successes / n, n, 0.95)
    assert share.low == pytest.approx(low, abs=1e-4)
    assert share.high == pytest.approx(high, abs=1e-4)


def test_wilson_takes_half_a_success():
    assert wilson(1, 10).low < wilson(1.5, 10).low < wilson(2, 10).low


def test_wilson_of_successes_mirrors_that_of_failures():
    met, unmet = wilson(7, 30, level=0.9), wilson(23, 30, level=0.9)
    assert met.low == pytest.approx(1 - unmet.high)
    assert met.high == pytest.approx(1 - unmet.low)


def test_wilson_refuses_nothing_and_too_much():
    with pytest.raises(TooFewObservations) as nothing:
        wilson(0, 0)
    assert str(nothing.value) == "A share needs at least one case. Collect cases first."
    with pytest.raises(BadOption) as too_much:
        wilson(4, 3)
    assert str(too_much.value) == "4 of 3 is no share. Successes must lie between 0 and the count."


def test_mean_interval_gives_students_limits():
    # Mean 5, standard deviation √2.5, five values: 5 ± 2.776 · √0.5.
    found = mean_interval([3, 4, 5, 6, 7])
    assert found.value == 5.0
    assert found.high - 5.0 == pytest.approx(2.776 * math.sqrt(0.5), abs=1e-3)
    assert 5.0 - found.low == pytest.approx(found.high - 5.0)


def test_mean_interval_of_equal_ratings_is_not_a_point():
    found = mean_interval([1.0] * 5, within=(0, 1))
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.4 < found.low < 0.6


def test_mean_interval_within_bounds_hardly_differs_from_the_plain_one_for_many_values():
    ratings = np.tile([0.0, 0.25, 0.5, 1.0, 1.0], 200)
    plain, bounded = mean_interval(ratings), mean_interval(ratings, within=(0, 1))
    assert bounded.low == pytest.approx(plain.low, abs=1e-3)
    assert bounded.high == pytest.approx(plain.high, abs=1e-3)


def test_mean_interval_refuses_what_has_no_spread():
    with pytest.raises(TooFewObservations) as error:
        mean_interval([4.0])
    assert str(error.value) == "A mean with an interval cannot be made of 1 values. Collect more values."
    assert mean_interval([0.4], within=(0, 1)).n == 1


def test_nps_interval_gives_the_published_example():
    # measuringu.com/nps-confidence-intervals: 25 promoters, 15 passives, 10 detractors.
    score = nps_interval(25, 15, 10)
    assert (score.value, score.n) == (30.0, 50)
    assert (round(score.low), round(score.high)) == (7, 49)


def test_nps_interval_stays_on_the_scale_and_is_not_a_point_when_all_promote():
    score = nps_interval(4, 0, 0)
    assert (score.value, score.high) == (100.0, 100.0)
    assert score.low < 60.0


def test_nps_interval_refuses_nobody():
    with pytest.raises(TooFewObservations) as error:
        nps_interval(0, 0, 0)
    assert str(error.value) == "A net score needs at least one answer. Collect answers first."


def test_percentile_interval_takes_the_middle_of_the_draws_and_holds_the_value():
    draws = np.arange(1001.0)
    assert percentile_interval(draws, value=500.0, n=3).low == pytest.approx(25.0)
    outside = percentile_interval(draws, value=-4.0, n=3, level=0.9)
    assert (outside.low, outside.high) == (-4.0, pytest.approx(950.0))


def test_percentile_interval_refuses_no_draws():
    with pytest.raises(TooFewObservations) as error:
        percentile_interval(np.array([]), value=1.0, n=3)
    assert str(error.value) == "An interval needs bootstrap draws. Ask for more rounds."


def test_widest_keeps_the_first_value_and_the_outer_ends():
    joined = widest(Estimate(0.5, 0.4, 0.6, 10), Estimate(0.51, 0.3, 0.55, 99))
    assert joined == Estimate(0.5, 0.3, 0.6, 10)
