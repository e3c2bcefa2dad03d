"""Voices and mentions of several companies, summed on the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pyarrow as pa
import pytest

from forvent.assess.market_counts import companies_heard, heard_by, mention_sums, speaking_sums
from forvent.engine import Engine
from forvent.tables import MENTIONS, VOICES, Table, arrow_schema

# voice, company, customer, silent, channel
SAID = [
    ("a", None, "x", False, "chat"),
    ("b", None, "x", False, "chat"),
    ("c", None, "x", True, "web"),
    ("d", None, None, False, None),
    ("e", "Nordkiste", "x", False, "web"),
    ("f", "Nordkiste", "d", False, "web"),
]
MENTIONED = [
    ("a", "on_time", "met"),
    ("b", "on_time", "mixed"),
    ("c", "on_time", "unmet"),
    ("d", "on_time", "wished"),
    ("d", "fair_price", "unmet"),
    ("e", "on_time", "unmet"),
    ("gone", "on_time", "met"),
]


@pytest.fixture
def tables(engine: Engine) -> tuple[Table, Table]:
    voices = [
        {
            "voice_id": voice,
            "competitor": company,
            "customer": customer,
            "content_free": silent,
            "channel": channel,
            "rating": 0.5 if voice in "ab" else None,
            "time": datetime(2026, 1, 1 + number),
        }
        for number, (voice, company, customer, silent, channel) in enumerate(SAID)
    ]
    mentions = [
        {"voice_id": voice, "expectation": name, "stage": "receive", "polarity": polarity}
        for voice, name, polarity in MENTIONED
    ]
    both = ((voices, VOICES), (mentions, MENTIONS))
    first, second = (
        engine.table(pa.Table.from_pylist(rows, schema=arrow_schema(columns))) for rows, columns in both
    )
    return first, second


@pytest.fixture
def rows_of(engine: Engine) -> Callable[[Table], list[dict[str, object]]]:
    return lambda table: engine.collect(table).to_pylist()


def test_companies_are_counted_with_a_voice_without_customer_as_its_own(
    tables: tuple[Table, Table], rows_of: Callable[[Table], list[dict[str, object]]]
) -> None:
    own, other = rows_of(companies_heard(tables[0]))
    assert own == {
        "company": "",
        "voices": 4,
        "speaking": 3,
        "customers": 2,
        "named": 3,
        "rated": 2,
        "dated": 4,
        "first": datetime(2026, 1, 1),
        "last": datetime(2026, 1, 4),
    }
    # The customer called "d" is another person than the nameless voice "d".
    assert (other["company"], other["voices"], other["customers"]) == ("Nordkiste", 2, 2)


def test_values_are_counted_by_company_the_most_frequent_first(
    tables: tuple[Table, Table], rows_of: Callable[[Table], list[dict[str, object]]]
) -> None:
    found = [tuple(row.values()) for row in rows_of(heard_by(tables[0], column="channel"))]
    assert found == [("", "chat", 2), ("", "web", 1), ("Nordkiste", "web", 2)]


def test_speaking_voices_are_summed_over_customers_without_the_silent_ones(
    tables: tuple[Table, Table], rows_of: Callable[[Table], list[dict[str, object]]]
) -> None:
    found = [tuple(row.values()) for row in rows_of(speaking_sums(tables[0]))]
    assert found == [("", 2, 3, 5), ("Nordkiste", 2, 2, 2)]


def test_mentions_are_summed_over_customers_in_whole_numbers(
    tables: tuple[Table, Table], rows_of: Callable[[Table], list[dict[str, object]]]
) -> None:
    price, time, theirs = rows_of(mention_sums(tables[1], voices=tables[0]))
    assert (price["expectation"], price["unmet"], price["judging"]) == ("fair_price", 1, 1)
    assert time == {
        "company": "",
        "expectation": "on_time",
        "stage": "receive",
        "voices": 3,
        "met": 1,
        "unmet": 0,
        "mixed": 1,
        "wished": 1,
        "judging": 1,
        "judged_squared": 4,
        "voices_squared": 5,
        "voices_spoken": 5,
        "met_squared": 2.25,
        "met_judged": 3.0,
        "customers": 2,
    }
    assert (theirs["company"], theirs["unmet"], theirs["voices_spoken"]) == ("Nordkiste", 1, 1)
