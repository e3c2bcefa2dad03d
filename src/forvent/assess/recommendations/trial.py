"""Recommendations as they would have been made in the past, beside two simple ways."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.recommendations.baskets import Baskets
from forvent.assess.recommendations.offered import Offers
from forvent.records import Estimate, NotEnough
from forvent.stats import check_level, wilson

Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

#: Customers with a recommendation who then bought something new, below which it was not tried.
LEAST_TRIED = 30
FEW_TRIED = "too few customers with a recommendation bought something new afterwards"


@dataclass(frozen=True, slots=True)
class Hits:
    """How many customers bought one of their list, in three ways, and how much the first leads the second."""

    customers: int
    recommended: Estimate
    popular: Estimate
    again: Estimate
    better: Estimate


def hits(
    offered: Offers, *, before: Baskets, after: Baskets, popularity: Codes, level: float = 0.95
) -> Hits | NotEnough:
    """How many of those who then bought something new bought one of the products of their list.

    All ways get lists of the same length, customer by customer. The popular list holds the products with the
    highest ``popularity`` that the customer had not bought; what was bought before, the products they bought
    most often, the latest first.

    Parameters
    ----------
    offered
        Recommendations from ``before`` alone.
    before, after
        What customers bought up to the day, and after it; with the same codes.
    popularity
        Of each product, shape (products,), as it was known on the day.
    level
        Confidence level.

    Returns
    -------
    Hits or NotEnough
        NotEnough below ``LEAST_TRIED`` customers.

    Source
    ------
    Our own definition, docs/formulas/assess-recommendations.md#trial; Herlocker et al. (2004), ACM TOIS
    22(1), 5–53.

    Examples
    --------
    >>> one = Baskets(np.array([0]), np.array([0]), np.array([1]), np.array([3]), 1, 2)
    >>> none = Offers(*(np.empty(0, int) for _ in range(3)))
    >>> hits(none, before=one, after=one, popularity=np.array([1, 0])).why
    'too few customers with a recommendation bought something new afterwards'
    """
    check_level(level)
    new = np.setdiff1d(after.keys, before.keys)
    tried = np.intersect1d(np.unique(offered.customer), new // before.products)
    if tried.size < LEAST_TRIED:
        return NotEnough(n=int(tried.size), needed=LEAST_TRIED, why=FEW_TRIED)
    length = np.bincount(offered.customer, minlength=before.customers)
    ours = _hit(offered.customer, offered.product, bought=new, tried=tried, products=before.products)
    popular = _popular_hit(tried, length=length, before=before, bought=new, popularity=popularity)
    again = _again_hit(tried, length=length, before=before, bought=after.keys)
    n = int(tried.size)
    return Hits(
        customers=n,
        recommended=wilson(int(ours.sum()), n, level=level),
        popular=wilson(int(popular.sum()), n, level=level),
        again=wilson(int(again.sum()), n, level=level),
        better=difference(ours, other=popular, level=level),
    )


def difference(hit: Flags, *, other: Flags, level: float) -> Estimate:
    r"""Share of one way less that of another on the same customers, with an interval.

    With :math:`b` customers hit by the first way alone, :math:`c` by the other alone and half a customer
    added to each of the four cells, :math:`\frac{b-c}{n+2} \pm z\sqrt{\frac{(b+c+1) -
    (b-c)^2/(n+2)}{(n+2)^2}}`; the value is
    :math:`(b-c)/n`.

    Parameters
    ----------
    hit, other
        Whether each customer was hit, shape (n,).
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        In −1…1.

    Source
    ------
    Agresti & Min (2005), Statistics in Medicine 24(5), 729–740.

    Examples
    --------
    >>> first = np.array([True] * 30 + [False] * 70)
    >>> found = difference(first, other=np.roll(first, 20), level=0.95)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (0.0, -0.123, 0.123)
    """
    n = hit.size
    alone, others = int((hit & ~other).sum()), int((other & ~hit).sum())
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    centre = (alone - others) / (n + 2)
    half = z * math.sqrt(alone + others + 1 - (alone - others) ** 2 / (n + 2)) / (n + 2)
    value = (alone - others) / n
    low, high = max(-1.0, centre - half), min(1.0, centre + half)
    return Estimate(value, min(low, value), max(high, value), n, level)


def _hit(customer: Codes, product: Codes, *, bought: Codes, tried: Codes, products: int) -> Flags:
    """Which of the tried customers bought one of the products listed for them."""
    found = customer[np.isin(customer * products + product, bought)]
    return np.isin(tried, found)


def _popular_hit(tried: Codes, *, length: Codes, before: Baskets, bought: Codes, popularity: Codes) -> Flags:
    ranked = np.argsort(-popularity, kind="stable")
    # Whoever has bought s products is offered one of the first s + length.
    most = int((before.sizes[tried] + length[tried]).max())
    ranked = ranked[:most]
    own: Flags = np.isin(tried[:, None] * before.products + ranked[None, :], before.keys)
    listed = ~own & (np.cumsum(~own, axis=1) <= length[tried][:, None])
    found: Flags = listed & np.isin(tried[:, None] * before.products + ranked[None, :], bought)
    return np.asarray(found.any(axis=1))


def _again_hit(tried: Codes, *, length: Codes, before: Baskets, bought: Codes) -> Flags:
    order = np.lexsort((before.product, -before.last, -before.times, before.customer))
    customer = before.customer[order]
    begins = np.flatnonzero(np.diff(customer, prepend=-1))
    rank = np.arange(order.size) - np.repeat(begins, np.diff(begins, append=order.size))
    listed = order[rank < length[customer]]
    return _hit(
        before.customer[listed],
        before.product[listed],
        bought=bought,
        tried=tried,
        products=before.products,
    )
