"""Series know how many independent cases they are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forvent.assess.change import level_tracks, summed_tracks
from forvent.assess.change.tracks import Track, segment_estimate
from forvent.records import Estimate, NotEnough
from forvent.stats import quantile_interval, wilson


def rows_of(customers: list[tuple[int, float]], *, periods: int = 8) -> list[dict[str, Any]]:
    """The same customers (voices, met) in every period, as sums."""
    n, m = (np.array(part, dtype=float) for part in zip(*customers, strict=True))
    sums = {
        "people": n.size, "cases": n.sum(), "successes": m.sum(), "cases_squared": (n * n).sum(),
        "successes_squared": (m * m).sum(), "products": (n * m).sum(),
    }  # fmt: skip
    return [{"expectation": "on_time", "period": place, **sums} for place in range(periods)]


def test_voices_of_many_customers_are_worth_what_they_are() -> None:
    found = summed_tracks(rows_of([(1, 1.0)] * 6 + [(1, 0.0)] * 4), measure="met", periods=8)[0]
    np.testing.assert_allclose(found.effective, 10.0)
    np.testing.assert_allclose(found.value(), 0.6)


def test_customers_who_repeat_themselves_are_worth_less() -> None:
    found = summed_tracks(rows_of([(4, 4.0)] * 6 + [(4, 0.0)] * 4), measure="met", periods=8)[0]
    # Forty voices of ten customers who each say one thing four times over.
    assert found.n[0] == 40
    assert 9.0 < found.effective[0] < 11.5


def test_reach_takes_all_speaking_voices_as_cases() -> None:
    mentioned = [
        {"expectation": "on_time", "period": place, "successes": 2, "successes_squared": 2, "products": 2}
        for place in range(8)
    ]
    speaking = [{"period": place, "people": 10, "cases": 10, "cases_squared": 10} for place in range(8)]
    found = summed_tracks(mentioned, measure="reach", periods=8, speaking=speaking)[0]
    np.testing.assert_allclose(found.value(), 0.2)


@pytest.mark.parametrize("customers", [[(1, 1.0)] * 10, [(1, 1.0)] * 2 + [(1, 0.0)]])
def test_a_series_that_cannot_change_or_is_too_thin_is_left_out(customers: list[tuple[int, float]]) -> None:
    assert summed_tracks(rows_of(customers), measure="met", periods=8) == []


def test_ratings_take_their_spread_from_the_customers() -> None:
    rows = rows_of([(2, 2.0)] * 5 + [(2, 0.0)] * 5)
    found = summed_tracks(rows, measure="rating", periods=8, share=False)[0]
    # Ten customers of two equal ratings: a variance of 1/4 a customer is one of 1/2 a rating.
    assert found.variance == pytest.approx(0.5 * 80 / 72)


def test_levels_are_measured_by_their_place_so_that_one_large_one_weighs_little() -> None:
    rows = [
        {"expectation": "on_time", "period": place % 8, "seconds": float(1 + place % 5)}
        for place in range(80)
    ]
    plain = level_tracks(rows, periods=8)[0]
    rows[0] = {**rows[0], "seconds": 1e12}
    wild = level_tracks(rows, periods=8)[0]
    assert np.abs(plain.value() - wild.value()).max() < 0.1
    assert segment_estimate(wild, 0, 8, level=0.95) == quantile_interval(np.concatenate(wild.values))


def test_a_segment_of_independent_voices_has_wilsons_interval() -> None:
    n = np.full(8, 10.0)
    found = segment_estimate(Track("met", "a", n, n * 0.6, n, 0.24, 0.0, True), 0, 4, level=0.95)
    plain = wilson(24, 40)
    assert isinstance(found, Estimate)
    assert (found.value, found.n) == (plain.value, 40)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_scatter_between_periods_widens_the_interval() -> None:
    n = np.full(8, 10.0)
    narrow, wide = (
        segment_estimate(Track("met", "a", n, n * 0.6, n, 0.24, extra, True), 0, 8, level=0.95)
        for extra in (0.0, 0.3)
    )
    assert isinstance(narrow, Estimate)
    assert isinstance(wide, Estimate)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_a_segment_of_too_few_has_no_number() -> None:
    n = np.full(8, 1.0)
    found = segment_estimate(Track("met", "a", n, n * 0.6, n, 0.24, 0.0, True), 0, 3, level=0.95)
    assert found == NotEnough(3, 5, "too few voices in this time")
