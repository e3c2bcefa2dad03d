"""Recommendations on simulated shops whose tastes are known: silent without tastes, speaking with them."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np
from benchmarks.assessment.rows import Row
from numpy.typing import NDArray

from forvent.assess.recommendations import Baskets, Hits, baskets, bought_together, hits, offers
from forvent.records import NotEnough

CUSTOMERS, PRODUCTS, GROUPS = 1500, 60, 5
#: Days known and the last day before the trial.
DAYS, CUT = 400, 300
#: How much more a customer likes the products of their group; 1 is no taste.
STRONG = 8.0
Codes = NDArray[np.int64]


def rows(runs: int) -> Iterator[Row]:
    """Shops without tastes and with strong ones, drawn anew."""
    plain = [_one(seed, strength=1.0) for seed in range(runs)]
    liked = [_one(seed, strength=STRONG) for seed in range(runs)]
    spoke = _share([better for *_, better in plain])
    yield _at_most("shops without tastes", "recommends something", spoke, most=0.025, runs=runs)
    false = _share([found > 0 for found, *_ in plain])
    yield _at_most("shops without tastes", "names a pair", false, most=0.05, runs=runs)
    right, found = (sum(one[place] for one in liked) for place in (1, 0))
    share = right / max(1, found)
    yield Row(
        "shops with tastes",
        "pairs named that were put in",
        f"{share:.1%} of {found}",
        "at least 95 %",
        share >= 0.95,
    )
    yield Row("shops with tastes", "recommends something", f"{_share([better for *_, better in liked]):.1%}")


def _one(seed: int, *, strength: float) -> tuple[int, int, bool]:
    """Pairs found, those put in, and whether recommendations surely beat the most popular products."""
    who, what, when = _shop(np.random.default_rng(seed), strength)
    known = _baskets(who, what, when, until=DAYS)
    together = bought_together(known)
    if isinstance(together, NotEnough):
        return 0, 0, False
    first, second = together.products[together.first], together.products[together.second]
    right = int((first % GROUPS == second % GROUPS).sum()) if strength > 1.0 else 0
    return first.size, right, _beats(who, what, when)


def _beats(who: Codes, what: Codes, when: Codes) -> bool:
    before, late = _baskets(who, what, when, until=CUT), when > CUT
    after = _baskets(who[late], what[late], when[late], until=DAYS)
    together = bought_together(before)
    if isinstance(together, NotEnough):
        return False
    popularity = before.bought_since(CUT - (DAYS - CUT))
    given = offers(together, baskets=before, wanted=np.arange(CUSTOMERS), popularity=popularity, most=3)
    tried = hits(given, before=before, after=after, popularity=popularity)
    return isinstance(tried, Hits) and tried.better.low > 0.0


def _baskets(who: Codes, what: Codes, when: Codes, *, until: int) -> Baskets:
    return baskets(who, product=what, day=when, until=until, customers=CUSTOMERS, products=PRODUCTS)


def _shop(rng: np.random.Generator, strength: float) -> tuple[Codes, Codes, Codes]:
    popular = 1 / np.arange(1, PRODUCTS + 1) ** 0.7
    many = 1 + rng.poisson(rng.gamma(0.8, 6.0, CUSTOMERS))
    who = np.repeat(np.arange(CUSTOMERS), many)
    what = np.empty(who.size, dtype=np.int64)
    for group in range(GROUPS):
        liked = popular * np.where(np.arange(PRODUCTS) % GROUPS == group, strength, 1.0)
        mine = who % GROUPS == group
        what[mine] = rng.choice(PRODUCTS, int(mine.sum()), p=liked / liked.sum())
    return who, what, rng.integers(0, DAYS, who.size)


def _at_most(on: str, name: str, share: float, *, most: float, runs: int) -> Row:
    bar = most + 4 * sqrt(most * (1 - most) / runs)
    return Row(on, name, f"{share:.1%} of {runs}", f"at most {bar:.1%}", share <= bar)


def _share(told: list[bool]) -> float:
    return sum(told) / len(told)
