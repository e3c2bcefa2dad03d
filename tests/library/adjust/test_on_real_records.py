"""What the shared records are known to say; see the README beside them."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pytest

from forvent.adjust import (
    Cases,
    cases_from,
    kept_by_group,
    kept_rates,
    name_groups,
    outcomes,
    promise_at_most,
    promise_from_record,
    promises_by_group,
)
from forvent.engine import Engine
from forvent.records import Estimate, NoPromise, Promise
from forvent.tables import Table

PROMISES = Path(__file__).parents[3] / "../shared/data/promises"

pytestmark = pytest.mark.data


def shared(name: str) -> pa.Table:
    path = PROMISES / name
    if not path.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    return csv.read_csv(path)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def time(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.timestamp("us"))


def olist(engine: Engine) -> tuple[Table, datetime]:
    orders = shared("olist_orders_flat.csv.gz")
    delivered = time(orders["delivered_at"])
    rows = pa.table(
        {
            "start": time(orders["purchased_at"]),
            "promised": time(orders["promised_date"]),
            "delivered": delivered,
            "by_day": [True] * orders.num_rows,
            "cancelled": [False] * orders.num_rows,
            "state": orders["customer_state"],
        }
    )
    as_of = max(delivered.to_pylist())
    return name_groups(outcomes(engine.table(rows), as_of=as_of), by="state"), as_of


def olist_cases(engine: Engine) -> Cases:
    table, as_of = olist(engine)
    return cases_from(engine.collect(table), as_of=as_of, by_day=True, groups=("state",))


def test_the_shop_kept_93_4_percent_of_its_promises_of_24_4_days(engine: Engine) -> None:
    table, _ = olist(engine)
    rate = kept_rates(engine.collect(kept_by_group(table)).to_pylist())[0]
    assert isinstance(rate.kept, Estimate)
    assert (round(rate.kept.value, 3), rate.kept.n) == (0.934, 5164)
    assert rate.mean_promise_days == pytest.approx(24.4, abs=0.05)
    assert rate.median_wait_days == pytest.approx(10.3, abs=0.05)


def test_every_state_is_counted_once(engine: Engine) -> None:
    table, _ = olist(engine)
    rows = engine.collect(kept_by_group(table, by="state")).to_pylist()
    assert sum(row["cases"] for row in rows) == 5164
    assert rows[0]["value"] == "SP"
    assert len(rows) <= 32


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_the_shop_promise_of_the_earlier_part_is_kept_in_the_later(engine: Engine, level: float) -> None:
    promise = promise_from_record(olist_cases(engine), level=level)
    assert isinstance(promise, Promise)
    assert isinstance(promise.kept_later, Estimate)
    # Delivery got quicker in the last months, so it is kept rather more often.
    assert level <= promise.kept_later.value <= level + 0.07
    assert not promise.padded


def test_small_states_have_no_promise_and_large_ones_do(engine: Engine) -> None:
    found = {p.group.get("state"): p for p in promises_by_group(olist_cases(engine), level=0.95)}
    assert isinstance(found["SP"], Promise)
    assert isinstance(found["RR"], NoPromise)


def test_a_promise_in_minutes_is_kept_on_the_other_half_of_the_meals() -> None:
    # No time is recorded, so the halves are drawn and not split by time.
    minutes = np.random.default_rng(8).permutation(
        shared("food_delivery.csv.gz")["time_taken_min"].to_numpy()
    )
    half = minutes.size // 2
    promise = promise_at_most(minutes[:half], level=0.9, unit="minute")
    assert 30 < promise.upper < 54
    # Whole minutes tie, so that it is kept a little more often than it must.
    assert 0.89 < np.mean(minutes[half:] <= promise.upper) < 0.93
