"""Answers as tables, on the engine."""

import pyarrow as pa
import pytest

from forvent.assess.scores.tables import answering_customers, distinct_answers, invitations, single_answers


@pytest.fixture
def answers(engine):
    return engine.table(
        pa.table(
            {
                "score_0": pa.array([1.0, 1.0, 0.5, None, 1.0]),
                "score_1": pa.array([None, None, None, 0.25, None], pa.float64()),
                "customer": [0, 0, 1, 2, 3],
                "weight": [1.0, 2.0, 1.0, 1.0, 1.0],
                "wave": [0, 0, 0, 1, 1],
                "invited": [True, True, True, True, False],
            }
        )
    )


def test_equal_answers_of_a_group_are_counted_once_with_their_number(engine, answers):
    found = engine.collect(distinct_answers(answers, score="score_0", by=["wave"]))
    assert found.to_pydict() == {"rating": [0.5, 1.0, 1.0], "wave": [0, 0, 1], "times": [1, 2, 1]}


def test_single_answers_keep_their_order_customer_and_weight(engine, answers):
    found = engine.collect(single_answers(answers, score="score_0", by=["wave"]))
    assert found.to_pydict() == {
        "rating": [1.0, 1.0, 0.5, 1.0],
        "customer": [0, 0, 1, 3],
        "weight": [1.0, 2.0, 1.0, 1.0],
        "wave": [0, 0, 0, 1],
    }


def test_an_answer_to_any_score_is_an_answer(engine, answers):
    both = engine.collect(answering_customers(answers, scores=["score_0", "score_1"]))
    assert both.to_pylist() == [{"answers": 5, "customers": 4}]
    one = engine.collect(answering_customers(answers, scores=["score_0"]))
    assert one.to_pylist() == [{"answers": 4, "customers": 3}]


def test_invitations_are_counted_by_group_with_those_that_were_answered(engine, answers):
    found = engine.collect(invitations(answers, scores=["score_0"], by=["wave"]))
    assert found.to_pydict() == {
        "invited": [False, True, True],
        "wave": [1, 0, 1],
        "rows": [1, 3, 1],
        "answered": [1, 3, 0],
    }
