"""Closed, narrower, no visible change, wider or cannot tell: what became of a gap after an action."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.effect.course import (
    Course,
    Periods,
    is_after,
    is_before,
    periods,
    pooled,
    width_of,
)
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.records.effect import Effect
from forvent.stats import check_level, student_quantile

Floats = NDArray[np.float64]

DEFINITION = "effect/1"
CLOSED, NARROWER, NO_CHANGE, WIDER, CANNOT_TELL = (
    "closed",
    "narrower",
    "no visible change",
    "wider",
    "cannot tell",
)
DIFFERENCES, SERIES, BEFORE_AFTER, NO_DESIGN = (
    "difference in differences",
    "interrupted series",
    "before and after",
    "none",
)
#: Judgements of different customers that each side must be worth.
LEAST_WORTH = 10.0
#: Degrees of freedom below which nobody can see how much periods vary of themselves.
LEAST_DEGREES = 4
#: Periods that a trend needs on each side.
TREND_BEFORE, TREND_AFTER = 8, 3
#: Chance of seeing a change as large as ``detectable``.
POWER = 0.8


@dataclass(frozen=True)
class EffectSettings:
    """``level`` of the intervals; a gap that is surely smaller than ``alike`` counts as closed."""

    level: float = 0.95
    alike: float = 0.05


@dataclass(frozen=True, slots=True)
class _Fit:
    """Change at the action with its standard error, in t with so many degrees."""

    change: float
    error: float
    degrees: int
    dispersion: float
    alike: float


def effect_of(
    course: Course,
    *,
    begin: date,
    end: date,
    target: Estimate,
    comparison: Course | None = None,
    rebound: float = 0.0,
    settings: EffectSettings | None = None,
) -> Effect:
    r"""Whether a gap closed after an action, and what carries the answer.

    Weeks are put together into periods of 1, 2, 4 or 8 weeks that are worth at least five judgements
    of different customers in the middle. With share :math:`y_t` of period t, worth :math:`w_t` judgements,
    the change :math:`\delta` is fitted by weighted least squares:

    - *difference in differences*, with a comparison that nothing was done about:
      :math:`y_t-y'_t=a+\delta\,1[t\ge 0]`, weights :math:`1/(v/w_t+v'/w'_t)`;
    - *interrupted series*, from 8 periods before and 3 after: :math:`y_t=a+b\,t+\delta\,1[t\ge 0]`;
    - *before and after* otherwise, without the trend.

    The variance is that of chance, times the dispersion :math:`\varphi=\max(1,\chi^2/df)`, times
    :math:`(1+\rho)/(1-\rho)` where neighbouring periods are alike, in Student's t. ``rebound`` is taken
    from the change: whatever was picked for being low rises of itself. The verdict is

    - closed, if the whole interval of the change is above 0 and the remaining gap is surely smaller than
      ``alike``;
    - narrower, if the change is surely above 0; wider, if it is surely below;
    - no visible change, if its interval holds 0 and not a change that would have closed the gap;
    - cannot tell otherwise, and where there are too few judgements or periods.

    An action without effect is called closed or narrower in at most 5 % of cases at the usual level (about
    2.5 % where the weeks are independent), as long as what else happened at the same time happened to the
    comparison too. Without a comparison the change went together with the action; no more can be said.

    Parameters
    ----------
    course
        The measure; weeks that reach into the time between ``begin`` and ``end`` are left out.
    begin
        Day on which the action was decided.
    end
        Day on which it was done.
    target
        What the measure has to reach, 0–1.
    comparison
        The same of something that nothing was done about.
    rebound
        Rise to be expected without any action, from ``rebound``; 0 or more.
    settings
        Level and tolerance.

    Returns
    -------
    Effect
        The verdict with its change, its remaining gap and the change that would have been seen.

    Raises
    ------
    BadOption
        If ``end`` lies before ``begin``, or the level is none.

    Source
    ------
    Wagner, Soumerai, Zhang & Ross-Degnan (2002), J. Clin. Pharm. Ther. 27(4), 299–309 (segmented regression);
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, section 6.5 (differences).

    Examples
    --------
    >>> from forvent.adjust.effect.tallies import week_begins
    >>> from forvent.records.effect import Tally
    >>> def weeks(start, shares):
    ...     return tuple(Tally(week_begins(start + k), 40, 40 * s, 40.0) for k, s in enumerate(shares))
    >>> low, high = [0.5, 0.55, 0.45, 0.5, 0.52, 0.48] * 2, [0.85, 0.9, 0.88, 0.92, 0.86, 0.9]
    >>> day = week_begins(2912)
    >>> seen = effect_of(
    ...     Course(weeks(2900, low), weeks(2912, high)),
    ...     begin=day,
    ...     end=day,
    ...     target=Estimate(0.85, 0.83, 0.87, 900),
    ... )
    >>> seen.verdict, seen.design, round(seen.change.value, 2)
    ('closed', 'interrupted series', 0.38)
    """
    chosen = settings or EffectSettings()
    check_level(chosen.level)
    if end < begin:
        raise BadOption(
            f"An action cannot be done on {end}, before it was decided on {begin}.", hint="Give a later day."
        )
    cut = _cut(course, begin, end)
    beside = None if comparison is None else _cut(comparison, begin, end)
    sides = [cut] if beside is None else [cut, beside]
    few = _too_few(sides)
    if few is not None:
        return _untold(cut, few, target=target, rebound=rebound, settings=chosen)
    width = width_of(sides, begin=begin, end=end)
    fitted, design, at = _fitted(
        periods(cut, width=width, begin=begin, end=end),
        None if beside is None else periods(beside, width=width, begin=begin, end=end),
    )
    if isinstance(fitted, NotEnough):
        return _untold(cut, fitted, target=target, rebound=rebound, settings=chosen)
    return _told(cut, fitted, design, at, width=width, rebound=rebound, judged=(target, chosen))


def _cut(course: Course, begin: date, end: date) -> Course:
    return Course(
        tuple(one for one in course.before if is_before(one.week, begin)),
        tuple(one for one in course.after if is_after(one.week, end)),
    )


def _too_few(sides: list[Course]) -> NotEnough | None:
    for course in sides:
        for weeks, when in ((course.before, "before"), (course.after, "after")):
            worth = sum(one.n**2 / one.squared for one in weeks if one.squared > 0.0)
            if worth < LEAST_WORTH:
                return NotEnough(int(worth), int(LEAST_WORTH), f"too few judge it {when} the action")
    return None


def _fitted(seen: Periods, beside: Periods | None) -> tuple[_Fit | NotEnough, str, NDArray[np.int64]]:
    if beside is not None:
        at, mine, theirs = np.intersect1d(seen.at, beside.at, return_indices=True)
        share = seen.share[mine] - beside.share[theirs]
        variance = (
            _chance(seen, seen.at >= 0)[mine] / seen.worth[mine]
            + _chance(beside, beside.at >= 0)[theirs] / beside.worth[theirs]
        )
        return _least_squares(at, share, variance, trend=False), DIFFERENCES, at
    trend = int((seen.at < 0).sum()) >= TREND_BEFORE and int((seen.at >= 0).sum()) >= TREND_AFTER
    variance = _chance(seen, seen.at >= 0) / seen.worth
    return (
        _least_squares(seen.at, seen.share, variance, trend=trend),
        SERIES if trend else BEFORE_AFTER,
        seen.at,
    )


def _chance(seen: Periods, late: NDArray[np.bool_]) -> Floats:
    """p(1 − p) of one judgement on the side of each period, one good and one bad added (Agresti & Coull)."""
    variances = np.empty_like(seen.share)
    for side in (late, ~late):
        if side.any():
            worth = seen.worth[side]
            share = (float(worth @ seen.share[side]) + 1.0) / (float(worth.sum()) + 2.0)
            variances[side] = share * (1.0 - share)
    return variances


def _least_squares(
    at: NDArray[np.int64], share: Floats, variance: Floats, *, trend: bool
) -> _Fit | NotEnough:
    late = (at >= 0).astype(np.float64)
    columns = [np.ones(at.size), late, *([at.astype(np.float64)] if trend else [])]
    design, weights = np.column_stack(columns), 1.0 / variance
    degrees = at.size - design.shape[1]
    if degrees < LEAST_DEGREES or late.sum() < 2 or (1.0 - late).sum() < 2:
        needed = LEAST_DEGREES + design.shape[1]
        return NotEnough(n=at.size, needed=needed, why="too few periods before or after the action")
    inverse = np.linalg.inv(design.T @ (design * weights[:, None]))
    found = inverse @ (design.T @ (weights * share))
    residuals = (share - design @ found) * np.sqrt(weights)
    dispersion = max(1.0, float(residuals @ residuals) / degrees)
    alike = _alike(residuals, at, parameters=design.shape[1])
    error = math.sqrt(float(inverse[1, 1]) * dispersion * (1.0 + alike) / (1.0 - alike))
    return _Fit(float(found[1]), error, degrees, dispersion, alike)


def _alike(residuals: Floats, at: NDArray[np.int64], *, parameters: int) -> float:
    """How alike neighbouring periods are, 0 to 0.6, with what a fit to a short series hides of it."""
    neighbours = np.flatnonzero(np.diff(at) == 1)
    square = float(residuals @ residuals) / residuals.size
    if neighbours.size < 2 * LEAST_DEGREES or square == 0.0:
        return 0.0
    seen = float(np.mean(residuals[neighbours] * residuals[neighbours + 1])) / square
    hidden = (parameters + 3.0 * max(seen, 0.0)) / residuals.size
    return min(0.6, max(0.0, seen + hidden))


def _told(
    course: Course,
    fit: _Fit,
    design: str,
    at: NDArray[np.int64],
    *,
    width: int,
    rebound: float,
    judged: tuple[Estimate, EffectSettings],
) -> Effect:
    target, settings = judged
    quantile = student_quantile((1.0 + settings.level) / 2.0, degrees=fit.degrees)
    n = sum(one.n for one in (*course.before, *course.after))
    value, half = fit.change - rebound, quantile * fit.error
    change = Estimate(value, value - half, value + half, n, settings.level)
    before = pooled(course.before, level=settings.level, dispersion=fit.dispersion)
    after = pooled(course.after, level=settings.level, dispersion=fit.dispersion)
    remaining = _remaining(after, target)
    cautions = []
    if fit.dispersion > 2.0:
        cautions.append("the weeks vary more than chance alone would have them")
    if fit.alike > 0.3:
        cautions.append("neighbouring weeks are alike")
    if design != DIFFERENCES:
        cautions.append("nothing is beside it: whatever else happened then is in the change")
    if rebound > 0.0:
        cautions.append("it was picked for being low; what it would have risen of itself is taken off")
    return Effect(
        verdict=_verdict(change, remaining, before, target=target, alike=settings.alike),
        definition=DEFINITION,
        design=design,
        change=change,
        before=before,
        after=after,
        remaining=remaining,
        rebound=rebound,
        detectable=(quantile + student_quantile(POWER, degrees=fit.degrees)) * fit.error,
        dispersion=fit.dispersion,
        periods_before=int((at < 0).sum()),
        periods_after=int((at >= 0).sum()),
        weeks_a_period=width,
        cautions=tuple(cautions),
    )


def _verdict(
    change: Estimate,
    remaining: Estimate | NotEnough,
    before: Estimate | NotEnough,
    *,
    target: Estimate,
    alike: float,
) -> str:
    if change.low > 0.0:
        closed = isinstance(remaining, Estimate) and remaining.low > -alike
        return CLOSED if closed else NARROWER
    if change.high < 0.0:
        return WIDER
    to_close = target.value - before.value if isinstance(before, Estimate) else math.inf
    return NO_CHANGE if change.high < to_close else CANNOT_TELL


def _remaining(after: Estimate | NotEnough, target: Estimate) -> Estimate | NotEnough:
    """After minus target, from their two intervals (MOVER, Zou & Donner 2008)."""
    if isinstance(after, NotEnough):
        return after
    value = after.value - target.value
    low = value - math.hypot(after.value - after.low, target.high - target.value)
    high = value + math.hypot(after.high - after.value, target.value - target.low)
    return Estimate(value, max(-1.0, low), min(1.0, high), after.n, after.level)


def _untold(
    course: Course, few: NotEnough, *, target: Estimate, rebound: float, settings: EffectSettings
) -> Effect:
    after = pooled(course.after, level=settings.level)
    return Effect(
        verdict=CANNOT_TELL,
        definition=DEFINITION,
        design=NO_DESIGN,
        change=few,
        before=pooled(course.before, level=settings.level),
        after=after,
        remaining=_remaining(after, target),
        rebound=rebound,
        detectable=None,
        dispersion=None,
        periods_before=len(course.before),
        periods_after=len(course.after),
        weeks_a_period=1,
    )
