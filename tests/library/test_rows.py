"""Records as rows of tables and as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forvent.records import Episode, IdentifiedVoice, Level, Mention, Source, Voice
from forvent.rows import (
    RowWriter,
    episode_row,
    episodes_schema,
    mention_batch,
    mention_json,
    mention_row,
    mentions_schema,
    record_batch,
    voice_batch,
    voice_json,
    voice_row,
    voices_schema,
)
from forvent.tables import EPISODES, MENTIONS, VOICES

VOICE = Voice(
    voice_id="v1",
    text="Promised 2 days, took 5.",
    row=2,
    time=datetime(2026, 3, 1, 12, 30, 0, 5),
    rating=0.25,
    rating_given=2.0,
    channel="email",
    touchpoint="delivery",
    customer="K-1",
    episode="O-1",
)
MENTION = Mention(
    voice_id="v1",
    expectation="on_time",
    polarity="unmet",
    stated=True,
    quote="Promised 2 days, took 5.",
    start=0,
    end=24,
    confidence=0.875,
    language="en",
    touchpoint="delivery",
    stage="receive",
    level=Level(2.0, "day", 172800.0),
    experienced=Level(5.0, "day", 432000.0),
)
IDENTIFIED = IdentifiedVoice("v1", "en", "negative", 0.9, False, (MENTION,))
SPARSE = Voice("v2", "ok", 3)
SPARSE_IDENTIFIED = IdentifiedVoice("v2", "und", "neutral", 1.0, True, ())
EPISODE = Episode(
    episode="O-1",
    start=datetime(2026, 2, 20),
    row=2,
    promised=datetime(2026, 2, 22),
    delivered=datetime(2026, 2, 25, 9),
    by_day=True,
    customer="K-1",
    groups={"region": "Coast"},
)


def through_parquet(path: Path, rows: list[dict[str, object]], schema: pa.Schema) -> list[dict[str, object]]:
    with RowWriter(path, schema) as writer:
        for row in rows:
            writer.write([row])
    assert writer.rows == len(rows)
    table = pq.read_table(path)
    assert table.schema.equals(schema)
    found: list[dict[str, object]] = table.to_pylist()
    return found


def test_voices_come_back_from_parquet_as_they_were(tmp_path: Path) -> None:
    rows = [voice_row(VOICE, IDENTIFIED), voice_row(SPARSE, SPARSE_IDENTIFIED)]
    assert through_parquet(tmp_path / "v.parquet", rows, voices_schema()) == rows
    assert [*rows[0]] == [column.name for column in VOICES]


def test_mentions_come_back_from_parquet_as_they_were(tmp_path: Path) -> None:
    rows = [mention_row(MENTION)]
    assert through_parquet(tmp_path / "m.parquet", rows, mentions_schema()) == rows
    assert [*rows[0]] == [column.name for column in MENTIONS]


def test_episodes_come_back_from_parquet_with_their_groups_last(tmp_path: Path) -> None:
    schema = episodes_schema(("region",))
    rows = [episode_row(EPISODE), episode_row(Episode("O-2", datetime(2026, 2, 1), 3, groups={"region": ""}))]
    assert through_parquet(tmp_path / "e.parquet", rows, schema) == rows
    assert [*rows[0]] == [*(column.name for column in EPISODES), "region"]


def test_the_text_of_a_voice_is_not_in_its_row() -> None:
    assert VOICE.text not in voice_row(VOICE, IDENTIFIED).values()


def test_a_file_without_rows_has_its_columns_all_the_same(tmp_path: Path) -> None:
    with RowWriter(tmp_path / "m.parquet", mentions_schema()) as writer:
        writer.write([])
    assert pq.read_table(tmp_path / "m.parquet").schema.equals(mentions_schema())
    assert writer.rows == 0


def test_a_writer_that_is_stopped_closes_its_file(tmp_path: Path) -> None:
    def stopped() -> Iterator[dict[str, object]]:
        yield mention_row(MENTION)
        raise KeyboardInterrupt

    with RowWriter(tmp_path / "m.parquet", mentions_schema()) as writer:
        writer.write([mention_row(MENTION)])
        with pytest.raises(KeyboardInterrupt):
            writer.write(stopped())
    assert pq.read_table(tmp_path / "m.parquet").num_rows == 1


def test_a_line_of_mentions_has_its_keys_in_their_order() -> None:
    assert mention_json(MENTION) == {
        "voice_id": "v1",
        "expectation": "on_time",
        "polarity": "unmet",
        "stated": True,
        "level": {"value": 2.0, "unit": "day", "seconds": 172800.0},
        "quote": "Promised 2 days, took 5.",
        "start": 0,
        "end": 24,
        "confidence": 0.875,
        "language": "en",
        "touchpoint": "delivery",
        "experienced": {"value": 5.0, "unit": "day", "seconds": 432000.0},
        "type": "implicit",
        "source": None,
        "doubtful": False,
    }
    assert " ".join(mention_json(MENTION)) == (
        "voice_id expectation polarity stated level quote start end confidence "
        "language touchpoint experienced type source doubtful"
    )


def test_levels_that_are_not_there_are_null() -> None:
    without = Mention("v", "choice", "met", False, "choice", 0, 6, 0.5, "en", "choose", "choose")
    assert (mention_json(without)["level"], mention_json(without)["experienced"]) == (None, None)
    row = mention_row(without)
    assert {row[key] for key in row if key.startswith(("level_", "experienced_"))} == {None}


def test_a_price_has_no_seconds() -> None:
    priced = Mention(
        "v", "fair_price", "unmet", True, "20 EUR", 0, 6, 0.5, "en", "buy", "buy", Level(20.0, "EUR", None)
    )
    assert mention_json(priced)["level"] == {"value": 20.0, "unit": "EUR", "seconds": None}


def test_a_line_of_voices_has_its_keys_in_their_order() -> None:
    line = voice_json(IDENTIFIED)
    assert [*line.items()] == [
        ("voice_id", "v1"),
        ("language", "en"),
        ("polarity", "negative"),
        ("confidence", 0.9),
        ("act", "remark"),
        ("doubtful", False),
    ]


def test_columns_hold_what_rows_hold() -> None:
    sourced = replace(MENTION, source=Source("other_company", "Blumo", 0, 5), level=None)
    identified = [replace(IDENTIFIED, mentions=(MENTION, sourced)), SPARSE_IDENTIFIED]
    rows = [mention_row(mention) for one in identified for mention in one.mentions]
    assert mention_batch(identified).equals(record_batch(rows, mentions_schema()))
    voices = [VOICE, SPARSE]
    rows = list(map(voice_row, voices, identified))
    assert voice_batch(voices, identified).equals(record_batch(rows, voices_schema()))


def test_columns_of_nothing_are_empty() -> None:
    assert len(mention_batch([SPARSE_IDENTIFIED])) == len(voice_batch([], [])) == 0
