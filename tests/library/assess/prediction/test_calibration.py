"""Scores become probabilities that hold, and never say the opposite of what they learned."""

import numpy as np
import pytest

from forvent.assess.prediction.calibration import calibrate, sigmoid


def two(scores):
    return np.column_stack([scores, scores])


def drawn(log_odds, seed=1):
    return (np.random.default_rng(seed).random(log_odds.size) < sigmoid(log_odds)).astype(float)


def test_a_score_that_is_too_sure_is_drawn_together():
    truth = np.random.default_rng(2).normal(size=20_000)
    line = calibrate(3.0 * truth[:, None], outcome=drawn(truth), clusters=[np.arange(20_000)])
    assert line.weights[0] == pytest.approx(1 / 3, abs=0.02)
    assert line.intercept == pytest.approx(0.0, abs=0.05)


def test_of_two_scores_the_one_that_knows_counts():
    rng = np.random.default_rng(3)
    truth, noise = rng.normal(size=20_000), rng.normal(size=20_000)
    line = calibrate(np.column_stack([noise, truth]), outcome=drawn(truth), clusters=[np.arange(20_000)])
    assert line.weights[1] == pytest.approx(1.0, abs=0.1)
    assert line.weights[0] < 0.1


def test_a_score_that_says_the_opposite_counts_nothing():
    truth = np.random.default_rng(4).normal(size=2_000)
    outcome = drawn(truth)
    line = calibrate(two(-truth), outcome=outcome, clusters=[np.arange(2_000)])
    assert line.weights.tolist() == [0.0, 0.0]
    assert line.probabilities(two(np.array([-5.0, 5.0]))) == pytest.approx(outcome.mean(), abs=0.002)


def test_a_score_that_parts_all_cases_stays_finite():
    scores = np.concatenate([np.full(50, -1.0), np.full(50, 1.0)])
    line = calibrate(two(scores), outcome=(scores > 0).astype(float), clusters=[np.arange(100)])
    assert np.isfinite(line.weights).all()
    assert 0.9 < float(line.probabilities(two(np.array([1.0])))[0]) < 1.0


def test_limits_hold_the_true_share_as_often_as_they_say():
    inside, rounds = 0, 300
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        truth = rng.normal(size=400)
        line = calibrate(truth[:, None], outcome=drawn(truth, seed + 1000), clusters=[np.arange(400)])
        low, high = line.limits(np.array([[0.7]]), level=0.9)
        inside += low[0] <= sigmoid(np.array([0.7]))[0] <= high[0]
    assert inside / rounds == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / rounds))


def test_cases_that_hang_together_widen_the_limits():
    truth = np.repeat(np.random.default_rng(5).normal(size=50), 20)
    outcome = np.repeat(drawn(truth[::20]), 20)
    alone = calibrate(truth[:, None], outcome=outcome, clusters=[np.arange(1000)])
    alike = calibrate(truth[:, None], outcome=outcome, clusters=[np.arange(1000), np.arange(1000) // 20])
    assert np.diag(alike.covariances[1]).min() > 4 * np.diag(alone.covariances[0]).max()
    low, high = alike.limits(np.array([[0.0]]), level=0.95)
    narrow = alone.limits(np.array([[0.0]]), level=0.95)
    assert high[0] - low[0] > 2 * (narrow[1][0] - narrow[0][0])
