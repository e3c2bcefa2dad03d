"""Texts as runs of letters: two to five letters of a word, its ends among them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

#: So many different runs are told apart.
KEYS = 2**20
_SHORTEST, _LONGEST = 2, 5
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PLANE = 0x10000


def ngram_keys(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The runs of two to five letters of each text, each once, as numbers below :data:`KEYS`.

    A run lies in one word; the ends of the word count as letters. Capitals and accents make no difference,
    every digit is the same. Two runs may have the same number.

    Parameters
    ----------
    texts
        Any texts.

    Returns
    -------
    tuple of two arrays
        Numbers of the text and of the run, sorted by both; the same for a text in whatever batch it comes.

    Source
    ------
    Cavnar and Trenkle (1994) for runs of letters, Weinberger et al. (2009), ICML, for their numbers.

    Examples
    --------
    >>> owners, keys = ngram_keys(["Café", "cafe!", "tea"])
    >>> bool((keys[owners == 0] == keys[owners == 1]).all()), int((owners == 2).sum())
    (True, 9)
    """
    signs, owner = _signs(texts)
    found: list[NDArray[np.int64]] = []
    sums = signs.copy()
    inner = np.ones(len(signs), dtype=np.bool_)
    for length in range(_SHORTEST, _LONGEST + 1):
        ends = len(signs) - length + 1
        if ends <= 0:
            break
        last = signs[length - 1 :]
        sums = sums[:ends] * _BASE + last
        if length > _SHORTEST:
            inner = inner[:ends] & (signs[length - 2 : length - 2 + ends] > 0)
        # A run of two that has no letter is none.
        fits = inner[:ends] & ((signs[:ends] > 0) | (last > 0))
        places = np.flatnonzero(fits)
        first = places + (signs[places] == 0)
        found.append(owner[first] * KEYS + _number(sums[places], length))
    both = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    return both // KEYS, both % KEYS


def _number(sums: NDArray[np.uint64], length: int) -> NDArray[np.int64]:
    mixed = (sums + np.uint64(length)) * _MIX
    mixed ^= mixed >> np.uint64(32)
    mixed *= _BASE
    return (mixed >> np.uint64(44)).astype(np.int64)


def _signs(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Letters of all texts in one row, 0 for what is none, with the text each belongs to."""
    whole = "\n" + "\n".join(text.replace("\n", " ").lower() for text in texts) + "\n"
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.cumsum(codes == ord("\n"), dtype=np.int64) - 1
    small = np.where(codes < _PLANE, codes, 0)
    return _letters()[small].astype(np.uint64), np.minimum(owner, len(texts) - 1)


@cache
def _letters() -> NDArray[np.uint16]:
    """What each code point is read as: letters without accents, every digit as 0, all else nothing."""
    table = np.zeros(_PLANE, dtype=np.uint16)
    for code in range(1, _PLANE):
        sign = chr(code)
        if sign.isdigit():
            table[code] = ord("0")
        elif sign.isalpha():
            table[code] = ord(unicodedata.normalize("NFD", sign)[0]) if code < 0x250 else code
    return table
