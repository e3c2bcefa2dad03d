"""How a wait is said, and when it is said anew."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.adjust.waiting.announced import (
    announcements,
    check_grid,
    is_due,
    is_material,
    rounded_down,
    rounded_up,
    step_of,
)
from forvent.errors import BadOption

FIVE_MINUTES = ((math.inf, 300.0),)


@given(st.floats(0.0, 100_000.0))
def test_rounding_is_always_to_the_safe_side_and_less_than_a_step_away(seconds: float) -> None:
    step = step_of(seconds)
    assert seconds - 1e-6 <= rounded_up(seconds) <= max(step, seconds + step)
    assert max(0.0, seconds - step) - 1e-6 <= rounded_down(seconds) <= seconds + 1e-6


def test_what_is_on_the_grid_stays_where_it_is() -> None:
    assert [rounded_up(value) for value in (30.0, 600.0, 1_800.0, 3_600.0)] == [30.0, 600.0, 1_800.0, 3_600.0]
    assert rounded_down(90.0) == 90.0


def test_nobody_is_told_at_most_nothing() -> None:
    assert rounded_up(0.0, grid=FIVE_MINUTES) == 300.0


def test_longer_waits_are_said_in_longer_steps() -> None:
    assert [rounded_up(value) for value in (301.0, 601.0, 1_801.0)] == [330.0, 660.0, 2_100.0]


@pytest.mark.parametrize("grid", [(), ((600.0, 0.0),), ((600.0, 30.0), (300.0, 60.0))])
def test_refuses_a_grid_in_which_nothing_can_be_said(grid: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(BadOption) as refused:
        check_grid(grid)
    assert str(refused.value) == (
        f"In steps of {grid} no wait can be said. "
        "Give pairs of a length and its step in seconds, in rising order, such as (600, 30)."
    )


def test_with_steps_of_five_minutes_a_move_counts_above_five_minutes_and_a_fifth() -> None:
    assert not is_material(1_200.0, new_s=1_500.0, grid=FIVE_MINUTES)
    assert is_material(1_200.0, new_s=1_501.0, grid=FIVE_MINUTES)
    assert not is_material(3_000.0, new_s=3_600.0, grid=FIVE_MINUTES)
    assert is_material(3_000.0, new_s=2_399.0, grid=FIVE_MINUTES)


def test_a_limit_that_has_run_out_is_always_said_anew() -> None:
    assert not is_due(120.0, new_s=125.0, waited_s=120.0)
    assert is_due(120.0, new_s=125.0, waited_s=120.5)


def test_a_limit_that_creeps_is_said_seldom_and_never_out_of_date() -> None:
    waited = np.arange(0.0, 600.0, 10.0)
    limit = np.maximum(200.0 + 0.2 * waited, waited + 30.0)
    told = announcements(limit.tolist(), waited_s=waited.tolist())
    # Sixty looks; the last limit has nearly run out every time when it is said anew.
    assert len(told) <= 9
    for said, following in pairwise(told):
        assert following.waited_s - 10.0 <= said.limit_s
        assert following.limit_s > following.waited_s


def test_a_limit_that_does_not_move_is_said_once() -> None:
    assert len(announcements([240.0] * 20, waited_s=[10.0 * look for look in range(20)])) == 1


def test_without_a_share_and_on_a_fine_grid_every_move_is_said() -> None:
    limits = [200.0 + 5.0 * look for look in range(10)]
    told = announcements(limits, waited_s=list(range(10)), grid=((math.inf, 1.0),), share=0.0)
    assert len(told) == 10


def test_an_announcement_after_the_limit_points_ahead() -> None:
    told = announcements([100.0, 115.0], waited_s=[0.0, 121.0])
    assert told[-1].limit_s == 150.0


def test_refuses_limits_without_their_moments() -> None:
    with pytest.raises(BadOption) as refused:
        announcements([1.0, 2.0], waited_s=[0.0])
    assert str(refused.value) == "There are 2 limits for 1 moments. Give one for each."
