"""Programs that send while the database takes nothing: nothing is kept by halves, all of it sent again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from forvent_server.store.models import Customer, Job, Voice

Ask = Callable[..., Any]
BATCH = {"voices": [{"id": str(n), "text": f"Late {n}. " * 400, "customer": f"c{n}"} for n in range(500)]}


def refused(ask: Ask, detail: str) -> None:
    """The batch is refused for now, and nothing of it is there."""
    answer = ask("voices", BATCH, **{"Idempotency-Key": "b-1"})
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (answer.json()["detail"], answer["Retry-After"]) == (detail, "30")
    assert not Voice.objects.exists()
    assert not Customer.objects.exists()
    assert not Job.objects.filter(kind="identify").exists()


def then_taken(ask: Ask) -> None:
    """Sent again under the same mark, it is taken in whole."""
    assert ask("voices", BATCH, **{"Idempotency-Key": "b-1"}).json() == {"new": 500, "known": 0}
    assert Voice.objects.count() == 500


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be told how large it may become")
def test_a_full_disk_takes_no_half_of_a_batch(ask: Ask) -> None:
    with connection.cursor() as cursor:
        # Pages that tests before this left free would hold the batch.
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 60}")
    try:
        refused(ask, "The disk of the workspace is full.")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    then_taken(ask)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("told", "detail"),
    [
        ("could not extend file: No space left on device", "The disk of the workspace is full."),
        ("database is locked", "The database takes nothing at this moment."),
        ("server closed the connection", "The database takes nothing at this moment."),
    ],
)
def test_a_database_that_gives_up_at_the_end_keeps_nothing_and_tells_no_values(
    ask: Ask, told: str, detail: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OperationalError(told)

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr("forvent_server.actions.brought._say_who", broken)
        refused(ask, detail)
    assert told not in caplog.text
    then_taken(ask)
