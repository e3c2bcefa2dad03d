"""The whole history of one customer: voices, episodes with promises, corrections, what people did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Coalesce

from forvent_server.store.models import Correction, Customer, Episode, Event, Promise, Voice
from forvent_server.web.voices import VoiceShown, voice_shown

#: Of each kind; whoever has more is no customer but a mistake in the keys.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment: exactly one of voice, episode, correction and event is there."""

    at: datetime
    voice: VoiceShown | None = None
    episode: Episode | None = None
    promises: tuple[Promise, ...] = ()
    correction: Correction | None = None
    event: Event | None = None


def history(customers: Iterable[Customer]) -> list[Entry]:
    """All entries of customers that are one, the newest first."""
    ids = [one.pk for one in customers]
    entries = [*_voices(ids), *_episodes(ids), *_events(ids)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _voices(ids: list[int]) -> Iterator[Entry]:
    voices = list(
        Voice.objects.filter(customer__in=ids)
        .annotate(at=Coalesce("time", "came_at"))
        .prefetch_related("mentions")
        .order_by("-pk")[:MOST]
    )
    for voice in voices:
        yield Entry(voice.at, voice=voice_shown(voice))
    for correction in Correction.objects.filter(voice_key__in=[voice.key for voice in voices])[:MOST]:
        yield Entry(correction.at, correction=correction)


def _episodes(ids: list[int]) -> Iterator[Entry]:
    episodes = Episode.objects.filter(customer__in=ids).prefetch_related("promises").order_by("-start")
    for episode in episodes[:MOST]:
        yield Entry(episode.start, episode=episode, promises=tuple(episode.promises.all()))


def _events(ids: list[int]) -> Iterator[Entry]:
    for event in Event.objects.filter(about__in=[f"customer:{pk}" for pk in ids]).order_by("-pk")[:MOST]:
        yield Entry(event.at, event=event)
