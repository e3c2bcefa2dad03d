"""What is true of the sample business, for tests and for the reader of its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from forvent.simulate import shop
from forvent.simulate.delivery import Wait, days_for, share_kept, slow_day, waits
from forvent.simulate.feelings import MET, UNMET, Signs, draw_spoken, mean_stars
from forvent.simulate.orders import Codes, Flags, Floats, draw_orders

LEVELS = (0.8, 0.9, 0.95, 0.99)
# The edges between the kinds, as assess draws them (docs/formulas/assess.md#asymmetry).
CUTOFF, FLAT = 0.2, 0.05
# Customers of the large shop on which what has no closed form is measured, with its own seed.
CROWD, CROWD_SEED = 50_000, 2026


@dataclass(frozen=True, slots=True)
class ExpectationTruth:
    """An expectation as it truly is.

    ``penalty_stars`` and ``reward_stars`` were put in. ``penalty`` and ``reward`` are what an
    endless sample would show, in rating points (0–1): a little less, since stars end at 1 and
    5. ``asymmetry`` and ``expected`` follow from them, None where both are nothing. ``mentioned`` is
    the share of voices about an order in which it comes up, ``met`` the share of those in which it is met.
    """

    expectation: str
    kind: str
    penalty: float
    reward: float
    penalty_stars: float
    reward_stars: float
    asymmetry: float | None
    expected: float | None
    mentioned: float
    met: float


@dataclass(frozen=True, slots=True)
class GroupTruth:
    """How long orders of a group truly take, in calendar days.

    ``group`` maps column to value and is empty for all orders. ``kept`` is the probability
    that the shop's promise is kept, over the whole record, before and after the change;
    ``days`` the fewest days within which a share (the key) is there, likewise.
    """

    group: Mapping[str, str]
    share: float
    kept: float
    kept_before: float
    kept_after: float
    days: Mapping[float, int]
    days_before: Mapping[float, int]
    days_after: Mapping[float, int]


@dataclass(frozen=True, slots=True)
class Truth:
    """All that was put into the sample business.

    ``promise_days`` is what the shop promises, by way of shipping. ``slow_from`` is the first
    day on which the carrier is slower, in ``slow_regions``. ``late_difference`` is what an endless
    sample would show between the rating (0–1) of late orders and of kept ones that took as long.
    ``flaws`` counts the rows that were spoilt on purpose.
    """

    name: str
    promise_days: Mapping[str, int]
    slow_from: date
    slow_regions: tuple[str, ...]
    languages: Mapping[str, float]
    base_stars: float
    noise_stars: float
    late_difference: float
    expectations: tuple[ExpectationTruth, ...]
    groups: tuple[GroupTruth, ...]
    flaws: Mapping[str, int]

    def expectation(self, name: str) -> ExpectationTruth:
        """The truth of one expectation by its id."""
        return next(one for one in self.expectations if one.expectation == name)

    def group(self, **named: str) -> GroupTruth:
        """The truth of one group, such as ``region="City"``; of all orders without an argument."""
        return next(one for one in self.groups if one.group == named)


def true_business(start: date, *, days: int, flaws: Mapping[str, int]) -> Truth:
    """What is true of the shop over a record."""
    return Truth(
        name=shop.NAME,
        promise_days={way.name: way.promise_days for way in shop.SHIPPINGS},
        slow_from=start + timedelta(days=slow_day(days)),
        slow_regions=tuple(region.name for region in shop.REGIONS if region.slowdown > 1.0),
        languages=dict(shop.LANGUAGE_SHARES),
        base_stars=shop.BASE_STARS,
        noise_stars=shop.NOISE_STARS,
        late_difference=late_difference(start, days=days),
        expectations=true_expectations(start, days=days),
        groups=true_groups(start, days=days),
        flaws=flaws,
    )


@lru_cache(maxsize=8)
def true_expectations(start: date, *, days: int) -> tuple[ExpectationTruth, ...]:
    """Every expectation with what an endless sample of voices about orders would show of it."""
    felt = _crowd(start, days).felt
    penalties, rewards = seen_effects(felt)
    return tuple(
        _expectation(held, penalty=penalties[place], reward=rewards[place], felt=felt[:, place])
        for place, held in enumerate(shop.EXPECTATIONS)
    )


@lru_cache(maxsize=8)
def late_difference(start: date, *, days: int) -> float:
    """Mean rating of late orders minus that of kept ones that took as many calendar days."""
    crowd = _crowd(start, days)
    rating = _mean_rating(crowd.felt)
    difference, weight = 0.0, 0
    for length in np.unique(crowd.length):
        late, kept = (rating[(crowd.length == length) & (crowd.late == is_late)] for is_late in (True, False))
        if late.size and kept.size:
            difference += late.size * float(late.mean() - kept.mean())
            weight += late.size
    return difference / weight


def seen_effects(felt: Signs) -> tuple[Floats, Floats]:
    """Penalties and rewards in rating points: least squares of the mean rating on unmet and met."""
    design = np.hstack([np.ones((len(felt), 1)), felt == UNMET, felt == MET])
    effects = np.linalg.lstsq(design, _mean_rating(felt), rcond=None)[0][1:]
    return effects[: felt.shape[1]], effects[felt.shape[1] :]


def true_groups(start: date, *, days: int) -> tuple[GroupTruth, ...]:
    """All orders, then each region, then each way of shipping."""
    kinds = tuple(waits(start, days=days))
    regions = {region.name: [wait for wait in kinds if wait.region == region.name] for region in shop.REGIONS}
    ways = {way.name: [wait for wait in kinds if wait.shipping == way.name] for way in shop.SHIPPINGS}
    return (
        _group({}, kinds),
        *(_group({"region": name}, some) for name, some in regions.items()),
        *(_group({"shipping": name}, some) for name, some in ways.items()),
    )


def kind_of(penalty: float, *, reward: float) -> str:
    """Kind by penalty and reward in rating points, with the edges that assess draws."""
    if abs(penalty) <= FLAT and abs(reward) <= FLAT:
        return "indifferent"
    asymmetry = (reward - abs(penalty)) / (reward + abs(penalty))
    if abs(asymmetry) <= CUTOFF:
        return "performance"
    return "basic" if asymmetry < 0.0 else "excitement"


@dataclass(frozen=True, slots=True, eq=False)
class _Crowd:
    """What a large shop with the same truth feels about its orders; arrays by voice."""

    felt: Signs
    length: Codes
    late: Flags


@lru_cache(maxsize=1)
def _crowd(start: date, days: int) -> _Crowd:
    rng = np.random.default_rng(CROWD_SEED)
    orders = draw_orders(rng, customers=CROWD, start=start, days=days)
    spoken = draw_spoken(rng, orders=orders)
    return _Crowd(spoken.felt, orders.length[spoken.order], orders.late[spoken.order])


def _mean_rating(felt: Signs) -> Floats:
    return (mean_stars(felt) - shop.LOWEST) / (shop.HIGHEST - shop.LOWEST)


def _expectation(held: shop.Held, *, penalty: float, reward: float, felt: Signs) -> ExpectationTruth:
    indifferent = held.penalty == held.reward == 0.0
    # Of nothing at all the least squares leave a trace of chance; the truth is 0.
    penalty, reward = (0.0, 0.0) if indifferent else (float(penalty), float(reward))
    swing = abs(penalty) + reward
    came_up = felt != 0
    return ExpectationTruth(
        expectation=held.id,
        kind=kind_of(penalty, reward=reward),
        penalty=penalty,
        reward=reward,
        penalty_stars=held.penalty,
        reward_stars=held.reward,
        asymmetry=None if indifferent else (reward - abs(penalty)) / swing,
        expected=None if indifferent else abs(penalty) / swing,
        mentioned=float(came_up.mean()),
        met=held.met or float((felt[came_up] == MET).mean()),
    )


def _group(group: Mapping[str, str], kinds: Sequence[Wait]) -> GroupTruth:
    before, after = [wait for wait in kinds if not wait.slow], [wait for wait in kinds if wait.slow]
    return GroupTruth(
        group=group,
        share=sum(wait.weight for wait in kinds),
        kept=share_kept(kinds),
        kept_before=share_kept(before),
        kept_after=share_kept(after),
        days=_days(kinds),
        days_before=_days(before),
        days_after=_days(after),
    )


def _days(kinds: Sequence[Wait]) -> Mapping[float, int]:
    return {level: days_for(kinds, level=level) for level in LEVELS}
