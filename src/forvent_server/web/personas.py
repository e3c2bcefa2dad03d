"""Who expects what: groups of customers, the segments that the business names, and who comes back."""

from __future__ import annotations

from django.http import HttpResponse

from forvent_server.web.pages import Asked, page
from forvent_server.web.sections import sections_page


@page()
def personas_page(request: Asked) -> HttpResponse:
    """Groups by what they expect, by the columns that were chosen, and what is at stake with them."""
    return sections_page(request, "personas", "loyalty", title=request.words.say("frame.personas"))
