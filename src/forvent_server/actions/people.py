"""Who may do what: the first owner, invitations, roles, keys."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from forvent.errors import BadOption
from forvent_server.actions.events import record
from forvent_server.store.models import ApiKey, Business, Invitation, Person
from forvent_server.store.models.people import ROLES, SCOPES

INVITED_FOR = timedelta(days=7)


class NotAllowed(BadOption):
    """Something this person may not do."""

    code = "not-allowed"


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
    if Person.objects.exists():
        raise NotAllowed("The workspace has its owner already.", hint="Sign in, or ask to be invited.")
    person = _new_person(email=email, name=name, role="owner", password=password, language=language, now=now)
    Business.objects.update_or_create(
        pk=1, defaults={"name": business, "language": language, "sample": sample, "made_at": now}
    )
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
    if Person.objects.filter(email__iexact=address).exists():
        raise BadOption(f"{address} is here already.", hint="Change the role on the page of people.")
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
def join(token: str, *, name: str, password: str, language: str, now: datetime) -> Person:
    """The invited person joins; the link is used up.

    Raises
    ------
    NotAllowed
        If the link is unknown, used or over.
    """
    made = Invitation.objects.select_for_update().filter(token_hash=hashed(token), accepted_at=None).first()
    if made is None or made.ends_at < now:
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
    record("change role", who=who, now=now, about=person, before=before, after=role)


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
    person.sign_ins.all().delete()
    ApiKey.objects.filter(made_by=person, ended_at=None).update(ended_at=now)
    record("let go", who=who, now=now, about=person)


@transaction.atomic
def choose_language(person: Person, *, language: str, now: datetime) -> None:
    """The language of a person's pages."""
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
        raise BadOption(f"The scopes {scopes} are not known.", hint=f"They are {', '.join(SCOPES)}.")
    start, rest = secrets.token_hex(4), secrets.token_urlsafe(32)
    secret = f"fv_{start}_{rest}"
    key = ApiKey.objects.create(
        name=name[:200], start=start, key_hash=hashed(secret), scopes=sorted(scopes), made_by=who, made_at=now
    )
    record("make key", who=who, now=now, about=key, scopes=sorted(scopes))
    return key, secret


@transaction.atomic
def end_key(key: ApiKey, *, who: Person, now: datetime) -> None:
    """The key opens nothing any more."""
    key.ended_at = now
    key.save(update_fields=["ended_at"])
    record("end key", who=who, now=now, about=key)


def hashed(secret: str) -> str:
    """What is kept of a long random secret."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def _new_person(*, email: str, name: str, role: str, password: str, language: str, now: datetime) -> Person:
    person = Person(
        email=_address(email), name=name.strip()[:200] or email, role=role, language=language, joined_at=now
    )
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BadOption("The password is too easy to guess.", hint=" ".join(error.messages)) from error
    person.set_password(password)
    person.save()
    return person


def _address(email: str) -> str:
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadOption(f"'{address}' is no e-mail address.", hint="Write it as name@example.org.") from error
    return address


def _owner_asks(who: Person) -> None:
    if not who.may("owner"):
        raise NotAllowed(f"{who.name} is no owner.", hint="Ask an owner.")


def _keep_an_owner(person: Person, *, leaves: bool) -> None:
    owners = Person.objects.select_for_update().filter(role="owner", is_active=True)
    if leaves and person.role == "owner" and not owners.exclude(pk=person.pk).exists():
        raise NotAllowed(
            f"{person.name} is the last owner.",
            hint="Make somebody else an owner first; then this can be done.",
        )
