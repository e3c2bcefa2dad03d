"""Which products are bought together more often than chance brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.recommendations.baskets import Baskets
from forvent.assess.recommendations.chance import expected_together
from forvent.records import Estimate, NotEnough
from forvent.stats import benjamini_hochberg, check_level

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

#: Customers who bought a product, and both of a pair, below which nothing is said of it.
LEAST_BUYERS, LEAST_TOGETHER = 10, 5
#: Customers with two products or more, below which nothing is said at all.
LEAST_BASKETS = 50
#: Products that are compared, the most bought first; customers with more products than this are no persons.
MOST_PRODUCTS, MOST_BOUGHT = 1_500, 500
FEW_BASKETS = "too few customers bought two products that are bought often enough"
#: Pairs on which the spread of lifts is fitted, at most.
_MOST_FITTED = 400_000


@dataclass(frozen=True, eq=False)
class Together:
    """Which products are bought together; ``products`` are the codes of those compared, shape (p,), rising.

    ``count`` are customers who bought both of two, (p, p), on the diagonal those who bought one; ``expected``
    how many would have bought both by chance. ``strength`` is how many expected customers the drawing of
    lifts towards 1 is worth. ``first`` < ``second`` are places of pairs that are findings, (m,), with their
    ``false_rate``, the highest lift first; ``comparisons`` counts all pairs.
    """

    products: Codes
    count: NDArray[np.int32]
    expected: Floats
    strength: float
    first: Codes
    second: Codes
    false_rate: Floats
    comparisons: int
    left_out: Mapping[str, int]

    @cached_property
    def lifts(self) -> Floats:
        """Lifts drawn towards 1, (p, p); 1 on the diagonal."""
        lifts: Floats = (self.count + self.strength) / (self.expected + self.strength)
        np.fill_diagonal(lifts, 1.0)
        return lifts


def bought_together(
    baskets: Baskets, *, sold: Flags | None = None, false_share: float = 0.05
) -> Together | NotEnough:
    r"""Pairs of products that more customers bought both of than chance brings.

    Of customers with at least two products, :math:`O_{ij}` bought both and :math:`E_{ij}` would have by
    chance (:func:`expected_together`). The p value is the upper tail of a Poisson count with mean
    :math:`E_{ij}`, which is too large rather than too small for a sum of independent customers; pairs that
    few bought count with p = 1, and the false discovery rate is controlled over all of them. With the true
    lifts spread as a gamma with mean 1 and shape :math:`\tau` (by maximum likelihood), the lift given the
    count is

    .. math:: \hat\lambda_{ij} = \frac{O_{ij} + \tau}{E_{ij} + \tau}.

    Parameters
    ----------
    baskets
        What each customer bought.
    sold
        Products that may be looked at, shape (products,); all where None.
    false_share
        Share of the pairs called findings that may be false, inside (0, 1).

    Returns
    -------
    Together or NotEnough
        All counts, and the pairs up to that rate.

    Source
    ------
    DuMouchel (1999), American Statistician 53(3), 177–190 (one gamma instead of two); Saracco et al. (2017),
    New Journal of Physics 19, 053022.

    Examples
    --------
    Two groups of customers with two favourites each:

    >>> who = np.repeat(np.arange(100), 2)
    >>> what = np.where(who < 50, 0, 2) + np.tile([0, 1], 100)
    >>> bought = Baskets(who, what, np.ones(200, int), np.zeros(200, int), 100, 4)
    >>> found = bought_together(bought)
    >>> [(a, b, int(found.count[a, b])) for a, b in zip(found.first.tolist(), found.second.tolist())]
    [(0, 1, 50), (2, 3, 50)]
    """
    kept, products, left_out = _compared(baskets, sold)
    sizes = np.bincount(baskets.customer[kept], minlength=baskets.customers)
    several = int((sizes >= 2).sum())
    if several < LEAST_BASKETS:
        return NotEnough(n=several, needed=LEAST_BASKETS, why=FEW_BASKETS)
    kept &= sizes[baskets.customer] >= 2
    counts = _counted(baskets, kept, products)
    different, number = np.unique(sizes[sizes >= 2], return_counts=True)
    buyers = counts.diagonal().astype(np.int64)
    # A product that nobody with two products bought has no pair.
    bought = np.flatnonzero(buyers > 0)
    counts, products = counts[np.ix_(bought, bought)], products[bought]
    expected = expected_together(buyers[bought], sizes=different, counts=number)
    return _found(counts, expected, products=products, false_share=false_share, left_out=left_out)


def shrunk_lift(count: int, *, expected: float, strength: float, level: float = 0.95) -> Estimate:
    r"""How many times as many customers as by chance bought both, drawn towards 1 where little is known.

    Given the count the lift is gamma with shape :math:`O+\tau` and rate :math:`E+\tau`: its mean, and its
    quantiles as limits.

    Parameters
    ----------
    count
        Customers of both.
    expected
        Customers of both by chance, above 0.
    strength
        Shape of the gamma of all lifts, above 0.
    level
        Probability of the limits, inside (0, 1).

    Returns
    -------
    Estimate
        Lift with its limits; n is the count.

    Source
    ------
    DuMouchel (1999), American Statistician 53(3), 177–190 (one gamma instead of two).

    Examples
    --------
    >>> found = shrunk_lift(20, expected=10.0, strength=10.0)
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (1.5, 1.01, 2.08)
    """
    # Imported here: it takes longer to load than most commands to run.
    from scipy.special import gammaincinv

    check_level(level)
    shape, rate = count + strength, expected + strength
    low, high = (float(gammaincinv(shape, part)) / rate for part in ((1 - level) / 2, (1 + level) / 2))
    return Estimate(shape / rate, low, high, count, level)


def _compared(baskets: Baskets, sold: Flags | None) -> tuple[Flags, Codes, dict[str, int]]:
    """Places of products that are compared, of customers who may be persons; and what was left out."""
    robots = baskets.sizes > MOST_BOUGHT
    often = baskets.buyers >= LEAST_BUYERS
    known = baskets.buyers > 0
    candidates = often if sold is None else often & sold
    ranked = np.flatnonzero(candidates)
    ranked = ranked[np.argsort(-baskets.buyers[ranked], kind="stable")]
    products = np.sort(ranked[:MOST_PRODUCTS])
    chosen = np.zeros(baskets.products, dtype=np.bool_)
    chosen[products] = True
    left_out = {
        "customers_too_many_products": int(robots.sum()),
        "products_too_few_customers": int((known & ~often).sum()),
        "products_no_longer_bought": int((often & ~candidates).sum()),
        "products_beyond_the_most_bought": int(candidates.sum()) - len(products),
    }
    return chosen[baskets.product] & ~robots[baskets.customer], products, left_out


def _counted(baskets: Baskets, kept: Flags, products: Codes) -> NDArray[np.int32]:
    """Customers who bought each two products; on the diagonal those who bought one."""
    # Imported here: it takes longer to load than most commands to run.
    from scipy.sparse import csr_array

    place = np.full(baskets.products, -1, dtype=np.int64)
    place[products] = np.arange(len(products))
    ones = np.ones(int(kept.sum()), dtype=np.int32)
    shape = (baskets.customers, len(products))
    bought = csr_array((ones, (baskets.customer[kept], place[baskets.product[kept]])), shape=shape)
    counts: NDArray[np.int32] = (bought.T @ bought).toarray()
    return counts


def _found(
    count: NDArray[np.int32],
    expected: Floats,
    *,
    products: Codes,
    false_share: float,
    left_out: Mapping[str, int],
) -> Together:
    # Imported here: it takes longer to load than most commands to run.
    from scipy.special import gammainc

    first, second = np.triu_indices(len(products), k=1)
    seen_count, chance = count[first, second].astype(np.float64), expected[first, second]
    p_values = np.ones(first.size)
    seen = (seen_count >= LEAST_TOGETHER) & (chance > 0.0)
    # P(X ≥ k) of a Poisson count is the regularised lower incomplete gamma function.
    p_values[seen] = np.clip(gammainc(seen_count[seen], chance[seen]), 0.0, 1.0)
    false_rate = benjamini_hochberg(p_values)
    strength = _strength(seen_count, chance)
    called = np.flatnonzero(seen & (false_rate <= false_share))
    lifts = (seen_count[called] + strength) / (chance[called] + strength)
    order = called[np.argsort(-lifts, kind="stable")]
    return Together(
        products=products,
        count=count,
        expected=expected,
        strength=strength,
        first=first[order],
        second=second[order],
        false_rate=false_rate[order],
        comparisons=int(first.size),
        left_out=left_out,
    )


def _strength(count: Floats, expected: Floats) -> float:
    """Shape of the gamma of true lifts with mean 1, by maximum likelihood; 0.05 to 1000."""
    # Imported here: they take longer to load than most commands to run.
    from scipy.optimize import minimize_scalar

    # As above.
    from scipy.special import gammaln

    # Every so many-th pair: the same pairs in every run.
    step = max(1, count.size // _MOST_FITTED)
    some, chance = count[::step], expected[::step]
    some, chance = some[chance > 0.0], chance[chance > 0.0]

    def loss(log_shape: float) -> float:
        shape = np.exp(log_shape)
        told = gammaln(some + shape) - gammaln(shape) + shape * log_shape
        return float(-(told - (some + shape) * np.log(chance + shape)).sum())

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(1000.0)), method="bounded")
    return float(np.exp(found.x))
