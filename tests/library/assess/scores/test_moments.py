"""Intervals of independent answers are the known ones; repeated and weighted answers are worth fewer."""

import numpy as np
import pytest

from forvent.assess.scores import Answers, asked_measures, estimate_of, moments, sums_of
from forvent.assess.scores.definitions import CSAT, KEPT_RATE, NPS, mean_given
from forvent.errors import BadOption
from forvent.records import Scale
from forvent.stats import mean_interval, nps_interval, wilson
from forvent.stats.clusters import ClusterSums, clustered_share

ELEVEN = Scale(0, 10)


def estimate(measure, answers, **options):
    return estimate_of(measure, moments([measure], sums_of(answers, **options))[0], level=0.95)


def test_twentyfive_fifteen_ten_is_an_nps_of_thirty_from_seven_to_fortynine():
    found = estimate(NPS, Answers.of([1.0, 0.7, 0.3], times=[25, 15, 10]))
    assert (round(found.value), round(found.low), round(found.high), found.n) == (30, 7, 49, 50)
    theirs = nps_interval(25, 15, 10)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))


def test_three_of_three_kept_is_fortyfour_to_a_hundred_percent():
    found = estimate(KEPT_RATE, Answers.of([1.0, 1.0, 1.0]))
    assert (found.value, round(found.low, 2), found.high) == (1.0, 0.44, 1.0)


@pytest.mark.parametrize("seed", range(4))
def test_independent_answers_have_the_intervals_of_the_papers(seed):
    rating = np.random.default_rng(seed).integers(0, 11, 5 + 20 * seed) / 10
    mean = estimate(mean_given(ELEVEN), Answers.of(rating))
    theirs = mean_interval(10 * rating, within=(0, 10))
    assert (mean.value, mean.low, mean.high) == pytest.approx((theirs.value, theirs.low, theirs.high))
    share = estimate(CSAT, Answers.of(rating))
    theirs = wilson(int((rating > 0.7499).sum()), rating.size)
    assert (share.value, share.low, share.high) == pytest.approx((theirs.value, theirs.low, theirs.high))


def test_rows_that_stand_for_several_answers_are_the_same_as_these():
    rating, times = np.array([0.1, 0.8, 1.0]), np.array([4, 9, 3])
    for measure in asked_measures(["mean", "csat", "net", "nps"], scale=ELEVEN):
        one = estimate(measure, Answers.of(rating, times=times))
        other = estimate(measure, Answers.of(np.repeat(rating, times)))
        assert (one.value, one.low, one.high, one.n) == pytest.approx(
            (other.value, other.low, other.high, other.n)
        )


def test_repeated_answers_are_worth_what_korn_and_graubard_say():
    rng = np.random.default_rng(5)
    who = np.repeat(np.arange(30), rng.integers(1, 6, 30))
    rating = (rng.random(30) < 0.6)[who] ^ (rng.random(who.size) < 0.2)
    found = moments([CSAT], sums_of(Answers.of(rating.astype(float), customer=who)))[0]
    n, m = np.bincount(who), np.bincount(who, weights=rating)
    theirs = clustered_share(ClusterSums(30, who.size, m.sum(), (n * n).sum(), (m * m).sum(), (m * n).sum()))
    # Few customers are corrected for by their number there, by Kish's number of them here.
    assert found.effective == pytest.approx(theirs.effective, rel=0.04)
    assert found.customers == 30
    assert found.effective < 0.8 * who.size


def test_customers_who_always_say_the_same_count_once():
    once = np.random.default_rng(6).integers(0, 11, 60) / 10
    thrice = Answers.of(np.repeat(once, 3), customer=np.repeat(np.arange(60), 3))
    for found in moments(asked_measures(["mean", "csat", "nps"], scale=ELEVEN), sums_of(thrice)):
        assert found.effective == pytest.approx(60, rel=0.06)
        assert (found.n, found.customers) == (180, 60)


def test_where_all_answers_are_the_same_customers_count_not_answers():
    alike = Answers.of(np.ones(40), customer=np.repeat(np.arange(10), 4))
    found = moments([CSAT], sums_of(alike))[0]
    assert found.variance == 0.0
    assert 5 < found.effective <= 10
    assert estimate(CSAT, alike).low < 0.75


def test_weights_move_the_score_and_cost_answers():
    weight = np.where(np.arange(100) < 50, 3.0, 1.0)
    rating = np.where(np.arange(100) < 50, np.arange(100) % 5 > 0, np.arange(100) % 2).astype(float)
    found = moments([CSAT], sums_of(Answers.of(rating, weight=weight)))[0]
    assert found.mean == pytest.approx(0.75 * 0.8 + 0.25 * 0.5)
    assert 60 < found.effective < 90
    heavier = moments([CSAT], sums_of(Answers.of(rating, weight=1000 * weight)))[0]
    assert heavier.effective == pytest.approx(found.effective)


def test_equal_weights_change_nothing():
    rating = np.random.default_rng(7).integers(0, 11, 50) / 10
    plain, heavy = Answers.of(rating), Answers.of(rating, weight=np.full(50, 7.0))
    assert estimate(NPS, heavy) == estimate(NPS, plain)


def test_only_the_answers_inside_count():
    rating = np.array([1.0] * 10 + [0.0] * 30)
    inside = np.arange(40) < 12
    found = moments([CSAT], sums_of(Answers.of(rating), inside=inside))[0]
    assert (found.n, found.mean) == (12, 10 / 12)


def test_customers_in_disorder_are_refused():
    with pytest.raises(BadOption) as error:
        Answers.of([1.0, 0.0], customer=np.array([3, 1]))
    assert str(error.value) == "Customers come in disorder. Sort the answers by customer first."
