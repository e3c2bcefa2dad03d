"""What the plan promises: chances that come true, and no action called a success that was none."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pytest

from forvent.adjust.effect import Course, effect_of, rebound, week_begins
from forvent.adjust.if_met import Lever, if_met
from forvent.adjust.priorities import chances_real
from forvent.records import Estimate
from forvent.records.effect import Effect, Tally

pytestmark = pytest.mark.slow

ROUNDS = 1000
FIRST = 2900
TARGET = Estimate(0.8, 0.78, 0.82, 900)
#: The rate that docs/formulas/adjust-plan.md states, and four standard errors of 1,000 rounds.
STATED, ERROR = 0.05, 4 * (0.025 * 0.975 / ROUNDS) ** 0.5


class World(NamedTuple):
    """How a measure goes: weeks before and after, judgements a week, true shares, what shakes the weeks."""

    before: int = 26
    after: int = 12
    a_week: float = 20.0
    low: float = 0.5
    high: float = 0.5
    spread: float = 0.0
    alike: float = 0.0
    a_customer: int = 1


def shaken(rng: np.random.Generator, world: World) -> np.ndarray:
    """What shakes each week beside chance: a series of first order."""
    found = np.zeros(world.before + world.after)
    now = rng.normal() * world.spread
    for week in range(found.size):
        now = world.alike * now + rng.normal() * world.spread * np.sqrt(1 - world.alike**2)
        found[week] = now
    return found


def course(rng: np.random.Generator, world: World, *, shared: np.ndarray | None = None) -> Course:
    """Weeks of a measure; ``shared`` happens to others too. A customer says all judgements alike."""
    level = np.repeat([world.low, world.high], [world.before, world.after]) + shaken(rng, world)
    share = np.clip(level if shared is None else level + shared, 0.01, 0.99)
    customers = rng.poisson(world.a_week / world.a_customer, share.size)
    good = rng.binomial(customers, share) * world.a_customer
    weeks = [
        Tally(
            week_begins(FIRST + week),
            int(customers[week]) * world.a_customer,
            float(good[week]),
            float(customers[week]) * world.a_customer**2,
        )
        for week in range(share.size)
        if customers[week]
    ]
    done = week_begins(FIRST + world.before)
    return Course(
        tuple(one for one in weeks if one.week < done), tuple(one for one in weeks if one.week >= done)
    )


def judged(found: Course, world: World, *, beside: Course | None = None, rise: float = 0.0) -> Effect:
    """The effect of an action done when the weeks before end."""
    day = week_begins(FIRST + world.before)
    return effect_of(found, begin=day, end=day, target=TARGET, comparison=beside, rebound=rise)


def verdicts(world: World, *, seed: int, compared: bool = False, shock: float = 0.0) -> Counter[str]:
    """Verdicts over many rounds, as shares; with a comparison, all are shaken by the same things."""
    rng = np.random.default_rng(seed)
    counts: Counter[str] = Counter()
    for _ in range(ROUNDS):
        shared = rng.normal(size=world.before + world.after) * 0.05 if compared else None
        if shared is not None:
            shared[world.before :] += shock
        beside = (
            course(rng, world._replace(low=0.6, high=0.6, a_week=30.0), shared=shared) if compared else None
        )
        counts[judged(course(rng, world, shared=shared), world, beside=beside).verdict] += 1
    return Counter({name: count / ROUNDS for name, count in counts.items()})


IDLE = {
    "before and after": World(before=6, after=4),
    "few judgements": World(before=8, after=6, a_week=4.0),
    "interrupted series": World(),
    "weeks that vary": World(spread=0.1),
    "weeks that are alike": World(before=40, after=20, spread=0.08, alike=0.5),
    "nearly all good": World(a_week=12.0, low=0.95, high=0.95),
    "customers who repeat themselves": World(a_week=24.0, a_customer=4),
}


@pytest.mark.parametrize("name", IDLE)
def test_an_action_without_effect_is_hardly_ever_called_closed(name: str) -> None:
    found = verdicts(IDLE[name], seed=len(name))
    assert found["closed"] + found["narrower"] <= STATED + ERROR


def test_what_happened_to_all_is_not_called_an_effect_beside_a_comparison() -> None:
    world = World(spread=0.03)
    beside = verdicts(world, seed=3, compared=True, shock=0.15)
    assert beside["closed"] + beside["narrower"] <= STATED
    alone = Counter(
        judged(course(rng, world, shared=np.repeat([0.0, 0.15], [world.before, world.after])), world).verdict
        for rng in (np.random.default_rng(seed) for seed in range(200))
    )
    # Without a comparison the same rise looks like one: that is why no causal word is used then.
    assert alone["narrower"] + alone["closed"] > 60


def test_a_large_effect_is_seen_and_a_full_one_is_called_closed() -> None:
    large = verdicts(World(a_week=40.0, high=0.85), seed=5, compared=True)
    assert large["closed"] + large["narrower"] > 0.95
    assert large["closed"] > 0.8
    halfway = verdicts(World(a_week=40.0, high=0.65), seed=6, compared=True)
    assert halfway["closed"] < 0.01
    assert halfway["narrower"] > 0.8


def test_a_change_as_large_as_the_detectable_one_is_seen_four_times_in_five() -> None:
    rng = np.random.default_rng(8)
    idle = World(before=12, after=12, a_week=30.0)
    sizes = [
        judged(course(rng, idle), idle, beside=course(rng, idle._replace(low=0.6, high=0.6))).detectable
        for _ in range(200)
    ]
    size = float(np.median([one for one in sizes if one is not None]))
    moved = idle._replace(high=idle.low + size)
    seen = [
        judged(course(rng, moved), moved, beside=course(rng, idle._replace(low=0.6, high=0.6))).change
        for _ in range(ROUNDS)
    ]
    share = float(np.mean([isinstance(change, Estimate) and change.low > 0.0 for change in seen]))
    assert 0.72 < share < 0.92


def test_the_change_is_inside_its_interval_as_often_as_it_says() -> None:
    rng = np.random.default_rng(9)
    world = World(low=0.5, high=0.65)
    inside = [
        isinstance(change, Estimate) and change.low <= 0.15 <= change.high
        for change in (judged(course(rng, world), world).change for _ in range(ROUNDS))
    ]
    assert 0.93 <= float(np.mean(inside)) <= 0.995


def test_what_was_picked_for_being_worst_is_not_called_better_because_it_came_back() -> None:
    """Thirty expectations, the worst looking one is picked; none of them changes."""
    rng = np.random.default_rng(11)
    world = World(before=7, after=20, a_week=7.0)
    plain = careful = 0
    for _ in range(250):
        true = np.clip(rng.normal(0.6, 0.04, 30), 0.05, 0.95)
        courses = [course(rng, world._replace(low=share, high=share)) for share in true]
        seen = np.array([sum(w.good for w in one.before) / sum(w.n for w in one.before) for one in courses])
        counts = np.array([sum(w.n for w in one.before) for one in courses])
        gaps, errors = seen - 0.8, np.sqrt(seen * (1 - seen) / counts)
        worst = int(np.argmin(gaps))
        rise = rebound(float(gaps[worst]), shrunk=float(chances_real(gaps, errors=errors).shrunk[worst]))
        for value in (0.0, rise):
            better = judged(courses[worst], world, rise=value).verdict in ("closed", "narrower")
            plain += better and value == 0.0
            careful += better and value > 0.0
    assert plain / 250 > 0.15
    assert careful / 250 <= STATED


def test_a_chance_of_ninety_percent_comes_true_nine_times_in_ten() -> None:
    rng = np.random.default_rng(2)
    chance, true = [], []
    for _ in range(ROUNDS):
        errors = rng.uniform(0.03, 0.25, 20)
        gaps = rng.normal(-0.05, 0.15, 20)
        found = chances_real(gaps + rng.normal(size=20) * errors, errors=errors)
        chance.append(found.real)
        true.append(gaps < 0.0)
    said, came = np.concatenate(chance), np.concatenate(true)
    for low, high in ((0.05, 0.2), (0.4, 0.6), (0.8, 0.95), (0.95, 0.995)):
        some = (said >= low) & (said < high)
        assert abs(float(came[some].mean()) - float(said[some].mean())) < 0.04


def test_many_gaps_that_are_none_do_not_cry_wolf() -> None:
    """All gaps are zero: plain chances would call one in twenty surely real, or surely not."""
    rng = np.random.default_rng(4)
    found = [
        chances_real(rng.normal(size=20) * 0.1, errors=np.full(20, 0.1)).real.max() for _ in range(ROUNDS)
    ]
    alone = [float(max(np.abs(rng.normal(size=20)))) > 1.645 for _ in range(ROUNDS)]
    assert float(np.mean(np.array(found) > 0.95)) < 0.08
    assert float(np.mean(alone)) > 0.8


def test_what_if_holds_the_true_change_of_the_mean_as_often_as_it_says() -> None:
    """Voices judge it with 40 %; unmet costs 0.3, met earns 0.1; raising met from 55 % to 90 %."""
    rng = np.random.default_rng(6)
    judged_share, met, penalty, reward, n = 0.4, 0.55, -0.3, 0.1, 400
    truth = judged_share * (0.9 - met) * (reward - penalty)
    inside = 0
    for _ in range(ROUNDS):
        told = rng.random(n) < judged_share
        good = told & (rng.random(n) < met)
        rating = 0.6 + penalty * (told & ~good) + reward * good + rng.normal(size=n) * 0.2
        draws = np.vstack([np.ones(n), rng.multinomial(n, np.full(n, 1 / n), size=200)])
        sums = {name: draws @ mask for name, mask in (("told", told), ("good", good), ("bad", told & ~good))}
        means = {
            name: (draws @ (rating * mask)) / (draws @ mask)
            for name, mask in (("good", good), ("bad", told & ~good))
        }
        lever = Lever(
            sums["good"] / sums["told"], sums["told"] / n, means["good"] - means["bad"], np.zeros(201)
        )
        share = float(lever.got[0])
        found = if_met("x", lever=lever, got=Estimate(share, share, share, int(told.sum())), target=0.9)
        assert isinstance(found.rating, Estimate)
        inside += found.rating.low <= truth <= found.rating.high
    assert 0.92 <= inside / ROUNDS <= 0.975


def test_a_course_leaves_out_the_weeks_in_between() -> None:
    world = World(before=10, after=10)
    found = course(np.random.default_rng(1), world)
    day = week_begins(FIRST + 10)
    later = effect_of(found, begin=day - timedelta(weeks=2), end=day + timedelta(weeks=3), target=TARGET)
    assert (later.periods_before, later.periods_after) == (8, 7)
