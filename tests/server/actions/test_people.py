"""Who may do what: the first owner, invitations, roles, keys."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from server_people import PASSWORD

from forvent.errors import BadOption
from forvent_server.actions.people import (
    INVITED_FOR,
    NotAllowed,
    change_role,
    end_key,
    hashed,
    invite,
    join,
    let_go,
    make_key,
    open_workspace,
)
from forvent_server.store.models import ApiKey, Event, Invitation, Person


def test_the_first_person_becomes_owner_and_nobody_can_do_it_again(owner: Person, now: datetime) -> None:
    assert owner.role == "owner"
    with pytest.raises(NotAllowed, match="The workspace has its owner already"):
        open_workspace(
            business="Other", name="Eve", email="eve@example.org", password=PASSWORD, language="en", now=now
        )


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("no address", PASSWORD, "'no address' is no e-mail address."),
        ("a@example.org", "short", "The password is too easy to guess."),
        ("a@example.org", "1234567890", "The password is too easy to guess."),
    ],
)
def test_refuses_an_owner_without_address_or_password(
    db: None, now: datetime, email: str, password: str, message: str
) -> None:
    with pytest.raises(BadOption) as caught:
        open_workspace(business="B", name="A", email=email, password=password, language="en", now=now)
    assert caught.value.message == message
    assert not Person.objects.exists()


def test_an_address_signs_in_however_it_is_capitalised(owner: Person) -> None:
    assert authenticate(username="ADA@Example.org", password=PASSWORD) == owner
    assert authenticate(username="ada@example.org", password="something else 7") is None


def test_an_invitation_lets_one_person_join_once(owner: Person, now: datetime) -> None:
    made, token = invite(email="finn@example.org", role="agent", who=owner, now=now)
    assert token not in str(Invitation.objects.values().get())
    person = join(token, name="Finn Aas", password=PASSWORD, language="nb", now=now)
    assert (person.role, person.email, person.language) == ("agent", "finn@example.org", "nb")
    with pytest.raises(NotAllowed, match="This invitation is over"):
        join(token, name="Other", password=PASSWORD, language="en", now=now)
    assert made.email == "finn@example.org"


def test_an_invitation_ends(owner: Person, now: datetime) -> None:
    _, token = invite(email="finn@example.org", role="agent", who=owner, now=now)
    with pytest.raises(NotAllowed):
        join(
            token, name="Finn", password=PASSWORD, language="en", now=now + INVITED_FOR + timedelta(seconds=1)
        )


@pytest.mark.parametrize(("who", "role"), [("reader", "reader"), ("agent", "reader"), ("manager", "owner")])
def test_nobody_invites_above_their_own_role(
    who: str, role: str, request: pytest.FixtureRequest, now: datetime
) -> None:
    person: Person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed, match=f"{person.name} may not invite somebody as {role}"):
        invite(email="new@example.org", role=role, who=person, now=now)


def test_the_last_owner_stays(owner: Person, reader: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="Ada Berg is the last owner"):
        change_role(owner, role="reader", who=owner, now=now)
    with pytest.raises(NotAllowed, match="Ada Berg is the last owner"):
        let_go(owner, who=owner, now=now)
    change_role(reader, role="owner", who=owner, now=now)
    change_role(owner, role="reader", who=reader, now=now)
    owner.refresh_from_db()
    assert owner.role == "reader"


def test_who_was_let_go_can_sign_in_no_more_and_stays_in_the_audit(
    owner: Person, agent: Person, now: datetime
) -> None:
    let_go(agent, who=owner, now=now)
    assert authenticate(username=agent.email, password=PASSWORD) is None
    assert Event.objects.filter(what="join", who_name="Finn Aas").exists()
    assert Event.objects.filter(what="let go", who=owner, about=f"person:{agent.pk}").exists()


def test_of_a_key_only_the_hash_is_kept(owner: Person, now: datetime) -> None:
    key, secret = make_key(name="shop", scopes=["write", "read"], who=owner, now=now)
    kept = ApiKey.objects.get(pk=key.pk)
    assert kept.key_hash == hashed(secret)
    assert kept.scopes == ["read", "write"]
    assert secret not in str(ApiKey.objects.values().get())
    end_key(key, who=owner, now=now)
    assert ApiKey.objects.get(pk=key.pk).ended_at == now


def test_a_key_needs_a_manager_and_known_scopes(owner: Person, agent: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="Finn Aas may not make keys"):
        make_key(name="x", scopes=["read"], who=agent, now=now)
    with pytest.raises(BadOption, match="are not known"):
        make_key(name="x", scopes=["all"], who=owner, now=now)
