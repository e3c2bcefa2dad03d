"""What each customer has bought up to a day, as codes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Baskets:
    """The different products of each customer: one place a customer and product, sorted by both.

    ``times`` counts the days on which the customer bought it, ``last`` is the latest of them; ``customers``
    and ``products`` say how many codes there are.
    """

    customer: Codes
    product: Codes
    times: Codes
    last: Codes
    customers: int
    products: int

    @cached_property
    def buyers(self) -> Codes:
        """Customers who bought each product, shape (products,)."""
        return np.bincount(self.product, minlength=self.products).astype(np.int64)

    @cached_property
    def sizes(self) -> Codes:
        """Different products of each customer, shape (customers,)."""
        return np.bincount(self.customer, minlength=self.customers).astype(np.int64)

    @cached_property
    def keys(self) -> Codes:
        """A number for each customer and product, rising."""
        return self.customer * self.products + self.product

    def bought_since(self, day: int) -> Codes:
        """Customers who bought each product after a day, shape (products,)."""
        late = self.last > day
        return np.bincount(self.product[late], minlength=self.products).astype(np.int64)


def baskets(
    customer: Codes, *, product: Codes, day: Codes, until: int, customers: int, products: int
) -> Baskets:
    """Different products of each customer, bought up to the end of a day.

    Parameters
    ----------
    customer, product
        Codes of each purchase, shape (n,), from 0.
    day
        Its day, shape (n,).
    until
        Last day that counts.
    customers, products
        How many codes there are.

    Returns
    -------
    Baskets
        Several purchases of one product on one day count once.

    Source
    ------
    Our own definition, docs/formulas/assess-recommendations.md#together.

    Examples
    --------
    >>> who, what, when = np.array([0, 0, 0, 1]), np.array([2, 2, 1, 2]), np.array([5, 6, 9, 6])
    >>> found = baskets(who, product=what, day=when, until=8, customers=2, products=3)
    >>> found.product.tolist(), found.times.tolist(), found.buyers.tolist()
    ([2, 2], [2, 1], [0, 0, 2])
    """
    known = day <= until
    # A day counts once: sorted by customer, product and day, equal neighbours are the same day.
    order = np.lexsort((day[known], product[known], customer[known]))
    who, what, when = (part[known][order] for part in (customer, product, day))
    new = np.ones(who.size, dtype=np.bool_)
    new[1:] = (who[1:] != who[:-1]) | (what[1:] != what[:-1])
    other_day = new.copy()
    other_day[1:] |= when[1:] != when[:-1]
    place = np.cumsum(new) - 1
    count = int(new.sum())
    times = np.bincount(place[other_day], minlength=count).astype(np.int64)
    last = np.zeros(count, dtype=np.int64)
    last[place] = when  # rising within a place, so the latest stays
    return Baskets(who[new], what[new], times, last, customers, products)
