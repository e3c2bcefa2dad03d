"""A person's own page: language, password, second factor, where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.sessions.models import Session
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import ForventError
from forvent.tables import LANGUAGES
from forvent_server.actions.passwords import change_password
from forvent_server.actions.people import choose_language
from forvent_server.actions.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    end_second_factor,
    new_recovery_codes,
)
from forvent_server.actions.sessions import end_other_sessions, end_session
from forvent_server.actions.totp import address
from forvent_server.store.models import SignIn
from forvent_server.web.asked import whole
from forvent_server.web.device import device
from forvent_server.web.pages import Asked, business, draw, now, page
from forvent_server.web.qr import QUIET, qr_code, svg_path
from forvent_server.web.told import told


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One place where the person is signed in."""

    pk: int
    device: str
    began_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class MePage:
    """What a person sets for themselves; ``wrong`` belongs to the form of that name."""

    languages: tuple[tuple[str, str], ...]
    chosen: str
    second: bool
    left: int
    sessions: tuple[SessionRow, ...]
    changed: bool = False
    form: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class SecondPage:
    """The second factor: off, begun (``picture`` to be read by a phone) or on; ``codes`` are shown once."""

    state: str
    left: int
    picture: str = ""
    size: int = 0
    secret: str = ""
    address: str = ""
    codes: tuple[str, ...] = ()
    form: str = ""
    wrong: str = ""


@page(methods=("GET", "POST"))
def me_page(request: Asked) -> HttpResponse:
    """The page, and the choice of a language."""
    if request.method != "POST":
        return draw(request, "pages/me.html", replace(_me(request), changed="changed" in request.GET))
    try:
        choose_language(request.user, language=request.POST.get("language", ""), now=now())
    except ForventError as error:
        return _wrong(request, "language", error)
    return HttpResponseRedirect("/me/")


@page(methods=("POST",))
def password_page(request: Asked) -> HttpResponse:
    """Another password."""
    try:
        change_password(
            request,
            person=request.user,
            password=request.POST.get("password", ""),
            new=request.POST.get("new", ""),
            now=now(),
        )
    except ForventError as error:
        return _wrong(request, "password", error)
    return HttpResponseRedirect("/me/?changed")


@page(methods=("POST",))
def sessions_page(request: Asked) -> HttpResponse:
    """One session ended, or all others."""
    if request.POST.get("action") == "others":
        end_other_sessions(request.user, but=request.session.session_key or "", now=now())
    else:
        held = get_object_or_404(SignIn, pk=whole(request.POST.get("session", "")), person=request.user)
        end_session(held, who=request.user, now=now())
    return HttpResponseRedirect("/me/")


@page(methods=("GET", "POST"))
def second_factor_page(request: Asked) -> HttpResponse:
    """The second factor: set up, confirmed, its recovery codes, given up."""
    if request.method != "POST":
        return draw(request, "pages/second.html", _second(request))
    action = request.POST.get("action", "")
    try:
        codes = _second_done(request, action)
    except ForventError as error:
        shown = replace(_second(request), form=action, wrong=told(request, error))
        return draw(request, "pages/second.html", shown, status=400)
    if codes:
        return draw(request, "pages/second.html", replace(_second(request), codes=codes))
    return HttpResponseRedirect("/me/second-factor/")


def _second_done(request: Asked, action: str) -> tuple[str, ...]:
    """What the form asks for, done; recovery codes where there are new ones."""
    person, password = request.user, request.POST.get("password", "")
    if action == "begin":
        begin_second_factor(person, password=password, now=now())
    elif action == "confirm":
        session = request.session.session_key or ""
        code = request.POST.get("code", "")
        return confirm_second_factor(person, code=code, session=session, now=now())
    elif action == "codes":
        return new_recovery_codes(person, password=password, now=now())
    elif action == "end":
        end_second_factor(person, password=password, now=now())
    return ()


def _second(request: Asked) -> SecondPage:
    person = request.user
    person.refresh_from_db()
    left = person.recovery_codes.filter(used_at=None).count()
    if person.totp_confirmed:
        return SecondPage("on", left)
    if not person.totp_secret:
        return SecondPage("off", left)
    # A name in other letters is long in an address; an app shows no more of it anyway.
    told_to_app = address(person.totp_secret, issuer=business().name[:40], account=person.email[:100])
    squares = qr_code(told_to_app)
    groups = [person.totp_secret[at : at + 4] for at in range(0, len(person.totp_secret), 4)]
    return SecondPage(
        "begun",
        left,
        picture=svg_path(squares),
        size=len(squares) + 2 * QUIET,
        secret=" ".join(groups),
        address=told_to_app,
    )


def _me(request: Asked) -> MePage:
    return MePage(
        languages=tuple((code, request.words.language_name(code)) for code in LANGUAGES),
        chosen=request.user.language or request.words.language,
        second=request.user.totp_confirmed,
        left=request.user.recovery_codes.filter(used_at=None).count(),
        sessions=_sessions(request),
    )


def _sessions(request: Asked) -> tuple[SessionRow, ...]:
    alive = Session.objects.filter(expire_date__gt=now()).values("session_key")
    held = SignIn.objects.filter(person=request.user, session_key__in=alive).order_by("-seen_at", "-pk")
    return tuple(
        SessionRow(
            one.pk,
            device(one.agent),
            one.began_at,
            one.seen_at,
            one.session_key == request.session.session_key,
        )
        for one in held
    )


def _wrong(request: Asked, form: str, error: ForventError) -> HttpResponse:
    shown = replace(_me(request), form=form, wrong=told(request, error))
    return draw(request, "pages/me.html", shown, status=400)
