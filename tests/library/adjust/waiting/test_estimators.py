"""What each estimator says of a line."""

from __future__ import annotations

import math

import numpy as np

from forvent.adjust.waiting.estimators import (
    ESTIMATORS,
    head_of_line_wait,
    point_estimates,
    queue_length_wait,
)
from forvent.adjust.waiting.line import LineState


def test_behind_nobody_one_waits_for_one_service_start() -> None:
    assert queue_length_wait(0, start_rate=0.1) == 10.0


def test_without_a_rate_the_length_says_nothing() -> None:
    assert math.isnan(queue_length_wait(3, start_rate=math.nan))
    assert math.isnan(queue_length_wait(3, start_rate=0.0))
    assert math.isnan(head_of_line_wait(9.0, start_rate=math.nan, arrival_rate=1.0))
    assert math.isnan(head_of_line_wait(9.0, start_rate=1.0, arrival_rate=math.nan))


def test_the_refined_head_counts_itself_and_the_one_who_arrives() -> None:
    assert head_of_line_wait(0.0, start_rate=0.1, arrival_rate=0.1) == 20.0


def test_points_stand_in_the_order_of_the_names_and_are_never_missing() -> None:
    state = LineState(
        waiting=2, head_s=30.0, last_s=math.nan, recent_s=math.nan, start_rate=0.1, arrival_rate=math.nan
    )
    found = dict(zip(ESTIMATORS, point_estimates(state).tolist(), strict=False))
    assert found == {
        "queue_length": 3 / 0.1,
        "last_served": 0.0,
        "head_of_line": 30.0,
        "head_refined": 0.0,
        "recent": 0.0,
    }


def test_the_length_of_the_line_gives_the_mean_wait_of_exponential_services() -> None:
    rng = np.random.default_rng(4)
    servers, rate, waiting = 3, 0.02, 5
    # Each start comes after an exponential time with the rate of all servers together.
    waits = rng.exponential(1.0 / (servers * rate), size=(20_000, waiting + 1)).sum(axis=1)
    error = waits.std() / math.sqrt(waits.size)
    assert abs(waits.mean() - queue_length_wait(waiting, start_rate=servers * rate)) < 4 * error
