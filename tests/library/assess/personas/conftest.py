"""Invented customers whose true groups are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.personas import Customers, customers
from forvent.assess.personas.patterns import Patterns, patterns_of


@dataclass(frozen=True)
class Crowd:
    """Tables of invented customers, their true groups, and what they mention (customers × expectations)."""

    heard: pa.Table
    mentions: pa.Table
    traits: pa.Table
    group: np.ndarray
    said: np.ndarray

    @property
    def customers(self) -> Customers:
        return customers(self.heard, mentions=self.mentions, traits=self.traits)

    @property
    def patterns(self) -> Patterns:
        none = self.said[:, :0]
        return patterns_of(self.said, asked=none, answered=none)[0]


def drawn(rng, profiles, *, n, mix, more=1.2, uneven=0.6):
    """Who mentions what: some mention one thing, some many, whichever group they are of."""
    group = rng.choice(len(profiles), p=mix, size=n)
    length = np.minimum(1 + rng.poisson(more * np.exp(uneven * rng.normal(size=n))), profiles.shape[1])
    drawn = rng.gumbel(size=(n, profiles.shape[1])) + np.log(profiles[group])
    return np.argsort(np.argsort(-drawn, axis=1), axis=1) < length[:, None], group


def profiles_of(groups, *, expectations, contrast, seed=5):
    """Every group names four expectations of its own so many times as often as the others do."""
    base = np.random.default_rng(seed).dirichlet(np.full(expectations, 3.0))
    profiles = np.repeat(base[None], groups, axis=0)
    for group in range(groups):
        profiles[group, 4 * group : 4 * group + 4] *= contrast
    return profiles / profiles.sum(axis=1, keepdims=True)


@pytest.fixture
def crowd() -> Callable[..., Crowd]:
    def make(
        *,
        n=1500,
        groups=3,
        expectations=16,
        contrast=10.0,
        mix=None,
        seed=1,
        met=(0.6,),
        wished=0.0,
        levels=None,
    ) -> Crowd:
        rng = np.random.default_rng(seed)
        mix = np.full(groups, 1 / groups) if mix is None else np.asarray(mix)
        said, group = drawn(
            rng, profiles_of(groups, expectations=expectations, contrast=contrast), n=n, mix=mix
        )
        names = np.array([f"e{number:02d}" for number in range(expectations)])
        people = np.array([f"c{number:05d}" for number in range(n)])
        who, what = np.nonzero(said)
        wishes = rng.random(who.size) < wished
        content = ~wishes & (rng.random(who.size) < np.resize(met, groups)[group[who]])
        stated = np.full(who.size, np.nan) if levels is None else levels(rng, group[who], what)
        mentions = pa.table(
            {
                "person": people[who],
                "expectation": names[what],
                "met": content.astype(np.int64),
                "unmet": (~content & ~wishes).astype(np.int64),
                "mixed": np.zeros(who.size, np.int64),
                "wished": wishes.astype(np.int64),
                "level_seconds": pa.array(stated, from_pandas=True),
            }
        )
        rating = rng.choice([0.0, 0.5, 1.0], size=n)
        heard = pa.table({"person": people, "rated": np.ones(n, np.int64), "rating": rating})
        language = np.where(rng.random(n) < np.where(group == 0, 0.8, 0.3), "cs", "en")
        traits = pa.table({"person": people, "column": np.repeat("language", n), "value": language})
        return Crowd(heard, mentions, traits, group, said)

    return make
