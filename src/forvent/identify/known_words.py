"""Which lists of words many texts have a word of, worked out for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.language.keys import Hashes, Keys, KeyTable, Places
from forvent.language.signs import LETTER, WIDE, plain_text
from forvent.language.words import Words, words_of

Bits = NDArray[np.int64]

#: Words of texts that are kept in mind.
_REMEMBERED = 100_000


class KnownWords:
    """Each distinct word of many texts is looked up once, all new ones together.

    Parameters
    ----------
    whole, stems
        Words, and beginnings of words, without accents: bits of the lists that have them.
    signs
        Single signs, and pairs of signs of scripts without blanks.
    """

    def __init__(
        self, whole: Mapping[str, int], stems: Mapping[str, int], *, signs: Mapping[str, int]
    ) -> None:
        self._whole = _Listed(whole)
        by_length: dict[int, dict[str, int]] = {}
        for stem, lists in stems.items():
            by_length.setdefault(len(plain_text(stem)), {})[stem] = lists
        self._stems = [(length, _Listed(by_length[length])) for length in sorted(by_length)]
        self._signs = _Listed({sign: lists for sign, lists in signs.items() if len(sign) == 1})
        self._pairs = _Listed({sign: lists for sign, lists in signs.items() if len(sign) > 1})
        self._forget()

    def lists_of_texts(self, words: Words, chosen: Places) -> Bits:
        """Which of the lists may have a word in each of some texts."""
        wanted = np.full(len(words.text_ends), -1)
        wanted[chosen] = np.arange(len(chosen))
        found = np.zeros(len(chosen), dtype=np.int64)
        owners = wanted[words.texts]
        rows = np.flatnonzero(owners >= 0)
        _join(found, owners[rows], self.lists_of(words, rows))
        if len(self._signs) or len(self._pairs):
            lengths = np.diff(words.text_ends, prepend=-1)
            owners = np.repeat(wanted, lengths)
            places = np.flatnonzero((owners >= 0) & ((words.kinds & LETTER == 0) | (words.kinds & WIDE > 0)))
            hashes = Hashes(words.codes)
            _join(found, owners[places], self._signs.lists_of(hashes.of(places, places + 1)))
            if len(self._pairs):
                places = places[places < len(words.codes) - 1]
                _join(found, owners[places], self._pairs.lists_of(hashes.of(places, places + 2)))
        return found

    def _forget(self) -> None:
        self._table = KeyTable()
        self._bits: Bits = np.zeros(0, dtype=np.int64)

    def lists_of(self, words: Words, rows: Places) -> Bits:
        """Which lists each of some words may belong to."""
        keys = words.keys[rows]
        numbers = self._table.find(keys)
        new = np.flatnonzero(numbers < 0)
        if len(new):
            if len(self._table) + len(new) > _REMEMBERED:
                self._forget()
                new = np.arange(len(keys))
            fresh, first = np.unique(keys[new], return_index=True)
            self._bits = np.concatenate([self._bits, self._looked_up(words, rows[new[first]])])
            self._table.add(fresh)
            numbers = self._table.find(keys)
        return self._bits[numbers]

    def _looked_up(self, words: Words, rows: Places) -> Bits:
        bits = self._whole.lists_of(words.keys[rows])
        starts, ends = words.starts[rows], words.ends[rows]
        hashes = Hashes(words.codes)
        for length, stems in self._stems:
            long = np.flatnonzero(ends - starts >= length)
            bits[long] |= stems.lists_of(hashes.of(starts[long], starts[long] + length))
        return bits


class _Listed:
    """Lists by the hashes of words."""

    def __init__(self, lists: Mapping[str, int]) -> None:
        words = words_of(list(lists))
        ends = words.text_ends
        keys = Hashes(words.codes).of(np.concatenate([[0], ends + 1])[: len(ends)], ends)
        bits: dict[int, int] = {}
        for key, said in zip(keys.tolist(), lists.values(), strict=True):
            bits[key] = bits.get(key, 0) | said
        self._table = KeyTable()
        self._table.add(np.array(list(bits), dtype=np.uint64))
        # The last one is for what is not there.
        self._bits: Bits = np.array([*bits.values(), 0], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._table)

    def lists_of(self, keys: Keys) -> Bits:
        return self._bits[self._table.find(keys)]


def rows_by_language(languages: Sequence[str]) -> dict[str, Places]:
    """Which rows are in each language.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> {language: rows.tolist() for language, rows in rows_by_language(["en", "cs", "en"]).items()}
    {'en': [0, 2], 'cs': [1]}
    """
    numbers = {language: number for number, language in enumerate(dict.fromkeys(languages))}
    of_rows = np.fromiter(map(numbers.__getitem__, languages), dtype=np.int64, count=len(languages))
    return {language: np.flatnonzero(of_rows == number) for language, number in numbers.items()}


def _join(found: Bits, owners: Places, bits: Bits) -> None:
    said = np.flatnonzero(bits)
    np.bitwise_or.at(found, owners[said], bits[said])
