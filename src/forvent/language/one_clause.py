"""Which of many texts are surely one clause, told for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.language.keys import KeyTable, Places
from forvent.language.sentences import CONTRASTS, END_SIGNS, LONG
from forvent.language.signs import BLANK, DIGIT, LETTER, WIDE, codes_of, kinds_of
from forvent.language.words import Words, words_of

Flags = NDArray[np.bool_]

_FIRST_SIGNS, _SECOND_SIGNS, _ALONE = "但可不然只就", "是过而", "但"


def _marks(signs: str) -> Flags:
    marks = np.zeros(0x110000, dtype=np.bool_)
    marks[[ord(sign) for sign in signs]] = True
    return marks


_ENDS, _BREAKS = _marks(END_SIGNS), _marks("\n:")
_FIRST, _SECOND, _SIGN = _marks(_FIRST_SIGNS), _marks(_SECOND_SIGNS), _marks(_ALONE)
_CONTRAST = KeyTable()
_CONTRAST.add(np.unique(words_of(CONTRASTS).keys))


def one_clause(texts: Sequence[str], words: Words) -> tuple[Flags, Places, Places]:
    """Which texts are surely of one piece, and where each begins and ends without the blanks around it.

    Parameters
    ----------
    texts
        Any texts.
    words
        Their words, :func:`forvent.language.words.words_of`.

    Returns
    -------
    tuple of three arrays
        One entry a text. True only where :func:`forvent.language.split_clauses` gives one clause in any
        language, and then the offsets are its own.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> texts = [" It came late. ", "Fast, but wrong."]
    >>> sure, starts, ends = one_clause(texts, words_of(texts))
    >>> sure.tolist(), int(starts[0]), int(ends[0])
    ([True, False], 1, 14)
    """
    codes = codes_of(texts)
    kinds = kinds_of(codes)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    ends = np.cumsum(lengths + 1) - 1
    begins = ends - lengths
    word = (kinds & (LETTER | DIGIT) > 0) | (codes == ord("_"))
    owners = np.repeat(np.arange(len(texts)), lengths + 1)

    def has(marked: Flags) -> Flags:
        found = np.zeros(len(texts), dtype=np.bool_)
        found[owners[marked]] = True
        return found

    first_end = _first(_ENDS[codes], owners, ends)
    last_word = len(codes) - 1 - _first(word[::-1], owners[::-1], len(codes) - begins)
    signs = (_FIRST[codes] & _SECOND[np.roll(codes, -1)]) | _SIGN[codes]
    wide = has(kinds & WIDE > 0)
    sure = (lengths <= LONG[1]) | ((lengths <= LONG[0]) & ~wide)
    sure &= (last_word < first_end) & ~has(_BREAKS[codes]) & ~has(signs)
    sure &= has(kinds & (LETTER | DIGIT) > 0)
    sure[words.texts[_CONTRAST.find(words.keys) >= 0]] = False
    inner = kinds & BLANK == 0
    starts = _first(inner, owners, ends) - begins
    stops = len(codes) - _first(inner[::-1], owners[::-1], len(codes) - begins) - begins
    return sure, starts, stops


def _first(marked: Flags, owners: Places, none: Places) -> Places:
    """The first marked place of each text, else what is given for it."""
    found = none.copy()
    places = np.flatnonzero(marked)[::-1]
    found[owners[places]] = places
    return found
