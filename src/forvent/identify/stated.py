"""Whether a text puts an expectation into words."""

from __future__ import annotations

import re
from functools import lru_cache

from forvent.identify.levels_numbers import word_trie
from forvent.identify.levels_words import base_language, letter_table, plain, word_file


def is_stated(text: str, language: str) -> bool:
    """True where a text says what was expected, promised, agreed, owed or wished.

    Without such words an expectation is only implied: "we waited 50 minutes" tells what
    happened, "they promised 20 minutes" what was expected.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1 code; False in a language without word file.

    Returns
    -------
    bool
        Whether a cue of the language's word file is in the text.

    Source
    ------
    Our own definition, docs/formulas/levels.md#stated.

    Examples
    --------
    >>> is_stated("The parcel should have been here on Monday.", "en")
    True
    >>> is_stated("The parcel came on Thursday.", "en")
    False
    """
    base = base_language(language)
    return _pattern(base).search(plain(text, table=letter_table(base))) is not None


@lru_cache(maxsize=64)
def _pattern(base: str) -> re.Pattern[str]:
    file, table = word_file(base), letter_table(base)
    cues = file.get("stated", {})
    trie = word_trie(plain(word, table=table) for word in cues.get("words", ()))
    words = rf"(?<!\w){trie}(?!\w)" if file.get("spaced", True) else trie
    return re.compile("|".join([words, *(pattern.translate(table) for pattern in cues.get("patterns", ()))]))
