"""Privacy: how long each kind of data is kept, and what was erased."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect

from forvent.errors import BadOption, ForventError
from forvent_server.actions.retention import KINDS, LONGEST, change_masking, change_retention, kept_days
from forvent_server.store.models import Event, Voice
from forvent_server.web.pages import Asked, business, draw, now, page
from forvent_server.web.told import told

#: Entries of the audit shown.
SHOWN = 20
WHAT = (
    "erase customer",
    "export customer",
    "change retention",
    "change masking",
    "forget words",
    "forget uploads",
    "forget events",
)


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """Time limits, and what went because of them or because somebody asked."""

    days: tuple[tuple[str, int | None], ...]
    longest: int
    mask: bool
    erased: int
    events: tuple[Event, ...]
    wrong: str = ""


@page(role="manager", methods=("GET", "POST"))
def privacy_page(request: Asked) -> HttpResponse:
    """The limits; owners change them."""
    if request.method != "POST":
        return _shown(request)
    try:
        days = {kind: _days(request.POST.get(kind, "")) for kind in KINDS}
        with transaction.atomic():
            change_retention(days, who=request.user, now=now())
            change_masking(request.POST.get("mask") == "on", who=request.user, now=now())
    except ForventError as error:
        return _shown(request, wrong=told(request, error))
    return HttpResponseRedirect("/settings/privacy/")


def _days(text: str) -> int | None:
    """The number that was written; nothing means without end."""
    written = text.strip()
    if not written:
        return None
    if not written.isdecimal() or len(written) > 9:
        raise BadOption(f"'{written[:20]}' is no number of days.", hint="Write a whole number, or nothing.")
    return int(written)


def _shown(request: Asked, *, wrong: str = "") -> HttpResponse:
    shown = PrivacyPage(
        days=tuple(kept_days(business()).items()),
        longest=LONGEST,
        mask=business().mask,
        erased=Voice.objects.exclude(erased_at=None).count(),
        events=tuple(Event.objects.filter(what__in=WHAT).order_by("-pk")[:SHOWN]),
        wrong=wrong,
    )
    return draw(request, "pages/privacy.html", shown, status=400 if wrong else 200)
