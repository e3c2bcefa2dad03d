"""A measure week by week, on the engine that runs it."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pytest

from forvent.adjust.effect import kept_by_week, met_by_week, rated_by_week, tallies, week_begins, week_of
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.records import Tally

SUNDAY, MONDAY = datetime(2026, 3, 8, 23, 59), datetime(2026, 3, 9)
VOICES = pa.table(
    {
        "voice_id": ["a", "b", "c", "d", "e"],
        "time": pa.array([SUNDAY, SUNDAY, MONDAY, MONDAY, None], pa.timestamp("us")),
        "customer": pa.array(["x", "x", "x", None, "y"], pa.string()),
        "rating": pa.array([0.0, 1.0, 0.5, None, 1.0], pa.float64()),
    }
)
MENTIONS = pa.table(
    {
        "voice_id": ["a", "b", "c", "d", "e", "c"],
        "expectation": ["on_time"] * 5 + ["fair_price"],
        "touchpoint": ["shop", "web", "web", "web", "web", "web"],
        "polarity": ["met", "unmet", "mixed", "wished", "met", "met"],
    }
)


def test_a_week_ends_on_sunday_night() -> None:
    with Engine() as engine:
        found = met_by_week(engine.table(MENTIONS), voices=engine.table(VOICES), expectation="on_time")
        weeks = tallies(engine.collect(found).to_pylist())
    # A wish judges nothing, and a voice without a time has no week; x speaks twice in the first one.
    assert weeks == (Tally(date(2026, 3, 2), 2, 1.0, 4.0), Tally(date(2026, 3, 9), 1, 0.5, 1.0))


def test_one_touchpoint_is_taken_alone() -> None:
    with Engine() as engine:
        found = met_by_week(
            engine.table(MENTIONS), voices=engine.table(VOICES), expectation="on_time", touchpoint="shop"
        )
        assert tallies(engine.collect(found).to_pylist()) == (Tally(date(2026, 3, 2), 1, 1.0, 1.0),)


def test_ratings_are_summed_and_voices_without_one_are_left_out() -> None:
    with Engine() as engine:
        weeks = tallies(engine.collect(rated_by_week(engine.table(VOICES))).to_pylist())
    assert [(week.n, week.good, week.squared) for week in weeks] == [(2, 1.0, 4.0), (1, 0.5, 1.0)]


def episodes(**changed: object) -> pa.Table:
    """One episode, promised by day and delivered late in the evening of that day."""
    usual = {
        "episode": "o1",
        "start": datetime(2026, 3, 1),
        "promised": datetime(2026, 3, 5),
        "delivered": datetime(2026, 3, 5, 22),
        "by_day": True,
        "cancelled": False,
        "customer": None,
        "region": "Coast",
    }
    row = usual | changed
    types = {"customer": pa.string(), "delivered": pa.timestamp("us"), "promised": pa.timestamp("us")}
    columns = {name: pa.array([value], types.get(name)) for name, value in row.items()}
    return pa.table(columns)


@pytest.mark.parametrize(
    ("changed", "good"),
    [
        ({}, [1.0]),
        ({"by_day": False}, [0.0]),
        ({"delivered": datetime(2026, 3, 6)}, [0.0]),
        ({"delivered": None}, [0.0]),
        ({"delivered": None, "promised": datetime(2026, 5, 1)}, []),
        ({"promised": None}, []),
        ({"cancelled": True}, []),
    ],
)
def test_a_promise_is_kept_broken_or_neither(changed: dict[str, object], good: list[float]) -> None:
    with Engine() as engine:
        found = kept_by_week(engine.table(episodes(**changed)), as_of=datetime(2026, 4, 1))
        assert engine.collect(found)["good"].to_pylist() == good


def test_one_group_of_episodes_is_taken_alone() -> None:
    with Engine() as engine:
        table = engine.table(episodes())
        inside = kept_by_week(table, as_of=datetime(2026, 4, 1), where={"region": "Coast"})
        outside = kept_by_week(table, as_of=datetime(2026, 4, 1), where={"region": "City"})
        assert (engine.collect(inside).num_rows, engine.collect(outside).num_rows) == (1, 0)


def test_weeks_begin_on_mondays() -> None:
    assert week_begins(week_of(date(2026, 3, 8))) == date(2026, 3, 2)
    assert week_begins(week_of(date(2026, 3, 9))) == date(2026, 3, 9)


def test_a_day_before_weeks_are_counted_is_refused() -> None:
    with pytest.raises(BadOption) as caught:
        week_of(date(1969, 12, 28))
    assert str(caught.value) == "1969-12-28 lies before 1969-12-29. Give a later day."
