"""Counts on DuckDB, and rates from counts."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from forvent.adjust import OTHER, kept_by_group, kept_rates
from forvent.engine import Engine
from forvent.records import Estimate, NotEnough

DAY = 86_400.0


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def record() -> pa.Table:
    """Two shops: the first with ten cases, the second with six of every outcome."""
    outcome = ["kept"] * 8 + ["broken"] * 2 + ["kept", "kept", "broken", "pending", "cancelled", "unpromised"]
    wait = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 2, 4, 6, None, None, 100]
    promised = [8] * 10 + [5, 5, 5, 9, 50, None]
    slack = [None if w is None or p is None else p - w for w, p in zip(wait, promised, strict=True)]
    return pa.table(
        {
            "outcome": outcome,
            "wait_seconds": pa.array([None if w is None else w * DAY for w in wait], pa.float64()),
            "promised_seconds": pa.array([None if p is None else p * DAY for p in promised], pa.float64()),
            "slack_seconds": pa.array([None if s is None else s * DAY for s in slack], pa.float64()),
            "shop": ["first"] * 10 + ["second"] * 6,
        }
    )


def test_counts_all_cases_as_one_group(engine: Engine) -> None:
    rows = engine.collect(kept_by_group(engine.table(record()))).to_pylist()
    assert len(rows) == 1
    assert rows[0]["value"] is None
    assert (rows[0]["cases"], rows[0]["kept"], rows[0]["broken"], rows[0]["pending"]) == (16, 10, 3, 1)


def test_counts_each_group_largest_first(engine: Engine) -> None:
    rows = engine.collect(kept_by_group(engine.table(record()), by="shop")).to_pylist()
    assert [row["value"] for row in rows] == ["first", "second"]
    assert (rows[1]["cases"], rows[1]["kept"], rows[1]["broken"], rows[1]["pending"]) == (6, 2, 1, 1)


def test_cancelled_cases_have_no_part_in_the_mean_promise(engine: Engine) -> None:
    second = engine.collect(kept_by_group(engine.table(record()), by="shop")).to_pylist()[1]
    assert second["mean_promise_days"] == (5 + 5 + 5 + 9) / 4


def test_wait_counts_unpromised_deliveries_and_slack_does_not(engine: Engine) -> None:
    second = engine.collect(kept_by_group(engine.table(record()), by="shop")).to_pylist()[1]
    assert second["median_wait_days"] == 5.0  # of 2, 4, 6 and 100
    assert second["slack_days"] == 1.0  # of 3, 1 and -1


def test_rate_is_kept_of_those_that_came_due(engine: Engine) -> None:
    rows = engine.collect(kept_by_group(engine.table(record()), by="shop")).to_pylist()
    first, second = kept_rates(rows, column="shop")
    assert first.group == {"shop": "first"}
    assert isinstance(first.kept, Estimate)
    assert first.kept.value == 0.8
    # Wilson for 8 of 10, as printed in textbooks.
    assert (round(first.kept.low, 3), round(first.kept.high, 3)) == (0.490, 0.943)
    assert second.kept == NotEnough(n=3, needed=5, why="too few promises have come due")
    assert second.pending == 1


def test_a_record_without_promises_has_a_wait_but_no_rate(engine: Engine) -> None:
    rows = record().set_column(0, "outcome", pa.array(["unpromised"] * 16))
    rate = kept_rates(engine.collect(kept_by_group(engine.table(rows))).to_pylist())[0]
    assert rate.group == {}
    assert rate.kept == NotEnough(n=0, needed=5, why="too few promises have come due")
    assert rate.mean_promise_days is None
    assert rate.slack_days is None
    assert rate.median_wait_days is not None


def test_the_rest_stands_last_however_large() -> None:
    plain = {"broken": 0, "pending": 0, "mean_promise_days": 1.0, "median_wait_days": 1.0, "slack_days": 0.0}
    rows = [plain | {"value": OTHER, "kept": 500}, plain | {"value": "a", "kept": 9}]
    rates = kept_rates(rows, column="shop")
    assert [rate.group["shop"] for rate in rates] == ["a", OTHER]


def test_no_rows_give_no_rates() -> None:
    assert kept_rates([]) == ()
