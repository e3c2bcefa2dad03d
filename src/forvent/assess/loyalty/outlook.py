"""What customers are expected to buy in the time ahead, each of them and all together."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
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
# Customers whose purchases are counted at once.
_AT_ONCE = 2_048


@dataclass(frozen=True, slots=True, eq=False)
class _Ahead:
    """Of each distinct customer: mean, spread, limits and median of the purchases ahead, and whether active.

    ``means`` are those of each pooled model, of shape (models, n).
    """

    expected: Floats
    spread: Floats
    low: Floats
    high: Floats
    active: Floats
    means: Floats
    median: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What one model says of each distinct customer: active, r + x, b + x + m, a, and the share reached."""

    active: Floats
    power: Floats
    stays: Floats
    a: float
    reached: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Doubt:
    """What one model says of an even part of the customers, and how it moves with each log of a parameter.

    ``mean`` has shape (n,), ``slopes`` (parameters, n).
    """

    mean: Floats
    slopes: Floats


@dataclass(frozen=True, eq=False)
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
            median=ahead.median[place],
        )

    @cached_property
    def _doubts(self) -> list[_Doubt]:
        """Of each model; worked out once for all totals."""
        few = thinned(self.rows, most=_MOST_ROWS)
        return [_doubt(fit, rows=few, weeks=self.weeks) for fit in self.pool]

    def _unknown(self, weight: Floats) -> float:
        """Variance of the total by parameters and by months ahead, the mean over models."""
        kept = weight[:: -(-self.rows.weight.size // _MOST_ROWS)]
        grown = float(weight.sum()) / max(float(kept.sum()), 1e-300)
        months, found = max(1.0, self.weeks / MONTH), 0.0
        for fit, doubt in zip(self.pool, self._doubts, strict=True):
            value, slopes = grown * float(kept @ doubt.mean), grown * (doubt.slopes @ kept)
            found += float(slopes @ fit.covariance @ slopes) + (value * fit.months_spread) ** 2 / months
        return found / len(self.pool)

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
        variance = chance + missed + self._unknown(weight)
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


def _doubt(fit: PurchaseFit, *, rows: Rows, weeks: float) -> _Doubt:
    """The model with its parameters, and with each of them moved a little up and down."""
    logs = np.log(list(fit.parameters.values()))
    moved = _STEP * np.concatenate([np.zeros((1, logs.size)), np.eye(logs.size), -np.eye(logs.size)])
    courses = [_course(fit, logs + step, rows=rows, weeks=weeks) for step in moved]
    means = _summed(courses, tail=0.5, negligible=_SLOPE_NEGLIGIBLE).means
    above, below = means[1 : logs.size + 1], means[logs.size + 1 :]
    return _Doubt(means[0], (above - below) / (2.0 * _STEP))


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


def _summed(courses: Sequence[_Course], *, tail: float, negligible: float = _NEGLIGIBLE) -> _Ahead:
    """Shares of "at least k purchases" summed over k, a row of the arrays a model."""
    active, power, stays, reached = (
        np.stack([getattr(course, name) for course in courses])
        for name in ("active", "power", "stays", "reached")
    )
    a = np.array([[course.a] for course in courses])
    size = active.shape[1]
    means, (square, low, high, median) = np.zeros(active.shape), np.zeros((4, size))
    none_log = power * np.log1p(-reached)
    # Below this the chance of no purchase is no float, and the quick way has nothing to start from.
    often = np.any(none_log < _LEAST_LOG, axis=0)
    # Those who will buy about as often stand together: they fall out together, and few at once stay in
    # the processor's memory.
    order = np.argsort((power * reached / np.maximum(1.0 - reached, 1e-12)).max(axis=0), kind="stable")
    for slow in (False, True):
        chosen = order[often[order] == slow]
        for start in range(0, chosen.size, _AT_ONCE):
            rows = chosen[start : start + _AT_ONCE]
            staying, powers, rest, part, logs = (
                of[:, rows] for of in (active, power, stays, reached, none_log)
            )
            at_least = _quick(powers, part, logs) if not slow else _slow(powers, part)
            found = _added(staying, at_least, rest=rest, a=a, tail=tail, negligible=negligible)
            means[:, rows], square[rows], low[rows], high[rows], median[rows] = found
    mean = means.mean(axis=0)
    spread = np.sqrt(np.maximum(square - mean * mean, 0.0))
    return _Ahead(mean, spread, low, high, active.mean(axis=0), means, median)


def _quick(powers: Floats, part: Floats, none_log: Floats) -> Iterator[Floats]:
    """Chances of at least 1, 2, … purchases, each from the one before it."""
    chance = np.exp(none_log)
    at_least = 1.0 - chance
    powers = powers.copy()
    for count in itertools.count(1):
        yield at_least
        # Chance of exactly ``count`` purchases, taken off for "at least one more".
        chance *= part
        chance *= powers
        chance /= count
        powers += 1.0
        at_least -= chance
        np.maximum(at_least, 0.0, out=at_least)


def _slow(powers: Floats, part: Floats) -> Iterator[Floats]:
    """The same, each for itself."""
    for count in itertools.count(1):
        yield betainc(float(count), powers, part)


def _added(
    staying: Floats, chances: Iterator[Floats], *, rest: Floats, a: Floats, tail: float, negligible: float
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Means by model, mean of the squared number, limits and median of some customers.

    A customer falls out as soon as the share is negligible over all models.
    """
    means, (square, low, high, median) = np.zeros(staying.shape), np.zeros((4, staying.shape[1]))
    staying, rest = staying.copy(), rest.copy()
    leaving = rest + a
    for count, at_least in enumerate(chances, start=1):
        shares = staying * at_least
        share = shares.mean(axis=0)
        means += shares
        square += (2.0 * count - 1.0) * share
        low += share >= 1.0 - tail
        high += share > tail
        median += share > 0.5
        goes_on = share > negligible
        if not goes_on.any():
            break
        staying *= rest
        staying /= leaving
        staying *= goes_on
        rest += 1.0
        leaving += 1.0
    return means, square, low, high, median


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
