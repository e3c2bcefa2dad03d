"""The words of a language, compiled: what a level looks like, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel.numbers import get_decimal_symbol

from forvent.identify.levels_numbers import DIGITS, Numbers, numbers, word_trie
from forvent.identify.levels_words import (
    Meaning,
    letter_table,
    locale_of,
    meanings,
    plain,
    symbols,
    word_file,
)

REJECTS = ("before", "after", "here", "weak_before")
_NOTHING = "(?!)"
# Codes that mean something else before a number (the processor AMD 5600).
_NEVER_FIRST = frozenset({"amd"})
_STOPS = r"[;；,，、!?。！？։()]+(?!\d)|[.…](?=\s|$)|\s[-–—]+\s"


@dataclass(frozen=True, slots=True)
class Cues:
    """Where a language says that a level was expected, or what happened.

    ``strong`` words rule their part of the sentence; ``before``, ``after`` and ``ending``
    count only right beside the level, where nothing stronger is near.
    """

    strong: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    ending: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class LevelWords:
    """All that reading levels needs of one language."""

    table: Mapping[int, str]
    numbers: Numbers
    meanings: Mapping[str, Meaning]
    bare: Mapping[str, Meaning]
    both: frozenset[str]
    quick: re.Pattern[str]
    level: re.Pattern[str]
    echo: re.Pattern[str]
    between: re.Pattern[str]
    joined: re.Pattern[str]
    at_least: re.Pattern[str]
    breaks: re.Pattern[str]
    expected: Cues
    experienced: Cues
    paid: re.Pattern[str]
    lasting: re.Pattern[str]
    ago: re.Pattern[str]
    ago_before: re.Pattern[str]
    still: re.Pattern[str]
    reject: Mapping[str, re.Pattern[str]]

    def plain(self, text: str) -> str:
        """The text in the letters of the word file, character for character."""
        return plain(text, table=self.table)


@dataclass(frozen=True, slots=True)
class _Words:
    """A word file with the conventions that its patterns share."""

    file: Mapping[str, Any]
    table: Mapping[int, str]
    spaced: bool

    def trie(self, *words: str) -> str:
        return word_trie(plain(word, table=self.table) for word in words)

    def listed(self, key: str) -> str:
        return self.trie(*self.file.get(key, ()))

    def whole(self, words: Iterable[str]) -> str:
        trie = self.trie(*words)
        return rf"(?<!\w){trie}(?!\w)" if self.spaced else trie

    def fillers(self) -> str:
        gap = r"\s+" if self.spaced else ""
        return rf"(?:{self.listed('fillers')}{gap}){{0,2}}"

    def just_before(self, words: Iterable[str]) -> str:
        edge, gap = (r"(?<!\w)", r"\s+") if self.spaced else ("", r"\s*")
        return rf"{edge}{self.trie(*words)}{gap}{self.fillers()}"


@lru_cache(maxsize=64)
def level_words(base: str) -> LevelWords:
    """Patterns of one language; a language without word file has CLDR's unit names and no cues."""
    file = word_file(base)
    words = _Words(file, letter_table(base), bool(file.get("spaced", True)))
    locale = locale_of(base)
    how = numbers(
        _plain_numbers(words), decimal=get_decimal_symbol(locale) if locale else ".", spaced=words.spaced
    )
    units = meanings(base)
    bare = _bare(words, units=units)
    first = [sign for sign in symbols(base) if sign not in _NEVER_FIRST]
    return LevelWords(
        table=words.table,
        numbers=how,
        meanings=units,
        bare=bare,
        both=frozenset(plain(word, table=words.table) for word in file.get("both", ())),
        quick=re.compile(_anywhere(words, units={**units, **bare})),
        level=re.compile(_level(words, how=how, units=units, bare=bare, first=first)),
        echo=re.compile(_echo(words, how=how)),
        between=re.compile(words.whole(file.get("between", ()))),
        joined=re.compile(rf"\s*(?:{words.trie(*file.get('joins', ()), *file.get('both', ()))}\s*)?"),
        at_least=re.compile(rf"{words.just_before(file.get('at_least', ()))}\Z"),
        breaks=re.compile(rf"{_STOPS}|{words.whole(file.get('breaks', ()))}"),
        expected=_cues(words, role="expected"),
        experienced=_cues(words, role="experienced"),
        paid=re.compile(words.whole(file.get("experienced", {}).get("paid", ()))),
        lasting=re.compile(words.whole(file.get("experienced", {}).get("lasting", ()))),
        ago=re.compile(rf"\s*{words.whole(file.get('ago', ()))}"),
        ago_before=re.compile(rf"{words.just_before(file.get('ago_before', ()))}\Z"),
        still=re.compile(words.whole(file.get("still", ()))),
        reject={where: re.compile(_reject(file, where=where)) for where in REJECTS},
    )


