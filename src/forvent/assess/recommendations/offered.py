"""What is bought together → which products to whom, and because of what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.recommendations.baskets import Baskets
from forvent.assess.recommendations.together import LEAST_TOGETHER, Together

Singles: TypeAlias = NDArray[np.float32]
Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

#: Customers times products that are looked at at once, which bounds the memory.
_AT_ONCE = 5_000_000
#: Lists are drawn so many times longer than asked, for some products of them have no reason to be told.
_SPARE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """Products for customers, (n,), as codes: by customer, the best first; because of what they bought."""

    customer: Codes
    product: Codes
    because: Codes


def offers(
    together: Together,
    *,
    baskets: Baskets,
    wanted: Codes,
    popularity: Codes,
    most: int,
    refused: Codes | None = None,
) -> Offers:
    r"""The products that go best with what each customer bought, and which of theirs speaks most for each.

    A product :math:`j` that the customer has not bought scores

    .. math:: \ln(u_j + \tfrac12) + \sum_{i \in S} \ln\hat\lambda_{ij}

    with :math:`u_j` its popularity, :math:`S` what the customer bought and :math:`\hat\lambda` the lifts
    drawn towards 1: what they bought changes the odds of what is popular. Only products are offered that some
    product of the customer speaks for: with a lift above 1, and bought beside it by at least
    ``LEAST_TOGETHER`` customers. It takes the products of a basket for independent given the next, so scores
    order and are no probability.

    Parameters
    ----------
    together
        Counts and lifts of products.
    baskets
        What each customer bought.
    wanted
        Codes of the customers to look at.
    popularity
        Of each product, shape (products,), at least 0.
    most
        Products a customer, at most.
    refused
        Keys ``customer · products + product`` that are neither offered nor a reason, rising; None where there
        are none.

    Returns
    -------
    Offers
        Customers without any are not in it.

    Source
    ------
    Our own definition, docs/formulas/assess-recommendations.md#offers (naive Bayes over what was bought).

    Examples
    --------
    >>> count, expected = np.array([[9, 8], [8, 9]]), np.array([[0.0, 2.0], [2.0, 0.0]])
    >>> none = np.empty(0, dtype=np.int64)
    >>> found = Together(np.array([0, 1]), count, expected, 2.0, none, none, np.empty(0), 1, {})
    >>> who, what = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])
    >>> bought = Baskets(who, what, np.ones(4, int), np.zeros(4, int), 3, 2)
    >>> given = offers(found, baskets=bought, wanted=np.arange(3), popularity=bought.buyers, most=3)
    >>> given.customer.tolist(), given.product.tolist(), given.because.tolist()
    ([0, 2], [1, 0], [0, 1])
    """
    refused = np.empty(0, dtype=np.int64) if refused is None else refused
    held = _Held(together, baskets, wanted=wanted, refused=refused)
    ranked = np.log(popularity[together.products] + 0.5).astype(np.float32)
    parts = [_best(part, held=held, popular=ranked, most=most * _SPARE) for part in held.parts()]
    customer, product = (
        np.concatenate([np.empty(0, np.int64), *(of[number] for of in parts)]) for number in (0, 1)
    )
    because = held.reasons(customer, product)
    kept = because >= 0
    customer, product, because = customer[kept], product[kept], because[kept]
    begins = np.flatnonzero(np.diff(customer, prepend=-1))
    rank = np.arange(customer.size) - np.repeat(begins, np.diff(begins, append=customer.size))
    first = rank < most
    codes = together.products
    return Offers(customer[first], codes[product[first]], codes[because[first]])


class _Held:
    """What the wanted customers bought of the products that are compared, in places of these."""

    def __init__(self, together: Together, baskets: Baskets, *, wanted: Codes, refused: Codes) -> None:
        self.together, self._baskets, self._refused = together, baskets, refused
        self._place = np.full(baskets.products, -1, dtype=np.int64)
        self._place[together.products] = np.arange(len(together.products))
        asked = np.zeros(baskets.customers, dtype=np.bool_)
        asked[wanted] = True
        kept = asked[baskets.customer] & (self._place[baskets.product] >= 0)
        self.customer, self.product = baskets.customer[kept], self._place[baskets.product[kept]]
        # What was blamed is no reason for anything.
        self.counts = ~np.isin(baskets.keys[kept], refused)
        # Half the memory of double precision; scores only order.
        self.log_lifts = np.log(together.lifts).astype(np.float32)

    def parts(self) -> Iterator[slice]:
        """Places in parts that hold whole customers."""
        begins = np.flatnonzero(np.diff(self.customer, prepend=-1))
        step = max(1, _AT_ONCE // max(1, len(self.together.products)))
        edges = np.append(begins[::step], self.customer.size)
        for begin, end in itertools.pairwise(edges.tolist()):
            yield slice(begin, end)

    @property
    def refuses(self) -> bool:
        """Whether anything must not be offered to somebody."""
        return bool(self._refused.size)

    def never(self, customers: Codes) -> Flags:
        """What must not be offered, (customers, p)."""
        codes = self.together.products
        keys = customers[:, None] * self._baskets.products + codes[None, :]
        among: Flags = np.isin(keys, self._refused)
        return among

    def reasons(self, customer: Codes, product: Codes) -> Codes:
        """The place of the product that speaks most for each offer, −1 where none does."""
        begin = np.searchsorted(self.customer, customer, side="left")
        many = np.searchsorted(self.customer, customer, side="right") - begin
        offer = np.repeat(np.arange(customer.size), many)
        row = np.repeat(begin, many) + np.arange(offer.size) - np.repeat(np.cumsum(many) - many, many)
        bought, wanted = self.product[row], product[offer]
        lift = self.log_lifts[bought, wanted]
        told = self.counts[row] & (lift > 0.0) & (self.together.count[bought, wanted] >= LEAST_TOGETHER)
        offer, bought, lift = offer[told], bought[told], lift[told]
        order = np.lexsort((bought, -lift, offer))
        best = order[np.diff(offer[order], prepend=-1) != 0]
        reason = np.full(customer.size, -1, dtype=np.int64)
        reason[offer[best]] = bought[best]
        return reason


def _best(part: slice, *, held: _Held, popular: Singles, most: int) -> tuple[Codes, Codes]:
    """The best products of each customer of a part, by score."""
    # Imported here: it takes longer to load than most commands to run.
    from scipy.sparse import csr_array

    customers, row = np.unique(held.customer[part], return_inverse=True)
    product = held.product[part]
    shape = (customers.size, popular.size)
    # scipy carries no types.
    bought: Any = csr_array((held.counts[part].astype(np.float32), (row, product)), shape=shape)
    score = bought @ held.log_lifts
    score += popular[None, :]
    score[row, product] = -np.inf
    if held.refuses:
        score[held.never(customers)] = -np.inf
    most = min(most, popular.size)
    best = np.sort(np.argpartition(-score, most - 1, axis=1)[:, :most], axis=1)
    ranked = np.argsort(-np.take_along_axis(score, best, axis=1), axis=1, kind="stable")
    best = np.take_along_axis(best, ranked, axis=1)
    found = np.isfinite(np.take_along_axis(score, best, axis=1))
    return np.repeat(customers, found.sum(axis=1)), best[found]
