"""Rows of the store ↔ records and tables of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from forvent import records
from forvent.adjust.priorities import effort_in_days
from forvent.records import effect
from forvent.report.read_back import record_from
from forvent_server.store.models import Action, Correction, Episode, Mention, Promise, Voice

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)


def batched(rows: Iterable[T], *, size: int) -> Iterator[list[T]]:
    """The rows in lists of at most ``size``."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


def in_steps(rows: QuerySet[Row], *, size: int) -> Iterator[list[Row]]:
    """The rows in the order of their numbers, in lists of at most ``size``, each asked for by itself.

    No statement is left open between two of them. One that is open keeps SQLite at the moment it began: a
    write of the same connection, such as telling how far a job is, fails at once where anybody wrote since.
    """
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk


def plain(moment: datetime | None) -> datetime | None:
    """The moment as the library's tables hold it: UTC, without a mark."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def voice_record(row: Voice) -> records.Voice:
    """A row of voices as the library takes it; its id is that of the row."""
    return records.Voice(
        voice_id=str(row.pk),
        text=row.text,
        row=row.pk,
        time=plain(row.time),
        rating=row.rating,
        rating_given=row.rating_given,
        channel=row.channel or None,
        touchpoint=row.touchpoint or None,
        customer=str(row.customer_id) if row.customer_id else None,
        language=row.language or None,
        episode=row.episode_key or None,
        competitor=row.competitor or None,
        segments=row.segments or {},
    )


def identified_record(row: Voice, mentions: Iterable[Mention]) -> records.IdentifiedVoice:
    """What was understood of a voice, as the library says it."""
    return records.IdentifiedVoice(
        voice_id=str(row.pk),
        language=row.language,
        polarity=row.polarity,
        confidence=row.confidence or 0.0,
        content_free=row.content_free,
        mentions=tuple(mention_record(mention, voice=row) for mention in mentions),
        act=row.act,
        doubtful=row.doubtful,
    )


def mention_record(row: Mention, *, voice: Voice) -> records.Mention:
    """A row of mentions as the library says it."""
    return records.Mention(
        voice_id=str(voice.pk),
        expectation=row.expectation,
        polarity=row.polarity,
        stated=row.stated,
        quote=row.quote,
        start=row.start,
        end=row.end,
        confidence=row.confidence,
        language=voice.language,
        touchpoint=row.touchpoint,
        stage=row.stage,
        level=_level(row.level),
        experienced=_level(row.experienced),
        type=row.type,
        source=records.Source(**row.source) if row.source else None,
        doubtful=row.doubtful,
    )


def _level(given: dict[str, Any] | None) -> records.Level | None:
    return records.Level(**given) if given else None


def episode_record(row: Episode, first: Promise | None, *, groups: Iterable[str]) -> records.Episode:
    """An episode with its first promise, which is the one that counts."""
    return records.Episode(
        episode=row.key,
        start=row.start.astimezone(UTC).replace(tzinfo=None),
        row=row.pk,
        promised=plain(first.promised) if first else None,
        delivered=plain(row.delivered),
        by_day=bool(first and first.by_day),
        cancelled=row.cancelled,
        customer=str(row.customer_id) if row.customer_id else None,
        groups={name: str(row.groups.get(name, "")) for name in groups},
    )


def correction_record(row: Correction) -> records.Correction:
    """What a person said of a mention, as the library applies it."""
    return records.Correction(
        text_hash=row.text_hash,
        voice_id=row.voice_key,
        quote=row.quote,
        expectation=row.expectation,
        action=row.action,
        polarity=row.polarity or None,
        by=row.by_name,
        at=row.at.astimezone(UTC).replace(tzinfo=None),
        instead=row.instead or None,
        language=row.language or None,
    )


def action_record(row: Action) -> effect.Action:
    """A row of actions as the library measures it; its id is that of the row."""
    return effect.Action(
        id=f"A{row.pk}",
        subject=f"{row.expectation}@{row.touchpoint}" if row.touchpoint else row.expectation,
        action=row.title,
        owner=row.owner.name if row.owner else "",
        hypothesis=row.hypothesis,
        measure=row.measure,
        comparison=row.comparison,
        target=record_from(records.Estimate, row.target),
        baseline=record_from(effect.Baseline, row.baseline),
        added=row.made_at.date(),
        due=row.due_on,
        effort_days=effort_in_days(row.effort) if row.effort else None,
        status=row.state if row.state in ("done", "dropped") else "open",
        done=row.done_on,
        why=row.why,
    )
