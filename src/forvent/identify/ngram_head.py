"""Which expectations the letters of a text speak for: what the exact tier hears beside its networks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from forvent.language.ngrams import KEYS, ngram_keys

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NgramHead:
    """Logistic regressions on runs of letters, each weighted by how rare it is.

    Weights and rarities are whole numbers, so that a text has the same score in whatever batch it comes.
    """

    expectations: tuple[str, ...]
    version: str
    #: Row of each run of letters in ``weights``, or one that weighs nothing.
    place: NDArray[np.int32]
    #: Squared rarity of each run, in squared parts.
    rarity: NDArray[np.int64]
    parts: int
    weights: NDArray[np.int8]
    scale: Numbers
    bias: Numbers

    def scores(self, texts: Sequence[str]) -> Numbers:
        """How much more the letters of each text speak for one expectation than for all, as logarithms.

        Shape (texts, expectations), at most 0. Whether a text speaks of any at all, the letters leave to
        others: of words that they have never met they would say too little.

        Source
        ------
        Our own definition, ``docs/formulas/identify.md#tiers``.

        Examples
        --------
        >>> head = ngram_head()
        >>> found = head.scores(["The waiter was rude to us."])[0]
        >>> head.expectations[int(found.argmax())]
        'friendly_staff'
        """
        owners, keys = ngram_keys(texts)
        length = np.bincount(owners, weights=self.rarity[keys], minlength=len(texts))
        length = np.maximum(np.sqrt(length) / self.parts, 1e-9)
        places = self.place[keys]
        weighs = places >= 0
        owners, places = owners[weighs], places[weighs]
        total = np.zeros((len(texts), len(self.expectations)), dtype=np.int64)
        if len(owners):
            starts = np.flatnonzero(np.diff(owners, prepend=-1))
            rows = self.weights[places].astype(np.int32)
            total[owners[starts]] = np.add.reduceat(rows, starts, axis=0)
        odds = total * self.scale / length[:, None] + self.bias
        shares: Numbers = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
        return np.round(shares, 6)


@cache
def ngram_head() -> NgramHead:
    """The head that ships.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.

    Examples
    --------
    >>> len(ngram_head().expectations)
    32
    """
    file = resources.files("forvent.identify").joinpath("heads/ngrams.npz")
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
        about = json.loads(str(kept["about"]))
        place = np.full(KEYS, -1, dtype=np.int32)
        place[kept["keys"]] = np.arange(len(kept["keys"]), dtype=np.int32)
        rarity = np.zeros(KEYS, dtype=np.int64)
        rarity[kept["known"]] = kept["rarity"].astype(np.int64) ** 2
        return NgramHead(
            expectations=tuple(about["expectations"]),
            version=about["version"],
            place=place,
            rarity=rarity,
            parts=int(about["rarity_parts"]),
            weights=kept["weights"],
            scale=kept["scale"].astype(np.float64),
            bias=kept["bias"].astype(np.float64),
        )
