"""Forecasts on simulated shops of different kinds, beside plain BG/NBD and beside "as many as before".

Plain BG/NBD is what `BetaGeoFitter` of the package `lifetimes` maximises, in our own fit. Errors are means
over shops; one shop tells little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np
from benchmarks.assessment.coverage import Floats, counted
from benchmarks.assessment.rows import Row

from forvent.assess.loyalty import DAYS_A_WEEK, fit_candidates, forecast, held_out, histories_of_days
from forvent.records import NotEnough
from forvent.records.loyalty import HeldOut

#: Worse than plain BG/NBD by no more than this is noise.
NOISE = 1.02


@dataclass(frozen=True)
class Shop:
    """A kind of shop: customers, days known and held out, rate (gamma) and leaving (beta), and what is odd.

    ``once`` is the share of those who come once only, ``season`` the height of the yearly wave; with
    ``at_once`` customers may leave after their very first purchase.
    """

    customers: int
    known: int
    held: int
    rate: tuple[float, float] = (0.6, 8.0)
    leave: tuple[float, float] = (0.8, 2.5)
    once: float = 0.0
    season: float = 0.0
    at_once: bool = False


SHOPS = {
    "as BG/NBD says": Shop(1500, 270, 270),
    "as MBG/NBD says": Shop(1500, 270, 270, at_once=True),
    "short history": Shop(1500, 60, 60),
    "few customers": Shop(80, 365, 180),
    "heavy buyers": Shop(400, 365, 180, rate=(2.5, 2.5), leave=(0.5, 12.0)),
    "seasonal": Shop(1500, 730, 180, season=0.6),
    "one-off buyers": Shop(3000, 365, 180, once=0.85),
}


def steps(runs: int) -> Mapping[str, Callable[[], Iterator[Row]]]:
    """One kind of shop after the other."""
    return {name: partial(_of_kind, name, runs) for name in SHOPS}


def _of_kind(name: str, runs: int) -> Iterator[Row]:
    rng = np.random.default_rng([11, list(SHOPS).index(name)])
    pairs = [pair for _ in range(runs) if (pair := _looked(rng, SHOPS[name])) is not None]
    on = f"{name}, {len(pairs)} shops"
    if not pairs:
        yield Row(on, "forecast", "none can be made", held=False)
        return
    ours, plain = zip(*pairs, strict=True)
    errors: tuple[tuple[str, Callable[[HeldOut], float]], ...] = (
        ("root mean squared error a customer", lambda one: one.squared_error),
        ("mean error a customer of the mean", lambda one: one.error),
        ("miss of the total", lambda one: abs(one.expected.value / max(1, one.bought) - 1)),
    )
    for what, error in errors:
        yield _beside(on, what, *(np.array([error(one) for one in found]) for found in (ours, plain)))
    median = float(np.mean([one.median_error for one in ours]))
    theirs = float(np.mean([one.error for one in plain]))
    yield Row(
        on, "mean error a customer of the median", f"{median:.3f}", f"below {theirs:.3f}", median <= theirs
    )
    same = float(np.mean([one.same_squared_error for one in ours]))
    mine = float(np.mean([one.squared_error for one in ours]))
    yield Row(on, "root mean squared error", f"{mine:.3f}", f"below {same:.3f}, same as before", mine < same)
    inside = [one.expected.low <= one.bought <= one.expected.high for one in ours]
    yield Row(on, "total inside its interval, from chance and parameters alone", counted(inside))


def _beside(on: str, what: str, ours: Floats, plain: Floats) -> Row:
    """Two errors of the same shops: not worse as far as their number can tell."""
    more = ours - plain
    doubt = 2 * float(more.std(ddof=1)) / sqrt(more.size) if more.size > 1 else 0.0
    found = f"{ours.mean():.3f} ({more.mean():+.3f} ± {doubt:.3f})"
    worse = float(more.mean()) - doubt > (NOISE - 1) * float(plain.mean())
    return Row(
        on, what, found, f"not surely {NOISE - 1:.0%} above {plain.mean():.3f}, plain BG/NBD", not worse
    )


def _looked(rng: np.random.Generator, shop: Shop) -> tuple[HeldOut, HeldOut] | None:
    who, day = _bought(rng, shop)
    known = histories_of_days(who, day=day, until=shop.known, ahead=shop.held)
    found = []
    for models in (None, ("bg-nbd",)):
        fits = fit_candidates(known) if models is None else fit_candidates(known, models=models)
        if isinstance(fits, NotEnough):
            return None
        made = forecast(fits, histories=known, weeks=shop.held / DAYS_A_WEEK)
        one = held_out(fits, histories=known, days=shop.held, made=made)
        if isinstance(one, NotEnough):
            return None
        found.append(one)
    return found[0], found[1]


def _bought(rng: np.random.Generator, shop: Shop) -> tuple[np.ndarray, np.ndarray]:
    """Customers who come in the first half, buy at a rate of their own and leave after some purchase."""
    end = shop.known + shop.held
    first = rng.integers(1, max(2, shop.known // 2), shop.customers)
    rate = rng.gamma(shop.rate[0], 1 / shop.rate[1], shop.customers) / DAYS_A_WEEK
    leave = rng.beta(*shop.leave, shop.customers)
    stays = rng.random(shop.customers) >= shop.once
    who, days = [np.arange(shop.customers)], [first]
    for customer in np.flatnonzero(stays):
        most = int(rng.poisson(rate[customer] * (1 + shop.season) * (end - first[customer])))
        times = np.sort(rng.uniform(first[customer], end, most))
        usual = (1 + shop.season * np.sin(2 * np.pi * times / 365.25)) / (1 + shop.season)
        times = times[rng.random(most) < usual]
        lasts = int(rng.geometric(max(leave[customer], 1e-6))) - int(shop.at_once)
        times = np.unique(np.ceil(times[:lasts]).astype(np.int64))
        times = times[times > first[customer]]
        who.append(np.full(times.size, customer))
        days.append(times)
    return np.concatenate(who), np.concatenate(days)
