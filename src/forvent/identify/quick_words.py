"""Whether a text can hold any of a list of words, told in a microsecond or two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

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

    __slots__ = ("_digits", "_known", "_marks", "_signs", "_words")

    def __init__(
        self, *, known: _Known, signs: Mapping[str, int], marks: Mapping[str, int], spaced: bool, digits: bool
    ) -> None:
        self._known = known
        self._signs = dict(signs)
        self._marks = dict(marks)
        self._words = (_LETTERS if spaced else _LATIN).findall
        self._digits = digits

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
    for bit, words in enumerate(lists):
        listed = {word.lower().strip(" ") for word in words if word.strip(" *-")}
        for word in listed:
            kind, key = _key(word, spaced=spaced)
            # "of the" is there only where "of" is.
            if kind != "whole" or listed.isdisjoint({*_LETTERS.findall(word)} - {word}):
                tables[kind][key] = tables[kind].get(key, 0) | 1 << bit
    known = _Known(tables["whole"], tables["stems"])
    return QuickWords(known=known, signs=tables["signs"], marks=tables["marks"], spaced=spaced, digits=digits)


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
