"""What customers find met and unmet, and how many stars they give for it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.simulate import shop
from forvent.simulate.orders import Codes, Flags, Floats, Orders, draw

Signs: TypeAlias = NDArray[np.int8]
MET, UNMET = 1, -1


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """n voices about orders; arrays of shape (n,), ``felt`` of shape (n, expectations).

    ``order`` is the place among the orders, ``day`` and ``minute`` when it was said.
    ``felt`` is 1 where the expectation is met, −1 unmet, 0 where it does not come up.
    """

    order: Codes
    channel: Codes
    day: Codes
    minute: Codes
    felt: Signs


def draw_spoken(rng: np.random.Generator, *, orders: Orders) -> Spoken:
    """Voices about orders that came or are overdue, in the order in which they were said."""
    told = np.flatnonzero((orders.delivered | orders.overdue) & (rng.random(orders.n) < shop.SPEAKS))
    waited = np.where(orders.delivered, orders.length, orders.promised)[told]
    day = orders.day[told] + waited + 1 + rng.integers(0, shop.SAID_WITHIN_DAYS, told.size)
    minute = rng.integers(7 * 60, 23 * 60, told.size)
    # What would be said after the end is not yet said.
    said = np.flatnonzero(day < orders.days)
    said = said[np.lexsort((minute[said], day[said]))]
    told, day, minute = told[said], day[said], minute[said]
    channel = _channel(rng, orders.shipping[told] == shop.PICKUP)
    felt = _felt(
        rng,
        late=orders.late[told],
        length=np.where(orders.delivered, orders.length, 0)[told],
        touchpoint=np.array([place[0] for place in shop.CHANNELS.values()])[channel],
    )
    return Spoken(order=told, channel=channel, day=day, minute=minute, felt=felt)


def draw_stars(rng: np.random.Generator, *, felt: Signs) -> Codes:
    """Stars that customers give: base, effects and noise, rounded, within the scale."""
    given = np.rint(wanted_stars(felt) + shop.NOISE_STARS * rng.standard_normal(len(felt)))
    return np.clip(given, shop.LOWEST, shop.HIGHEST).astype(np.int64)


def wanted_stars(felt: Signs) -> Floats:
    """Base and effects, before noise and the ends of the scale."""
    penalties = np.array([held.penalty for held in shop.EXPECTATIONS])
    rewards = np.array([held.reward for held in shop.EXPECTATIONS])
    stars: Floats = shop.BASE_STARS + (felt == UNMET) @ penalties + (felt == MET) @ rewards
    return stars


def mean_stars(felt: Signs) -> Floats:
    r"""Mean of the stars that ``draw_stars`` gives: :math:`1+\sum_{k=2}^5\Phi((\mu-k+0.5)/\sigma)`."""
    normal = NormalDist()
    levels, where = np.unique(wanted_stars(felt).round(9), return_inverse=True)
    means = [
        shop.LOWEST
        + sum(
            normal.cdf((level - k + 0.5) / shop.NOISE_STARS) for k in range(shop.LOWEST + 1, shop.HIGHEST + 1)
        )
        for level in levels.tolist()
    ]
    return np.array(means)[where]


def _channel(rng: np.random.Generator, pickup: Flags) -> Codes:
    shares = np.array([shares for _, *shares in shop.CHANNELS.values()])
    return np.where(pickup, draw(rng, shares[:, 1], n=pickup.size), draw(rng, shares[:, 0], n=pickup.size))


def _felt(rng: np.random.Generator, *, late: Flags, length: Codes, touchpoint: NDArray[np.str_]) -> Signs:
    shape = (late.size, len(shop.EXPECTATIONS))
    rates = np.empty(shape)
    for place, held in enumerate(shop.EXPECTATIONS):
        near = np.isin(touchpoint, held.at)
        rates[:, place] = held.mentioned * np.where(near, shop.AT_ITS_TOUCHPOINT, shop.ELSEWHERE)
    met = rng.random(shape) < np.array([held.met for held in shop.EXPECTATIONS])
    felt = np.where(rng.random(shape) < rates, np.where(met, MET, UNMET), 0)
    felt[:, shop.ON_TIME] = _on_time(rng.random(late.size), late)
    felt[:, shop.FAST_DELIVERY] = _fast(rng, length=length, late=late)
    return _at_most(rng, felt.astype(np.int8), most=shop.MOST_MENTIONS)


def _on_time(chance: Floats, late: Flags) -> Codes:
    kept = np.where(
        chance < shop.KEPT_SAID_MET,
        MET,
        np.where(chance < shop.KEPT_SAID_MET + shop.KEPT_SAID_UNMET, UNMET, 0),
    )
    return np.where(late, np.where(chance < shop.LATE_SAID, UNMET, 0), kept)


def _fast(rng: np.random.Generator, *, length: Codes, late: Flags) -> Codes:
    """Speed as it is found: a late order never quick, one still to come (length 0) neither quick nor slow."""
    quick = np.array(shop.FOUND_QUICK)[np.clip(length, 1, len(shop.FOUND_QUICK)) - 1]
    said = (rng.random(length.size) < shop.SPEED_SAID) & (length > 0)
    return np.where(said, np.where((rng.random(length.size) < quick) & ~late, MET, UNMET), 0)


def _at_most(rng: np.random.Generator, felt: Signs, *, most: int) -> Signs:
    """Only ``most`` of what comes up in a voice, chosen by chance."""
    keys = np.where(felt != 0, rng.random(felt.shape), -1.0)
    cut = np.sort(keys, axis=1)[:, -most][:, None]
    return np.where((felt != 0) & (keys >= cut), felt, 0).astype(np.int8)
