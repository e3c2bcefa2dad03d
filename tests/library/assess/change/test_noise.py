"""What series look like while nothing changes."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from forvent.assess.change import with_scatter
from forvent.assess.change.noise import extra_spread, fit, null_histories
from forvent.assess.change.tracks import Track


def test_scatter_beyond_chance_is_found_on_average() -> None:
    rng = np.random.default_rng(1)
    extra, n = 0.1, np.full(30, 20.0)
    chance = rng.beta(0.5 * 9, 0.5 * 9, (2000, 30))
    found = extra_spread(rng.binomial(20, chance) / 20, effective=n, variance=0.25)
    assert abs(found.mean() - extra * (1 - 1 / 20)) < 0.01
    calm = extra_spread(rng.binomial(20, 0.5, (2000, 30)) / 20, effective=n, variance=0.25)
    assert abs(calm.mean()) < 0.005


def test_a_change_of_level_is_hardly_taken_for_scatter(made: ModuleType) -> None:
    n = np.full(30, 50.0)
    stepped = made.track(n, n * made.step(15, of=30))
    assert with_scatter([stepped])[0].extra < 0.03


def test_invented_histories_have_the_counts_the_level_and_the_scatter() -> None:
    n = np.array([5.0, 10.0, 40.0, 80.0])
    track = Track("met", "a", n, n * 0.3, n, 0.21, 0.05, True)
    values, worth = null_histories(track, rounds=20_000, rng=np.random.default_rng(2))
    np.testing.assert_allclose(worth, n)
    np.testing.assert_allclose(values.mean(axis=0), 0.3, atol=0.01)
    # Var = pq (1/n + ρ (1 − 1/n)).
    np.testing.assert_allclose(values.var(axis=0), 0.21 * (1 / n + 0.05 * (1 - 1 / n)), rtol=0.05)


def test_invented_histories_of_ratings_are_normal_around_the_mean() -> None:
    n = np.array([5.0, 10.0, 40.0, 80.0])
    track = Track("rating", "", n, n * 0.7, n, 0.09, 0.0, False)
    values, _ = null_histories(track, rounds=20_000, rng=np.random.default_rng(3))
    np.testing.assert_allclose(values.var(axis=0), 0.09 / n, rtol=0.05)


def test_an_empty_period_is_no_part_of_a_history() -> None:
    n = np.array([5.0, 0.0, 40.0, 80.0])
    track = Track("met", "a", n, n * 0.3, n, 0.21, 0.0, True)
    assert null_histories(track, rounds=2, rng=np.random.default_rng(4))[0].shape == (2, 3)


def test_two_levels_fit_no_worse_than_one() -> None:
    rng = np.random.default_rng(5)
    n = np.full(4, 10.0)
    for share in (True, False):
        track = Track("met", "a", n, n * 0.5, n, 0.25, 0.0, share)
        weight = rng.uniform(1, 50, (200, 2))
        sums = weight * rng.uniform(0, 1, (200, 2))
        apart = fit(track, sums, weight=weight).sum(axis=1)
        assert (apart - fit(track, sums.sum(axis=1), weight=weight.sum(axis=1)) > -1e-9).all()
    nothing = fit(Track("met", "a", n, n * 0.5, n, 0.25, 0.0, True), np.zeros(1), weight=np.zeros(1))
    assert nothing[0] == 0.0
