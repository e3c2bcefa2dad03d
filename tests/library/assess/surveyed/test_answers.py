from datetime import datetime

import pyarrow as pa
import pytest

from forvent.assess.surveyed import complete_pairs, half_pairs
from forvent.errors import BadOption


@pytest.fixture
def rows():
    return pa.table(
        {
            "expected_0": pa.array([9.0, None, 7.0, 8.0]),
            "received_0": pa.array([8.0, 8.0, None, 8.0]),
            "desired_1": pa.array([9.0, 9.0, None, 9.0]),
            "adequate_1": pa.array([5.0, None, 5.0, 5.0]),
            "received_1": pa.array([7.0, 7.0, 7.0, None]),
            "time": pa.array(
                [datetime(2026, 2, 17), datetime(2026, 3, 1), None, datetime(2026, 2, 1)], pa.timestamp("us")
            ),
        }
    )


def test_a_pair_is_whole_or_empty(engine, rows):
    whole = engine.collect(complete_pairs(engine.table(rows), pairs=2))
    assert whole["expected_0"].to_pylist() == [9.0, None, None, 8.0]
    assert whole["received_0"].to_pylist() == [8.0, None, None, 8.0]


def test_the_desired_level_stands_for_the_expected_where_that_was_not_asked(engine, rows):
    whole = engine.collect(complete_pairs(engine.table(rows), pairs=2))
    assert whole["expected_1"].to_pylist() == [9.0, 9.0, None, None]
    assert whole["received_1"].to_pylist() == [7.0, 7.0, None, None]


@pytest.mark.parametrize(
    ("each", "first"), [("week", 16), ("month", 1)], ids=["weeks begin on Monday", "months on the first"]
)
def test_a_period_is_named_by_its_first_moment(engine, rows, each, first):
    whole = engine.collect(complete_pairs(engine.table(rows), pairs=2, each=each))
    assert whole["period"].to_pylist()[0] == datetime(2026, 2, first)
    assert whole["period"].to_pylist()[2] is None


def test_counts_the_halves_that_are_left_over(engine, rows):
    (counts,) = engine.collect(half_pairs(engine.table(rows), pairs=2)).to_pylist()
    assert counts == {"only_expected_0": 1, "only_received_0": 1, "only_expected_1": 1, "only_received_1": 1}


def test_refuses_a_length_that_is_no_period(engine, rows):
    with pytest.raises(BadOption) as refused:
        complete_pairs(engine.table(rows), pairs=2, each="hour")
    assert str(refused.value) == "“hour” is no period. Choose one of week, month, quarter, year."
