"""The record of a waiting line, and the line as it stood at any moment of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.adjust.history import Column, Floats
from forvent.errors import BadOption, NothingUsable

#: Arrivals and service starts from which the recent rates are taken.
RECENT = 40
#: Last waits that are averaged as part of the state.
LAST_WAITS = 5

ARRIVES, ENDS = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class WaitingLine:
    """Record of a line, arrays of shape (n,) in the order of arrival.

    ``arrival`` and ``left`` (the end of waiting either way, NaN while still in line) are seconds
    since 1970; ``served`` says whether the wait ended with service. ``columns`` holds what was
    known of each case when it arrived: numbers (NaN where missing) or text ("" where missing).
    """

    arrival: Floats
    left: Floats
    served: NDArray[np.bool_]
    columns: Mapping[str, Column]

    @property
    def n(self) -> int:
        """Number of cases."""
        return self.arrival.size

    def events(self) -> Iterator[tuple[float, int, int]]:
        """Time, kind (ARRIVES or ENDS) and case of every event, in order of time.

        At one and the same second arrivals come first: what happens within the second of an
        arrival was not known before it.
        """
        ended = np.flatnonzero(np.isfinite(self.left))
        times = np.concatenate((self.arrival, self.left[ended]))
        kinds = np.repeat((ARRIVES, ENDS), (self.n, ended.size))
        cases = np.concatenate((np.arange(self.n), ended))
        order = np.lexsort((cases, kinds, times))
        yield from zip(times[order].tolist(), kinds[order].tolist(), cases[order].tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class LineState:
    """What anybody could know of a line at one moment.

    ``waiting`` counts people in line, ``head_s`` is the wait so far of whoever waits longest (0 when
    nobody does), ``last_s`` the wait of the last to enter service and ``recent_s`` the mean of
    the last five such waits (both NaN before there was one). ``start_rate`` is the number of service
    starts a second of time in which somebody waited, ``arrival_rate`` that of arrivals a
    second; NaN when unknown.
    """

    waiting: int
    head_s: float
    last_s: float
    recent_s: float
    start_rate: float
    arrival_rate: float


def waiting_line(
    arrival: ArrayLike,
    *,
    service_start: ArrayLike,
    left: ArrayLike,
    columns: Mapping[str, ArrayLike] | None = None,
) -> WaitingLine:
    """Record of a line from its columns, put in the order of arrival.

    Parameters
    ----------
    arrival
        When each case joined the line, shape (n,), seconds since 1970, without NaN.
    service_start
        When it was served, shape (n,), seconds; NaN if it never was. Only whether it is there is
        used where ``left`` is known.
    left
        When its wait ended either way, shape (n,), seconds. NaN if unknown: then the start of
        service ends the wait, and without one the case is still in line.
    columns
        What was known of a case when it arrived, arrays of shape (n,): numbers (NaN where
        missing) or text ("" where missing).

    Returns
    -------
    WaitingLine
        The same cases in the order of arrival.

    Raises
    ------
    NothingUsable
        If there is no case.
    BadOption
        If lengths differ, an arrival is missing, or a wait ends before it began.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#line.

    Examples
    --------
    The second hangs up after 30 seconds:

    >>> import numpy as np
    >>> line = waiting_line([0, 10], service_start=[60, np.nan], left=[60, 40])
    >>> line.served.tolist()
    [True, False]
    """
    arrived = _times("arrival", arrival, n=None)
    started = _times("service_start", service_start, n=arrived.size)
    ended = _times("left", left, n=arrived.size)
    ended = np.where(np.isnan(ended), started, ended)
    _check_order(arrived, ended)
    order = np.argsort(arrived, kind="stable")
    kept = {name: _column(name, values, n=arrived.size)[order] for name, values in (columns or {}).items()}
    return WaitingLine(arrived[order], ended[order], np.isfinite(started[order]), kept)


def _times(name: str, values: ArrayLike, *, n: int | None) -> Floats:
    """One column of times, checked for length and infinities."""
    times = np.asarray(values, dtype=np.float64).ravel()
    if n is not None and times.size != n:
        raise BadOption(
            f"The column {name} has {times.size} values, arrival has {n}.",
            hint="Give one value for each case.",
        )
    if np.isinf(times).any():
        raise BadOption(
            f"The column {name} holds an infinite time.", hint="Give NaN where a time is not known."
        )
    return times


def _column(name: str, values: ArrayLike, *, n: int) -> Column:
    """One further column as numbers or as text."""
    found = np.asarray(values)
    if found.size != n:
        raise BadOption(
            f"The column {name} has {found.size} values, arrival has {n}.",
            hint="Give one value for each case.",
        )
    return found.astype(np.float64) if found.dtype.kind in "biuf" else found.astype(np.str_)


def _check_order(arrived: Floats, ended: Floats) -> None:
    if not arrived.size:
        raise NothingUsable("The line has no case.", hint="Give at least one arrival.")
    if np.isnan(arrived).any():
        raise BadOption(
            f"{int(np.isnan(arrived).sum())} of {arrived.size} arrivals have no time.",
            hint="Leave out cases that never joined the line.",
        )
    back = np.flatnonzero(ended < arrived)
    if back.size:
        raise BadOption(
            f"{back.size} of {arrived.size} waits end before they begin, the first at position {back[0]}.",
            hint="Check the time zone, the date of waits over midnight and the order of the columns.",
        )


class Line:
    """A line as it stands; told of every event in the order of time."""

    def __init__(self) -> None:
        self.waiting: dict[Hashable, float] = {}
        self._now = -np.inf
        self._busy = 0.0
        self._starts: deque[float] = deque(maxlen=RECENT + 1)
        self._arrivals: deque[float] = deque(maxlen=RECENT + 1)
        self._waits: deque[float] = deque(maxlen=LAST_WAITS)

    def arrive(self, key: Hashable, *, at: float) -> None:
        """Somebody joins the line."""
        if key in self.waiting:
            raise BadOption(f"The case {key!r} is in line already.", hint="Give every case its own key.")
        self.pass_to(at)
        self.waiting[key] = at
        self._arrivals.append(at)

    def end(self, key: Hashable, *, at: float, served: bool) -> float:
        """Somebody leaves the line, into service or not; the wait in seconds."""
        if key not in self.waiting:
            raise BadOption(f"The case {key!r} is not in line.", hint="Tell of the arrival first.")
        self.pass_to(at)
        wait = at - self.waiting.pop(key)
        if served:
            self._waits.append(wait)
            # Who is served at once says that a place was free, not how fast the line moves.
            if wait > 0.0:
                self._starts.append(self._busy)
        return wait

    def pass_to(self, at: float) -> None:
        """Let time pass; the clock never goes back."""
        if not np.isfinite(at) or at < self._now:
            raise BadOption(
                f"The clock of the line went back from {self._now} to {at}.",
                hint="Tell of events in the order of time.",
            )
        if self.waiting:
            self._busy += at - self._now
        self._now = at

    def state(self, at: float) -> LineState:
        """The line at a moment, from earlier events alone."""
        self.pass_to(at)
        head = at - next(iter(self.waiting.values())) if self.waiting else 0.0
        return LineState(
            waiting=len(self.waiting),
            head_s=head,
            last_s=self._waits[-1] if self._waits else np.nan,
            recent_s=float(sum(self._waits) / len(self._waits)) if self._waits else np.nan,
            start_rate=_rate(self._starts, self._busy),
            arrival_rate=_rate(self._arrivals, at),
        )


def _rate(marks: deque[float], now: float) -> float:
    """Events a second since the oldest that is remembered; NaN before there are two."""
    if len(marks) < 2 or now <= marks[0]:
        return np.nan
    return (len(marks) - 1) / (now - marks[0])
