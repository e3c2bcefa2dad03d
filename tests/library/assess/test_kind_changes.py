"""Kinds that differ between groups or moved over time, told only where that is no chance."""

import numpy as np
import pytest

from forvent.assess import SidedGroup, kind_changes
from forvent.errors import BadOption

ROUNDS = 400


@pytest.fixture
def group(rng):
    def make(penalty, reward, kinds, *, noise=0.02, n=200.0):
        shape = (ROUNDS + 1, len(kinds))
        sides = [np.array(side) + rng.normal(0, noise, shape) for side in (penalty, reward)]
        for side, value in zip(sides, (penalty, reward), strict=True):
            side[0] = value
        return SidedGroup(sides[0], sides[1], np.full(len(kinds), n), tuple(kinds))

    return make


def test_two_groups_differ_by_their_plain_difference(group):
    before, after = group([-0.1], [0.1], ["performance"]), group([-0.3], [0.05], ["basic"])
    one = kind_changes([[before, after]], names=("wifi",))[0][0]
    assert one.penalty.value == pytest.approx(-0.2)
    assert one.penalty.low < -0.2 < one.penalty.high < 0.0
    assert one.reward.value == pytest.approx(-0.05)
    # (r − |p|)/(r + |p|) of −0.3 and 0.05, less that of −0.1 and 0.1.
    assert one.asymmetry.value == pytest.approx(-0.25 / 0.35)
    assert (one.before, one.after, one.became, one.verdict) == ("performance", "basic", "basic", "differs")
    assert one.penalty.n == 400


def test_sides_that_grow_alike_are_no_other_kind(group):
    before, after = group([-0.1], [0.02], ["performance"]), group([-0.3], [0.06], ["basic"])
    one = kind_changes([[before, after]], names=("wifi",))[0][0]
    assert one.verdict == "differs"
    assert one.asymmetry.value == pytest.approx(0.0)
    assert one.asymmetry_rate > 0.5
    assert one.became == ""


@pytest.mark.parametrize("kinds", [("undecided", "basic"), ("basic", "undecided"), ("basic", "basic")])
def test_nothing_became_another_kind_where_a_side_is_undecided_or_both_are_the_same(group, kinds):
    before, after = group([-0.05], [0.2], kinds[:1]), group([-0.3], [0.02], kinds[1:])
    one = kind_changes([[before, after]], names=("wifi",))[0][0]
    assert one.asymmetry_rate < 0.01
    assert (one.became, one.verdict) == ("", "differs")


def test_becoming_indifferent_is_seen_by_the_sides(group):
    before, after = group([-0.2], [0.02], ["basic"]), group([0.0], [0.0], ["indifferent"])
    assert kind_changes([[before, after]], names=("wifi",))[0][0].became == "indifferent"


def test_one_difference_of_many_is_held_to_more(group):
    # Two and a half standard errors: found alone, not among a hundred that do not differ.
    shift = 2.5 * 0.02 * np.sqrt(2)
    alone = kind_changes(
        [[group([-0.1], [0.1], ["undecided"]), group([-0.1 - shift], [0.1], ["undecided"])]], names=("a",)
    )[0][0]
    assert alone.verdict == "differs"
    sides, kinds = [-0.1] * 100, ["undecided"] * 100
    moved = [-0.1 - shift] + [-0.1] * 99
    many = kind_changes(
        [[group(sides, [0.1] * 100, kinds), group(moved, [0.1] * 100, kinds)]],
        names=tuple(f"e{at}" for at in range(100)),
    )[0]
    assert {one.verdict for one in many} == {"no difference found"}
    assert many[0].penalty_rate > alone.penalty_rate


def test_several_periods_are_read_off_their_line(group):
    periods = [group([-0.1 * at], [0.1], ["undecided"], noise=0.01) for at in (1, 2, 3)]
    one = kind_changes([periods], names=("wifi",), at=(0, 1, 2))[0][0]
    assert one.penalty.value == pytest.approx(-0.2)
    uneven = kind_changes([periods[:2]], names=("wifi",), at=(0, 7))[0][0]
    assert uneven.penalty.value == pytest.approx(-0.1)
    # There and back again is no movement.
    back = kind_changes([[periods[0], periods[2], periods[0]]], names=("wifi",), at=(0, 1, 2))[0][0]
    assert back.penalty.value == pytest.approx(0.0)


def test_a_group_without_both_sides_counts_for_nothing(group):
    full, none = group([-0.1], [0.1], ["basic"]), group([0.0], [0.0], ["undecided"], n=0.0)
    one = kind_changes([[none, full]], names=("wifi",))[0][0]
    assert (one.verdict, one.penalty_rate, one.became) == ("not enough data", None, "")
    three = kind_changes([[full, none, full]], names=("wifi",), at=(0, 1, 2))[0][0]
    assert three.verdict == "no difference found"
    assert three.penalty.value == pytest.approx(0.0)


def test_no_comparison_is_no_error_and_a_percentage_no_level(group):
    assert kind_changes([], names=("wifi",)) == ()
    with pytest.raises(BadOption, match=r"^The level 95 is not between 0 and 1\."):
        kind_changes([], names=("wifi",), level=95)
