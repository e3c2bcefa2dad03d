"""Records ↔ rows of the tables, and the files they are kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from forvent.records import Episode, IdentifiedVoice, Level, Mention, Voice
from forvent.tables import EPISODES, MENTIONS, TEXT, VOICES, arrow_schema

#: What the columns that name segments begin with in the table of voices, so that they never meet its own.
SEGMENT = "segment_"
#: Rows of one row group of a file.
_GROUP = 20_000
# Columns that are fields of the record, by what the record is.
_IDENTIFIED_FIELDS = ("voice_id", "language", "polarity", "confidence", "content_free", "act", "doubtful")
_VOICE_FIELDS = (
    "time",
    "rating",
    "rating_given",
    "channel",
    "touchpoint",
    "customer",
    "episode",
    "competitor",
    "row",
)
_MENTION_FIELDS = (
    "voice_id",
    "expectation",
    "polarity",
    "stated",
    "quote",
    "start",
    "end",
    "confidence",
    "language",
    "touchpoint",
    "stage",
    "type",
    "doubtful",
)
_NO_LEVEL = {
    name: {f"{name}_value": None, f"{name}_unit": None, f"{name}_seconds": None}
    for name in ("level", "experienced")
}


def voice_row(voice: Voice, identified: IdentifiedVoice, *, segments: Sequence[str] = ()) -> dict[str, Any]:
    """A row of the table of voices, segments last; the text itself stays out of it."""
    return {
        "voice_id": voice.voice_id,
        "language": identified.language,
        "polarity": identified.polarity,
        "confidence": identified.confidence,
        "content_free": identified.content_free,
        "act": identified.act,
        "doubtful": identified.doubtful,
        "time": voice.time,
        "rating": voice.rating,
        "rating_given": voice.rating_given,
        "channel": voice.channel,
        "touchpoint": voice.touchpoint,
        "customer": voice.customer,
        "episode": voice.episode,
        "competitor": voice.competitor,
        "row": voice.row,
        **{SEGMENT + name: voice.segments.get(name) for name in segments},
    }


def mention_row(mention: Mention) -> dict[str, Any]:
    """A row of the table of mentions."""
    return {
        "voice_id": mention.voice_id,
        "expectation": mention.expectation,
        "polarity": mention.polarity,
        "stated": mention.stated,
        **_level("level", mention.level),
        **_level("experienced", mention.experienced),
        "quote": mention.quote,
        "start": mention.start,
        "end": mention.end,
        "confidence": mention.confidence,
        "language": mention.language,
        "touchpoint": mention.touchpoint,
        "stage": mention.stage,
        "type": mention.type,
        "source": mention.source.kind if mention.source else None,
        "source_name": mention.source.name if mention.source else None,
        "doubtful": mention.doubtful,
    }


def episode_row(episode: Episode) -> dict[str, Any]:
    """A row of the table of episodes, group columns last."""
    return {
        "episode": episode.episode,
        "start": episode.start,
        "promised": episode.promised,
        "delivered": episode.delivered,
        "by_day": episode.by_day,
        "cancelled": episode.cancelled,
        "customer": episode.customer,
        "row": episode.row,
        **episode.groups,
    }


def mention_json(mention: Mention) -> dict[str, Any]:
    """A line of ``mentions.jsonl``, as ``docs/findings.md`` gives it."""
    return {
        "voice_id": mention.voice_id,
        "expectation": mention.expectation,
        "polarity": mention.polarity,
        "stated": mention.stated,
        "level": _level_json(mention.level),
        "quote": mention.quote,
        "start": mention.start,
        "end": mention.end,
        "confidence": mention.confidence,
        "language": mention.language,
        "touchpoint": mention.touchpoint,
        "experienced": _level_json(mention.experienced),
        "type": mention.type,
        "source": {"kind": mention.source.kind, "name": mention.source.name} if mention.source else None,
        "doubtful": mention.doubtful,
    }


def voice_json(identified: IdentifiedVoice) -> dict[str, Any]:
    """A line of ``voices.jsonl``."""
    return {
        "voice_id": identified.voice_id,
        "language": identified.language,
        "polarity": identified.polarity,
        "confidence": identified.confidence,
        "act": identified.act,
        "doubtful": identified.doubtful,
    }


def mention_lines(identified: Iterable[IdentifiedVoice]) -> str:
    """Lines of ``mentions.jsonl``."""
    return "".join(_line(mention_json(mention)) for one in identified for mention in one.mentions)


def voice_lines(identified: Iterable[IdentifiedVoice]) -> str:
    """Lines of ``voices.jsonl``."""
    return "".join(_line(voice_json(one)) for one in identified)


def record_batch(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows in columns; a column that a row does not have is null there."""
    try:
        columns = [[row[name] for row in rows] for name in schema.names]
    except KeyError:
        columns = [[row.get(name) for row in rows] for name in schema.names]
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def mention_batch(identified: Iterable[IdentifiedVoice]) -> pa.RecordBatch:
    """Rows of the table of mentions in columns; those of :func:`mention_row`, without a dictionary a row."""
    mentions = [mention for one in identified for mention in one.mentions]
    columns: dict[str, list[Any]] = {}
    for name in _MENTION_FIELDS:
        columns[name] = list(map(attrgetter(name), mentions))
    for name in ("level", "experienced"):
        levels = list(map(attrgetter(name), mentions))
        for part in ("value", "unit", "seconds"):
            columns[f"{name}_{part}"] = [getattr(level, part) if level else None for level in levels]
    sources = [mention.source for mention in mentions]
    columns["source"] = [source.kind if source else None for source in sources]
    columns["source_name"] = [source.name if source else None for source in sources]
    return _batch(columns, mentions_schema())


