"""Customers who say the same, counted together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

#: Flags in one number.
_BITS = 60


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct things that customers say, p of them, and how many customers say each.

    ``mentioned`` has shape (p, expectations) and holds 0 and 1. ``asked`` and ``answered``, shape (p,
    nuances), hold 1 where the nuance applies (it is mentioned, a level is stated) and where it is so (it is
    wished for, the level is short). ``count`` has shape (p,).
    """

    mentioned: Floats
    asked: Floats
    answered: Floats
    count: Floats

    @property
    def customers(self) -> float:
        """Customers of all patterns."""
        return float(self.count.sum())

    @cached_property
    def length(self) -> Codes:
        """How many expectations each pattern mentions, shape (p,)."""
        return np.asarray(self.mentioned.sum(axis=1), dtype=np.int64)

    @cached_property
    def telling(self) -> float:
        """Customers who say two things or more: only these can tell groups apart."""
        return float(self.count[self.length + self.asked.sum(axis=1) >= 2].sum())

    def counted(self, count: Floats) -> Patterns:
        """The same patterns with other counts, those of nobody left out."""
        heard = count > 0
        return Patterns(self.mentioned[heard], self.asked[heard], self.answered[heard], count[heard])

    def drawn(self, most: int, *, rng: np.random.Generator) -> Patterns:
        """At most so many customers, drawn without putting back."""
        if self.customers <= most:
            return self
        return self.counted(_drawn(self.count, most, rng=rng))

    def halves(self, *, rng: np.random.Generator) -> tuple[Patterns, Patterns]:
        """The customers dealt into two halves."""
        first = _drawn(self.count, int(self.customers) // 2, rng=rng)
        return self.counted(first), self.counted(self.count - first)


def patterns_of(mentioned: Flags, *, asked: Flags, answered: Flags) -> tuple[Patterns, Codes]:
    """Distinct rows of three matrices, in an order that hangs on their values alone.

    Parameters
    ----------
    mentioned
        Shape (customers, expectations).
    asked, answered
        Shape (customers, nuances); whatever is answered was asked.

    Returns
    -------
    tuple
        The patterns, and the place of each customer's, shape (customers,).

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#groups.

    Examples
    --------
    >>> said = np.array([[True, False], [False, True], [True, False]])
    >>> found, place = patterns_of(said, asked=said[:, :0], answered=said[:, :0])
    >>> found.count.tolist(), place.tolist()
    ([2.0, 1.0], [0, 1, 0])
    """
    customers = mentioned.shape[0]
    place = np.zeros(customers, dtype=np.int64)
    for word in _words([mentioned, asked, answered]):
        kinds, code = np.unique(word, return_inverse=True)
        _, place = np.unique(place * kinds.size + code, return_inverse=True)
    _, first, count = np.unique(place, return_index=True, return_counts=True)
    said, asks, answers = (matrix[first].astype(np.float64) for matrix in (mentioned, asked, answered))
    return Patterns(said, asks, answers, count.astype(np.float64)), place


def _words(matrices: Sequence[Flags]) -> list[Codes]:
    """Rows of flags as numbers, sixty flags in each."""
    words = []
    for matrix in matrices:
        for start in range(0, matrix.shape[1], _BITS):
            word = np.zeros(matrix.shape[0], dtype=np.int64)
            for bit, flags in enumerate(matrix.T[start : start + _BITS]):
                word |= flags.astype(np.int64) << bit
            words.append(word)
    return words


def _drawn(count: Floats, most: int, *, rng: np.random.Generator) -> Floats:
    drawn = rng.multivariate_hypergeometric(count.astype(np.int64), most, method="marginals")
    return drawn.astype(np.float64)
