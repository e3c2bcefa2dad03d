"""Send a message to who wants to be told. At least once: its id makes the receiver drop the second."""

from __future__ import annotations

from django.conf import settings

from forvent_server.actions.webhooks import WAITING, note_arrived, note_failed
from forvent_server.jobs.work import Work
from forvent_server.sources.contract import Trouble
from forvent_server.sources.outside import Limits, Request, fetch
from forvent_server.sources.signed import headers_of
from forvent_server.store.models import Delivery
from forvent_server.store.sealing import SealedAway

#: A receiver that takes longer, or says more, is not waited for; it leads nowhere else.
LIMITS = Limits(seconds=15.0, size=1024 * 1024, redirects=0)
#: What a receiver answers that is there no more.
GONE = 410


def deliver(work: Work) -> None:
    """Send one message, and keep whether it arrived."""
    made = Delivery.objects.select_related("webhook").filter(pk=work.job.arguments["delivery_id"]).first()
    if made is None or made.state != WAITING or not made.webhook.active:
        return
    body = made.body.encode("utf-8")
    try:
        headers = headers_of(body, id=made.uid, now=work.now(), secret=made.webhook.secret)
    except SealedAway as error:
        note_failed(made, trouble=str(error), status=None, gone=True, now=work.now())
        return
    request = Request(
        made.webhook.address,
        method="POST",
        headers={**headers, "Content-Type": "application/json"},
        body=body,
    )
    try:
        answer = fetch(request, inside=settings.FORVENT["FORVENT_WEBHOOKS_INSIDE"], limits=LIMITS)
    except Trouble as trouble:
        note_failed(made, trouble=trouble.message, status=None, gone=False, now=work.now())
        return
    if 200 <= answer.status < 300:
        note_arrived(made, status=answer.status, now=work.now())
        return
    told = f"The receiver answered {answer.status}."
    note_failed(made, trouble=told, status=answer.status, gone=answer.status == GONE, now=work.now())
