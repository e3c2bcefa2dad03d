"""The business clock: opening hours, holidays, time zones and daylight saving."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from forvent.adjust.calendar.open_days import holidays_in, open_days_in, openings_in, zone_named
from forvent.adjust.calendar.openings import (
    DAY,
    EPOCH,
    LAST_YEAR,
    MICROSECOND,
    SECOND,
    Openings,
    to_datetime,
    to_moment,
    year_of,
)
from forvent.adjust.calendar.text import parse_week, parse_windows
from forvent.adjust.history import Clock, Floats
from forvent.adjust.lengths import SECONDS
from forvent.errors import BadOption

#: So many years without an opening mean that there will be none.
SEARCHED_YEARS = 10
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a business is open; made by ``calendar_from``, of plain values that can be stored.

    All moments are naive UTC datetimes; ``closed`` and ``special`` name days of the local
    calendar in ``zone``. A day that is closed has no opening; a special day has its own
    windows instead of those of its weekday, also on a holiday. A window over night belongs to
    the day it begins. An opening includes its first moment and not its last.

    Working time is elapsed time while open: a window over the change to summer time is an
    hour shorter than the clock on the wall says. An opening or closing that the clocks skip
    takes place when they go forward, one that they show twice at the first time.
    """

    hours: str
    zone: str = "UTC"
    holidays: str | None = None
    closed: frozenset[date] = frozenset()
    special: tuple[tuple[date, str], ...] = ()

    def __post_init__(self) -> None:
        week = parse_week(self.hours)
        zone_named(self.zone)
        if self.holidays is not None:
            holidays_in(self.holidays, year=2000)
        for day in [*self.closed, *(day for day, _ in self.special)]:
            _check_day(day)
        windows = [parse_windows(text) for _, text in self.special]
        if not any(week) and not windows:
            raise BadOption(
                "The calendar has no opening at all.",
                hint="Give opening hours, such as mon-fri 09:00-17:00, or special days.",
            )
        both = sorted(self.closed.intersection(day for day, _ in self.special))
        if both:
            raise BadOption(
                f"{both[0]} is both closed and special.", hint="Take the day out of one of the two."
            )

    def add(self, start: datetime, working: timedelta) -> datetime:
        """First moment by which so much working time has passed since the start.

        It is open, or the end of an opening: eight hours from nine on are due when the day ends
        at five, not when the next begins. No working time at all is due at the start where that
        is open, else at the next opening.

        Parameters
        ----------
        start
            Naive UTC datetime, open or closed.
        working
            Working time, 0 or more.

        Returns
        -------
        datetime
            Naive UTC datetime; later starts and more working time never make it earlier.

        Raises
        ------
        BadOption
            If the start is not naive or outside the years 1900 to 2199, the working time is
            negative, or no opening follows within ten years before it is reached.

        Source
        ------
        Our own definition, docs/formulas/adjust-calendar.md#business-clock.

        Examples
        --------
        Friday 16:30 and one working hour is Monday 09:30.

        >>> weekdays = calendar_from("mon-fri 09:00-17:00")
        >>> weekdays.add(datetime(2026, 11, 20, 16, 30), timedelta(hours=1))
        datetime.datetime(2026, 11, 23, 9, 30)
        """
        if working < NOTHING:
            raise BadOption(f"The working time {working} is negative.", hint="Give 0 or more.")
        at, needed = to_moment(start), working // MICROSECOND
        first, last, before = start.year - 1, start.year + 1, -1
        while True:
            openings = openings_in(self, first=first, last=last)
            due = _due(openings, at, needed)
            if due is not None:
                return to_datetime(due)
            if openings.total == before or last == LAST_YEAR:
                left = timedelta(microseconds=openings.total - int(openings.worked(np.array(at))))
                raise _never(start, working=working, left=left, searched=last)
            last, before = min(last + SEARCHED_YEARS, LAST_YEAR), openings.total

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from start to end.

        Parameters
        ----------
        start, end
            Naive UTC datetimes, open or closed; the end is not before the start.

        Returns
        -------
        timedelta
            0 or more, never more than the time between the two.

        Raises
        ------
        BadOption
            If the end is before the start, or one of them is not naive or outside the years 1900 to 2199.

        Source
        ------
        Our own definition, docs/formulas/adjust-calendar.md#business-clock.

        Examples
        --------
        >>> weekdays = calendar_from("mon-fri 09:00-17:00")
        >>> weekdays.between(datetime(2026, 11, 20, 16, 30), datetime(2026, 11, 23, 9, 30))
        datetime.timedelta(seconds=3600)
        """
        both = np.array([to_moment(start), to_moment(end)], dtype=np.int64)
        if end < start:
            raise BadOption(f"The end {end} is before the start {start}.", hint="Exchange the two.")
        worked = openings_in(self, first=start.year - 1, last=end.year + 1).worked(both)
        return timedelta(microseconds=int(worked[1] - worked[0]))

    def next_opening(self, at: datetime) -> datetime:
        """The moment itself where it is open, else the next moment that is.

        Parameters
        ----------
        at
            Naive UTC datetime.

        Returns
        -------
        datetime
            Naive UTC datetime.

        Raises
        ------
        BadOption
            If the moment is not naive or outside the years 1900 to 2199, or no opening follows
            within ten years.

        Source
        ------
        Our own definition, docs/formulas/adjust-calendar.md#business-clock.

        Examples
        --------
        >>> calendar_from("mon-fri 09:00-17:00").next_opening(datetime(2026, 11, 20, 17, 0))
        datetime.datetime(2026, 11, 23, 9, 0)
        """
        return self.add(at, NOTHING)

    def is_open(self, at: datetime) -> bool:
        """Whether a moment (naive UTC) lies in an opening: at the moment it opens yes, when it closes no.

        Raises
        ------
        BadOption
            If the moment is not naive or outside the years 1900 to 2199.

        Source
        ------
        Our own definition, docs/formulas/adjust-calendar.md#business-clock.

        Examples
        --------
        >>> weekdays = calendar_from("mon-fri 09:00-17:00")
        >>> [weekdays.is_open(datetime(2026, 11, 20, hour)) for hour in (8, 9, 16, 17)]
        [False, True, True, False]
        """
        moment = to_moment(at)
        openings = openings_in(self, first=at.year - 1, last=at.year + 1)
        return openings.open_from(moment) == moment

    def clock(self, unit: str) -> Clock:
        """Clock for arrays: the working time from each start to each moment.

        Parameters
        ----------
        unit
            "minute", "hour" or "day"; a day is 24 hours of working time, not a day of opening.

        Returns
        -------
        Clock
            Function of two arrays of seconds since 1970 UTC, which may be broadcast. It answers with the
            working time in ``unit``, exact to a microsecond: 0 where the moment is before the start, NaN
            where one of them is NaN, and infinite where the moment is. It raises BadOption for a finite
            moment outside the years 1900 to 2199.

        Raises
        ------
        BadOption
            If the unit is no unit of time.

        Source
        ------
        Our own definition, docs/formulas/adjust-calendar.md#business-clock.

        Examples
        --------
        >>> hours = calendar_from("mon-fri 09:00-17:00").clock("hour")
        >>> start = np.array([np.datetime64("2026-11-20T16:30"), np.datetime64("2026-11-20T18:00")])
        >>> end = np.array([np.datetime64("2026-11-23T09:30"), np.datetime64("2026-11-24T17:00")])
        >>> hours(start.astype("datetime64[s]").astype(float), end.astype("datetime64[s]").astype(float))
        array([ 1., 16.])
        """
        if unit not in SECONDS:
            raise BadOption(f"A clock does not count in '{unit}'.", hint=f"Use {', '.join(SECONDS)}.")
        return lambda start, moment: _passed(self, start, moment=moment) / SECONDS[unit]

    def working_days(self, start: Floats, moment: Floats) -> Floats:
        """Days with an opening after the day of each start, up to the day of each moment.

        Days are those of the dates as they stand in UTC, as where a promise names a day.

        Parameters
        ----------
        start, moment
            Arrays of seconds since 1970 UTC, which may be broadcast.

        Returns
        -------
        array of float
            Whole days: 0 where the moment is before the day after the start, NaN where one of the two is NaN,
            and infinite where the moment is.

        Raises
        ------
        BadOption
            If a finite moment is outside the years 1900 to 2199.

        Source
        ------
        Our own definition, docs/formulas/adjust-calendar.md#working-days.

        Examples
        --------
        From Friday to Tuesday: Monday and Tuesday.

        >>> weekdays = calendar_from("mon-fri 09:00-17:00")
        >>> days = np.array([np.datetime64("2026-11-20T16:30"), np.datetime64("2026-11-24T08:00")])
        >>> float(weekdays.working_days(*days.astype("datetime64[s]").astype(float)))
        2.0
        """
        start, moment = np.broadcast_arrays(np.asarray(start, np.float64), np.asarray(moment, np.float64))
        known = np.isfinite(start) & np.isfinite(moment)
        with np.errstate(invalid="ignore"):
            counted = np.where(moment - start == math.inf, math.inf, np.nan)
        if known.any():
            both = np.floor(np.stack([start[known], moment[known]]) / DAY).astype(np.int64)
            first, last = year_of(float(both.min()) * DAY), year_of(float(both.max()) * DAY)
            before = open_days_in(self, first=first, last=last)
            day = both - (datetime(first, 1, 1) - EPOCH).days + 1
            counted[known] = np.maximum(0, before[day[1]] - before[day[0]])
        return counted


def calendar_from(
    hours: str,
    *,
    zone: str = "UTC",
    holidays: str | None = None,
    closed: Sequence[date] = (),
    special: Mapping[date, str] | None = None,
) -> Calendar:
    """Calendar of a business: its opening hours, holidays and days of its own.

    Parameters
    ----------
    hours
        Days and windows on the local clock, such as "mon-fri 09:00-12:30,13:00-17:00; sat 10:00-14:00",
        "mon-sun 22:00-06:00" (each belongs to the day it begins) or "always". Days that are not named
        are closed.
    zone
        IANA time zone of the opening hours, such as "Europe/Prague".
    holidays
        ISO 3166 code of the country whose public holidays are closed, with a subdivision where one
        matters: "CZ", "DE-BY". None: holidays are days like others. Where the library of holidays ends
        (for most countries in 2100) there are none.
    closed
        Local days that are closed, besides the holidays.
    special
        Windows of local days that are open otherwise than their weekday, also on a holiday, such as
        ``{date(2026, 12, 24): "09:00-12:00"}``.

    Returns
    -------
    Calendar
        Frozen and hashable; equal calendars share what was computed.

    Raises
    ------
    BadOption
        If the hours cannot be read or overlap, nothing is ever open, the time zone, country or
        subdivision is unknown, or a day is both closed and special.

    Source
    ------
    Our own definition, docs/formulas/adjust-calendar.md#opening-hours.

    Examples
    --------
    The last hour of Wednesday, 23 December: the 24th to the 27th are holidays and a weekend.

    >>> shop = calendar_from("mon-fri 09:00-17:00", zone="Europe/Prague", holidays="CZ")
    >>> shop.add(datetime(2026, 12, 23, 15, 0), timedelta(hours=2))
    datetime.datetime(2026, 12, 28, 9, 0)
    """
    days = tuple(sorted((special or {}).items()))
    return Calendar(hours=hours, zone=zone, holidays=holidays, closed=frozenset(closed), special=days)


def _passed(calendar: Calendar, start: Floats, *, moment: Floats) -> Floats:
    """Working seconds from each start to each moment."""
    start, moment = np.broadcast_arrays(np.asarray(start, np.float64), np.asarray(moment, np.float64))
    known = np.isfinite(start) & np.isfinite(moment)
    # What is NaN or endless stays so, as on a clock that never stops.
    with np.errstate(invalid="ignore"):
        passed = np.maximum(0.0, moment - start)
    if known.any():
        both = np.stack([start[known], moment[known]])
        years = year_of(float(both.min())), year_of(float(both.max()))
        openings = openings_in(calendar, first=years[0] - 1, last=years[1] + 1)
        worked = openings.worked(np.rint(both * SECOND).astype(np.int64))
        passed[known] = np.maximum(0, worked[1] - worked[0]) / SECOND
    return passed


def _check_day(day: date) -> None:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise BadOption(f"'{day}' is no day.", hint="Give closed and special days as dates, without time.")


def _due(openings: Openings, at: int, needed: int) -> int | None:
    """When so much has been worked; None where that lies behind the last of the openings."""
    if needed == 0:
        return openings.open_from(at)
    worked = int(openings.worked(np.array(at))) + needed
    return openings.reached(worked) if worked <= openings.total else None


def _never(start: datetime, *, working: timedelta, left: timedelta, searched: int) -> BadOption:
    hint = "Check the opening hours, closed days and special days of the calendar."
    if working == NOTHING:
        return BadOption(f"The calendar does not open after {start}, until {searched} at least.", hint=hint)
    return BadOption(
        f"The calendar has {left} of working time after {start}, until {searched} at least, not {working}.",
        hint=hint,
    )
