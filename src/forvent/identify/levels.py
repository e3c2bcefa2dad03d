"""Stated levels: durations, days, counts, prices and percentages, expected or experienced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from forvent.identify.levels_counts import count_names, find_counts
from forvent.identify.levels_dates import day_names, find_dates
from forvent.identify.levels_numbers import Amount, chinese
from forvent.identify.levels_pairs import paired
from forvent.identify.levels_patterns import LevelWords, level_words
from forvent.identify.levels_roles import NEAR, FoundLevel, Place, Role, is_notice, is_quoted, part_around, role_of
from forvent.identify.levels_words import SECONDS, Meaning, base_language, word_file
from forvent.identify.quick_words import QuickWords, quick_words
from forvent.records import Level

# A day written with digits.
_WRITTEN_DAY = re.compile(r"\d\s?(?:[./-]\s?\d|[月号日號]|(?:st|nd|rd|th)\b|\.\s)")
# A number further than this behind a level does not borrow its unit.
_ECHO = 80
# A unit so near behind a price says of what it is the price.
_RATE = 6
# A number below this is no price, unless it has cents.
_LEAST_PRICE = 10
_CENTS = re.compile(r"\d[.,]\d")
# A year longer than this is a date ("2019 aasta").
_MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What looks like a level: its ends as said, its unit, and whether it needs a cue to count."""

    start: int
    end: int
    low: float
    high: float
    unit: str
    weak: bool
    echo: bool = False

    @property
    def place(self) -> Place:
        return self.start, self.end


def may_hold_levels(text: str, language: str) -> bool:
    """False only where a text can state no level: no digit and no word for a unit, day or count."""
    return _quick(base_language(language)).any.may_be_in(text)


def find_levels(text: str, language: str) -> tuple[FoundLevel, ...]:
    """Durations, days, counts, prices and percentages that a text states, in order.

    Of a range the upper end is given, behind "at least" the lower one. A month is 30 days, a
    year 365; working days count as days. Vague amounts ("a few days") have no level. Ages,
    times of day, ordinals, frequencies and tenure of a year or more are left out, days and counts
    also where nothing says that they were promised or got:
    what is found shall be right rather than all be found.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1 code. Without a word file, only digits with CLDR's unit names are read, and
        every role is unclear.

    Returns
    -------
    tuple of FoundLevel
        Offsets into ``text``, not overlapping; empty where nothing is stated. ``seconds`` is
        None where the level is no duration. Role ``late`` is a lateness ("four days late"): no level by
        itself, but beside a promise it says what was got.

    Source
    ------
    Our own definition, docs/formulas/levels.md#levels.

    Examples
    --------
    >>> for found in find_levels("Promised 2-3 days, took almost a week and cost €40.", "en"):
    ...     print(found.role, found.level.value, found.level.unit, found.level.seconds)
    expected 3.0 day 259200.0
    experienced 1.0 week 604800.0
    experienced 40.0 EUR None
    """
    base = base_language(language)
    quick = _quick(base)
    if not quick.any.may_be_in(text):
        return ()
    words = level_words(base)
    plain = words.plain(text)
    stated = words.quick.search(plain) or words.price.search(plain)
    found = _quantities(plain, words=words) if stated else []
    if quick.days.may_be_in(text) or _WRITTEN_DAY.search(text):
        places = [(one.start, one.end) for one in found]
        found += [one for one in find_dates(plain, base) if not _overlaps(one, places)]
    if quick.counts.may_be_in(text):
        found += find_counts(plain, base, taken=tuple((one.start, one.end) for one in found))
    return tuple(sorted(found, key=lambda one: one.start))


def attach(text: str, language: str) -> tuple[Level | None, Level | None]:
    """What a clause says was expected, and what it says happened.

    Parameters
    ----------
    text
        One clause or sentence.
    language
        ISO 639-1 code, see :func:`find_levels`.

    Returns
    -------
    tuple of two Level
        The first expected and the first experienced level; None where there is none. Levels
        whose role is unclear are left out. A promise of two days and a lateness of four are six
        days experienced.

    Source
    ------
    Our own definition, docs/formulas/levels.md#levels.

    Examples
    --------
    >>> expected, experienced = attach("slíbili do 2 dnů, čekal jsem týden", "cs")
    >>> expected.value, expected.unit, experienced.value, experienced.unit
    (2.0, 'day', 1.0, 'week')
    """
    found = find_levels(text, language)
    expected = next((one.level for one in found if one.role == "expected"), None)
    experienced = next((one.level for one in found if one.role == "experienced"), None)
    late = next((one.level for one in found if one.role == "late"), None)
    return expected, experienced or with_lateness(expected, late)


