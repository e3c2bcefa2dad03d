"""What programs ask goes straight to the API, and is kept in check like everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from api_samples import asking
from django.test import Client

from forvent_server.actions.people import end_key
from forvent_server.store.models import ApiKey, Person

Ask = Callable[..., Any]


def test_answers_carry_what_keeps_browsers_in_check_and_no_cookie(ask: Ask) -> None:
    answer = ask("mentions")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert not answer.cookies


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused() -> None:
    assert Client(headers={"Host": "elsewhere.example"}).get("/api/v1/openapi.json").status_code == 400


def test_a_session_opens_nothing_of_the_api(owner: Person) -> None:
    client = Client()
    client.force_login(owner)
    assert client.get("/api/v1/voices").status_code == 401


def test_a_key_that_was_ended_holds_no_longer_than_until_the_next_request(
    secret: str, owner: Person, now: Any
) -> None:
    assert asking(secret)("mentions").status_code == 200
    end_key(ApiKey.objects.get(), who=owner, now=now)
    assert asking(secret)("mentions").status_code == 401
