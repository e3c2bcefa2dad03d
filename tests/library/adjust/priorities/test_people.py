"""Who is behind the gaps, on the engine that runs it."""

from __future__ import annotations

import pyarrow as pa

from forvent.adjust.priorities import judging_customers, wanted_times
from forvent.engine import Engine

VOICES = pa.table(
    {"voice_id": ["a", "b", "c", "d", "x"], "customer": pa.array(["x", "x", "y", None, None], pa.string())}
)
MENTIONS = pa.table(
    {
        "voice_id": ["a", "b", "c", "d", "x", "a", "gone"],
        "expectation": ["on_time"] * 5 + ["fair_price", "on_time"],
        "polarity": ["met", "unmet", "wished", "mixed", "met", "unmet", "met"],
        "level_seconds": pa.array([60.0, 3600.0, 7200.0, None, 10.0, None, 5.0], pa.float64()),
    }
)


def test_a_customer_who_judges_twice_counts_once_and_a_wish_not_at_all() -> None:
    with Engine() as engine:
        rows = engine.collect(judging_customers(engine.table(MENTIONS), voices=engine.table(VOICES)))
    # x judges twice; d and the voice called x are customers of their own; y only wishes.
    assert rows.to_pylist() == [
        {"expectation": "fair_price", "customers": 1},
        {"expectation": "on_time", "customers": 3},
    ]


def test_times_are_wanted_by_those_who_are_not_content() -> None:
    with Engine() as engine:
        rows = engine.collect(wanted_times(engine.table(MENTIONS)))
    assert rows["level_seconds"].to_pylist() == [3600.0, 7200.0]
