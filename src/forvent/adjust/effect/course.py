"""The weeks before and after an action, put together into periods that hold enough judgements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.effect.tallies import week_of
from forvent.records import Estimate, NotEnough
from forvent.records.effect import Tally
from forvent.stats.intervals import score_limits

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Weeks that are put together into one period; the shortest whose middle one holds enough.
WIDTHS = (1, 2, 4, 8)
LEAST_A_PERIOD = 5.0
LEAST_PERIODS_BEFORE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Weeks that ended before anything was done, and weeks that began after it was done."""

    before: tuple[Tally, ...]
    after: tuple[Tally, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """Periods counted from the action: negative before it, 0 and above after it; arrays of shape (t,).

    ``worth`` is how many customers of one judgement each the period is worth.
    """

    at: Codes
    share: Floats
    worth: Floats


def effective(n: float, squared: float) -> float:
    """How many judgements of different customers these are worth, if one customer always says the same."""
    return n * n / squared if squared > 0.0 else 0.0


def pooled(weeks: Sequence[Tally], *, level: float = 0.95, dispersion: float = 1.0) -> Estimate | NotEnough:
    """The measure over all weeks, with Wilson's interval on the number of customers it is worth.

    Parameters
    ----------
    weeks
        The tallies.
    level
        Confidence level, inside (0, 1).
    dispersion
        How much more the weeks vary than chance; the interval is as wide as with so many times fewer.

    Returns
    -------
    Estimate or NotEnough
        The share good, 0–1; n counts judgements. NotEnough without any.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#tally.

    Examples
    --------
    >>> found = pooled([Tally(date(2026, 3, 2), 30, 12.0, 30.0), Tally(date(2026, 3, 9), 20, 8.0, 20.0)])
    >>> found.value, round(found.low, 2), round(found.high, 2), found.n
    (0.4, 0.28, 0.54, 50)
    """
    n, good = sum(one.n for one in weeks), sum(one.good for one in weeks)
    if not n:
        return NotEnough(n=0, needed=1, why="nobody judges it")
    worth = max(1.0, sum(effective(one.n, one.squared) for one in weeks) / dispersion)
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    low, high = score_limits(good / n * worth, worth, z=z)
    return Estimate(value=good / n, low=min(low, good / n), high=max(high, good / n), n=n, level=level)


def rebound(gap: float, *, shrunk: float | None) -> float:
    """By how much a measure is to be expected to rise with no action at all, because it was picked for
    being low.

    Parameters
    ----------
    gap
        The gap as it was measured, negative where it falls short.
    shrunk
        The gap as it is to be expected among all gaps looked at; None where that is not known.

    Returns
    -------
    float
        0 or more, in the unit of the gap.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#effect.

    Examples
    --------
    >>> round(rebound(-0.3, shrunk=-0.26), 2), rebound(0.1, shrunk=0.02)
    (0.04, 0.0)
    """
    return 0.0 if shrunk is None else max(0.0, shrunk - gap)


def width_of(courses: Sequence[Course], *, begin: date, end: date) -> int:
    """Weeks a period: the fewest whose middle period holds enough on every side of every course."""
    for width in WIDTHS:
        found = [_periods(side, width=width, begin=begin, end=end) for one in courses for side in _sides(one)]
        if all(one.worth.size and float(np.median(one.worth)) >= LEAST_A_PERIOD for one in found):
            return width
    return 4


def periods(course: Course, *, width: int, begin: date, end: date) -> Periods:
    """The periods of a course; ``begin`` is when work on it began, ``end`` when it was done."""
    before, after = (_periods(side, width=width, begin=begin, end=end) for side in _sides(course))
    return Periods(
        at=np.concatenate([before.at, after.at]),
        share=np.concatenate([before.share, after.share]),
        worth=np.concatenate([before.worth, after.worth]),
    )


def _sides(course: Course) -> tuple[Sequence[Tally], Sequence[Tally]]:
    return course.before, course.after


def _periods(weeks: Sequence[Tally], *, width: int, begin: date, end: date) -> Periods:
    if not weeks:
        return Periods(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    first_after = week_of(end) + (1 if end.weekday() else 0)
    last_before = week_of(begin)
    numbers = np.array([week_of(one.week) for one in weeks])
    # Before the action periods are counted back from the week in which work began, after it forward from
    # its end.
    late = numbers >= first_after
    at = np.where(late, (numbers - first_after) // width, -((last_before - 1 - numbers) // width) - 1)
    codes, place = np.unique(at, return_inverse=True)
    n, good, squared = (
        np.bincount(place, weights=np.array([getattr(one, name) for one in weeks], dtype=np.float64))
        for name in ("n", "good", "squared")
    )
    worth = np.array([effective(a, b) for a, b in zip(n, squared, strict=True)])
    return Periods(codes.astype(np.int64), good / n, worth)


def is_before(week: date, begin: date) -> bool:
    """Whether the whole week lies before the day."""
    return week_of(week) < week_of(begin)


def is_after(week: date, end: date) -> bool:
    """Whether the whole week lies at or after the day."""
    return week_of(week) >= math.ceil((end - date(1969, 12, 29)).days / 7)
