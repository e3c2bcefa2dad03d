"""What a person said of some words holds a little for words like them: corrections reused at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.identify.corrections import Taught
from forvent.identify.example_vectors import ExampleVectors
from forvent.identify.learned_head import standardised
from forvent.identify.logistic import Numbers

#: Cosine similarity from which words count as alike, and log-odds that the very same words get. Chosen on the
#: catalogue and training/mentions; docs/formulas/identify-packs.md#near has the figures.
BORDER, WEIGHT = 0.6, 12.0
#: A head is never surer than this (log-odds) of something that a person corrected.
SUREST = 6.0


@dataclass(frozen=True)
class NearCorrections:
    """Corrected words as directions, with the column each is about and +1 or -1.

    log-odds + 12 · Σ ± max(0, (similarity - 0.6) / 0.4), the sum kept within ±1.
    """

    center: Numbers
    spread: Numbers
    directions: Numbers
    column: NDArray[np.int64]
    sign: Numbers

    def adjusted(self, probabilities: Numbers, vectors: NDArray[np.floating]) -> Numbers:
        """Probabilities (clauses, ids), moved near a correction; all others are the same to the bit."""
        found = probabilities.copy()
        if not len(self.column):
            return found
        for row, vector in enumerate(_directions(vectors, self.center, self.spread)):
            # Row by row and rounded: in any batch the same clauses are near.
            similar = np.round(self.directions @ vector, 6)
            near = np.flatnonzero(similar > BORDER)
            for column in np.unique(self.column[near]):
                of = near[self.column[near] == column]
                pull = float(np.sum(self.sign[of] * (similar[of] - BORDER)) / (1.0 - BORDER))
                found[row, column] = _moved(found[row, column], WEIGHT * float(np.clip(pull, -1.0, 1.0)))
        return found


def near_corrections(
    taught: Sequence[Taught], *, vectors: ExampleVectors, ids: Sequence[str], center: Numbers, spread: Numbers
) -> NearCorrections:
    """Corrections ready to be laid near the general heads.

    Parameters
    ----------
    taught
        From :func:`forvent.identify.corrections.as_examples`.
    vectors
        Of their texts.
    ids
        Columns of the probabilities; corrections of other ids are left out.
    center, spread
        Mean and spread of each column of vectors, as the heads have them.

    Returns
    -------
    NearCorrections
        The order of ``taught`` changes nothing.

    Source
    ------
    Nadaraya (1964), "On estimating regression", for the kernel; border and weight are our own,
    ``docs/formulas/identify-packs.md#near``.
    """
    used = sorted(
        (one for one in taught if one.expectation in ids), key=lambda one: (one.expectation, one.text)
    )
    rows = vectors.of([one.text for one in used])
    return NearCorrections(
        center=center,
        spread=spread,
        directions=_directions(rows, center, spread),
        column=np.array([list(ids).index(one.expectation) for one in used], dtype=np.int64),
        sign=np.array([1.0 if one.speaks else -1.0 for one in used]),
    )


def _directions(vectors: NDArray[np.floating], center: Numbers, spread: Numbers) -> Numbers:
    rows = standardised(vectors, center, spread)
    lengths = np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float64)


def _moved(probability: float, by: float) -> float:
    if by == 0.0:
        return probability
    odds = (
        np.log(probability / (1.0 - probability)) if 0.0 < probability < 1.0 else np.inf * (probability - 0.5)
    )
    return float(np.round(1.0 / (1.0 + np.exp(-(np.clip(odds, -SUREST, SUREST) + by))), 6))
