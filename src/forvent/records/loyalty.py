"""How customers come back: the model of their purchases, what is ahead, and what is at risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.records.numbers import Estimate, NotEnough
from forvent.records.reading import ReadingReport
from forvent.records.recommendations import Recommendations

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PurchaseFit:
    """A model of repeat purchases, fitted by maximum likelihood; times are in weeks.

    ``parameters`` by the symbols of the papers (r, alpha, a, b; early and early_weeks where there are
    any), ``limits`` their intervals at ``level``. ``converged`` is True where the best start ended at a flat
    place inside the bounds; ``starts`` is how many were tried, ``agreeing`` how many ended at the same
    likelihood. ``covariance`` is that of the logs of the parameters, in their order. ``months`` are what
    each past month was worth beside a usual one (1), the newest first, ``months_spread`` the standard
    deviation of their logs; empty where the model knows none.
    """

    model: str
    parameters: Mapping[str, float]
    limits: Mapping[str, tuple[float, float]]
    level: float
    converged: bool
    trouble: str
    starts: int
    agreeing: int
    log_likelihood: float
    aic: float
    customers: int
    repeats: int
    covariance: Floats
    months: tuple[float, ...] = ()
    months_spread: float = 0.0


@dataclass(frozen=True, slots=True)
class SpendFit:
    """Gamma–Gamma model of the value of a purchase, fitted by maximum likelihood.

    ``mean`` is the mean over customers of the value of their purchases; NotEnough where it does not exist
    (q ≤ 1). ``correlation`` is that of number and value of purchases among repeat buyers, which the
    model takes for none.
    """

    parameters: Mapping[str, float]
    limits: Mapping[str, tuple[float, float]]
    level: float
    converged: bool
    starts: int
    agreeing: int
    log_likelihood: float
    customers: int
    mean: Estimate | NotEnough
    correlation: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What each customer is expected to buy in the time ahead; arrays of shape (n,).

    ``low`` and ``high`` hold the number of purchases that will come with probability of at least ``level``;
    ``spread`` is their standard deviation, ``active`` the probability that the customer has not left.
    ``expected`` is the mean, right for sums and squared errors; ``median`` the number that as many customers
    like this one stay below as above, right for absolute errors: mostly 0 where most buy nothing.
    """

    expected: Floats
    low: Floats
    high: Floats
    spread: Floats
    active: Floats
    level: float
    median: Floats


@dataclass(frozen=True, slots=True)
class PastForecast:
    """A forecast as it would have been made on a day in the past, and what came.

    ``expected`` and ``bought`` count purchases of the customers known at ``until`` in the ``days`` after it;
    ``spread`` is the standard deviation of ``bought`` by chance and parameters.
    """

    until: date
    days: int
    customers: int
    expected: float
    spread: float
    bought: int


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The forecast beside what the file says came after ``until``.

    ``days`` is how much of the horizon the file covers; ``expected`` is for these days. ``error`` and
    ``squared_error`` are means over customers of |expected − bought| and of its square (its root), ``same_``
    those of "as many as in as many days before"; ``median_error`` is ``error`` with the median of each
    customer for the mean. ``inside`` is the share of customers whose purchases lie
    in their interval.
    """

    days: int
    bought: int
    expected: Estimate
    same: int
    error: float
    squared_error: float
    same_error: float
    same_squared_error: float
    inside: float
    median_error: float


@dataclass(frozen=True, slots=True, eq=False)
class CustomerOutlooks:
    """The customers, one place each in every array; NaN where a value is not known.

    ``repeats`` counts days with a purchase after the first, ``recency_days`` from the first to the last
    purchase, ``age_days`` from the first to ``until``. ``mean_value`` is the expected value of a purchase,
    ``value`` that of all in the time ahead.
    """

    names: tuple[str, ...]
    repeats: Floats
    recency_days: Floats
    age_days: Floats
    outlook: Outlook
    mean_value: Floats
    value: Floats
    spent: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Loyalty:
    """All that one look at the purchases of a file found.

    ``purchases`` is what all known customers will buy in the ``horizon`` days after ``until``, with an
    interval for what comes, ``value`` their money. ``candidates`` are all models that were fitted, the one
    with the lowest AIC (``fit``) first; the forecast is the mean of theirs. ``model_spread`` is the relative
    standard deviation by which past forecasts missed beyond chance, ``past`` those forecasts.
    ``recommendations`` is None where they were not asked for.
    """

    until: date
    horizon: int
    level: float
    fit: PurchaseFit | NotEnough
    candidates: tuple[PurchaseFit, ...]
    purchases: Estimate | NotEnough
    spend: SpendFit | NotEnough
    value: Estimate | NotEnough
    repeat_share: Estimate
    came_back: Estimate | NotEnough
    referral_share: Estimate | NotEnough
    referral_value: Estimate | NotEnough
    past: tuple[PastForecast, ...]
    model_spread: float | None
    held_out: HeldOut | NotEnough
    customers: CustomerOutlooks
    left_out: Mapping[str, int]
    notes: tuple[str, ...]
    file: ReadingReport
    recommendations: Recommendations | None = None


@dataclass(frozen=True, slots=True)
class Returning:
    """Who comes back by the record of episodes, each episode being a purchase.

    ``purchases`` is what the ``customers`` known at ``until`` will buy in the ``horizon`` days after it,
    with an interval for what comes; ``came_back`` the share of those known for so long who bought again
    within so many days; ``past`` are such forecasts of the past beside what came.
    """

    until: date
    horizon: int
    level: float
    customers: int
    purchases: Estimate | NotEnough
    repeat_share: Estimate | NotEnough
    came_back: Estimate | NotEnough
    past: tuple[PastForecast, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueAtRisk:
    """What is ahead of the customers who found an expectation unmet; it goes with the gap, no more.

    ``unit`` is money where the purchases say what was paid, else purchases.
    ``exposed`` is the expected value of those customers who said so, ``share`` the share of the value of
    those who judged it, and ``behind`` that share of the value of all customers.
    """

    expectation: str
    customers: int
    judged: int
    exposed: float
    share: Estimate | NotEnough
    behind: Estimate | NotEnough
    unit: str = "money"
