"""Lateness and slowness are told apart."""

import numpy as np
import pytest

from forvent.assess.joined import Joined
from forvent.assess.satisfaction import (
    late_difference,
    satisfaction_cells,
    satisfaction_curve,
    slow_difference,
)
from forvent.records import NotEnough
from forvent.stats import bootstrap_counts


def episodes(wait, promised, rating):
    """Delivered and rated episodes, each of its own customer."""
    wait, promised = np.asarray(wait, dtype=float), np.asarray(promised, dtype=float)
    nothing, late = np.full(wait.size, np.nan), wait - promised
    return Joined(
        wait_days=wait, promised_days=promised, days_late=late, open=np.zeros(wait.size),
        late=(late > 0).astype(float), rating=np.asarray(rating, dtype=float), negative=nothing,
        on_time_unmet=nothing, slow_unmet=nothing, stated_days=nothing, block=np.arange(wait.size) % 100,
    )  # fmt: skip


def shop(rng, *, per_late, per_day, n=3000):
    """Ratings that fall by ``per_late`` where late and by ``per_day`` for each day of waiting."""
    wait, promised = rng.gamma(4, 3, n), rng.uniform(8, 24, n)
    rating = 0.8 - per_late * (wait > promised) - per_day * wait + rng.normal(0, 0.1, n)
    return episodes(wait, promised, rating), bootstrap_counts(rng, blocks=100, rounds=400)


def test_lateness_alone_is_found_as_lateness_alone(rng):
    joined, drawn = shop(rng, per_late=0.4, per_day=0.0)
    late, slow = late_difference(joined, drawn=drawn), slow_difference(joined, drawn=drawn)
    assert late.low < -0.4 < late.high
    assert late.high - late.low < 0.06
    assert slow.low < 0.0 < slow.high


def test_slowness_alone_hardly_looks_like_lateness(rng):
    joined, drawn = shop(rng, per_late=0.0, per_day=0.02)
    late, slow = late_difference(joined, drawn=drawn), slow_difference(joined, drawn=drawn)
    plain = joined.rating[joined.late == 1].mean() - joined.rating[joined.late == 0].mean()
    assert plain < -0.1
    # What is left is the difference of waits inside a decile of the late.
    assert abs(late.value) < 0.25 * abs(plain)
    assert slow.high < -0.1


def test_differences_need_ten_late_and_ten_kept():
    joined = episodes([5.0] * 50 + [15.0] * 9, [10.0] * 59, [1.0] * 50 + [0.0] * 9)
    drawn = np.ones((2, 59))
    few = late_difference(joined, drawn=drawn)
    assert few == NotEnough(n=9, needed=10, why="too few rated episodes were late, or kept")


def test_late_episodes_without_a_kept_one_of_similar_wait_are_not_compared():
    joined = episodes([5.0] * 50 + [15.0] * 40, [10.0] * 90, [1.0] * 50 + [0.0] * 40)
    found = late_difference(joined, drawn=np.ones((2, 90)))
    assert isinstance(found, NotEnough)
    assert found.why == "too few late episodes have a kept one of similar wait"


def test_slow_difference_needs_forty_kept_episodes():
    found = slow_difference(episodes([5.0] * 39, [10.0] * 39, [1.0] * 39), drawn=np.ones((2, 39)))
    assert found == NotEnough(n=39, needed=40, why="too few rated episodes were kept")


def test_cells_count_kept_and_late_quick_and_slow():
    wait = [3.0] * 6 + [12.0] * 6 + [9.0] * 6 + [20.0] * 4
    promised = [5.0] * 6 + [15.0] * 6 + [5.0] * 6 + [15.0] * 4
    joined = episodes(wait, promised, [1.0] * 6 + [0.75] * 3 + [0.5] * 3 + [0.25] * 10)
    cells = satisfaction_cells(joined, slow_from_days=10.0)
    assert [(cell.kept, cell.slow) for cell in cells] == [
        (True, False),
        (True, True),
        (False, False),
        (False, True),
    ]
    assert [cell.satisfied.value for cell in cells[:3]] == [1.0, 0.5, 0.0]
    assert cells[1].mean_rating.value == 0.625
    assert cells[3].satisfied == NotEnough(n=4, needed=5, why="too few rated episodes")


def test_curve_is_cut_at_the_promise():
    late = np.repeat([-30.0, -10.0, -5.0, 0.0, 3.0, 7.0, 40.0], 5)
    joined = episodes(late + 50, [50.0] * 35, np.repeat([0.9, 0.8, 0.7, 0.6, 0.5, 0.2, 0.1], 5))
    curve = satisfaction_curve(joined)
    assert [(point.days_late_from, point.days_late_to) for point in curve] == [
        (-30, -14), (-14, -7), (-7, -3), (-3, 0), (0, 3), (3, 7), (7, 40),
    ]  # fmt: skip
    assert [point.mean_rating.value for point in curve] == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5, 0.2, 0.1])


def test_curve_of_nothing_has_finite_edges():
    curve = satisfaction_curve(episodes([], [], []))
    assert (curve[0].days_late_from, curve[-1].days_late_to) == (-14.0, 7.0)
    assert all(isinstance(point.mean_rating, NotEnough) for point in curve)
