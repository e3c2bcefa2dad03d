"""A workspace with its business, three people (owner, reader, stranger) and the moment it is."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from server_people import PASSWORD

from forvent_server.actions.people import invite, join, open_workspace
from forvent_server.store.models import Business, Person

HERE = Path(__file__).resolve().parent
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: What pytest-django opens the database for.
OPENING = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In PostgreSQL's turn only what touches the database; the rest was told by SQLite's."""
    if not os.environ.get("FORVENT_DATABASE_URL"):
        return
    told = [item for item in items if HERE in item.path.parents and not touches_the_database(item)]
    if told:
        config.hook.pytest_deselected(items=told)
        items[:] = [item for item in items if item not in set(told)]


def touches_the_database(item: pytest.Item) -> bool:
    """Whether a test asks for the database, itself or through what it is given."""
    asked = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(asked & OPENING)


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
