"""The link that signs a person in once."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from forvent_server.actions.links import use_link
from forvent_server.web.pages import draw, now


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What is said of a link that opens nothing; there is nothing else to show."""


def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by the link, and go to the first page."""
    if request.method != "GET":
        # A look ahead by HEAD must not use it up.
        return HttpResponseNotAllowed(["GET"])
    led = use_link(request, token, now=now())
    if led == "nothing":
        return draw(request, "pages/link.html", LinkPage(), status=404)
    return HttpResponseRedirect("/sign-in/code/" if led == "code" else "/")
