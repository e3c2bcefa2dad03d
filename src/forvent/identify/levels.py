"""Stated levels: durations, prices and percentages, and whether they were expected or experienced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from forvent.identify.levels_numbers import Amount, digits
from forvent.identify.levels_patterns import LevelWords, level_words
from forvent.identify.levels_roles import NEAR, Place, Role, part_around, role_of
from forvent.identify.levels_words import SECONDS, Meaning, base_language
from forvent.records import Level

# A year longer than this is a date ("2019 aasta").
_MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class FoundLevel:
    """A level with its place in the text; ``role`` is expected, experienced or unclear."""

    level: Level
    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What looks like a level: its ends as said, its unit, and whether it needs a cue to count."""

    start: int
    end: int
    low: float
    high: float
    unit: str
    weak: bool

    @property
    def place(self) -> Place:
        return self.start, self.end


def find_levels(text: str, language: str) -> tuple[FoundLevel, ...]:
    """Durations, prices and percentages that a text states, in order.

    Of a range the upper end is given, behind "at least" the lower one. A month is 30 days, a
    year 365; working days count as days. Vague amounts ("a few days") have no level. Ages,
    times of day, dates, ordinals, frequencies and tenure of a year or more are left out:
    what is found shall be right rather than all be found.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1 code. Beyond en, cs, hy, nb, et, zh, pt, de, es and fr only digits with
        CLDR's unit names are read, and every role is unclear.

    Returns
    -------
    tuple of FoundLevel
        Offsets into ``text``, not overlapping; empty where nothing is stated. ``seconds`` is
        None where the level is no duration.

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
    words = level_words(base_language(language))
    plain = words.plain(text)
    if words.quick.search(plain) is None:
        return ()
    candidates = _joined(list(_measured(plain, words=words)), text=plain, words=words)
    if not candidates:
        return ()
    candidates = sorted(
        [*candidates, *_echoes(plain, candidates=candidates, words=words)], key=lambda one: one.start
    )
    places = [candidate.place for candidate in candidates]
    found = (_found(candidate, text=plain, places=places, words=words) for candidate in candidates)
    return tuple(level for level in found if level is not None)


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
        whose role is unclear are left out.

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
    return expected, experienced


def _measured(text: str, *, words: LevelWords) -> Iterator[_Candidate]:
    for match in words.level.finditer(text):
        if match["bare"] is not None:
            meaning = words.bare[" ".join(match["bare"].split())]
            value = (1.5 if match["extra"] else 1.0) * meaning.factor
            yield _Candidate(*match.span(), value, value, meaning.unit, weak=True)
        elif match["symbol"] is not None:
            low, high = (
                digits(said, decimal=words.numbers.decimal) for said in (match["c"], match["d"] or match["c"])
            )
            yield _Candidate(*match.span(), low, high, words.meanings[match["symbol"]].unit, weak=False)
        elif (candidate := _counted(match, text=text, words=words)) is not None:
            yield candidate


def _counted(match: re.Match[str], *, text: str, words: LevelWords) -> _Candidate | None:
    """An amount with its unit behind it."""
    meaning = words.meanings[" ".join(match["unit"].split())]
    amount, start = _amount(match, text=text, words=words)
    if amount is None or not _is_counted(text[start], meaning=meaning, amount=amount):
        return None
    extra = 0.5 if match["more"] or match.groupdict().get("mid") else 0.0
    if match["rest"]:
        extra = int(match["rest"]) / 60
        if amount.high >= 5:
            return None  # 18h30 is a time of day.
    low, high = ((value + extra) * meaning.factor for value in (amount.low, amount.high))
    return _Candidate(start, match.end(), low, high, meaning.unit, weak=amount.weak)


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
    for match in words.echo.finditer(text):
        start, end = match.span("a")
        before = [one for one in candidates if one.end <= match.start() and not one.weak]
        if not before or any(one.start < end and start < one.end for one in candidates):
            continue
        unit, amount = before[-1].unit, words.numbers.value(match["a"])
        if amount is None or amount.weak or match.start() - before[-1].end > NEAR or unit not in SECONDS:
            continue
        yield _Candidate(start, end, amount.low, amount.high, unit, weak=False)


def _found(candidate: _Candidate, *, text: str, places: list[Place], words: LevelWords) -> FoundLevel | None:
    lasts = candidate.unit in SECONDS
    value = (
        candidate.low
        if words.at_least.search(text[max(0, candidate.start - NEAR) : candidate.start])
        else candidate.high
    )
    if (lasts and value <= 0) or _is_ruled_out(candidate, text=text, words=words):
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


def _is_ruled_out(candidate: _Candidate, *, text: str, words: LevelWords) -> bool:
    """Ages, times of day, frequencies, distances: what has a unit of time but is no level."""
    left = text[max(0, candidate.start - NEAR) : candidate.start]
    if words.reject["here"].match(text, candidate.start):
        return True
    if candidate.unit not in SECONDS:
        return False
    if words.reject["before"].search(left) or words.reject["after"].match(text, candidate.end):
        return True
    return candidate.weak and words.reject["weak_before"].search(left) is not None


def _is_tenure(candidate: _Candidate, *, role: Role, text: str, words: LevelWords) -> bool:
    """A year or more is a level only if it was promised, or something is said to have lasted so long."""
    part = part_around(candidate.place, text=text, words=words)
    said = {"expected": words.expected.strong, "experienced": words.lasting}.get(role)
    return said is None or said.search(text, *part) is None
