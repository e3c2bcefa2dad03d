"""People: who may do what, invitations, keys of programs, the audit."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import ForventError
from forvent_server.actions.people import change_role, end_key, invite, let_go, make_key
from forvent_server.store.models import ApiKey, Event, Invitation, Person
from forvent_server.store.models.people import ROLES, SCOPES
from forvent_server.web.pages import Asked, draw, now, page

#: Rows of the audit on one page.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """All people and open invitations; ``link`` is shown once."""

    people: tuple[Person, ...]
    invitations: tuple[Invitation, ...]
    roles: tuple[str, ...]
    link: str = ""
    email: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class KeysPage:
    """All keys; ``secret`` is shown once."""

    keys: tuple[ApiKey, ...]
    scopes: tuple[str, ...]
    secret: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What was done, the newest first; ``older`` leads on."""

    events: tuple[Event, ...]
    kinds: tuple[str, ...]
    what: str
    older: str


@page(role="manager", methods=("GET", "POST"))
def people_page(request: Asked) -> HttpResponse:
    """People, and the form to invite one more."""
    if request.method != "POST":
        return _people(request)
    email = request.POST.get("email", "")
    try:
        _, token = invite(email=email, role=_role(request), who=request.user, now=now())
    except ForventError as error:
        return _people(request, wrong=str(error), email=email)
    return _people(request, link=request.build_absolute_uri(f"/join/{token}/"))


@page(role="owner", methods=("POST",))
def person_page(request: Asked, pk: int) -> HttpResponse:
    """Another role for a person, or none."""
    person = get_object_or_404(Person, pk=pk)
    try:
        if request.POST.get("action") == "let go":
            let_go(person, who=request.user, now=now())
        else:
            change_role(person, role=_role(request), who=request.user, now=now())
    except ForventError as error:
        return _people(request, wrong=str(error))
    return HttpResponseRedirect("/people/")


@page(role="manager", methods=("GET", "POST"))
def keys_page(request: Asked) -> HttpResponse:
    """Keys of programs."""
    if request.method != "POST":
        return _keys(request)
    if request.POST.get("action") == "end":
        key = get_object_or_404(ApiKey, pk=request.POST.get("key") or 0, ended_at=None)
        end_key(key, who=request.user, now=now())
        return HttpResponseRedirect("/keys/")
    try:
        _, secret = make_key(
            name=request.POST.get("name", ""),
            scopes=request.POST.getlist("scopes"),
            who=request.user,
            now=now(),
        )
    except ForventError as error:
        return _keys(request, wrong=str(error))
    return _keys(request, secret=secret)


@page(role="manager")
def audit_page(request: Asked) -> HttpResponse:
    """Who did what, when."""
    what = request.GET.get("what", "")[:64]
    found = Event.objects.order_by("-pk")
    if what:
        found = found.filter(what=what)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: SHOWN + 1])
    older = f"?what={what}&before={rows[SHOWN - 1].pk}" if len(rows) > SHOWN else ""
    kinds = Event.objects.order_by("what").values_list("what", flat=True).distinct()
    return draw(request, "pages/audit.html", AuditPage(tuple(rows[:SHOWN]), tuple(kinds), what, older))


def _role(request: Asked) -> str:
    role = request.POST.get("role", "")
    return role if role in ROLES else "reader"


def _people(request: Asked, *, link: str = "", wrong: str = "", email: str = "") -> HttpResponse:
    shown = PeoplePage(
        people=tuple(Person.objects.filter(is_active=True)),
        invitations=tuple(Invitation.objects.filter(accepted_at=None, ends_at__gte=now()).order_by("email")),
        roles=tuple(role for role in ROLES if request.user.may(role)),
        link=link,
        email=email,
        wrong=wrong,
    )
    return draw(request, "pages/people.html", shown, status=400 if wrong else 200)


def _keys(request: Asked, *, secret: str = "", wrong: str = "") -> HttpResponse:
    keys = tuple(ApiKey.objects.filter(ended_at=None).order_by("name"))
    return draw(
        request, "pages/keys.html", KeysPage(keys, SCOPES, secret, wrong), status=400 if wrong else 200
    )
