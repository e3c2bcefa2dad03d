"""How many groups there are, and whether the stated stability is true."""

import numpy as np
import pytest

from forvent.assess.personas.grouping import adjusted_rand, grouping, redrawn
from forvent.assess.personas.mixture import belonging


def test_groups_that_were_put_in_are_found(crowd):
    patterns = crowd(groups=4, contrast=12.0, n=2000, expectations=18, mix=(0.4, 0.3, 0.2, 0.1)).patterns
    held = grouping(patterns, rng=np.random.default_rng(1))
    assert held.groups.sizes == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=0.06)
    assert held.dropped == 0
    assert held.stability is not None
    assert held.stability.agreement.shape == (10,)
    assert held.stability.overlap.shape == (20, 4)
    assert held.stability.overlap.mean(axis=0).min() > 0.7


def test_customers_who_say_much_are_no_group_of_their_own(crowd):
    """One true group, but lengths from one to nearly all: an ordinary mixture would part them by length."""
    rng = np.random.default_rng(8)
    from forvent.assess.personas.patterns import patterns_of

    n = 2000
    length = np.where(rng.random(n) < 0.5, 1, 6)
    base = np.log(np.array([6, 5, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1.0]))
    order = np.argsort(np.argsort(-(rng.gumbel(size=(n, 12)) + base), axis=1), axis=1)
    said = order < length[:, None]
    patterns, _ = patterns_of(said, asked=said[:, :0], answered=said[:, :0])
    assert grouping(patterns, rng=rng).groups.count == 1


def test_the_groups_of_a_draw_stay_in_their_places(crowd):
    patterns = crowd().patterns
    groups = grouping(patterns, rng=np.random.default_rng(1)).groups
    for one, again in redrawn(patterns, groups=groups, rng=np.random.default_rng(2), rounds=5):
        assert one.customers == patterns.customers
        assert np.corrcoef(again.weights.ravel(), groups.weights.ravel())[0, 1] > 0.9
        assert (again.weights @ groups.weights.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_adjusted_rand_is_the_published_one():
    """Hubert and Arabie's index by its pair counts, for a small table worked by hand."""
    first, second = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    # Pairs together in both: 1 + 0 + 0 + 0 + 1 = 2; in rows 3 + 3 = 6; in columns 1 + 1 + 1 = 3; of 15.
    assert adjusted_rand(first, second, count=np.ones(6)) == pytest.approx(
        (2 - 6 * 3 / 15) / (4.5 - 6 * 3 / 15)
    )


def test_adjusted_rand_is_nothing_where_chance_dealt():
    rng = np.random.default_rng(1)
    parts = rng.integers(3, size=(2, 20_000))
    assert adjusted_rand(parts[0], parts[1], count=np.ones(20_000)) == pytest.approx(0.0, abs=0.002)


def test_most_customers_are_put_where_they_belong(crowd):
    made = crowd(contrast=25.0, n=1200)
    held = grouping(made.patterns, rng=np.random.default_rng(1))
    from forvent.assess.personas.patterns import patterns_of

    none = made.said[:, :0]
    patterns, place = patterns_of(made.said, asked=none, answered=none)
    put = belonging(patterns, groups=held.groups)[0].argmax(axis=1)[place]
    assert adjusted_rand(put, made.group, count=np.ones(1200)) > 0.75