def with_lateness(promised: Level | None, late: Level | None) -> Level | None:
    """What was got, where it came so late after so long a promise; None where either is not known.

    In the unit of the promise.

    Source
    ------
    Our own definition, docs/formulas/levels.md#levels.

    Examples
    --------
    >>> with_lateness(Level(2.0, "day", 172800.0), Level(4.0, "day", 345600.0)).value
    6.0
    """
    if promised is None or late is None or promised.seconds is None or late.seconds is None:
        return None
    seconds = promised.seconds + late.seconds
    return Level(seconds / SECONDS[promised.unit], promised.unit, seconds)


@dataclass(frozen=True, slots=True)
class _Quick:
    """Quick looks for any level, for a day, and for a count."""

    any: QuickWords
    days: QuickWords
    counts: QuickWords


@lru_cache(maxsize=64)
def _quick(base: str) -> _Quick:
    words, file = level_words(base), word_file(base)
    spaced = bool(file.get("spaced", base not in ("ja", "th", "lo", "km", "my")))

    def look(names: Iterable[str], *, digits: bool) -> QuickWords:
        both = [one for name in names for one in (name, words.plain(name))]
        # A traditional sign stands for its simplified one.
        signs = [] if spaced else [chr(one) for one, other in words.table.items() if other in "".join(both)]
        return quick_words([*both, *signs], spaced=spaced, digits=digits)

    raw = [
        name
        for table in ("units", "money", "bare")
        for names in file.get(table, {}).values()
        for name in names
    ]
    units = [*words.meanings, *words.bare, *raw]
    return _Quick(
        any=look([*units, *day_names(base), *count_names(base)], digits=True),
        days=look(day_names(base), digits=False),
        counts=look(count_names(base), digits=True),
    )


def _quantities(text: str, *, words: LevelWords) -> list[FoundLevel]:
    """Durations, prices and percentages of a text in plain letters."""
    measured = (one for one in _measured(text, words=words) if not _is_no_unit(one, text=text, words=words))
    candidates = _joined(list(measured), text=text, words=words)
    candidates += _priced(text, candidates=candidates, words=words)
    if not candidates:
        return []
    candidates.sort(key=lambda one: one.start)
    borrowed = list(_echoes(text, candidates=candidates, words=words))
    candidates = [*_apart(candidates, borrowed), *borrowed]
    candidates.sort(key=lambda one: one.start)
    places = [candidate.place for candidate in candidates]
    found = (_found(candidate, text=text, places=places, words=words) for candidate in candidates)
    echoes = {candidate.start for candidate in candidates if candidate.echo}
    kept = [level for level in found if level is not None]
    return paired(kept, echoes=echoes, text=text, words=words)


def _is_no_unit(candidate: _Candidate, *, text: str, words: LevelWords) -> bool:
    """A word for a unit that is none here: nobody borrows from it either."""
    return candidate.weak and (
        words.reject["here"].match(text, candidate.start) is not None
        and not is_notice(candidate.place, text=text, words=words)
    )


def _apart(candidates: list[_Candidate], echoes: list[_Candidate]) -> list[_Candidate]:
    """Without units that a fuller reading holds: "the ninth day" is no "day"."""
    return [
        one for one in candidates if not any(one.start < echo.end and echo.start < one.end for echo in echoes)
    ]


def _overlaps(one: FoundLevel, places: list[Place]) -> bool:
    return any(one.start < last and first < one.end for first, last in places)


def _measured(text: str, *, words: LevelWords) -> Iterator[_Candidate]:
    for match in words.level.finditer(text):
        if match["bare"] is not None:
            meaning = words.bare[" ".join(match["bare"].split())]
            value = (1.0 + words.more(match["extra"])) * meaning.factor
            # "Hodinu a půl", "a fortnight": more than an article could mean.
            weak = match["extra"] is None and meaning.factor == 1
            yield _or_more(
                _Candidate(*match.span(), value, value, meaning.unit, weak=weak), text=text, words=words
            )
        elif match["symbol"] is not None:
            ends = [words.numbers.value(said) for said in (match["c"], match["d"] or match["c"])]
            low, high = (one.high if one else 0.0 for one in ends)
            yield _Candidate(*match.span(), low, high, words.meanings[match["symbol"]].unit, weak=False)
        elif (candidate := _counted(match, text=text, words=words)) is not None:
            yield _or_more(candidate, text=text, words=words)


def _or_more(candidate: _Candidate, *, text: str, words: LevelWords) -> _Candidate:
    """ "A day or two" is two days."""
    more = words.or_more.match(text, candidate.end) if candidate.high == 1 else None
    amount = words.numbers.value(more["a"] or more["b"]) if more else None
    if more is None or amount is None or not 1 < amount.high <= 3:
        return candidate
    return replace(candidate, end=more.end(), high=amount.high, weak=False)


