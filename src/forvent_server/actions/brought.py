"""What programs bring: voices and episodes, under their source; the audit says who brings, once an hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from forvent import records
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.events import record
from forvent_server.actions.queue import enqueue
from forvent_server.actions.segments import has_named, keep_segments, name_segments
from forvent_server.actions.voices import TakenIn, take_in_one, take_in_voices
from forvent_server.store.models import ApiKey, Source
from forvent_server.store.prepared import Prepared

#: The hour in which each key was last said to bring something; a second word after a restart does no harm.
_said: dict[tuple[int, str], int] = {}
#: Sources by name, each as it was seen last: whoever relies on one asks whether it still is.
_sources: dict[str, Source] = {}
_NAMED = Prepared(
    lambda name: Source.objects.filter(name=name).only("kind", "name", "brought_at", "settings")
)


def bring_voices(voices: Sequence[records.Voice], *, source: str, key: ApiKey, now: datetime) -> TakenIn:
    """Voices that a program sends, all or none of them; what came before is known by its id."""
    known = _sources.get(source)
    # Most that come one by one come to a source that is known, by a key of which the audit knows.
    hurried = known if len(voices) == 1 and _is_said(key, what="bring voices", now=now) else None
    if hurried and has_named(voices, source=hurried) and take_in_one(voices[0], source=hurried, now=now):
        return TakenIn(new=1, known=0)
    with transaction.atomic(savepoint=False):
        brings = _source(source, now=now)
        taken = take_in_voices(voices, source=brings, now=now)
        name_segments(voices, source=brings)
        grouped = keep_segments(voices, source=brings) if taken.known else 0
        if grouped or taken.told:
            enqueue("assess", key="all", now=now)
        _say_who(key, what="bring voices", now=now)
    return taken


def bring_episodes(episodes: Sequence[records.Episode], *, key: ApiKey, now: datetime) -> TakenIn:
    """Episodes that a program sends, all or none of them."""
    with transaction.atomic(savepoint=False):
        taken = take_in_episodes(episodes, now=now)
        _say_who(key, what="bring episodes", now=now)
        enqueue("assess", key="all", now=now)
    return taken


def _source(name: str, *, now: datetime) -> Source:
    whole = f"api: {name}"[:200]
    found: Source | None = _NAMED.first(whole)
    if found is None:
        found = Source.objects.get_or_create(name=whole, defaults={"kind": "rest", "made_at": now})[0]
    _sources[name] = found
    return found


def _say_who(key: ApiKey, *, what: str, now: datetime) -> None:
    if _is_said(key, what=what, now=now):
        return
    record(what, who=key.made_by, now=now, about=key, key=key.name)
    # Said once it is sure to be: a transaction that is undone says it again.
    transaction.on_commit(lambda: _said.__setitem__((key.pk, what), _hour(now)))


def _is_said(key: ApiKey, *, what: str, now: datetime) -> bool:
    return _said.get((key.pk, what)) == _hour(now)


def _hour(moment: datetime) -> int:
    return int(moment.timestamp() // 3600)


@transaction.atomic
def say_taken_away(key: ApiKey, *, table: str, now: datetime) -> None:
    """A program takes a whole table away: the audit says so each time."""
    record("take away", who=key.made_by, now=now, about=key, table=table)
