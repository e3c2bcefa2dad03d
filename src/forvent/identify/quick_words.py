"""Whether a text can hold any of a list of words, told in a microsecond or two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# So many letters of a word are looked at: enough to rule most texts out, and stems need no more.
_KEY = 4
_CLOSING = ",.!?;:)…\"'»”“։՝՞՜"
_OPENING = "(\"'„“«"
_LETTERS = "".join(chr(code) for code in [*range(0x61, 0x7B), *range(0xDF, 0x180), *range(0x430, 0x460)])
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class QuickWords:
    """The beginnings of words, or single signs where a script has no blanks."""

    keys: frozenset[str]
    spaced: bool
    digits: bool

    def may_be_in(self, text: str) -> bool:
        """False only where none of the words can be in the text."""
        if self.digits and _DIGIT.search(text) is not None:
            return True
        if not self.spaced:
            return not self.keys.isdisjoint(text)
        words = text.lower().replace("-", " ").split()
        return not self.keys.isdisjoint([word[:_KEY] for word in words])


def quick_words(words: Iterable[str], *, spaced: bool, digits: bool = False) -> QuickWords:
    """What to look for so as to find any of the words; a trailing ``*`` stands for any ending."""
    # Of several words the longest says most.
    firsts = {max(word.lower().replace("-", " ").split(), key=len) for word in words if word.strip(" *-")}
    if not spaced:
        return QuickWords(frozenset(word[0] for word in firsts), spaced, digits)
    return QuickWords(frozenset(key for word in firsts for key in _keys(word)), spaced, digits)


def _keys(word: str) -> Iterator[str]:
    bare = word.rstrip("*")
    for start in (bare, *(sign + bare for sign in _OPENING)):
        yield start[:_KEY]
        if len(start) < _KEY:
            # A short word fills its key with what stands behind it.
            behind = _CLOSING + (_LETTERS if word.endswith("*") else "")
            yield from (start + sign for sign in behind)
            if len(start) + 2 <= _KEY:
                yield from (start + one + two for one in behind for two in behind)
