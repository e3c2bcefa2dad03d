"""How long deliveries truly take: kept probabilities and quantiles without simulation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

from forvent.simulate import shop

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Wait:
    """Orders that wait alike: their share of all, where, how, when, and the lognormal of their days.

    An order takes the drawn days rounded up to whole calendar days after the day it was placed.
    """

    weight: float
    region: str
    shipping: str
    slow: bool
    median_days: float
    spread: float
    promise_days: int

    def within(self, days: int) -> float:
        """Probability of a delivery at most so many calendar days after the order."""
        return _NORMAL.cdf(math.log(days / self.median_days) / self.spread) if days > 0 else 0.0


def slow_day(days: int) -> int:
    """Day of the record, counted from 0, from which on the carrier is slower."""
    return round(shop.SLOW_FROM * days)


def day_weights(start: date, *, days: int) -> tuple[float, ...]:
    """Share of the orders that fall on each day of the record, by its weekday."""
    weights = [shop.WEEKDAYS[(start + timedelta(days=day)).weekday()] for day in range(days)]
    return tuple(weight / sum(weights) for weight in weights)


def waits(start: date, *, days: int) -> Iterator[Wait]:
    """Every kind of order with its share and its distribution, before and after the change."""
    by_day = day_weights(start, days=days)
    before = sum(by_day[: slow_day(days)])
    for region in shop.REGIONS:
        for shipping, share in zip(shop.SHIPPINGS, region.shipping, strict=True):
            for slow, part in ((False, before), (True, 1.0 - before)):
                factor = region.slowdown if slow and shipping.by_carrier else 1.0
                yield Wait(
                    weight=region.share * share * part,
                    region=region.name,
                    shipping=shipping.name,
                    slow=slow,
                    median_days=region.median_days * shipping.factor * factor,
                    spread=region.spread,
                    promise_days=shipping.promise_days,
                )


def share_within(waits: Iterable[Wait], *, days: int) -> float:
    r"""True share of orders that are there at most so many calendar days after they were placed.

    With weights :math:`w_i`, medians :math:`m_i` and spreads :math:`s_i` of the kinds of order:
    :math:`\sum_i w_i\,\Phi(\ln(d/m_i)/s_i)\,/\sum_i w_i`.

    Parameters
    ----------
    waits
        Kinds of order; their weights need not add up to 1.
    days
        Calendar days.

    Returns
    -------
    float
        Share in 0–1; NaN if no kind has weight.

    Source
    ------
    Our own definition, docs/howto/sample-business.md.

    Examples
    --------
    Half of the orders take at most the median:

    >>> wait = Wait(1.0, "City", "home delivery", False, median_days=3.0, spread=0.4, promise_days=4)
    >>> share_within([wait], days=3)
    0.5
    """
    return _mean((wait.weight, wait.within(days)) for wait in waits)


def share_kept(waits: Iterable[Wait]) -> float:
    r"""True share of orders that come as promised: :math:`\sum_i w_i\,\Phi(\ln(d_i/m_i)/s_i)/\sum_i w_i`.

    Parameters
    ----------
    waits
        Kinds of order, each with its promise :math:`d_i` in calendar days.

    Returns
    -------
    float
        Share in 0–1; NaN if no kind has weight.

    Source
    ------
    Our own definition, docs/howto/sample-business.md.

    Examples
    --------
    >>> share_kept([Wait(1.0, "City", "home delivery", False, median_days=4.0, spread=0.4, promise_days=4)])
    0.5
    """
    return _mean((wait.weight, wait.within(wait.promise_days)) for wait in waits)


def days_for(waits: Iterable[Wait], *, level: float) -> int:
    """Fewest calendar days within which a share ``level`` of the orders is there.

    Parameters
    ----------
    waits
        Kinds of order, at least one with weight.
    level
        Share inside (0, 1).

    Returns
    -------
    int
        Whole days, 1 or more.

    Source
    ------
    Our own definition, docs/howto/sample-business.md.

    Examples
    --------
    >>> wait = Wait(1.0, "City", "home delivery", False, median_days=3.0, spread=0.4, promise_days=4)
    >>> days_for([wait], level=0.5), days_for([wait], level=0.95)
    (3, 6)
    """
    kinds = list(waits)
    days = 1
    while share_within(kinds, days=days) < level:
        days += 1
    return days


def _mean(weighted: Iterable[tuple[float, float]]) -> float:
    pairs = list(weighted)
    weight = sum(weight for weight, _ in pairs)
    return sum(weight * value for weight, value in pairs) / weight if weight else math.nan
