"""Records ↔ rows of the tables, and the files they are kept in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from forvent.records import Episode, IdentifiedVoice, Level, Mention, Voice
from forvent.tables import EPISODES, MENTIONS, TEXT, VOICES, arrow_schema


def voice_row(voice: Voice, identified: IdentifiedVoice) -> dict[str, Any]:
    """A row of the table of voices; the text itself stays out of it."""
    return {
        "voice_id": voice.voice_id,
        "language": identified.language,
        "polarity": identified.polarity,
        "confidence": identified.confidence,
        "content_free": identified.content_free,
        "time": voice.time,
        "rating": voice.rating,
        "rating_given": voice.rating_given,
        "channel": voice.channel,
        "touchpoint": voice.touchpoint,
        "customer": voice.customer,
        "episode": voice.episode,
        "row": voice.row,
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
    }


def voice_json(identified: IdentifiedVoice) -> dict[str, Any]:
    """A line of ``voices.jsonl``."""
    return {
        "voice_id": identified.voice_id,
        "language": identified.language,
        "polarity": identified.polarity,
        "confidence": identified.confidence,
    }


def voices_schema() -> pa.Schema:
    """Schema of the table of voices."""
    return arrow_schema(VOICES)


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
    """Appends rows to a Parquet file, a batch at a time."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.rows = 0
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append the rows of one batch."""
        batch = list(rows)
        if batch:
            self._writer.write_table(pa.Table.from_pylist(batch, schema=self._schema))
            self.rows += len(batch)


def _level(name: str, level: Level | None) -> dict[str, Any]:
    return {
        f"{name}_value": level.value if level else None,
        f"{name}_unit": level.unit if level else None,
        f"{name}_seconds": level.seconds if level else None,
    }


def _level_json(level: Level | None) -> dict[str, Any] | None:
    return {"value": level.value, "unit": level.unit, "seconds": level.seconds} if level else None
