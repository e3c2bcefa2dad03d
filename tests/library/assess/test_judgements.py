"""Collected rows become codes; who says nothing is no reference."""

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess import customer_codes, judged_mentions, judgements, speaking_voices
from forvent.errors import NothingUsable
from forvent.tables import MENTIONS, POLARITIES, VOICES, arrow_schema


def test_only_voices_that_say_something_speak(engine):
    rows = pa.Table.from_pylist(
        [
            {"voice_id": "a", "content_free": False, "rating": 0.5, "customer": "c"},
            {"voice_id": "b", "content_free": True, "rating": 1.0},
            {"voice_id": "c", "content_free": None, "rating": None},
        ],
        schema=arrow_schema(VOICES),
    )
    speaking = engine.collect(speaking_voices(engine.table(rows)))
    assert speaking.to_pylist() == [
        {"voice_id": "a", "rating": 0.5, "customer": "c"},
        {"voice_id": "c", "rating": None, "customer": None},
    ]


def test_judged_mentions_leave_the_words_behind(engine):
    rows = pa.Table.from_pylist(
        [{"voice_id": "a", "expectation": "on_time", "polarity": "met", "quote": "on the dot"}],
        schema=arrow_schema(MENTIONS),
    )
    assert "quote" not in engine.collect(judged_mentions(engine.table(rows))).column_names


def test_codes_point_at_voices_and_expectations(table_of, voices_of):
    mentions = table_of([("v1", "on_time", "unmet"), ("v0", "choice", "wished"), ("v1", "choice", "mixed")])
    judged = judgements(mentions, voices=voices_of([0.25, None]))
    assert judged.expectations == ("choice", "on_time")
    assert judged.voice.tolist() == [1, 0, 1]
    assert [judged.expectations[code] for code in judged.expectation] == ["on_time", "choice", "choice"]
    assert [POLARITIES[code] for code in judged.polarity] == ["unmet", "wished", "mixed"]
    assert judged.rating[0] == 0.25
    assert np.isnan(judged.rating[1])
    assert judged.stages == ("receive", "receive")


def test_mentions_of_voices_that_are_not_there_are_left_out(table_of, voices_of):
    judged = judgements(
        table_of([("v0", "choice", "met"), ("gone", "choice", "met")]), voices=voices_of([1.0])
    )
    assert judged.voice.tolist() == [0]


def test_voices_of_one_customer_share_a_block_and_the_unknown_do_not(table_of, voices_of):
    voices = voices_of([1.0] * 4, customers=["anna", None, "anna", None])
    judged = judgements(table_of([("v0", "choice", "met")]), voices=voices)
    assert judged.repeated
    assert judged.block[0] == judged.block[2]
    assert len(set(judged.block.tolist())) == judged.blocks == 3


def test_customers_who_speak_once_are_not_repeated(table_of, voices_of):
    assert not judgements(table_of([("v0", "choice", "met")]), voices=voices_of([1.0, 0.0])).repeated


def test_unknown_customers_get_codes_of_their_own():
    codes = customer_codes(pa.chunked_array([["x", None], ["y", None, "x"]]))
    assert codes[0] == codes[4]
    assert len(set(codes.tolist())) == 4


def test_an_unknown_polarity_is_refused(table_of, voices_of):
    with pytest.raises(NothingUsable) as error:
        judgements(table_of([("v0", "choice", "splendid")]), voices=voices_of([1.0]))
    assert str(error.value) == (
        "1 mentions have a polarity that is none of met, unmet, mixed, wished. "
        "Write one of these four words in the column polarity."
    )


def test_no_mentions_at_all_give_empty_codes(table_of, voices_of):
    empty = table_of([("v0", "choice", "met")]).slice(0, 0)
    judged = judgements(empty, voices=voices_of([1.0, 0.5]))
    assert (judged.voices, judged.expectations, judged.voice.size) == (2, (), 0)
