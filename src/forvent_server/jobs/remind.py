"""Tell of actions that became due. At least once: each is told once for each day it is due."""

from __future__ import annotations

from datetime import timedelta

from forvent_server.actions.queue import enqueue
from forvent_server.actions.webhooks import tell_due_actions
from forvent_server.jobs.work import Work
from forvent_server.store.models import Webhook

EVERY = timedelta(hours=1)


def remind(work: Work) -> None:
    """Tell, and look again in an hour."""
    if not Webhook.objects.filter(active=True).exists():
        # Nobody wants to be told; who does later puts this in again.
        return
    tell_due_actions(now=work.now())
    enqueue("remind", key="hourly", now=work.now(), due_at=work.now() + EVERY)
