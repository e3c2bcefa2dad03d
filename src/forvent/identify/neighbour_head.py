"""What the training voices nearest to a text speak of: what the exact tier hears beside its networks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

#: How many of the nearest are asked; with them all that are as near as the last of these.
NEAREST = 30
#: A neighbour whose cosine is so much smaller is heard 1/e as much.
FADES = 0.05
#: Added to the shares, so that what no neighbour speaks of is unlikely, not impossible.
LEAST = 0.01
#: Parts of one that centred vectors are rounded to, and weights: sums of them are exact in any order.
_PARTS, _WEIGHT_PARTS = 1 << 14, 1 << 16
#: Neighbours, and texts, compared at once; never changes a result.
_BLOCK, _TOGETHER = 8192, 128


@dataclass(frozen=True, eq=False)
class NeighbourHead:
    """Votes of the nearest training voices, of each of which the signs of its vector are kept.

    Each number of a vector, less its mean, is kept as one bit: whether it is above. The text that is judged
    is not rounded like that, and all sums are of whole numbers, so that a text has the same score in
    whatever batch it comes.
    """

    expectations: tuple[str, ...]
    version: str
    #: Mean of the vectors, shape (size,).
    center: Numbers
    #: Eight signs a byte, shape (voices, size / 8).
    signs: NDArray[np.uint8]
    #: Which expectations each voice speaks of, 0 or 1, shape (voices, expectations).
    spoken: NDArray[np.int64]

    def scores(self, vectors: NDArray[np.floating]) -> Numbers:
        r"""Log-odds of each expectation among the nearest voices.

        .. math:: c_i = \frac{\sum_d s_{id} q_d}{\lVert q \rVert \sqrt{D}}, \qquad
            p_o = \sum_{i \in \mathrm{nearest}} \frac{e^{c_i / 0.05}}{\sum_j e^{c_j / 0.05}} y_{io}

        with :math:`q` the vector less the mean, :math:`s_{id} = \pm 1` the signs of voice :math:`i` and
        :math:`y_{io}` whether it speaks of expectation :math:`o`.

        Parameters
        ----------
        vectors
            Of texts by the exact tier, shape (texts, 384), length 1.

        Returns
        -------
        array
            Shape (texts, expectations), within ±4.62, rounded to six digits.

        Source
        ------
        Dudani (1976), "The distance-weighted k-nearest-neighbor rule", IEEE Trans. SMC 6, and Charikar
        (2002), "Similarity estimation techniques from rounding algorithms", STOC, for signs in the place of
        vectors; ``docs/formulas/identify.md#tiers``.

        Examples
        --------
        >>> neighbour_head().scores(np.zeros((2, 384))).shape
        (2, 32)
        """
        found: Numbers = np.empty((len(vectors), len(self.expectations)))
        for first in range(0, len(vectors), _TOGETHER):
            part = slice(first, first + _TOGETHER)
            found[part] = self._shares(np.rint((vectors[part] - self.center) * _PARTS))
        odds: Numbers = np.log((found + LEAST) / (1.0 - found + LEAST))
        return np.round(odds, 6)

    def _shares(self, whole: Numbers) -> Numbers:
        """Of the nearest voices, the share that speaks of each expectation."""
        near = self._near(whole)
        last = len(near[0]) - min(NEAREST, len(near[0]))
        rows, voices = np.nonzero(near >= np.partition(near, last, axis=1)[:, [last]])
        length = np.sqrt(np.square(whole).sum(axis=1)) * np.sqrt(whole.shape[1])
        cosine = near[rows, voices].astype(np.float64) / np.maximum(length, 1.0)[rows]
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        closest = np.maximum.reduceat(cosine, starts)[rows]
        weights = np.rint(np.exp((cosine - closest) / FADES) * _WEIGHT_PARTS).astype(np.int64)
        said = np.add.reduceat(self.spoken[voices] * weights[:, None], starts, axis=0)
        shares: Numbers = said / np.add.reduceat(weights, starts)[:, None]
        return shares

    def _near(self, whole: Numbers) -> NDArray[np.float32]:
        """Products with the signs of every voice: whole numbers below 2²⁴, so exact."""
        asked = whole.astype(np.float32)
        near = np.empty((len(asked), len(self.signs)), dtype=np.float32)
        for first in range(0, len(self.signs), _BLOCK):
            bits = np.unpackbits(self.signs[first : first + _BLOCK], axis=1, count=whole.shape[1])
            above = bits.astype(np.float32)
            np.matmul(asked, above.T, out=near[:, first : first + _BLOCK])
        # Each bit is 0 or 1, each sign −1 or 1.
        near *= 2.0
        near -= asked.sum(axis=1, dtype=np.float64)[:, None].astype(np.float32)
        return near


@cache
def neighbour_head() -> NeighbourHead:
    """The head that ships.

    Source
    ------
    ``docs/formulas/identify.md#tiers``; written by ``training/keep_neighbours.py``.

    Examples
    --------
    >>> len(neighbour_head().expectations)
    32
    """
    file = resources.files("forvent.identify").joinpath("heads/neighbours.npz")
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
        about = json.loads(str(kept["about"]))
        spoken = np.unpackbits(kept["spoken"], axis=1, count=len(about["expectations"]))
        return NeighbourHead(
            expectations=tuple(about["expectations"]),
            version=about["version"],
            center=kept["center"].astype(np.float64),
            signs=kept["signs"],
            spoken=spoken.astype(np.int64),
        )
