"""What the groups of customers promise, checked by simulation.

Bounds are the level ± 4 standard errors of the simulated share, and what the method itself is known to
miss (stated beside each).
"""

import math

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.personas import customers, personas, segments
from forvent.assess.personas.customers import grouped
from forvent.assess.personas.grouping import adjusted_rand, grouping
from forvent.assess.personas.mixture import belonging
from forvent.records import Estimate

pytestmark = pytest.mark.slow

LEVEL = 0.95


def crowd(rng, profiles, *, n, mix=(1.0,), more=1.2, uneven=0.6):
    """Who mentions what; how much somebody says has nothing to do with the group."""
    group = rng.choice(len(profiles), p=mix, size=n)
    length = np.minimum(1 + rng.poisson(more * np.exp(uneven * rng.normal(size=n))), profiles.shape[1])
    drawn = rng.gumbel(size=(n, profiles.shape[1])) + np.log(profiles[group])
    return np.argsort(np.argsort(-drawn, axis=1), axis=1) < length[:, None], group


def two_kinds(expectations=10, contrast=9.0):
    profiles = np.ones((2, expectations)) * np.random.default_rng(5).dirichlet(np.full(expectations, 3.0))
    profiles[0, :3] *= contrast
    profiles[1, 3:6] *= contrast
    return profiles / profiles.sum(axis=1, keepdims=True)


def tables(rng, said, *, met=0.6, plan=None):
    people = np.array([f"c{number:05d}" for number in range(said.shape[0])])
    who, what = np.nonzero(said)
    content = (rng.random(who.size) < met).astype(np.int64)
    mentions = pa.table(
        {
            "person": people[who],
            "expectation": np.array([f"e{number:02d}" for number in range(said.shape[1])])[what],
            "met": content,
            "unmet": 1 - content,
            "mixed": np.zeros(who.size, np.int64),
            "wished": np.zeros(who.size, np.int64),
            "level_seconds": pa.nulls(who.size, pa.float64()),
        }
    )
    rating = rng.choice([0.0, 0.25, 0.5, 0.75, 1.0], size=people.size)
    heard = pa.table({"person": people, "rated": np.ones(people.size, np.int64), "rating": rating})
    traits = None
    if plan is not None:
        traits = pa.table({"person": people, "column": np.repeat("plan", people.size), "value": plan})
    return customers(heard, mentions=mentions, traits=traits)


@pytest.mark.parametrize(("n", "expectations", "uneven"), [(300, 10, 0.5), (1000, 16, 1.2)])
def test_customers_of_one_kind_stay_one_group(n, expectations, uneven):
    """In at least 95 % of runs, however unevenly things are said and however much each customer says."""
    runs, split = 40, 0
    for run in range(runs):
        rng = np.random.default_rng(run)
        base = rng.dirichlet(np.full(expectations, 0.8)) + 0.005
        said, _ = crowd(rng, base[None] / base.sum(), n=n, uneven=uneven)
        patterns = grouped(tables(rng, said)).patterns
        split += grouping(patterns, rng=np.random.default_rng(1)).groups.count > 1
    assert split <= 0.05 * runs


def test_sizes_and_shares_lie_in_their_intervals_and_the_stated_agreement_is_that_of_fresh_customers():
    runs, mix, profiles = 6, (0.6, 0.4), two_kinds()
    many, group = crowd(np.random.default_rng(99), profiles, n=200_000, mix=mix)
    truth = np.array([many[group == one].mean(axis=0) for one in (0, 1)])
    sizes, shares, stated, fresh = [], [], [], []
    for run in range(runs):
        rng = np.random.default_rng(run)
        first, second = (tables(rng, crowd(rng, profiles, n=600, mix=mix)[0]) for _ in range(2))
        found = personas(first, rng=np.random.default_rng(1))
        assert len(found.personas) == 2
        for persona in found.personas:
            own = int(persona.named_by[0].expectation >= "e03")
            sizes.append(persona.group.size.low <= mix[own] <= persona.group.size.high)
            for one in persona.group.expectations:
                mentioned = one.mentioned.share
                shares.append(mentioned.low <= truth[own, int(one.expectation[1:])] <= mentioned.high)
        stated.append(found.agreement.value)
        fresh.append(agreement(first, second))
    # Sizes of two groups are one number, so half as many cases; posterior classes shrink a little.
    assert np.mean(sizes) >= LEVEL - 4 * math.sqrt(LEVEL * (1 - LEVEL) / runs)
    assert np.mean(shares) >= LEVEL - 0.05
    # Halves know less than all: what is stated is rather too low, and never much too high.
    assert np.mean(stated) <= np.mean(fresh) + 0.04
    assert np.mean(stated) >= np.mean(fresh) - 0.2


def agreement(first, second):
    """How alike the customers of the first are dealt by its own groups and by those of fresh customers."""
    patterns = grouped(first).patterns
    dealt = [
        belonging(patterns, groups=grouping(grouped(one).patterns, rng=np.random.default_rng(1)).groups)[0]
        for one in (first, second)
    ]
    return adjusted_rand(dealt[0].argmax(axis=1), dealt[1].argmax(axis=1), count=patterns.count)


def test_segments_that_are_dealt_by_chance_differ_in_nothing():
    """Any difference at all is told in about one run of twenty: so often that is false by the level."""
    runs, profiles = 100, two_kinds()
    mentioned = met = rated = 0
    for run in range(runs):
        rng = np.random.default_rng(run)
        said, _ = crowd(rng, profiles, n=600, mix=(0.6, 0.4))
        found = segments(tables(rng, said, plan=rng.choice(list("abc"), size=600)), column="plan")
        told = [one for segment in found.segments for one in segment.group.expectations]
        mentioned += any(one.mentioned.verdict in ("more", "less") for one in told)
        met += any(one.verdict in ("better", "worse") for one in told)
        rated += any(one.group.rating.verdict != "undecided" for one in found.segments)
    bound = 0.05 + 4 * math.sqrt(0.05 * 0.95 / runs)
    assert max(mentioned, met, rated) <= bound * runs


def test_shares_met_of_segments_lie_in_their_intervals():
    runs, held = 80, []
    for run in range(runs):
        rng = np.random.default_rng(1000 + run)
        said, _ = crowd(rng, two_kinds(), n=400, mix=(0.6, 0.4))
        found = segments(tables(rng, said, plan=rng.choice(list("ab"), size=400)), column="plan")
        for segment in found.segments:
            for one in segment.group.expectations:
                if isinstance(one.met, Estimate):
                    held.append(one.met.low <= 0.6 <= one.met.high)
    assert np.mean(held) == pytest.approx(LEVEL, abs=0.02)
