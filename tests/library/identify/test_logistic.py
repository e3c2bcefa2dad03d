"""Logistic regression with a ridge: the least of its loss, found the same way every time."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from forvent.identify.logistic import calibrate, fit_logistic


def drawn(seed: int, n: int = 300, d: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, d))
    true = rng.normal(size=d)
    spoken = (rng.random(n) < 1 / (1 + np.exp(-(rows @ true - 1)))).astype(float)
    return rows, spoken


@pytest.mark.parametrize("ridge", [0.01, 1.0, 50.0])
def test_agrees_with_scikit_learn(ridge: float) -> None:
    rows, spoken = drawn(3)
    weights = np.random.default_rng(4).uniform(0.1, 3.0, size=len(rows))
    ours = fit_logistic(rows, spoken, weights=weights, ridge=ridge)
    theirs = LogisticRegression(C=1 / ridge, tol=1e-10, max_iter=5000).fit(
        rows, spoken, sample_weight=weights
    )
    assert ours[:-1] == pytest.approx(theirs.coef_[0], abs=1e-4)
    assert ours[-1] == pytest.approx(theirs.intercept_[0], abs=1e-4)


def test_the_slope_of_the_loss_is_zero_where_it_ends() -> None:
    rows, spoken = drawn(5)
    found = fit_logistic(rows, spoken, weights=np.ones(len(rows)), ridge=0.1)
    full = np.column_stack([rows, np.ones(len(rows))])
    slope = full.T @ (1 / (1 + np.exp(-full @ found)) - spoken)
    slope[:-1] += 0.1 * found[:-1]
    assert np.abs(slope).max() < 1e-3


def test_rows_that_can_be_told_apart_perfectly_have_finite_weights() -> None:
    rows = np.vstack([np.eye(6) * 9, -np.eye(6) * 9])
    found = fit_logistic(rows, np.repeat([1.0, 0.0], 6), weights=np.ones(12), ridge=1e-3)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 10


def test_another_start_ends_in_the_same_place() -> None:
    rows, spoken = drawn(6)
    cold = fit_logistic(rows, spoken, weights=np.ones(len(rows)), ridge=0.1)
    start = np.random.default_rng(1).normal(size=rows.shape[1] + 1) * 5
    warm = fit_logistic(rows, spoken, weights=np.ones(len(rows)), ridge=0.1, start=start)
    assert warm == pytest.approx(cold, abs=1e-5)


def test_rows_without_weight_are_not_seen() -> None:
    rows, spoken = drawn(7)
    weights = np.ones(len(rows))
    weights[100:] = 0.0
    some = fit_logistic(rows[:100], spoken[:100], weights=np.ones(100), ridge=0.1)
    assert np.array_equal(fit_logistic(rows, spoken, weights=weights, ridge=0.1), some)


def test_calibrated_scores_are_as_often_right_as_they_say() -> None:
    rng = np.random.default_rng(8)
    scores = rng.normal(size=20_000)
    spoken = (rng.random(20_000) < 1 / (1 + np.exp(-(2.5 * scores - 1.5)))).astype(float)
    slope, offset = calibrate(scores, spoken, weights=np.ones(20_000))
    assert (slope, offset) == (pytest.approx(2.5, abs=0.15), pytest.approx(-1.5, abs=0.1))


def test_scores_that_say_the_opposite_say_nothing() -> None:
    slope, offset = calibrate(np.array([1.0, 2, -1, -2]), np.array([0.0, 0, 1, 1]), weights=np.ones(4))
    assert (slope, offset) == (0.0, 0.0)


def test_three_perfect_examples_promise_no_certainty() -> None:
    scores, spoken = np.array([-5.0] * 50 + [5.0] * 3), np.array([0.0] * 50 + [1.0] * 3)
    slope, offset = calibrate(scores, spoken, weights=np.ones(53))
    assert 0.7 < 1 / (1 + np.exp(-(slope * 5.0 + offset))) < 0.85
