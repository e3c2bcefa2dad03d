"""Each driver's part of R², averaged over all orders in which drivers can enter (LMG, Shapley)."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forvent.errors import BadOption

Floats = NDArray[np.float64]
Reals = NDArray[np.floating[Any]]

#: Up to so many drivers every subset is fitted (2¹⁵ of them); beyond, orders are drawn.
MOST_EXACT = 15
#: A driver with less than this part of its spread left, beside those before it, adds nothing.
NOTHING_LEFT, NOTHING_LEFT_SINGLE = 1e-9, 1e-5
# Numbers that are worked on at once; more would leave the cache.
_AT_ONCE = 2_000_000


def shapley_parts(
    crosses: Floats, *, free: float | None = None, single: bool = False, sizes: Sequence[int] = ()
) -> Floats:
    r"""Part of R² of each driver over all subsets, exactly.

    .. math:: \mathrm{LMG}_j = \sum_{S\subseteq K\setminus j}
        \frac{|S|!\,(k-|S|-1)!}{k!}\,\bigl[R^2(S\cup j)-R^2(S)\bigr]

    All :math:`2^k` subsets are swept one driver at a time from one matrix of cross products, so
    that each costs a few operations and no subset is fitted anew.

    Parameters
    ----------
    crosses
        Centred cross products of the columns of k drivers and, last, of what they explain: shape
        (rounds, columns + 1, columns + 1).
    free
        Residual degrees of freedom before any driver enters; then R² is the adjusted one, which does
        not grow with drivers that explain nothing. The plain one if None.
    single
        Work in single precision, which is quicker and right to five digits.
    sizes
        Columns of each driver, where they are not one each: the columns of a driver stand beside one
        another and enter together.

    Returns
    -------
    NDArray
        Parts, shape (rounds, k); each row sums to R² of all drivers. Drivers that repeat one another
        share what they explain. Zero where there is nothing to explain.

    Raises
    ------
    BadOption
        If there are more than fifteen drivers.

    Source
    ------
    Lindeman, Merenda & Gold (1980), as set out by Grömping (2007), American Statistician 61(2), 139–147.

    Examples
    --------
    Two drivers that go together with 0.6 and 0.5 with the outcome, and with nothing of each other:

    >>> crosses = np.array([[[1.0, 0.0, 0.6], [0.0, 1.0, 0.5], [0.6, 0.5, 1.0]]])
    >>> shapley_parts(crosses).round(2).tolist()
    [[0.36, 0.25]]

    The same driver twice: each gets half.

    >>> twice = np.array([[[1.0, 1.0, 0.6], [1.0, 1.0, 0.6], [0.6, 0.6, 1.0]]])
    >>> shapley_parts(twice).round(2).tolist()
    [[0.18, 0.18]]
    """
    rounds = crosses.shape[0]
    sizes = tuple(sizes) or (1,) * (crosses.shape[1] - 1)
    drivers = len(sizes)
    if drivers > MOST_EXACT:
        raise BadOption(
            f"{drivers} drivers have too many subsets to fit them all.",
            hint=f"Draw orders instead; up to {MOST_EXACT} drivers go exactly.",
        )
    weights, inside = _weights(drivers)
    if free is not None:
        # Adjusted R²: what is left over its degrees of freedom, beside the whole over its own.
        weights = weights * _per_degree(free, np.array(sizes) @ inside)
    precision = np.float32 if single else np.float64
    weights, parts = weights.astype(precision), np.empty((rounds, drivers))
    step = max(1, _AT_ONCE // (3 * 2**drivers))
    for start in range(0, rounds, step):
        some = slice(start, start + step)
        parts[some] = -(
            weights @ _left_unexplained(_standard(crosses[some]).astype(precision), sizes=sizes)
        ).T
    return parts


def drawn_parts(
    crosses: Floats,
    *,
    orders: NDArray[np.int64],
    free: float | None = None,
    sizes: Sequence[int] = (),
) -> Floats:
    """Part of R² of each driver, averaged over drawn orders in which drivers enter.

    Parameters
    ----------
    crosses
        As for :func:`shapley_parts`, with any number of drivers.
    orders
        Orders of the k drivers, shape (orders, k).
    free
        As for :func:`shapley_parts`.
    sizes
        As for :func:`shapley_parts`.

    Returns
    -------
    NDArray
        Parts, shape (rounds, k); each row sums to R² of all drivers whatever the orders are.

    Source
    ------
    Castro, Gómez & Tejada (2009), Computers & Operations Research 36(5), 1726–1730.

    Examples
    --------
    >>> crosses = np.array([[[1.0, 0.0, 0.6], [0.0, 1.0, 0.5], [0.6, 0.5, 1.0]]])
    >>> drawn_parts(crosses, orders=np.array([[0, 1], [1, 0]])).round(2).tolist()
    [[0.36, 0.25]]
    """
    rounds, columns = crosses.shape[0], crosses.shape[1] - 1
    diagonal = np.arange(columns + 1)
    steady = crosses.copy()
    # A driver that repeats others must not stop the decomposition: it keeps next to nothing of its own.
    steady[:, diagonal, diagonal] += NOTHING_LEFT * np.maximum(steady[:, diagonal, diagonal], 1e-300) + 1e-300
    parts = np.zeros((rounds, columns))
    ends = np.cumsum(tuple(sizes) or (1,) * columns)
    starts = np.concatenate([[0], ends[:-1]])
    for order in orders:
        entering = np.concatenate([np.arange(starts[driver], ends[driver]) for driver in order])
        placed = np.append(entering, columns)
        lower = np.linalg.cholesky(steady[:, placed[:, None], placed[None, :]])
        gained: Floats = np.square(lower[:, -1, :-1], dtype=np.float64)
        if free is not None:
            gained = _adjusted(gained, total=crosses[:, -1, -1], free=free)
        parts[:, entering] += gained
    # What the columns of a driver gained one after the other, it gained as a whole.
    return _of_total(np.add.reduceat(parts, starts, axis=1) / len(orders), crosses)


def drawn_orders(rng: np.random.Generator, *, drivers: int, orders: int) -> NDArray[np.int64]:
    """Orders of drivers, drawn evenly; every second one is the one before it backwards.

    Parameters
    ----------
    rng
        Source of randomness, seeded by the caller.
    drivers
        Number of drivers.
    orders
        Number of orders, at least 2.

    Returns
    -------
    NDArray
        Orders, shape (orders, drivers).

    Source
    ------
    Mitchell et al. (2022), JMLR 23(43), section 3 (antithetic sampling).

    Examples
    --------
    >>> drawn_orders(np.random.default_rng(1), drivers=3, orders=2).sum(axis=0).tolist()
    [2, 2, 2]
    """
    half = [rng.permutation(drivers) for _ in range((orders + 1) // 2)]
    both = [order for drawn in half for order in (drawn, drawn[::-1])]
    return np.array(both[:orders], dtype=np.int64).reshape(orders, drivers)


def _per_degree(free: float, taken: NDArray[np.int64]) -> Floats:
    factors: Floats = free / np.maximum(free - taken, 1.0)
    return factors


def _of_total(parts: Floats, crosses: Floats) -> Floats:
    total = crosses[:, -1:, -1]
    shares: Floats = np.divide(parts, total, out=np.zeros_like(parts), where=total > 0.0)
    return shares


def _adjusted(gained: Floats, *, total: Floats, free: float) -> Floats:
    left = total[:, None] - np.concatenate([np.zeros((len(total), 1)), np.cumsum(gained, axis=1)], axis=1)
    steps: Floats = np.diff(left * _per_degree(free, np.arange(left.shape[1])), axis=1)
    return -steps


def _standard(crosses: Floats) -> Floats:
    """Correlations of cross products; all 0 where something does not differ."""
    spread = np.sqrt(np.maximum(np.diagonal(crosses, axis1=1, axis2=2), 0.0))
    inverse = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0.0)
    found: Floats = crosses * inverse[:, :, None] * inverse[:, None, :]
    return found


def _left_unexplained(crosses: Reals, *, sizes: Sequence[int]) -> Reals:
    """What each subset leaves unexplained, shape (2**k, rounds); bit j of the row says that j is in it.

    One driver at a time, every subset so far is kept as it is and once more with the driver swept out
    of the rest of the matrix. Rounds lie beside one another, so that each step is one pass over memory.
    """
    last = crosses.shape[1] - 1
    nothing = NOTHING_LEFT if crosses.dtype == np.float64 else NOTHING_LEFT_SINGLE
    rest = {
        (row, column): np.ascontiguousarray(crosses[None, :, row, column])
        for row in range(last + 1)
        for column in range(row, last + 1)
    }
    first = 0
    for size in sizes:
        without = {place: left for place, left in rest.items() if place[0] >= first + size}
        for column in range(first, first + size):
            rest = _swept(rest, column=column, last=last, nothing=nothing)
        rest = {place: np.concatenate([left, rest[place]]) for place, left in without.items()}
        first += size
    return rest[last, last]


def _swept(
    rest: dict[tuple[int, int], Reals], *, column: int, last: int, nothing: float
) -> dict[tuple[int, int], Reals]:
    """What is left of all later columns beside this one."""
    pivot = rest[column, column]
    inverse = np.divide(1, pivot, out=np.zeros_like(pivot), where=pivot > nothing)
    swept: dict[tuple[int, int], Reals] = {}
    for row in range(column + 1, last + 1):
        factor = rest[column, row] * inverse
        for other in range(row, last + 1):
            swept[row, other] = rest[row, other] - factor * rest[column, other]
    return swept


def _weights(drivers: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Weight of each subset in each driver's part, and whether the driver is in it: both (k, 2**k)."""
    subsets = np.arange(2**drivers)
    inside = (subsets[None, :] >> np.arange(drivers)[:, None]) & 1 == 1
    sizes = inside.sum(axis=0)
    of_size = np.array([factorial(s) * factorial(drivers - s - 1) for s in range(drivers)], dtype=np.float64)
    of_size /= factorial(drivers)
    entering = of_size[np.clip(sizes - 1, 0, drivers - 1)]
    staying = of_size[np.clip(sizes, 0, drivers - 1)]
    return np.where(inside, entering, -staying), inside
