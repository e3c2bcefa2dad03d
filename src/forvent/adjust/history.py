"""Past cases as the promise engine reads them: when each began, and what was known of it when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.lengths import DAY, SECONDS

if TYPE_CHECKING:
    from forvent.adjust.calendar.calendar import Calendar

Floats: TypeAlias = NDArray[np.float64]
Column: TypeAlias = Floats | NDArray[np.str_]
Picked: TypeAlias = NDArray[np.bool_] | NDArray[np.int64]

#: Amount that has passed from each start to each moment (arrays of seconds since 1970 UTC), on some clock.
Clock: TypeAlias = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Cases in the order of their start; arrays of shape (n,).

    ``start`` and ``known`` are seconds since 1970 UTC; ``known`` is when the amount came to be
    known (for a wait: the end), NaN while open at ``as_of``. ``amount`` and ``promised`` (the
    company's own promise, NaN where there was none) are in ``unit``: "minute", "hour", "day"
    or, for another quantity, its name. ``columns`` holds what was known at the start: numbers
    (NaN where missing) or text ("" where missing).

    ``clock`` says how much of the amount has passed by itself at a moment: for a wait the time
    since the start, so that an open case is known to be longer. None for a quantity such as a
    cost, of which an open case tells nothing. ``by_day``: whole calendar days from the day of
    the start; then amounts and promises are whole numbers. ``calendar`` is the one whose working time
    the clock counts, None where it never stops.
    """

    start: Floats
    known: Floats
    amount: Floats
    promised: Floats
    columns: Mapping[str, Column]
    unit: str
    as_of: float
    by_day: bool = False
    clock: Clock | None = None
    calendar: Calendar | None = None

    @property
    def n(self) -> int:
        """Number of cases."""
        return self.start.size

    @property
    def has_promise(self) -> bool:
        """Whether the company made any promise of its own."""
        return bool(np.isfinite(self.promised).any())

    def where(self, picked: Picked) -> History:
        """The cases that are picked, by mask or by position."""
        return replace(
            self,
            start=self.start[picked],
            known=self.known[picked],
            amount=self.amount[picked],
            promised=self.promised[picked],
            columns={name: values[picked] for name, values in self.columns.items()},
        )

    def passed(self, moment: float) -> Floats:
        """Amount that every case is known to have at least, at a moment; -inf where that tells nothing."""
        if self.clock is None:
            return np.full(self.n, -np.inf)
        return self.clock(self.start, np.full(self.n, moment))


def elapsed(unit: str) -> Clock:
    """Clock that never stops: the time from start to moment in a unit."""
    per = SECONDS[unit]
    return lambda start, moment: np.maximum(0.0, (moment - start) / per)


def whole_days(start: Floats, moment: Floats) -> Floats:
    """Clock of promises that name a day: calendar days that are over, counted from the day of the start."""
    days: Floats = np.maximum(0.0, np.floor(moment / DAY) - np.floor(start / DAY))
    return days
