"""Whether a text can state a level at all: a quick look before the long one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forvent.identify.known_words import rows_by_language
from forvent.identify.levels_counts import MEASURES, count_names
from forvent.identify.levels_dates import day_names
from forvent.identify.levels_numbers import word_trie
from forvent.identify.levels_words import base_language, letter_table, meanings, plain, symbols, word_file
from forvent.identify.quick_words import QuickWords, quick_lists
from forvent.language.keys import Places
from forvent.language.signs import DIGIT
from forvent.language.words import Words

Flags = NDArray[np.bool_]

_DIGIT = re.compile(r"\d")
# A day written with digits.
_WRITTEN_DAY = re.compile(r"\d\s?(?:[./-]\s?\d|[月号日號]|(?:st|nd|rd|th)\b|\.\s)")
# What begins a number in Chinese, and what is behind one in "on the third of May".
_NUMBER = r"[\d½¼¾零〇一二两俩三仨四五六七八九十百千万半]"
_NUMBERED = tuple("月号日")
_WITHOUT_BLANKS = ("ja", "th", "lo", "km", "my")


def may_state_level(text: str, language: str) -> bool:
    """False only where a text can state no level: no unit, currency, day, count or price in words or signs.

    A digit alone is not enough: it needs something to count.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1 code, see :func:`forvent.identify.find_levels`.

    Returns
    -------
    bool
        True where :func:`forvent.identify.find_levels` should look.

    Source
    ------
    Our own definition, docs/formulas/levels.md#levels.

    Examples
    --------
    >>> may_state_level("We waited 50 minutes.", "en"), may_state_level("Table 51 again.", "en")
    (True, False)
    """
    base = base_language(language)
    unspaced = _unspaced(base)
    if unspaced is not None:
        return unspaced.search(plain(text, table=letter_table(base))) is not None
    found = _cues(base).lists_in(text)
    if found & 1:
        return True
    return _DIGIT.search(text) is not None and (found > 0 or _WRITTEN_DAY.search(text) is not None)


def may_state_levels(texts: Sequence[str], languages: Sequence[str], words: Words) -> Flags:
    """Which of many texts can state a level, as :func:`may_state_level` tells of one.

    Parameters
    ----------
    texts
        Any texts.
    languages
        ISO 639-1 code of each.
    words
        Their words, :func:`forvent.language.words.words_of`.

    Returns
    -------
    array of bool
        One for each text; never False where :func:`forvent.identify.find_levels` finds a level.

    Source
    ------
    Our own definition, docs/formulas/levels.md#levels.

    Examples
    --------
    >>> from forvent.language.words import words_of
    >>> texts = ["We waited 50 minutes.", "Table 51 again."]
    >>> may_state_levels(texts, ["en", "en"], words_of(texts)).tolist()
    [True, False]
    """
    may = np.zeros(len(texts), dtype=np.bool_)
    digits = words.texts_with(DIGIT)
    for language, of_language in rows_by_language(languages).items():
        base = base_language(language)
        # Without a word file only digits are read.
        rows = of_language if word_file(base) else of_language[digits[of_language]]
        if not len(rows):
            continue
        if not _is_spaced(base):
            may[rows] = [may_state_level(texts[row], base) for row in rows.tolist()]
            continue
        found = _cues(base).lists_in_all(texts, words, rows)
        counted = digits[rows] & ((found > 0) | _written_days(texts, rows, digits))
        may[rows] = (found & 1 > 0) | counted
    return may


def _written_days(texts: Sequence[str], rows: Places, digits: Flags) -> Flags:
    return np.array([digits[row] and _WRITTEN_DAY.search(texts[row]) is not None for row in rows.tolist()])


def _is_spaced(base: str) -> bool:
    return bool(word_file(base).get("spaced", base not in _WITHOUT_BLANKS))


@lru_cache(maxsize=64)
def _unspaced(base: str) -> re.Pattern[str] | None:
    """What a level needs in Chinese: a number with what it counts behind it, or words that stand alone."""
    file, table = word_file(base), letter_table(base)
    if not file or _is_spaced(base):
        return None
    counts, price = file.get("counts", {}), file.get("price", {})
    bare, nths = file.get("bare", {}).values(), counts.get("nth", {}).values()
    times = (name for key in ("times", "time", "alone", "deeds", "nth_deeds") for name in counts.get(key, ()))
    counted = [*meanings(base), *_NUMBERED, *times]
    alone = [
        *day_names(base),
        *(name for names in bare for name in names),
        *(name for key, names in counts.items() if key.isdigit() for name in names),
        *(
            f"{nth}{time}"
            for names in nths
            for nth in names
            for time in (*counts.get("time", ()), *counts.get("nth_deeds", ()))
        ),
    ]

    def any_of(names: Iterable[str]) -> str:
        return word_trie({plain(name, table=table) for name in names})

    ways = (
        rf"{_NUMBER}[^，。！？!?；;\n]{{0,8}}?{any_of(counted)}",
        rf"{any_of(symbols(base))}\s?{_NUMBER}",
        r"\d\s?[./-]\s?\d",
        any_of(alone),
        rf"{any_of(price.get('words', ()))}了?{_NUMBER}",
        rf"{any_of(counts.get('ordered', ()))}{_NUMBER}",
        rf"[{MEASURES}][^，。！？]{{0,6}}?有{_NUMBER}",
    )
    return re.compile("|".join(ways))


@lru_cache(maxsize=64)
def _cues(base: str) -> QuickWords:
    file, table, spaced = word_file(base), letter_table(base), _is_spaced(base)
    counts = file.get("counts", {})
    alone = [
        *meanings(base),
        *file.get("scaled", {}),
        *(
            name
            for kind in ("units", "money", "bare")
            for said in file.get(kind, {}).values()
            for name in said
        ),
        *day_names(base),
        *count_names(base),
    ]
    # Words for a number are among those of counts; beside these words only digits are left to look for.
    beside_digits = [
        *(name for kind in ("of", "only", "ordered") for name in counts.get(kind, ())),
        *(name for kind in ("words", "behind") for name in file.get("price", {}).get(kind, ())),
    ]
    lists = [{*names, *(plain(name, table=table) for name in names)} for names in (alone, beside_digits)]
    if not spaced:
        # A traditional sign stands for its simplified one.
        for names in lists:
            names |= {chr(old) for old, new in table.items() if any(new in name for name in names)}
    return quick_lists(lists, spaced=spaced)
