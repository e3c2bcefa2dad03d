"""How many groups there are, and whether they are found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.personas.mixture import Fitted, Groups, begun, belonging, fitted
from forvent.assess.personas.patterns import Patterns

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: More groups than a person can keep apart are not looked for.
MOST_GROUPS = 8
#: Starts, their short steps, and how many of the best go on to the end.
STARTS, SHORT, BEST, LONG = 8, 15, 2, 200
#: Gain of log-likelihood a customer at which halves and draws, of which there are many, stop.
NEARLY_DONE = 1e-5
#: Times the customers are halved.
SPLITS = 10
#: Overlap below which a group has dissolved, and from which it is stable.
DISSOLVED, STABLE = 0.5, 0.75
#: Splits that already show that a group dissolves.
FIRST_SPLITS = 3
#: Draws of the bootstrap.
ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Stability:
    """How alike the groups of halves are: ``overlap`` (2 · splits, groups) with the groups found in all
    customers, ``agreement`` (splits,) the adjusted Rand index of the two halves."""

    overlap: Floats
    agreement: Floats

    @property
    def holds(self) -> bool:
        """True where no group dissolves."""
        return bool((self.overlap.mean(axis=0) >= DISSOLVED).all())


@dataclass(frozen=True, eq=False)
class Grouping:
    """The groups that hold, the largest first; ``stability`` is None where there is one only.

    ``dropped`` counts the groups beyond these that the likelihood asked for and halves did not find again.
    """

    groups: Groups
    stability: Stability | None
    dropped: int


def grouping(patterns: Patterns, *, rng: np.random.Generator) -> Grouping:
    """The groups of customers that the likelihood asks for and that halves of the customers find again.

    The number of groups has the smallest BIC, counted with the customers who say two things or more. While a
    group overlaps by less than half with what halves of the customers show, there is one group fewer.

    Parameters
    ----------
    patterns
        What customers say; each mentions at least one expectation.
    rng
        Source of randomness, seeded by the caller.

    Returns
    -------
    Grouping
        At least one group.

    Source
    ------
    Schwarz (1978), Annals of Statistics 6(2), 461–464; Hennig (2007), Computational Statistics & Data
    Analysis 52(1), 258–271 (dissolution of clusters, by subsets).
    """
    tried = _tried(patterns, rng=rng)
    asked = min(tried, key=lambda one: (one.criterion(patterns.telling), one.groups.count))
    for found in sorted(tried, key=lambda one: -one.groups.count):
        if found.groups.count > asked.groups.count:
            continue
        groups = _by_size(found.groups)
        if groups.count == 1:
            break
        stability = _stability(patterns, groups, splits=FIRST_SPLITS, rng=rng)
        if stability.holds:
            more = _stability(patterns, groups, splits=SPLITS - FIRST_SPLITS, rng=rng)
            stability = Stability(
                np.vstack([stability.overlap, more.overlap]),
                np.concatenate([stability.agreement, more.agreement]),
            )
        if stability.holds:
            return Grouping(groups, stability, dropped=asked.groups.count - groups.count)
    return Grouping(groups, None, dropped=asked.groups.count - 1)


def redrawn(
    patterns: Patterns, *, groups: Groups, rng: np.random.Generator, rounds: int = ROUNDS
) -> list[tuple[Patterns, Groups]]:
    """Customers drawn with replacement, and the groups fitted anew to them, each group in its place.

    Parameters
    ----------
    patterns
        What customers say.
    groups
        The groups found in them, from which each round starts.
    rng
        Source of randomness, seeded by the caller.
    rounds
        Number of draws.

    Returns
    -------
    list of tuple
        Customers and groups of each round.

    Source
    ------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 6.2.
    """
    chances = patterns.count / patterns.count.sum()
    counts = rng.multinomial(int(patterns.customers), chances, size=rounds).astype(np.float64)
    drawn = [patterns.counted(count) for count in counts]
    return [(one, fitted(one, start=groups, steps=SHORT * 4, done=NEARLY_DONE).groups) for one in drawn]


def adjusted_rand(first: Codes, second: Codes, *, count: Floats) -> float:
    r"""How alike two partitions are: 1 for the same, 0 on average for two that have nothing in common.

    Parameters
    ----------
    first, second
        Group of each pattern, shape (p,), from 0.
    count
        Customers of each pattern, shape (p,).

    Returns
    -------
    float
        The index, at most 1; 1 too where both have one group only.

    Source
    ------
    Hubert & Arabie (1985), Journal of Classification 2, 193–218, equation 5.

    Examples
    --------
    >>> parts, others = np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])
    >>> adjusted_rand(parts, others, count=np.ones(4))
    1.0
    """
    table = np.zeros((int(first.max()) + 1, int(second.max()) + 1))
    np.add.at(table, (first, second), count)
    pairs = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    chance = rows * columns / _pairs(count.sum())
    most = (rows + columns) / 2.0
    return 1.0 if most == chance else float((pairs - chance) / (most - chance))


def _pairs(count: Floats) -> Floats:
    return count * (count - 1.0) / 2.0


def _tried(patterns: Patterns, *, rng: np.random.Generator) -> list[Fitted]:
    """The best fit for each number of groups, until two more do not pay."""
    tried = [fitted(patterns, start=begun(patterns, groups=1, rng=rng), steps=LONG)]
    best, best_at = tried[0].criterion(patterns.telling), 1
    for groups in range(2, MOST_GROUPS + 1):
        tried.append(_best(patterns, groups=groups, rng=rng))
        reached = tried[-1].criterion(patterns.telling)
        if reached < best:
            best, best_at = reached, groups
        elif groups >= best_at + 2:
            break
    return tried


def _best(patterns: Patterns, *, groups: int, rng: np.random.Generator) -> Fitted:
    short = _started(patterns, groups=groups, starts=STARTS, rng=rng)
    return max(
        (fitted(patterns, start=one.groups, steps=LONG) for one in short[:BEST]),
        key=lambda one: one.likelihood,
    )


def _started(patterns: Patterns, *, groups: int, starts: int, rng: np.random.Generator) -> list[Fitted]:
    """A few steps from each of several starts, the most likely first (Biernacki et al. 2003)."""
    begins = (begun(patterns, groups=groups, rng=rng) for _ in range(starts))
    return sorted(
        (fitted(patterns, start=one, steps=SHORT) for one in begins), key=lambda one: -one.likelihood
    )


def _by_size(groups: Groups) -> Groups:
    """The largest first; groups of one size by what they say."""
    order = np.lexsort((*groups.weights.T.round(9), -groups.sizes.round(9)))
    return Groups(groups.sizes[order], groups.weights[order], groups.nuances[order])


def _stability(patterns: Patterns, groups: Groups, *, splits: int, rng: np.random.Generator) -> Stability:
    known = belonging(patterns, groups=groups)[0].argmax(axis=1)
    overlaps, agreements = [], []
    for _ in range(splits):
        both = []
        for half in patterns.halves(rng=rng):
            start = _started(half, groups=groups.count, starts=STARTS // 2, rng=rng)[0].groups
            again = fitted(half, start=start, steps=LONG, done=NEARLY_DONE).groups
            both.append(belonging(patterns, groups=again)[0].argmax(axis=1))
            overlaps.append(_overlap(known, both[-1], count=patterns.count, groups=groups.count))
        agreements.append(adjusted_rand(both[0], both[1], count=patterns.count))
    return Stability(np.array(overlaps), np.array(agreements))


def _overlap(known: Codes, again: Codes, *, count: Floats, groups: int) -> Floats:
    """Largest Jaccard overlap of each group with any that was found again, shape (groups,)."""
    table = np.zeros((groups, groups))
    np.add.at(table, (known, again), count)
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
    # A group that nobody most likely belongs to overlaps with nothing.
    return np.asarray((table / np.maximum(union, 1.0)).max(axis=1))
