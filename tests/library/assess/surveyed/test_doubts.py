"""Damaged surveys are found out, and sound ones are left in peace."""

import numpy as np
import pytest

from forvent.assess.surveyed import doubts, half_answered, upside_down
from forvent.records import Estimate, NotEnough, SurveyPair

NOBODY = NotEnough(0, 1, "no ratings")


def doubted(held, pairs, *, overall=None, expected=NOBODY, scale=(1.0, 7.0)):
    n = held.person.size
    found = doubts(
        held,
        pairs=pairs,
        used=range(len(pairs)),
        overall=np.full(n, np.nan) if overall is None else overall,
        scale=scale,
        expected=expected,
    )
    return {caution.name: caution for caution in found}


def test_finds_the_column_that_runs_the_other_way(sheets, pairs, moody):
    expected, received = moody(200, many=5)
    received[2] = 8 - received[2]
    (found,) = upside_down(sheets(expected, received), pairs=pairs(5))
    assert (found.name, found.about, found.count) == ("upside_down", ("p2",), 200)
    assert found.value < -0.4


def test_finds_both_halves_of_a_question_that_was_put_negatively(sheets, pairs, moody):
    expected, received = moody(200, many=5)
    expected[4], received[4] = 8 - expected[4], 8 - received[4]
    found = upside_down(sheets(expected, received), pairs=pairs(5))
    assert [caution.about for caution in found] == [("e4",), ("p4",)]


def test_leaves_alone_what_its_owner_says_is_right(sheets, pairs, moody):
    expected, received = moody(200, many=5)
    received[2] = 8 - received[2]
    assert upside_down(sheets(expected, received), pairs=pairs(5), keep=("p2",)) == ()


@pytest.mark.parametrize("seed", range(20))
def test_sound_surveys_are_not_doubted(sheets, pairs, moody, seed):
    held = sheets(*moody(60, many=5, seed=seed))
    assert upside_down(held, pairs=pairs(5)) == ()
    assert doubted(held, pairs(5)) == {}


@pytest.mark.parametrize("seed", range(20))
def test_answers_that_have_nothing_to_do_with_each_other_are_not_doubted(sheets, pairs, seed):
    drawn = np.random.default_rng(seed).integers(1, 8, (2, 5, 120)).astype(float)
    assert upside_down(sheets(*drawn), pairs=pairs(5)) == ()


def test_half_of_the_columns_either_way_tell_nothing(sheets, pairs, moody):
    expected, received = moody(200, many=4)
    received[:2] = 8 - received[:2]
    assert upside_down(sheets(expected, received), pairs=pairs(4)) == ()


def test_finds_a_part_whose_whole_scale_is_upside_down(sheets, pairs, moody):
    expected, received = moody(200, many=5)
    held = sheets(expected, 8 - received)
    assert upside_down(held, pairs=pairs(5)) == ()
    found = doubted(held, pairs(5), overall=received.mean(axis=0))
    assert set(found) == {"parts_oppose", "received_against_overall"}


def test_little_that_was_expected_is_said(sheets, pairs, moody):
    expected, received = moody(60, many=3)
    found = doubted(sheets(8 - expected, 8 - received), pairs(3), expected=Estimate(2.5, 2.3, 2.7, 180))
    assert found["low_expectations"].value == 2.5


def test_two_scales_are_said(sheets, pairs, moody):
    expected, received = moody(120, many=4)
    found = doubted(sheets(expected, np.clip(received, 1, 5)), pairs(4))
    assert found["different_scales"].about == ("received",)
    assert found["different_scales"].value == 5.0


def test_one_answer_to_everything_is_counted(sheets, pairs, moody):
    expected, received = moody(100, many=5)
    expected[:, :30] = received[:, :30] = 6.0
    found = doubted(sheets(expected, received), pairs(5))["one_answer_to_all"]
    assert (found.count, found.value) == (30, 0.3)


def test_few_respondents_and_equal_differences_are_said(sheets, pairs):
    found = doubted(sheets([[6.0] * 9], [[5.0] * 9]), pairs(1))
    assert found["few_respondents"].count == 9
    assert found["same_difference"].about == ("q0",)


def test_amounts_are_no_scale(sheets):
    rng = np.random.default_rng(1)
    drawn = rng.normal(size=(2, 3, 80))
    drawn[1, 2] = -drawn[1, 0]
    amounts = [SurveyPair(f"q{number}", "e", f"p{number}", kind="level") for number in range(3)]
    assert upside_down(sheets(*drawn), pairs=amounts) == ()


def test_halves_are_said_from_a_fifth_on(pairs):
    found = half_answered(pairs(2), whole=[80, 79], halves=[(10, 10), (11, 10)])
    assert [(caution.about, caution.count) for caution in found] == [(("q1",), 21)]
