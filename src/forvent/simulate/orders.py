"""Orders: when, from where, how, and how many calendar days they took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.simulate import shop
from forvent.simulate.delivery import day_weights, slow_day

Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """n orders in the order of their start; arrays of shape (n,).

    ``day`` counts from the first day of the record, ``minute`` and ``arrival`` from midnight;
    ``length`` is in calendar days from order to delivery. ``region`` and ``shipping`` index
    the tuples of ``shop``. ``days`` is the length of the record.
    """

    customer: Codes
    day: Codes
    minute: Codes
    region: Codes
    shipping: Codes
    length: Codes
    arrival: Codes
    cancelled: Flags
    days: int

    @property
    def n(self) -> int:
        """Number of orders."""
        return self.day.size

    @property
    def promised(self) -> Codes:
        """Calendar days from order to promised day."""
        days: Codes = np.array([way.promise_days for way in shop.SHIPPINGS])[self.shipping]
        return days

    @property
    def delivered(self) -> Flags:
        """There before the record ends."""
        return ~self.cancelled & (self.day + self.length < self.days)

    @property
    def late(self) -> Flags:
        """Broke, or will break, the promise of the day."""
        return self.length > self.promised

    @property
    def overdue(self) -> Flags:
        """Still open at the end of the record, with the promised day over."""
        return ~self.cancelled & ~self.delivered & (self.day + self.promised + 1 < self.days)


def draw_orders(rng: np.random.Generator, *, customers: int, start: date, days: int) -> Orders:
    """Orders of all customers over the record."""
    counts = draw(rng, tuple(shop.ORDER_COUNTS.values()), n=customers)
    customer = np.repeat(np.arange(customers), np.array(tuple(shop.ORDER_COUNTS))[counts])
    n = customer.size
    day = draw(rng, day_weights(start, days=days), n=n)
    minute = 60 * draw(rng, shop.HOURS, n=n) + rng.integers(0, 60, n)
    order = np.lexsort((customer, minute, day))
    day = day[order]
    region = draw(rng, [region.share for region in shop.REGIONS], n=n)
    shipping = _shipping(rng, region)
    return Orders(
        customer=customer[order],
        day=day,
        minute=minute[order],
        region=region,
        shipping=shipping,
        length=_lengths(rng, region=region, shipping=shipping, slow=day >= slow_day(days)),
        arrival=rng.integers(9 * 60, 20 * 60, n),
        cancelled=rng.random(n) < shop.CANCELLED,
        days=days,
    )


def draw(rng: np.random.Generator, weights: ArrayLike, *, n: int) -> Codes:
    """n positions, each as likely as its weight."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Codes = np.searchsorted(edges, rng.random(n) * edges[-1], side="right")
    return found


def _shipping(rng: np.random.Generator, region: Codes) -> Codes:
    edges = np.cumsum([place.shipping for place in shop.REGIONS], axis=1)[region]
    return np.asarray((rng.random(region.size)[:, None] >= edges[:, :-1]).sum(axis=1), dtype=np.int64)


def _lengths(rng: np.random.Generator, *, region: Codes, shipping: Codes, slow: Flags) -> Codes:
    median = np.array([place.median_days for place in shop.REGIONS])[region]
    spread = np.array([place.spread for place in shop.REGIONS])[region]
    slowdown = np.array([place.slowdown for place in shop.REGIONS])[region]
    factor = np.array([way.factor for way in shop.SHIPPINGS])[shipping]
    carrier = np.array([way.by_carrier for way in shop.SHIPPINGS])[shipping]
    factor = factor * np.where(slow & carrier, slowdown, 1.0)
    drawn = median * factor * np.exp(spread * rng.standard_normal(region.size))
    whole: Codes = np.maximum(np.ceil(drawn), 1).astype(np.int64)
    return whole
