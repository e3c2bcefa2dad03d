"""How the single words of a voice sound: words of praise and of blame, counted by language."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from forvent.identify.heads import Numbers
from forvent.identify.known_words import rows_by_language
from forvent.identify.levels_words import base_language
from forvent.language.keys import Hashes, Keys, KeyTable, Places
from forvent.language.signs import WIDE
from forvent.language.words import Words, words_of

Flags = NDArray[np.bool_]

#: A word that is not listed is read as the listed one that it begins with, if at most so many letters follow
#: and at least so many stand before them.
ENDING, STEM = 3, 4
#: A negation takes back what stands so many words, or signs, behind it.
REACH = 2
#: Added to the number of words, so that a single one says little.
_DAMPED = 2
#: Signs of the longest word, and of the shortest, of a script without blanks.
_LONGEST, _SHORTEST = 4, 2


class ValenceWords:
    """The words of one language that praise or blame, each with its valence in −5 to 5.

    Parameters
    ----------
    valences
        Words in lower case and without accents.
    negations
        Words that take back what follows; single signs in a script without blanks.
    spaced
        Whether the language has blanks between its words.
    """

    def __init__(
        self, valences: Mapping[str, float], negations: Collection[str] = (), *, spaced: bool = True
    ) -> None:
        self._valences = np.array([*valences.values(), 0.0])
        self._negations = KeyTable()
        self._table = KeyTable()
        self._table.add(_keys_of(list(valences)))
        self._negations.add(_keys_of(sorted(negations)))
        self._spaced = spaced

    def found(self, words: Words, texts: Places) -> tuple[Places, Places, Flags]:
        """Each listed word in some texts: its text, its number in the order given, whether it is negated."""
        wanted = np.zeros(len(words.text_ends), dtype=np.bool_)
        wanted[texts] = True
        return self._between_blanks(words, wanted) if self._spaced else self._among_signs(words, wanted)

    def scores(self, words: Words, texts: Places) -> Numbers:
        """Valence of each of some texts, shape (len(texts),)."""
        owners, numbers, negated = self.found(words, texts)
        many = len(words.text_ends)
        sums = np.bincount(owners, np.where(negated, 0.0, self._valences[numbers]), minlength=many)
        counts = np.bincount(owners, minlength=many)
        scores: Numbers = np.round(sums / np.sqrt(counts + _DAMPED), 6)[texts]
        return scores

    def _between_blanks(self, words: Words, wanted: Flags) -> tuple[Places, Places, Flags]:
        rows = np.flatnonzero(wanted[words.texts])
        numbers = self._table.find(words.keys[rows])
        hashes = Hashes(words.codes)
        starts, ends = words.starts[rows], words.ends[rows]
        for letters in range(1, ENDING + 1):
            rest = np.flatnonzero((numbers < 0) & (ends - starts >= STEM + letters))
            numbers[rest] = self._table.find(hashes.of(starts[rest], ends[rest] - letters))
        negates = self._negations.find(words.keys[rows]) >= 0
        owners = words.texts[rows]
        negated = np.zeros(len(rows), dtype=np.bool_)
        for back in range(1, min(REACH, len(rows) - 1) + 1):
            negated[back:] |= negates[:-back] & (owners[back:] == owners[:-back])
        listed = np.flatnonzero(numbers >= 0)
        return owners[listed], numbers[listed], negated[listed]

    def _among_signs(self, words: Words, wanted: Flags) -> tuple[Places, Places, Flags]:
        """From the left the longest listed word at each sign that no other has."""
        hashes = Hashes(words.codes)
        owners = np.repeat(np.arange(len(words.text_ends)), np.diff(words.text_ends, prepend=-1))
        wide = (words.kinds & WIDE > 0) & wanted[owners]
        longest: dict[int, tuple[int, int]] = {}
        for length in range(_SHORTEST, _LONGEST + 1):
            places = _runs(wide, length)
            numbers = self._table.find(hashes.of(places, places + length))
            listed = np.flatnonzero(numbers >= 0)
            for place, number in zip(places[listed].tolist(), numbers[listed].tolist(), strict=True):
                longest[place] = (length, number)
        signs = np.flatnonzero(wide)
        negates = np.zeros(len(wide), dtype=np.bool_)
        negates[signs] = self._negations.find(hashes.of(signs, signs + 1)) >= 0
        taken = np.array(list(_from_left(longest)), dtype=np.int64).reshape(-1, 2)
        places, numbers = taken[:, 0], taken[:, 1]
        negated = np.zeros(len(places), dtype=np.bool_)
        for back in range(1, REACH + 1):
            before = np.maximum(places - back, 0)
            negated |= negates[before] & (owners[before] == owners[places])
        return owners[places], numbers, negated


def valences_of(words: Words, languages: Sequence[str]) -> Numbers:
    r"""How the words of each text sound.

    .. math:: v = \frac{1}{\sqrt{n + 2}} \sum_{i=1}^n v_i

    over the :math:`n` listed words of a text, :math:`v_i` 0 where a word is negated.

    Parameters
    ----------
    words
        Of the texts, :func:`forvent.language.words.words_of`.
    languages
        ISO 639-1 code of each.

    Returns
    -------
    array
        Shape (texts,), positive where praise prevails; 0 in a language without a list.

    Source
    ------
    Nielsen (2011), "A new ANEW", arXiv 1103.2903, for the list AFINN, whose translations these are; the rest
    is our own definition, ``docs/formulas/identify.md#valence``.

    Examples
    --------
    >>> texts = ["A wonderful evening.", "Not wonderful.", "The parcel was stolen!"]
    >>> valences_of(words_of(texts), ["en"] * 3).tolist()
    [2.309401, 0.0, -1.154701]
    """
    found = np.zeros(len(languages))
    for language, texts in rows_by_language(languages).items():
        listed = valence_words(base_language(language))
        if listed is not None:
            found[texts] = listed.scores(words, texts)
    return found


@cache
def valence_words(base: str) -> ValenceWords | None:
    """The list of a language, None where there is none.

    Source
    ------
    AFINN, see :func:`valences_of`; cleaned by ``training/keep_valence.py``.

    Examples
    --------
    >>> valence_words("en") is not None, valence_words("la")
    (True, None)
    """
    folder = files("forvent.identify") / "valence_words"
    file = folder / f"{base}.tsv"
    if not base.isalpha() or not file.is_file():
        return None
    lines = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:])
    valences = {word: float(valence) for word, valence in lines}
    negations = tomllib.loads((folder / "negations.toml").read_text(encoding="utf-8"))
    return ValenceWords(valences, negations[base], spaced=base != "zh")


def _keys_of(listed: Sequence[str]) -> Keys:
    """Hashes of whole entries, whatever their script."""
    words = words_of(listed)
    ends = words.text_ends
    return Hashes(words.codes).of(np.concatenate([[0], ends + 1])[: len(ends)], ends)


def _runs(wide: Flags, length: int) -> Places:
    """Where so many wide signs stand one behind the other."""
    last = max(0, len(wide) - length + 1)
    run = np.ones(last, dtype=np.bool_)
    for place in range(length):
        run &= wide[place : last + place]
    return np.flatnonzero(run)


def _from_left(longest: Mapping[int, tuple[int, int]]) -> Iterator[tuple[int, int]]:
    end = 0
    for place in sorted(longest):
        length, number = longest[place]
        if place >= end:
            yield place, number
            end = place + length
