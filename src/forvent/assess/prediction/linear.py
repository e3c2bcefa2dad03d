"""Penalised logistic regression on what is known: the steady half of every score."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.prediction.calibration import sigmoid

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: Penalty on the square of a weight; columns have spread 1 before.
PENALTY = 50.0
#: Levels of a text column with a weight of their own, the commonest; each counts half.
MOST_LEVELS, OF_LEVEL = 15, 0.5
MOST_ROWS = 10_000
_MIDDLE_98 = (0.01, 0.99)
_STEPS = 30


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """How one column enters: drawn in to low…high, centred and scaled, or its levels one by one."""

    levels: Codes
    low: float
    high: float
    middle: float
    mean: float
    spread: float

    def parts(self, values: Floats) -> Floats:
        """The column as columns of the model, shape (n, 2) or (n, levels)."""
        if self.levels.size:
            same = values[:, None] == self.levels[None, :]
            return np.asarray(OF_LEVEL * same.astype(np.float64))
        there = np.isfinite(values)
        drawn = np.clip(np.where(there, values, self.middle), self.low, self.high)
        found: Floats = np.column_stack([(drawn - self.mean) / self.spread, OF_LEVEL * ~there])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A fitted regression; ``weights`` hold those of each column, ``means`` the mean of its parts."""

    shapes: tuple[_Shape, ...]
    weights: tuple[Floats, ...]
    means: tuple[Floats, ...]
    intercept: float

    def log_odds(self, matrix: Floats) -> Floats:
        """Log-odds of each row."""
        total: Floats = self.moved(matrix).sum(axis=1) + self.intercept
        return total

    def moved(self, matrix: Floats) -> Floats:
        """Log-odds by which each column moves each row from the mean row, shape of the matrix."""
        found = np.zeros_like(matrix)
        for place, shape in enumerate(self.shapes):
            found[:, place] = (shape.parts(matrix[:, place]) - self.means[place]) @ self.weights[place]
        return found


def fit_linear(matrix: Floats, *, outcome: Floats, text_positions: list[int]) -> Linear:
    r"""Weights that make the penalised likelihood largest.

    .. math:: \max_{a,w}\sum_i \bigl[y_i\eta_i-\log(1+e^{\eta_i})\bigr]-\tfrac{\lambda}{2}\lVert w\rVert^2,
       \qquad \eta = a + Xw,\ \lambda = 50

    Numbers are drawn in to their middle 98 %, centred and scaled to spread 1; missing ones stand at the
    median and have a weight of their own.

    Parameters
    ----------
    matrix
        What is known, shape (n, columns), NaN where missing.
    outcome
        1 where it came so, else 0; both occur.
    text_positions
        Columns that hold codes of levels.

    Returns
    -------
    Linear
        The regression.

    Source
    ------
    Le Cessie & van Houwelingen (1992), Applied Statistics 41(1), 191–201.

    Examples
    --------
    >>> flag = np.tile([0.0, 0.0, 1.0, 1.0], 500)
    >>> came = np.tile([0.0, 0.0, 0.0, 1.0], 500)
    >>> found = fit_linear(flag[:, None], outcome=came, text_positions=[])
    >>> sigmoid(found.log_odds(np.array([[0.0], [1.0]]))).round(2).tolist()
    [0.04, 0.46]
    """
    if matrix.shape[0] > MOST_ROWS:
        picked = np.linspace(0, matrix.shape[0] - 1, MOST_ROWS).astype(np.int64)
        matrix, outcome = matrix[picked], outcome[picked]
    shapes = tuple(_shape(matrix[:, place], place in text_positions) for place in range(matrix.shape[1]))
    parts = [shape.parts(matrix[:, place]) for place, shape in enumerate(shapes)]
    means = tuple(part.mean(axis=0) for part in parts)
    share = (outcome.sum() + 1.0) / (outcome.size + 2.0)
    if not parts:
        return Linear((), (), (), float(np.log(share / (1.0 - share))))
    design = np.column_stack(
        [np.ones(outcome.size), *(part - mean for part, mean in zip(parts, means, strict=True))]
    )
    weights = _fitted(design, outcome, start=float(np.log(share / (1.0 - share))))
    ends = np.cumsum([1, *(part.shape[1] for part in parts)])
    mine = tuple(weights[first:last] for first, last in pairwise(ends.tolist()))
    return Linear(shapes, mine, means, float(weights[0]))


def _shape(values: Floats, text: bool) -> _Shape:
    finite = values[np.isfinite(values)]
    if text:
        counts = np.bincount(finite.astype(np.int64))
        common = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        return _Shape(np.sort(common[counts[common] > 0]), 0.0, 0.0, 0.0, 0.0, 1.0)
    low, high = np.quantile(finite, _MIDDLE_98)
    if low == high:
        low, high = finite.min(), finite.max()
    middle = float(np.median(finite))
    drawn = np.clip(np.where(np.isfinite(values), values, middle), low, high)
    spread = float(drawn.std())
    none = np.zeros(0, dtype=np.int64)
    return _Shape(none, float(low), float(high), middle, float(drawn.mean()), spread if spread > 0.0 else 1.0)


def _fitted(design: Floats, outcome: Floats, *, start: float) -> Floats:
    """Newton's steps on a concave likelihood, shortened where they would go too far."""
    weights = np.zeros(design.shape[1])
    weights[0] = start
    penalty = np.full(weights.size, PENALTY)
    penalty[0] = 1e-9
    for _ in range(_STEPS):
        expected = sigmoid(design @ weights)
        slope = design.T @ (outcome - expected) - penalty * weights
        curved = (design * (expected * (1.0 - expected))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curved, slope)
        size = float(np.abs(step).max())
        weights = weights + step * min(1.0, 2.0 / max(size, 1e-300))
        if size < 1e-6:
            break
    return weights
