"""Whether a text can state a level at all: a quick look before the long one."""

from __future__ import annotations

import re
from functools import lru_cache

from forvent.identify.levels_counts import count_names
from forvent.identify.levels_dates import day_names
from forvent.identify.levels_patterns import level_words
from forvent.identify.levels_words import base_language, letter_table, plain, word_file
from forvent.identify.quick_words import QuickWords, quick_lists

_DIGIT = re.compile(r"\d")
# A day written with digits.
_WRITTEN_DAY = re.compile(r"\d\s?(?:[./-]\s?\d|[月号日號]|(?:st|nd|rd|th)\b|\.\s)")
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
    found = _cues(base_language(language)).lists_in(text)
    if found & 1:
        return True
    return _DIGIT.search(text) is not None and (found > 0 or _WRITTEN_DAY.search(text) is not None)


@lru_cache(maxsize=64)
def _cues(base: str) -> QuickWords:
    words, file, table = level_words(base), word_file(base), letter_table(base)
    spaced = bool(file.get("spaced", base not in _WITHOUT_BLANKS))
    counts = file.get("counts", {})
    alone = [
        *words.meanings,
        *words.bare,
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
        *(name for kind in ("of", "of_ending", "ordered") for name in counts.get(kind, ())),
        *file.get("price", {}).get("words", ()),
    ]
    lists = [{*names, *(plain(name, table=table) for name in names)} for names in (alone, beside_digits)]
    if not spaced:
        # A traditional sign stands for its simplified one.
        for names in lists:
            names |= {chr(old) for old, new in table.items() if any(new in name for name in names)}
    return quick_lists(lists, spaced=spaced)
