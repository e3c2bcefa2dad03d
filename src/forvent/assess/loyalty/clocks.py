"""Time as purchases see it: busier first weeks, and calendar months that were better or worse than others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: A twelfth of a year, in weeks; months are counted back from the end of what is known.
MONTH = 365.25 / 12 / 7
YEAR = 12
#: Ten years; what is older falls into the oldest month.
MOST_MONTHS = 120
# Pairs of months a year apart that weigh as much as the belief that no season is there.
_DOUBT = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class MonthGrid:
    """Where customers' lives meet calendar months, the newest first.

    ``start`` and ``end`` are the ages (weeks) between which each distinct cohort lives in each month, of
    shape (cohorts, months); ``cohort`` is that of each row and ``last`` the month of its last purchase.
    ``count`` is how many repeat purchases fell into each month.
    """

    start: Floats
    end: Floats
    cohort: Codes
    last: Codes
    count: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Clocked:
    """Ages as purchases see them, what the clock adds to the log-likelihood, and the way back of slopes."""

    age: Floats
    recency: Floats
    more: float
    pull: Callable[[Floats, Floats], list[float]]


def month_grid(age: Floats, recency: Floats, *, month_count: Floats) -> MonthGrid:
    """The grid of rows with these ages; ``month_count`` counts repeat purchases, the newest month first."""
    months = min(month_count.size, MOST_MONTHS)
    count = month_count[:months].copy()
    count[-1] += month_count[months:].sum()
    ages, cohort = np.unique(age, return_inverse=True)
    edges = np.arange(months + 1) * MONTH
    end = np.clip(ages[:, None] - edges[:-1], 0.0, None)
    start = np.clip(ages[:, None] - edges[1:], 0.0, None)
    start[:, -1] = 0.0
    last = np.minimum((np.maximum(age - recency, 0.0) / MONTH).astype(np.int64), months - 1)
    return MonthGrid(start, end, cohort=cohort.astype(np.int64), last=last, count=count)


def early_clock(weeks: Floats, *, early: float, early_weeks: float) -> Floats:
    """Time as purchases see it: a week at the start is worth 1 + early, and less and less of that."""
    clock: Floats = weeks - early * early_weeks * np.expm1(-weeks / early_weeks)
    return clock


def early_slopes(weeks: Floats, *, early: float, early_weeks: float) -> tuple[Floats, Floats]:
    """Slopes of ``early_clock`` by the logs of early and of early_weeks."""
    parts = weeks / early_weeks
    grown = -early * early_weeks * np.expm1(-parts)
    return grown, grown - early * early_weeks * parts * np.exp(-parts)


def clocked(
    logs: Floats,
    *,
    age: Floats,
    recency: Floats,
    repeat_age: Floats,
    repeat_count: Floats,
    early: bool,
    grid: MonthGrid | None,
) -> Clocked:
    """The clock of parameters (logs of early and early_weeks, then of each month), and its slopes.

    The clock runs at :math:`m(s)(1+he^{-\\tau/\\kappa})` at age :math:`\\tau` in month :math:`s`.
    """
    more, own = 0.0, [0.0, 0.0]
    h, weeks = (float(value) for value in np.exp(logs[:2])) if early else (0.0, 1.0)
    if early:
        shrunk = h * np.exp(-repeat_age / weeks)
        more = float(repeat_count @ np.log1p(shrunk))
        gained = repeat_count * shrunk / (1.0 + shrunk)
        own = [float(gained.sum()), float(gained @ (repeat_age / weeks))]

    def clock(at: Floats) -> Floats:
        return early_clock(at, early=h, early_weeks=weeks) if early else at

    def slopes(at: Floats) -> tuple[Floats, Floats]:
        return early_slopes(at, early=h, early_weeks=weeks)

    if grid is None:

        def pull(by_age: Floats, by_recency: Floats) -> list[float]:
            if not early:
                return []
            pairs = zip(own, slopes(age), slopes(recency), strict=True)
            return [gain - float(by_age @ first + by_recency @ then) for gain, first, then in pairs]

        return Clocked(clock(age), clock(recency), more, pull)
    return _with_months(
        logs[2:] if early else logs,
        recency=recency,
        grid=grid,
        clock=clock,
        slopes=slopes if early else None,
        more=more,
        own=own,
    )


def _with_months(
    month_logs: Floats,
    *,
    recency: Floats,
    grid: MonthGrid,
    clock: Callable[[Floats], Floats],
    slopes: Callable[[Floats], tuple[Floats, Floats]] | None,
    more: float,
    own: list[float],
) -> Clocked:
    worth = np.exp(month_logs)
    cohort, last = grid.cohort, grid.last
    begun = grid.start[cohort, last]

    def parts(of: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
        """Length of each cohort's months, and of the last month up to the last purchase, on a clock."""
        return of(grid.end) - of(grid.start), of(recency) - of(begun)

    length, rest = parts(clock)
    lived = length * worth
    # What was lived in all older months: the sum from the oldest, without the month itself.
    older = np.cumsum(lived[:, ::-1], axis=1)[:, ::-1] - lived
    age = lived.sum(axis=1)[cohort]
    bought = older[cohort, last] + worth[last] * rest

    def pull(by_age: Floats, by_recency: Floats) -> list[float]:
        cohorts, months = length.shape
        of_cohort = np.bincount(cohort, weights=by_age, minlength=cohorts)
        cells = np.bincount(cohort * months + last, weights=by_recency, minlength=cohorts * months)
        cells = cells.reshape(cohorts, months)
        pressure = of_cohort[:, None] + np.cumsum(cells, axis=1) - cells

        def against(whole: Floats, piece: Floats) -> Floats:
            at_last = np.bincount(last, weights=by_recency * piece, minlength=months)
            found: Floats = worth * ((pressure * whole).sum(axis=0) + at_last)
            return found

        found = []
        if slopes is not None:
            at_end, at_start = slopes(grid.end), slopes(grid.start)
            at_last, at_begun = slopes(recency), slopes(begun)
            for place, gain in enumerate(own):
                whole = at_end[place] - at_start[place]
                found.append(gain - float(against(whole, at_last[place] - at_begun[place]).sum()))
        return [*found, *(grid.count - against(length, rest)).tolist()]

    return Clocked(age, bought, more + float(grid.count @ month_logs), pull)


def months_ahead(month_logs: Floats, *, spread: float, months: int) -> Floats:
    r"""What each month ahead is expected to be worth, from those of the past, the newest first.

    A month is like the same months of the years before as far as months a year apart were alike:

    .. math:: \hat u=\rho\,\bar u_{season},\quad
       \rho=\max\Bigl(0,\frac{\sum u_ku_{k+12}}{\sum u_{k+12}^2+6\sigma^2}\Bigr)

    and its worth is :math:`e^{\hat u+\sigma^2(1-\rho^2)/2}`, the mean of a lognormal.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#months.
    """
    now, before = month_logs[:-YEAR], month_logs[YEAR:]
    alike = 0.0
    if before.size and spread > 0:
        alike = min(1.0, max(0.0, float(now @ before) / (float(before @ before) + _DOUBT * spread**2)))
    season = np.zeros(months)
    for ahead in range(months):
        # Months are counted back from the end, so the month ahead of number j was the (11 − j)th back.
        same = month_logs[(YEAR - 1 - ahead) % YEAR :: YEAR]
        season[ahead] = same.mean() if same.size else 0.0
    return np.exp(alike * season + spread**2 * (1.0 - alike**2) / 2.0)
