"""Signing in and out: by password, by password and code; attempts are counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.contrib.auth import authenticate, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from forvent_server.actions.attempts import count_wrong
from forvent_server.actions.events import record
from forvent_server.actions.second_factor import takes
from forvent_server.actions.sessions import begin
from forvent_server.store.models import Person, SignIn

#: How long after the password the code may come.
CODE_WITHIN = timedelta(minutes=10)
#: Where a session keeps whose code it waits for.
_AWAITED = "awaited"

SignedIn = Literal["in", "code", "wrong"]


def sign_in(request: HttpRequest, *, email: str, password: str, place: str, now: datetime) -> SignedIn:
    """Sign in whose password it is; where the person has a second factor, its code is awaited first."""
    person = authenticate(request, username=email, password=password)
    if not isinstance(person, Person) or not person.is_active:
        count_wrong(email, place=place, now=now)
        return "wrong"
    return let_in(request, person=person, now=now)


def let_in(request: HttpRequest, *, person: Person, now: datetime) -> Literal["in", "code"]:
    """Who proved to be the person is signed in, or owes the code of the second factor still."""
    if not person.totp_confirmed:
        begin(request, person=person, now=now)
        return "in"
    request.session[_AWAITED] = {
        "person": person.pk,
        "password": person.get_session_auth_hash(),
        "until": (now + CODE_WITHIN).timestamp(),
    }
    request.session.cycle_key()
    return "code"


def awaited(request: HttpRequest, *, now: datetime) -> Person | None:
    """The person who gave the right password a moment ago and owes the code; with another password nobody."""
    held = request.session.get(_AWAITED)
    if not held or held["until"] < now.timestamp():
        return None
    person = Person.objects.filter(pk=held["person"], is_active=True, totp_confirmed=True).first()
    if person is None or not constant_time_compare(held["password"], person.get_session_auth_hash()):
        return None
    return person


def sign_in_by_code(request: HttpRequest, *, person: Person, code: str, place: str, now: datetime) -> bool:
    """Whether the code of the awaited person is right, and with it they are signed in."""
    if not takes(person, code, now=now):
        count_wrong(person.email, place=place, now=now)
        return False
    request.session.pop(_AWAITED, None)
    begin(request, person=person, now=now)
    return True


@transaction.atomic
def sign_out(request: HttpRequest, *, person: Person, now: datetime) -> None:
    """End the session."""
    SignIn.objects.filter(session_key=request.session.session_key or "").delete()
    record("sign out", who=person, now=now, about=person)
    logout(request)
