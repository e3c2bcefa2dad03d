"""A new password by a link that an owner makes: once, for a day, for who is here."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from server_people import PASSWORD, signed_in

from forvent_server.actions.passwords import RESET_FOR, make_reset, reset_password
from forvent_server.actions.people import NotAllowed, change_role, invite, join, let_go, make_key
from forvent_server.actions.strength import WeakPassword
from forvent_server.store.models import ApiKey, Person, ResetLink

NEW = "another long word 8"


def test_sets_a_new_password_once_and_ends_all_sessions(owner: Person, reader: Person, now: datetime) -> None:
    client = signed_in(reader)
    _, token = make_reset(reader, who=owner, now=now)
    assert token not in str(ResetLink.objects.values().get())
    assert reset_password(token, password=NEW, now=now) == reader
    assert authenticate(username=reader.email, password=NEW) == reader
    assert authenticate(username=reader.email, password=PASSWORD) is None
    assert client.get("/").status_code == 302
    with pytest.raises(NotAllowed, match="This link is over"):
        reset_password(token, password=NEW, now=now)


def test_a_weak_password_leaves_the_link_open(owner: Person, reader: Person, now: datetime) -> None:
    _, token = make_reset(reader, who=owner, now=now)
    with pytest.raises(WeakPassword, match="The password is too easy to guess"):
        reset_password(token, password="short", now=now)
    assert reset_password(token, password=NEW, now=now) == reader


def test_a_link_ends_after_a_day_and_with_the_next_one(owner: Person, reader: Person, now: datetime) -> None:
    _, first = make_reset(reader, who=owner, now=now)
    _, second = make_reset(reader, who=owner, now=now)
    for token, moment in ((first, now), (second, now + RESET_FOR + timedelta(seconds=1))):
        with pytest.raises(NotAllowed):
            reset_password(token, password=NEW, now=moment)


def test_only_an_owner_makes_a_link_and_only_for_who_is_here(
    owner: Person, manager: Person, reader: Person, now: datetime
) -> None:
    with pytest.raises(NotAllowed, match="Mari Kask is no owner"):
        make_reset(reader, who=manager, now=now)
    _, token = make_reset(reader, who=owner, now=now)
    let_go(reader, who=owner, now=now)
    with pytest.raises(NotAllowed, match="Rita Novak was let go"):
        make_reset(reader, who=owner, now=now)
    with pytest.raises(NotAllowed, match="This link is over"):
        reset_password(token, password=NEW, now=now)


def test_who_was_let_go_can_be_invited_again_and_is_the_same_person(
    owner: Person, agent: Person, now: datetime
) -> None:
    let_go(agent, who=owner, now=now)
    _, token = invite(email=agent.email.upper(), role="reader", who=owner, now=now)
    back = join(token, name="Finn A.", password=NEW, language="nb", now=now)
    assert (back.pk, back.role, back.is_active, back.totp_confirmed) == (agent.pk, "reader", True, False)
    assert authenticate(username=agent.email, password=PASSWORD) is None


def test_of_two_invitations_to_one_address_one_joins(owner: Person, now: datetime) -> None:
    tokens = [invite(email="finn@example.org", role="reader", who=owner, now=now)[1] for _ in range(2)]
    join(tokens[0], name="Finn", password=PASSWORD, language="en", now=now)
    with pytest.raises(NotAllowed, match="This invitation is over"):
        join(tokens[1], name="Finn", password=PASSWORD, language="en", now=now)


def test_who_may_make_no_keys_any_more_keeps_none(owner: Person, manager: Person, now: datetime) -> None:
    key, _ = make_key(name="shop", scopes=["write"], who=manager, now=now)
    change_role(manager, role="owner", who=owner, now=now)
    assert ApiKey.objects.get(pk=key.pk).ended_at is None
    change_role(manager, role="agent", who=owner, now=now)
    assert ApiKey.objects.get(pk=key.pk).ended_at == now
