"""Brier score, skill, ranking and reliability, against numbers worked out by hand and simulated truth."""

import numpy as np
import pytest

from forvent.assess.prediction.accuracy import (
    Trial,
    auc,
    brier,
    calibration_error,
    reliability,
    share_of,
)


def trial(probability, outcome, customer=None):
    chances, came = np.asarray(probability, float), np.asarray(outcome, float)
    who = np.arange(chances.size) if customer is None else np.asarray(customer)
    return Trial(chances, came, who, (np.unique(who, return_inverse=True)[1].astype(np.int64),))


def drawn(rng, n=2_000, said=lambda chance: chance):
    chance = rng.uniform(0.05, 0.6, n)
    return trial(said(chance), rng.random(n) < chance)


def test_brier_score_and_skill_by_hand():
    # Errors .01, .16, .36, .04; half came, so the base rate alone errs by .25.
    four = trial([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1])
    score, skill = brier(four, rng=np.random.default_rng(1), level=0.95, rounds=200)
    assert score.value == pytest.approx(0.1425)
    assert skill.value == pytest.approx(1 - 0.1425 / 0.25)


def test_the_base_rate_itself_has_no_skill():
    came = np.tile([0.0, 0.0, 0.0, 1.0], 100)
    _, skill = brier(trial(np.full(400, 0.25), came), rng=np.random.default_rng(1), level=0.95, rounds=200)
    assert skill.value == pytest.approx(0.0)
    assert skill.high <= 0.0


def test_skill_is_covered_as_often_as_it_says():
    rng = np.random.default_rng(7)
    chance = rng.uniform(0.05, 0.6, 400_000)
    truth = 1 - np.mean(chance * (1 - chance)) / (chance.mean() * (1 - chance.mean()))
    rounds = 200
    held = [brier(drawn(rng, 500), rng=rng, level=0.9, rounds=200)[1] for _ in range(rounds)]
    inside = np.mean([found.low <= truth <= found.high for found in held])
    assert inside == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / rounds))


def test_auc_counts_pairs_and_half_of_the_ties():
    # Pairs: .8>.1, .8>.5, .5>.1 are right, .5=.5 is half: 3.5 of 4.
    assert auc(trial([0.8, 0.5, 0.1, 0.5], [1, 1, 0, 0]), level=0.95).value == 3.5 / 4


def test_a_perfect_ranking_of_few_is_not_certain():
    found = auc(trial([0.9, 0.8, 0.7, 0.3, 0.2, 0.1], [1, 1, 1, 0, 0, 0]), level=0.95)
    assert found.value == 1.0
    assert found.low < 0.8


def test_auc_is_covered_as_often_as_it_says():
    rng = np.random.default_rng(8)
    large = drawn(rng, 200_000)
    truth, rounds = auc(large, level=0.9).value, 300
    held = [auc(drawn(rng, 400), level=0.9) for _ in range(rounds)]
    inside = np.mean([found.low <= truth <= found.high for found in held])
    assert inside == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / rounds))


def test_customers_who_come_again_widen_the_interval_of_the_ranking():
    rng = np.random.default_rng(9)
    one = drawn(rng, 200)
    many = trial(np.repeat(one.probability, 10), np.repeat(one.outcome, 10), np.repeat(np.arange(200), 10))
    alone = auc(one, level=0.95)
    again = auc(many, level=0.95)
    assert again.value == pytest.approx(alone.value)
    assert again.high - again.low == pytest.approx(alone.high - alone.low, rel=0.1)


def test_bins_hold_equally_many_and_equal_probabilities_stay_together():
    bins, place = reliability(drawn(np.random.default_rng(1), 1_000), level=0.95)
    assert len(bins) == 10
    assert [one.observed.n for one in bins] == [100] * 10
    assert np.bincount(place).tolist() == [100] * 10
    same, _ = reliability(trial(np.full(200, 0.3), np.tile([0, 1], 100)), level=0.95)
    assert len(same) == 1


def test_few_cases_make_few_bins():
    assert len(reliability(drawn(np.random.default_rng(1), 95), level=0.95)[0]) == 3


def test_perfect_probabilities_are_off_by_what_chance_makes_and_wrong_ones_by_more():
    rng = np.random.default_rng(2)
    right, wrong = drawn(rng), drawn(rng, said=lambda chance: np.minimum(0.99, 2.0 * chance))
    for found, ours in ((right, True), (wrong, False)):
        bins = reliability(found, level=0.95)[1]
        error, chance = calibration_error(found, bins=bins, rng=rng, level=0.95, rounds=300)
        assert (error.value <= chance.high) is ours
    assert error.low > 0.2


def test_the_share_of_a_single_customer_is_worth_one_case():
    many = share_of(np.array([1.0, 1.0, 1.0, 1.0]), customer=np.zeros(4, dtype=np.int64), level=0.95)
    assert many.n == 4
    assert many.low < 0.4
