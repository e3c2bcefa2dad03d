"""How much of satisfaction each touchpoint's ratings go together with, and how firm that order is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.assess.drivers.fits import Fits
from forvent.assess.drivers.shapley import MOST_EXACT, drawn_orders, drawn_parts, shapley_parts
from forvent.records import Estimate
from forvent.stats import percentile_interval

Floats = NDArray[np.float64]

#: Drawn orders behind the importances themselves, and behind each bootstrap round, beyond fifteen drivers.
ORDERS, ORDERS_A_ROUND = 2000, 40
# Parts that the orders are cut into, to see how far they lie from one another.
_CUTS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Importance:
    """Parts of R² of the touchpoints used, shape (u,), and their draws, shape (rounds, u); none below 0.

    ``explained`` is R² of all together: on the answers and then in each bootstrap round. Where orders were
    drawn, ``error`` is the largest standard error that this leaves in a part; else 0.
    """

    parts: Floats
    draws: Floats
    explained: Floats
    sampled: bool
    error: float = 0.0

    @property
    def shares(self) -> tuple[Floats, Floats]:
        """Parts of what all touchpoints explain, and their draws; NaN where nothing is explained."""
        return _of_sum(self.parts), _of_sum(self.draws)

    @property
    def ranks(self) -> tuple[Floats, Floats]:
        """Places by importance, 1 for the largest, and their draws; equal ones share the mean place."""
        return _ranks(self.parts[None])[0], _ranks(self.draws)


def importance(fits: Fits, *, rng: np.random.Generator) -> Importance:
    r"""Each touchpoint's part of the adjusted R², averaged over all orders of entering.

    Plain R² grows with every touchpoint, so the adjusted one is shared out. A bootstrap round sees the
    answers as the truth, whose plain parts are known; how far its adjusted parts lie from them is how far
    the adjusted parts may lie from the truth: :math:`v + c\,(v^*_b - w)` with v the adjusted and w the
    plain parts of the answers, and c a little above 1 for few answers. What falls below 0 is 0.

    Parameters
    ----------
    fits
        What was fitted.
    rng
        Source of randomness of drawn orders; not used up to fifteen touchpoints.

    Returns
    -------
    Importance
        Parts in the order of ``fits.used``.

    Source
    ------
    Grömping (2007), American Statistician 61(2), 139–147; docs/formulas/assess-drivers.md#importance.

    Examples
    --------
    >>> crosses = np.tile(np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.5], [0.6, 0.5, 1.0]]), (3, 1, 1))
    >>> nothing = np.zeros((3, 2))
    >>> fits = Fits(nothing, nothing, crosses, nothing, np.zeros(3), np.arange(2), np.ones(2) > 0, 1e9)
    >>> importance(fits, rng=np.random.default_rng(1)).parts.round(2).tolist()
    [0.36, 0.25]
    """
    return shared_out(fits.crosses, free=fits.free, wider=fits.wider, rng=rng)


def shared_out(
    crosses: Floats,
    *,
    free: float,
    wider: float,
    rng: np.random.Generator,
    sizes: Sequence[int] = (),
    orders_a_round: int = ORDERS_A_ROUND,
    exact_rounds: int = MOST_EXACT,
) -> Importance:
    r"""Adjusted R² shared out among drivers of one column or several, with draws as :func:`importance` says.

    Parameters
    ----------
    crosses
        Centred cross products of the drivers' columns and, last, of what they explain: of the data and then
        of each bootstrap round, shape (rounds + 1, columns + 1, columns + 1).
    free
        Degrees of freedom before any driver enters.
    wider
        What draws are spread by.
    rng
        Source of randomness of drawn orders; not used up to fifteen drivers.
    sizes
        Columns of each driver, beside one another; one each if empty.
    orders_a_round
        Drawn orders in each bootstrap round, where not all are gone through.
    exact_rounds
        Drivers up to which bootstrap rounds go through all orders too, at most fifteen.

    Returns
    -------
    Importance
        Parts in the order of the drivers.

    Source
    ------
    Grömping (2007), American Statistician 61(2), 139–147; docs/formulas/assess-drivers.md#importance.

    Examples
    --------
    Two columns of one driver, then a driver of one:

    >>> crosses = np.eye(4)
    >>> crosses[3, :3] = crosses[:3, 3] = 0.6, 0.3, 0.5
    >>> found = shared_out(
    ...     np.array([crosses] * 3), free=1e9, wider=1.0, rng=np.random.default_rng(1), sizes=(2, 1)
    ... )
    >>> found.parts.round(2).tolist(), found.error
    ([0.45, 0.25], 0.0)
    """
    drivers = len(sizes) or crosses.shape[1] - 1
    sampled, error = drivers > MOST_EXACT, 0.0
    data, rounds = crosses[:1], crosses[1:]
    orders = drawn_orders(rng, drivers=drivers, orders=ORDERS) if drivers > exact_rounds else None
    if sampled and orders is not None:
        # Cut between pairs of an order and its reverse, which make up for one another.
        cuts = np.vstack(
            [drawn_parts(data, orders=some, free=free, sizes=sizes) for some in np.split(orders, _CUTS)]
        )
        value, error = cuts.mean(axis=0), float(cuts.std(axis=0, ddof=1).max() / np.sqrt(_CUTS))
    else:
        value = shapley_parts(data, free=free, sizes=sizes)[0]
    if orders is not None:
        # The same few orders on both sides: what they miss is missed twice and cancels.
        few = orders[:orders_a_round]
        moved = drawn_parts(rounds, orders=few, free=free, sizes=sizes)
        moved -= drawn_parts(data, orders=few, sizes=sizes)[0]
    else:
        moved = shapley_parts(rounds, free=free, single=True, sizes=sizes)
        moved -= shapley_parts(data, sizes=sizes)[0]
    every = np.vstack([value, value + wider * moved])
    return Importance(
        parts=np.maximum(value, 0.0),
        draws=np.maximum(every[1:], 0.0),
        explained=np.maximum(every.sum(axis=1), 0.0),
        sampled=sampled,
        error=error,
    )


def rank_interval(value: float, draws: Floats, *, n: int, level: float) -> Estimate:
    """A place with the middle ``level`` of its draws, in whole places.

    Parameters
    ----------
    value
        The place on the answers.
    draws
        Places in the bootstrap rounds, shape (rounds,).
    n
        Answers behind it.
    level
        Level of the interval.

    Returns
    -------
    Estimate
        Place from 1, the most important.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#importance.

    Examples
    --------
    >>> place = rank_interval(1.0, np.array([1.0, 1.0, 2.0, 3.0]), n=40, level=0.5)
    >>> place.low, place.high
    (1.0, 3.0)
    """
    found = percentile_interval(draws, value=value, n=n, level=level)
    low, high = float(np.floor(found.low)), float(np.ceil(found.high))
    return Estimate(value=value, low=low, high=high, n=n, level=level)


def _of_sum(parts: Floats) -> Floats:
    whole = parts.sum(axis=-1, keepdims=True)
    shares: Floats = np.full_like(parts, np.nan)
    np.divide(parts, whole, out=shares, where=whole > 0.0)
    return shares


def _ranks(parts: Floats) -> Floats:
    """Places in each row; ties get the mean of their places."""
    larger = (parts[:, None, :] > parts[:, :, None]).sum(axis=2)
    alike = (parts[:, None, :] == parts[:, :, None]).sum(axis=2)
    places: Floats = larger + (alike + 1) / 2
    return places
