"""Whether a text can hold any of a list of words, told in a microsecond or two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from forvent.identify.known_words import Bits, KnownWords
from forvent.language.keys import Places
from forvent.language.words import Words

_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
# Between the signs of a script without blanks, only these stand in words.
_LATIN = re.compile(r"[a-z]+")
_LETTERS_AND_STAR = re.compile(r"[^\W\d_]+\*?")
# Words shorter than this stand for themselves; longer ones for all that begin with them.
_STEM = 4
#: Words of texts that are kept in mind.
_REMEMBERED = 100_000


class QuickWords:
    """Lists of words, beginnings of words, or single signs where a script has no blanks.

    Each distinct word of a text is looked at once and remembered. Accents make no difference.
    """

    __slots__ = ("_digits", "_known", "_many", "_marks", "_rows", "_signs", "_words")

    def __init__(
        self, tables: Mapping[str, Mapping[str, int]], pairs: Mapping[str, int], *, spaced: bool, digits: bool
    ) -> None:
        self._known = _Known(tables["whole"], tables["stems"])
        self._signs = dict(tables["signs"])
        self._marks = dict(tables["marks"])
        self._words = (_LETTERS if spaced else _LATIN).findall
        self._digits = digits
        beginnings = self._signs | self._marks if spaced else pairs
        self._rows = {row: lists for row, lists in beginnings.items() if len(row) > 1 and spaced}
        signs = {row: lists for row, lists in beginnings.items() if row not in self._rows}
        self._many = KnownWords(tables["whole"], tables["stems"], signs=signs)

    def may_be_in(self, text: str) -> bool:
        """False only where none of the words can be in the text."""
        return (self._digits and _DIGIT.search(text) is not None) or self.lists_in(text) != 0

    def lists_in(self, text: str) -> int:
        """Which of the lists may have a word in the text: bit 0 for the first, bit 1 for the second, ..."""
        found = 0
        if not self._signs.keys().isdisjoint(text):
            found = reduce(or_, map(self._signs.__getitem__, self._signs.keys() & set(text)))
        for mark, lists in self._marks.items():
            if mark in text:
                found |= lists
        return reduce(or_, map(self._known.__getitem__, self._words(text.lower())), found)

    def lists_in_all(self, texts: Sequence[str], words: Words, chosen: Places) -> Bits:
        """As :meth:`lists_in`, of some texts at once, whose words are at hand.

        A word of a script without blanks is known by its first two signs, not by one alone.
        """
        found = self._many.lists_of_texts(words, chosen)
        whole = "\n".join([texts[place] for place in chosen.tolist()]) if self._rows else ""
        there = [mark for mark in self._rows if mark in whole]
        for row, place in enumerate(chosen.tolist() if there else ()):
            for mark in there:
                if mark in texts[place]:
                    found[row] |= self._rows[mark]
        return found


class _Known(dict[str, int]):
    """For each word of texts, which lists it may belong to."""

    def __init__(self, whole: Mapping[str, int], stems: Mapping[str, int]) -> None:
        super().__init__()
        self._whole = dict(whole)
        self._stems = dict(stems)
        self._lengths = sorted({len(stem) for stem in stems})

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        bare = _bare(word)
        found = self._whole.get(bare, 0)
        for length in self._lengths:
            found |= self._stems.get(bare[:length], 0) if length <= len(bare) else 0
        self[word] = found
        return found


def quick_words(words: Iterable[str], *, spaced: bool, digits: bool = False) -> QuickWords:
    """What to look for so as to find any of the words; a trailing ``*`` stands for any ending."""
    return quick_lists([words], spaced=spaced, digits=digits)


def quick_lists(lists: Sequence[Iterable[str]], *, spaced: bool, digits: bool = False) -> QuickWords:
    """What to look for so as to know which of several lists of words may be in a text."""
    tables: dict[str, dict[str, int]] = {"whole": {}, "stems": {}, "signs": {}, "marks": {}}
    pairs: dict[str, int] = {}
    for bit, words in enumerate(lists):
        listed = {word.lower().strip(" ") for word in words if word.strip(" *-")}
        for word in listed:
            kind, key = _key(word, spaced=spaced)
            # "of the" is there only where "of" is.
            if kind != "whole" or listed.isdisjoint({*_LETTERS.findall(word)} - {word}):
                tables[kind][key] = tables[kind].get(key, 0) | 1 << bit
            if kind in ("signs", "marks"):
                pair = word.rstrip("*")[:2]
                pairs[pair] = pairs.get(pair, 0) | 1 << bit
    return QuickWords(tables, pairs, spaced=spaced, digits=digits)


def _key(word: str, *, spaced: bool) -> tuple[str, str]:
    """What of a word is looked for, and how: as a whole word, a stem, a sign or a row of signs."""
    parts = _LETTERS_AND_STAR.findall(word)
    if parts and (spaced or word[0].isascii()):
        # Of several words the longest says most.
        longest = max(parts, key=len)
        bare = _bare(longest.rstrip("*"))
        return "stems" if longest.endswith("*") or len(bare) >= _STEM else "whole", bare
    bare = word.rstrip("*") if not parts else word[0]
    return "signs" if len(bare) == 1 else "marks", bare


def _bare(word: str) -> str:
    """A word without its accents."""
    if word.isascii():
        return word
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
