"""Everything that is known of one customer, to be handed out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.store.models import (
    Correction,
    Customer,
    CustomerKey,
    Episode,
    Event,
    Mention,
    Person,
    Promise,
    Voice,
)
from forvent_server.store.same import whole_customer

#: Columns that say how the store is made and nothing of the customer.
OURS = {"id", "content", "imported_by", "merged_into", "voice", "episode", "by", "row", "text_hash"}


@transaction.atomic
def export_customer(customer: Customer, *, who: Person, now: datetime) -> bytes:
    """A zip of JSON files: the customer, voices with mentions, episodes with promises, corrections, events.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    """
    if not who.may("manager"):
        raise NotAllowed(f"{who.name} may not hand out a customer's data.", hint="Ask a manager.")
    record("export customer", who=who, now=now, about=customer)
    whole = whole_customer(customer)
    ids = [one.pk for one in whole]
    voices = list(Voice.objects.filter(customer__in=ids).order_by("pk"))
    files = {
        "customer.json": {
            "format": "forvent/customer/1",
            "made_at": now,
            "customers": [_plain(one) for one in whole],
            "keys": [_plain(one) for one in CustomerKey.objects.filter(customer__in=ids).order_by("pk")],
        },
        "voices.json": _with(voices, Mention.objects.filter(voice__in=voices).order_by("pk"), "voice"),
        "episodes.json": _with(
            Episode.objects.filter(customer__in=ids).order_by("start", "pk"),
            Promise.objects.filter(episode__customer__in=ids).order_by("number"),
            "episode",
        ),
        "corrections.json": [
            _plain(one) for one in Correction.objects.filter(voice_key__in=[one.key for one in voices])
        ],
        "events.json": [
            {"at": event.at, "what": event.what, "details": event.details}
            for event in Event.objects.filter(about__in=[f"customer:{pk}" for pk in ids]).order_by("pk")
        ],
    }
    return _zipped(files)


def _plain(row: models.Model) -> dict[str, Any]:
    names = [field for field in row._meta.concrete_fields if field.name not in OURS]
    return {field.name: getattr(row, field.attname) for field in names}


def _with(rows: Iterable[models.Model], parts: Iterable[models.Model], owner: str) -> list[dict[str, Any]]:
    """Rows, each with its parts: mentions of a voice, promises of an episode."""
    found: dict[int, list[dict[str, Any]]] = {}
    for part in parts:
        found.setdefault(getattr(part, f"{owner}_id"), []).append(_plain(part))
    name = "mentions" if owner == "voice" else "promises"
    return [_plain(row) | {name: found.get(int(row.pk), [])} for row in rows]


def _zipped(files: dict[str, Any]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression=zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    return kept.getvalue()
