"""Gaps of both halves are compared as far as ratings measured them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forvent.assess.change import gap_changes
from forvent.errors import BadOption
from forvent.records import Estimate, Gap, MentionCounts, NotEnough


def gap(value: float, *, half: float = 0.1, name: str = "on_time") -> Gap:
    number = Estimate(value, value - half, value + half, n=200)
    counts = MentionCounts(met=100, unmet=100, mixed=0, wished=0)
    return Gap(name, "receive", None, counts, number, number, number, "ratings", number, number, "basic")


def test_a_gap_that_fell_shorter_is_wider_and_the_other_way_narrower() -> None:
    found = gap_changes([gap(-0.1), gap(-0.6, name="b")], [gap(-0.6), gap(-0.1, name="b")])
    assert [(one.expectation, one.verdict) for one in found] == [("b", "narrower"), ("on_time", "wider")]


def test_the_difference_is_that_of_two_independent_numbers() -> None:
    found = gap_changes([gap(-0.1)], [gap(-0.2, half=0.2)])[0].difference
    assert found.value == pytest.approx(-0.1)
    assert (found.high - found.value) == pytest.approx((0.1**2 + 0.2**2) ** 0.5)


def test_what_two_gaps_tell_alone_many_do_not_tell_together() -> None:
    # 2.1 standard errors of both: sure alone at 5 %, by no means among twenty at 1 %.
    alone = gap_changes([gap(0.0)], [gap(-0.152)], false_alarms=0.05)[0]
    many = [gap(0.0, name=str(place)) for place in range(20)]
    among = gap_changes(many, [replace(one, gap=gap(-0.152).gap) for one in many])
    assert alone.verdict == "wider"
    assert {one.verdict for one in among} == {"undecided"}


def test_a_gap_that_was_assumed_or_is_unknown_is_left_out() -> None:
    assumed = replace(gap(-0.5), basis="usual kind")
    unknown = replace(gap(-0.5, name="b"), gap=NotEnough(2, 5, "too few"))
    assert gap_changes([gap(0.0), gap(0.0, name="b")], [assumed, unknown]) == ()


def test_a_share_of_false_alarms_outside_0_to_1_is_refused() -> None:
    with pytest.raises(BadOption) as error:
        gap_changes([], [], false_alarms=5)
    assert str(error.value) == "A share of false alarms of 5 is none. Give one between 0 and 1."
