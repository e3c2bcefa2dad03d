"""Scores turned into probabilities on a stretch of time that nothing was learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: How strongly the weights of the scores are drawn to one another.
ALIKE = 10.0
_STEPS = 50
_FARTHEST = 30.0
_RIDGE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Log-odds = intercept + scores · weights, learned from n cases.

    ``weights`` has shape (scores,), none below 0. ``covariances`` of shape (ways, 1 + scores, 1 + scores) are
    those of intercept and weights, one for each way in which cases hang together; the widest counts.
    """

    intercept: float
    weights: Floats
    covariances: Floats
    n: int

    def probabilities(self, scores: Floats) -> Floats:
        """Calibrated probability of each row of scores."""
        return sigmoid(self.intercept + scores @ self.weights)

    def limits(self, scores: Floats, *, level: float) -> tuple[Floats, Floats]:
        """Limits of the share among cases with the same scores."""
        places = np.column_stack([np.ones(scores.shape[0]), scores])
        spread = np.einsum("ni,wij,nj->wn", places, self.covariances, places).max(axis=0)
        half = NormalDist().inv_cdf((1.0 + level) / 2.0) * np.sqrt(np.maximum(spread, 0.0))
        middle = self.intercept + scores @ self.weights
        return sigmoid(middle - half), sigmoid(middle + half)


def calibrate(scores: Floats, *, outcome: Floats, clusters: Sequence[Codes]) -> Calibration:
    r"""Scores weighed into one line of log-odds, never falling, with cluster-robust spread.

    Maximum likelihood of :math:`\operatorname{logit} p = a + \sum_k b_k s_k,\ b_k \ge 0` with the targets
    :math:`(n_1+1)/(n_1+2)` and :math:`1/(n_0+2)` in place of 1 and 0, which keeps it finite where a score
    parts all cases, and a penalty :math:`\tfrac{10}{2}(b_1-b_2)^2` that draws two weights to one another. A
    score that would fall says nothing and has weight 0; without any, a is that of the base rate.

    Parameters
    ----------
    scores
        Log-odds of cases that the scores were not learned from, shape (n, 1 or 2), without NaN.
    outcome
        1 where it came so, else 0, shape (n,); both occur.
    clusters
        Codes of what hangs together (customers, days), one array of shape (n,) for each way.

    Returns
    -------
    Calibration
        Line and covariances of its numbers.

    Source
    ------
    Platt (1999), Advances in Large Margin Classifiers, 61–74; several scores: Wolpert (1992), Neural
    Networks 5(2), 241–259; sandwich: Liang & Zeger (1986), Biometrika 73(1), 13–22.

    Examples
    --------
    A score that says twice too much is drawn together:

    >>> rng = np.random.default_rng(1)
    >>> truth = rng.normal(size=20_000)
    >>> outcome = (rng.random(20_000) < sigmoid(truth)).astype(float)
    >>> line = calibrate(2 * truth[:, None], outcome=outcome, clusters=[np.arange(20_000)])
    >>> line.weights.round(1).tolist(), abs(line.intercept) < 0.1
    ([0.5], True)
    """
    came = float(outcome.sum())
    high, low = (came + 1.0) / (came + 2.0), 1.0 / (outcome.size - came + 2.0)
    target = np.where(outcome > 0.5, high, low)
    used = list(range(scores.shape[1]))
    while True:
        design = np.column_stack([np.ones(outcome.size), *(scores[:, place] for place in used)])
        line = _fitted(design, target)
        falling = [place for place, weight in zip(used, line[1:], strict=True) if weight <= 0.0]
        if not falling:
            break
        used = [place for place in used if place not in falling]
    weights = np.zeros(scores.shape[1])
    weights[used] = line[1:]
    places = [0, *(place + 1 for place in used)]
    covariances = np.zeros((len(clusters), weights.size + 1, weights.size + 1))
    for way, codes in enumerate(clusters):
        covariances[way][np.ix_(places, places)] = _covariance(design, line, outcome=outcome, codes=codes)
    return Calibration(float(line[0]), weights, covariances, n=outcome.size)


def sigmoid(log_odds: Floats) -> Floats:
    """Probabilities of log-odds."""
    shares: Floats = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -_FARTHEST, _FARTHEST)))
    return shares


def _fitted(design: Floats, target: Floats) -> Floats:
    """Newton's steps on a concave likelihood, shortened where they would go too far."""
    share = float(target.mean())
    line = np.zeros(design.shape[1])
    line[0] = np.log(share / (1.0 - share))
    penalty = _penalty(line.size)
    for _ in range(_STEPS):
        expected = sigmoid(design @ line)
        slope = design.T @ (target - expected) - penalty @ line
        step = np.linalg.solve(_information(design, expected), slope)
        size = float(np.abs(step).max())
        line = line + step * min(1.0, 4.0 / max(size, 1e-300))
        if size < 1e-9:
            break
    return line


def _penalty(size: int) -> Floats:
    penalty = _RIDGE * np.eye(size)
    if size == 3:
        penalty[1:, 1:] += ALIKE * np.array([[1.0, -1.0], [-1.0, 1.0]])
    return penalty


def _information(design: Floats, expected: Floats) -> Floats:
    weighed: Floats = (design * (expected * (1.0 - expected))[:, None]).T @ design
    return weighed + _penalty(design.shape[1])


def _covariance(design: Floats, line: Floats, *, outcome: Floats, codes: Codes) -> Floats:
    expected = sigmoid(design @ line)
    _, place = np.unique(codes, return_inverse=True)
    missed = design * (outcome - expected)[:, None]
    sums = np.column_stack([np.bincount(place, weights=part) for part in missed.T])
    count = sums.shape[0]
    turned = np.linalg.inv(_information(design, expected))
    robust: Floats = turned @ (sums.T @ sums) @ turned * (count / max(1, count - 1))
    return robust