def voice_batch(voices: Sequence[Voice], identified: Sequence[IdentifiedVoice]) -> pa.RecordBatch:
    """Rows of the table of voices in columns; those of :func:`voice_row`, without a dictionary a row."""
    columns = {name: list(map(attrgetter(name), identified)) for name in _IDENTIFIED_FIELDS}
    columns |= {name: list(map(attrgetter(name), voices)) for name in _VOICE_FIELDS}
    return _batch(columns, voices_schema())


def _batch(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def voices_schema(segments: Sequence[str] = ()) -> pa.Schema:
    """Schema of the table of voices with its columns of segments."""
    schema = arrow_schema(VOICES)
    for segment in segments:
        schema = schema.append(pa.field(SEGMENT + segment, TEXT))
    return schema


def mentions_schema() -> pa.Schema:
    """Schema of the table of mentions."""
    return arrow_schema(MENTIONS)


def episodes_schema(groups: Sequence[str] = ()) -> pa.Schema:
    """Schema of the table of episodes with its group columns."""
    schema = arrow_schema(EPISODES)
    for group in groups:
        schema = schema.append(pa.field(group, TEXT))
    return schema


class RowWriter:
    """Appends rows to a Parquet file, a batch at a time.

    Rows are kept column by column and written some twenty thousand at a time: a row group of its own for
    every small batch would cost more than the rows.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.rows = 0
        self._schema = schema
        self._waiting: list[pa.RecordBatch] = []
        self._count = 0
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append the rows of one batch; a column that a row does not have is null there."""
        batch = list(rows)
        if batch:
            self.write_batch(record_batch(batch, self._schema))

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Append rows that are in columns already."""
        self._waiting.append(batch)
        self.rows += len(batch)
        self._count += len(batch)
        if self._count >= _GROUP:
            self._flush()

    def close(self) -> None:
        """Write what waits, and end the file."""
        try:
            self._flush()
        finally:
            self._writer.close()

    def _flush(self) -> None:
        waiting, self._waiting, self._count = self._waiting, [], 0
        if waiting:
            table = pa.Table.from_batches(waiting, schema=self._schema).combine_chunks()
            self._writer.write_table(table)


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _level(name: str, level: Level | None) -> Mapping[str, Any]:
    if level is None:
        return _NO_LEVEL[name]
    return {f"{name}_value": level.value, f"{name}_unit": level.unit, f"{name}_seconds": level.seconds}


def _level_json(level: Level | None) -> dict[str, Any] | None:
    return {"value": level.value, "unit": level.unit, "seconds": level.seconds} if level else None
