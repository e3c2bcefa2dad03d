"""Scores with intervals; nothing is called NPS that is none."""

import numpy as np
import pytest

from forvent.assess import scores
from forvent.errors import BadOption
from forvent.records import NotEnough, Scale

STARS = Scale(low=1, high=5)
ELEVEN = Scale(low=0, high=10)


def named(ratings, rng, *, customers=None, **options):
    who = np.arange(len(ratings)) if customers is None else customers
    return {score.name: score for score in scores(ratings, customers=who, rng=rng, **options)}


def test_five_stars_give_mean_csat_and_net_satisfaction(rng):
    stars = np.repeat([1, 2, 3, 4, 5], [10, 5, 5, 30, 50])
    found = named((stars - 1) / 4, rng, scale=STARS)
    assert list(found) == ["mean_rating", "mean_given", "csat", "net_satisfaction"]
    assert found["mean_given"].estimate.value == pytest.approx(stars.mean())
    assert found["csat"].estimate.value == 0.8
    assert found["csat"].definition.startswith("csat/1: ")
    assert found["net_satisfaction"].estimate.value == pytest.approx(80 - 15)
    assert found["net_satisfaction"].definition.endswith("; not the NPS")
    assert [score.estimate.n for score in found.values()] == [100] * 4


def test_nps_stands_only_on_the_scale_from_0_to_10(rng):
    answers = np.repeat([10, 9, 8, 7, 6, 0], [15, 10, 10, 5, 4, 6]) / 10
    score = named(answers, rng, scale=ELEVEN)["nps"]
    assert (round(score.estimate.value), round(score.estimate.low), round(score.estimate.high)) == (30, 7, 49)
    assert score.unit == "points"
    for scale in (STARS, Scale(low=1, high=10), None):
        assert "nps" not in named(answers, rng, scale=scale)


def test_mean_on_the_given_scale_is_the_mean_rating_moved(rng):
    found = named(np.linspace(0, 1, 21), rng, scale=STARS)
    mean, given = found["mean_rating"].estimate, found["mean_given"].estimate
    assert given.low == pytest.approx(1 + 4 * mean.low)
    assert given.high == pytest.approx(1 + 4 * mean.high)
    assert found["mean_given"].unit == "1–5"


def test_missing_ratings_are_left_out(rng):
    assert named([1.0, np.nan, 0.5, 1.0, 1.0, 0.0], rng)["csat"].estimate.value == 0.6


def test_four_ratings_are_not_enough(rng):
    few = named([1.0] * 4, rng)["csat"].estimate
    assert few == NotEnough(n=4, needed=5, why="too few ratings")


def test_five_best_ratings_are_not_certainly_perfect(rng):
    for score in named([1.0] * 5, rng, scale=ELEVEN).values():
        assert score.estimate.low < score.estimate.value


def test_repeating_customers_widen_the_interval_and_the_definition_says_so(rng):
    mood = np.repeat(np.random.default_rng(2).choice([0.0, 1.0], 40), 10)
    alone, together = named(mood, rng)["csat"], named(mood, rng, customers=np.arange(400) // 10)["csat"]
    width = [score.estimate.high - score.estimate.low for score in (alone, together)]
    assert width[1] > 2 * width[0]
    assert together.estimate.value == alone.estimate.value
    assert together.definition == alone.definition + "; answers of one customer kept together in the interval"


def test_nine_customers_are_not_enough_however_often_they_rate(rng):
    few = named([1.0] * 90, rng, customers=np.arange(90) // 10)["csat"].estimate
    assert few == NotEnough(n=9, needed=10, why="too few customers")


def test_ratings_outside_0_to_1_are_refused(rng):
    with pytest.raises(BadOption) as error:
        named([1.0, 5.0], rng)
    assert str(error.value) == "Ratings from 1 to 5. Bring ratings to 0–1 first."


def test_each_rating_needs_its_customer(rng):
    with pytest.raises(BadOption) as error:
        named([1.0, 0.5], rng, customers=np.arange(3))
    assert str(error.value) == "2 ratings of 3 customers. Give each rating its customer."
