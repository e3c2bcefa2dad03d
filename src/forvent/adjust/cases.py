"""Episodes as the arrays that promises are computed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.adjust.lengths import DAY

Floats: TypeAlias = NDArray[np.float64]
Picked: TypeAlias = NDArray[np.bool_] | NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Cases that were not cancelled, in the order of their start; arrays of shape (n,).

    ``start`` is in seconds since 1970 UTC, ``wait`` in seconds from start to delivery and
    NaN while open at ``as_of``. ``promised`` is the company's own promise in seconds from
    the start (whole calendar days where ``by_day``), NaN where there was none; ``kept`` is
    1, 0, or NaN where neither. ``groups`` holds the group values of each case by column.
    """

    start: Floats
    wait: Floats
    promised: Floats
    kept: Floats
    as_of: float
    by_day: bool
    groups: dict[str, NDArray[np.str_]]

    @property
    def n(self) -> int:
        """Number of cases."""
        return self.start.size

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
        )

    def lengths(self) -> Floats:
        """Wait as a promise measures it: seconds elapsed, or whole calendar days in seconds."""
        if not self.by_day:
            return self.wait
        lasted: Floats = np.floor((self.start + self.wait) / DAY) - np.floor(self.start / DAY)
        return lasted * DAY


def cases_from(
    rows: pa.Table, *, as_of: datetime, by_day: bool = False, groups: tuple[str, ...] = ()
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
    )
    there = np.array(rows["outcome"].to_pylist(), dtype=np.str_) != "cancelled"
    order = np.argsort(cases.start, kind="stable")
    return cases.where(order[there[order]])


def _times(moments: NDArray[np.datetime64]) -> Floats:
    return moments.astype("datetime64[us]").astype(np.int64) / 1_000_000
