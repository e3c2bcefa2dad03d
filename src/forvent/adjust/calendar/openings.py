"""When a business is open, as sorted arrays of moments on which working time is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.calendar.text import Windows
from forvent.errors import BadOption

#: Microseconds since 1970 UTC: whole, so that nothing is lost when working time is added and taken away.
Moments = NDArray[np.int64]

MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400
#: Clocks that are changed stay so for longer: since 1900 no zone had two changes within 95 hours.
BETWEEN_PROBES = 2 * DAY
#: Moments lie between these years, so that a window over night may reach out of them.
FIRST_YEAR, LAST_YEAR = 1899, 2200
EPOCH = datetime(1970, 1, 1)

_EARLIEST = (datetime(FIRST_YEAR + 1, 1, 1) - EPOCH).total_seconds()
_LATEST = (datetime(LAST_YEAR, 1, 1) - EPOCH).total_seconds()


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """Stretches of opening, sorted and with closed time between them.

    ``before`` is the working time of all earlier stretches. All in microseconds.
    """

    opens: Moments
    closes: Moments
    before: Moments

    @property
    def total(self) -> int:
        """Working time of all stretches."""
        return int(self.before[-1] + self.closes[-1] - self.opens[-1]) if self.opens.size else 0

    def worked(self, at: Moments) -> Moments:
        """Working time from before the first opening until each moment."""
        if not self.opens.size:
            return np.zeros_like(at)
        place = np.searchsorted(self.opens, at, side="right") - 1
        inside = np.minimum(at, self.closes[place]) - self.opens[place]
        return np.where(place < 0, 0, self.before[place] + inside)

    def reached(self, worked: int) -> int:
        """First moment by which so much has been worked; ``worked`` inside (0, total]."""
        place = int(np.searchsorted(self.before, worked, side="left")) - 1
        return int(self.opens[place]) + worked - int(self.before[place])

    def open_from(self, at: int) -> int | None:
        """The moment itself where it is open, else the next opening; None if there is none."""
        place = int(np.searchsorted(self.closes, at, side="right"))
        return max(at, int(self.opens[place])) if place < self.closes.size else None


def merged(opens: Moments, closes: Moments) -> Openings:
    """Openings of windows in any order; windows that touch or overlap become one stretch."""
    order = np.argsort(opens, kind="stable")
    opens, last = opens[order], np.maximum.accumulate(closes[order])
    new = np.ones(opens.size, dtype=np.bool_)
    new[1:] = opens[1:] > last[:-1]
    ends = np.ones(opens.size, dtype=np.bool_)
    ends[:-1] = new[1:]
    opens, closes = opens[new], last[ends]
    return Openings(opens=opens, closes=closes, before=np.cumsum(closes - opens) - (closes - opens))


def moments_of(days: Iterable[tuple[date, Windows]], *, zone: ZoneInfo, year: int) -> tuple[Moments, Moments]:
    """Opening and closing moments of the windows of the local days of a year.

    A window that the clocks skip altogether has no length and is left out.
    """
    walls = [
        (midnight + window.opens * 60, midnight + window.closes * 60)
        for day, windows in days
        for midnight in [(day - EPOCH.date()).days * DAY]
        for window in windows
    ]
    both = _first_reached(np.array(walls, dtype=np.int64).reshape(len(walls), 2), zone=zone, year=year)
    both = both[both[:, 0] < both[:, 1]] * SECOND
    return both[:, 0], both[:, 1]


def _first_reached(walls: Moments, *, zone: ZoneInfo, year: int) -> Moments:
    """Seconds since 1970 UTC when the clock on the wall first shows a time, or has skipped it.

    Of the stretches without a change of the clocks, it is the first by whose end the latest time
    shown is later than the one looked for.
    """
    begins, offsets = _changes_of_clocks(zone, year)
    latest_shown = np.maximum.accumulate(begins[1:] + offsets[:-1])
    place = np.searchsorted(latest_shown, walls, side="right")
    reached: Moments = np.maximum(begins[place], walls - offsets[place])
    return reached


@lru_cache(maxsize=1024)
def _changes_of_clocks(zone: ZoneInfo, year: int) -> tuple[Moments, Moments]:
    """Moments from which the local clock is ahead of UTC by how much, in seconds, around a year."""
    first = int((datetime(year, 1, 1) - EPOCH).total_seconds()) - 4 * DAY
    changes = [(first, _ahead(zone, first))]
    for probe in range(first, first + 374 * DAY, BETWEEN_PROBES):
        if _ahead(zone, probe) != changes[-1][1]:
            before, after = probe - BETWEEN_PROBES, probe
            while after - before > 1:
                middle = (before + after) // 2
                same = _ahead(zone, middle) == changes[-1][1]
                before, after = (middle, after) if same else (before, middle)
            changes.append((after, _ahead(zone, after)))
    table = np.array(changes, dtype=np.int64)
    return table[:, 0], table[:, 1]


def _ahead(zone: ZoneInfo, moment: int) -> int:
    """Seconds by which the local clock is ahead of UTC."""
    local = (EPOCH + timedelta(seconds=moment)).replace(tzinfo=UTC).astimezone(zone)
    return (local.utcoffset() or timedelta(0)) // timedelta(seconds=1)


def to_moment(at: datetime) -> int:
    """Microseconds since 1970 UTC of a naive datetime."""
    if at.tzinfo is not None:
        raise BadOption(
            f"The moment {at} has a time zone.", hint="Give it in UTC, without time zone: all moments are."
        )
    if not FIRST_YEAR < at.year < LAST_YEAR:
        raise _outside(f"The moment {at} is")
    return (at - EPOCH) // MICROSECOND


def to_datetime(moment: int) -> datetime:
    """Naive UTC datetime of microseconds since 1970 UTC."""
    return EPOCH + timedelta(microseconds=moment)


def year_of(seconds: float) -> int:
    """Year of seconds since 1970 UTC."""
    if not _EARLIEST <= seconds < _LATEST:
        raise _outside(f"A moment {seconds:.0f} seconds after 1970 is")
    return to_datetime(int(seconds) * SECOND).year


def _outside(what: str) -> BadOption:
    return BadOption(
        f"{what} outside the years {FIRST_YEAR + 1} to {LAST_YEAR - 1}.",
        hint="Correct the date, or leave it empty where it stands for 'never'.",
    )
