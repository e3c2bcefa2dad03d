"""The doors: first run, sign in by password and code, sign out, join, a new password by a link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from forvent.errors import BadOption
from forvent_server.actions.attempts import WITHIN, too_often
from forvent_server.actions.doors import awaited, sign_in, sign_in_by_code, sign_out
from forvent_server.actions.passwords import reset_password
from forvent_server.actions.people import NotAllowed, hashed, join, open_workspace
from forvent_server.actions.sessions import begin
from forvent_server.store.models import Business, Invitation, Person, ResetLink
from forvent_server.web.pages import Asked, answers, draw, now, page
from forvent_server.web.told import told


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What the page to sign in shows."""

    email: str = ""
    next: str = "/"
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class CodePage:
    """What the page for the code of the second factor shows."""

    next: str = "/"
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ResetPage:
    """What somebody sees who was sent a link to set a new password."""

    over: bool
    name: str = ""
    email: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class StartPage:
    """What the first page of a new workspace shows."""

    business_name: str = ""
    name: str = ""
    email: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class JoinPage:
    """What an invited person sees."""

    over: bool
    business_name: str = ""
    role: str = "reader"
    email: str = ""
    name: str = ""
    wrong: str = ""


@answers("GET", "POST")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Sign in; the first run is led to the start instead."""
    if not Person.objects.exists():
        return HttpResponseRedirect("/start/")
    if request.method != "POST":
        shown = SignInPage(next=_inside(request, request.GET.get("next", "/")))
        return draw(request, "pages/sign_in.html", shown)
    email, onward = request.POST.get("email", ""), _inside(request, request.POST.get("next", "/"))
    place = _place(request)
    if too_often(email, place=place, now=now()):
        return draw(request, "pages/sign_in.html", SignInPage(email, onward, _wait(request)), status=429)
    password = request.POST.get("password", "")
    signed_in = sign_in(request, email=email, password=password, place=place, now=now())
    if signed_in == "wrong":
        wrong = _say(request, "sign_in.wrong")
        return draw(request, "pages/sign_in.html", SignInPage(email, onward, wrong), status=400)
    if signed_in == "code":
        return HttpResponseRedirect(f"/sign-in/code/?{urlencode({'next': onward})}")
    return HttpResponseRedirect(onward)


@answers("GET", "POST")
def code_page(request: HttpRequest) -> HttpResponse:
    """The code of the second factor, after the right password."""
    person = awaited(request, now=now())
    if person is None:
        return HttpResponseRedirect("/sign-in/")
    if request.method != "POST":
        return draw(request, "pages/code.html", CodePage(_inside(request, request.GET.get("next", "/"))))
    onward, place = _inside(request, request.POST.get("next", "/")), _place(request)
    if too_often(person.email, place=place, now=now()):
        return draw(request, "pages/code.html", CodePage(onward, _wait(request)), status=429)
    code = request.POST.get("code", "")
    if not sign_in_by_code(request, person=person, code=code, place=place, now=now()):
        return draw(request, "pages/code.html", CodePage(onward, _say(request, "second.wrong")), status=400)
    return HttpResponseRedirect(onward)


@answers("GET", "POST")
def start_page(request: HttpRequest) -> HttpResponse:
    """The first run: the business and its owner."""
    if Person.objects.exists():
        return HttpResponseRedirect("/sign-in/")
    if request.method != "POST":
        return draw(request, "pages/start.html", StartPage())
    given = {name: request.POST.get(name, "").strip() for name in ("business", "name", "email")}
    try:
        person = open_workspace(
            business=given["business"],
            name=given["name"],
            email=given["email"],
            password=request.POST.get("password", ""),
            language=request.words.language,  # type: ignore[attr-defined]
            now=now(),
        )
    except BadOption as error:
        shown = StartPage(given["business"], given["name"], given["email"], told(request, error))
        return draw(request, "pages/start.html", shown, status=400)
    begin(request, person=person, now=now())
    return HttpResponseRedirect("/")


@answers("GET", "POST")
def join_page(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person joins."""
    made = Invitation.objects.filter(token_hash=hashed(token), accepted_at=None, ends_at__gte=now()).first()
    business = Business.objects.filter(pk=1).first()
    if made is None or business is None:
        return draw(request, "pages/join.html", JoinPage(over=True), status=404)
    if request.method != "POST":
        return draw(request, "pages/join.html", JoinPage(False, business.name, made.role, made.email))
    name = request.POST.get("name", "")
    try:
        person = join(
            token,
            name=name,
            password=request.POST.get("password", ""),
            language=request.words.language,  # type: ignore[attr-defined]
            now=now(),
        )
    except NotAllowed:
        return draw(request, "pages/join.html", JoinPage(over=True), status=404)
    except BadOption as error:
        shown = JoinPage(False, business.name, made.role, made.email, name, told(request, error))
        return draw(request, "pages/join.html", shown, status=400)
    begin(request, person=person, now=now())
    return HttpResponseRedirect("/")


@answers("GET", "POST")
def reset_page(request: HttpRequest, token: str) -> HttpResponse:
    """A new password, by the link that an owner made."""
    made = ResetLink.objects.open(now()).filter(token_hash=hashed(token)).first()
    if made is None:
        return draw(request, "pages/reset.html", ResetPage(over=True), status=404)
    shown = ResetPage(False, made.person.name, made.person.email)
    if request.method != "POST":
        return draw(request, "pages/reset.html", shown)
    try:
        reset_password(token, password=request.POST.get("password", ""), now=now())
    except NotAllowed:
        return draw(request, "pages/reset.html", ResetPage(over=True), status=404)
    except BadOption as error:
        return draw(request, "pages/reset.html", replace(shown, wrong=told(request, error)), status=400)
    return HttpResponseRedirect("/sign-in/")


@page(methods=("POST",))
def sign_out_page(request: Asked) -> HttpResponse:
    """Sign out."""
    sign_out(request, person=request.user, now=now())
    return HttpResponseRedirect("/sign-in/")


def _say(request: HttpRequest, key: str, **fields: object) -> str:
    return str(request.words.say(key, **fields))  # type: ignore[attr-defined]


def _wait(request: HttpRequest) -> str:
    words = request.words  # type: ignore[attr-defined]
    minutes = words.duration(WITHIN.total_seconds() / 60, unit="minute")
    return _say(request, "sign_in.too_often", minutes=minutes)


def _place(request: HttpRequest) -> str:
    """Where a request comes from: what the proxy says last, where there is one in front of the workspace."""
    passed = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return passed.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _inside(request: HttpRequest, address: str) -> str:
    """The address, where it leads nowhere else; the first page otherwise."""
    fine = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if fine and address.startswith("/") else "/"
