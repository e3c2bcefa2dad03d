"""Numbers of rows of signs, found by their hashes, for many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.language.signs import Codes

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]

# Odd, so that it has an inverse among whole numbers of 64 bits.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_EMPTY = np.uint64(0)
_FIRST_BITS = 12


class Hashes:
    """Hashes of any parts of one row of signs, each in one step.

    The hash of :math:`c_1 \\dots c_k` is :math:`\\sum_i c_i b^i` modulo :math:`2^{64}` with an odd :math:`b`,
    worked out as the difference of two running sums.

    Source
    ------
    Karp & Rabin (1987), "Efficient randomized pattern-matching algorithms", IBM J. Res. Dev. 31(2).
    """

    def __init__(self, codes: Codes) -> None:
        powers, self._back = _powers(len(codes) + 1)
        self._sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum((codes + np.uint64(1)) * powers[: len(codes)], out=self._sums[1:])

    def of(self, starts: Places, ends: Places) -> Keys:
        """Hashes of the parts from ``starts`` to ``ends``, never 0; shapes as those of both together."""
        keys: Keys = (self._sums[ends] - self._sums[starts]) * self._back[starts]
        return np.where(keys == _EMPTY, np.uint64(1), keys)


class KeyTable:
    """Numbers from 0 on for distinct keys, in the order in which they were added.

    A table with open addresses: a key stands at the place that its leading bits name, or behind it.
    """

    def __init__(self) -> None:
        self._begin(_FIRST_BITS)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def find(self, keys: Keys) -> Places:
        """The number of each key, -1 for one that is not there."""
        places = self._address(keys)
        there = self._keys[places]
        numbers = np.where(there == keys, self._numbers[places], -1)
        searching = np.flatnonzero((there != keys) & (there != _EMPTY))
        while len(searching):
            wanted = keys[searching]
            at = places[searching] = (places[searching] + 1) & self._mask
            there = self._keys[at]
            hit = there == wanted
            numbers[searching[hit]] = self._numbers[at[hit]]
            searching = searching[~hit & (there != _EMPTY)]
        return numbers

    def add(self, keys: Keys) -> None:
        """Number distinct keys that are not there yet."""
        numbers = np.arange(self._count, self._count + len(keys))
        self._count += len(keys)
        if 2 * self._count > self._mask:
            kept = self._keys != _EMPTY
            keys = np.concatenate([self._keys[kept], keys])
            numbers = np.concatenate([self._numbers[kept], numbers])
            self._begin((3 * self._count).bit_length())
        self._put(keys, numbers)

    def _begin(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys: Keys = np.zeros(1 << bits, dtype=np.uint64)
        self._numbers: Places = np.zeros(1 << bits, dtype=np.int64)

    def _address(self, keys: Keys) -> Places:
        return ((keys * _SPREAD) >> self._shift).astype(np.int64)

    def _put(self, keys: Keys, numbers: Places) -> None:
        places = self._address(keys)
        while len(keys):
            free = self._keys[places] == _EMPTY
            # Of several keys that want one place the last one has it; the others go on.
            self._keys[places[free]] = keys[free]
            put = free & (self._keys[places] == keys)
            self._numbers[places[put]] = numbers[put]
            keys, numbers, places = keys[~put], numbers[~put], (places[~put] + 1) & self._mask


_KEPT: list[tuple[Keys, Keys]] = []


def _powers(count: int) -> tuple[Keys, Keys]:
    """Powers of the base, and of its inverse."""
    if not _KEPT or len(_KEPT[0][0]) < count:
        size = 1 << max(16, count.bit_length())
        _KEPT[:] = [(_powers_of(_BASE, size), _powers_of(_INVERSE, size))]
    return _KEPT[0]


def _powers_of(base: int, size: int) -> Keys:
    powers = np.full(size, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)
