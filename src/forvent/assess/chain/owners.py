"""Whose a fault is: owners beside all others, without ranking noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.records import ChainOwner
from forvent.stats import benjamini_hochberg
from forvent.stats.clusters import (
    ClusteredShare,
    ClusterSums,
    clustered_share,
    share_difference,
    share_difference_p,
)
from forvent.stats.fisher import fisher_p

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

MORE, LESS, UNDECIDED, TOO_FEW = "more often", "less often", "undecided", "too few"
LEAST_EPISODES = 10
MOST_OWNERS = 30


@dataclass(frozen=True, slots=True)
class Owners:
    """Owners that can be told, the differing ones first; and how many are not among them."""

    owners: tuple[ChainOwner, ...]
    too_few: int
    unknown: int
    beyond: int


def chain_owners(
    names: Sequence[str | None],
    *,
    faulty: Flags,
    customers: Codes,
    level: float = 0.95,
    most: int = MOST_OWNERS,
) -> Owners:
    """How often each owner's episodes have the fault, beside those of all others.

    Owners with fewer than 10 episodes are counted and not told: whoever comes first among many with few
    episodes comes there by chance. The others are held against the rest (Newcombe's interval, which
    knows that one customer may have several episodes, and Fisher's exact test) and judged over all of
    them together.

    Parameters
    ----------
    names
        Owner of each episode, length n; None or "" where unknown.
    faulty
        Whether it was dissatisfied by this fault, shape (n,).
    customers
        Code of its customer, shape (n,).
    level
        Confidence level; one minus it is the false discovery rate.
    most
        Owners to return at most: the differing ones, then those with most such episodes.

    Returns
    -------
    Owners
        Shares 0–1 with intervals.

    Source
    ------
    Newcombe (1998), Statistics in Medicine 17(8), 873–890.

    Examples
    --------
    >>> names = ["swift"] * 40 + ["crawl"] * 40 + ["new"] * 3
    >>> faulty = np.array([False] * 38 + [True] * 2 + [True] * 20 + [False] * 23)
    >>> found = chain_owners(names, faulty=faulty, customers=np.arange(83))
    >>> [(owner.name, owner.count, owner.verdict) for owner in found.owners], found.too_few
    ([('crawl', 20, 'more often'), ('swift', 2, 'less often')], 1)
    """
    known = np.array([bool(name) for name in names], dtype=np.bool_)
    values, codes = np.unique(
        np.array([name or "" for name in names], dtype=object)[known].astype(str), return_inverse=True
    )
    people = np.unique(customers[known], return_inverse=True)[1].reshape(-1)
    sides = _Sides(codes.reshape(-1), people, faulty[known])
    sizes = np.bincount(sides.owner, minlength=values.size)
    enough = [place for place in range(values.size) if _told(sides, place, size=int(sizes[place]))]
    pairs = [(sides.share(place, level), sides.share(place, level, rest=True)) for place in enough]
    rates = benjamini_hochberg([_p(own, rest) for own, rest in pairs])
    found = [
        _owner(str(values[place]), sides.count(place), own=own, rest=rest, rate=float(rate))
        for place, (own, rest), rate in zip(enough, pairs, rates, strict=True)
    ]
    found.sort(key=_order)
    return Owners(
        owners=tuple(found[:most]),
        too_few=values.size - len(enough),
        unknown=int((~known).sum()),
        beyond=max(0, len(found) - most),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """Episodes with a known owner: codes of owner and customer, and whether they have the fault."""

    owner: Codes
    customer: Codes
    faulty: Flags

    def count(self, owner: int) -> int:
        return int(self.faulty[self.owner == owner].sum())

    def share(self, owner: int, level: float, *, rest: bool = False) -> ClusteredShare:
        here = (self.owner != owner) if rest else (self.owner == owner)
        customer, faulty = self.customer[here], self.faulty[here].astype(np.float64)
        cases = np.bincount(customer).astype(np.float64)
        successes = np.bincount(customer, weights=faulty)
        sums = ClusterSums(
            clusters=int((cases > 0.0).sum()),
            cases=int(cases.sum()),
            successes=float(successes.sum()),
            cases_squared=float(cases @ cases),
            successes_squared=float(successes @ successes),
            products=float(successes @ cases),
        )
        return clustered_share(sums, level=level)


def _told(sides: _Sides, owner: int, *, size: int) -> bool:
    """Enough episodes, of more than one customer, with somebody to be held against."""
    if size < LEAST_EPISODES or sides.owner.size - size < LEAST_EPISODES:
        return False
    mine = sides.owner == owner
    return all(np.unique(sides.customer[here]).size > 1 for here in (mine, ~mine))


def _p(own: ClusteredShare, rest: ClusteredShare) -> float:
    """The larger of two: Newcombe's knows of customers, Fisher's is right where the fault is rare."""
    hits, others = (round(side.estimate.value * side.estimate.n) for side in (own, rest))
    exact = fisher_p(hits, own.estimate.n, other_successes=others, other_n=rest.estimate.n)
    return max(exact, share_difference_p(own, rest))


def _owner(name: str, count: int, *, own: ClusteredShare, rest: ClusteredShare, rate: float) -> ChainOwner:
    difference = share_difference(own.estimate, rest.estimate)
    verdict = UNDECIDED
    if rate <= round(1.0 - difference.level, 9):
        verdict = MORE if difference.value > 0.0 else LESS
    return ChainOwner(name, own.estimate.n, count, own.estimate, difference, rate, verdict)


def _order(owner: ChainOwner) -> tuple[int, int, str]:
    return ((MORE, LESS, UNDECIDED).index(owner.verdict), -owner.count, owner.name)
