"""Sources: added, changed, paused; what they bring is taken in, and how they are is noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from forvent.errors import BadOption
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import enqueue
from forvent_server.actions.voices import TakenIn, take_in_voices
from forvent_server.sources.contract import Brought, Refused, Slice, Trouble
from forvent_server.sources.signed import new_secret
from forvent_server.sources.slices import slices
from forvent_server.store.models import Job, Person, Source, SourceDay, TakenMessage, Voice
from forvent_server.store.models.jobs import RUNNING, WAITING
from forvent_server.store.sealing import seal

#: Minutes between two looks, and where they begin.
SHORTEST, LONGEST, USUAL = 1, 60 * 24 * 7, 15
#: The first wait after trouble; it doubles each time, up to the usual one.
FIRST_WAIT = timedelta(minutes=5)
#: How long ids of messages are remembered: senders try again for days.
REMEMBERED = timedelta(days=7)


@transaction.atomic
def add_source(
    *, kind: str, name: str, given: Mapping[str, str], every_minutes: int, who: Person, now: datetime
) -> tuple[Source, str]:
    """A source of a kind, which is looked at soon; with the secret where we made one: it is shown once.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    BadOption
        If there is no such kind, or a value cannot be.
    """
    _manages(who)
    made = _slice(kind)
    secret = new_secret() if made.receive else _secret(made, given, before=False)
    source = Source(
        kind=kind,
        name=_name(name, other_than=None),
        settings=made.settings(given),
        every_minutes=_every(every_minutes),
        made_at=now,
    )
    source.secret = secret
    source.save()
    record("add source", who=who, now=now, about=source, kind=kind)
    if made.look:
        enqueue("look", key=key_of(source), now=now, source_id=source.pk)
    return source, secret if made.receive else ""


@transaction.atomic
def change_source(
    source: Source, *, name: str, given: Mapping[str, str], every_minutes: int, who: Person, now: datetime
) -> Source:
    """Other settings; it is looked at from the beginning then, and what came before is known.

    A secret that is left empty stays.

    Raises
    ------
    BadOption
        If a value cannot be; nothing is changed then.
    """
    _manages(who)
    made = _slice(source.kind)
    settings = made.settings(given)
    held = Source.objects.select_for_update().get(pk=source.pk)
    if not made.receive and (secret := _secret(made, given, before=bool(held.sealed_secret))):
        held.secret = secret
    if settings != held.settings:
        held.settings, held.place, held.version = settings, {}, held.version + 1
    held.name, held.every_minutes = _name(name, other_than=held), _every(every_minutes)
    held.save()
    record("change source", who=who, now=now, about=held)
    if made.look and held.active:
        enqueue("look", key=key_of(held), now=now, source_id=held.pk)
    return held


@transaction.atomic
def renew_secret(source: Source, *, who: Person, now: datetime) -> str:
    """Another secret for a source that receives; what is signed with the old one is refused from now on."""
    _manages(who)
    if not _slice(source.kind).receive:
        raise BadOption("This source has no secret of ours.", hint="Change its settings instead.")
    secret = new_secret()
    Source.objects.filter(pk=source.pk).update(sealed_secret=seal(secret, of="source"))
    record("renew secret", who=who, now=now, about=source)
    return secret


@transaction.atomic
def pause_source(source: Source, *, who: Person, now: datetime) -> None:
    """It is not looked at and takes nothing in until it goes on."""
    _manages(who)
    if Source.objects.filter(pk=source.pk, active=True).update(active=False):
        record("pause source", who=who, now=now, about=source)


@transaction.atomic
def resume_source(source: Source, *, who: Person, now: datetime) -> None:
    """It goes on from where it stopped."""
    _manages(who)
    if Source.objects.filter(pk=source.pk, active=False).update(active=True, troubles=0):
        record("resume source", who=who, now=now, about=source)
        look_soon(source, now=now)


@transaction.atomic
def drop_source(source: Source, *, who: Person, now: datetime) -> None:
    """A source that brought nothing is forgotten.

    Raises
    ------
    BadOption
        If voices came from it: they would lose where they are from.
    """
    _manages(who)
    if Voice.objects.filter(source=source).exists():
        raise BadOption("Voices came from this source.", hint="Pause it instead.")
    record("drop source", who=who, now=now, about=source, kind=source.kind)
    source.delete()


@transaction.atomic
def look_soon(source: Source, *, now: datetime) -> None:
    """Look at it as soon as a worker is free."""
    made = slices().get(source.kind)
    if made is not None and made.look and source.kind:
        enqueue("look", key=key_of(source), now=now, source_id=source.pk)


@transaction.atomic
def bring_file(source: Source, *, path: str, name: str, size: int, who: Person, now: datetime) -> Job:
    """A file for a source that reads files; a job reads it."""
    if not who.may("agent"):
        raise NotAllowed(f"{who.name} may not bring files.", hint="Ask an agent.")
    record("upload", who=who, now=now, about=source, holds="voices", size=size)
    return enqueue("look", now=now, source_id=source.pk, file=path, file_name=name[:300])


@transaction.atomic
def keep_looking(now: datetime) -> int:
    """A look for every source that should be looked at and has none waiting; how many were missing.

    A look puts in the next one itself: this is for those that were lost, as by a crash eight times over.
    """
    kinds = [name for name, made in slices().items() if made.look]
    active = {key_of(one): one for one in Source.objects.filter(kind__in=kinds, active=True)}
    there = Job.objects.filter(kind="look", key__in=active, state__in=(WAITING, RUNNING))
    missing = active.keys() - set(there.values_list("key", flat=True))
    for key in missing:
        enqueue("look", key=key, now=now, source_id=active[key].pk)
    return len(missing)


@transaction.atomic
def take_in_brought(source: Source, brought: Brought, *, now: datetime) -> TakenIn:
    """Voices and the place to go on from, together: neither is kept without the other."""
    taken = take_in_voices(brought.voices, source=source, now=now) if brought.voices else TakenIn(0, 0)
    if brought.place:
        Source.objects.filter(pk=source.pk, version=source.version).update(place=dict(brought.place))
    if taken.new:
        said = {(voice.time.replace(tzinfo=UTC) if voice.time else now) for voice in brought.voices}
        days = {moment.date() for moment in said if moment <= now}
        SourceDay.objects.bulk_create(
            [SourceDay(source=source, day=day) for day in sorted(days)], ignore_conflicts=True
        )
    return taken


@transaction.atomic
def take_in_message(source: Source, brought: Brought, *, now: datetime) -> TakenIn:
    """The voices of a signed message. Sent again under its id by an attempt of its own, it is known.

    Raises
    ------
    Refused
        With 409 where the very same attempt comes again, or another content under an id that was used.
    """
    place = brought.place
    TakenMessage.objects.filter(came_at__lt=now - REMEMBERED).delete()
    before, fresh = TakenMessage.objects.get_or_create(
        source=source,
        message_id=str(place["id"]),
        defaults={"sent_at": place["sent_at"], "digest": place["digest"], "came_at": now},
    )
    if not fresh and (before.digest != place["digest"] or before.sent_at >= place["sent_at"]):
        raise Refused(
            409,
            "This message came before.",
            hint="Give each message an id of its own, and sign each attempt with its time.",
            kind="replay",
        )
    if not fresh:
        TakenMessage.objects.filter(pk=before.pk).update(sent_at=place["sent_at"])
        return TakenIn(0, len(brought.voices))
    taken = take_in_brought(source, Brought(brought.voices), now=now)
    _well(source, now=now)
    return taken


@transaction.atomic
def end_look(source: Source, *, now: datetime, trouble: Trouble | None, new: int = 0) -> None:
    """How the look went, and when the next one is due: sooner after trouble, then less and less often."""
    if trouble is None:
        _well(source, now=now)
    else:
        _note_trouble(source, trouble.kind, parts=dict(trouble.fields), now=now)
    held = Source.objects.get(pk=source.pk)
    if new:
        record("bring voices", who=None, now=now, about=held, voices=new)
    made = slices().get(held.kind)
    if held.active and made is not None and made.look:
        enqueue("look", key=key_of(held), now=now, due_at=now + wait(held), source_id=held.pk)


@transaction.atomic
def note_refused(source: Source, *, kind: str, now: datetime) -> None:
    """A message was refused. Of the same kind only the first is written: strangers could write for ever."""
    if source.trouble != kind:
        _note_trouble(source, kind, parts={}, now=now)


def wait(source: Source) -> timedelta:
    """How long until the next look."""
    usual = timedelta(minutes=source.every_minutes)
    if not source.troubles:
        return usual
    later: timedelta = FIRST_WAIT * (1 << min(source.troubles - 1, 8))
    return max(usual, min(later, timedelta(hours=6)))


def key_of(source: Source) -> str:
    """The key of its jobs: one look at a time waits."""
    return f"source-{source.pk}"


def _well(source: Source, *, now: datetime) -> None:
    Source.objects.filter(pk=source.pk).update(looked_at=now, trouble="", trouble_parts={}, troubles=0)


def _note_trouble(source: Source, kind: str, *, parts: Mapping[str, Any], now: datetime) -> None:
    held = Source.objects.select_for_update().get(pk=source.pk)
    held.looked_at, held.trouble, held.trouble_parts = now, kind, dict(parts)
    held.troubles += 1
    held.save(update_fields=["looked_at", "trouble", "trouble_parts", "troubles"])
    if held.troubles == 1:
        record("trouble at source", who=None, now=now, about=held, kind=kind)


def _manages(who: Person) -> None:
    if not who.may("manager"):
        raise NotAllowed(f"{who.name} may not change sources.", hint="Ask a manager.")


def _slice(kind: str) -> Slice:
    made = slices().get(kind)
    if made is None:
        raise BadOption(f"There is no kind of source '{kind}'.", hint=f"They are {', '.join(slices())}.")
    return made


def _secret(made: Slice, given: Mapping[str, str], *, before: bool) -> str:
    """The secret that was given; empty where none was and there is one ``before``, or none is needed."""
    field = made.secret_field
    if field is None:
        return ""
    fresh = given.get(field.name, "")
    # Blanks at its ends may belong to a password; they are not taken off as those of other fields are.
    if fresh:
        field.read(fresh)
        return fresh
    if field.required and not before:
        raise BadOption(f"'{field.name}' is empty.", hint="Fill it in.")
    return ""


def _name(name: str, *, other_than: Source | None) -> str:
    short = name.strip()[:200]
    if not short:
        raise BadOption("The source has no name.", hint="Write one.")
    others = Source.objects.exclude(pk=other_than.pk) if other_than else Source.objects.all()
    if others.filter(name=short).exists():
        raise BadOption(f"There is a source '{short}' already.", hint="Write another name.")
    return short


def _every(minutes: int) -> int:
    if not SHORTEST <= minutes <= LONGEST:
        raise BadOption(
            f"Every {minutes} minutes cannot be.", hint=f"It is between {SHORTEST} and {LONGEST} minutes."
        )
    return minutes
