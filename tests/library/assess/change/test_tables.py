"""Voices, mentions and promises by period, on the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest

from forvent.assess import change
from forvent.engine import Engine
from forvent.tables import MENTIONS, TIME, VOICES, Table, arrow_schema

# voice, customer, silent, rating, time
SAID = [
    ("a", "x", False, 1.0, datetime(2026, 3, 1, 23, 59)),
    ("b", "x", False, 0.5, datetime(2026, 3, 2)),
    ("c", None, False, None, datetime(2026, 3, 2, 12)),
    ("d", "y", True, 0.0, datetime(2026, 3, 2, 13)),
    ("e", "x", False, 0.0, datetime(2026, 3, 9)),
    ("f", "z", False, 1.0, None),
    ("g", "z", False, 1.0, datetime(2027, 1, 1)),
]
MENTIONED = [
    ("a", "on_time", "met", None),
    ("b", "on_time", "mixed", 86400.0),
    ("c", "on_time", "wished", 172800.0),
    ("c", "fair_price", "unmet", None),
    ("d", "on_time", "met", None),
    ("e", "on_time", "unmet", 3600.0),
    ("f", "on_time", "met", 3600.0),
    ("g", "on_time", "met", 3600.0),
]
DAYS = [(datetime(2026, 3, 1), 0), (datetime(2026, 3, 2), 0), (datetime(2026, 3, 9), 1)]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as made:
        yield made


@pytest.fixture
def days(engine: Engine) -> Table:
    moments, numbers = zip(*DAYS, strict=True)
    return engine.table(pa.table({"day": pa.array(moments, TIME), "period": pa.array(numbers, pa.int64())}))


@pytest.fixture
def voices(engine: Engine) -> Table:
    names = ("voice_id", "customer", "content_free", "rating", "time")
    rows = [dict(zip(names, row, strict=True)) for row in SAID]
    return engine.table(pa.Table.from_pylist(rows, schema=arrow_schema(VOICES)))


@pytest.fixture
def dated(voices: Table, days: Table) -> Table:
    return change.in_periods(voices, days=days)


@pytest.fixture
def mentions(engine: Engine) -> Table:
    names = ("voice_id", "expectation", "polarity", "level_seconds")
    rows = [dict(zip(names, row, strict=True)) for row in MENTIONED]
    return engine.table(pa.Table.from_pylist(rows, schema=arrow_schema(MENTIONS)))


def rows(engine: Engine, table: Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = engine.collect(table).to_pylist()
    return found


def test_voices_are_counted_by_the_day_they_were_said(engine: Engine, voices: Table) -> None:
    found = {row["day"]: row["voices"] for row in rows(engine, change.voices_by_day(voices))}
    assert found[datetime(2026, 3, 1)] == 1
    assert found[datetime(2026, 3, 2)] == 3
    assert found[None] == 1


def test_a_voice_outside_all_periods_or_without_time_is_left_out(engine: Engine, dated: Table) -> None:
    assert sorted(row["voice_id"] for row in rows(engine, dated)) == ["a", "b", "c", "d", "e"]


def test_speaking_voices_are_summed_over_customers(engine: Engine, dated: Table) -> None:
    found = rows(engine, change.speaking_by_period(dated))
    assert found == [
        {"period": 0, "people": 2, "cases": 3, "cases_squared": 5},
        {"period": 1, "people": 1, "cases": 1, "cases_squared": 1},
    ]


def test_what_is_met_is_summed_over_customers(engine: Engine, dated: Table, mentions: Table) -> None:
    found = rows(engine, change.met_by_period(mentions, voices=dated))
    first = next(row for row in found if (row["expectation"], row["period"]) == ("on_time", 0))
    # One customer with a met and a mixed voice; who only wishes does not judge, who says nothing is silent.
    assert first == {
        "expectation": "on_time", "period": 0, "people": 1, "cases": 2, "successes": 1.5,
        "cases_squared": 4, "successes_squared": 2.25, "products": 3.0,
    }  # fmt: skip
    assert [(row["expectation"], row["period"]) for row in found] == [
        ("fair_price", 0),
        ("on_time", 0),
        ("on_time", 1),
    ]


def test_reach_counts_wishes_too_and_each_voice_once(engine: Engine, dated: Table, mentions: Table) -> None:
    found = {
        (row["expectation"], row["period"]): row
        for row in rows(engine, change.reach_by_period(mentions, voices=dated))
    }
    on_time = found["on_time", 0]
    # Customer x: two of two voices; the nameless one: one of one.
    assert (on_time["successes"], on_time["successes_squared"], on_time["products"]) == (3, 5, 5)


def test_ratings_are_summed_over_customers_even_of_voices_without_words(engine: Engine, dated: Table) -> None:
    first = rows(engine, change.ratings_by_period(dated))[0]
    assert (first["people"], first["cases"], first["successes"]) == (2, 3, 1.5)
    assert (first["cases_squared"], first["successes_squared"], first["products"]) == (5, 2.25, 3.0)


def test_levels_keep_their_seconds(engine: Engine, dated: Table, mentions: Table) -> None:
    found = rows(engine, change.levels_by_period(mentions, voices=dated))
    assert [(row["period"], row["seconds"]) for row in found] == [(0, 86400.0), (0, 172800.0), (1, 3600.0)]


def test_promises_count_in_the_period_they_were_due(engine: Engine, days: Table) -> None:
    due = [datetime(2026, 3, 1, 9), datetime(2026, 3, 2), datetime(2026, 3, 2), datetime(2026, 5, 1)]
    told = pa.table({"promised": pa.array(due, TIME), "kept": [True, False, None, True]})
    episodes = change.in_periods(engine.table(told), days=days, time="promised")
    found = rows(engine, change.kept_by_period(episodes))
    assert [(row["period"], row["cases"], row["successes"]) for row in found] == [(0, 2, 1.0)]
