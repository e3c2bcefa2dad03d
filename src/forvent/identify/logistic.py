"""Logistic regression with a ridge, by Newton's method: small, exact, the same on every run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

#: Weights are rounded to so many digits: the last bits hang on the processor.
DIGITS = 9
_STEPS, _CLOSE, _HALVINGS = 40, 1e-7, 12


def fit_logistic(
    rows: Numbers, spoken: Numbers, *, weights: Numbers, ridge: float, start: Numbers | None = None
) -> Numbers:
    r"""Weights of the columns and, last, the bias, that make a weighted logistic loss with ridge least.

    .. math:: \min_{w,b} \sum_i v_i \log(1 + e^{-y_i (x_i w + b)}) + \tfrac{\lambda}{2} |w|^2

    The bias is not held back. With a ridge above 0 the least is finite and unique.

    Parameters
    ----------
    rows
        Features, shape (n, d).
    spoken
        1 where the expectation is spoken of, else 0; shape (n,).
    weights
        Weight of each row, 0 or more.
    ridge
        The :math:`\lambda` of the formula, above 0.
    start
        Where to begin, shape (d + 1,); a neighbour's answer saves steps and changes nothing.

    Returns
    -------
    array
        Shape (d + 1,), rounded to nine digits.

    Source
    ------
    Hastie, Tibshirani & Friedman (2009), "The Elements of Statistical Learning", section 4.4.1, with a ridge.

    Examples
    --------
    >>> x = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    >>> y = np.array([0.0, 1.0, 0.0, 0.0])
    >>> found = fit_logistic(x, y, weights=np.ones(4), ridge=1.0)
    >>> bool(found[0] > 0)
    True
    """
    used = weights > 0.0
    full = np.column_stack([rows[used], np.ones(int(used.sum()))])
    spoken, weights = spoken[used], weights[used]
    held = np.full(full.shape[1], ridge)
    held[-1] = 1e-9
    at = np.zeros(full.shape[1]) if start is None else start.copy()
    loss = _loss(full @ at, spoken, weights) + 0.5 * float(held @ at**2)
    for _ in range(_STEPS):
        chance = _chance(full @ at)
        slope = full.T @ (weights * (chance - spoken)) + held * at
        bend = (full.T * (weights * chance * (1.0 - chance))) @ full
        bend[np.diag_indices_from(bend)] += held + 1e-12
        step = np.linalg.solve(bend, slope)
        # A whole step can overshoot where chances are near 0 and 1; halved, it always goes down.
        for _ in range(_HALVINGS):
            lower = _loss(full @ (at - step), spoken, weights) + 0.5 * float(held @ (at - step) ** 2)
            if lower <= loss:
                break
            step = step / 2.0
        at, gained, loss = at - step, loss - lower, lower
        if gained <= _CLOSE * (1.0 + abs(loss)) and float(np.abs(step).max()) <= 1e-5:
            break
    return np.asarray(np.round(at, DIGITS), dtype=np.float64)


def calibrate(scores: Numbers, spoken: Numbers, *, weights: Numbers) -> tuple[float, float]:
    r"""Slope and offset that turn held-out scores into probabilities :math:`\sigma(as + c)`.

    Targets are drawn in a little, as Platt does, so that few examples promise no certainty. A slope below 0
    (scores that say nothing) becomes 0.

    Parameters
    ----------
    scores, spoken, weights
        Of the same held-out rows, shape (n,).

    Source
    ------
    Platt (1999), "Probabilistic outputs for support vector machines", section 2.2.

    Examples
    --------
    >>> slope, offset = calibrate(
    ...     np.array([-2.0, -1.0, 1.0, 2.0]), np.array([0.0, 0, 1, 1]), weights=np.ones(4)
    ... )
    >>> slope > 0, abs(offset) < 1e-6
    (True, True)
    """
    positives, negatives = int(spoken.sum()), int((1.0 - spoken).sum())
    drawn = np.where(spoken > 0, (positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0))
    slope, offset = fit_logistic(scores[:, None], drawn, weights=weights, ridge=1e-6)
    if slope <= 0.0:
        share = float((weights * spoken).sum() / weights.sum())
        return 0.0, float(np.log(share / (1.0 - share)))
    return float(slope), float(offset)


def _chance(scores: Numbers) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -40.0, 40.0))), dtype=np.float64)


def _loss(scores: Numbers, spoken: Numbers, weights: Numbers) -> float:
    return float(weights @ (np.logaddexp(0.0, scores) - spoken * scores))
