"""Webhooks: which programs are told of what, what became of the messages, and the forms to change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import ForventError
from forvent.report.wording import Wording
from forvent_server.actions import webhooks as acting
from forvent_server.store.models import Delivery, Webhook
from forvent_server.web.asked import whole
from forvent_server.web.pages import Asked, business, draw, now, page
from forvent_server.web.told import told
from forvent_server.web.troubles import recognised

#: Messages on one page.
SHOWN = 50
#: A message that is due so soon is waited for by the page.
SOON = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Message:
    """A message and what became of it: ``state`` is sent, sending, again, held or given_up."""

    event: str
    at: datetime
    state: str
    attempts: int
    status: int | None
    trouble: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A webhook and how it is: ``state`` is new, well, trouble, paused, or stopped by its trouble."""

    webhook: Webhook
    state: str
    trouble: str
    hint: str
    last: Message | None


@dataclass(frozen=True, slots=True)
class WebhooksPage:
    """All webhooks, and the form to add one with what was written into it."""

    webhooks: tuple[Told, ...]
    events: tuple[str, ...]
    address: str = ""
    chosen: tuple[str, ...] = ()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class WebhookPage:
    """One webhook with its messages; ``secret`` is shown once, ``soon`` whether one is on its way."""

    told: Told
    events: tuple[str, ...]
    messages: tuple[Message, ...]
    soon: bool
    older: str
    address: str
    chosen: tuple[str, ...]
    secret: str
    wrong: str


@page(role="manager", methods=("GET", "POST"))
def webhooks_page(request: Asked) -> HttpResponse:
    """Who is told of what, and the form to tell one more."""
    if request.method != "POST":
        return _all(request)
    address, events = request.POST.get("address", "").strip(), request.POST.getlist("events")
    try:
        made = acting.make_webhook(address=address, events=events, who=request.user, now=now())
    except ForventError as error:
        return _all(request, address=address, chosen=tuple(events), wrong=told(request, error))
    return _one(request, made, secret=made.secret)


@page(role="manager", methods=("GET", "POST"))
def webhook_page(request: Asked, pk: int) -> HttpResponse:
    """One webhook: how it is, its messages, and what can be done with it."""
    made = get_object_or_404(Webhook, pk=pk)
    if request.method != "POST":
        return _one(request, made)
    try:
        return _done(request, made, action=request.POST.get("action", "save"))
    except ForventError as error:
        # What was tried may stand on the row that was not saved.
        return _one(request, get_object_or_404(Webhook, pk=pk), wrong=told(request, error))


def _done(request: Asked, made: Webhook, *, action: str) -> HttpResponse:
    who, moment = request.user, now()
    if action == "renew":
        return _one(request, made, secret=acting.renew_webhook_secret(made, who=who, now=moment))
    if action == "drop":
        acting.drop_webhook(made, who=who, now=moment)
        return HttpResponseRedirect("/webhooks/")
    if action == "test":
        acting.send_test(made, who=who, now=moment)
    elif action in ("pause", "resume"):
        acting.change_webhook(made, active=action == "resume", who=who, now=moment)
    elif action == "save":
        address, events = request.POST.get("address", "").strip(), request.POST.getlist("events")
        acting.change_webhook(made, address=address, events=events, who=who, now=moment)
    else:
        raise Http404
    return HttpResponseRedirect(f"/webhooks/{made.pk}/")


def _all(request: Asked, *, address: str = "", chosen: tuple[str, ...] = (), wrong: str = "") -> HttpResponse:
    shown = WebhooksPage(
        webhooks=tuple(_told(one, request) for one in Webhook.objects.all()),
        events=acting.EVENTS,
        address=address,
        chosen=chosen,
        wrong=wrong,
    )
    return draw(request, "pages/webhooks.html", shown, status=400 if wrong else 200)


def _one(request: Asked, made: Webhook, *, secret: str = "", wrong: str = "") -> HttpResponse:
    rows = Delivery.objects.filter(webhook=made)
    before = whole(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: SHOWN + 1])
    messages = _messages(found[:SHOWN], made, words=request.words)
    kept = request.POST if wrong and request.POST.get("action", "save") == "save" else None
    shown = WebhookPage(
        told=_told(made, request),
        events=acting.EVENTS,
        messages=messages,
        soon=any(one.next_at is not None and one.next_at < now() + SOON for one in messages),
        older=f"?before={found[SHOWN - 1].pk}" if len(found) > SHOWN else "",
        address=kept.get("address", "") if kept else made.address,
        chosen=tuple(kept.getlist("events") if kept else made.events),
        secret=secret,
        wrong=wrong,
    )
    return draw(request, "pages/webhook.html", shown, status=400 if wrong else 200)


def _told(made: Webhook, request: Asked) -> Told:
    state = "well" if made.delivered_at else "new"
    if not made.active:
        # Who pauses it wipes its trouble off: what stands there stopped it.
        state = "stopped" if made.trouble else "paused"
    elif made.trouble:
        state = "trouble"
    said, hint = _said(made.trouble, words=request.words)
    last = _messages(Delivery.objects.filter(webhook=made)[:1], made, words=request.words)
    return Told(made, state, said, hint, last[0] if last else None)


def _messages(found: Iterable[Delivery], made: Webhook, *, words: Wording) -> tuple[Message, ...]:
    found = list(found)
    following = acting.next_attempts(found) if made.active else {}
    zone = ZoneInfo(business().time_zone)
    return tuple(
        Message(
            event=words.looked_up("webhook_events", one.event),
            at=one.made_at.astimezone(zone),
            state=_state(one, active=made.active),
            attempts=one.attempts,
            status=one.status,
            trouble=_said(one.trouble, words=words)[0],
            next_at=following[one.pk].astimezone(zone) if one.pk in following else None,
        )
        for one in found
    )


def _state(made: Delivery, *, active: bool) -> str:
    if made.state != acting.WAITING:
        return made.state
    if not active:
        return "held"
    return "again" if made.attempts else "sending"


def _said(trouble: str, *, words: Wording) -> tuple[str, str]:
    """What went wrong, and what to do where something can be done, in the reader's language."""
    key, fields = recognised(trouble, table="delivery_troubles")
    if not key:
        return trouble, ""
    kind = "elsewhere" if key == "status" and fields["status"].startswith("3") else key
    hint = str(words.texts["delivery_hints"].get(kind, ""))
    return words.say(f"delivery_troubles.{key}", **fields), hint
