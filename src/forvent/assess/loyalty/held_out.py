"""Forecasts beside what came: on time that was held out, and on windows of the past."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.loyalty.histories import DAYS_A_WEEK, Histories
from forvent.assess.loyalty.outlook import Forecast, forecast, total_ahead
from forvent.records import NotEnough
from forvent.records.loyalty import HeldOut, PastForecast, PurchaseFit

Floats: TypeAlias = NDArray[np.float64]

NOTHING_AFTER = "the file holds no day after the end of what is known"


def held_out(
    fit: PurchaseFit | Sequence[PurchaseFit],
    *,
    histories: Histories,
    days: int,
    level: float = 0.95,
    model_spread: float = 0.0,
    windows: int = 0,
    made: Forecast | None = None,
) -> HeldOut | NotEnough:
    """How the forecast compares with what came, and with "as many as in as many days before".

    Parameters
    ----------
    fit
        The model, fitted without the days that are held out; of several, all have the same weight.
    histories
        The customers; ``later`` and ``before`` count the ``days`` after and up to the end of what is known.
    days
        Days that are held out; 0 where there are none.
    level
        Level of the intervals, inside (0, 1).
    model_spread
        As for ``total_ahead``.
    windows
        As for ``total_ahead``.
    made
        This very forecast, where it has been made already.

    Returns
    -------
    HeldOut or NotEnough
        Errors are means over customers, in purchases.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#held-out.

    Examples
    --------
    >>> from forvent.assess.loyalty import fit_from_parameters, histories_of_arrays
    >>> fit = fit_from_parameters("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> one = histories_of_arrays(repeats=[2], recency=[30.43], age=[38.86])
    >>> round(held_out(fit, histories=one, days=273).squared_error, 3)
    1.226
    """
    if days < 1:
        return NotEnough(n=0, needed=1, why=NOTHING_AFTER)
    weeks = days / DAYS_A_WEEK
    known = made or forecast(fit, histories=histories, weeks=weeks, level=level)
    ahead, total = known.outlook(), known.total(model_spread=model_spread, windows=windows)
    missed, missed_by_same = ahead.expected - histories.later, histories.before - histories.later
    inside = (ahead.low <= histories.later) & (histories.later <= ahead.high)
    return HeldOut(
        days=days,
        bought=round(float(histories.later.sum())),
        expected=total,
        same=round(float(histories.before.sum())),
        error=float(np.abs(missed).mean()),
        squared_error=_root_mean_square(missed),
        same_error=float(np.abs(missed_by_same).mean()),
        same_squared_error=_root_mean_square(missed_by_same),
        inside=float(inside.mean()),
        median_error=float(np.abs(ahead.median - histories.later).mean()),
    )


def past_forecast(
    fit: PurchaseFit | Sequence[PurchaseFit], *, histories: Histories, until: date, days: int
) -> PastForecast:
    """A forecast for a window of the past, with its interval from chance and parameters alone, and what came.

    Parameters
    ----------
    fit
        The model, fitted to what was known at ``until``; of several, all have the same weight.
    histories
        The customers known then; ``later`` counts the ``days`` after it.
    until
        Last day that was known.
    days
        Length of the window.

    Returns
    -------
    PastForecast
        For ``spread_of_past``.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#total.

    Examples
    --------
    >>> from forvent.assess.loyalty import fit_from_parameters, histories_of_arrays
    >>> fit = fit_from_parameters("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> one = histories_of_arrays(repeats=[2], recency=[30.43], age=[38.86])
    >>> round(past_forecast(fit, histories=one, until=date(1997, 9, 30), days=273).expected, 3)
    1.226
    """
    total = total_ahead(fit, histories=histories, weeks=days / DAYS_A_WEEK)
    # A 95 % interval is some four standard deviations wide.
    spread = (total.high - total.low) / (2 * 1.959964)
    bought = round(float(histories.later.sum()))
    return PastForecast(until, days, total.n, total.value, spread, bought)


def spread_of_past(past: Sequence[PastForecast]) -> float:
    r"""Relative standard deviation by which past forecasts missed beyond chance; 0 if they did not.

    .. math:: s^2=\max\Bigl(0,\ \frac1J\sum_j\frac{(y_j-\hat y_j)^2-\sigma_j^2}{\hat y_j^2}\Bigr)

    Parameters
    ----------
    past
        Forecasts of windows that do not overlap.

    Returns
    -------
    float
        At least 0; a share of the forecast.

    Source
    ------
    Our own definition (method of moments), docs/formulas/assess-loyalty.md#total.

    Examples
    --------
    >>> spread_of_past([PastForecast(date(2024, 1, 1), 30, 50, 100.0, 6.0, 110)])
    0.08
    """
    missed = [
        ((one.bought - one.expected) ** 2 - one.spread**2) / one.expected**2
        for one in past
        if one.expected > 0
    ]
    return math.sqrt(max(0.0, sum(missed) / len(missed))) if missed else 0.0


def _root_mean_square(values: Floats) -> float:
    return math.sqrt(float(np.mean(np.square(values))))
