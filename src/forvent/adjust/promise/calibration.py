"""From what is expected of a case to a promise that is kept as often as was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats
from forvent.adjust.promise.shapes import LOG, PLAIN, SHAPES, Scale
from forvent.stats import ended_quantiles

#: Cases after which an earlier case counts half; the last one never forgets.
HALF_LIVES = (100.0, 400.0, 1600.0, np.inf)
WAYS = len(SHAPES) * len(HALF_LIVES)
#: Latest cases that are looked at.
WINDOW = 4000
#: Cases of a group that weigh as much as all its parent.
PARENT = 100.0
LEAST_OF_GROUP = 10


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is known at a moment of cases that were expected before they ended; arrays of m cases.

    ``expected`` is of shape (m, shapes), ``shift`` that of the logarithm when each was expected,
    ``amount`` the amount of a closed case and what has passed of an open one.
    """

    expected: Floats
    shift: Floats
    amount: Floats
    open_mask: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Number of cases."""
        return self.amount.size


def weights_by_half_life(n: int) -> Floats:
    """Weights of n cases in the order of their start, one row for each half-life."""
    age = np.arange(n)[::-1]
    return np.stack([0.5 ** (age / half) for half in HALF_LIVES])


def offsets(seen: Seen, *, chosen: Floats, aimed: Floats) -> Floats:
    """How far above what is expected a promise must lie, on the scale of each shape.

    The quantile of the past scores (amount less expected), with open cases by Kaplan–Meier and
    the count of effective cases n corrected to the conformal rank, level · (n + 1) / n.

    Parameters
    ----------
    seen
        Past cases.
    chosen
        Levels that were chosen, shape (s,).
    aimed
        Levels to aim at instead, shape (s,); where they cannot be reached, the largest score
        that was seen is taken.

    Returns
    -------
    Floats
        Shape (shapes, half-lives, s); inf where the chosen level cannot be reached, not by a longer
        memory either: too few cases, or too many of them still open. NaN where a shape expects nothing.

    Examples
    --------
    Of nine cases nothing was expected. Eight in ten are held by the eighth of them (0.8 of 9 + 1), whatever
    the half-life:

    >>> amounts, share = np.arange(1.0, 10.0), np.array([0.8])
    >>> seen = Seen(np.zeros((9, len(SHAPES))), np.ones(9), amounts, np.zeros(9, dtype=np.bool_))
    >>> float(offsets(seen, chosen=share, aimed=share)[0, -1, 0])
    8.0
    """
    found = np.full((len(SHAPES), len(HALF_LIVES), chosen.size), np.nan)
    # An open case of which nothing is known (-inf) says nothing on any scale.
    stretched = np.where(np.isneginf(seen.amount), -np.inf, np.log(np.maximum(seen.amount, 0.0) + seen.shift))
    for place, shape in enumerate(SHAPES):
        amounts = stretched if shape.scale == LOG else seen.amount
        scores = amounts - seen.expected[:, place]
        there = np.isfinite(scores)
        if there.any():
            found[place] = _quantiles(scores[there], seen.open_mask[there], chosen=chosen, aimed=aimed)
    return found


def _quantiles(scores: Floats, open_mask: NDArray[np.bool_], *, chosen: Floats, aimed: Floats) -> Floats:
    weights = weights_by_half_life(scores.size)
    effective = weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1)
    more = (1.0 + 1.0 / effective)[:, None]
    asked = np.concatenate([chosen * more, aimed * more], axis=1)
    reached = ended_quantiles(scores, open_mask, weights=weights, shares=np.minimum(asked, 2.0))
    least, wanted = reached[:, : chosen.size], reached[:, chosen.size :]
    largest = float(scores[~open_mask].max(initial=-np.inf))
    clipped = np.where(np.isfinite(wanted), wanted, largest)
    found = np.where(np.isfinite(least), clipped, np.inf)
    # A memory too short to have seen long cases asks the next longer one.
    for place in range(found.shape[0] - 2, -1, -1):
        found[place] = np.where(np.isfinite(found[place]), found[place], found[place + 1])
    return found


def promises_of_ways(expected: Floats, found: Floats, *, log: Scale) -> Floats:
    """Promise of each way to each case, shape (n, ways); never below 0 where amounts never are.

    Parameters
    ----------
    expected
        Shape (n, shapes).
    found
        Offsets at one level, shape (shapes, half-lives).
    log
        Scale of the logarithm.
    """
    parts = []
    for place, shape in enumerate(SHAPES):
        scaled = expected[:, place, None] + found[place][None, :]
        parts.append((log if shape.scale == LOG else Scale(PLAIN)).back(scaled))
    return np.concatenate(parts, axis=1)


def group_factors(
    ratio: Floats, open_mask: NDArray[np.bool_], groups: Sequence[NDArray[np.str_]], *, level: float
) -> list[dict[str, float]]:
    """By how much the promises of each group are stretched, shrunk towards its parent.

    ``groups`` go from the coarse to the fine; each finer one corrects what the coarser left. With n
    cases of a group the logarithm of its factor counts n / (n + 100).

    Parameters
    ----------
    ratio
        Amount against promise of past cases, shape (m,), positive.
    open_mask
        True where the amount is only what has passed.
    groups
        Labels of the cases, one array a depth.
    level
        Level that the group is to keep.

    Source
    ------
    Mondrian conformal prediction (Vovk, Gammerman & Shafer 2005, section 4.5); the shrinking is our
    own, docs/formulas/adjust-engine.md#groups.

    Examples
    --------
    A hundred cases of each group halve the way to its own factor: half of the promise, and twice as much.

    >>> ratio, groups = np.repeat([0.5, 2.0], 100), [np.repeat(["quick", "slow"], 100)]
    >>> factors = group_factors(ratio, np.zeros(200, dtype=np.bool_), groups, level=0.9)[0]
    >>> {name: round(factor, 3) for name, factor in factors.items()}
    {'quick': 0.707, 'slow': 1.414}
    """
    factors: list[dict[str, float]] = []
    left = ratio
    for labels in groups:
        found: dict[str, float] = {}
        for label in np.unique(labels):
            members = labels == label
            n = int(members.sum())
            if n < LEAST_OF_GROUP:
                continue
            share = min(level * (1.0 + 1.0 / n), 1.0)
            weights = np.ones((1, n))
            reached = ended_quantiles(
                left[members], open_mask[members], weights=weights, shares=np.array([share])
            )
            if np.isfinite(reached[0]) and reached[0] > 0:
                found[str(label)] = float(reached[0] ** (n / (n + PARENT)))
        left = left / np.array([found.get(str(label), 1.0) for label in labels])
        factors.append(found)
    return factors
