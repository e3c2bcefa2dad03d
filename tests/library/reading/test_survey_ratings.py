"""Columns of a survey as ratings, scales and overall satisfaction."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.errors import BadOption, MissingColumn
from forvent.reading.coded import CodedColumn
from forvent.reading.survey_ratings import looks_rated, overall_of, rated, scales_of
from forvent.records import Scale


def column(*cells):
    """A column with these cells, one a row."""
    distinct = tuple(dict.fromkeys(cells))
    return CodedColumn("csat", distinct, np.array([distinct.index(cell) for cell in cells], dtype=np.int32))


def test_ratings_are_numbers_stars_or_words_and_the_rest_is_unread():
    found = rated(column("5", "4,5", "", "n/a", "soon", "0"), none=("0.0",))
    assert found.given().tolist()[:2] == [5.0, 4.5]
    assert found.unread.tolist() == [False, False, False, False, True, False]
    assert found.says_none().tolist() == [False] * 5 + [True]


def test_a_word_can_say_that_it_does_not_apply():
    found = rated(column("5", "never used"), none=("Never used",))
    assert (found.says_none().tolist(), found.unread.any()) == ([False, True], False)


@pytest.mark.parametrize(
    ("values", "looks"),
    [
        (["1", "3", "5"], True),
        (["0", "1", "1"], False),
        (["3", "3"], False),
        (["blue", "red"], False),
        ([str(number) for number in range(40)], False),
    ],
)
def test_columns_that_look_like_ratings(values, looks):
    assert looks_rated(column(*values)) is looks


def test_touchpoints_share_a_scale_unless_one_reaches_half_of_it():
    def named(name, *values):
        return rated(CodedColumn(name, values, np.arange(len(values), dtype=np.int32)))

    ten = named("a", *map(str, range(1, 11)))
    found = scales_of(
        [ten, named("b", "6", "7", "8"), named("c", "1", "3", "5"), named("d", "", "-")], given=None
    )
    assert [(one.low, one.high) for one in found.scales.values()] == [(1, 10), (1, 10), (1, 5), (1, 10)]
    assert "“c” was read on 1–5, the others not." in found.notes


def test_overall_satisfaction_may_be_a_rating_or_one_of_two_answers():
    assert overall_of(column("1", "3", "5")).scale == Scale(1.0, 5.0)
    two = overall_of(column("Satisfied", "Neutral or Dissatisfied", ""))
    assert two.given.tolist()[:2] == [1.0, 0.0]
    assert np.isnan(two.given[2])
    assert two.notes == ("“csat” counts as satisfied: Satisfied; not: Neutral or Dissatisfied.",)
    assert overall_of(column("no", "yes")).given.tolist() == [0.0, 1.0]
    assert overall_of(column("1", "2", "2")).given.tolist() == [0.0, 1.0, 1.0]
    assert overall_of(column("happy", "ok", "sad"), good=("Happy", "ok")).given.tolist() == [1.0, 1.0, 0.0]


def test_overall_satisfaction_that_says_nothing_clear_is_refused():
    with pytest.raises(BadOption) as two:
        overall_of(column("stayed", "left"))
    assert str(two.value) == (
        "“csat” holds “left” and “stayed”, and it cannot be told which is the good one. "
        "Say it with --good ANSWER."
    )
    with pytest.raises(BadOption) as words:
        overall_of(column("stayed", "left", "moved"))
    assert str(words.value) == (
        "“csat” holds answers that are no ratings, such as “stayed”. "
        "Say which answers count as satisfied: --good ANSWER."
    )
    with pytest.raises(BadOption) as unknown:
        overall_of(column("stayed", "left"), good=("happy",))
    assert str(unknown.value) == "No answer in “csat” is happy. Its answers: left, stayed."
    with pytest.raises(MissingColumn) as empty:
        overall_of(column("", "-"))
    assert str(empty.value) == "The column “csat” is empty. Name the one of overall satisfaction."
