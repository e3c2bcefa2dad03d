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
#: Added to the votes of either side, of which the nearest voice has 1, so that few of them decide little.
EVEN = 0.1
#: A text is familiar by half if the mean cosine of its nearest is this; a little further from it, wholly or
#: not at all. Chosen on the held-out voices and the development sets.
HALF_FAMILIAR, _WIDTH = 0.38, 0.02
#: Parts of one that centred vectors are rounded to, and weights: sums of them are exact in any order.
_PARTS, _WEIGHT_PARTS = 1 << 14, 1 << 16
#: Neighbours, and texts, compared at once; never changes a result.
_BLOCK, _TOGETHER = 8192, 128


@dataclass(frozen=True, eq=False)
class Votes:
    """What the nearest voices say of each expectation, as log-odds, shape (texts, expectations)."""

    #: That a text speaks of it.
    mention: Numbers
    #: That it was met, if the text speaks of it.
    met: Numbers
    #: How much each text is like the voices that the tiers learned from, 0–1, shape (texts,).
    familiar: Numbers


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
    #: 0 or 1, shape (3, voices, expectations): which each voice speaks of, finds met, finds unmet.
    said: NDArray[np.int64]

    def votes(self, vectors: NDArray[np.floating]) -> Votes:
        r"""Log-odds of each expectation among the nearest voices.

        .. math:: c_i = \frac{\sum_d s_{id} q_d}{\lVert q \rVert \sqrt{D}}, \qquad
            w_i = e^{(c_i - \max_j c_j) / 0.05}, \qquad p_o = \frac{\sum_i w_i y_{io}}{\sum_i w_i}

        with :math:`q` the vector less the mean, :math:`s_{id} = \pm 1` the signs of voice :math:`i` and
        :math:`y_{io}` whether it speaks of expectation :math:`o`. Whether it was met is
        :math:`\ln \frac{0.1 + \sum_i w_i y^+_{io}}{0.1 + \sum_i w_i y^-_{io}}`. The text is familiar by
        :math:`1 / (1 + e^{-(\bar c - 0.38) / 0.02})` with the mean :math:`\bar c` of these cosines.

        Parameters
        ----------
        vectors
            Of texts by the exact tier, shape (texts, 384), length 1.

        Returns
        -------
        Votes
            Mentions within ±4.62, met within ±5.8, familiar in 0–1, rounded to six digits.

        Source
        ------
        Dudani (1976), "The distance-weighted k-nearest-neighbor rule", IEEE Trans. SMC 6, and Charikar
        (2002), "Similarity estimation techniques from rounding algorithms", STOC, for signs in the place of
        vectors; ``docs/formulas/identify.md#tiers``.

        Examples
        --------
        >>> neighbour_head().votes(np.zeros((2, 384))).mention.shape
        (2, 32)
        """
        shares: Numbers = np.empty((len(vectors), len(self.expectations)))
        met: Numbers = np.empty_like(shares)
        familiar: Numbers = np.empty(len(vectors))
        for first in range(0, len(vectors), _TOGETHER):
            part = slice(first, first + _TOGETHER)
            counted, alike = self._counted(np.rint((vectors[part] - self.center) * _PARTS))
            spoken, good, bad, all_votes = counted
            familiar[part] = 1.0 / (1.0 + np.exp((HALF_FAMILIAR - alike) / _WIDTH))
            shares[part] = spoken / all_votes
            met[part] = np.log((good / _WEIGHT_PARTS + EVEN) / (bad / _WEIGHT_PARTS + EVEN))
        mention: Numbers = np.log((shares + LEAST) / (1.0 - shares + LEAST))
        return Votes(np.round(mention, 6), np.round(met, 6), np.round(familiar, 6))

    def _counted(self, whole: Numbers) -> tuple[list[NDArray[np.int64]], Numbers]:
        """Weights of the nearest voices that speak of each expectation, find it met, unmet, and of all; and
        the mean of their cosines."""
        near = self._near(whole)
        last = len(near[0]) - min(NEAREST, len(near[0]))
        rows, voices = np.nonzero(near >= np.partition(near, last, axis=1)[:, [last]])
        length = np.sqrt(np.square(whole).sum(axis=1)) * np.sqrt(whole.shape[1])
        cosine = near[rows, voices].astype(np.float64) / np.maximum(length, 1.0)[rows]
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        closest = np.maximum.reduceat(cosine, starts)[rows]
        weights = np.rint(np.exp((cosine - closest) / FADES) * _WEIGHT_PARTS).astype(np.int64)[:, None]
        counted = [np.add.reduceat(said[voices] * weights, starts, axis=0) for said in self.said]
        alike = np.add.reduceat(cosine, starts) / np.diff(starts, append=len(rows))
        return [*counted, np.add.reduceat(weights, starts, axis=0)], alike

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
        said = np.unpackbits(kept["said"], axis=2, count=len(about["expectations"]))
        return NeighbourHead(
            expectations=tuple(about["expectations"]),
            version=about["version"],
            center=kept["center"].astype(np.float64),
            signs=kept["signs"],
            said=said.astype(np.int64),
        )
