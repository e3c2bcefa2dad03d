"""Passwords: changed by the person, or set anew by a link that an owner makes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from forvent_server.actions.attempts import prove
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed, hashed
from forvent_server.actions.sessions import end_sessions, move_sign_in
from forvent_server.actions.strength import refuse_weak
from forvent_server.store.models import Person, ResetLink, SignIn

RESET_FOR = timedelta(days=1)


def change_password(request: HttpRequest, *, person: Person, password: str, new: str, now: datetime) -> None:
    """Another password; the session gets a new key, and all others of the person end.

    Raises
    ------
    TooOften, WrongPassword
        As ``prove`` says of the present password.
    WeakPassword
        If the new one is too easy to guess.
    """
    prove(person, password, now=now)
    refuse_weak(new, person=person)
    with transaction.atomic():
        held = SignIn.objects.filter(session_key=request.session.session_key or "").first()
        ended = end_sessions(person, but=request.session.session_key or "")
        person.set_password(new)
        person.save(update_fields=["password"])
        update_session_auth_hash(request, person)
        if held is not None:
            move_sign_in(held, to=request)
        ResetLink.objects.filter(person=person, used_at=None).update(used_at=now)
        record("change password", who=person, now=now, about=person, sessions=ended)


@transaction.atomic
def make_reset(person: Person, *, who: Person, now: datetime) -> tuple[ResetLink, str]:
    """A link by which the person sets a new password, and its secret; those before hold no more.

    Raises
    ------
    NotAllowed
        If who asks is no owner, or the person was let go.
    """
    if not who.may("owner"):
        raise NotAllowed(f"{who.name} is no owner.", hint="Ask an owner.")
    if not person.is_active:
        raise NotAllowed(f"{person.name} was let go.", hint="Invite the person again.")
    token = secrets.token_urlsafe(32)
    ResetLink.objects.filter(person=person, used_at=None).update(used_at=now)
    made = ResetLink.objects.create(
        person=person, token_hash=hashed(token), made_by=who, made_at=now, ends_at=now + RESET_FOR
    )
    record("make reset link", who=who, now=now, about=person)
    return made, token


@transaction.atomic
def reset_password(token: str, *, password: str, now: datetime) -> Person:
    """The new password of the person whose link it is; the link is used up, and all sessions end.

    Raises
    ------
    NotAllowed
        If the link is unknown, used or over.
    WeakPassword
        If the password is too easy to guess; the link holds still.
    """
    made = ResetLink.objects.open(now).select_for_update().filter(token_hash=hashed(token)).first()
    if made is None:
        raise NotAllowed("This link is over.", hint="Ask an owner for a new one.")
    person = made.person
    refuse_weak(password, person=person)
    person.set_password(password)
    person.save(update_fields=["password"])
    made.used_at = now
    made.save(update_fields=["used_at"])
    record("reset password", who=person, now=now, about=person, sessions=end_sessions(person))
    return person
