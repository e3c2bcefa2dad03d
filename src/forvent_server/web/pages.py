"""What every page is made with: who may see it, which methods it answers, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from forvent.report.wording import LOCALES, Wording
from forvent_server.store.models import Business, Person
from forvent_server.web.assets import SCRIPT, STYLE
from forvent_server.web.intent import intent_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Asked(HttpRequest):
    """A request of somebody who is signed in, with the words of the page's language."""

    user: Person
    words: Wording


View = TypeVar("View", bound=Callable[..., HttpResponse])


def page(*, role: str = "reader", methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """A page for people of a role: others find nothing there, who is not signed in is sent to do so."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return HttpResponseRedirect(
                    f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
                )
            if not request.user.may(role):
                raise Http404
            if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                return HttpResponseNotAllowed(methods)
            return view(request, *given, **named)

        answer.role, answer.methods = role, methods  # type: ignore[attr-defined]
        return answer  # type: ignore[return-value]

    return decorate


def answers(*methods: str) -> Callable[[View], View]:
    """A page for everybody, signed in or not, that answers these methods."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
            if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                return HttpResponseNotAllowed(methods)
            return view(request, *given, **named)

        answer.role, answer.methods = "", methods  # type: ignore[attr-defined]
        return answer  # type: ignore[return-value]

    return decorate


def draw(request: HttpRequest, template: str, shown: DataclassInstance, *, status: int = 200) -> HttpResponse:
    """The page that a template makes of one record: the fields of the record are all it sees of the data."""
    context = {part.name: getattr(shown, part.name) for part in fields(shown)}
    return HttpResponse(render_to_string(template, frame(request) | context), status=status)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame around every page needs."""
    wording: Wording = request.words  # type: ignore[attr-defined]
    person = request.user if request.user.is_authenticated else None
    business_here = Business.objects.filter(pk=1).first() if person else None
    return {
        "t": wording.say,
        "w": wording,
        "lang": LOCALES.get(wording.language, wording.language).removesuffix("_CN").replace("_", "-"),
        "direction": wording.locale.text_direction,
        "person": person,
        "business": business_here,
        "intent": intent_of(business_here, path=request.path, language=wording.language),
        "csrf": get_token(request),
        "here": request.path,
        "style": STYLE.address,
        "script": SCRIPT.address,
    }


def now() -> datetime:
    """The moment a request is answered; the one clock of the pages."""
    return datetime.now(UTC)


def business() -> Business:
    """The business of this workspace; pages exist only once there is one."""
    return Business.objects.get(pk=1)
