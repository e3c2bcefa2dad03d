"""Share of cases kept, against the length of the promise."""

from __future__ import annotations

import math

import numpy as np

from forvent.adjust.cases import Cases, Floats
from forvent.adjust.lengths import WORKING, seconds_in, unit_to_say, working_to_say
from forvent.adjust.promise.from_record import seasoned
from forvent.errors import BadOption
from forvent.records import FrontierPoint, NotEnough
from forvent.stats import wilson

LEAST_CASES = 5
FARTHEST = 0.995


def frontier(cases: Cases, *, points: int = 60, level: float = 0.95) -> tuple[FrontierPoint, ...]:
    """Share of cases that a promise of each length would have kept, from 0 to the 99.5 % quantile.

    Over closed and open cases alike: an open case is longer than any closed one. Cases too
    young to show the 99.5 % quantile are left out, as in ``promise_from_record``; where all
    are too young, all are used and the lengths end at the longest closed one. Describes the
    record, all of it; what a promise is worth tomorrow is checked by ``promise_from_record``.

    Parameters
    ----------
    cases
        The cases.
    points
        Most lengths, at least 2; by-day promises have whole days.
    level
        Confidence level of Wilson's intervals, each for itself.

    Returns
    -------
    tuple of FrontierPoint
        By increasing length; empty under five cases or where none is closed.

    Raises
    ------
    BadOption
        If fewer than 2 points are asked for.

    Source
    ------
    Our own definition, docs/formulas/adjust.md#frontier.

    Examples
    --------
    >>> waits = 60.0 * np.arange(1, 11)
    >>> none = np.full(10, np.nan)
    >>> ten = Cases(np.arange(10.0), waits, none, none, as_of=1e6, by_day=False, groups={})
    >>> [(point.length, point.kept.value) for point in frontier(ten, points=3)]
    [(0.0, 0.0), (5.0, 0.5), (10.0, 1.0)]
    """
    if points < 2:
        raise BadOption(f"{points} points draw no line.", hint="Ask for 2 or more; 60 is usual.")
    lengths, farthest = _lengths(cases)
    if lengths.size < LEAST_CASES or not math.isfinite(farthest):
        return ()
    unit = _unit(cases, farthest)
    marks = marks_to(farthest / seconds_in(unit), points=points, whole=cases.by_day)
    ordered = np.sort(lengths)
    # A hair longer, so that a mark computed from a length does not fall short of it.
    kept = np.searchsorted(ordered, marks * seconds_in(unit) + 1e-6, side="right")
    return tuple(
        FrontierPoint(length=float(mark), unit=unit, kept=wilson(int(k), ordered.size, level=level))
        for mark, k in zip(marks, kept, strict=True)
    )


def _unit(cases: Cases, farthest: float) -> str:
    if cases.working is None:
        return "day" if cases.by_day else unit_to_say(farthest)
    return f"{WORKING}day" if cases.by_day else working_to_say(farthest)[1]


def _lengths(cases: Cases) -> tuple[Floats, float]:
    old = seasoned(cases, moment=cases.as_of, rank=_rank)
    if not isinstance(old, NotEnough):
        return old.lengths, old.upper
    lengths = np.where(np.isnan(cases.wait), np.inf, cases.lengths())
    return lengths, float(lengths[np.isfinite(lengths)].max(initial=-math.inf))


def _rank(n: int) -> int | NotEnough:
    if n < LEAST_CASES:
        return NotEnough(n=n, needed=LEAST_CASES, why="too few cases")
    return math.ceil(round(n * FARTHEST, 9))


def marks_to(farthest: float, *, points: int, whole: bool) -> Floats:
    """Lengths from 0 to the farthest at which a frontier is drawn; whole days where promises name a day."""
    if not whole:
        return np.linspace(0.0, farthest, points)
    days = max(1, round(farthest))
    step = math.ceil(days / (points - 1))
    return np.arange(0, days + step, step, dtype=np.float64)
