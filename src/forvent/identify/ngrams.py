"""Letter groups of a text as hashed features: the words themselves, beside their meaning as a vector."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Buckets that letter groups are hashed into.
BUCKETS = 1 << 15
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_SPACED = range(2, 6)
_UNSPACED = range(1, 4)


@dataclass(frozen=True, slots=True)
class Ngrams:
    """Features of several texts in one row after the other; text ``i`` has ``ends[i - 1]`` to ``ends[i]``."""

    buckets: NDArray[np.int64]
    counts: NDArray[np.float64]
    ends: NDArray[np.int64]


def letter_groups(text: str) -> Counter[int]:
    """How often each bucket of letter groups occurs in a text.

    Words of scripts with spaces give groups of two to five letters with their edges
    marked, runs of Chinese and Japanese signs groups of one to three.

    Parameters
    ----------
    text
        Any text; case and compatibility forms are folded, digits become 0.

    Returns
    -------
    Counter of int
        Bucket (0 to ``BUCKETS`` - 1) → count.

    Source
    ------
    Weinberger et al. (2009), "Feature hashing for large scale multitask learning", ICML.

    Examples
    --------
    >>> letter_groups("LATE") == letter_groups("late")
    True
    >>> sum(letter_groups("晚了").values())
    3
    """
    folded = re.sub(r"\d", "0", unicodedata.normalize("NFKC", text).casefold())
    groups: list[str] = []
    for word in _WORD.findall(folded):
        unspaced = _is_unspaced(word[0])
        marked = word if unspaced else f" {word[:40]} "
        for length in _UNSPACED if unspaced else _SPACED:
            groups.extend(marked[first : first + length] for first in range(len(marked) - length + 1))
    return Counter(zlib.crc32(group.encode("utf-8", "replace")) % BUCKETS for group in groups)


def ngrams(texts: Sequence[str]) -> Ngrams:
    """Letter groups of several texts.

    Parameters
    ----------
    texts
        Any texts, at most 2,000 characters of each are read.

    Returns
    -------
    Ngrams
        Buckets in rising order within each text, so that sums are the same in any batch.

    Source
    ------
    See :func:`letter_groups`.

    Examples
    --------
    >>> ngrams(["ok", ""]).ends.tolist()
    [6, 6]
    """
    found = [sorted(letter_groups(text[:2000]).items()) for text in texts]
    pairs = [pair for groups in found for pair in groups]
    flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    ends = np.cumsum([len(groups) for groups in found], dtype=np.int64)
    return Ngrams(flat[:, 0], flat[:, 1].astype(np.float64), ends)


def _is_unspaced(sign: str) -> bool:
    return "\u3040" <= sign <= "\u30ff" or "\u3400" <= sign <= "\u9fff"
