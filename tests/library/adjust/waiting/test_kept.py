"""What became of announced waits, some of which nobody saw to the end."""

from __future__ import annotations

import math

import numpy as np
import pytest

from forvent.adjust.waiting.censored import stay_weights
from forvent.adjust.waiting.kept import is_undecided, kept_share, pinball_loss
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.stats.intervals import wilson


def test_without_departures_it_is_the_plain_share_with_wilsons_interval() -> None:
    wait = np.arange(1.0, 201.0)
    found = kept_share(wait, low_s=np.zeros(200), high_s=np.full(200, 150.0), weights=np.ones(200))
    assert found == wilson(150, 200)


def test_a_range_is_broken_on_both_sides() -> None:
    wait = np.arange(1.0, 201.0)
    found = kept_share(wait, low_s=np.full(200, 51.0), high_s=np.full(200, 150.0), weights=np.ones(200))
    assert found == wilson(100, 200)


def test_those_who_leave_are_stood_for_by_those_who_stay() -> None:
    rng = np.random.default_rng(11)
    limit = rng.uniform(60.0, 240.0, 20_000)
    # Longer limits are announced to those who wait longer.
    wait, patience = rng.exponential(0.5 * limit), rng.exponential(180.0, 20_000)
    served, until = wait <= patience, np.minimum(wait, patience)
    weights = stay_weights(until, served=served, limit_s=limit)
    found = kept_share(until, low_s=np.zeros(20_000), high_s=limit, weights=weights)
    assert isinstance(found, Estimate)
    truth = float(np.mean(wait <= limit))
    assert found.low < truth < found.high
    assert found.n == 20_000 - int(is_undecided(until, served=served, high_s=limit).sum())
    # Those who were served alone would make the promise look better than it is.
    assert float(np.mean((until <= limit)[served])) > truth + 0.01


def test_uneven_weights_widen_the_interval() -> None:
    wait, even = np.arange(1.0, 201.0), np.ones(200)
    uneven = np.where(np.arange(200) % 2, 1.5, 0.5)
    found = [
        kept_share(wait, low_s=np.zeros(200), high_s=np.full(200, 150.0), weights=weights)
        for weights in (even, uneven)
    ]
    assert isinstance(found[0], Estimate)
    assert isinstance(found[1], Estimate)
    assert found[1].high - found[1].low > 1.05 * (found[0].high - found[0].low)


def test_too_few_decided_cases_are_no_share() -> None:
    found = kept_share(
        np.full(300, 5.0), low_s=np.zeros(300), high_s=np.full(300, 60.0), weights=np.zeros(300)
    )
    assert found == NotEnough(0, 100, "too few announced waits are decided")


def test_refuses_a_negative_weight() -> None:
    with pytest.raises(BadOption) as refused:
        kept_share(np.ones(1), low_s=np.zeros(1), high_s=np.ones(1), weights=-np.ones(1))
    assert str(refused.value) == "A weight is below 0. Take the weights of stay_weights."


def test_only_departures_before_the_limit_are_undecided() -> None:
    wait, served = np.array([5.0, 60.0, 61.0, 5.0]), np.array([False, False, False, True])
    assert is_undecided(wait, served=served, high_s=np.full(4, 60.0)).tolist() == [True, True, False, False]


def test_the_loss_is_least_at_the_quantile_of_those_who_stay() -> None:
    rng = np.random.default_rng(12)
    wait, patience = rng.exponential(60.0, 20_000), rng.exponential(240.0, 20_000)
    served, until = wait <= patience, np.minimum(wait, patience)
    limits = 60.0 * -math.log(0.2) * np.array((0.8, 0.9, 1.0, 1.1, 1.2))
    losses = [
        pinball_loss(until, served=served, limit_s=np.full(20_000, limit), level=0.8) for limit in limits
    ]
    assert int(np.argmin(losses)) == 2


def test_without_anybody_served_there_is_no_loss() -> None:
    nobody = np.zeros(3, dtype=np.bool_)
    assert math.isnan(pinball_loss(np.ones(3), served=nobody, limit_s=np.ones(3), level=0.9))
