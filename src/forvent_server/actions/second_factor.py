"""The second factor of a person: set up, confirmed, asked for, given up; and its recovery codes."""

from __future__ import annotations

import base64
import logging
import secrets
from datetime import datetime

from django.db import transaction

from forvent.errors import BadOption
from forvent_server.actions.attempts import TooOften, count_wrong, prove, too_often
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed, hashed
from forvent_server.actions.sessions import end_sessions
from forvent_server.actions.totp import new_secret, right_step
from forvent_server.store.models import Person, RecoveryCode
from forvent_server.store.sealing import SealedAway

log = logging.getLogger(__name__)
#: How many codes stand in for a lost phone, each once.
RECOVERY_CODES = 10


class WrongCode(BadOption):
    """The code is not that of this moment, or was taken already."""

    code = "wrong-code"


def begin_second_factor(person: Person, *, password: str, now: datetime) -> None:
    """A new secret to be put into an app; it holds once a code of it was given.

    Raises
    ------
    NotAllowed
        If the person has a second factor already.
    TooOften, WrongPassword
        As ``prove`` says.
    """
    if person.totp_confirmed:
        raise NotAllowed("You have a second factor already.", hint="Turn it off first to use another app.")
    prove(person, password, now=now)
    with transaction.atomic():
        person.totp_secret, person.totp_step = new_secret(), 0
        person.save(update_fields=["sealed_totp_secret", "totp_step"])
        record("begin second factor", who=person, now=now, about=person)


def confirm_second_factor(person: Person, *, code: str, session: str, now: datetime) -> tuple[str, ...]:
    """The second factor holds from now on; its recovery codes, shown once. Other sessions end.

    Raises
    ------
    WrongCode
        If the code is none of the secret's at this moment, or nothing was set up.
    TooOften
        If it was wrong too often lately.
    """
    if person.totp_confirmed or not person.totp_secret:
        raise WrongCode("There is nothing to confirm.", hint="Set up the second factor first.")
    if too_often(person.email, place="", now=now):
        raise TooOften("Too many attempts.", hint="Wait a quarter of an hour and try again.")
    if not _takes_code(person, _bare(code), now=now):
        count_wrong(person.email, place="", now=now)
        raise WrongCode("That is not the code of this moment.", hint="Wait for the next one and type it.")
    with transaction.atomic():
        person.totp_confirmed = True
        person.save(update_fields=["totp_confirmed"])
        made = _new_codes(person)
        ended = end_sessions(person, but=session)
        record("confirm second factor", who=person, now=now, about=person, sessions=ended)
    return made


def new_recovery_codes(person: Person, *, password: str, now: datetime) -> tuple[str, ...]:
    """New recovery codes, shown once; those before hold no more.

    Raises
    ------
    NotAllowed
        If the person has no second factor.
    TooOften, WrongPassword
        As ``prove`` says.
    """
    if not person.totp_confirmed:
        raise NotAllowed("You have no second factor.", hint="Set it up first.")
    prove(person, password, now=now)
    with transaction.atomic():
        made = _new_codes(person)
        record("make recovery codes", who=person, now=now, about=person)
    return made


def end_second_factor(person: Person, *, password: str, now: datetime) -> None:
    """The person signs in by password alone again.

    Raises
    ------
    TooOften, WrongPassword
        As ``prove`` says.
    """
    prove(person, password, now=now)
    _end(person, who=person, now=now)


def take_second_factor(person: Person, *, who: Person, now: datetime) -> None:
    """An owner takes the second factor of somebody who lost phone and codes.

    Raises
    ------
    NotAllowed
        If who asks is no owner.
    """
    if not who.may("owner"):
        raise NotAllowed(f"{who.name} is no owner.", hint="Ask an owner.")
    _end(person, who=who, now=now)


def reset_second_factor(person: Person, *, now: datetime) -> None:
    """Who runs the workspace's machine takes a second factor, of an owner whom nobody else could help."""
    _end(person, who=None, now=now)


def takes(person: Person, given: str, *, now: datetime) -> bool:
    """Whether a code of the app or a recovery code is right; each is taken once."""
    code = _bare(given)
    return _takes_code(person, code, now=now) or _takes_recovery_code(person, code, now=now)


def _takes_code(person: Person, code: str, *, now: datetime) -> bool:
    try:
        step = right_step(person.totp_secret, code, now=now) if person.totp_secret else None
    except SealedAway:
        # The key of the workspace is not that of then: recovery codes are taken all the same.
        log.error("the second factor of person %s cannot be opened", person.pk)
        return False
    if step is None:
        return False
    # One conditional update: of two requests with one code, one is let in.
    return Person.objects.filter(pk=person.pk, totp_step__lt=step).update(totp_step=step) == 1


@transaction.atomic
def _takes_recovery_code(person: Person, code: str, *, now: datetime) -> bool:
    held = RecoveryCode.objects.filter(person=person, code_hash=hashed(code), used_at=None)
    if held.update(used_at=now) != 1:
        return False
    left = RecoveryCode.objects.filter(person=person, used_at=None).count()
    record("use recovery code", who=person, now=now, about=person, left=left)
    return True


def _new_codes(person: Person) -> tuple[str, ...]:
    # Eighty bits each: too many to be found from their hashes.
    plain = [base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, code_hash=hashed(code)) for code in plain)
    return tuple("-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in plain)


@transaction.atomic
def _end(person: Person, *, who: Person | None, now: datetime) -> None:
    person.totp_secret, person.totp_confirmed, person.totp_step = "", False, 0
    person.save(update_fields=["sealed_totp_secret", "totp_confirmed", "totp_step"])
    RecoveryCode.objects.filter(person=person).delete()
    record("end second factor", who=who, now=now, about=person)


def _bare(code: str) -> str:
    """A code as it is kept: without what people type between its parts, in small letters."""
    return "".join(sign for sign in code.lower()[:64] if sign.isalnum())
