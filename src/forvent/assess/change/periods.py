"""Weeks, months or quarters: the shortest that hold enough voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forvent.errors import BadOption
from forvent.records import NotEnough
from forvent.records.change import Period

UNITS = ("week", "month", "quarter")
#: Periods that a change can be found in, and the most that are looked at.
LEAST_PERIODS, MOST_PERIODS = 8, 105
#: Voices that half of the periods hold at least.
LEAST_VOICES = 40
#: A month or quarter at the edge of the record counts from so many days on; a week must be whole.
EDGE_DAYS = 14
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of a record, one after the other."""

    unit: str
    periods: tuple[Period, ...]

    def days(self) -> list[tuple[datetime, int]]:
        """Every day of every period with the number of its period."""
        return [
            (period.start + timedelta(days=day), number)
            for number, period in enumerate(self.periods)
            for day in range((period.end - period.start).days)
        ]


def choose_periods(
    days: Sequence[datetime], counts: Sequence[int], *, unit: str | None = None
) -> Calendar | NotEnough:
    """Weeks where half of them hold forty voices or more, else months, else quarters; 8 to 105 of them.

    Where there are too few months, weeks are taken however little they hold. Weeks begin on Monday; one
    at either end that the record does not fill is left out, so that no weekday counts more there than
    elsewhere; a month or quarter that it fills for fewer than 14 days too. Of more than 105 quarters the
    latest are taken.

    Parameters
    ----------
    days
        Midnights of the days on which somebody spoke, in order.
    counts
        Voices on each of these days.
    unit
        week, month or quarter; chosen by the counts if not given.

    Returns
    -------
    Calendar or NotEnough
        At least eight periods without a gap; NotEnough where the record is too short.

    Raises
    ------
    BadOption
        If ``unit`` is none of the three.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#periods.

    Examples
    --------
    Ten voices a day for ninety days from a Thursday on:

    >>> days = [datetime(2026, 1, 1) + timedelta(days=day) for day in range(90)]
    >>> found = choose_periods(days, [10] * 90)
    >>> found.unit, len(found.periods), found.periods[0].start
    ('week', 12, datetime.datetime(2026, 1, 5, 0, 0))
    """
    if unit is not None and unit not in UNITS:
        raise BadOption(f"'{unit}' is no length of periods.", hint="Give week, month or quarter.")
    voices = sum(counts)
    if not voices:
        return NotEnough(0, LEAST_VOICES, "no voice has a time")
    last: Calendar | None = None
    for one in (unit,) if unit else UNITS:
        periods = _whole(one, first=days[0], last=days[-1])
        if len(periods) < LEAST_PERIODS:
            break
        last = Calendar(one, tuple(periods[-MOST_PERIODS:]))
        if unit or (len(periods) <= MOST_PERIODS and (one != "week" or _holds(last, days, counts))):
            return last
    if last is None:
        weeks = len(_whole(unit or "week", first=days[0], last=days[-1]))
        return NotEnough(weeks, LEAST_PERIODS, f"the voices reach over too few {unit or 'week'}s")
    return last


def _holds(calendar: Calendar, days: Sequence[datetime], counts: Sequence[int]) -> bool:
    """Whether half of the periods hold enough voices."""
    number = dict(calendar.days())
    held = [0] * len(calendar.periods)
    for day, count in zip(days, counts, strict=True):
        if day in number:
            held[number[day]] += count
    return sorted(held)[(len(held) - 1) // 2] >= LEAST_VOICES


def _whole(unit: str, *, first: datetime, last: datetime) -> list[Period]:
    """Periods between two days, less those at the ends that the record does not fill."""
    periods, start, ended = [], _start(unit, first), last + timedelta(days=1)
    while start <= last:
        end = _next(unit, start)
        periods.append(Period(start, end))
        start = end
    least = WEEK if unit == "week" else timedelta(days=EDGE_DAYS)
    if periods and periods[-1].end > ended and ended - periods[-1].start < least:
        periods.pop()
    if periods and periods[0].start < first and periods[0].end - first < least:
        periods.pop(0)
    return periods


def _start(unit: str, day: datetime) -> datetime:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=day.month if unit == "month" else (day.month - 1) // 3 * 3 + 1)


def _next(unit: str, start: datetime) -> datetime:
    if unit == "week":
        return start + WEEK
    month = start.month - 1 + (1 if unit == "month" else 3)
    return start.replace(year=start.year + month // 12, month=month % 12 + 1)
