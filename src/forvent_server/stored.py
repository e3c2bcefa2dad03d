"""What the store holds, as the loop takes it: tables in files, and what lies beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db.models import Count, Max, Min, QuerySet

from forvent import records
from forvent.adjust import CLOCK
from forvent.records import IdentifiedVoice, ReadingReport, Scale
from forvent.rows import (
    RowWriter,
    episode_row,
    episodes_schema,
    mention_row,
    mentions_schema,
    voice_row,
    voices_schema,
)
from forvent.runs.hearing import Heard, Record, VoiceCount
from forvent_server.bridge import episode_record, identified_record, in_steps, plain, voice_record
from forvent_server.clocks import Clocks, calendar_name, clocks_so_far
from forvent_server.store.models import Episode, Import, Promise, Source, Voice
from forvent_server.store.same import merged_customers

Progress = Callable[[str, int, int | None], None]
ROWS = 2000


def heard_so_far(folder: Path, *, progress: Progress) -> Heard:
    """All voices that were understood, with their mentions, into the tables of a run."""
    spoken = Voice.objects.exclude(identified_at=None)
    total = spoken.count()
    count, segments = VoiceCount(), segments_known()
    spellings = {name.casefold(): name for name in segments}
    done = others = 0
    with (
        RowWriter(folder / "voices.parquet", voices_schema(segments)) as voices,
        RowWriter(folder / "mentions.parquet", mentions_schema()) as mentions,
    ):
        for batch in _understood(spoken):
            own = [
                (row, _spelled(voice_record(row), spellings), one) for row, one in batch if not row.competitor
            ]
            others += len(batch) - len(own)
            voices.write(voice_row(voice, one, segments=segments) for _, voice, one in own)
            mentions.write(mention_row(mention) for *_, one in own for mention in one.mentions)
            for row, voice, one in own:
                count.add(voice, one, quoted=row.erased_at is None)
            done += len(batch)
            progress("collect", done, total)
    report = _report(done, used=done - others)
    return count.heard(report, segments=segments)


def _spelled(voice: records.Voice, spellings: Mapping[str, str]) -> records.Voice:
    """The voice with the columns that tell its customer apart as they are written elsewhere."""
    if not voice.segments:
        return voice
    told = {spellings.get(name.casefold(), name): value for name, value in voice.segments.items()}
    return replace(voice, segments=told)


def _understood(rows: QuerySet[Voice]) -> Iterator[list[tuple[Voice, IdentifiedVoice]]]:
    one_of = merged_customers()
    for batch in in_steps(rows.prefetch_related("mentions"), size=ROWS):
        for row in batch:
            row.customer_id = one_of.get(row.customer_id, row.customer_id)
        yield [
            (row, identified_record(row, sorted(row.mentions.all(), key=lambda one: one.start)))
            for row in batch
        ]


def _report(rows: int, *, used: int) -> ReadingReport:
    known = Voice.objects.exclude(identified_at=None).aggregate(
        first=Min("time"), last=Max("time"), low=Min("rating_given"), high=Max("rating_given")
    )
    return ReadingReport(
        file="",
        format="store",
        encoding=None,
        rows=rows,
        used=used,
        repeated=0,
        mapping={},
        guessed=(),
        unusable=(),
        scale=_scale(),
        first=plain(known["first"]),
        last=plain(known["last"]),
    )


def _scale() -> Scale | None:
    """The scale ratings were given on, where all came on one; else that of shares."""
    ends = Voice.objects.exclude(rating=None).exclude(rating_given=None)
    low = ends.filter(rating=0.0).aggregate(found=Min("rating_given"), other=Max("rating_given"))
    high = ends.filter(rating=1.0).aggregate(found=Min("rating_given"), other=Max("rating_given"))
    if low["found"] is None or high["found"] is None:
        return None
    if low["found"] != low["other"] or high["found"] != high["other"]:
        return None
    return Scale(low=low["found"], high=high["found"], guessed=False)


def recalled_so_far(folder: Path, *, progress: Progress) -> Record | None:
    """All episodes into the table of a run; None where there are none."""
    found = Episode.objects.aggregate(
        n=Count("pk"), first=Min("start"), last=Max("start"), end=Max("delivered")
    )
    if not found["n"]:
        return None
    groups = _groups()
    one_of, clocks = merged_customers(), clocks_so_far()
    done = days = promised = 0
    schema = episodes_schema((*groups, CLOCK) if clocks.rows else groups)
    with RowWriter(folder / "episodes.parquet", schema) as episodes:
        for batch in in_steps(Episode.objects.all(), size=ROWS):
            first = {one.episode_id: one for one in Promise.objects.filter(episode__in=batch, number=1)}
            for row in batch:
                row.customer_id = one_of.get(row.customer_id, row.customer_id)
            recalled = [episode_record(row, first.get(row.pk), groups=groups) for row in batch]
            episodes.write(
                episode_row(one) | _clock(clocks, row, first.get(row.pk))
                for one, row in zip(recalled, batch, strict=True)
            )
            promised += len(first)
            days += sum(one.by_day for one in first.values())
            done += len(batch)
            progress("collect episodes", done, found["n"])
    ends: list[datetime] = [moment for moment in (plain(found["last"]), plain(found["end"])) if moment]
    report = ReadingReport(
        file="",
        format="store",
        encoding=None,
        rows=done,
        used=done,
        repeated=0,
        mapping={},
        guessed=(),
        unusable=(),
        first=plain(found["first"]),
        last=plain(found["last"]),
    )
    return Record(report, max(ends), promised > 0 and days == promised, groups)


def _clock(clocks: Clocks, row: Episode, first: Promise | None) -> dict[str, str]:
    """The calendar on which the promise of an episode counts, where it counts on one."""
    stamp = first.policy.get("calendar") if first else None
    found = clocks.of(stamp=stamp, began=row.start, groups=row.groups)
    return {CLOCK: calendar_name(found)} if found else {}


def segments_known() -> tuple[str, ...]:
    """Columns that tell groups of customers apart, of all files of voices that were read and all programs.

    "Region" of a file and "region" of a program are one.
    """
    chosen = [
        *Import.objects.filter(holds="voices", state="done").values_list("options", flat=True),
        *Source.objects.filter(kind="rest").values_list("settings", flat=True),
    ]
    names = sorted({name for options in chosen for name in options.get("segments", ())}, reverse=True)
    return tuple(sorted({name.casefold(): name for name in names}.values()))


def _groups() -> tuple[str, ...]:
    """Columns that group the episodes, as the last imports named them."""
    sample = Episode.objects.order_by("-pk").values_list("groups", flat=True)[:200]
    # A column of that name would be taken for the clock.
    return tuple(sorted({column for one in sample for column in one} - {CLOCK}))
