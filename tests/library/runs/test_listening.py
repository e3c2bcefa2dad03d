"""Voices of a file through the identifier: batch by batch, in their order, however many processes."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

import forvent.runs.listening
from forvent.identify import Identifier
from forvent.identify.maker import Maker
from forvent.reading import VoiceReader, read_voices
from forvent.records import Voice
from forvent.rows import mentions_schema, voices_schema
from forvent.runs.listening import Understood, Wanted, listen, understood

SAID = ("The waiter was rude.", "It came late again", "ok", "Far too dear, and stale", "A friendly lad")
MANY = 40


@pytest.fixture
def reader(tmp_path: Path) -> VoiceReader:
    path = tmp_path / "voices.csv"
    rows = "".join(f'{place},"{SAID[place % 5]} {place}"\n' for place in range(MANY))
    path.write_text("id,comment\n" + rows, encoding="utf-8")
    return read_voices(path)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forvent.runs.listening, "FEW", 7)
    monkeypatch.setattr(forvent.runs.listening, "MANY", 7)


def rows(heard: list[Understood], of: str = "mentions") -> list[dict[str, object]]:
    parts = [getattr(one, of) for one in heard]
    assert all(isinstance(part, pa.RecordBatch) for part in parts)
    return [row for part in parts for row in part.to_pylist()]


@pytest.mark.usefixtures("only_cues", "small_batches")
def test_voices_come_batch_by_batch_in_their_order(reader: VoiceReader) -> None:
    heard = list(listen(reader, maker=Maker()))
    assert [one.count for one in heard] == [7, 7, 7, 7, 7, 5]
    assert [row["voice_id"] for row in rows(heard, "voices")] == [str(place) for place in range(MANY)]
    assert [one.voices.schema for one in heard if isinstance(one.voices, pa.RecordBatch)] == [
        voices_schema()
    ] * 6
    mentions = rows(heard)
    assert [int(str(row["voice_id"])) for row in mentions] == sorted(
        int(str(row["voice_id"])) for row in mentions
    )
    assert {row["expectation"] for row in mentions if int(str(row["voice_id"])) % 5 == 1} == {"on_time"}


@pytest.mark.usefixtures("only_cues", "small_batches")
def test_lines_say_what_rows_say(reader: VoiceReader, tmp_path: Path) -> None:
    again = read_voices(tmp_path / "voices.csv")
    as_rows = rows(list(listen(reader, maker=Maker())))
    heard = list(listen(again, maker=Maker(), wanted=Wanted("lines", "lines")))
    lines = [json.loads(line) for one in heard for line in str(one.mentions).splitlines()]
    keys = ("voice_id", "expectation", "polarity", "quote", "start", "end", "confidence", "type", "doubtful")
    assert [[line[key] for key in keys] for line in lines] == [[row[key] for key in keys] for row in as_rows]
    voices = [json.loads(line) for one in heard for line in str(one.voices).splitlines()]
    assert [line["voice_id"] for line in voices] == [str(place) for place in range(MANY)]


@pytest.mark.usefixtures("only_cues")
def test_voices_are_left_out_where_nobody_wants_them(reader: VoiceReader) -> None:
    (heard,) = listen(reader, maker=Maker(), wanted=Wanted("rows", None))
    assert heard.voices is None
    assert heard.count == MANY


def test_a_batch_without_mentions_has_its_columns_all_the_same(cues: object) -> None:
    heard = understood(Identifier(cues), [Voice("1", "ok", 2)], wanted=Wanted())  # type: ignore[arg-type]
    assert isinstance(heard.mentions, pa.RecordBatch)
    assert heard.mentions.schema.equals(mentions_schema())
    assert heard.mentions.num_rows == 0
    assert understood(Identifier(cues), [], wanted=Wanted("lines", "lines")) == Understood(0, "", "")  # type: ignore[arg-type]


@pytest.mark.usefixtures("small_batches")
def test_two_processes_say_what_one_says_in_the_same_order(reader: VoiceReader, tmp_path: Path) -> None:
    maker = Maker("fast", rivals=("Zebrapost",))
    again = read_voices(tmp_path / "voices.csv")
    alone = list(listen(reader, maker=maker, jobs=1))
    spread = list(listen(again, maker=maker, jobs=2))
    assert spread == alone
    assert rows(alone)


@pytest.mark.usefixtures("only_cues")
def test_one_batch_needs_no_other_process(reader: VoiceReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forvent.runs.listening, "ProcessPoolExecutor", None)
    assert [one.count for one in listen(reader, maker=Maker(), jobs=4)] == [MANY]
