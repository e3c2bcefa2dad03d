"""Differences between segments, and drift over waves."""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.assess.kano import drift_changes, segment_changes, weighted_difference
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough

CellsOf = Callable[..., NDArray[np.int64]]


def test_two_shares_have_agresti_and_caffos_interval() -> None:
    found, p = weighted_difference([7, 1], [10, 10], weights=[1, -1])
    first, second = 8 / 12, 2 / 12
    error = sqrt(first * (1 - first) / 12 + second * (1 - second) / 12)
    assert found.value == pytest.approx(0.6)
    assert (found.low, found.high) == pytest.approx((0.5 - 1.959964 * error, 0.5 + 1.959964 * error))
    assert p == pytest.approx(erfc(0.5 / error / sqrt(2)))
    assert found.n == 20


def test_shares_without_weight_take_no_part() -> None:
    three = weighted_difference([7, 50, 1], [10, 60, 10], weights=[1, 0, -1])
    assert three == weighted_difference([7, 1], [10, 10], weights=[1, -1])


def test_a_p_value_at_the_level_and_an_interval_that_reaches_zero_are_one() -> None:
    for hits in range(31):
        found, p = weighted_difference([hits, 12], [30, 40], weights=[1, -1])
        assert (p <= 0.05) == (found.low > 0 or found.high < 0)


def test_an_interval_holds_its_value_where_all_say_the_same() -> None:
    found, _ = weighted_difference([5, 0], [5, 5], weights=[1, -1])
    assert found.value == found.high == 1.0
    assert found.low < 1.0


def test_no_weight_is_refused() -> None:
    with pytest.raises(BadOption) as error:
        weighted_difference([1, 1], [2, 2], weights=[0, 0])
    assert str(error.value) == "All weights are 0. Give a share on either side of the difference."


def test_each_segment_stands_against_all_others_together(cells_of: CellsOf) -> None:
    cells = np.stack(
        [
            [cells_of(excitement=60), cells_of(basic=30, performance=30)],
            [cells_of(basic=30), cells_of(basic=15, performance=15)],
            [cells_of(basic=30), cells_of(basic=15, performance=15)],
        ]
    )
    found = segment_changes(cells, names=("chat", "app"))
    assert [[one.verdict for one in segment] for segment in found] == [
        ["differs", "no difference found"],
        ["differs", "no difference found"],
        ["differs", "no difference found"],
    ]
    better, worse = found[0][0].better, found[0][0].worse
    assert isinstance(better, Estimate)
    assert isinstance(worse, Estimate)
    assert (better.value, worse.value) == (1.0, 1.0)
    assert worse.low <= worse.value <= worse.high
    # The second one against the first and the third: 0 of 30 against 60 of 90.
    second = found[1][0].better
    assert isinstance(second, Estimate)
    assert second.value == pytest.approx(-2 / 3)


def test_a_small_segment_and_a_lone_one_say_nothing(cells_of: CellsOf) -> None:
    small = np.stack([[cells_of(basic=4)], [cells_of(excitement=400)]])
    for segment in segment_changes(small, names=("chat",)):
        assert segment[0].verdict == "not enough data"
        assert segment[0].better == NotEnough(n=4, needed=5, why="too few answers")
        assert segment[0].better_rate is None
    lone = segment_changes(small[1:], names=("chat",))[0][0]
    assert lone.better == NotEnough(n=0, needed=5, why="too few answers")


def test_two_waves_are_compared_by_their_plain_difference(cells_of: CellsOf) -> None:
    cells = np.stack([[cells_of(excitement=30, indifferent=10)], [cells_of(excitement=10, indifferent=20)]])
    found = drift_changes(cells, names=("chat",), at=(0, 90))[0]
    plain, _ = weighted_difference([30, 10], [40, 30], weights=[-1, 1])
    assert isinstance(found.better, Estimate)
    assert (found.better.value, found.better.low, found.better.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )
    assert found.verdict == "differs"


def test_a_line_through_the_waves_gives_the_change_over_the_whole_time(cells_of: CellsOf) -> None:
    shares = (0.9, 0.8, 0.5, 0.1)
    waves = [
        cells_of(excitement=round(100 * share), indifferent=round(100 - 100 * share)) for share in shares
    ]
    at = (0.0, 1.0, 4.0, 8.0)
    found = drift_changes(np.stack([[one] for one in waves]), names=("chat",), at=at)[0].better
    assert isinstance(found, Estimate)
    # A line is right for shares that lie on one.
    assert found.value == pytest.approx(-0.8)


def test_a_line_through_a_step_says_no_more_than_a_share_can_change(cells_of: CellsOf) -> None:
    there, gone = [cells_of(excitement=50)], [cells_of(basic=50)]
    found = drift_changes(np.stack([there, there, gone, gone]), names=("chat",), at=(0, 1, 2, 3))[0]
    for change in (found.better, found.worse):
        assert isinstance(change, Estimate)
        assert (change.value, change.low) == (-1.0, -1.0)
        assert change.high < 0


def test_an_empty_wave_takes_no_part(cells_of: CellsOf) -> None:
    first, last = cells_of(excitement=30), cells_of(basic=30)
    gap = np.stack([[first], [cells_of()], [last]])
    found = drift_changes(gap, names=("chat",), at=(0, 1, 2))[0]
    assert found == drift_changes(gap[[0, 2]], names=("chat",), at=(0, 2))[0]


def test_one_wave_with_answers_is_not_enough(cells_of: CellsOf) -> None:
    cells = np.stack([[cells_of(excitement=30)], [cells_of(basic=4)]])
    found = drift_changes(cells, names=("chat",), at=(0, 1))[0]
    assert (found.verdict, found.worse_rate) == ("not enough data", None)


def test_many_features_need_more_to_drift_than_one(cells_of: CellsOf) -> None:
    def wave(*, excitement: int) -> list[NDArray[np.int64]]:
        steady = [cells_of(excitement=25, indifferent=25)] * 19
        return [cells_of(excitement=excitement, indifferent=50 - excitement), *steady]

    cells = np.stack([wave(excitement=33), wave(excitement=20)])
    names = [f"feature {place}" for place in range(20)]
    assert drift_changes(cells[:, :1], names=names[:1], at=(0, 1))[0].verdict == "differs"
    assert drift_changes(cells, names=names, at=(0, 1))[0].verdict == "no difference found"


def test_waves_in_the_wrong_order_are_refused(cells_of: CellsOf) -> None:
    with pytest.raises(BadOption) as error:
        drift_changes(np.stack([[cells_of(basic=9)]] * 2), names=("chat",), at=(2, 1))
    assert str(error.value) == "The waves are not in the order of time. Give rising times."
