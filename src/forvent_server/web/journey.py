"""The journey map: at every step what is expected, what is got, the gap."""

from __future__ import annotations

from django.http import HttpResponse

from forvent_server.web.pages import Asked, page
from forvent_server.web.sections import sections_page


@page()
def journey_page(request: Asked) -> HttpResponse:
    """Seven stages, the worst, best and last of them marked."""
    return sections_page(request, "journey", title=request.words.say("frame.journey"))


@page()
def changes_page(request: Asked) -> HttpResponse:
    """What moved over the months, and what the watch noticed."""
    return sections_page(request, "change", title=request.words.say("today.changed"))
