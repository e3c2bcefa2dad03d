"""Groups fitted: the likelihood never falls, the truth is found, and length makes no group."""

import numpy as np
import pytest

from forvent.assess.personas.mixture import PRIOR, begun, belonging, fitted
from forvent.assess.personas.patterns import Patterns, patterns_of


def likelihood(patterns, groups):
    return float(patterns.count @ belonging(patterns, groups=groups)[1])


def test_one_group_says_what_all_customers_say(crowd):
    patterns = crowd(groups=1, n=2000).patterns
    start = begun(patterns, groups=1, rng=np.random.default_rng(1))
    one = fitted(patterns, start=start, steps=200, done=1e-9).groups
    # At the maximum every expectation is mentioned as often as the model says that it is.
    from forvent.assess.personas.choices import inclusions

    _, among = inclusions(one.weights, most=int(patterns.length.max()))
    modelled = patterns.count @ among[0, patterns.length]
    assert modelled == pytest.approx(patterns.count @ patterns.mentioned, abs=PRIOR)


def test_steps_never_lose_likelihood_beyond_the_prior(crowd):
    patterns = crowd(n=400).patterns
    groups = begun(patterns, groups=3, rng=np.random.default_rng(2))
    reached = []
    for _ in range(40):
        reached.append(likelihood(patterns, groups))
        groups = fitted(patterns, start=groups, steps=1, done=-1.0).groups
    assert min(np.diff(reached)) > -0.05
    assert reached[-1] > reached[0] + 50


def test_the_chances_of_belonging_are_those_of_bayes():
    patterns = Patterns(np.array([[1.0, 1.0, 0.0]]), np.ones((1, 1)), np.ones((1, 1)), np.ones(1))
    groups = begun(patterns, groups=2, rng=np.random.default_rng(1))
    w, q, size = groups.weights, groups.nuances[:, 0], groups.sizes
    sets = w[:, 0] * w[:, 1] + w[:, 0] * w[:, 2] + w[:, 1] * w[:, 2]
    joint = size * w[:, 0] * w[:, 1] / sets * q
    assert belonging(patterns, groups=groups)[0][0] == pytest.approx(joint / joint.sum())


def test_what_does_not_apply_tells_nothing():
    said = np.array([[True, False, True]] * 2)
    asked = np.array([[False], [True]])
    patterns, place = patterns_of(said, asked=asked, answered=asked)
    groups = begun(patterns, groups=2, rng=np.random.default_rng(3))
    silent = patterns_of(said[:1], asked=asked[:1, :0], answered=asked[:1, :0])[0]
    from dataclasses import replace

    without = replace(groups, nuances=groups.nuances[:, :0])
    chances = belonging(patterns, groups=groups)[0][place]
    assert chances[0] == pytest.approx(belonging(silent, groups=without)[0][0])
    assert chances[1] != pytest.approx(chances[0])
