"""Wrong passwords and codes, counted so that guessing takes too long."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from forvent.errors import BadOption
from forvent_server.actions.events import record
from forvent_server.store.models import Attempt, Person

#: So many wrong ones for one address in so long, and so many from one place, where several may sit.
MOST_WRONG, MOST_FROM_PLACE, WITHIN = 10, 50, timedelta(minutes=15)


class TooOften(BadOption):
    """Somebody guessed so often that they have to wait."""

    code = "too-often"


class WrongPassword(BadOption):
    """The password is not that of the person."""

    code = "wrong-password"


def too_often(email: str, *, place: str, now: datetime) -> bool:
    """Whether somebody has guessed too often to be let guess again now."""
    recent = Attempt.objects.filter(at__gt=now - WITHIN)
    if recent.filter(key=_address_key(email)).count() >= MOST_WRONG:
        return True
    return bool(place) and recent.filter(key=_place_key(place)).count() >= MOST_FROM_PLACE


@transaction.atomic
def count_wrong(email: str, *, place: str, now: datetime) -> None:
    """One more wrong password or code; the one that closes the door is told in the audit."""
    keys = [_address_key(email), *([_place_key(place)] if place else [])]
    Attempt.objects.bulk_create(Attempt(key=key, at=now) for key in keys)
    Attempt.objects.filter(at__lt=now - 4 * WITHIN).delete()
    if Attempt.objects.filter(key=keys[0], at__gt=now - WITHIN).count() == MOST_WRONG:
        person = Person.objects.filter(email__iexact=email.strip()).first()
        if person is not None:
            record("stop guessing", who=None, now=now, about=person, wrong=MOST_WRONG)


def prove(person: Person, password: str, *, now: datetime) -> None:
    """Make sure that who asks knows the password of the person who is signed in.

    Called outside the transaction that acts on it: a wrong attempt stays counted.

    Raises
    ------
    TooOften
        If it was wrong too often lately.
    WrongPassword
        If it is wrong.
    """
    if too_often(person.email, place="", now=now):
        raise TooOften("Too many attempts.", hint="Wait a quarter of an hour and try again.")
    if not person.check_password(password):
        count_wrong(person.email, place="", now=now)
        raise WrongPassword("That is not your password.", hint="Type the one you sign in with.")


def _address_key(email: str) -> str:
    digest = hashlib.sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()
    return f"address:{digest[:40]}"


def _place_key(place: str) -> str:
    return f"place:{place}"[:128]
