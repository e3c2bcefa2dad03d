"""Reading and identify joined: what was heard and what happened, streamed into tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from forvent.errors import NothingUsable
from forvent.identify import Identifier, IntentBook, QuoteBook
from forvent.reading import EpisodeReader, VoiceReader
from forvent.records import IdentifiedVoice, Quote, ReadingReport, Voice
from forvent.rows import (
    RowWriter,
    episode_row,
    episodes_schema,
    mention_row,
    mentions_schema,
    voice_row,
    voices_schema,
)

#: Called with what is being done, how much of it is done, and how much there is (None if unknown).
Progress = Callable[[str, int, int | None], None]

#: Voices understood at once; changes memory, never the answer.
BATCH = 256


def silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


class Ledger:
    """The tables of voices and mentions as they are written; half-written ones are not left behind.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#coverage``.
    """

    def __init__(
        self, identifier: Identifier, *, voices_to: Path, mentions_to: Path, segments: Sequence[str] = ()
    ) -> None:
        self._identifier = identifier
        self._files = ExitStack()
        self._segments = tuple(segments)
        self._voices = RowWriter(voices_to, voices_schema(self._segments))
        self._mentions = RowWriter(mentions_to, mentions_schema())

    def __enter__(self) -> Self:
        self._files.enter_context(self._voices)
        self._files.enter_context(self._mentions)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.__exit__(kind, fault, trace)

    def take_in(self, voices: Sequence[Voice]) -> Sequence[IdentifiedVoice]:
        """The voices identified, in their order; both tables have their rows."""
        identified = self._identifier.identify(voices)
        row = partial(voice_row, segments=self._segments)
        self._voices.write(map(row, voices, identified))
        self._mentions.write(mention_row(mention) for one in identified for mention in one.mentions)
        return identified


@dataclass(frozen=True)
class Heard:
    """What streaming the voices left beside the tables.

    ``intents`` counts voices by what they say they will do, of ``asked_intents`` in languages with words for
    it; their quotes stand among the others, under the keys of ``identify.intent_key``.
    """

    report: ReadingReport
    languages: Mapping[str, int]
    content_free: int
    other: int
    quotes: Mapping[str, tuple[Quote, ...]]
    segments: tuple[str, ...] = ()
    intents: Mapping[str, int] = field(default_factory=dict)
    asked_intents: int = 0


class VoiceCount:
    """What is counted of voices as they stream by, and the quotes that are kept of them."""

    def __init__(self) -> None:
        self._book = QuoteBook()
        self._languages = Counter[str]()
        self._content_free = 0
        self._other = 0
        self._intents = IntentBook()

    def add(self, voice: Voice, identified: IdentifiedVoice, *, quoted: bool = True) -> None:
        """Count one voice; one that is not to be quoted keeps its words to itself."""
        if quoted:
            self._book.add(voice, identified)
        self._intents.add(voice, identified, quoted=quoted)
        if not identified.content_free:
            self._languages[identified.language] += 1
            self._other += not identified.mentions
        self._content_free += identified.content_free

    def heard(self, report: ReadingReport, *, segments: tuple[str, ...] = ()) -> Heard:
        """Everything counted, beside the report of the reading."""
        languages = dict(self._languages.most_common())
        return Heard(
            report,
            languages,
            self._content_free,
            self._other,
            quotes={**self._book.quotes(), **self._intents.quotes()},
            segments=segments,
            intents=self._intents.counts,
            asked_intents=self._intents.asked,
        )


def hear(
    reader: VoiceReader,
    *,
    identifier: Identifier,
    folder: Path,
    mentions_to: Path,
    progress: Progress = silent,
) -> Heard:
    """Identify all voices of a reader, batch by batch, into ``voices.parquet`` and a table of mentions.

    Parameters
    ----------
    reader
        An opened file of voices.
    identifier
        What finds expectations in voices.
    folder
        Where ``voices.parquet`` is written; it must exist.
    mentions_to
        Path of the Parquet file of mentions.
    progress
        Called after every batch.

    Returns
    -------
    Heard
        Counts, quotes and the reading report.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#coverage``.
    """
    count = VoiceCount()
    done = about_others = 0
    times: list[datetime] = []
    with Ledger(
        identifier, voices_to=folder / "voices.parquet", mentions_to=mentions_to, segments=reader.segments
    ) as ledger:
        for read in reader.batches(size=BATCH):
            done += len(read)
            batch = [voice for voice in read if voice.competitor is None]
            about_others += len(read) - len(batch)
            for voice, one in zip(batch, ledger.take_in(batch), strict=True):
                count.add(voice, one)
                times.extend([voice.time] if voice.time else [])
            times = [min(times), max(times)] if times else []
            progress("identify", done, reader.rows)
    report = _without_others(_dated(reader.report, times), about_others)
    return count.heard(report, segments=reader.segments)


def _without_others(report: ReadingReport, count: int) -> ReadingReport:
    """Voices about other companies say nothing of one's own gaps; they are left out and told."""
    if not count:
        return report
    note = f"{count} voices speak of another company and were left out; forvent market compares with them."
    return replace(report, used=report.used - count, notes=(*report.notes, note))


@dataclass(frozen=True)
class Record:
    """What reading the episodes left beside the table."""

    report: ReadingReport
    as_of: datetime
    by_day: bool
    groups: tuple[str, ...]


def recall(reader: EpisodeReader, *, folder: Path, progress: Progress = silent) -> Record:
    """Read all episodes into ``episodes.parquet``.

    Parameters
    ----------
    reader
        An opened file of episodes.
    folder
        Where ``episodes.parquet`` is written; it must exist.
    progress
        Called after every batch.

    Returns
    -------
    Record
        The reading report, and the latest start or delivery seen: up to then the record reaches.

    Source
    ------
    Our own definition, ``docs/formulas.md#kept``.
    """
    done, latest, first = 0, datetime.min, datetime.max
    groups: tuple[str, ...] = ()
    writer: RowWriter | None = None
    with ExitStack() as files:
        for batch in reader.batches(size=1000):
            if writer is None:
                groups = tuple(batch[0].groups)
                writer = files.enter_context(RowWriter(folder / "episodes.parquet", episodes_schema(groups)))
            writer.write(map(episode_row, batch))
            latest = max(
                latest, *(moment for one in batch for moment in (one.start, one.delivered) if moment)
            )
            first = min(first, *(one.start for one in batch))
            done += len(batch)
            progress("read episodes", done, reader.rows)
    if writer is None:
        raise NothingUsable("No episode could be used.", hint="See the columns that were guessed.")
    return Record(_dated(reader.report, [first, latest]), latest, reader.by_day, groups)


def _dated(report: ReadingReport, times: Sequence[datetime]) -> ReadingReport:
    return replace(report, first=min(times), last=max(times)) if times else report
