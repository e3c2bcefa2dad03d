"""Windows of waits that are partly known, and those who left."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.waiting.censored import MOST_WEIGHT, Patience, stay_weights
from forvent.adjust.waiting.offsets import HourOffsets
from forvent.adjust.waiting.scale import from_scale, to_scale
from forvent.adjust.waiting.window import ScoreWindow, Survival


def test_survival_of_a_published_example() -> None:
    # Remission of 21 patients under 6-MP: Freireich et al. (1963), as in Cox & Oakes (1984), table 1.1.
    weeks = np.array([[6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35.0]])
    censored = {3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20}
    ended = np.array([place not in censored for place in range(21)])
    found = Survival(weeks, ended=ended)
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {week: round(found.above(float(week)), 3) for week in published} == published
    assert found.quantile(0.5).tolist() == [23.0]


def test_a_level_that_nobody_is_known_to_reach_is_the_largest_score() -> None:
    found = Survival(np.array([[1.0, 2.0, 3.0]]), ended=np.array([True, False, False]))
    assert found.quantile(0.9).tolist() == [3.0]
    assert found.above(0.5) == 1.0


def test_a_window_forgets_the_oldest() -> None:
    window = ScoreWindow(size=3, rows=1)
    for score in (100.0, 1.0, 2.0, 3.0):
        window.add(np.array([score]), ended=True)
    assert window.survival(np.zeros((1, 0))).quantile(0.99).tolist() == [3.0]
    assert window.n == 4


def test_those_still_in_line_make_the_window_longer() -> None:
    window = ScoreWindow(size=10, rows=1)
    for score in (1.0, 2.0, 3.0, 4.0):
        window.add(np.array([score]), ended=True)
    alone = window.survival(np.zeros((1, 0)))
    beside = window.survival(np.array([[2.5, 2.5, 2.5, 2.5]]))
    assert alone.above(3.0) == pytest.approx(0.25)
    assert beside.above(3.0) == pytest.approx(0.75 * 0.5)


def test_weights_of_those_who_were_served_stand_for_all() -> None:
    rng = np.random.default_rng(2)
    wait, patience = rng.exponential(50.0, 5_000), rng.exponential(150.0, 5_000)
    served = wait <= patience
    weights = stay_weights(np.minimum(wait, patience), served=served)
    assert (weights[~served] == 0.0).all()
    assert weights.max() <= MOST_WEIGHT
    assert weights.sum() == pytest.approx(5_000, rel=0.03)
    assert np.average(np.minimum(wait, patience), weights=weights) == pytest.approx(50.0, rel=0.06)


def test_patience_weighs_nobody_before_it_is_known() -> None:
    patience = Patience(size=200)
    assert patience.weight(1_000.0, served=True) == 1.0
    for case in range(100):
        patience.add(10.0 + case, left=case % 2 == 0)
    assert patience.weight(5.0, served=True) == 1.0
    assert 1.5 < patience.weight(80.0, served=True) <= MOST_WEIGHT


def test_only_a_known_fate_has_a_weight() -> None:
    patience = Patience(size=200)
    assert patience.weight(50.0, served=False, limit_s=60.0) == 0.0
    assert patience.weight(70.0, served=False, limit_s=60.0) == 1.0
    assert patience.weight(50.0, served=True, limit_s=60.0) == 1.0


def test_who_still_waits_at_the_limit_weighs_what_the_limit_weighs() -> None:
    wait = np.array([10.0, 20.0, 30.0, 90.0])
    left = np.array([False, True, False, True])
    assert stay_weights(wait, served=~left, limit_s=np.full(4, 25.0)).tolist() == pytest.approx(
        [1, 0, 1.5, 1.5]
    )
    assert stay_weights(wait, served=~left, limit_s=np.full(4, 15.0)).tolist() == [1.0, 1.0, 1.0, 1.0]


def test_an_hour_that_breaks_its_word_is_given_more_without_the_others() -> None:
    offsets = HourOffsets(0.9, step=0.0, hour_step=0.1, shrink=10.0)
    for _ in range(90):
        offsets.feed(9, kept=False)
    assert offsets.offset(9) == pytest.approx(0.1 * 0.9 * 90 * 90 / 100)
    assert offsets.offset(10) == 0.0


def test_an_hour_with_few_cases_leans_on_the_whole() -> None:
    offsets = HourOffsets(0.9, step=0.1, hour_step=0.1, shrink=1_000.0)
    offsets.feed(9, kept=False)
    assert offsets.offset(10) == pytest.approx(0.09)
    assert offsets.offset(9) == pytest.approx(0.09, abs=1e-3)


def test_who_stands_for_two_moves_the_offset_twice_as_far() -> None:
    once, twice = (HourOffsets(0.9, step=0.1, hour_step=0.0, shrink=1.0) for _ in range(2))
    once.feed(3, kept=False, weight=2.0)
    for _ in range(2):
        twice.feed(3, kept=False)
    assert once.offset(3) == pytest.approx(twice.offset(3))


def test_whatever_comes_the_share_kept_is_held() -> None:
    # The limit is the offset itself, and every seventh wait is three times as long.
    offsets = HourOffsets(0.9, step=0.0, hour_step=0.05, shrink=1e-9)
    kept: list[bool] = []
    for case in range(4_000):
        wait = 1.0 if case % 7 else 3.0
        kept.append(wait <= offsets.offset(0))
        offsets.feed(0, kept=kept[-1])
    # |share − level| ≤ (largest wait + step) / (step · n)
    assert abs(np.mean(kept) - 0.9) <= (3.0 + 0.05) / (0.05 * 4_000)


def test_the_scale_and_back() -> None:
    seconds = np.array([0.0, 1.0, 60.0, 7_200.0])
    assert from_scale(to_scale(seconds)) == pytest.approx(seconds, abs=1e-9)
    assert from_scale(np.array([-3.0])).tolist() == [0.0]
