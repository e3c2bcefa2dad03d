"""Who wants to be told of what; the messages wait in an outbox until they arrived."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from forvent.errors import BadOption
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import enqueue
from forvent_server.sources.signed import new_secret
from forvent_server.store.models import Action, Delivery, Event, Job, Person, Webhook
from forvent_server.store.models.jobs import RUNNING
from forvent_server.store.models.jobs import WAITING as JOB_WAITING

EVENTS = ("assessment.made", "alert.sounded", "import.ended", "action.due")
#: A message that a person asks for; nobody has to want it.
TEST = "webhook.test"
#: Waits before each further attempt; after the last the message is given up.
WAITS = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
MOST_WEBHOOKS = 50
LONGEST_ADDRESS = 1000
#: How long the outbox remembers what it sent.
KEPT = timedelta(days=30)
WAITING, SENT, GIVEN_UP = "waiting", "sent", "given_up"


@transaction.atomic
def make_webhook(*, address: str, events: Sequence[str], who: Person | None, now: datetime) -> Webhook:
    """An address that is told of these events; its secret signs them.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    BadOption
        If the address is none, an event is unknown, or there are too many.
    """
    _manager_asks(who)
    _check(address, events)
    if Webhook.objects.count() >= MOST_WEBHOOKS:
        raise BadOption(f"There are {MOST_WEBHOOKS} webhooks already.", hint="Drop one that is not needed.")
    made = Webhook(address=address, events=sorted(set(events)), made_by=who, made_at=now)
    made.secret = new_secret()
    made.save()
    enqueue("remind", key="hourly", now=now)
    record("make webhook", who=who, now=now, about=made, events=made.events)
    return made


@transaction.atomic
def change_webhook(
    made: Webhook,
    *,
    address: str | None = None,
    events: Sequence[str] | None = None,
    active: bool | None = None,
    who: Person | None,
    now: datetime,
) -> Webhook:
    """Another address, other events, paused or at work again; what is None stays.

    What waits is sent at once where it goes on, or to the other address.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    BadOption
        If the address is none or an event is unknown; nothing is changed then.
    """
    _manager_asks(who)
    _check(made.address if address is None else address, made.events if events is None else events)
    mended = bool(active and not made.active) or address not in (None, made.address)
    made.address = made.address if address is None else address
    made.events = made.events if events is None else sorted(set(events))
    if active is not None:
        made.active, made.trouble = active, ""
    made.save()
    if mended and made.active:
        # Jobs of what waited have ended, or wait for up to a day.
        for waiting in Delivery.objects.filter(webhook=made, state=WAITING):
            _send(waiting, now=now)
    enqueue("remind", key="hourly", now=now)
    record("change webhook", who=who, now=now, about=made, events=made.events, active=made.active)
    return made


@transaction.atomic
def renew_webhook_secret(made: Webhook, *, who: Person | None, now: datetime) -> str:
    """Another secret, which signs every message from now on, also what is sent again.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    """
    _manager_asks(who)
    secret = new_secret()
    made.secret = secret
    made.save(update_fields=["sealed_secret"])
    record("renew webhook secret", who=who, now=now, about=made)
    return secret


@transaction.atomic
def send_test(made: Webhook, *, who: Person | None, now: datetime) -> Delivery:
    """A message that tells nothing, sent as all others are; where one is on its way still, that one at once.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    BadOption
        If the webhook is paused: nothing would be sent.
    """
    _manager_asks(who)
    if not made.active:
        raise BadOption("The webhook is paused.", hint="Let it go on first.")
    waiting = Delivery.objects.filter(webhook=made, event=TEST, state=WAITING).first()
    record("test webhook", who=who, now=now, about=made)
    if waiting is None:
        return _put_out(made, event=TEST, now=now, data={})
    _send(waiting, now=now)
    return waiting


@transaction.atomic
def drop_webhook(made: Webhook, *, who: Person | None, now: datetime) -> None:
    """It is told nothing more; what waits for it is dropped too.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    """
    _manager_asks(who)
    record("drop webhook", who=who, now=now, about=made)
    made.delete()


def tell(event: str, *, now: datetime, data: Mapping[str, Any]) -> int:
    """How many are told of an event; called inside its transaction, without customers' words."""
    wanted = [one for one in Webhook.objects.filter(active=True) if event in one.events]
    for one in wanted:
        _put_out(one, event=event, now=now, data=data)
    return len(wanted)


