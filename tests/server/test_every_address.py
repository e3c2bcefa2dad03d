"""Every address × every role: who sees it, who changes it, and that no address is forgotten here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import pytest
from customer_history import history_of_jana
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from server_people import signed_in

from forvent.records import Estimate
from forvent.records.effect import Baseline
from forvent.report.versioned_json import jsonable
from forvent_server.actions.imports import upload
from forvent_server.actions.people import invite, make_key
from forvent_server.actions.webhooks import make_webhook
from forvent_server.store.models import Action, Episode, Person, Source, Voice
from forvent_server.store.models.people import ROLES

PEOPLE = (None, "reader", "agent", "manager", "owner")


class Address(NamedTuple):
    """An address as somebody types it, the least role that sees it and the least that may change something.

    Empty where nobody can: then the method is refused. ``{voice}`` stands for the number of a row; ``sent``
    is what a form sends; ``empty`` says that there is nothing to see before the first assessment.
    """

    path: str
    sees: str = "reader"
    changes: str = ""
    sent: Mapping[str, str] = {}
    empty: bool = False


ADDRESSES = {
    "today": Address("/"),
    "journey": Address("/journey/"),
    "changes": Address("/changes/"),
    "expectations": Address("/expectations/"),
    "expectation": Address("/expectations/on_time/", empty=True),
    "promises": Address("/promises/"),
    "episode": Address("/episodes/{episode}/"),
    "plan": Address("/plan/"),
    "add_action": Address("/plan/add/", sees="", changes="manager"),
    "action": Address("/plan/{action}/"),
    "change_action": Address("/plan/{action}/change/", sees="", changes="manager"),
    "close_action": Address("/plan/{action}/close/", sees="", changes="manager"),
    "market": Address("/market/"),
    "voices": Address("/voices/"),
    "voice": Address("/voices/{voice}/", changes="agent"),
    "customers": Address("/customers/", sees="agent"),
    "customer": Address("/customers/{customer}/", sees="agent", changes="agent"),
    "customer_export": Address("/customers/{customer}/export/", sees="", changes="manager"),
    "imports": Address("/imports/", sees="agent"),
    "upload": Address("/imports/upload/", sees="", changes="agent"),
    "import": Address("/imports/{import}/", sees="agent", changes="agent"),
    "sources": Address("/sources/", sees="agent"),
    "new_source": Address("/sources/new/feed/", sees="manager", changes="manager"),
    # Without an action it saves, which managers do; agents may test, look and bring.
    "source": Address("/sources/{source}/", sees="agent", changes="manager"),
    "me": Address("/me/", changes="reader"),
    "password": Address("/me/password/", sees="", changes="reader"),
    "second_factor": Address("/me/second-factor/", changes="reader"),
    "sessions": Address("/me/sessions/", sees="", changes="reader", sent={"action": "others"}),
    "sign_out": Address("/sign-out/", sees="", changes="reader"),
    "people": Address("/people/", sees="manager", changes="manager"),
    "person": Address("/people/{reader}/", sees="", changes="owner"),
    "invitation": Address("/people/invitations/{invitation}/", sees="", changes="manager"),
    "keys": Address("/keys/", sees="manager", changes="manager"),
    "webhooks": Address("/webhooks/", sees="manager", changes="manager"),
    "webhook": Address("/webhooks/{webhook}/", sees="manager", changes="manager"),
    "audit": Address("/audit/", sees="manager"),
    "connect": Address("/api/"),
    "personas": Address("/personas/"),
    "settings": Address("/settings/", sees="manager", changes="manager"),
    "touchpoints": Address("/settings/touchpoints/", sees="", changes="manager"),
    "calendar": Address("/settings/calendar/", sees="manager", changes="manager"),
    "privacy": Address("/settings/privacy/", sees="manager", changes="manager"),
}
#: Addresses for everybody, and how they answer whoever asks; a secret in the address opens them, not a role.
OPEN = {
    "sign_in": ("/sign-in/", 200),
    "code": ("/sign-in/code/", 302),
    "start": ("/start/", 302),
    "join": ("/join/nobody/", 404),
    "link": ("/link/nobody/", 404),
    "reset": ("/reset/nobody/", 404),
    "asset": ("/assets/0/style.css", 404),
}
#: What programs are told without a key: how to speak to the API.
OPEN_TO_PROGRAMS = {"api/v1/openapi.json"}
#: A page for people that stands among the addresses of programs.
TELLS_OF_PROGRAMS = "api/"
#: What stands for the parts of an address of programs.
PARTS = {"int": "1", "str": "x", "slug": "x", "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "path": "x"}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


ALL = list(patterns(get_resolver()))
PROGRAMS = sorted(
    {path for path, _ in ALL if path.startswith(("api/", "in/"))} - OPEN_TO_PROGRAMS - {TELLS_OF_PROGRAMS}
)


@pytest.fixture
def rows(owner: Person, manager: Person, agent: Person, reader: Person, now: datetime) -> dict[str, int]:
    """A row for every kind of address."""
    made, _ = invite(email="new@example.org", role="reader", who=owner, now=now)
    file = upload(name="a.csv", holds="voices", path="/gone", size=1, sha256="0" * 64, who=owner, now=now)
    customer = history_of_jana(now)
    half = Estimate(0.5, 0.4, 0.6, 100)
    known = Baseline(half, now.date(), now.date(), "share_met/1", 0.0, ())
    action = Action.objects.create(
        title="Answer sooner",
        expectation="on_time",
        baseline=jsonable(known),
        target=jsonable(half),
        made_at=now,
    )
    return {
        "reader": reader.pk,
        "invitation": made.pk,
        "import": file.pk,
        "customer": customer.pk,
        "voice": Voice.objects.latest("pk").pk,
        "source": Source.objects.create(kind="feed", name="Feed", made_at=now).pk,
        "webhook": make_webhook(
            address="https://example.org/told", events=["import.ended"], who=owner, now=now
        ).pk,
        "episode": Episode.objects.latest("pk").pk,
        "action": action.pk,
    }


def test_no_address_is_forgotten() -> None:
    pages = {
        one.name or path
        for path, one in ALL
        if path == TELLS_OF_PROGRAMS or not path.startswith(("api/", "^api/", "in/"))
    }
    missing = sorted(pages - ADDRESSES.keys() - OPEN.keys())
    gone = sorted((ADDRESSES.keys() | OPEN.keys()) - pages)
    assert not missing, f"Say in ADDRESSES of {__name__} who sees and who changes: {', '.join(missing)}"
    assert not gone, f"There is no such address any more: {', '.join(gone)}"


@pytest.mark.parametrize("name", ADDRESSES)
def test_only_who_may_sees_and_changes(
    name: str, rows: dict[str, int], request: pytest.FixtureRequest
) -> None:
    address = ADDRESSES[name]
    path = address.path.format_map(rows)
    for role in PEOPLE:
        client = signed_in(request.getfixturevalue(role) if role else None)
        # Reading first: changing may end the session.
        fits(role, address, client.get(path), least=address.sees)
        fits(role, address, client.post(path, address.sent), least=address.changes)


def fits(role: str | None, address: Address, answer: Any, *, least: str) -> None:
    """Make sure that the answer is the one this role gets from an address that asks for that one."""
    asked = f"{answer.request['REQUEST_METHOD']} {answer.request['PATH_INFO']} by {role}"
    said = f"{asked}: {answer.status_code} {answer.headers.get('Location', '')}"
    if role is None:
        assert answer.status_code == 302, said
        assert answer.headers["Location"].startswith("/sign-in/?next="), said
    elif not may(role, address.sees or address.changes):
        assert answer.status_code == 404, said
    elif not least or not may(role, least):
        assert answer.status_code in (404, 405), said
    elif answer.status_code != 404 or not address.empty:
        assert answer.status_code in (200, 302, 400), said
        assert not answer.headers.get("Location", "").startswith("/sign-in/?"), said


def may(role: str, least: str) -> bool:
    return ROLES.index(role) >= ROLES.index(least)


@pytest.mark.parametrize("name", OPEN)
def test_what_is_open_answers_everybody_alike(
    name: str, owner: Person, reader: Person, agent: Person, manager: Person
) -> None:
    path, status = OPEN[name]
    for person in (None, reader, agent, manager, owner):
        assert signed_in(person).get(path).status_code == status


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_programs_get_nowhere_without_a_key_even_where_an_owner_is_signed_in(
    owner: Person, agent: Person, now: datetime, method: str
) -> None:
    make_key(name="shop", scopes=["read", "write"], who=owner, now=now)
    for pattern in PROGRAMS:
        path = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: PARTS[found[1] or "str"], pattern)
        for client in (Client(), signed_in(owner)):
            answer = getattr(client, method)(path, content_type="application/json")
            assert answer.status_code in (401, 404, 405), f"{method} {path}: {answer.status_code}"
            wrong = getattr(client, method)(
                path, content_type="application/json", headers={"Authorization": "Bearer fv_00000000_x"}
            )
            assert wrong.status_code in (401, 404, 405), f"{method} {path}: {wrong.status_code}"


@pytest.mark.parametrize("name", [name for name, one in ADDRESSES.items() if one.changes])
def test_nothing_is_changed_by_a_form_from_elsewhere(name: str, owner: Person, rows: dict[str, int]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    answer = client.post(ADDRESSES[name].path.format_map(rows))
    assert answer.status_code == 403
    assert "sent from elsewhere" in answer.content.decode()


@pytest.mark.parametrize("name", ["sign_in", "code", "start", "join", "reset"])
def test_nobody_comes_in_by_a_form_from_elsewhere(name: str, owner: Person) -> None:
    assert Client(enforce_csrf_checks=True).post(OPEN[name][0]).status_code == 403


#: What a page may not hold: a script or a style of its own, or an attribute that runs one.
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("name", [*(name for name, one in ADDRESSES.items() if one.sees), *OPEN])
def test_no_page_holds_a_script_or_a_style_of_its_own(name: str, owner: Person, rows: dict[str, int]) -> None:
    path = ADDRESSES[name].path.format_map(rows) if name in ADDRESSES else OPEN[name][0]
    answer = signed_in(owner if name in ADDRESSES else None).get(path)
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    found = INLINE.search(answer.content.decode())
    assert found is None, f"{path}: {found and found[0]}"
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
