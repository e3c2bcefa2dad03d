"""Cells → times in UTC: each row is read by itself, the order of day and month is that of the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from forvent.reading.cells import Cell, as_text

FIRST_YEAR, LAST_YEAR = 1970, 2100
IMPOSSIBLE = "no possible date or time"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_CLOCK = (
    r"(?:[\sT,]+(?:at\s+)?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
)
_PATTERNS = (
    ("ymd", re.compile(r"(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})\.?" + _CLOCK, re.I)),
    ("dmy", re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})" + _CLOCK, re.I)),
    (
        "open",
        re.compile(
            r"(?P<day>\d{1,2})(?P<mark>[/-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _CLOCK, re.I
        ),
    ),
    (
        "han",
        re.compile(
            r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?"
            r"(?:\s*(?P<half>上午|下午)?\s*(?P<hour>\d{1,2})[:：时時点](?P<minute>\d{2})?分?(?:[:：]?(?P<second>\d{2})秒?)?)?"
        ),
    ),
    (
        "name",
        re.compile(
            r"(?:[a-z]{3,9},?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s./-]+"
            + _MONTH
            + r"[\s.,/-]+(?P<year>\d{4}|\d{2})"
            + _CLOCK,
            re.I,
        ),
    ),
    (
        "name",
        re.compile(
            r"(?:[a-z]{3,9},?\s+)?"
            + _MONTH
            + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
            + _CLOCK,
            re.I,
        ),
    ),
)
_NUMBER = re.compile(r"\d{5,16}(\.\d+)?")
_OPEN = _PATTERNS[2][1]
# Day 1 of a spreadsheet is 1900-01-01, but it believes that 1900 was a leap year.
_SPREADSHEET_ZERO = datetime(1899, 12, 30)
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time; ``by_day`` says that the cell names a day without a time of day.

    ``time`` is UTC; where the cell names a day in a zone, it is that day. ``zoned`` says that the
    cell itself names the zone.
    """

    time: datetime
    by_day: bool
    zoned: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How dates such as 3/4/2024 are read in one file, and what to say about it."""

    day_first: bool = True
    notes: tuple[str, ...] = ()


def date_order(cells: Iterable[Cell]) -> DateOrder:
    """Day or month first, from all sampled dates of a file: a number above twelve is a day.

    Where no date decides, the month comes first if the clock has AM and PM, else the day.
    """
    day_first, month_first, either, halves = 0, 0, 0, 0
    example = ""
    for cell in cells:
        match = _OPEN.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if match is None:
            continue
        first, second = int(match["day"]), int(match["month"])
        halves += match["half"] is not None
        if first > 12 >= second:
            day_first += 1
        elif second > 12 >= first:
            month_first += 1
        elif first != second:
            either += 1
            example = example or match[0]
    if day_first == month_first == 0:
        chosen = halves == 0
        notes = (f"Dates such as {example} were read with {_words(chosen)}; nothing in the file decides it.",)
        return DateOrder(chosen, notes if either else ())
    chosen = day_first >= month_first
    other = min(day_first, month_first)
    if other == 0:
        return DateOrder(chosen)
    note = (
        f"Dates have the day first and the month first ({other} the other way); doubtful ones were read with"
    )
    return DateOrder(chosen, (f"{note} {_words(chosen)}.",))


def read_time(cell: Cell, *, order: DateOrder) -> Moment | None:
    """The time in a cell; None where it holds no possible one between 1970 and 2100."""
    if isinstance(cell, datetime):
        return _moment(cell, by_day=_is_midnight(cell))
    if isinstance(cell, date):
        return _moment(datetime(cell.year, cell.month, cell.day), by_day=True)
    text = as_text(cell)
    if not 5 <= len(text) <= 50:
        return None
    if _NUMBER.fullmatch(text):
        return _from_number(text)
    # The quick way for what most files hold; it takes no time without a date.
    if text[4:5] == "-" and len(text) <= 32:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return _moment(time, by_day=_is_midnight(time))
    return _from_pattern(text, order=order)


def is_time_of(cell: Cell) -> bool:
    """True where a cell holds a possible date or time in any order."""
    return read_time(cell, order=DateOrder()) is not None


def _from_pattern(text: str, *, order: DateOrder) -> Moment | None:
    for kind, pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        try:
            time = _built(parts, kind=kind, order=order)
        except ValueError:
            return None
        return _moment(time, by_day=_is_midnight(time))
    return None


def _built(parts: dict[str, str | None], *, kind: str, order: DateOrder) -> datetime:
    name = (parts["month"] or "").lower()
    month = _MONTHS.index(name) + 1 if kind == "name" else int(name)
    day, year = int(parts["day"] or 0), int(parts["year"] or 0)
    if year < 100:
        year += 2000 if year < 70 else 1900
    # A date that is possible in one order only says its order itself.
    if kind == "open" and (month > 12 if order.day_first else day <= 12):
        day, month = month, day
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (parts.get("half") or "").lower().replace(".", "")
    if half in ("pm", "下午") and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    time = datetime(year, month, day, hour, minute, second)
    zone = (parts.get("zone") or "").lower().replace(":", "")
    if zone in ("z", "utc", "gmt"):
        return time.replace(tzinfo=UTC)
    return datetime.strptime(f"{time:%Y-%m-%dT%H:%M:%S}{zone}", "%Y-%m-%dT%H:%M:%S%z") if zone else time


def _from_number(text: str) -> Moment | None:
    """A day of a spreadsheet, YYYYMMDD, or (milli)seconds since 1970; their sizes do not overlap."""
    value = float(text)
    try:
        if 25_569 <= value < 73_415:
            time = _SPREADSHEET_ZERO + timedelta(seconds=round(value * 86_400))
        elif len(text) == 8:
            time = datetime.strptime(text, "%Y%m%d")
        elif 1e8 <= value < 4.2e9:
            return _moment((_EPOCH + timedelta(seconds=value)).replace(tzinfo=UTC), by_day=False)
        elif 1e11 <= value < 4.2e12:
            return _moment((_EPOCH + timedelta(milliseconds=value)).replace(tzinfo=UTC), by_day=False)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return _moment(time, by_day=_is_midnight(time))


def _moment(time: datetime, *, by_day: bool) -> Moment | None:
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        return None
    if time.tzinfo is None:
        return Moment(time, by_day)
    # A day stays the day it names: midnight in Prague is another day in UTC.
    if by_day:
        return Moment(time.replace(tzinfo=None), by_day)
    return Moment(time.astimezone(UTC).replace(tzinfo=None), by_day, zoned=True)


def _is_midnight(time: datetime) -> bool:
    return time.hour == time.minute == time.second == time.microsecond == 0


def _words(day_first: bool) -> str:
    return "the day first" if day_first else "the month first"
