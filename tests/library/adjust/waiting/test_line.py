"""The record of a line, and the line as it stands."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.waiting.line import ARRIVES, ENDS, Line, waiting_line
from forvent.errors import BadOption, NothingUsable


def test_cases_are_put_in_the_order_of_arrival_with_their_columns() -> None:
    line = waiting_line(
        [20.0, 0.0], service_start=[50.0, np.nan], left=[50.0, 10.0], columns={"type": ["new", "old"]}
    )
    assert line.arrival.tolist() == [0.0, 20.0]
    assert line.served.tolist() == [False, True]
    assert line.columns["type"].tolist() == ["old", "new"]


def test_a_missing_end_is_the_start_of_service_or_else_the_case_is_still_in_line() -> None:
    line = waiting_line([0.0, 5.0], service_start=[30.0, np.nan], left=[np.nan, np.nan])
    assert line.left[0] == 30.0
    assert np.isnan(line.left[1])
    assert [kind for _, kind, _ in line.events()] == [ARRIVES, ARRIVES, ENDS]


def test_within_one_second_an_arrival_does_not_know_who_leaves() -> None:
    line = waiting_line([0.0, 30.0], service_start=[30.0, 40.0], left=[30.0, 40.0])
    assert list(line.events()) == [(0.0, ARRIVES, 0), (30.0, ARRIVES, 1), (30.0, ENDS, 0), (40.0, ENDS, 1)]


def test_numbers_stay_numbers_and_everything_else_becomes_text() -> None:
    line = waiting_line(
        [0.0], service_start=[1.0], left=[1.0], columns={"priority": [2], "vip": [True], "type": ["PS"]}
    )
    assert [line.columns[name].dtype.kind for name in ("priority", "vip", "type")] == ["f", "f", "U"]


def test_refuses_a_line_without_cases() -> None:
    with pytest.raises(NothingUsable) as refused:
        waiting_line([], service_start=[], left=[])
    assert str(refused.value) == "The line has no case. Give at least one arrival."


def test_refuses_waits_that_end_before_they_begin() -> None:
    with pytest.raises(BadOption) as refused:
        waiting_line([10.0, 20.0], service_start=[np.nan, np.nan], left=[15.0, 5.0])
    assert str(refused.value) == (
        "1 of 2 waits end before they begin, the first at position 1. "
        "Check the time zone, the date of waits over midnight and the order of the columns."
    )


def test_refuses_arrivals_without_time() -> None:
    with pytest.raises(BadOption) as refused:
        waiting_line([np.nan, 20.0], service_start=[1.0, 30.0], left=[1.0, 30.0])
    assert str(refused.value) == ("1 of 2 arrivals have no time. Leave out cases that never joined the line.")


def test_refuses_columns_of_another_length() -> None:
    with pytest.raises(BadOption) as refused:
        waiting_line([0.0], service_start=[1.0, 2.0], left=[1.0])
    assert str(refused.value) == (
        "The column service_start has 2 values, arrival has 1. Give one value for each case."
    )
    with pytest.raises(BadOption, match="The column type has 2 values, arrival has 1"):
        waiting_line([0.0], service_start=[1.0], left=[1.0], columns={"type": ["a", "b"]})


def test_refuses_an_infinite_time() -> None:
    with pytest.raises(BadOption) as refused:
        waiting_line([0.0], service_start=[np.nan], left=[np.inf])
    assert str(refused.value) == (
        "The column left holds an infinite time. Give NaN where a time is not known."
    )


def test_state_of_an_empty_line_knows_nothing() -> None:
    state = Line().state(0.0)
    assert (state.waiting, state.head_s) == (0, 0.0)
    assert np.isnan([state.last_s, state.recent_s, state.start_rate, state.arrival_rate]).all()


def test_state_after_a_few_events_checked_by_hand() -> None:
    line = Line()
    for key, at in enumerate((0.0, 10.0, 20.0, 30.0)):
        line.arrive(key, at=at)
    line.end(0, at=40.0, served=True)
    line.end(1, at=60.0, served=True)
    line.end(2, at=70.0, served=False)
    state = line.state(80.0)
    assert (state.waiting, state.head_s, state.last_s) == (1, 50.0, 50.0)
    assert state.recent_s == 45.0
    # One start after the first, in the 40 seconds since; three arrivals after the first, in 80 seconds.
    assert state.start_rate == pytest.approx(1 / 40)
    assert state.arrival_rate == pytest.approx(3 / 80)


def test_the_rate_of_starts_does_not_count_time_in_which_nobody_waited() -> None:
    line = Line()
    for start in (0.0, 10_000.0):
        line.arrive("one", at=start)
        line.end("one", at=start + 20.0, served=True)
    assert line.state(20_000.0).start_rate == pytest.approx(1 / 20)


def test_who_is_served_at_once_tells_nothing_of_the_rate() -> None:
    line = Line()
    for at in (0.0, 5.0, 9.0):
        line.arrive("one", at=at)
        line.end("one", at=at, served=True)
    state = line.state(10.0)
    assert np.isnan(state.start_rate)
    assert state.last_s == 0.0


def test_refuses_a_clock_that_goes_back() -> None:
    line = Line()
    line.arrive("one", at=10.0)
    with pytest.raises(BadOption) as refused:
        line.arrive("two", at=9.0)
    assert str(refused.value) == (
        "The clock of the line went back from 10.0 to 9.0. Tell of events in the order of time."
    )


def test_refuses_a_key_twice_and_one_that_is_not_there() -> None:
    line = Line()
    line.arrive("one", at=0.0)
    with pytest.raises(BadOption) as refused:
        line.arrive("one", at=1.0)
    assert str(refused.value) == "The case 'one' is in line already. Give every case its own key."
    with pytest.raises(BadOption) as refused:
        line.end("two", at=1.0, served=True)
    assert str(refused.value) == "The case 'two' is not in line. Tell of the arrival first."
