"""Webhooks: who is told of what, and what became of the messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from ninja import Router, Schema
from pydantic import Field

from forvent_server.actions.webhooks import (
    change_webhook,
    drop_webhook,
    make_webhook,
    renew_webhook_secret,
    send_test,
)
from forvent_server.api.door import Asked, manager_of
from forvent_server.api.sending import Mark, sent
from forvent_server.api.shapes import Cursor, Given, Key, Limit, Page, paged
from forvent_server.store.models import Delivery, Webhook

router = Router()
Event = Literal["assessment.made", "alert.sounded", "import.ended", "action.due"]
#: What an address may look like; whether it may be reached is seen when it is.
ADDRESS = r"^https?://[!-~]+$"


class WebhookGiven(Given):
    """An address and the events it is told of."""

    address: str = Field(max_length=1000, pattern=ADDRESS)
    events: list[Event] = Field(min_length=1, max_length=4)


class WebhookChange(Given):
    """What is to be another; what is left out stays."""

    address: str | None = Field(None, max_length=1000, pattern=ADDRESS)
    events: list[Event] | None = Field(None, min_length=1, max_length=4)
    active: bool | None = None


class WebhookShown(Schema):
    """A webhook; `trouble` is what went wrong with its last message. Its secret is shown once."""

    id: int
    address: str
    events: list[str]
    active: bool
    made_at: datetime
    delivered_at: datetime | None
    trouble: str


class WebhookMade(WebhookShown):
    """A new webhook with the secret that signs its messages (Standard Webhooks)."""

    secret: str


class DeliveryShown(Schema):
    """A message; `state` is waiting, sent or given_up, `uid` the `webhook-id` it carries."""

    id: int
    uid: str
    event: str
    made_at: datetime
    state: str
    attempts: int
    ended_at: datetime | None
    status: int | None
    trouble: str


@router.post("", response={201: WebhookMade}, summary="Make a webhook")
def make(request: Asked, given: WebhookGiven, mark: Mark = None) -> HttpResponse:
    """Only with a key that a manager made. Keep the secret: it is not shown again."""

    def begin() -> dict[str, Any]:
        made = make_webhook(address=given.address, events=given.events, who=manager_of(request), now=now())
        return {**_plain(made, WebhookShown), "secret": made.secret}

    return sent(request, mark, begin, status=201)


@router.get("", response=Page[WebhookShown], summary="Read webhooks")
def read_webhooks(request: Asked, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """All webhooks. Only with a key that a manager made."""
    manager_of(request)
    found, following = paged(Webhook.objects.all(), cursor=cursor, limit=limit, newest_first=False)
    return {"items": [_shown(row, WebhookShown) for row in found], "next": following}


@router.get("/{pk}", response=WebhookShown, summary="Read one webhook")
def read_webhook(request: Asked, pk: Key) -> dict[str, Any]:
    """One webhook and how its last message fared. Only with a key that a manager made."""
    manager_of(request)
    return _shown(get_object_or_404(Webhook, pk=pk), WebhookShown)


@router.patch("/{pk}", response=WebhookShown, summary="Change a webhook")
def change(request: Asked, pk: Key, given: WebhookChange) -> dict[str, Any]:
    """Another address, other events, paused or at work again."""
    made = get_object_or_404(Webhook, pk=pk)
    changed = change_webhook(made, **given.model_dump(), who=manager_of(request), now=now())
    return _shown(changed, WebhookShown)


@router.delete("/{pk}", response={204: None}, summary="Drop a webhook")
def drop(request: Asked, pk: Key) -> HttpResponse:
    """It is told nothing more."""
    drop_webhook(get_object_or_404(Webhook, pk=pk), who=manager_of(request), now=now())
    return HttpResponse(status=204)


@router.post("/{pk}/secret", response=WebhookMade, summary="Make another secret of a webhook")
def renew(request: Asked, pk: Key, mark: Mark = None) -> HttpResponse:
    """It signs every message from now on. Keep it: it is not shown again."""

    def begin() -> dict[str, Any]:
        made = get_object_or_404(Webhook, pk=pk)
        secret = renew_webhook_secret(made, who=manager_of(request), now=now())
        return {**_plain(made, WebhookShown), "secret": secret}

    return sent(request, mark, begin)


@router.post("/{pk}/test", response={202: DeliveryShown}, summary="Send a test to a webhook")
def send_one(request: Asked, pk: Key, mark: Mark = None) -> HttpResponse:
    """A message `webhook.test`, sent as all others are; read its messages to see what became of it."""

    def begin() -> dict[str, Any]:
        made = get_object_or_404(Webhook, pk=pk)
        return _plain(send_test(made, who=manager_of(request), now=now()), DeliveryShown)

    return sent(request, mark, begin, status=202)


@router.get("/{pk}/deliveries", response=Page[DeliveryShown], summary="Read its messages, the newest first")
def read_deliveries(request: Asked, pk: Key, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """What became of each message of the last 30 days. Only with a key that a manager made."""
    manager_of(request)
    rows = Delivery.objects.filter(webhook=get_object_or_404(Webhook, pk=pk))
    found, following = paged(rows, cursor=cursor, limit=limit)
    return {"items": [_shown(row, DeliveryShown) for row in found], "next": following}


def _shown(row: Any, shape: type[Schema]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shape.model_fields}


def _plain(made: Any, shape: type[Schema]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in _shown(made, shape).items()
    }
