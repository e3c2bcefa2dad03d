"""A workspace with its business, three people (owner, reader, stranger) and the moment it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from server_people import PASSWORD

from forvent_server.actions.people import invite, join, open_workspace
from forvent_server.store.models import Business, Person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def owner(db: None) -> Person:
    return open_workspace(
        business="Linden & Co",
        name="Ada Berg",
        email="ada@example.org",
        password=PASSWORD,
        language="en",
        now=NOW,
    )


@pytest.fixture
def business(owner: Person) -> Business:
    return Business.objects.get(pk=1)


def joined(owner: Person, *, role: str, name: str) -> Person:
    _, token = invite(email=f"{name.split()[0].lower()}@example.org", role=role, who=owner, now=NOW)
    return join(token, name=name, password=PASSWORD, language="en", now=NOW)


@pytest.fixture
def agent(owner: Person) -> Person:
    return joined(owner, role="agent", name="Finn Aas")


@pytest.fixture
def manager(owner: Person) -> Person:
    return joined(owner, role="manager", name="Mari Kask")


@pytest.fixture
def reader(owner: Person) -> Person:
    return joined(owner, role="reader", name="Rita Novak")
