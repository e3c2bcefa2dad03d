"""People: roles, invitations, keys, the audit."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from server_people import PASSWORD, signed_in

from forvent_server.store.models import ApiKey, Event, Invitation, Person


def test_a_manager_invites_and_the_link_lets_the_person_join(manager: Person) -> None:
    answer = signed_in(manager).post("/people/", {"email": "finn@example.org", "role": "agent"})
    link = re.search(r'value="(http://testserver/join/[^"]+)"', answer.content.decode())
    assert link is not None
    path = link.group(1).removeprefix("http://testserver")
    page = Client().get(path).content.decode()
    assert "You were invited as Agent, with the address finn@example.org." in page
    joined = Client().post(path, {"name": "Finn Aas", "password": PASSWORD})
    assert joined.headers["Location"] == "/"
    assert Person.objects.get(email="finn@example.org").role == "agent"
    assert Client().get(path).status_code == 404
    assert link.group(1) not in signed_in(manager).get("/people/").content.decode()


def test_what_is_wrong_with_an_invitation_is_told(manager: Person) -> None:
    answer = signed_in(manager).post("/people/", {"email": "no address", "role": "agent"})
    assert answer.status_code == 400
    assert "This is no e-mail address." in answer.content.decode()
    assert not Invitation.objects.filter(email="no address").exists()


def test_a_manager_invites_no_owner(manager: Person) -> None:
    answer = signed_in(manager).post("/people/", {"email": "x@example.org", "role": "owner"})
    assert "may not invite somebody as owner" in answer.content.decode()


def test_only_an_owner_changes_roles(owner: Person, manager: Person, agent: Person) -> None:
    assert signed_in(manager).post(f"/people/{agent.pk}/", {"role": "owner"}).status_code == 404
    signed_in(owner).post(f"/people/{agent.pk}/", {"role": "manager"})
    agent.refresh_from_db()
    assert agent.role == "manager"
    signed_in(owner).post(f"/people/{agent.pk}/", {"action": "let go"})
    agent.refresh_from_db()
    assert not agent.is_active


def test_somebody_let_go_is_out_at_once(owner: Person, agent: Person) -> None:
    client = signed_in(agent)
    assert client.get("/").status_code == 200
    signed_in(owner).post(f"/people/{agent.pk}/", {"action": "let go"})
    assert client.get("/").status_code == 302


def test_the_last_owner_is_told_to_stay(owner: Person) -> None:
    answer = signed_in(owner).post(f"/people/{owner.pk}/", {"action": "let go"})
    assert "This is the last owner." in answer.content.decode()


def test_the_secret_of_a_key_is_shown_once(manager: Person) -> None:
    client = signed_in(manager)
    answer = client.post("/keys/", {"name": "shop", "scopes": ["read", "write"]})
    assert re.search(r"fv_[0-9a-f]{8}_[\w-]{40,}", answer.content.decode())
    assert not re.search(r"fv_[0-9a-f]{8}_[\w-]{40,}", client.get("/keys/").content.decode())
    key = ApiKey.objects.get()
    client.post("/keys/", {"action": "end", "key": key.pk})
    assert ApiKey.objects.get().ended_at is not None


def test_a_key_without_scopes_is_refused(manager: Person) -> None:
    assert signed_in(manager).post("/keys/", {"name": "shop"}).status_code == 400


def test_the_audit_shows_who_did_what(owner: Person, manager: Person) -> None:
    text = signed_in(owner).get("/audit/").content.decode()
    assert "opened the workspace" in text
    assert "Mari Kask" in text
    only = signed_in(owner).get("/audit/?what=join").content.decode()
    assert only.count("data-row") == Event.objects.filter(what="join").count()


@pytest.mark.parametrize("address", ["/people/", "/keys/", "/audit/"])
def test_who_is_no_manager_finds_nothing(agent: Person, reader: Person, address: str) -> None:
    for person in (agent, reader):
        assert signed_in(person).get(address).status_code == 404
    assert Client().get(address).headers["Location"].startswith("/sign-in/")