def _counted(match: re.Match[str], *, text: str, words: LevelWords) -> _Candidate | None:
    """An amount with its unit behind it."""
    meaning = words.meanings[" ".join(match["unit"].split())]
    amount, start = _amount(match, text=text, words=words)
    if amount is None or not _is_counted(text[start], meaning=meaning, amount=amount):
        return None
    extra = 0.5 if match.groupdict().get("mid") else words.more(match["more"])
    if match.groupdict().get("dime"):
        extra = _dimes(match["dime"])
    if match["rest"]:
        extra = int(match["rest"]) / 60
        if amount.high >= 5:
            return None  # 18h30 is a time of day.
    low, high = ((value + extra) * meaning.factor for value in (amount.low, amount.high))
    weak = amount.weak and not extra and meaning.factor == 1
    return _Candidate(start, match.end(), low, high, meaning.unit, weak=weak)


def _dimes(said: str) -> float:
    """Tenths of a yuan: "54块5"."""
    amount = chinese(said) if not said.isdigit() else None
    return (amount.high if amount else float(said)) / 10


def _amount(match: re.Match[str], *, text: str, words: LevelWords) -> tuple[Amount | None, int]:
    """The number or range before a unit, and where it starts."""
    first = _with_half(words.numbers.value(match["a"]), half=match["half"])
    if match["b"] is None:
        return first, match.start()
    last = _with_half(words.numbers.value(match["b"]), half=match["half_b"])
    if first is None or last is None or not _is_range(match, first, last, text=text, words=words):
        return last, match.start("b")
    return replace(last, low=first.low), match.start()


def _with_half(amount: Amount | None, *, half: str | None) -> Amount | None:
    if amount is None or not half:
        return amount
    return Amount(amount.low + 0.5, amount.high + 0.5)


def _is_range(match: re.Match[str], first: Amount, last: Amount, *, text: str, words: LevelWords) -> bool:
    """Two numbers are a range if they rise; "2 and 3" only beside a word for between."""
    if first.high >= last.high:
        return False
    if match["sep"].strip() not in words.both:
        return True
    around = text[max(0, match.start() - NEAR) : match.start()], text[match.end() : match.end() + NEAR]
    return any(words.between.search(side) for side in around)


def _is_counted(first: str, *, meaning: Meaning, amount: Amount) -> bool:
    if meaning.short and not (first.isdigit() or first in "½¼¾"):
        return False
    if meaning.unit == "year" and amount.high >= _MOST_YEARS:
        return False
    return not (amount.weak and meaning.unit not in SECONDS)


def _joined(candidates: list[_Candidate], *, text: str, words: LevelWords) -> list[_Candidate]:
    """Hours and minutes said one after the other are one duration."""
    kept: list[_Candidate] = []
    for candidate in candidates:
        last = kept[-1] if kept else None
        if last is not None and _goes_on(last, candidate, text=text, words=words):
            part = candidate.high * SECONDS[candidate.unit] / SECONDS[last.unit]
            kept[-1] = replace(last, end=candidate.end, low=last.low + part, high=last.high + part)
        else:
            kept.append(candidate)
    return kept


def _goes_on(last: _Candidate, candidate: _Candidate, *, text: str, words: LevelWords) -> bool:
    if candidate.weak or not (last.unit in SECONDS and candidate.unit in SECONDS):
        return False
    smaller = candidate.high * SECONDS[candidate.unit] < SECONDS[last.unit]
    return smaller and words.joined.fullmatch(text, last.end, candidate.start) is not None


def _echoes(text: str, *, candidates: list[_Candidate], words: LevelWords) -> Iterator[_Candidate]:
    """Numbers that borrow the unit of the level before them: "promised 2 days, took five"."""
    for match in words.nth_day.finditer(text):
        day = _nth(match.group(), words=words)
        if day is not None and not any(
            one.start < match.end() and match.start() < one.end and not one.weak for one in candidates
        ):
            yield _Candidate(*match.span(), day, day, "day", weak=False, echo=True)
    for match in words.echo.finditer(text):
        start, end = match.start("a"), max(match.end("a"), match.end("half"))
        if any(one.start < end and start < one.end for one in candidates):
            continue
        lender = _lender(start, end, candidates=candidates)
        amount = _with_half(words.numbers.value(match["a"]), half=match["half"])
        if lender is None or amount is None or amount.weak:
            continue
        if words.reject["echo"].search(text[max(0, start - NEAR) : start]):
            continue
        yield _Candidate(start, end, amount.low, amount.high, lender.unit, weak=False, echo=True)