@transaction.atomic
def tell_due_actions(*, now: datetime) -> int:
    """How many open actions became due; each is told once for each day it is due."""
    due = Action.objects.filter(state__in=("planned", "doing"), due_on__lte=now.date())
    told = 0
    for action in due:
        about, day = f"action:{action.pk}", str(action.due_on)
        if Event.objects.filter(what="action due", about=about, details__due=day).exists():
            continue
        record("action due", who=None, now=now, about=action, due=day)
        tell(
            "action.due",
            now=now,
            data={"action": action.pk, "due_on": day, "expectation": action.expectation},
        )
        told += 1
    return told


@transaction.atomic
def note_arrived(made: Delivery, *, status: int, now: datetime) -> None:
    """The message arrived."""
    Delivery.objects.filter(pk=made.pk).update(
        state=SENT, status=status, attempts=made.attempts + 1, trouble="", ended_at=now
    )
    Webhook.objects.filter(pk=made.webhook_id).update(delivered_at=now, trouble="")
    Delivery.objects.filter(ended_at__lt=now - KEPT).delete()


@transaction.atomic
def note_failed(made: Delivery, *, trouble: str, status: int | None, gone: bool, now: datetime) -> None:
    """The message did not arrive: sent again later, or given up; ``gone`` where nobody wants it."""
    attempts = made.attempts + 1
    last = gone or attempts > len(WAITS)
    Delivery.objects.filter(pk=made.pk).update(
        state=GIVEN_UP if last else WAITING,
        status=status,
        attempts=attempts,
        trouble=trouble[:300],
        ended_at=now if last else None,
    )
    Webhook.objects.filter(pk=made.webhook_id).update(trouble=trouble[:300])
    if not last:
        _send(made, now=now, due_at=now + WAITS[attempts - 1])
        return
    # Nobody there for days, or gone by its own word: who wants it back says so.
    Webhook.objects.filter(pk=made.webhook_id).update(active=False)
    record("pause webhook", who=None, now=now, about=made.webhook, attempts=attempts)


def next_attempts(made: Sequence[Delivery]) -> dict[int, datetime]:
    """When each of these is sent next, by its number; what nobody will send any more is left out."""
    keys = {key_of(one): one.pk for one in made if one.state == WAITING}
    jobs = Job.objects.filter(kind="deliver", key__in=keys, state__in=(JOB_WAITING, RUNNING))
    return {keys[key]: due_at for key, due_at in jobs.order_by("-due_at").values_list("key", "due_at")}


def key_of(made: Delivery) -> str:
    """The key of the jobs that send a message."""
    return f"delivery-{made.pk}"


def _put_out(made: Webhook, *, event: str, now: datetime, data: Mapping[str, Any]) -> Delivery:
    body = {"type": event, "timestamp": now.isoformat().replace("+00:00", "Z"), "data": dict(data)}
    message = Delivery.objects.create(
        webhook=made,
        uid=f"msg_{secrets.token_hex(16)}",
        event=event,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        made_at=now,
    )
    _send(message, now=now)
    return message


def _send(made: Delivery, *, now: datetime, due_at: datetime | None = None) -> None:
    enqueue("deliver", key=key_of(made), now=now, due_at=due_at, delivery_id=made.pk)


def _manager_asks(who: Person | None) -> None:
    if who is None or not who.may("manager"):
        raise NotAllowed("Only managers may keep webhooks.", hint="Use a key that a manager made.")


def _check(address: str, events: Sequence[str]) -> None:
    unknown = sorted(set(events) - set(EVENTS))
    if unknown or not events:
        named = f"There is no event '{unknown[0]}'." if unknown else "No event was named."
        raise BadOption(named, hint=f"They are {', '.join(EVENTS)}.")
    if len(address) > LONGEST_ADDRESS:
        raise BadOption(
            f"The address has {len(address)} characters.", hint=f"Give at most {LONGEST_ADDRESS} characters."
        )
    if not address.isascii() or any(sign.isspace() for sign in address):
        raise BadOption(
            "The address holds a blank or a letter that no address has.",
            hint="Copy it as the program that is to be told shows it.",
        )
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise BadOption(
            f"'{address[:100]}' is no address of http.", hint="Write it as https://example.org/path."
        )
    if parts.username is not None or parts.password is not None:
        raise BadOption(
            "The address holds a user or a password.",
            hint="Leave them out: by its signature a message shows where it comes from.",
        )
