"""Texts that a machine repeated: found in the first look at a file, counted once in the second."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from forvent.reading.cells import Cell

REPEATED_BY_MACHINE = "repeated by machine, counted once"

#: A text shorter than 40 letters is said by many people in the same words.
LONG_ENOUGH = 40
#: A text up to this often may be chance, a pasted hint, or one person who is angry.
MOST_BY_CHANCE = 20
#: Beyond that often the usual count of long texts in the same file, it is no longer the way of the file.
TIMES_THE_USUAL = 10

# One Chinese sign says about as much as three letters.
_SIGNS_A_LETTER = 3
_WIDE = re.compile(r"[\u2e80-\ud7ff\uf900-\uffef]")
_LETTER = re.compile(r"[^\W\d_]")


class LongTexts:
    """How often each long text stands in each column; four bytes for each are kept."""

    def __init__(self) -> None:
        self._seen: dict[int, array[int]] = {}

    def look(self, cells: Sequence[Cell]) -> None:
        """Take in the cells of one row."""
        for place, cell in enumerate(cells):
            if type(cell) is str and len(cell) >= LONG_ENOUGH // _SIGNS_A_LETTER and may_be_long(cell):
                seen = self._seen.get(place)
                if seen is None:
                    seen = self._seen[place] = array("I")
                seen.append(_key(cell))

    def repeated(self, place: int | None) -> Repeated:
        """The texts of a column that a machine repeated.

        A text stands for a machine where it comes more than 20 times and more than ten times as often as the
        other long texts of its column usually do (their lower median; once where there are no others). So a
        column of set answers, where every text comes often, keeps all its voices.
        """
        seen = self._seen.get(-1 if place is None else place)
        if seen is None:
            return Repeated(frozenset())
        keys, counts = np.unique(np.frombuffer(seen, dtype=np.uint32), return_counts=True)
        often = np.flatnonzero(counts > MOST_BY_CHANCE)
        ordered = np.sort(counts)
        return Repeated(
            frozenset(
                int(keys[index])
                for index in often
                if counts[index] > TIMES_THE_USUAL * _usual(ordered, counts[index])
            )
        )


class Repeated:
    """The texts that a machine repeated, of which only the first is let through."""

    def __init__(self, keys: frozenset[int]) -> None:
        self._keys = keys
        self._first: dict[int, str | None] = {}

    def again(self, cell: Cell) -> bool:
        """True where such a text was there before."""
        if not self._keys or type(cell) is not str or not may_be_long(cell):
            return False
        key = _key(cell)
        if key not in self._keys:
            return False
        text = cell.strip()
        if key not in self._first:
            self._first[key] = text if _letters(text) >= LONG_ENOUGH else None
            return False
        # Another text with the same checksum is another text.
        return self._first[key] == text

    @property
    def texts(self) -> int:
        """How many such texts were met."""
        return sum(text is not None for text in self._first.values())


def may_be_long(text: str) -> bool:
    """A quick look: False where a text cannot have forty letters."""
    if len(text) >= LONG_ENOUGH:
        return True
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return len(text) + (_SIGNS_A_LETTER - 1) * wide >= LONG_ENOUGH


def _letters(text: str) -> int:
    return len(_LETTER.findall(text)) + (_SIGNS_A_LETTER - 1) * len(_WIDE.findall(text))


def _usual(ordered: NDArray[np.int64], own: int) -> int:
    """The lower median of the counts without one of them; 1 where nothing is left."""
    if len(ordered) < 2:
        return 1
    place = (len(ordered) - 2) // 2
    # The count that is left out shifts those behind it.
    return int(ordered[place + 1] if own <= ordered[place] else ordered[place])


def _key(cell: str) -> int:
    return crc32(cell.strip().encode("utf-8", "surrogatepass"))
