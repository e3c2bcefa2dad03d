"""Programs with keys: one that may read and write, one that may only read, one of an agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from api_samples import asking

from forvent_server.actions import brought, rates
from forvent_server.actions.people import hashed, make_key
from forvent_server.store.models import ApiKey, Person

Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """What a process remembers between requests is nothing to the next test."""
    yield
    rates._counts.clear()
    brought._sources.clear()
    brought._said.clear()


@pytest.fixture
def secret(owner: Person, now: datetime) -> str:
    return make_key(name="shop", scopes=["read", "write"], who=owner, now=now)[1]


@pytest.fixture
def reading_secret(owner: Person, now: datetime) -> str:
    return make_key(name="board", scopes=["read"], who=owner, now=now)[1]


@pytest.fixture
def agent_secret(agent: Person, now: datetime) -> str:
    """The key of somebody who was a manager when making it."""
    whole = "fv_0123abcd_" + "s" * 40
    ApiKey.objects.create(
        name="desk",
        start="0123abcd",
        key_hash=hashed(whole),
        scopes=["read", "write"],
        made_by=agent,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return whole


@pytest.fixture
def ask(secret: str) -> Ask:
    return asking(secret)
