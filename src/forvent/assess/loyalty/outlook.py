"""What customers are expected to buy in the time ahead, each of them and all together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, expit, gammaincinv

from forvent.assess.loyalty.fitting import rows_of
from forvent.assess.loyalty.histories import Histories
from forvent.assess.loyalty.likelihood import Rows, early_clock, leaves_at_once
from forvent.errors import BadOption
from forvent.records import Estimate
from forvent.records.loyalty import Outlook, PurchaseFit
from forvent.stats import check_level, student_quantile

Floats: TypeAlias = NDArray[np.float64]

#: Weeks that can be looked ahead: twenty years.
FARTHEST = 1044.0
_NEGLIGIBLE = 1e-11
_LEAST_LOG = -600.0
_STEP = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class _Ahead:
    """Of each distinct customer: mean, spread and limits of the purchases ahead, and whether still active."""

    expected: Floats
    spread: Floats
    low: Floats
    high: Floats
    active: Floats


def outlooks(fit: PurchaseFit, *, histories: Histories, weeks: float, level: float = 0.95) -> Outlook:
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
        The model.
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
    check_level(level)
    _check_ahead(weeks)
    rows = rows_of(histories)
    ahead = _ahead(
        np.array(list(fit.parameters.values())), rows=rows, model=fit.model, weeks=weeks, level=level
    )
    return Outlook(
        expected=ahead.expected[rows.place],
        low=ahead.low[rows.place],
        high=ahead.high[rows.place],
        spread=ahead.spread[rows.place],
        active=ahead.active[rows.place],
        level=level,
    )


def total_ahead(
    fit: PurchaseFit,
    *,
    histories: Histories,
    weeks: float,
    level: float = 0.95,
    model_spread: float = 0.0,
    windows: int = 0,
    worth: ArrayLike = 1.0,
) -> Estimate:
    """Purchases of all customers in the weeks ahead, with an interval for what will come.

    Three variances are added: of chance (each customer's spread), of the parameters (delta method), and,
    if given, of how far past forecasts missed beyond these two. The limits are those of a gamma
    distribution with this mean and variance. What nobody saw coming, such as a closed shop, is not in it.

    Parameters
    ----------
    fit
        The model.
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
    check_level(level)
    _check_ahead(weeks)
    rows = rows_of(histories)
    weight, squared = (
        np.bincount(rows.place, weights=np.broadcast_to(of, rows.place.shape), minlength=rows.weight.size)
        for of in (np.asarray(worth, dtype=np.float64), np.square(np.asarray(worth, dtype=np.float64)))
    )
    logs = np.log(list(fit.parameters.values()))

    def total(at: Floats) -> float:
        ahead = _ahead(np.exp(at), rows=rows, model=fit.model, weeks=weeks, level=level)
        return float(weight @ ahead.expected)

    ahead = _ahead(np.exp(logs), rows=rows, model=fit.model, weeks=weeks, level=level)
    value = float(weight @ ahead.expected)
    slopes = _slopes(total, logs)
    chance = float(squared @ np.square(ahead.spread))
    unknown = float(slopes @ fit.covariance @ slopes)
    missed = (_widened(model_spread, windows=windows, level=level) * value) ** 2
    low, high = _gamma_limits(value, variance=chance + unknown + missed, level=level)
    return Estimate(value=value, low=low, high=high, n=len(histories.names), level=level)


def _check_ahead(weeks: float) -> None:
    if not 0.0 < weeks <= FARTHEST:
        raise BadOption(
            f"{weeks:g} weeks cannot be looked ahead.",
            hint="Give more than nothing and at most twenty years.",
        )


def _ahead(parameters: Floats, *, rows: Rows, model: str, weeks: float, level: float) -> _Ahead:
    r, alpha, a, b = (float(value) for value in parameters[:4])
    recency, age, end = rows.recency, rows.age, rows.age + weeks
    if parameters.size > 4:
        early, early_weeks = float(parameters[4]), float(parameters[5])
        recency, age, end = (
            early_clock(time, early=early, early_weeks=early_weeks) for time in (recency, age, end)
        )
    first = 1.0 if leaves_at_once(model) else 0.0
    power, stays = r + rows.repeats, b + rows.repeats + first
    may_leave = (rows.repeats > 0) | (first > 0)
    odds = np.log(a) - np.log(np.where(may_leave, stays - 1.0, 1.0))
    odds += power * (np.log(alpha + age) - np.log(alpha + recency))
    active = np.where(may_leave, expit(-odds), 1.0)
    reached = (end - age) / (alpha + end)
    return _summed(active, power=power, stays=stays, a=a, reached=reached, tail=(1.0 - level) / 2.0)


def _summed(
    active: Floats, *, power: Floats, stays: Floats, a: float, reached: Floats, tail: float
) -> _Ahead:
    """Shares of "at least k purchases" summed over k; customers fall out as soon as theirs is negligible."""
    mean, square = np.zeros(active.size), np.zeros(active.size)
    low, high = np.zeros(active.size), np.zeros(active.size)
    none_log = power * np.log1p(-reached)
    # Below this the chance of no purchase is no float, and the quick way has nothing to start from.
    often = none_log < _LEAST_LOG
    for left, slow in ((np.flatnonzero(~often), False), (np.flatnonzero(often), True)):
        staying, chance = active[left], np.exp(none_log[left])
        at_least = 1.0 - chance
        count = 1.0
        while left.size:
            if slow:
                at_least = betainc(count, power[left], reached[left])
            share = staying * at_least
            mean[left] += share
            square[left] += (2.0 * count - 1.0) * share
            low[left] += share >= 1.0 - tail
            high[left] += share > tail
            # Chance of exactly ``count`` purchases, taken off for "at least one more".
            chance = chance * reached[left] * (power[left] + count - 1.0) / count
            at_least = np.maximum(at_least - chance, 0.0)
            staying = staying * (stays[left] + count - 1.0) / (a + stays[left] + count - 1.0)
            goes_on = share > _NEGLIGIBLE
            left, staying = left[goes_on], staying[goes_on]
            chance, at_least = chance[goes_on], at_least[goes_on]
            count += 1.0
    spread = np.sqrt(np.maximum(square - mean * mean, 0.0))
    return _Ahead(mean, spread, low, high, active)


def _slopes(total: Callable[[Floats], float], logs: Floats) -> Floats:
    slopes = np.zeros(logs.size)
    for place in range(logs.size):
        step = np.zeros(logs.size)
        step[place] = _STEP
        slopes[place] = (total(logs + step) - total(logs - step)) / (2.0 * _STEP)
    return slopes


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
