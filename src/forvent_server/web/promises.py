"""Promises: the record, what it supports, and what may be said."""

from __future__ import annotations

from django.http import HttpResponse

from forvent_server.web.pages import Asked, page
from forvent_server.web.sections import sections_page


@page()
def promises_page(request: Asked) -> HttpResponse:
    """Kept rates, the frontier, and the levels that customers have in mind."""
    return sections_page(request, "promise", "levels", "chain", title=request.words.say("frame.promises"))
