"""What programs bring: voices and episodes, under their source; the audit says who brings, once an hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from forvent import records
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.events import record
from forvent_server.actions.queue import enqueue
from forvent_server.actions.voices import TakenIn, take_in_voices
from forvent_server.store.models import ApiKey, Source

#: The hour in which each key was last said to bring something; a second word after a restart does no harm.
_said: dict[tuple[int, str], int] = {}
#: Sources are never made anew under another number while the workspace runs.
_sources: dict[str, Source] = {}


def bring_voices(voices: Sequence[records.Voice], *, source: str, key: ApiKey, now: datetime) -> TakenIn:
    """Voices that a program sends, all or none of them; what came before is known by its id."""
    with transaction.atomic():
        taken = take_in_voices(voices, source=_source(source, now=now), now=now)
        _say_who(key, what="bring voices", now=now)
    return taken


def bring_episodes(episodes: Sequence[records.Episode], *, key: ApiKey, now: datetime) -> TakenIn:
    """Episodes that a program sends, all or none of them."""
    with transaction.atomic():
        taken = take_in_episodes(episodes, now=now)
        _say_who(key, what="bring episodes", now=now)
        enqueue("assess", key="all", now=now)
    return taken


def _source(name: str, *, now: datetime) -> Source:
    known = _sources.get(name)
    if known is not None and Source.objects.filter(pk=known.pk, name=known.name).exists():
        return known
    made, _ = Source.objects.get_or_create(
        name=f"api: {name}"[:200], defaults={"kind": "rest", "made_at": now}
    )
    _sources[name] = made
    return made


def _say_who(key: ApiKey, *, what: str, now: datetime) -> None:
    hour = int(now.timestamp() // 3600)
    if _said.get((key.pk, what)) == hour:
        return
    record(what, who=key.made_by, now=now, about=key, key=key.name)
    # Said once it is sure to be: a transaction that is undone says it again.
    transaction.on_commit(lambda: _said.__setitem__((key.pk, what), hour))


@transaction.atomic
def say_taken_away(key: ApiKey, *, table: str, now: datetime) -> None:
    """A program takes a whole table away: the audit says so each time."""
    record("take away", who=key.made_by, now=now, about=key, table=table)
