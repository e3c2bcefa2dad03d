"""A plan ranked again with other efforts, without the voices it was made from."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.priorities import PlanSettings, Stakes, ranked, reranked
from forvent.errors import BadOption
from forvent.records import Estimate, Gap, MentionCounts, NotEnough, Plan

RNG = np.random.default_rng(5)
GAPS = {"on_time": -0.3, "fair_price": -0.2, "choice": -0.15, "easy_returns": -0.1, "innovation": 0.2}
DRAWS = {name: RNG.normal(size=1000) for name in GAPS}
FEW = NotEnough(n=3, needed=5, why="too few voices say whether it was met")


def gap(name: str, value: float | None) -> Gap:
    """A gap of this size; None is one with too few voices."""
    counts = MentionCounts(met=50, unmet=50, mixed=0, wished=0)
    if value is None:
        return Gap(name, "receive", None, counts, FEW, FEW, FEW, "ratings", FEW, FEW, "basic")
    seen = Estimate(value, value - 0.05, value + 0.05, 100)
    got, expected = Estimate(0.8 + value, 0.1, 0.9, 100), Estimate(0.8, 0.7, 0.9, 100)
    return Gap(name, "receive", None, counts, got, expected, seen, "ratings", seen, seen, "performance")


def plan(**efforts: float) -> Plan:
    """The plan as it would be ranked from the voices."""
    gaps = [*(gap(name, value) for name, value in GAPS.items()), gap("follow_up", None)]
    stakes = Stakes({one.expectation: 100 for one in gaps})
    return ranked(gaps, stakes=stakes, draws=DRAWS, settings=PlanSettings(efforts=efforts))


def again(found: Plan, **efforts: float) -> Plan:
    return reranked(found, efforts=efforts, rng=np.random.default_rng(1))


def test_the_order_and_the_scores_are_those_of_ranking_anew() -> None:
    efforts = {"easy_returns": 2.0, "on_time": 40.0}
    found, anew = again(plan(), **efforts), plan(**efforts)
    assert [row.expectation for row in found.priorities] == [row.expectation for row in anew.priorities]
    assert found.priorities[0].expectation == "easy_returns"
    for mine, theirs in zip(found.priorities, anew.priorities, strict=True):
        assert (mine.effort_days, mine.effort_given) == (theirs.effort_days, theirs.effort_given)
        if isinstance(theirs.score, Estimate):
            assert isinstance(mine.score, Estimate)
            assert mine.score.value == pytest.approx(theirs.score.value)
            assert mine.score.low == pytest.approx(theirs.score.low)
            assert mine.score.high == pytest.approx(theirs.score.high)


def test_the_places_are_nearly_those_of_ranking_anew() -> None:
    efforts = {"fair_price": 6.0}
    for mine, theirs in zip(again(plan(), **efforts).priorities, plan(**efforts).priorities, strict=True):
        assert mine.first == pytest.approx(theirs.first, abs=0.1)
        if isinstance(theirs.rank, Estimate):
            assert isinstance(mine.rank, Estimate)
            assert mine.rank.value == theirs.rank.value
            assert abs(mine.rank.low - theirs.rank.low) <= 1


def test_the_same_efforts_leave_the_plan_as_it_is() -> None:
    found = plan(on_time=2.0)
    assert again(found, on_time=2.0) is found


def test_an_effort_that_nobody_gives_any_more_is_the_usual_one() -> None:
    found = again(plan(on_time=2.0))
    row = next(row for row in found.priorities if row.expectation == "on_time")
    assert (row.effort_days, row.effort_given) == (10.0, False)


def test_what_has_too_few_voices_stays_last() -> None:
    found = again(plan(), follow_up=0.5)
    assert found.priorities[-1].expectation == "follow_up"
    assert isinstance(found.priorities[-1].score, NotEnough)


def test_an_effort_of_nothing_is_refused() -> None:
    with pytest.raises(BadOption, match="An effort of 0 days for on_time is not above 0"):
        again(plan(), on_time=0.0)
