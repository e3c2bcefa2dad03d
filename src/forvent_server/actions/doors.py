"""Signing in and out: counted attempts, sessions that can be seen and ended."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest

from forvent_server.actions.events import record
from forvent_server.store.models import Attempt, Person, SignIn

#: So many wrong passwords for one address, or from one place, in so long.
MOST_WRONG, WITHIN = 10, timedelta(minutes=15)


def too_often(email: str, *, place: str, now: datetime) -> bool:
    """Whether somebody has guessed too often to be let guess again now."""
    recent = Attempt.objects.filter(at__gt=now - WITHIN)
    return any(recent.filter(key=key).count() >= MOST_WRONG for key in _keys(email, place))


def sign_in(request: HttpRequest, *, email: str, password: str, place: str, now: datetime) -> Person | None:
    """The person whose password it is, signed in; else None, and the attempt is counted."""
    person = authenticate(request, username=email, password=password)
    if not isinstance(person, Person) or not person.is_active:
        Attempt.objects.bulk_create(Attempt(key=key, at=now) for key in _keys(email, place))
        Attempt.objects.filter(at__lt=now - 4 * WITHIN).delete()
        return None
    begin(request, person=person, now=now)
    return person


@transaction.atomic
def begin(request: HttpRequest, *, person: Person, now: datetime) -> None:
    """A session for a person, under a key nobody knew before."""
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    SignIn.objects.create(
        person=person,
        session_key=request.session.session_key or "",
        began_at=now,
        seen_at=now,
        agent=request.headers.get("User-Agent", "")[:200],
    )
    Person.objects.filter(pk=person.pk).update(seen_at=now)
    record("sign in", who=person, now=now, about=person)


@transaction.atomic
def sign_out(request: HttpRequest, *, person: Person, now: datetime) -> None:
    """End the session."""
    SignIn.objects.filter(session_key=request.session.session_key or "").delete()
    record("sign out", who=person, now=now, about=person)
    logout(request)


def _keys(email: str, place: str) -> tuple[str, str]:
    address = hashlib.sha256(email.strip().lower().encode("utf-8")).hexdigest()[:40]
    return f"address:{address}", f"place:{place}"[:128]
