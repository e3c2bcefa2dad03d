"""Which assessment a page shows: the last one, or an earlier one that explains yesterday's number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from forvent_server.assessed import newest_assessment
from forvent_server.store.models import Assessment
from forvent_server.web.asked import whole
from forvent_server.web.pages import Asked

#: Earlier assessments that a page leads to.
MOST = 12


@dataclass(frozen=True, slots=True)
class Then:
    """The assessment that is shown where it is not the last one, and those before it."""

    past: Assessment | None
    earlier: tuple[tuple[int, datetime], ...]


def asked_assessment(request: Asked) -> Assessment | None:
    """The assessment whose number stands in the address, else the last one; None before the first."""
    asked = request.GET.get("at", "")
    if not asked:
        return newest_assessment()
    found = Assessment.objects.defer("findings", "market").filter(pk=whole(asked) or 0).first()
    if found is None:
        raise Http404
    return found


def then_of(made: Assessment | None) -> Then:
    """How the page tells of what was found before."""
    if made is None:
        return Then(None, ())
    before = Assessment.objects.filter(made_at__lt=made.made_at).order_by("-made_at", "-pk")
    earlier = tuple(before.values_list("pk", "made_at")[:MOST])
    newest = newest_assessment()
    return Then(made if newest is None or newest.pk != made.pk else None, earlier)
