"""A link that signs a person in once: made by who runs the workspace, who may do all there anyway."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.core import signing
from django.db import transaction
from django.http import HttpRequest

from forvent_server.actions.doors import let_in
from forvent_server.actions.events import record
from forvent_server.store.models import Person

OPENS_FOR = timedelta(minutes=30)
_SALT = "forvent_server.actions.links"


@transaction.atomic
def make_link(person: Person, *, now: datetime) -> str:
    """The secret of a link that signs the person in; any sign-in of the person in between ends it."""
    record("make sign-in link", who=None, now=now, about=person)
    parts = {"person": person.pk, "after": _last(person), "until": (now + OPENS_FOR).timestamp()}
    return signing.dumps(parts, salt=_SALT)


@transaction.atomic
def use_link(request: HttpRequest, token: str, *, now: datetime) -> Literal["in", "code", "nothing"]:
    """Sign in whose link it is; where the person has a second factor, its code is awaited first.

    A link is none where it is used or over. While the code is awaited it is not used yet.
    """
    try:
        parts = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return "nothing"
    person = Person.objects.select_for_update().filter(pk=parts["person"], is_active=True).first()
    if person is None or parts["until"] < now.timestamp() or parts["after"] != _last(person):
        return "nothing"
    # Signing in moves the moment that the link is bound to: it opens nothing any more.
    return let_in(request, person=person, now=now)


def _last(person: Person) -> str:
    return person.last_login.isoformat() if person.last_login else ""
