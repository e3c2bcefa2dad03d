"""The value of a purchase: the Gamma–Gamma model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, gammaln
from threadpoolctl import threadpool_limits

from forvent.assess.loyalty.histories import Histories
from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import SpendFit
from forvent.stats import check_level

Floats: TypeAlias = NDArray[np.float64]

LEAST_PAID = 10
FEW_PAID = "too few customers have bought again with a known amount above zero"
NO_MEAN = "the spread among customers is so wide that their mean does not exist (q ≤ 1)"
NAMES = ("p", "q", "v")
_STARTS = ((0.7, 1.1), (1.8, 1.3), (0.0, 0.7))
_WIDEST = 12.0
_FLAT = 1e-5
_SAME = 0.05
_LOOSEST = 3.0
_STEP = 1e-4
# Of more customers an even part finds the top, and all of them the last digits.
_MOST_CUSTOMERS = 20_000


def fit_spend(histories: Histories, *, level: float = 0.95) -> SpendFit | NotEnough:
    r"""Parameters of the value of a purchase, from customers who bought again.

    The value of a purchase is gamma (p, own scale) and the scale is gamma over customers (q, v). For a
    mean of :math:`\bar m` over :math:`x` purchases

    .. math:: \ln L=\ln\frac{\Gamma(px+q)}{\Gamma(px)\Gamma(q)}+q\ln v+(px-1)\ln\bar m+px\ln x
       -(px+q)\ln(x\bar m+v).

    The mean over customers is :math:`pv/(q-1)`. The number of purchases must have nothing to do with their
    value: ``correlation`` says whether it has.

    Parameters
    ----------
    histories
        The customers; those without a repeat purchase of positive amount are left out.
    level
        Confidence level of the intervals, inside (0, 1).

    Returns
    -------
    SpendFit or NotEnough
        The second if fewer than 10 customers can be used.

    Raises
    ------
    BadOption
        If the level is none.

    Source
    ------
    Fader & Hardie (2013), "The Gamma–Gamma Model of Monetary Value", brucehardie.com/notes/025, equation 1a.

    Examples
    --------
    >>> from forvent.assess.loyalty import histories_of_arrays
    >>> few = histories_of_arrays(repeats=[2], recency=[3.0], age=[9.0], mean_value=[20.0])
    >>> fit_spend(few).needed
    10
    """
    check_level(level)
    used = (histories.priced > 0) & (histories.mean_value > 0)
    back = int(np.count_nonzero(used))
    if back < LEAST_PAID:
        return NotEnough(n=back, needed=LEAST_PAID, why=FEW_PAID)
    number, paid = histories.priced[used], histories.mean_value[used]
    typical = float(np.median(paid))

    step = -(-back // _MOST_CUSTOMERS)
    # In units of the median: money in cents or in millions makes the same search.
    every, few = (_Paid.of(number[::one], paid[::one] / typical) for one in (1, step))

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slopes = _log_likelihood(logs, paid=every)
        return -value / back, -slopes / back

    def loss_of_few(logs: Floats) -> tuple[float, Floats]:
        value, slopes = _log_likelihood(logs, paid=few)
        return -value / few.number.size, -slopes / few.number.size

    with threadpool_limits(limits=1):
        found = [_search(loss_of_few, np.array([p, q, q - p])) for p, q in _STARTS]
        best = min(found, key=lambda one: float(one.fun))
        if step > 1:
            best = _search(loss, best.x, again=False)
    lowest = min(float(one.fun) for one in found)
    logs = np.asarray(best.x, dtype=np.float64)
    slopes = loss(logs)[1]
    spread = _covariance(loss, logs, customers=back)
    logs[2] += math.log(typical)
    half = NormalDist().inv_cdf((1.0 + level) / 2.0) * np.sqrt(np.diag(spread))
    return SpendFit(
        parameters=dict(zip(NAMES, np.exp(logs).tolist(), strict=True)),
        limits={
            name: (float(np.exp(at - wide)), float(np.exp(at + wide)))
            for name, at, wide in zip(NAMES, logs, half, strict=True)
        },
        level=level,
        converged=bool(np.abs(slopes).max() < _FLAT and np.abs(best.x).max() < _WIDEST - 1e-6),
        starts=len(found),
        agreeing=sum(float(one.fun - lowest) * back < _SAME for one in found),
        log_likelihood=-float(best.fun) * back - float(np.log(typical) * back),
        customers=back,
        mean=_mean(logs, spread=spread, customers=back, level=level),
        correlation=_correlation(number, paid),
    )


def mean_values(fit: SpendFit, *, histories: Histories) -> Floats:
    r"""Expected value of a purchase of each customer, :math:`p(v+x\bar m)/(px+q-1)`.

    Parameters
    ----------
    fit
        The model; its mean must exist.
    histories
        The customers, shape (n,).

    Returns
    -------
    NDArray
        Shape (n,); that of the mean customer where no repeat purchase has an amount, NaN if q ≤ 1 there.

    Source
    ------
    Fader & Hardie (2013), "The Gamma–Gamma Model of Monetary Value", brucehardie.com/notes/025, equation 5.

    Examples
    --------
    >>> from forvent.assess.loyalty import histories_of_arrays
    >>> people = histories_of_arrays(repeats=[2, 0], recency=[3.0, 0], age=[9.0, 9.0], mean_value=[20.0, 0.0])
    >>> fit = SpendFit(
    ...     {"p": 6.0, "q": 4.0, "v": 15.0}, {}, 0.95, True, 1, 1, 0.0, 1, NotEnough(0, 1, ""), None
    ... )
    >>> mean_values(fit, histories=people).round(6).tolist()
    [22.0, 30.0]
    """
    p, q, v = (fit.parameters[name] for name in NAMES)
    number = np.where(histories.mean_value > 0, histories.priced, 0.0)
    paid = np.where(number > 0, histories.mean_value, 0.0)
    below = p * number + q - 1.0
    values: Floats = np.where(below > 0, p * (v + number * paid) / np.where(below > 0, below, 1.0), np.nan)
    return values


@dataclass(frozen=True, slots=True, eq=False)
class _Paid:
    """Customers' numbers of priced purchases and their mean value, with all that no parameter changes.

    ``numbers`` are the distinct numbers and ``counts`` how many customers have each.
    """

    number: Floats
    whole: Floats
    numbers: Floats
    counts: Floats
    logs: tuple[float, float, float]

    @classmethod
    def of(cls, number: Floats, paid: Floats) -> _Paid:
        numbers, counts = np.unique(number, return_counts=True)
        whole, log_paid = number * paid, np.log(paid)
        logs = (float(number @ log_paid), float(log_paid.sum()), float(number @ np.log(whole)))
        return cls(number, whole, numbers, counts.astype(np.float64), logs)


def _log_likelihood(logs: Floats, *, paid: _Paid) -> tuple[float, Floats]:
    p, q, v = (float(value) for value in np.exp(logs))
    size, shape = float(paid.number.size), p * paid.numbers
    # All that is left to do for each customer; the rest is done for each distinct number of purchases.
    log_sum, part = np.log(paid.whole + v), 1.0 / (paid.whole + v)
    summed, by_number = float(log_sum.sum()), float(paid.number @ log_sum)
    many_log_paid, all_log_paid, many_log_whole = paid.logs
    value = paid.counts @ (gammaln(shape + q) - gammaln(shape) + shape * np.log(paid.numbers))
    value += size * (q * math.log(v) - float(gammaln(q))) + p * many_log_paid - all_log_paid
    value -= p * by_number + q * summed
    both = digamma(shape + q)
    slope_p = (paid.counts * paid.numbers) @ (both - digamma(shape)) + many_log_whole - by_number
    slope_q = paid.counts @ both + size * (math.log(v) - float(digamma(q))) - summed
    slope_v = size * q / v - p * float(paid.number @ part) - q * float(part.sum())
    return float(value), np.array([slope_p * p, slope_q * q, slope_v * v])


def _search(loss: Any, start: Floats, *, again: bool = True) -> Any:
    options = {"maxiter": 500, "ftol": 1e-14, "gtol": 1e-8}
    bounds = [(-_WIDEST, _WIDEST)] * 3
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    if not again:
        return found
    return minimize(loss, found.x, jac=True, method="L-BFGS-B", bounds=bounds, options=options)


def _covariance(loss: Any, logs: Floats, *, customers: int) -> Floats:
    """Inverse curvature of the loss at its bottom; what the data leave open is known to a factor of e³."""
    columns = []
    for place in range(logs.size):
        step = np.zeros(logs.size)
        step[place] = _STEP
        columns.append((loss(logs + step)[1] - loss(logs - step)[1]) / (2.0 * _STEP))
    curvature = np.stack(columns)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2.0)
    known = customers * np.maximum(values, 0.0) + 1.0 / _LOOSEST**2
    covariance: Floats = (vectors / known) @ vectors.T
    return covariance


def _mean(logs: Floats, *, spread: Floats, customers: int, level: float) -> Estimate | NotEnough:
    """p·v/(q − 1) with its interval on logs (delta method)."""
    q = math.exp(logs[1])
    if q <= 1.0:
        return NotEnough(n=customers, needed=customers + 1, why=NO_MEAN)
    value = math.exp(logs[0] + logs[2]) / (q - 1.0)
    slopes = np.array([1.0, -q / (q - 1.0), 1.0])
    half = NormalDist().inv_cdf((1.0 + level) / 2.0) * math.sqrt(float(slopes @ spread @ slopes))
    # An interval over e^50 says as much as any wider one.
    half = min(half, 50.0)
    return Estimate(value, value * math.exp(-half), value * math.exp(half), customers, level)


def _correlation(number: Floats, paid: Floats) -> float | None:
    if np.ptp(number) == 0 or np.ptp(paid) == 0:
        return None
    return float(np.corrcoef(number, paid)[0, 1])
