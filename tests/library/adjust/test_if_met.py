"""What goes together with another share met, and with another promise."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.if_met import Lever, if_met, if_promised
from forvent.errors import BadOption
from forvent.records import Estimate, FrontierPoint, NotEnough

GOT = Estimate(0.6, 0.5, 0.7, 90)
FEW = NotEnough(3, 10, "too few rated voices say that it was met")


def lever(rng: np.random.Generator) -> Lever:
    """Half judge it, 60 % find it met; met goes with 0.4 more rating and 0.3 fewer dissatisfied."""

    def drawn(value: float, spread: float) -> np.ndarray:
        return np.concatenate([[value], value + rng.normal(size=500) * spread])

    return Lever(drawn(0.6, 0.03), drawn(0.5, 0.02), drawn(0.4, 0.05), drawn(-0.3, 0.05))


def test_the_change_is_share_judging_times_change_of_met_times_swing() -> None:
    found = if_met("on_time", lever=lever(np.random.default_rng(1)), got=GOT, target=0.9)
    assert isinstance(found.rating, Estimate)
    assert isinstance(found.dissatisfied, Estimate)
    assert found.rating.value == pytest.approx(0.5 * 0.3 * 0.4)
    assert found.dissatisfied.value == pytest.approx(0.5 * 0.3 * -0.3)
    assert found.rating.low < found.rating.value < found.rating.high
    assert found.rating.n == 90


def test_a_lower_share_met_goes_together_with_lower_ratings() -> None:
    found = if_met("on_time", lever=lever(np.random.default_rng(1)), got=GOT, target=0.2)
    assert isinstance(found.rating, Estimate)
    assert found.rating.high < 0.0


def test_today_as_target_changes_nothing() -> None:
    found = if_met("on_time", lever=lever(np.random.default_rng(1)), got=GOT, target=0.6)
    assert isinstance(found.rating, Estimate)
    assert found.rating.value == 0.0


def test_too_few_ratings_give_no_number() -> None:
    found = if_met("on_time", lever=lever(np.random.default_rng(1)), got=GOT, target=0.9, too_few=FEW)
    assert (found.rating, found.dissatisfied) == (FEW, FEW)


@pytest.mark.parametrize("target", [-0.1, 1.1, float("nan")])
def test_what_is_no_share_is_refused(target: float) -> None:
    with pytest.raises(BadOption) as caught:
        if_met("on_time", lever=lever(np.random.default_rng(1)), got=GOT, target=target)
    assert str(caught.value) == f"{target:g} is no share. Give a share from 0 to 1, such as 0.9."


LINE = tuple(
    FrontierPoint(length, "day", Estimate(share, share - 0.02, share + 0.02, 300))
    for length, share in ((0.0, 0.02), (2.0, 0.6), (4.0, 0.95), (6.0, 0.98))
)
LATE, TODAY = Estimate(-0.4, -0.5, -0.3, 80), Estimate(0.6, 0.57, 0.63, 300)


def test_promises_are_told_with_the_share_kept_and_the_rating_beside() -> None:
    rows = if_promised(LINE, lengths=[6, 2, 4, 4], today=2.0, kept_today=TODAY, late_difference=LATE)
    assert [row.length for row in rows] == [2.0, 4.0, 6.0]
    assert [row.today for row in rows] == [True, False, False]
    assert rows[0].kept == TODAY
    assert isinstance(rows[1].rating, Estimate)
    assert rows[1].rating.value == pytest.approx(0.35 * 0.4)
    assert rows[1].rating.low < rows[1].rating.value < rows[1].rating.high


def test_a_promise_beyond_the_record_is_left_out() -> None:
    assert if_promised(LINE, lengths=[9], today=None, kept_today=TODAY, late_difference=LATE) == ()


def test_without_ratings_a_promise_is_told_alone() -> None:
    row = if_promised(LINE, lengths=[4], today=None, kept_today=TODAY, late_difference=None)[0]
    assert row.rating == NotEnough(0, 1, "no ratings are joined with episodes")
    row = if_promised(LINE, lengths=[4], today=None, kept_today=None, late_difference=LATE)[0]
    assert row.rating == NotEnough(0, 1, "no promise of today is known")
