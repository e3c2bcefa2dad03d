"""Chances of sets, against summing over all sets by hand."""

from itertools import combinations

import numpy as np
import pytest

from forvent.assess.personas.choices import inclusions


def by_hand(weights, m):
    sets = list(combinations(range(weights.size), m))
    worth = np.array([weights[list(one)].prod() for one in sets])
    among = [worth[[j in one for one in sets]].sum() / worth.sum() for j in range(weights.size)]
    return worth.sum(), np.array(among)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sums_and_chances_are_those_of_all_sets(seed):
    weights = np.random.default_rng(seed).gamma(0.5, size=7) + 1e-4
    logs, among = inclusions(weights[None], most=7)
    for m in range(1, 8):
        total, chances = by_hand(weights, m)
        assert np.exp(logs[0, m]) == pytest.approx(total, rel=1e-8)
        assert among[0, m] == pytest.approx(chances, abs=1e-8)


def test_as_many_expectations_are_among_them_as_are_mentioned():
    weights = np.random.default_rng(4).gamma(0.3, size=(3, 30)) + 1e-6
    _, among = inclusions(weights / weights.sum(axis=1, keepdims=True), most=30)
    assert among.sum(axis=2) == pytest.approx(np.tile(np.arange(31.0), (3, 1)), abs=1e-6)


def test_whoever_mentions_everything_tells_nothing_by_it():
    logs, among = inclusions(np.array([[0.7, 0.2, 0.1]]), most=3)
    assert among[0, 3] == pytest.approx(1.0)
    assert logs[0, 3] == pytest.approx(np.log(0.7 * 0.2 * 0.1))
