"""What customers are expected to buy in the time ahead, each of them and all together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, expit, gammaincinv

from forvent.assess.loyalty.clocks import MONTH, clocked, early_clock, months_ahead
from forvent.assess.loyalty.fitting import rows_of
from forvent.assess.loyalty.histories import Histories
from forvent.assess.loyalty.likelihood import Rows, has_early, leaves_at_once, thinned, with_grid
from forvent.errors import BadOption
from forvent.records import Estimate
from forvent.records.loyalty import Outlook, PurchaseFit
from forvent.stats import check_level, student_quantile

Floats: TypeAlias = NDArray[np.float64]

#: Weeks that can be looked ahead: twenty years.
FARTHEST = 1044.0
# Shares below these change nothing: of a customer, and where only a slope is asked.
_NEGLIGIBLE, _SLOPE_NEGLIGIBLE = 1e-11, 1e-7
_LEAST_LOG = -600.0
_STEP = 1e-3
# Of more distinct customers an even part tells how the total moves with the parameters.
_MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class _Ahead:
    """Of each distinct customer: mean, spread and limits of the purchases ahead, and whether still active.

    ``means`` are those of each pooled model, of shape (models, n).
    """

    expected: Floats
    spread: Floats
    low: Floats
    high: Floats
    active: Floats
    means: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What one model says of each distinct customer: active, r + x, b + x + m, a, and the share reached."""

    active: Floats
    power: Floats
    stays: Floats
    a: float
    reached: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What models say of customers in the weeks ahead; made by ``forecast``, read by customer or in all."""

    pool: tuple[PurchaseFit, ...]
    rows: Rows
    weeks: float
    level: float
    ahead: _Ahead

    def outlook(self) -> Outlook:
        """Of every customer, as ``outlooks`` says."""
        place, ahead = self.rows.place, self.ahead
        return Outlook(
            expected=ahead.expected[place],
            low=ahead.low[place],
            high=ahead.high[place],
            spread=ahead.spread[place],
            active=ahead.active[place],
            level=self.level,
        )

    def total(self, *, model_spread: float = 0.0, windows: int = 0, worth: ArrayLike = 1.0) -> Estimate:
        """Of all customers, as ``total_ahead`` says."""
        rows, ahead = self.rows, self.ahead
        each = np.broadcast_to(np.asarray(worth, dtype=np.float64), rows.place.shape)
        weight, squared = (
            np.bincount(rows.place, weights=of, minlength=rows.weight.size).astype(np.float64)
            for of in (each, np.square(each))
        )
        value = float(weight @ ahead.expected)
        chance = float(squared @ np.square(ahead.spread))
        missed = (_widened(model_spread, windows=windows, level=self.level) * value) ** 2
        variance = chance + missed + _unknown(self.pool, rows=rows, weight=weight, weeks=self.weeks)
        if len(self.pool) > 1:
            variance += float(np.var(ahead.means @ weight, ddof=1))
        low, high = _gamma_limits(value, variance=variance, level=self.level)
        return Estimate(value=value, low=low, high=high, n=rows.place.size, level=self.level)


def forecast(
    fit: PurchaseFit | Sequence[PurchaseFit], *, histories: Histories, weeks: float, level: float = 0.95
) -> Forecast:
    """What models say of customers in the weeks ahead, worked out once for each customer and for all.

    Parameters
    ----------
    fit
        The model, fitted to these customers where it knows months; of several, all have the same weight.
    histories
        The customers.
    weeks
        Time ahead, above 0, at most 1,044 weeks.
    level
        Level of the intervals, inside (0, 1).

    Returns
    -------
    Forecast
        Its ``outlook`` and ``total``.

    Raises
    ------
    BadOption
        If the time ahead is not positive or too long, or the level is none.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#outlook.

    Examples
    --------
    >>> from forvent.assess.loyalty import fit_from_parameters, histories_of_arrays
    >>> fit = fit_from_parameters("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> one = histories_of_arrays(repeats=[2], recency=[30.43], age=[38.86])
    >>> round(forecast(fit, histories=one, weeks=39.0).total().value, 3)
    1.226
    """
    check_level(level)
    _check_ahead(weeks)
    rows, pool = rows_of(histories), _pool(fit)
    return Forecast(pool, rows, weeks, level, _ahead(pool, rows=rows, weeks=weeks, level=level))


def outlooks(
    fit: PurchaseFit | Sequence[PurchaseFit], *, histories: Histories, weeks: float, level: float = 0.95
) -> Outlook:
    r"""Expected purchases of every customer in the weeks ahead, with the number that will come.

    A customer makes at least :math:`k` purchases in :math:`t` weeks if active, if the rate brings
    :math:`k`, and if none of the first :math:`k-1` is the last. Given the history these are independent, so

    .. math:: P(X\ge k) = P(\text{active})\; I_{t/(\alpha+T+t)}(k,\, r+x)\;
       \frac{B(a,\, b+x+m+k-1)}{B(a,\, b+x+m)},\qquad E[X]=\sum_{k\ge 1}P(X\ge k)

    with :math:`I` the regularised incomplete beta function. It is the closed form of the paper as a sum
    of shares, without its :math:`_2F_1`, which loses digits for many purchases and is not defined at
    :math:`a=1`.

    Parameters
    ----------
    fit
        The model, fitted to these customers where it knows months; of several, all have the same weight.
    histories
        The customers, shape (n,).
    weeks
        Time ahead, above 0, at most 1,044 weeks.
    level
        Probability that the number lies in ``low`` to ``high``, at least.

    Returns
    -------
    Outlook
        Arrays of shape (n,).

    Raises
    ------
    BadOption
        If the time ahead is not positive or too long, or the level is none.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), equation 10, summed over purchases; our own
    derivation, docs/formulas/assess-loyalty.md#outlook.

    Examples
    --------
    The worked example that comes with the paper: 1.226 purchases in 39 weeks.

    >>> from forvent.assess.loyalty import fit_from_parameters, histories_of_arrays
    >>> fit = fit_from_parameters("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> one = histories_of_arrays(repeats=[2], recency=[30.43], age=[38.86])
    >>> ahead = outlooks(fit, histories=one, weeks=39.0)
    >>> round(float(ahead.expected[0]), 3), ahead.low.tolist(), ahead.high.tolist()
    (1.226, [0.0], [5.0])
    """
    return forecast(fit, histories=histories, weeks=weeks, level=level).outlook()


def total_ahead(
    fit: PurchaseFit | Sequence[PurchaseFit],
    *,
    histories: Histories,
    weeks: float,
    level: float = 0.95,
    model_spread: float = 0.0,
    windows: int = 0,
    worth: ArrayLike = 1.0,
) -> Estimate:
    """Purchases of all customers in the weeks ahead, with an interval for what will come.

    Variances are added: of chance (each customer's spread), of the parameters (delta method), of months
    that will be better or worse, of what pooled models say differently, and, if given, of how far past
    forecasts missed beyond all these. The limits are those of a gamma distribution with this mean and
    variance. What nobody saw coming, such as a closed shop, is not in it.

    Parameters
    ----------
    fit
        The model, fitted to these customers where it knows months; of several, all have the same weight.
    histories
        The customers, shape (n,).
    weeks
        Time ahead, above 0, at most 1,044 weeks.
    level
        Level of the interval, inside (0, 1).
    model_spread
        Relative standard deviation by which past forecasts missed beyond chance.
    windows
        Number of past forecasts behind ``model_spread``; few make the interval wider (Student).
    worth
        Value of a purchase of each customer, shape (n,), for a total of money; 1 for purchases.

    Returns
    -------
    Estimate
        Number (or value) of purchases; ``n`` counts customers.

    Raises
    ------
    BadOption
        If the time ahead is not positive or too long, or the level is none.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#total.

    Examples
    --------
    >>> from forvent.assess.loyalty import fit_from_parameters, histories_of_arrays
    >>> fit = fit_from_parameters("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> many = histories_of_arrays(repeats=[2] * 100, recency=[30.43] * 100, age=[38.86] * 100)
    >>> total = total_ahead(fit, histories=many, weeks=39.0)
    >>> round(total.value, 1), round(total.low), round(total.high), total.n
    (122.6, 93, 156, 100)
    """
    ahead = forecast(fit, histories=histories, weeks=weeks, level=level)
    return ahead.total(model_spread=model_spread, windows=windows, worth=worth)


def _pool(fit: PurchaseFit | Sequence[PurchaseFit]) -> tuple[PurchaseFit, ...]:
    return (fit,) if isinstance(fit, PurchaseFit) else tuple(fit)


def _unknown(pool: Sequence[PurchaseFit], *, rows: Rows, weight: Floats, weeks: float) -> float:
    """Variance of the total by parameters and by months ahead, the mean over models."""
    step = -(-rows.weight.size // _MOST_ROWS)
    few, kept = thinned(rows, most=_MOST_ROWS), weight[::step]
    grown = float(weight.sum()) / max(float(kept.sum()), 1e-300)
    found = 0.0
    for fit in pool:
        logs = np.log(list(fit.parameters.values()))
        slopes = np.zeros(logs.size)
        for place in range(logs.size):
            moved = np.zeros(logs.size)
            moved[place] = _STEP
            more, less = (
                kept @ _mean(_course(fit, logs + way * moved, rows=few, weeks=weeks)) for way in (1.0, -1.0)
            )
            slopes[place] = grown * float(more - less) / (2.0 * _STEP)
        value = grown * float(kept @ _mean(_course(fit, logs, rows=few, weeks=weeks)))
        months = max(1.0, weeks / MONTH)
        found += float(slopes @ fit.covariance @ slopes) + (value * fit.months_spread) ** 2 / months
    return found / len(pool)


def _check_ahead(weeks: float) -> None:
    if not 0.0 < weeks <= FARTHEST:
        raise BadOption(
            f"{weeks:g} weeks cannot be looked ahead.",
            hint="Give more than nothing and at most twenty years.",
        )


def _ahead(pool: Sequence[PurchaseFit], *, rows: Rows, weeks: float, level: float) -> _Ahead:
    courses = [_course(fit, np.log(list(fit.parameters.values())), rows=rows, weeks=weeks) for fit in pool]
    return _summed(courses, tail=(1.0 - level) / 2.0)


def _course(fit: PurchaseFit, logs: Floats, *, rows: Rows, weeks: float) -> _Course:
    r, alpha, a, b = (float(value) for value in np.exp(logs[:4]))
    recency, age, end = _times(fit, logs[4:], rows=rows, weeks=weeks)
    first = 1.0 if leaves_at_once(fit.model) else 0.0
    power, stays = r + rows.repeats, b + rows.repeats + first
    may_leave = (rows.repeats > 0) | (first > 0)
    odds = np.log(a) - np.log(np.where(may_leave, stays - 1.0, 1.0))
    odds += power * (np.log(alpha + age) - np.log(alpha + recency))
    active = np.where(may_leave, expit(-odds), 1.0)
    return _Course(active, power, stays, a=a, reached=(end - age) / (alpha + end))


def _times(
    fit: PurchaseFit, clock_logs: Floats, *, rows: Rows, weeks: float
) -> tuple[Floats, Floats, Floats]:
    """Recency, age and the end of the time ahead, on the model's clock."""
    early = has_early(fit.model)
    month_logs = np.log(fit.months)
    grid = with_grid(rows, model=fit.model).grid if fit.months else None
    clock = clocked(
        np.concatenate([clock_logs, month_logs]),
        age=rows.age,
        recency=rows.recency,
        repeat_age=rows.repeat_age[:0],
        repeat_count=rows.repeat_count[:0],
        early=early,
        grid=grid,
    )
    months = math.ceil(weeks / MONTH) if fit.months else 1
    worth = months_ahead(month_logs, spread=fit.months_spread, months=months) if fit.months else np.ones(1)
    edges = np.minimum(np.arange(months + 1) * MONTH, weeks) if fit.months else np.array([0.0, weeks])
    # Ages repeat a lot: a customer's is whole days.
    ages, place = np.unique(rows.age, return_inverse=True)
    at = ages[:, None] + edges
    if early:
        h, early_weeks = (float(value) for value in np.exp(clock_logs))
        at = early_clock(at, early=h, early_weeks=early_weeks)
    return clock.recency, clock.age, clock.age + (np.diff(at, axis=1) @ worth)[place]


def _mean(course: _Course) -> Floats:
    return _summed([course], tail=0.5, negligible=_SLOPE_NEGLIGIBLE).expected


def _summed(courses: Sequence[_Course], *, tail: float, negligible: float = _NEGLIGIBLE) -> _Ahead:
    """Shares of "at least k purchases" summed over k, a row of the arrays a model.

    Customers fall out as soon as their share is negligible in all models.
    """
    active, power, stays, reached = (
        np.stack([getattr(course, name) for course in courses])
        for name in ("active", "power", "stays", "reached")
    )
    a = np.array([[course.a] for course in courses])
    size = active.shape[1]
    means, square, low, high = np.zeros(active.shape), np.zeros(size), np.zeros(size), np.zeros(size)
    none_log = power * np.log1p(-reached)
    # Below this the chance of no purchase is no float, and the quick way has nothing to start from.
    often = np.any(none_log < _LEAST_LOG, axis=0)
    for left, slow in ((np.flatnonzero(~often), False), (np.flatnonzero(often), True)):
        staying, chance = active[:, left], np.exp(none_log[:, left])
        powers, rest, part = power[:, left], stays[:, left], reached[:, left]
        at_least = 1.0 - chance
        count = 1.0
        while left.size:
            if slow:
                at_least = betainc(count, powers, part)
            shares = staying * at_least
            share = shares.mean(axis=0)
            means[:, left] += shares
            square[left] += (2.0 * count - 1.0) * share
            low[left] += share >= 1.0 - tail
            high[left] += share > tail
            # Chance of exactly ``count`` purchases, taken off for "at least one more".
            chance = chance * part * (powers + count - 1.0) / count
            at_least = np.maximum(at_least - chance, 0.0)
            staying = staying * (rest + count - 1.0) / (a + rest + count - 1.0)
            count += 1.0
            goes_on = share > negligible
            if not goes_on.all():
                left = left[goes_on]
                staying, chance, at_least = (of[:, goes_on] for of in (staying, chance, at_least))
                powers, rest, part = (of[:, goes_on] for of in (powers, rest, part))
    mean = means.mean(axis=0)
    spread = np.sqrt(np.maximum(square - mean * mean, 0.0))
    return _Ahead(mean, spread, low, high, active.mean(axis=0), means)


def _widened(spread: float, *, windows: int, level: float) -> float:
    if spread <= 0.0 or windows < 1:
        return 0.0
    share = (1.0 + level) / 2.0
    return spread * student_quantile(share, degrees=windows) / student_quantile(share, degrees=10_000)


def _gamma_limits(value: float, *, variance: float, level: float) -> tuple[float, float]:
    if value <= 0.0 or variance <= 0.0:
        return value, value
    shape, scale = value * value / variance, variance / value
    low, high = (float(gammaincinv(shape, share)) * scale for share in ((1 - level) / 2, (1 + level) / 2))
    return min(low, value), max(high, value)
