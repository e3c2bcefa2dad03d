"""Which windows a local day has: those of its weekday, its own, or none; and the openings of whole years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from forvent.adjust.calendar.openings import Moments, Openings, merged, moments_of
from forvent.adjust.calendar.text import Windows, parse_week, parse_windows
from forvent.errors import BadOption

_COUNTRY = re.compile(r"([A-Za-z]{2,3})(?:-(.+))?")


class OpenDays(Protocol):
    """What of a calendar decides when it is open."""

    def __hash__(self) -> int: ...
    @property
    def hours(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def holidays(self) -> str | None: ...
    @property
    def closed(self) -> frozenset[date]: ...
    @property
    def special(self) -> tuple[tuple[date, str], ...]: ...


@lru_cache(maxsize=64)
def openings_in(calendar: OpenDays, *, first: int, last: int) -> Openings:
    """Openings that begin on local days of the years from first to last."""
    years = [_moments_in(calendar, year) for year in range(first, last + 1)]
    opens, closes = (np.concatenate(parts) for parts in zip(*years, strict=True))
    return merged(opens, closes)


@lru_cache(maxsize=1024)
def _moments_in(calendar: OpenDays, year: int) -> tuple[Moments, Moments]:
    """Opening and closing moments of the windows of one local year."""
    return moments_of(_windows_in(calendar, year), zone=zone_named(calendar.zone), year=year)


def _windows_in(calendar: OpenDays, year: int) -> Iterator[tuple[date, Windows]]:
    """Each local day of a year with its windows."""
    week, special = parse_week(calendar.hours), dict(calendar.special)
    holidays = holidays_in(calendar.holidays, year=year) if calendar.holidays else frozenset()
    day = date(year, 1, 1)
    while day.year == year:
        if day in special:
            yield day, parse_windows(special[day])
        elif day not in holidays and day not in calendar.closed:
            yield day, week[day.weekday()]
        day += timedelta(days=1)


@lru_cache(maxsize=64)
def open_days_in(calendar: OpenDays, *, first: int, last: int) -> Moments:
    """How many days of the years from first to last are open before each, and at the end: one more entry."""
    begin = date(first, 1, 1)
    days = np.zeros((date(last + 1, 1, 1) - begin).days, dtype=np.int64)
    for year in range(first, last + 1):
        for day, windows in _windows_in(calendar, year):
            days[(day - begin).days] = bool(windows)
    return np.concatenate([[0], np.cumsum(days)])


def zone_named(name: str) -> ZoneInfo:
    """The IANA time zone of a name."""
    try:
        return ZoneInfo(name)
    # A name that is a folder or a path fails as a file would.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadOption(
            f"There is no time zone '{name}'.", hint="Give an IANA name such as Europe/Prague."
        ) from None


@lru_cache(maxsize=1024)
def holidays_in(code: str, *, year: int) -> frozenset[date]:
    """Public holidays of a country, such as "CZ", or a part of it, such as "DE-BY", in one year."""
    # Importing the library takes half a second, which only calendars with holidays should cost.
    from holidays import country_holidays

    match = _COUNTRY.fullmatch(code)
    try:
        country = country_holidays(match[1].upper() if match else "")
    except NotImplementedError:
        raise BadOption(
            f"No holidays are known for the country '{code}'.",
            hint="Give its ISO 3166 code, such as CZ, or DE-BY for a part of it.",
        ) from None
    part = match[2] if match else None
    parts = [*country.subdivisions, *country.subdivisions_aliases]
    if part is not None and part not in parts:
        raise BadOption(
            f"No holidays are known for the part '{part}' of {country.country}.",
            hint=f"Use one of {', '.join(parts)}." if parts else f"Give {country.country} alone.",
        )
    found = country_holidays(country.country, subdiv=part, years=year, expand=False)
    return frozenset(found)
