"""Verdicts on simulated data whose truth is known: kinds put in are found, weak ones are left undecided, and
an action without effect is seldom called a success.

`tests/guarantees` hold the same of more worlds; here are the shares with their intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import sqrt

import numpy as np
from benchmarks.assessment.coverage import counted
from benchmarks.assessment.rows import Row

from forvent.adjust.effect import Course, effect_of, week_begins
from forvent.assess.drivers import Answers, drivers
from forvent.records import Estimate
from forvent.records.effect import Tally

#: By touchpoint what a low and a high rating cost and bring, and the kinds that would be wrong.
PUT_IN = {
    "basic": (-0.25, 0.02, ("excitement", "reverse", "indifferent")),
    "even": (-0.12, 0.12, ("basic", "excitement", "reverse", "indifferent")),
    "exciting": (-0.01, 0.2, ("basic", "reverse", "indifferent")),
    "nothing": (0.0, 0.0, ("basic", "excitement", "performance", "reverse")),
    "weak": (-0.03, 0.04, ("basic", "excitement", "performance", "reverse")),
}
#: Called a success that was none, at most (docs/formulas/adjust-plan.md).
STATED, WRONG = 0.05, 0.05
FIRST_WEEK = 2900
#: Weeks before and after, judgements a week, the true share, and how alike the shakes of two weeks are.
IDLE = {
    "ten weeks": (6, 4, 20.0, 0.5, 0.0, 0.0),
    "few judgements": (8, 6, 4.0, 0.5, 0.0, 0.0),
    "38 weeks": (26, 12, 20.0, 0.5, 0.0, 0.0),
    "weeks that vary": (26, 12, 20.0, 0.5, 0.1, 0.0),
    "weeks that are alike": (40, 20, 20.0, 0.5, 0.08, 0.5),
    "nearly all good": (26, 12, 12.0, 0.95, 0.0, 0.0),
}
_TARGET = Estimate(0.8, 0.78, 0.82, 900)


def steps(runs: int) -> Mapping[str, Callable[[], Iterator[Row]]]:
    """Kinds, then actions."""
    return {"kinds": partial(kinds, runs), "actions": partial(actions, runs)}


def kinds(runs: int) -> Iterator[Row]:
    """Kinds of five touchpoints in surveys of 400 answers."""
    rng, named = np.random.default_rng(8), {name: list[str]() for name in PUT_IN}
    for _ in range(runs):
        for one in drivers(_survey(rng, 400), overall="csat", rng=rng, rounds=200).touchpoints:
            named[one.name].append(one.kind)
    on = "400 answers, 5 touchpoints"
    for name, right, least in (("basic", "basic", 0.75), ("exciting", "excitement", 0.5)):
        held = [kind == right for kind in named[name]]
        share = sum(held) / runs
        yield Row(on, f"{name} one called {right}", counted(held), f"at least {least:.0%}", share > least)
    for name in ("nothing", "weak"):
        held = [kind in ("undecided", "indifferent") for kind in named[name]]
        yield Row(on, f"{name} one left undecided or indifferent", counted(held))
    for name, (*_, wrong) in PUT_IN.items():
        held = [kind in wrong for kind in named[name]]
        said = ", ".join(wrong)
        yield Row(
            on, f"{name} one called {said}", counted(held), f"at most {WRONG:.0%}", sum(held) < WRONG * runs
        )


def _survey(rng: np.random.Generator, count: int) -> Answers:
    penalty, reward = (np.array([one[side] for one in PUT_IN.values()]) for side in (0, 1))
    hidden = 0.6 * rng.normal(size=(count, 1)) + 0.8 * rng.normal(size=(count, len(PUT_IN)))
    ratings = np.digitize(hidden, [-1.2, -0.4, 0.4, 1.2])
    mean = 0.5 + ((ratings < 2) * penalty + (ratings > 2) * reward).sum(axis=1)
    states = np.select([ratings < 2, ratings == 2], [0, 1], 2).astype(np.int8)
    return Answers(tuple(PUT_IN), mean + rng.normal(0, 0.2, count), ratings / 4.0, states, np.arange(count))


def actions(runs: int) -> Iterator[Row]:
    """Actions after which nothing changed."""
    for number, (name, world) in enumerate(IDLE.items()):
        rng = np.random.default_rng([9, number])
        called = [_verdict(rng, *world) in ("closed", "narrower") for _ in range(runs)]
        bar = STATED + 4 * sqrt(STATED / 2 * (1 - STATED / 2) / runs)
        what = "action without effect called closed or narrower"
        yield Row(name, what, counted(called), f"5 %, at most {bar:.1%}", sum(called) <= bar * runs)


def _verdict(
    rng: np.random.Generator,
    before: int,
    after: int,
    a_week: float,
    share: float,
    spread: float,
    alike: float,
) -> str:
    shakes, now = [], rng.normal() * spread
    for _ in range(before + after):
        now = alike * now + rng.normal() * spread * sqrt(1 - alike**2)
        shakes.append(now)
    said = rng.poisson(a_week, before + after)
    good = rng.binomial(said, np.clip(share + np.array(shakes), 0.01, 0.99))
    weeks = [
        Tally(week_begins(FIRST_WEEK + week), int(n), float(kept), float(n))
        for week, (n, kept) in enumerate(zip(said, good, strict=True))
        if n
    ]
    day = week_begins(FIRST_WEEK + before)
    course = Course(
        tuple(one for one in weeks if one.week < day), tuple(one for one in weeks if one.week >= day)
    )
    return effect_of(course, begin=day, end=day, target=_TARGET).verdict
