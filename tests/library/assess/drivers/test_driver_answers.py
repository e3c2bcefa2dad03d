"""Answers as states and sums, on the engine and by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.drivers import answers_of, scaled_answers
from forvent.assess.drivers.sums import sums_by_block
from forvent.engine import Engine
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Scale

FIVE = Scale(1.0, 5.0)


def scaled(columns, **options):
    with Engine() as engine:
        return engine.collect(
            scaled_answers(
                engine.table(pa.table(columns)),
                overall=("csat", FIVE),
                touchpoints={"staff": FIVE},
                **options,
            )
        )


def test_what_does_not_apply_is_no_rating_and_blank_is_neither():
    rows = scaled({"csat": [5.0, 4.0, 3.0], "staff": [1.0, 0.0, None]}, not_applicable=0.0)
    assert answers_of(rows, names=("staff",)).states[:, 0].tolist() == [0, -1, -2]


def test_a_value_inside_the_scale_can_mean_that_it_does_not_apply():
    rows = scaled({"csat": [5.0, 4.0], "staff": [3.0, 2.0]}, not_applicable=3.0)
    assert rows["rating_0"].to_pylist() == [None, 0.25]


def test_a_rating_outside_its_scale_is_blank_and_a_row_without_overall_is_gone():
    rows = scaled({"csat": [5.0, None, 9.0], "staff": [99.0, 3.0, 3.0]})
    assert rows.num_rows == 1
    assert rows["rating_0"].to_pylist() == [None]


def test_a_scale_that_is_upside_down_is_turned():
    with Engine() as engine:
        rows = engine.collect(
            scaled_answers(
                engine.table(pa.table({"csat": [1.0, 5.0], "staff": [1.0, 5.0]})),
                overall=("csat", FIVE),
                touchpoints={"staff": Scale(5.0, 1.0)},
            )
        )
    assert rows["rating_0"].to_pylist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("top", "low", "high"),
    [(5, {1, 2}, {4, 5}), (7, {1, 2}, {6, 7}), (10, {1, 2, 3}, {8, 9, 10}), (4, {1}, {4})],
)
def test_low_and_high_on_usual_scales(top, low, high):
    given = np.arange(1.0, top + 1)
    rows = pa.table(
        {"overall": given, "rating_0": (given - 1) / (top - 1), "none_0": np.zeros(top, dtype=bool)}
    )
    states = answers_of(rows, names=("staff",)).states[:, 0]
    assert {int(one) for one in given[states == 0]} == low
    assert {int(one) for one in given[states == 2]} == high


def test_answers_of_one_customer_share_a_block_and_the_nameless_do_not():
    rows = scaled(
        {"csat": [5.0, 4.0, 3.0, 2.0], "staff": [1.0, 2.0, 3.0, 4.0], "who": ["a", "a", None, None]},
        customer="who",
    )
    answers = answers_of(rows, names=("staff",))
    assert answers.customer[0] == answers.customer[1]
    assert len(set(answers.customer.tolist())) == 3
    assert len(sums_by_block(answers, rng=np.random.default_rng(1), rounds=2).blocks) == 3


def test_sums_are_the_cross_products_of_all_answers():
    rows = scaled({"csat": [5.0, 3.0, 1.0], "staff": [5.0, 1.0, None]})
    total = sums_by_block(answers_of(rows, names=("staff",)), rng=np.random.default_rng(1), rounds=1).total
    columns = np.array([[1, 1, 1], [1, 0.5, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1], [0.5, -0.5, 0]])
    assert total == pytest.approx(columns @ columns.T)


def test_no_middle_and_no_answers_are_refused():
    rows = scaled({"csat": [5.0], "staff": [1.0]})
    with pytest.raises(BadOption) as refused:
        answers_of(rows, names=("staff",), low=0.6, high=0.5)
    assert str(refused.value) == (
        "Low up to 0.6 and high from 0.5 leave no middle of the scale. 0.3 and 0.7 of the scale are usual."
    )
    with pytest.raises(TooFewObservations) as none:
        answers_of(rows.slice(0, 0), names=("staff",))
    assert str(none.value) == (
        "Nobody said how satisfied they are overall. Name the column of overall satisfaction."
    )
