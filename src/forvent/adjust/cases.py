"""Episodes as the arrays that promises are computed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.adjust.business_clock import CLOCK, BusinessClock, business_clock
from forvent.adjust.lengths import DAY

if TYPE_CHECKING:
    from forvent.adjust.calendar.calendar import Calendar

Floats: TypeAlias = NDArray[np.float64]
Picked: TypeAlias = NDArray[np.bool_] | NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Cases that were not cancelled, in the order of their start; arrays of shape (n,).

    ``start`` is in seconds since 1970 UTC, ``wait`` in seconds from start to delivery and
    NaN while open at ``as_of``. ``promised`` is the company's own promise in seconds from
    the start (whole calendar days where ``by_day``), NaN where there was none; ``kept`` is
    1, 0, or NaN where neither. ``groups`` holds the group values of each case by column.
    ``business`` is the clock of cases whose promises count working time; None where none do.
    """

    start: Floats
    wait: Floats
    promised: Floats
    kept: Floats
    as_of: float
    by_day: bool
    groups: dict[str, NDArray[np.str_]]
    business: BusinessClock | None = None

    @property
    def n(self) -> int:
        """Number of cases."""
        return self.start.size

    @property
    def working(self) -> BusinessClock | None:
        """The business clock where all of these cases run on it; else the clock on the wall counts."""
        return self.business if self.business is not None and self.business.has_all else None

    def where(self, picked: Picked) -> Cases:
        """The cases that are picked, by mask or by position."""
        return Cases(
            start=self.start[picked],
            wait=self.wait[picked],
            promised=self.promised[picked],
            kept=self.kept[picked],
            as_of=self.as_of,
            by_day=self.by_day,
            groups={name: values[picked] for name, values in self.groups.items()},
            business=self.business.where(picked) if self.business is not None else None,
        )

    def on_the_wall(self) -> Cases:
        """The same cases, all counted on the clock on the wall."""
        return replace(self, business=None)

    def lengths(self) -> Floats:
        """Wait as a promise measures it: seconds elapsed or worked, or whole days in seconds."""
        counted = self.by_day or self.working is not None
        return self._until(self.start + self.wait) if counted else self.wait

    def promised_lengths(self) -> Floats:
        """The company's own promise, measured as ``lengths`` are."""
        if self.working is None:
            return self.promised
        begun = np.floor(self.start / DAY) * DAY if self.by_day else self.start
        return self._until(begun + self.promised)

    def ages(self, moment: float) -> Floats:
        """Seconds of the clock of the promise from each start to a moment.

        Of promises that name a working day, a case is a day older than the working days that are over.
        """
        clock = self.working
        if clock is None:
            return moment - self.start
        now = np.full(self.n, moment)
        return DAY + DAY * clock.days(self.start, now - DAY) if self.by_day else clock.time(self.start, now)

    def over(self, lengths: Floats) -> NDArray[np.bool_]:
        """Cases for which so much has passed at ``as_of``; never where the length is NaN."""
        if self.working is not None:
            return np.asarray(self.ages(self.as_of) - DAY * self.by_day >= lengths)
        begun = np.floor(self.start / DAY) * DAY + DAY if self.by_day else self.start
        return np.asarray(begun + lengths <= self.as_of)

    def _until(self, moments: Floats) -> Floats:
        clock = self.working
        if clock is not None:
            return DAY * clock.days(self.start, moments) if self.by_day else clock.time(self.start, moments)
        if not self.by_day:
            return moments - self.start
        lasted: Floats = np.floor(moments / DAY) - np.floor(self.start / DAY)
        return lasted * DAY


def cases_from(
    rows: pa.Table,
    *,
    as_of: datetime,
    by_day: bool = False,
    groups: tuple[str, ...] = (),
    calendars: Mapping[str, Calendar] | None = None,
) -> Cases:
    """Collected outcomes as arrays, cancelled cases left out.

    Parameters
    ----------
    rows
        Collected ``outcomes``: start, wait_seconds, promised_seconds, kept, outcome and the
        columns of ``groups``, without null in those (``name_groups``).
    as_of
        The moment of knowledge given to ``outcomes``, UTC.
    by_day
        Whether promises to be made name a day instead of a length of time.
    groups
        Group columns to carry along.
    calendars
        The calendars that the column ``business_clock.CLOCK`` of the rows names, where it is there:
        promises of these cases count working time. A null there, or a name that is none of them, is the
        clock on the wall.

    Returns
    -------
    Cases
        Sorted by start; of equal starts the row that came first.

    Source
    ------
    Our own definition, docs/formulas/adjust.md#outcome.

    Examples
    --------
    >>> rows = pa.table(
    ...     {
    ...         "start": [datetime(2024, 5, 2), datetime(2024, 5, 1)],
    ...         "wait_seconds": [None, 60.0],
    ...         "promised_seconds": [None, 90.0],
    ...         "kept": [None, True],
    ...         "outcome": ["unpromised", "kept"],
    ...     }
    ... )
    >>> cases_from(rows, as_of=datetime(2024, 6, 1)).wait
    array([60., nan])
    """
    kept = np.array([np.nan if value is None else float(value) for value in rows["kept"].to_pylist()])
    cases = Cases(
        start=_times(rows["start"].to_numpy()),
        wait=rows["wait_seconds"].to_numpy().astype(np.float64),
        promised=rows["promised_seconds"].to_numpy().astype(np.float64),
        kept=kept,
        as_of=float(_times(np.array([np.datetime64(as_of, "us")]))[0]),
        by_day=by_day,
        groups={name: np.array(rows[name].to_pylist(), dtype=np.str_) for name in groups},
        business=business_clock(rows[CLOCK].to_pylist(), calendars=calendars)
        if calendars and CLOCK in rows.column_names
        else None,
    )
    there = np.array(rows["outcome"].to_pylist(), dtype=np.str_) != "cancelled"
    order = np.argsort(cases.start, kind="stable")
    return cases.where(order[there[order]])


def _times(moments: NDArray[np.datetime64]) -> Floats:
    return moments.astype("datetime64[us]").astype(np.int64) / 1_000_000
