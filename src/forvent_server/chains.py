"""The chain of one episode: expected, promised, delivered, perceived; by the rules of all chains."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from forvent.assess import ChainLines, chain_episodes, joined_episodes
from forvent.engine import Engine
from forvent.records import Chain
from forvent.rows import (
    episode_row,
    episodes_schema,
    mention_row,
    mentions_schema,
    voice_row,
    voices_schema,
)
from forvent_server.bridge import episode_record, identified_record, plain, voice_record
from forvent_server.store.models import Episode, Promise, Voice


def chain_so_far(
    episode: Episode, *, promises: Sequence[Promise], voices: Sequence[Voice], found: Chain, now: datetime
) -> dict[str, Any] | None:
    """The row of this episode in the table of chains; None where no voice of it was understood."""
    understood = [voice for voice in voices if voice.identified_at]
    first = next((one for one in promises if one.number == 1), None)
    if not understood or episode.cancelled:
        return None
    spoken = [(voice_record(row), identified_record(row, row.mentions.all())) for row in understood]
    with Engine() as engine:

        def table(rows: list[dict[str, Any]], schema: pa.Schema) -> Any:
            return engine.table(pa.Table.from_pylist(rows, schema=schema))

        joined = joined_episodes(
            table([voice_row(voice, one) for voice, one in spoken], voices_schema()),
            episodes=table([episode_row(episode_record(episode, first, groups=()))], episodes_schema()),
            mentions=table(
                [mention_row(found) for _, one in spoken for found in one.mentions], mentions_schema()
            ),
            as_of=plain(now) or now,
        )
        lines = ChainLines(found.slow_from_days, found.usual_promise_days)
        rows = engine.collect(chain_episodes(joined, lines=lines)).to_pylist()
    return rows[0] if rows else None
