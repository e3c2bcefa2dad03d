"""Voices and mentions summed over customers, on the engine."""

import narwhals as nw
import pyarrow as pa
import pytest

from forvent.assess.personas import customers_heard, customers_mentions, customers_traits

VOICES = pa.table(
    {
        "voice_id": ["a", "b", "x", "d", "e"],
        "customer": ["x", "x", None, None, "y"],
        "rating": [1.0, 0.5, None, 0.0, None],
        "content_free": [False, False, False, True, False],
        "language": ["cs", "en", "en", "cs", None],
        "channel": ["chat", "chat", None, "chat", None],
    }
)
MENTIONS = pa.table(
    {
        "voice_id": ["a", "b", "b", "x", "d"],
        "expectation": ["on_time", "on_time", "choice", "on_time", "on_time"],
        "polarity": ["met", "mixed", "wished", "unmet", "met"],
        "level_seconds": [7200.0, 3600.0, None, None, 5.0],
    }
)


@pytest.fixture
def tables(engine):
    return engine.table(VOICES), engine.table(MENTIONS)


def test_a_customer_is_all_of_its_voices_and_a_nameless_voice_is_its_own(engine, tables):
    heard = engine.collect(customers_heard(tables[0]))
    # The nameless voice "x" is not the customer "x"; "d" says nothing.
    assert heard.to_pylist() == [
        {"person": "cx", "rated": 2, "rating": 1.5},
        {"person": "cy", "rated": 0, "rating": 0.0},
        {"person": "vx", "rated": 0, "rating": 0.0},
    ]


def test_mentions_are_summed_over_the_voices_of_a_customer(engine, tables):
    told = engine.collect(customers_mentions(tables[1], voices=tables[0])).to_pylist()
    assert [tuple(row.values()) for row in told] == [
        ("cx", "choice", 0, 0, 0, 1, None),
        ("cx", "on_time", 1, 0, 1, 0, 3600.0),
        ("vx", "on_time", 0, 1, 0, 0, None),
    ]


def test_every_value_of_a_customer_stands_once(engine, tables):
    traits = engine.collect(customers_traits(tables[0], columns={"tongue": "language", "channel": "channel"}))
    assert [tuple(row.values()) for row in traits.to_pylist()] == [
        ("cx", "channel", "chat"),
        ("cx", "tongue", "cs"),
        ("cx", "tongue", "en"),
        ("vx", "tongue", "en"),
    ]


def test_the_tables_stay_lazy(tables):
    assert isinstance(customers_mentions(tables[1], voices=tables[0]), nw.LazyFrame)
