"""The doors: first run, sign in, sign out, join."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from forvent.errors import BadOption
from forvent_server.actions.doors import begin, sign_in, sign_out, too_often
from forvent_server.actions.people import NotAllowed, hashed, join, open_workspace
from forvent_server.store.models import Business, Invitation, Person
from forvent_server.web.pages import Asked, draw, now, page


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What the page to sign in shows."""

    email: str = ""
    next: str = "/"
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


def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Sign in; the first run is led to the start instead."""
    if not Person.objects.exists():
        return HttpResponseRedirect("/start/")
    shown = SignInPage(next=_inside(request, request.GET.get("next", "/")))
    if request.method != "POST":
        return draw(request, "pages/sign_in.html", shown)
    words = request.words  # type: ignore[attr-defined]
    email, onward = request.POST.get("email", ""), _inside(request, request.POST.get("next", "/"))
    place = request.META.get("REMOTE_ADDR", "")
    if too_often(email, place=place, now=now()):
        wrong = words.say("sign_in.too_often", minutes=words.duration(15, unit="minute"))
        return draw(request, "pages/sign_in.html", SignInPage(email, onward, wrong), status=429)
    person = sign_in(request, email=email, password=request.POST.get("password", ""), place=place, now=now())
    if person is None:
        wrong = words.say("sign_in.wrong")
        return draw(request, "pages/sign_in.html", SignInPage(email, onward, wrong), status=400)
    return HttpResponseRedirect(onward)


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
        shown = StartPage(given["business"], given["name"], given["email"], str(error))
        return draw(request, "pages/start.html", shown, status=400)
    begin(request, person=person, now=now())
    return HttpResponseRedirect("/")


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
        shown = JoinPage(False, business.name, made.role, made.email, name, str(error))
        return draw(request, "pages/join.html", shown, status=400)
    begin(request, person=person, now=now())
    return HttpResponseRedirect("/")


@page(methods=("POST",))
def sign_out_page(request: Asked) -> HttpResponse:
    """Sign out."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    sign_out(request, person=request.user, now=now())
    return HttpResponseRedirect("/sign-in/")


def _inside(request: HttpRequest, address: str) -> str:
    """The address, where it leads nowhere else; the first page otherwise."""
    fine = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if fine and address.startswith("/") else "/"
