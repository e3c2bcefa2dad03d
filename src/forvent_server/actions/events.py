"""Write into the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from forvent_server.store.models import Event, Person


def record(
    what: str, *, who: Person | None, now: datetime, about: models.Model | None = None, **details: Any
) -> Event:
    """Say in the audit that something was done; called inside the transaction that does it."""
    return Event.objects.create(
        at=now,
        who=who,
        who_name=who.name if who else "",
        what=what,
        about=f"{about._meta.model_name}:{about.pk}" if about is not None else "",
        details=details,
    )