def _nth(said: str, *, words: LevelWords) -> float | None:
    """Which day is said: "day four", "the fourth day"."""
    for word in re.findall(r"\w+", said):
        if word in words.ordinals:
            return words.ordinals[word]
    number = re.search(words.numbers.pattern, said)
    day = words.numbers.value(number.group()) if number else None
    return day.high if day is not None else None


def _priced(text: str, *, candidates: list[_Candidate], words: LevelWords) -> list[_Candidate]:
    """Prices said without their currency, which is then the language's own: "a quote of 240"."""
    found: list[_Candidate] = []
    for match in words.price.finditer(text) if words.currency else ():
        said = "a" if match["a"] else "b"
        start, end = match.span(said)
        amount = words.numbers.value(match[said])
        if amount is None or (amount.high < _LEAST_PRICE and not _CENTS.search(match[said])):
            continue
        value = amount.high
        if not any(one.start < end and start < one.end for one in candidates):
            lender = _lender(start, end, candidates=candidates)
            if lender is None or lender.unit not in (*SECONDS, "percent"):
                unit = lender.unit if lender else words.currency
                found.append(_Candidate(start, end, value, value, unit, weak=False))
    return found


def _lender(start: int, end: int, *, candidates: list[_Candidate]) -> _Candidate | None:
    """The level that a bare number has its unit from: the one before; for a price also the one behind."""
    before = [one for one in candidates if one.end <= start and start - one.end <= _ECHO]
    if before:
        # "30 euros a day, next door 11": the day only says of what the price is.
        rate = before[-1].weak and len(before) > 1 and before[-2].unit not in SECONDS
        return before[-2] if rate and before[-1].start - before[-2].end <= _RATE else before[-1]
    behind = [one for one in candidates if one.start >= end and one.start - end <= _ECHO]
    return behind[0] if behind and behind[0].unit not in SECONDS else None


def _found(candidate: _Candidate, *, text: str, places: list[Place], words: LevelWords) -> FoundLevel | None:
    lasts = candidate.unit in SECONDS
    value = (
        candidate.low
        if words.at_least.search(text[max(0, candidate.start - NEAR) : candidate.start])
        else candidate.high
    )
    if (lasts and value <= 0) or _is_ruled_out(candidate, text=text, places=places, words=words):
        return None
    role = role_of(candidate.place, unit=candidate.unit, text=text, levels=places, words=words)
    if role == "unclear" and candidate.weak and text.strip() != text[slice(*candidate.place)]:
        return None
    seconds = value * SECONDS[candidate.unit] if lasts else None
    if (
        seconds is not None
        and seconds >= SECONDS["year"]
        and _is_tenure(candidate, role=role, text=text, words=words)
    ):
        return None
    return FoundLevel(Level(value, candidate.unit, seconds), candidate.start, candidate.end, role)


def _is_ruled_out(candidate: _Candidate, *, text: str, places: list[Place], words: LevelWords) -> bool:
    """Ages, times of day, frequencies, distances: what has a unit of time but is no level."""
    left = text[max(0, candidate.start - NEAR) : candidate.start]
    if candidate.unit in SECONDS and is_notice(candidate.place, text=text, words=words):
        return False
    if words.reject["here"].match(text, candidate.start):
        return True
    if candidate.unit == "percent":
        # "30 % less than promised" is the gap, not a level.
        return words.reject["gap"].match(text, candidate.end) is not None
    if candidate.unit not in SECONDS:
        # "Free delivery over £50."
        return (
            words.reject["free"].search(text, *part_around(candidate.place, text=text, words=words))
            is not None
        )
    if words.reject["before"].search(left) or words.reject["after"].match(text, candidate.end):
        return len(places) < 2 or not _is_promised_way(candidate, text=text, words=words)
    return candidate.weak and words.reject["weak_before"].search(left) is not None


def _is_promised_way(candidate: _Candidate, *, text: str, words: LevelWords) -> bool:
    """ "The page says five minutes' walk, it was 25": a way is a level where it was promised."""
    left = text[max(0, candidate.start - NEAR) : candidate.start]
    after = words.reject["distance_after"].match(text, candidate.end)
    if after is None and words.reject["distance_before"].search(left) is None:
        return False
    part = part_around(candidate.place, text=text, words=words)
    said = words.expected.strong.search(text, *part) is not None
    return said or is_quoted(candidate.place, text=text)


def _is_tenure(candidate: _Candidate, *, role: Role, text: str, words: LevelWords) -> bool:
    """A year or more is a level only if it was promised, or something is said to have lasted so long."""
    part = part_around(candidate.place, text=text, words=words)
    said = {"expected": words.expected.strong, "experienced": words.lasting}.get(role)
    return said is None or said.search(text, *part) is None
