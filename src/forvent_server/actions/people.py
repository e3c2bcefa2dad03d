"""Who may do what: the first owner, invitations, roles, keys."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from forvent.errors import BadOption
from forvent.tables import LANGUAGES
from forvent_server.actions.events import record
from forvent_server.actions.sessions import end_sessions
from forvent_server.actions.strength import refuse_weak
from forvent_server.store.models import ApiKey, Business, Invitation, Person
from forvent_server.store.models.people import ROLES, SCOPES

INVITED_FOR = timedelta(days=7)


class NotAllowed(BadOption):
    """Something this person may not do."""

    code = "not-allowed"


class LastOwner(NotAllowed):
    """Nobody would own the workspace any more."""

    code = "last-owner"


class BadAddress(BadOption):
    """What was given as an e-mail address is none."""

    code = "bad-address"


class HereAlready(BadOption):
    """The address belongs to somebody who is here."""

    code = "here-already"


class NoScopes(BadOption):
    """A key that may do nothing, or something unknown."""

    code = "no-scopes"


@transaction.atomic
def open_workspace(
    *, business: str, name: str, email: str, password: str, language: str, now: datetime, sample: bool = False
) -> Person:
    """The first run: the business and its owner.

    Raises
    ------
    NotAllowed
        If there is an owner already.
    BadOption
        If the address is none or the password too weak.
    """
    about = {"name": business, "language": language, "sample": sample, "made_at": now}
    Business.objects.get_or_create(pk=1, defaults=about)
    # Of two who come at once the second waits here, and finds the first.
    made = Business.objects.select_for_update().filter(pk=1)
    if made.first() is None or Person.objects.exists():
        raise NotAllowed("The workspace has its owner already.", hint="Sign in, or ask to be invited.")
    person = _new_person(email=email, name=name, role="owner", password=password, language=language, now=now)
    made.update(**about)
    record("open workspace", who=person, now=now, about=person)
    return person


@transaction.atomic
def invite(*, email: str, role: str, who: Person, now: datetime) -> tuple[Invitation, str]:
    """An invitation and the secret of its link, which is shown once and kept nowhere.

    Raises
    ------
    NotAllowed
        If the inviting person has not at least that role, or is no manager.
    BadOption
        If the address is none, or belongs to somebody who is here already.
    """
    if not who.may("manager") or not who.may(role):
        raise NotAllowed(f"{who.name} may not invite somebody as {role}.", hint="Ask an owner.")
    address = _address(email)
    if Person.objects.filter(email__iexact=address, is_active=True).exists():
        raise HereAlready(f"{address} is here already.", hint="Change the role on the page of people.")
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        email=address,
        role=role,
        token_hash=hashed(token),
        invited_by=who,
        made_at=now,
        ends_at=now + INVITED_FOR,
    )
    record("invite", who=who, now=now, about=made, role=role)
    return made, token


@transaction.atomic
def take_back_invitation(made: Invitation, *, who: Person, now: datetime) -> None:
    """The link of an invitation opens nothing any more.

    Raises
    ------
    NotAllowed
        If who asks may not invite somebody in that role.
    """
    if not who.may("manager") or not who.may(made.role):
        raise NotAllowed(f"{who.name} may not take this invitation back.", hint="Ask an owner.")
    made.ends_at = now
    made.save(update_fields=["ends_at"])
    record("take back invitation", who=who, now=now, about=made)


@transaction.atomic
def join(token: str, *, name: str, password: str, language: str, now: datetime) -> Person:
    """The invited person joins, or comes back; the link is used up.

    Raises
    ------
    NotAllowed
        If the link is unknown, used or over.
    """
    made = Invitation.objects.select_for_update().filter(token_hash=hashed(token), accepted_at=None).first()
    here = made is not None and Person.objects.filter(email__iexact=made.email, is_active=True).exists()
    if made is None or made.ends_at < now or here:
        raise NotAllowed("This invitation is over.", hint="Ask for a new one.")
    person = _new_person(
        email=made.email, name=name, role=made.role, password=password, language=language, now=now
    )
    made.accepted_at = now
    made.save(update_fields=["accepted_at"])
    record("join", who=person, now=now, about=person, role=made.role)
    return person


@transaction.atomic
def change_role(person: Person, *, role: str, who: Person, now: datetime) -> None:
    """Give a person another role.

    Raises
    ------
    NotAllowed
        If who asks is no owner, or the last owner would be gone.
    """
    _owner_asks(who)
    if role not in ROLES:
        raise BadOption(f"There is no role '{role}'.", hint=f"The roles are {', '.join(ROLES)}.")
    _keep_an_owner(person, leaves=role != "owner")
    before, person.role = person.role, role
    person.save(update_fields=["role"])
    # Who may make no keys any more keeps none either: they know the secrets.
    ended = 0 if person.may("manager") else _end_keys(person, now=now)
    record("change role", who=who, now=now, about=person, before=before, after=role, keys=ended)


@transaction.atomic
def let_go(person: Person, *, who: Person, now: datetime) -> None:
    """The person can sign in no more; what they did stays in the audit.

    Raises
    ------
    NotAllowed
        If who asks is no owner, or the last owner would be gone.
    """
    _owner_asks(who)
    _keep_an_owner(person, leaves=True)
    person.is_active = False
    person.save(update_fields=["is_active"])
    ended = end_sessions(person)
    record("let go", who=who, now=now, about=person, sessions=ended, keys=_end_keys(person, now=now))


@transaction.atomic
def choose_language(person: Person, *, language: str, now: datetime) -> None:
    """The language of a person's pages.

    Raises
    ------
    BadOption
        If the pages do not speak it.
    """
    if language not in LANGUAGES:
        raise BadOption(f"There is no language '{language}'.", hint=f"They are {', '.join(LANGUAGES)}.")
    person.language = language
    person.save(update_fields=["language"])
    record("choose language", who=person, now=now, about=person, language=language)


@transaction.atomic
def make_key(*, name: str, scopes: list[str], who: Person, now: datetime) -> tuple[ApiKey, str]:
    """A key for a program and its secret, which is shown once and kept nowhere.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    """
    if not who.may("manager"):
        raise NotAllowed(f"{who.name} may not make keys.", hint="Ask a manager.")
    if not scopes or set(scopes) - set(SCOPES):
        raise NoScopes(f"The scopes {scopes} are not known.", hint=f"They are {', '.join(SCOPES)}.")
    start, rest = secrets.token_hex(4), secrets.token_urlsafe(32)
    secret = f"fv_{start}_{rest}"
    key = ApiKey.objects.create(
        name=name[:200], start=start, key_hash=hashed(secret), scopes=sorted(scopes), made_by=who, made_at=now
    )
    record("make key", who=who, now=now, about=key, scopes=sorted(scopes))
    return key, secret


@transaction.atomic
def end_key(key: ApiKey, *, who: Person, now: datetime) -> None:
    """The key opens nothing any more.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    """
    if not who.may("manager"):
        raise NotAllowed(f"{who.name} may not end keys.", hint="Ask a manager.")
    key.ended_at = now
    key.save(update_fields=["ended_at"])
    record("end key", who=who, now=now, about=key)


def hashed(secret: str) -> str:
    """What is kept of a long random secret."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def _new_person(*, email: str, name: str, role: str, password: str, language: str, now: datetime) -> Person:
    address = _address(email)
    # Who was let go and comes back is the same person to the audit.
    person = Person.objects.filter(email__iexact=address, is_active=False).first() or Person(email=address)
    person.name, person.role, person.language = name.strip()[:200] or address, role, language
    person.joined_at, person.is_active = now, True
    person.totp_secret, person.totp_confirmed, person.totp_step = "", False, 0
    refuse_weak(password, person=person)
    person.set_password(password)
    person.save()
    return person


def _address(email: str) -> str:
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadAddress(
            f"'{address}' is no e-mail address.", hint="Write it as name@example.org."
        ) from error
    return address


def _end_keys(person: Person, *, now: datetime) -> int:
    return ApiKey.objects.filter(made_by=person, ended_at=None).update(ended_at=now)


def _owner_asks(who: Person) -> None:
    if not who.may("owner"):
        raise NotAllowed(f"{who.name} is no owner.", hint="Ask an owner.")


def _keep_an_owner(person: Person, *, leaves: bool) -> None:
    owners = Person.objects.select_for_update().filter(role="owner", is_active=True)
    if leaves and person.role == "owner" and not owners.exclude(pk=person.pk).exists():
        raise LastOwner(
            f"{person.name} is the last owner.",
            hint="Make somebody else an owner first; then this can be done.",
        )
