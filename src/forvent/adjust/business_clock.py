"""Cases that run on the business clock, each on a calendar of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.lengths import SECONDS

if TYPE_CHECKING:
    from forvent.adjust.calendar.calendar import Calendar

Floats: TypeAlias = NDArray[np.float64]
Picked: TypeAlias = NDArray[np.bool_] | NDArray[np.int64]
#: Of cases that run on no calendar.
WALL = -1
#: Column of a table of episodes that names the calendar on which the promise of each counts.
CLOCK = "promise_clock"


@dataclass(frozen=True, slots=True, eq=False)
class BusinessClock:
    """On which calendar each case runs: places in ``calendars``, or ``WALL``; shape (n,)."""

    of: NDArray[np.int64]
    calendars: tuple[Calendar, ...]

    @property
    def has_all(self) -> bool:
        """Whether there are cases and all of them run on a calendar."""
        return bool(self.of.size and (self.of != WALL).all())

    def where(self, picked: Picked) -> BusinessClock:
        """The clock of the cases that are picked, by mask or by position."""
        return BusinessClock(self.of[picked], self.calendars)

    def time(self, start: Floats, moment: Floats) -> Floats:
        """Working seconds from each start to each moment; NaN where one of the two is."""
        return self._each(
            start, moment, lambda calendar, a, b: calendar.clock("hour")(a, b) * SECONDS["hour"]
        )

    def days(self, start: Floats, moment: Floats) -> Floats:
        """Days with an opening after the day of each start, up to the day of each moment."""
        return self._each(start, moment, lambda calendar, a, b: calendar.working_days(a, b))

    def _each(
        self, start: Floats, moment: Floats, count: Callable[[Calendar, Floats, Floats], Floats]
    ) -> Floats:
        counted = np.full(self.of.size, np.nan)
        for place, calendar in enumerate(self.calendars):
            mine = self.of == place
            if mine.any():
                counted[mine] = count(calendar, start[mine], moment[mine])
        return counted


def business_clock(names: Sequence[str | None], *, calendars: Mapping[str, Calendar]) -> BusinessClock | None:
    """The calendar of each case by its name; None where all run on the clock on the wall.

    Parameters
    ----------
    names
        The name of each case's calendar; null, or no name of a calendar, is the clock on the wall.
    calendars
        The calendars by name.

    Returns
    -------
    BusinessClock or None
        In the order of the names.

    Source
    ------
    Our own definition, docs/formulas/adjust-calendar.md#which-clock.

    Examples
    --------
    >>> from forvent.adjust.calendar.calendar import calendar_from
    >>> clock = business_clock(["desk", None], calendars={"desk": calendar_from("mon-fri 09:00-17:00")})
    >>> clock.of.tolist(), clock.has_all
    ([0, -1], False)
    """
    places = {name: place for place, name in enumerate(calendars)}
    of = np.array([places.get(name, WALL) if name else WALL for name in names], dtype=np.int64)
    return BusinessClock(of, tuple(calendars.values())) if (of != WALL).any() else None
