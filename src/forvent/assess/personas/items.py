"""What customers mention, and how: shares of each group and of the rest, and how sure they differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.personas.mixture import Groups, belonging
from forvent.assess.personas.patterns import Patterns
from forvent.assess.personas.ratios import share_of
from forvent.stats.clusters import share_difference_p

Floats: TypeAlias = NDArray[np.float64]

#: Customers asked below which a share has no number.
LEAST_ASKED = 5.0


@dataclass(frozen=True, eq=False)
class Items:
    """Shares of G groups and I items, the expectations first and then the nuances; all of shape (G, I).

    ``asked`` and ``others`` count the customers of the group and of the rest whom an item is asked of,
    ``share`` and ``rest`` are the shares of these, ``effective`` and ``effective_rest`` the
    independent customers that the shares are worth, ``lift_spread`` the standard error of the
    logarithm of share / rest. ``p`` is the two-sided p value of the difference, NaN where it has none.
    """

    asked: Floats
    others: Floats
    share: Floats
    rest: Floats
    effective: Floats
    effective_rest: Floats
    lift_spread: Floats
    p: Floats


def items_of_groups(patterns: Patterns, *, groups: Groups, draws: Sequence[tuple[Patterns, Groups]]) -> Items:
    """The items of groups that were found; their spread comes from groups found anew in drawn customers.

    Parameters
    ----------
    patterns
        All customers.
    groups
        The groups found.
    draws
        Customers drawn with replacement, with the groups fitted to them, each group in its place.

    Returns
    -------
    Items
        Every customer counts in each group with the probability of belonging to it.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#apart.
    """
    asked, others, share, rest = _shares(patterns, groups)
    drawn = [_shares(*draw)[2:] for draw in draws]
    inside, outside = (np.array([draw[side] for draw in drawn]) for side in (0, 1))
    p = np.full(share.shape, np.nan)
    known = _known(asked, others)
    distance = np.abs(share - rest) / np.maximum((inside - outside).std(axis=0, ddof=1), 1e-12)
    p[known] = [math.erfc(one / math.sqrt(2.0)) for one in distance[known]]
    return Items(
        asked, others, share, rest,
        effective=_worth(share, inside.std(axis=0, ddof=1), asked),
        effective_rest=_worth(rest, outside.std(axis=0, ddof=1), others),
        lift_spread=np.std(_log(inside) - _log(outside), axis=0, ddof=1),
        p=p,
    )  # fmt: skip


def items_of_segments(asked: Floats, answered: Floats, *, others: Floats, others_answered: Floats) -> Items:
    """The items of segments that are known, from counts of customers.

    Parameters
    ----------
    asked, answered
        Customers of each segment whom an item is asked of, and of whom it is so, shape (G, I).
    others, others_answered
        The same of the rest.

    Returns
    -------
    Items
        Each customer counts once.

    Source
    ------
    Newcombe (1998), Statistics in Medicine 17(8), 873–890, method 10, for p; Katz et al. (1978),
    Biometrics 34(3), 469–474, for the lift.

    Examples
    --------
    >>> counts = [np.array([[number]]) for number in (50.0, 20.0, 100.0, 20.0)]
    >>> found = items_of_segments(counts[0], counts[1], others=counts[2], others_answered=counts[3])
    >>> found.share.item(), found.rest.item(), round(found.p.item(), 3)
    (0.4, 0.2, 0.009)
    """
    share, rest = answered / np.maximum(asked, 1.0), others_answered / np.maximum(others, 1.0)
    p = np.full(share.shape, np.nan)
    for at in zip(*np.nonzero(_known(asked, others)), strict=True):
        sides = ((share[at], asked[at]), (rest[at], others[at]))
        first, second = (share_of(value, n=n, effective=n, level=0.95) for value, n in sides)
        p[at] = share_difference_p(first, second)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(1.0 / answered - 1.0 / asked + 1.0 / others_answered - 1.0 / others)
    return Items(asked, others, share, rest, asked, others, spread, p)


def _shares(patterns: Patterns, groups: Groups) -> tuple[Floats, Floats, Floats, Floats]:
    belongs = (belonging(patterns, groups=groups)[0] * patterns.count[:, None]).T
    sizes = belongs.sum(axis=1, keepdims=True)
    said = np.hstack([belongs @ patterns.mentioned, belongs @ patterns.answered])
    asked = np.hstack([np.repeat(sizes, patterns.mentioned.shape[1], axis=1), belongs @ patterns.asked])
    others, others_said = asked.sum(axis=0) - asked, said.sum(axis=0) - said
    # The whole is the sum over the groups, so what is left of it is the rest.
    return asked, others, _divided(said, asked), _divided(others_said, others)


def _divided(part: Floats, whole: Floats) -> Floats:
    return np.clip(part / np.maximum(whole, 1e-9), 0.0, 1.0)


def _known(asked: Floats, others: Floats) -> NDArray[np.bool_]:
    return (asked >= LEAST_ASKED) & (others >= LEAST_ASKED)


def _worth(share: Floats, spread: Floats, asked: Floats) -> Floats:
    """Independent customers that would give the same spread, never more than there are."""
    return np.clip(share * (1.0 - share) / np.maximum(spread**2, 1e-12), 1.0, np.maximum(asked, 1.0))


def _log(share: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(share, 1e-9)))