def _plain_numbers(words: _Words) -> dict[str, Any]:
    """The tables of number words in plain letters."""
    tables = {
        key: {
            value: [plain(form, table=words.table) for form in forms]
            for value, forms in words.file[key].items()
        }
        for key in ("numbers", "amounts", "powers")
        if key in words.file
    }
    lists = {
        key: [plain(form, table=words.table) for form in words.file.get(key, ())] for key in ("weak", "glue")
    }
    return {**tables, **lists}


def _bare(words: _Words, *, units: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """Units that stand for one of them without a number ("po hodině", "a fortnight later")."""
    named = {name: Meaning(unit) for unit, names in words.file.get("bare", {}).items() for name in names}
    if words.spaced:
        named.update(
            {name: Meaning(unit, factor) for name, (unit, factor) in words.file.get("scaled", {}).items()}
        )
    found = {plain(name, table=words.table): meaning for name, meaning in named.items()}
    return {name: units.get(name, meaning) for name, meaning in found.items()}


def _anywhere(words: _Words, *, units: Iterable[str]) -> str:
    trie = word_trie(units)
    return rf"(?<![^\W\d_]){trie}" if words.spaced else trie


def _level(
    words: _Words, *, how: Numbers, units: Iterable[str], bare: Iterable[str], first: Iterable[str]
) -> str:
    amount, unit = how.pattern, word_trie(units)
    half, more = words.listed("half"), words.listed("half_after")
    gap = words.listed("inside")
    if words.spaced:
        start, edge = r"(?<!\w)(?<!\d[.,:/])(?<![#/№])", r"(?!\w)"
        half, more = rf"\s+{half}", rf"(?:\s+{more}(?!\w))"
        # Only digits touch their unit: "24h", but "կեսօր" is noon.
        gap = rf"(?:(?<=[\d½¼¾])|[\s-]{{1,3}}(?:{gap}[\s-]+){{0,3}})"
    else:
        start, edge = r"(?<![\d.第大])", ""
        gap = rf"\s*[多来余]?个?多?(?P<mid>半)?(?:{gap})?\s*"
    clock = r"(?<=h)\s?(?P<rest>[0-5]\d)(?:\s?min)?(?!\w)"
    measured = (
        rf"(?P<a>{amount})(?P<half>{half})?(?:(?P<sep>{_range(words)})(?P<b>{amount})(?P<half_b>{half})?)?"
        rf"{gap}(?P<unit>{unit})(?:{clock}|{edge})(?P<more>{more})?"
    )
    priced = rf"(?P<symbol>{word_trie(first)})\s?(?P<c>{DIGITS})(?:\s?[-–]\s?(?P<d>{DIGITS}))?(?!\d){edge}"
    return rf"{start}(?:{measured}|{priced}|(?P<bare>{word_trie(bare)}){edge}(?P<extra>{more})?)"


def _range(words: _Words) -> str:
    marks = "|".join(words.file.get("range_marks", ())) or _NOTHING
    between = words.trie(*words.file.get("range", ()), *words.file.get("both", ()))
    gap = r"\s+" if words.spaced else r"\s*"
    return rf"\s*[-–—~～]\s*|{gap}{between}{gap}|{marks}"


def _echo(words: _Words, *, how: Numbers) -> str:
    """A number that borrows its unit: "promised 2 days, took five"."""
    if not words.spaced:
        return _NOTHING
    lists = [words.file.get(role, {}) for role in ("expected", "experienced")]
    strong = words.trie(*(word for cues in lists for word in cues.get("strong", ())))
    beside = words.trie(*(word for cues in lists for word in cues.get("before", ())))
    return (
        rf"(?<!\w){strong}\s+(?:(?:[^\W\d]{{1,5}}\s+){{0,3}}{beside}\s+)?{words.fillers()}"
        rf"(?P<a>{how.pattern})(?=\s*(?:[!?;,։]|[.…]\s*\Z|\Z))"
    )


def _cues(words: _Words, *, role: str) -> Cues:
    lists = words.file.get(role, {})
    gap = r"\s*" if not words.spaced else rf"\s*{words.fillers()}"
    endings = "|".join(lists.get("endings", ())) or _NOTHING
    return Cues(
        strong=re.compile("|".join([words.whole(lists.get("strong", ())), *lists.get("patterns", ())])),
        before=re.compile(rf"{words.just_before(lists.get('before', ()))}\Z"),
        after=re.compile(rf"{gap}{words.whole(lists.get('after', ()))}"),
        ending=re.compile(rf"(?:{endings})\Z"),
    )


def _reject(file: Mapping[str, Any], *, where: str) -> str:
    patterns = "|".join(file.get("reject", {}).get(where, ())) or _NOTHING
    return {
        "before": rf"(?:{patterns})\s*\Z",
        "weak_before": rf"(?:{patterns})\s*\Z",
        "after": rf"[\s-]*(?:{patterns})",
        "here": rf"(?:{patterns})",
    }[where]
