"""Which of several ways of promising is to be believed, by how they promised before."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats

#: Decided cases after which a loss counts half.
HALF_LIFE = 1000
#: How fast trust falls with the loss: 10 % more than the best counts a bit less than half.
SHARPNESS = 8.0
LEAST_SCORED = 30


class Blend:
    r"""Trust in each of several ways of promising, by its decayed mean pinball loss.

    Trust is proportional to :math:`\exp(-8\,(L_i/L_{\min}-1))`, with :math:`L_i` the mean pinball
    loss at the level, halved every 1,000 cases; all alike until 30 cases are scored.

    Source
    ------
    Cesa-Bianchi & Lugosi (2006), Prediction, Learning, and Games, chapter 2 (exponential weights).
    """

    def __init__(self, ways: int, *, half_life: float = HALF_LIFE) -> None:
        self._loss = np.zeros(ways)
        self._seen = np.zeros(ways)
        self._decay = 0.5 ** (1.0 / half_life)

    def score(self, promises: Floats, amount: float, *, closed: bool, level: float) -> None:
        """Score what each way promised to one case, shape (ways,); NaN where it promised nothing.

        Of an open case ``amount`` is what has passed: a promise below it has lost at least the
        difference, one above it nothing yet.
        """
        over = np.where(closed, (1.0 - level) * (promises - amount), 0.0)
        loss = np.where(amount > promises, level * (amount - promises), over)
        there = np.isfinite(promises)
        self._loss = np.where(there, self._loss * self._decay + np.where(there, loss, 0.0), self._loss)
        self._seen = np.where(there, self._seen * self._decay + 1.0, self._seen)

    @property
    def trust(self) -> Floats:
        """How much each way counts, shape (ways,), summing to 1."""
        scored = self._seen >= LEAST_SCORED
        if not scored.any():
            return np.full(self._loss.size, 1.0 / self._loss.size)
        mean = np.where(scored, self._loss / np.maximum(self._seen, 1.0), np.inf)
        best = max(float(mean.min()), 1e-12)
        trust: Floats = np.exp(-SHARPNESS * np.minimum(mean / best - 1.0, 20.0)) * scored
        trust /= trust.sum()
        return trust


def blended(promises: Floats, trust: Floats) -> Floats:
    """One promise of many: their median by trust, of those with something to say; NaN where there is none.

    The median and not the mean: where amounts pile up on one value, a mean a hair below it would
    break them all. A way that cannot promise at the level, because too many cases are open to tell,
    counts as longer than all others: where such ways have more than half of the trust, nothing is promised.

    Parameters
    ----------
    promises
        Promises of the ways to each case, shape (n, ways); NaN where a way has nothing to say,
        inf where it cannot promise.
    trust
        Trust in the ways, shape (ways,).

    Examples
    --------
    The second way has half of the trust; where it has nothing to say, the others answer.

    >>> promises = np.array([[1.0, 2.0, 9.0], [4.0, np.nan, 6.0], [np.nan, np.nan, np.nan]])
    >>> blended(promises, np.array([0.2, 0.5, 0.3]))
    array([ 2.,  6., nan])
    """
    there: NDArray[np.bool_] = ~np.isnan(promises)
    # A hair for everyone, so that where the trusted have nothing to say the others answer.
    counts = np.where(there, trust + 1e-9, 0.0)
    order = np.argsort(np.where(there, promises, np.inf), axis=1)
    below = np.cumsum(np.take_along_axis(counts, order, axis=1), axis=1)
    half = 0.5 * below[:, -1:]
    place = np.argmax(below >= half, axis=1)
    middle = np.take_along_axis(promises, order, axis=1)[np.arange(place.size), place]
    return np.where(np.isfinite(middle), middle, np.nan)


def blended_one(promises: Sequence[float], trust: Sequence[float]) -> float:
    """The same for one case, in plain Python: quicker than arrays where there is one."""
    there = sorted(
        (promise, counts + 1e-9)
        for promise, counts in zip(promises, trust, strict=True)
        if not math.isnan(promise)
    )
    half = 0.5 * sum(counts for _, counts in there)
    below = 0.0
    for promise, counts in there:
        below += counts
        if below >= half:
            return promise if math.isfinite(promise) else math.nan
    return math.nan
