"""The words of many texts at once, in lower case and without accents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.language.keys import Hashes, Keys, Places
from forvent.language.signs import BETWEEN, LETTER, WIDE, Codes, Kinds, bare_codes, kinds_of, plain_codes


@dataclass(frozen=True, slots=True)
class Words:
    """Words of texts: runs of letters of scripts with blanks, where they stand, and whose they are."""

    #: Signs of all texts in plain form and without accents, with one between texts; what each is.
    codes: Codes
    kinds: Kinds
    #: Where each text ends among the signs.
    text_ends: Places
    #: Where each word begins and ends among the signs, its hash, and the number of its text.
    starts: Places
    ends: Places
    keys: Keys
    texts: Places

    def texts_with(self, kind: int) -> NDArray[np.bool_]:
        """Which texts have a sign of a kind."""
        seen = np.zeros(len(self.text_ends), dtype=np.bool_)
        seen[self.texts_of(np.flatnonzero(self.kinds & kind))] = True
        return seen

    def texts_of(self, places: Places) -> Places:
        """Which text each of some places belongs to."""
        return np.searchsorted(self.text_ends, places)


def words_of(texts: Sequence[str]) -> Words:
    """The words of each text.

    Parameters
    ----------
    texts
        Any texts.

    Returns
    -------
    Words
        In the order of the texts.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> words = words_of(["Přišlo pozdě", "ok"])
    >>> words.texts.tolist()
    [0, 0, 1]
    >>> bool(words.keys[0] == words_of(["prislo"]).keys[0])
    True
    """
    codes = bare_codes(plain_codes(texts))
    kinds = kinds_of(codes)
    letter = (kinds & (LETTER | WIDE)) == LETTER
    starts = np.flatnonzero(letter & ~np.roll(letter, 1))
    ends = np.flatnonzero(letter & ~np.roll(letter, -1)) + 1
    text_ends = np.flatnonzero(codes == ord(BETWEEN))
    keys = Hashes(codes).of(starts, ends)
    return Words(codes, kinds, text_ends, starts, ends, keys, np.searchsorted(text_ends, starts))
