"""Opening hours as people write them: "mon-fri 09:00-12:30,13:00-17:00; sat 10:00-14:00"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from forvent.errors import BadOption

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "mon-sun 00:00-24:00"
DAY = 24 * 60
NOON = 12 * 60

_AROUND_SIGNS = re.compile(r"\s*([,-])\s*")
_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """From opening to closing, in minutes of the local clock since the midnight its day begins with.

    A window over night belongs to the day it begins: 22:00-06:00 is 1320 to 1800.
    """

    opens: int
    closes: int

    def __str__(self) -> str:
        closes = self.closes if self.closes <= DAY else self.closes - DAY
        return f"{_as_time(self.opens)}-{_as_time(closes)}"


Windows: TypeAlias = tuple[Window, ...]
Week: TypeAlias = tuple[Windows, ...]


@lru_cache(maxsize=256)
def parse_week(hours: str) -> Week:
    """Windows of each weekday, Monday first.

    Parameters
    ----------
    hours
        Days and windows, such as "mon-fri 09:00-12:30,13:00-17:00; sat 10:00-14:00", or "always". A
        window that closes at noon or earlier and before it opens runs over night. Days that are not
        named are closed; the empty text closes them all.

    Returns
    -------
    tuple of tuple of Window
        Seven tuples, each in the order of opening.

    Raises
    ------
    BadOption
        If a part cannot be read, a day is named twice, or windows overlap, also over night.

    Source
    ------
    Our own definition, docs/formulas/adjust-calendar.md#opening-hours.

    Examples
    --------
    >>> [len(windows) for windows in parse_week("mon-fri 09:00-12:30,13:00-17:00; sat 10:00-14:00")]
    [2, 2, 2, 2, 2, 1, 0]
    >>> parse_week("sun 22:00-06:00")[6]
    (Window(opens=1320, closes=1800),)
    """
    text = _plain(hours)
    named: dict[int, Windows] = {}
    for entry in (ALWAYS if text == "always" else text).split(";"):
        if not entry.strip():
            continue
        days, _, windows = entry.strip().partition(" ")
        for day in _days(days):
            if day in named:
                raise BadOption(
                    f"The opening hours name {DAYS[day]} twice.",
                    hint="Write all windows of a day together, such as mon 09:00-12:00,13:00-17:00.",
                )
            named[day] = parse_windows(windows)
    week = tuple(named.get(day, ()) for day in range(7))
    _refuse_overlaps_of(week)
    return week


def parse_windows(text: str) -> Windows:
    """Windows of one day, in the order of opening.

    Parameters
    ----------
    text
        Windows with commas between, such as "09:00-12:30,13:00-17:00".

    Returns
    -------
    tuple of Window
        At least one.

    Raises
    ------
    BadOption
        If a window cannot be read, closes before it opens, or overlaps another.

    Source
    ------
    Our own definition, docs/formulas/adjust-calendar.md#opening-hours.

    Examples
    --------
    >>> parse_windows("13:00-17:00, 9:00-12:30")
    (Window(opens=540, closes=750), Window(opens=780, closes=1020))
    """
    windows = tuple(sorted(_window(part) for part in _plain(text).split(",")))
    for first, second in pairwise(windows):
        if first.closes > second.opens:
            raise _overlap(str(first), str(second))
    return windows


def _plain(text: str) -> str:
    """In lower case, with plain hyphens and no blanks around hyphens and commas."""
    hyphens = text.replace("\N{EN DASH}", "-").replace("\N{EM DASH}", "-")
    return _AROUND_SIGNS.sub(r"\1", " ".join(hyphens.lower().split()))


def _days(text: str) -> list[int]:
    """Weekdays of "mon-wed,sat"; a range may run over the end of the week."""
    found = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = _day(first), _day(last if "-" in part else first)
        found += [(begin + further) % 7 for further in range((end - begin) % 7 + 1)]
    return found


def _day(name: str) -> int:
    if name not in DAYS:
        raise BadOption(
            f"'{name}' in the opening hours is no weekday.",
            hint=f"Use {', '.join(DAYS)}, as in mon-fri 09:00-17:00.",
        )
    return DAYS.index(name)


def _window(text: str) -> Window:
    first, hyphen, last = text.partition("-")
    if not hyphen:
        raise BadOption(
            f"'{text}' is no opening window.", hint="Write opening and closing, such as 09:00-17:00."
        )
    opens, closes = _minutes(first), _minutes(last)
    if opens in {closes, DAY}:
        raise BadOption(
            f"'{text}' opens and closes at the same time.", hint="Write 00:00-24:00 for a whole day."
        )
    if closes < opens and closes > NOON:
        raise BadOption(
            f"'{text}' closes before it opens.",
            hint="Windows over night close at 12:00 of the next day or earlier.",
        )
    return Window(opens=opens, closes=closes if closes > opens else closes + DAY)


def _minutes(text: str) -> int:
    """Minutes since midnight of "9:30"."""
    match = _TIME.fullmatch(text)
    minutes = int(match[1]) * 60 + int(match[2]) if match else DAY + 1
    if match is None or int(match[2]) > 59 or minutes > DAY:
        raise BadOption(f"'{text}' is no time of day.", hint="Write 00:00 to 24:00, such as 09:30.")
    return minutes


def _as_time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _refuse_overlaps_of(week: Week) -> None:
    """Nobody can mean a window over night that runs into the windows of the day after."""
    for day, windows in enumerate(week):
        following = (day + 1) % 7
        if windows and week[following] and windows[-1].closes - DAY > week[following][0].opens:
            raise _overlap(f"{DAYS[day]} {windows[-1]}", f"{DAYS[following]} {week[following][0]}")


def _overlap(first: str, second: str) -> BadOption:
    return BadOption(
        f"The windows {first} and {second} overlap.", hint="Join them, or correct one of their times."
    )
