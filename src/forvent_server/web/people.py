"""People: who may do what, invitations, links for a new password, keys of programs."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import ForventError
from forvent_server.actions.passwords import make_reset
from forvent_server.actions.people import (
    change_role,
    end_key,
    invite,
    let_go,
    make_key,
    take_back_invitation,
)
from forvent_server.actions.second_factor import take_second_factor
from forvent_server.store.models import ApiKey, Invitation, Person
from forvent_server.store.models.people import ROLES, SCOPES
from forvent_server.web.asked import whole
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.told import told


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """All people and open invitations; ``link`` and ``reset_link`` are shown once."""

    people: tuple[Person, ...]
    invitations: tuple[Invitation, ...]
    roles: tuple[str, ...]
    link: str = ""
    email: str = ""
    reset_link: str = ""
    reset_name: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class KeysPage:
    """All keys; ``secret`` is shown once."""

    keys: tuple[ApiKey, ...]
    scopes: tuple[str, ...]
    secret: str = ""
    wrong: str = ""


@page(role="manager", methods=("GET", "POST"))
def people_page(request: Asked) -> HttpResponse:
    """People, and the form to invite one more."""
    if request.method != "POST":
        return _people(request)
    email = request.POST.get("email", "")
    try:
        _, token = invite(email=email, role=_role(request), who=request.user, now=now())
    except ForventError as error:
        return _people(request, wrong=told(request, error), email=email)
    return _people(request, link=request.build_absolute_uri(f"/join/{token}/"))


@page(role="owner", methods=("POST",))
def person_page(request: Asked, pk: int) -> HttpResponse:
    """Another role for a person, or none; a link for a new password; no second factor any more."""
    person = get_object_or_404(Person, pk=pk, is_active=True)
    action = request.POST.get("action", "role")
    try:
        if action == "let go":
            let_go(person, who=request.user, now=now())
        elif action == "second":
            take_second_factor(person, who=request.user, now=now())
        elif action == "reset":
            _, token = make_reset(person, who=request.user, now=now())
            link = request.build_absolute_uri(f"/reset/{token}/")
            return _people(request, reset_link=link, reset_name=person.name)
        else:
            change_role(person, role=_role(request), who=request.user, now=now())
    except ForventError as error:
        return _people(request, wrong=told(request, error))
    return HttpResponseRedirect("/people/")


@page(role="manager", methods=("POST",))
def invitation_page(request: Asked, pk: int) -> HttpResponse:
    """An invitation taken back."""
    made = get_object_or_404(Invitation, pk=pk, accepted_at=None)
    try:
        take_back_invitation(made, who=request.user, now=now())
    except ForventError as error:
        return _people(request, wrong=told(request, error))
    return HttpResponseRedirect("/people/")


@page(role="manager", methods=("GET", "POST"))
def keys_page(request: Asked) -> HttpResponse:
    """Keys of programs."""
    if request.method != "POST":
        return _keys(request)
    if request.POST.get("action") == "end":
        key = get_object_or_404(ApiKey, pk=whole(request.POST.get("key", "")), ended_at=None)
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
        return _keys(request, wrong=told(request, error))
    return _keys(request, secret=secret)


def _role(request: Asked) -> str:
    role = request.POST.get("role", "")
    return role if role in ROLES else "reader"


def _people(request: Asked, *, wrong: str = "", **once: str) -> HttpResponse:
    shown = PeoplePage(
        people=tuple(Person.objects.filter(is_active=True)),
        invitations=tuple(Invitation.objects.filter(accepted_at=None, ends_at__gte=now()).order_by("email")),
        roles=tuple(role for role in ROLES if request.user.may(role)),
        wrong=wrong,
        **once,
    )
    return draw(request, "pages/people.html", shown, status=400 if wrong else 200)


def _keys(request: Asked, *, secret: str = "", wrong: str = "") -> HttpResponse:
    keys = tuple(ApiKey.objects.filter(ended_at=None).order_by("name"))
    return draw(
        request, "pages/keys.html", KeysPage(keys, SCOPES, secret, wrong), status=400 if wrong else 200
    )
