"""From sheets to gaps and groups: what counts together, and what is called a finding."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.surveyed import GapChoices, survey_cut, survey_gaps, survey_of
from forvent.errors import BadOption
from forvent.records import NotEnough, SurveyPair


def gaps_of(survey, rows, *, many, choices=None):
    found = survey_gaps(
        survey,
        answers=rows,
        halves=[(0, 0)] * many,
        choices=choices or GapChoices(),
        rng=np.random.default_rng(1),
        rounds=100,
    )
    return {(gap.part, gap.name): gap for gap in found}


def test_pairs_dimensions_all_and_weighted_come_in_this_order(answers, moody):
    pairs = tuple(SurveyPair(f"q{n}", f"e{n}", f"p{n}", dimension="AB"[n > 1]) for n in range(4))
    choices = GapChoices(weights={"a": 70, "B": 30})
    found = survey_of(answers(*moody(50, many=4)), pairs=pairs, scale=(1, 7), choices=choices)
    assert [mix.name for mix in found.mixes] == ["q0", "q1", "q2", "q3", "A", "B", "all", "weighted"]
    assert found.mixes[-1].weights == pytest.approx((0.35, 0.35, 0.15, 0.15))


def test_the_weighted_gap_weighs_dimensions_by_their_points(answers, moody):
    rows = answers(*moody(80, many=4))
    pairs = tuple(SurveyPair(f"q{n}", f"e{n}", f"p{n}", dimension="AB"[n > 1]) for n in range(4))
    choices = GapChoices(weights={"A": 3, "B": 1})
    found = gaps_of(
        survey_of(rows, pairs=pairs, scale=(1, 7), choices=choices), rows, many=4, choices=choices
    )
    parts = [found["dimension", name].gap.value for name in "AB"]
    assert found["weighted", "weighted"].gap.value == pytest.approx(0.75 * parts[0] + 0.25 * parts[1])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (
            {"speed": 10},
            "“speed” has a weight but is no dimension or pair that counts. Weigh some of: q0, q1.",
        ),
        ({"q0": 0}, "The weight 0 of “q0” is not above 0. Leave it out instead."),
    ],
)
def test_refuses_weights_that_cannot_be(answers, survey, moody, weights, message):
    with pytest.raises(BadOption) as refused:
        survey(answers(*moody(20, many=2)), many=2, choices=GapChoices(weights=weights))
    assert str(refused.value) == message


@pytest.mark.parametrize(("wrong", "message"), [
    ({"alike": 1.0}, "1 of the scale cannot count as no gap. Give a share such as 0.05."),
    ({"most": 0}, "0 groups cannot be shown. Give at least 1."),
])  # fmt: skip
def test_refuses_choices_that_cannot_be(wrong, message):
    with pytest.raises(BadOption) as refused:
        GapChoices(**wrong)
    assert str(refused.value) == message


def test_a_scale_upside_down_counts_in_nothing_and_is_no_finding(answers, survey, moody):
    expected, received = moody(200, many=5)
    received[2] = 8 - received[2]
    rows = answers(expected, received)
    found = gaps_of(survey(rows, many=5), rows, many=5)
    assert found["all", "all"].pairs == ("q0", "q1", "q3", "q4")
    assert found["pair", "q2"].verdict == "undecided"
    assert found["pair", "q2"].rate is None
    assert found["pair", "q1"].verdict == "worse than expected"


def test_amounts_have_a_median_and_are_no_part_of_all(answers):
    rng = np.random.default_rng(1)
    rows = answers([rng.integers(1, 4, 60)] * 2, [rng.integers(3, 9, 60)] * 2)
    pairs = tuple(
        SurveyPair(f"q{n}", f"e{n}", f"p{n}", kind="level", better="less", unit="day") for n in (0, 1)
    )
    found = gaps_of(survey_of(rows, pairs=pairs, scale=None, choices=GapChoices()), rows, many=2)
    assert set(found) == {("pair", "q0"), ("pair", "q1")}
    gap = found["pair", "q0"]
    assert (gap.verdict, gap.unit, gap.reliability) == ("worse than expected", "day", None)
    assert gap.middle.low <= gap.middle.value <= gap.middle.high


def test_met_counts_pairs_that_got_what_was_expected_or_more(answers, survey):
    rows = answers([[5.0] * 8], [[4.0, 5, 6, 5, 4, 4, 4, 4]])
    found = gaps_of(survey(rows, many=1), rows, many=1)["pair", "q0"]
    assert (found.met.value, found.met.n) == (0.375, 8)


def test_among_many_pairs_without_a_gap_nobody_cries_wolf(answers, survey):
    rng = np.random.default_rng(6)
    called = alone = 0
    for _ in range(60):
        rows = answers(*rng.integers(1, 8, (2, 20, 60)).astype(float))
        found = [gap for gap in gaps_of(survey(rows, many=20), rows, many=20).values() if gap.part == "pair"]
        called += any(gap.verdict != "undecided" and gap.verdict != "as expected" for gap in found)
        alone += any(gap.gap.low > 0 or gap.gap.high < 0 for gap in found)
    # Single intervals would cry in 64 % of such surveys; the stated rate is 5 %.
    assert called <= 60 * 0.05 + 4 * np.sqrt(60 * 0.05 * 0.95)
    assert alone > 30


def test_groups_come_by_size_and_periods_by_time(answers, survey, moody):
    rows = answers(*moody(60, many=2))
    held = survey(rows, many=2)
    places = pa.chunked_array([["Ghent"] * 20 + ["Lille"] * 30 + [None] * 10])
    cut = survey_cut(held, values=places, column="shop", kind="segment", choices=GapChoices())
    assert [(group.name, group.answers) for group in cut.groups] == [("Lille", 30), ("Ghent", 20)]
    assert (cut.blank, cut.left_out) == (10, 0)
    months = pa.chunked_array([pa.array([datetime(2026, m, 1) for m in [2] * 10 + [1] * 40 + [3] * 10])])
    cut = survey_cut(held, values=months, column="date", kind="time", choices=GapChoices(most=2))
    assert [group.name for group in cut.groups] == ["2026-02-01", "2026-03-01"]
    assert cut.left_out == 1


def test_finds_the_group_that_differs_and_only_that(answers, survey, moody):
    expected, received = moody(600, many=3)
    received[1, :60] = np.clip(received[1, :60] - 2, 1, 7)
    rows = answers(expected, received)
    steps = pa.chunked_array([[f"step {number // 60}" for number in range(600)]])
    cut = survey_cut(
        survey(rows, many=3), values=steps, column="step", kind="touchpoint", choices=GapChoices()
    )
    found = {
        (group.name, gap.name)
        for group in cut.groups
        for gap in group.gaps
        if gap.rest_verdict == "worse than the rest" and gap.part == "pair"
    }
    assert found == {("step 0", "q1")}
    assert all(gap.verdict == "worse than expected" for group in cut.groups for gap in group.gaps[:1])


def test_one_group_has_no_rest(answers, survey, moody):
    rows = answers(*moody(20, many=1))
    values = pa.chunked_array([["Ghent"] * 20])
    cut = survey_cut(survey(rows, many=1), values=values, column="shop", kind="segment", choices=GapChoices())
    (gap,) = cut.groups[0].gaps
    assert gap.against_rest == NotEnough(n=0, needed=5, why="fewer than 5 respondents answered both")
    assert gap.rest_verdict == "not enough data"
