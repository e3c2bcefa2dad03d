"""The words of a language, compiled: what a level looks like, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel.numbers import get_decimal_symbol

from forvent.identify.levels_numbers import CHINESE, DIGITS, Numbers, numbers, word_trie
from forvent.identify.levels_words import (
    SECONDS,
    Meaning,
    letter_table,
    locale_of,
    meanings,
    plain,
    scaled,
    symbols,
    word_file,
)

REJECTS = (
    "before",
    "after",
    "here",
    "weak_before",
    "echo",
    "gap",
    "free",
    "distance_before",
    "distance_after",
)
_NOTHING = "(?!)"
# A time of day in digits.
_CLOCK = (r"(?<![\d:.,])(?:[01]?\d|2[0-3])[:][0-5]\d(?!\d)",)
# Codes that mean something else before a number (the processor AMD 5600).
_NEVER_FIRST = frozenset({"amd"})
_STOPS = (
    r"(?<=[\u0531-\u0587]):(?=\s|$)|[;；，!?。！？։()]+|(?<!\d)[,、]+|[,、]+(?!\d)|[.…](?=\s|$)"
    r"|\s[-–—]+\s|\n+"
)


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
    past: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class LevelWords:
    """All that reading levels needs of one language."""

    table: Mapping[int, str]
    numbers: Numbers
    meanings: Mapping[str, Meaning]
    bare: Mapping[str, Meaning]
    both: frozenset[str]
    both_between: re.Pattern[str]
    quick: re.Pattern[str]
    level: re.Pattern[str]
    echo: re.Pattern[str]
    nth_day: re.Pattern[str]
    price: re.Pattern[str]
    currency: str
    between: re.Pattern[str]
    joined: re.Pattern[str]
    quarter: re.Pattern[str]
    at_least: re.Pattern[str]
    breaks: re.Pattern[str]
    or_more: re.Pattern[str]
    asks: re.Pattern[str]
    denied: re.Pattern[str]
    untold: re.Pattern[str]
    agreed: re.Pattern[str]
    exactly: re.Pattern[str]
    became: re.Pattern[str]
    notice_before: re.Pattern[str]
    notice_after: re.Pattern[str]
    expected: Cues
    experienced: Cues
    paid: re.Pattern[str]
    unsaid: re.Pattern[str]
    priced: re.Pattern[str]
    than: re.Pattern[str]
    ordinals: Mapping[str, float]
    lasting: re.Pattern[str]
    ago: re.Pattern[str]
    ago_before: re.Pattern[str]
    still: re.Pattern[str]
    yardstick: re.Pattern[str]
    here: re.Pattern[str]
    elsewhere: re.Pattern[str]
    clock: re.Pattern[str]
    later: re.Pattern[str]
    late_before: re.Pattern[str]
    late_after: re.Pattern[str]
    reject: Mapping[str, re.Pattern[str]]

    def more(self, said: str | None) -> float:
        """How much the words behind a unit add: "an hour and a quarter"."""
        return 0.0 if not said else 0.25 if self.quarter.search(said) else 0.5

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

    def written(self, patterns: Iterable[str]) -> str:
        """Any of the patterns, in plain letters; their signs stay as they are."""
        return "|".join(pattern.translate(self.table) for pattern in patterns)

    def listed(self, key: str) -> str:
        return self.trie(*self.file.get(key, ()))

    def names(self, units: Iterable[str]) -> str:
        """Any of the names of units; compounds by their two halves, for there are too many to list."""
        compounds = self.file.get("compounds", {})
        first, last = (
            [plain(part, table=self.table) for parts in compounds.get(key, {}).values() for part in parts]
            for key in ("numbers", "units")
        )
        rest, joined = set(units), {one + other for one in first for other in last}
        if not joined or not joined <= rest:
            return word_trie(rest)
        return rf"(?:{word_trie(rest - joined)}|{word_trie(first)}{word_trie(last)})"

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
        both_between=re.compile(words.whole(file.get("both", ())) if words.spaced else _NOTHING),
        quick=re.compile(_anywhere(words, units={**units, **bare})),
        level=re.compile(_level(words, how=how, units=units, bare=bare, first=first)),
        echo=re.compile(_echo(words, how=how)),
        nth_day=re.compile(_nth_day(words, how=how)),
        price=re.compile(_price(words, how=how)),
        currency=file.get("price", {}).get("currency", [""])[0],
        between=re.compile(words.whole(file.get("between", ()))),
        joined=re.compile(rf"\s*(?:{words.trie(*file.get('joins', ()), *file.get('both', ()))}\s*)?"),
        quarter=re.compile(words.whole(file.get("quarter_after", ()))),
        at_least=re.compile(rf"{words.just_before(file.get('at_least', ()))}\Z"),
        breaks=re.compile(rf"{_STOPS}|{words.whole(file.get('breaks', ()))}"),
        or_more=re.compile(_or_more(words, how=how, units=units)),
        asks=re.compile(_either(words, "asks")),
        denied=re.compile(rf"{words.just_before(file.get('denied', ()))}\Z"),
        **_more_patterns(words),
        expected=_cues(words, role="expected"),
        experienced=_cues(words, role="experienced"),
        paid=re.compile(words.whole(file.get("experienced", {}).get("paid", ()))),
        unsaid=re.compile(words.written(file.get("unsaid", ())) or _NOTHING),
        priced=re.compile(
            words.whole(
                (*(expected := file.get("expected", {})).get("strong", ()), *expected.get("priced", ()))
            )
        ),
        than=re.compile(rf"{words.whole(file.get('than', ()))}[^,.;!?]{{0,12}}\Z"),
        ordinals=_ordinals(words),
        lasting=re.compile(words.whole(file.get("experienced", {}).get("lasting", ()))),
        ago=re.compile(rf"\s*{words.whole(file.get('ago', ()))}"),
        ago_before=re.compile(rf"{words.just_before(file.get('ago_before', ()))}\Z"),
        still=re.compile(words.whole(file.get("still", ()))),
        yardstick=re.compile(words.whole(file.get("yardstick", {}).get("words", ()))),
        here=re.compile(words.whole(file.get("yardstick", {}).get("here", ()))),
        reject={where: re.compile(_reject(words, where=where)) for where in REJECTS},
    )


def _more_patterns(words: _Words) -> dict[str, re.Pattern[str]]:
    """What was agreed, denied, asked for ahead, late, or is had elsewhere."""
    file = words.file
    return {
        "untold": re.compile(words.whole(file.get("untold", ()))),
        "agreed": re.compile(_either(words, "agreed")),
        "exactly": re.compile(rf"{words.just_before(file.get('exactly', ()))}\Z"),
        "became": re.compile(words.whole(file.get("became", ()))),
        "notice_before": re.compile(
            rf"(?:{words.written(file.get('notice', {}).get('before', ())) or _NOTHING})\s*\Z"
        ),
        "notice_after": re.compile(
            rf"[\s-]*(?:{words.written(file.get('notice', {}).get('after', ())) or _NOTHING})"
        ),
        "elsewhere": re.compile(words.written(file.get("yardstick", {}).get("elsewhere", ())) or _NOTHING),
        "clock": re.compile(words.written((*file.get("late", {}).get("clock", ()), *_CLOCK))),
        "later": re.compile(rf"\s*(?:{words.written(file.get('late', {}).get('later', ())) or _NOTHING})"),
        "late_before": re.compile(_late(words, where="before")),
        "late_after": re.compile(_late(words, where="after")),
    }


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
        # "Stovky" are hundreds of anything; one of it alone is listed.
        named.update({name: one for name, one in scaled(words.file).items() if one.unit in SECONDS})
    found = {plain(name, table=words.table): meaning for name, meaning in named.items()}
    return {name: units.get(name, meaning) for name, meaning in found.items()}


def _anywhere(words: _Words, *, units: Iterable[str]) -> str:
    trie = words.names(units)
    return rf"(?<![^\W\d_]){trie}" if words.spaced else trie


def _level(
    words: _Words, *, how: Numbers, units: Iterable[str], bare: Iterable[str], first: Iterable[str]
) -> str:
    amount, unit = how.pattern, words.names(units)
    half = words.listed("half")
    more = words.trie(*words.file.get("half_after", ()), *words.file.get("quarter_after", ()))
    gap = words.listed("inside")
    if words.spaced:
        start, edge = r"(?<!\w)(?<!\d[.,:/])(?<![#/№])", r"(?!\w)"
        # "45 euros and a quarter of an hour" are two.
        half, more = rf"\s+{half}", rf"(?:\s+{more}(?!\w)(?!\s+{unit}(?!\w)))"
        # Only digits touch their unit: "24h", but "կեսօր" is noon.
        gap = rf"(?:(?<=[\d½¼¾])|[\s-]{{1,3}}(?:{gap}[\s-]+){{0,3}})"
    else:
        # Nor within a numeral: "第十九天" is the nineteenth day, not nine days.
        # "54块5" is 54.5.
        dime = r"(?:(?<=[块元])(?P<dime>[1-9一二三四五六七八九])[毛角]?(?=[，。！？,.!?；;、的\s]|\Z))?"
        start, edge = r"(?<![\d.第大十百千万])", dime
        gap = rf"\s*[多来余]?个?[多来]?(?P<mid>半)?(?:{gap})?\s*"
    clock = r"(?<=h)\s?(?P<rest>[0-5]\d)(?:\s?min)?(?!\w)"
    measured = (
        rf"(?P<a>{amount})(?P<half>{half})?(?:(?P<sep>{_range(words)})(?P<b>{amount})(?P<half_b>{half})?)?"
        rf"{gap}(?P<unit>{unit})(?:{clock}|{edge})(?P<more>{more})?"
    )
    number, last = (DIGITS, edge) if words.spaced else (rf"(?:{DIGITS}|{CHINESE})", "")
    priced = rf"(?P<symbol>{word_trie(first)})\s?(?P<c>{number})(?:\s?[-–]\s?(?P<d>{number}))?(?!\d){last}"
    return rf"{start}(?:{measured}|{priced}|(?P<bare>{words.names(bare)}){last}(?P<extra>{more})?)"


def _range(words: _Words) -> str:
    marks = "|".join(words.file.get("range_marks", ())) or _NOTHING
    between = words.trie(*words.file.get("range", ()), *words.file.get("both", ()))
    gap = r"\s+" if words.spaced else r"\s*"
    return rf"\s*[-–—~～]\s*|{gap}{between}{gap}|{marks}"


def _echo(words: _Words, *, how: Numbers) -> str:
    """A number with nothing behind it that could be its unit: "promised 2 days, took five"."""
    expected = words.trie(*words.file.get("expected", {}).get("strong", ()))
    if not words.spaced:
        return rf"(?P<a>{how.pattern})(?P<half>(?!))?(?=[，。！？,.!?；;]|\Z)"
    ends = r"\s*(?:[!?;,։)–—]|[.…:](?!\d)|\Z)"
    said = rf"\s+(?:[^\W\d]+(?:['’][^\W\d]+)?\s+)?{expected}(?!\w)"
    goes_on = rf"\s+{words.trie(*words.file.get('both', ()), *words.file.get('echo_after', ()))}(?!\w)"
    suffix, half = "|".join(words.file.get("echo_endings", ())) or _NOTHING, words.listed("half")
    number = rf"(?<![\w.,:/#-])(?P<a>{how.pattern})(?P<half>\s+{half})?"
    # In these endings no noun follows ("kolmega", "երեսունից").
    alone = "|".join(words.file.get("echo_alone", ())) or _NOTHING
    return rf"{number}(?:-?(?:{alone})(?!\w)|(?:-?(?:{suffix}))?(?={ends}|{said}|{goes_on}))"


def _nth_day(words: _Words, *, how: Numbers) -> str:
    """ "On day four", as the word file writes it with N for the number."""
    ordinals = word_trie(_ordinals(words))
    forms = (
        words.written(words.file.get("nth_day", ()))
        .replace("N", rf"(?:{how.pattern})")
        .replace("O", ordinals)
    )
    return rf"(?P<day>{forms})" if forms else _NOTHING


def _either(words: _Words, table: str) -> str:
    """Any of the words of a table, or of its patterns."""
    lists = words.file.get(table, {})
    ways = (words.whole(lists.get("words", ())), words.written(lists.get("patterns", ())))
    return "|".join(filter(None, ways))


def _or_more(words: _Words, *, how: Numbers, units: Iterable[str]) -> str:
    """What makes one of a unit one or two: "a day or two", "den dva"."""
    if not words.spaced:
        return _NOTHING
    between = words.trie(*words.file.get("range", ()))
    unit = rf"(?![\s-]*(?:{words.names(units)})(?!\w))"
    return (
        rf"(?:,?\s+{between}\s+(?P<a>{how.pattern})(?!\w){unit}"
        rf"|[\s,-]+(?P<b>{how.pattern})(?!\w)(?=\s*(?:[.,;!?։)–—]|\Z)))"
    )


def _listed(file: Mapping[str, Any], table: str, *keys: str) -> list[str]:
    """The words of several lists of one table."""
    return [word for key in keys for word in file.get(table, {}).get(key, ())]


def _ordinals(words: _Words) -> dict[str, float]:
    """Words such as "ninth", in plain letters."""
    return {
        plain(word, table=words.table): float(value)
        for value, names in words.file.get("ordinals", {}).items()
        for word in names
    }


def _price(words: _Words, *, how: Numbers) -> str:
    """A number of two digits or more behind a word for a price, and no unit behind it."""
    lists = words.file.get("price", {})
    cue = words.trie(*lists.get("words", ()))
    if not words.spaced:
        large = r"(?=[^百千万]{0,3}[百千万])"
        ends = words.trie(*lists.get("behind", ()))
        return rf"{cue}了?(?P<a>\d\d[\d.,]*|{large}{CHINESE})(?=[，。！？,.!?；;]|\Z|{ends})"
    digits = rf"(?=\d{{2}}|\d[\d\s.,]*\d|\d\s?\w+){DIGITS}(?:\s?{_powers(how)})?"
    goes_on = words.trie(*words.file.get("both", ()), *words.file.get("echo_after", ()))
    ends = rf"\s*(?:[!?;,։)–—]|[.…:](?!\d)|\Z)|\s+{goes_on}(?!\w)"
    suffix = "|".join(words.file.get("echo_endings", ())) or _NOTHING
    behind = words.trie(*lists.get("behind", ()))
    alone = rf"(?<![\w.,:/#-])(?P<b>(?=\d{{2}}|\d[.,]\d){DIGITS})(?=\s+(?:{behind})(?!\w))"
    return rf"(?<!\w){cue}\s+{words.fillers()}(?P<a>{digits})(?:-?(?:{suffix}))?(?={ends})|{alone}"


def _powers(how: Numbers) -> str:
    return word_trie(how.powers)


def _cues(words: _Words, *, role: str) -> Cues:
    lists = words.file.get(role, {})
    gap = r"\s*" if not words.spaced else rf"\s*{words.fillers()}"
    endings = words.written(lists.get("endings", ())) or _NOTHING
    return Cues(
        strong=re.compile(
            "|".join(
                filter(None, [words.whole(lists.get("strong", ())), words.written(lists.get("patterns", ()))])
            )
        ),
        before=re.compile(rf"{words.just_before(lists.get('before', ()))}\Z"),
        after=re.compile(rf"{gap}{words.whole(lists.get('after', ()))}"),
        ending=re.compile(rf"(?:{endings})\Z"),
        past=re.compile(words.written(lists.get("past", ())) or _NOTHING),
    )


def _late(words: _Words, *, where: str) -> str:
    """Words for a lateness right beside the level."""
    patterns = words.written(words.file.get("late", {}).get(where, ()))
    start, end = (r"(?<!\w)", r"(?!\w)") if words.spaced else ("", "")
    if where == "after":
        return rf"[\s-]*(?:{patterns or _NOTHING}){end}"
    return rf"{start}(?:{patterns or _NOTHING})[\s,:]*{words.fillers()}\Z"


def _reject(words: _Words, *, where: str) -> str:
    patterns = words.written(words.file.get("reject", {}).get(where, ())) or _NOTHING
    return {
        "before": rf"(?:{patterns})\s*\Z",
        "weak_before": rf"(?:{patterns})\s*\Z",
        "distance_before": rf"(?:{patterns})\s*\Z",
        "distance_after": rf"[\s-]*(?:{patterns})",
        "echo": rf"(?:{patterns})\s*\Z",
        "after": rf"[\s-]*(?:{patterns})",
        "gap": rf"\s*(?:{patterns})",
        "here": rf"(?:{patterns})",
        "free": rf"(?:{patterns})",
    }[where]
