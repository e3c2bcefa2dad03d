"""Pages for what went wrong: nothing here, not allowed, a form too old, not understood, a bug of ours."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from forvent_server.web.language import words
from forvent_server.web.pages import draw

log = logging.getLogger(__name__)
#: What is shown where not even the frame can be drawn.
BARE = "<!doctype html><meta charset='utf-8'><title>{title}</title><h1>{title}</h1><p>{text}</p>"


@dataclass(frozen=True, slots=True)
class NothingPage:
    """What happened, what to do, and where a button leads."""

    title: str
    text: str
    address: str = "/"
    leads: str = "frame.home"


def not_found(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """There is no such page, or not for this role."""
    if getattr(request, "user", AnonymousUser()).is_authenticated:
        return _told(request, "not_found", status=404)
    # Whoever is not signed in has no role: a page that is there leads to the door.
    return _told(
        request,
        "not_found",
        text="frame.not_found_outside",
        status=404,
        address=str(settings.LOGIN_URL),
        leads="sign_in.button",
    )


def not_allowed(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """The page is not for this person."""
    return _told(request, "not_allowed", status=403)


def stale_form(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """The form does not carry the mark of this session: too old, or sent from elsewhere."""
    return _told(request, "stale", status=403, address=_came_from(request), leads="frame.back")


def not_understood(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """The request breaks a rule of its own kind: another host, a session that ended, too many fields."""
    return _told(request, "not_understood", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """A bug of ours: it stands in the log, and nothing of it on the page."""
    try:
        return _told(request, "broken", status=500)
    except Exception:
        # What broke may be in the frame too, or the database away: then the bare words, and a second entry.
        log.exception("the page for errors broke")
        say = words(str(settings.LANGUAGE_CODE)).say
        told = BARE.format(title=say("frame.broken"), text=say("frame.broken_text"))
        return HttpResponse(told, status=500)


def _came_from(request: HttpRequest) -> str:
    """The page of ours that a form was sent from, else the first one."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(referrer)
    way = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return way if way.startswith("/") and not way.startswith("//") else "/"


def _told(request: HttpRequest, what: str, *, status: int, text: str = "", **leads: str) -> HttpResponse:
    # What broke may lie before those who put person and words on the request.
    if not hasattr(request, "words"):
        request.words = words(str(settings.LANGUAGE_CODE))  # type: ignore[attr-defined]
    if not hasattr(request, "user"):
        request.user = AnonymousUser()
    say = request.words.say  # type: ignore[attr-defined]
    shown = NothingPage(title=say(f"frame.{what}"), text=say(text or f"frame.{what}_text"), **leads)
    return draw(request, "pages/nothing.html", shown, status=status)
