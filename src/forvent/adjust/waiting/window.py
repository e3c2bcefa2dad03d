"""Recent scores of waits, of which some are only known to be at least so large."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats

#: Puts an end before a departure with the same score: who left then might still have been served then.
TIE = 1e-9


class Survival:
    """Share of scores above each value, in rows of shape (rows, n); Kaplan and Meier's estimate."""

    def __init__(self, scores: Floats, *, ended: NDArray[np.bool_]) -> None:
        order = np.argsort(np.where(ended, scores, scores + TIE), axis=1)
        self._rows = np.arange(len(scores))
        self._sorted = scores[self._rows[:, None], order]
        at_risk = np.arange(scores.shape[1], 0.0, -1.0)
        self._above = np.cumprod(1.0 - ended[order] / at_risk, axis=1)

    def quantile(self, level: float) -> Floats:
        """Smallest score that at most 1 − level lie above, shape (rows,); the largest where none does."""
        reached = self._above <= 1.0 - level + 1e-12
        reached[:, -1] = True
        return np.asarray(self._sorted[self._rows, reached.argmax(axis=1)])

    def above(self, score: float) -> float:
        """Share of scores above a value, by the first row."""
        place = int(self._sorted[0].searchsorted(score, side="right"))
        return float(self._above[0, place - 1]) if place else 1.0


class ScoreWindow:
    """The last scores, oldest overwritten first; shape (rows, size)."""

    def __init__(self, *, size: int, rows: int) -> None:
        self._scores = np.zeros((rows, size))
        self._ended = np.zeros(size, dtype=np.bool_)
        self.n = 0

    def add(self, scores: Floats, *, ended: bool) -> None:
        """One more case, shape (rows,); where ``ended`` is false it is known to be at least so large."""
        place = self.n % self._ended.size
        self._scores[:, place] = scores
        self._ended[place] = ended
        self.n += 1

    def survival(self, still: Floats) -> Survival:
        """Share above each value; those still in line, shape (rows, m), are at least so large."""
        filled = min(self.n, self._ended.size)
        scores = np.concatenate((self._scores[:, :filled], still), axis=1)
        ended = np.concatenate((self._ended[:filled], np.zeros(still.shape[1], dtype=np.bool_)))
        return Survival(scores, ended=ended)
