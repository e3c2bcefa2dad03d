"""Sessions: begun, seen, given a new key where the role changed, and really ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from forvent_server.actions.events import record
from forvent_server.store.models import Person, SignIn

#: ``seen_at`` is written at most so often, so that reading does not become writing.
NOTED_EVERY = timedelta(minutes=5)
#: A session nobody used for so long is over; the cookie's age in the settings.
KEPT_FOR = timedelta(days=14)


@transaction.atomic
def begin(request: HttpRequest, *, person: Person, now: datetime) -> None:
    """A session for a person, under a key nobody knew before."""
    _forget_old(now)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session["role"], request.session["seen"] = person.role, now.timestamp()
    SignIn.objects.create(
        person=person,
        session_key=request.session.session_key or "",
        began_at=now,
        seen_at=now,
        agent=request.headers.get("User-Agent", "")[:200],
    )
    Person.objects.filter(pk=person.pk).update(seen_at=now)
    record("sign in", who=person, now=now, about=person)


def note_seen(request: HttpRequest, *, person: Person, now: datetime) -> None:
    """The person is here; where their role changed since they signed in, their session gets a new key."""
    role, seen = request.session.get("role"), request.session.get("seen")
    if role is None or seen is None:
        return
    if role != person.role:
        _new_key(request, person=person)
    elif now.timestamp() - seen > NOTED_EVERY.total_seconds():
        request.session["seen"] = now.timestamp()
        SignIn.objects.filter(session_key=request.session.session_key or "").update(seen_at=now)
        Person.objects.filter(pk=person.pk).update(seen_at=now)


@transaction.atomic
def _new_key(request: HttpRequest, *, person: Person) -> None:
    held = SignIn.objects.select_for_update().filter(session_key=request.session.session_key or "").first()
    if held is None:
        # Another request of the same browser has done it at this moment.
        return
    request.session["role"] = person.role
    request.session.cycle_key()
    move_sign_in(held, to=request)


def move_sign_in(held: SignIn, *, to: HttpRequest) -> None:
    """The sign-in under the key that its session has now."""
    held.session_key = to.session.session_key or ""
    held.save(update_fields=["session_key"])


@transaction.atomic
def end_session(held: SignIn, *, who: Person, now: datetime) -> None:
    """End one session: its next request finds nobody signed in."""
    _end(SignIn.objects.filter(pk=held.pk))
    record("end session", who=who, now=now, about=held.person)


@transaction.atomic
def end_sessions(person: Person, *, but: str = "") -> int:
    """End all sessions of a person but that of one key; how many. The caller says it in the audit."""
    return _end(SignIn.objects.filter(person=person).exclude(session_key=but))


@transaction.atomic
def end_other_sessions(person: Person, *, but: str, now: datetime) -> int:
    """End all sessions of a person but the one they ask from; how many."""
    ended = end_sessions(person, but=but)
    record("end other sessions", who=person, now=now, about=person, sessions=ended)
    return ended


def _end(held: QuerySet[SignIn]) -> int:
    keys = list(held.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _forget_old(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    SignIn.objects.filter(seen_at__lt=now - KEPT_FOR).delete()
