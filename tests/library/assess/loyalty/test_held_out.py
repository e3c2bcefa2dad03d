from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forvent.assess.loyalty import (
    fit_from_parameters,
    fit_purchases,
    held_out,
    histories_of_arrays,
    outlooks,
    past_forecast,
    spread_of_past,
)
from forvent.records import NotEnough
from forvent.records.loyalty import PastForecast

TRUE = {"r": 0.8, "alpha": 6.0, "a": 0.6, "b": 2.5}


def test_forecast_of_held_out_purchases_is_near_and_beats_the_last_period(simulated):
    known, later = simulated(4000, **TRUE, seed=41)
    fit = fit_purchases(known, model="bg-nbd")
    # In as many weeks before: half of what was bought in all weeks, at the most.
    told = replace(known, later=later, before=np.round(known.repeats / 2) + (known.repeats == 0))
    found = held_out(fit, histories=told, days=182)
    assert found.bought == later.sum()
    assert found.expected.value == pytest.approx(found.bought, rel=0.05)
    assert found.expected.low < found.bought < found.expected.high
    assert found.squared_error < found.same_squared_error
    assert found.error < found.same_error
    assert found.inside > 0.94
    # The mean is for sums and squares; no single number is less off than the median.
    assert found.median_error < 0.95 * found.error


def test_errors_by_hand():
    fit = fit_from_parameters("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426)
    two = histories_of_arrays(repeats=[2, 2], recency=[30.43] * 2, age=[38.86] * 2)
    told = replace(two, later=np.array([1.0, 3.0]), before=np.array([2.0, 2.0]))
    found = held_out(fit, histories=told, days=273)
    expected = found.expected.value / 2
    assert found.error == pytest.approx((expected - 1 + 3 - expected) / 2)
    assert found.squared_error == pytest.approx(np.sqrt(((expected - 1) ** 2 + (3 - expected) ** 2) / 2))
    assert (found.same, found.same_error, found.same_squared_error, found.inside) == (4, 1.0, 1.0, 1.0)
    # The middle of what such a customer buys is one: off by 0 and by 2.
    assert outlooks(fit, histories=two, weeks=39.0).median.tolist() == [1.0, 1.0]
    assert found.median_error == 1.0


def test_nothing_after_is_said():
    fit = fit_from_parameters("bg-nbd", **TRUE)
    one = histories_of_arrays(repeats=[2], recency=[3.0], age=[9.0])
    assert held_out(fit, histories=one, days=0) == NotEnough(
        0, 1, "the file holds no day after the end of what is known"
    )


def test_a_past_forecast_knows_its_chance(simulated):
    known, later = simulated(2000, **TRUE, seed=42)
    fit = fit_from_parameters("bg-nbd", **TRUE)
    found = past_forecast(fit, histories=replace(known, later=later), until=date(2024, 1, 1), days=182)
    assert abs(found.bought - found.expected) < 4 * found.spread
    assert found.customers == 2000


def test_misses_within_chance_add_nothing():
    near = PastForecast(date(2024, 1, 1), 30, 50, 100.0, 10.0, 105)
    assert spread_of_past([near]) == 0.0
    assert spread_of_past([]) == 0.0


def test_misses_beyond_chance_are_averaged():
    far = PastForecast(date(2024, 1, 1), 30, 50, 100.0, 0.0, 120)
    right = PastForecast(date(2024, 2, 1), 30, 50, 100.0, 0.0, 100)
    assert spread_of_past([far, right]) == pytest.approx(np.sqrt(0.02))
