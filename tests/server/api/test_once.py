"""Requests under an Idempotency-Key: done once, also where two come at once; nothing of customers is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from api_samples import asking
from django.core.management import call_command
from django.db import connection, connections
from server_people import PASSWORD

from forvent_server.actions.erasing import erase_customer
from forvent_server.actions.people import make_key, open_workspace
from forvent_server.actions.webhooks import make_webhook, tell
from forvent_server.store.models import Customer, Delivery, Person, Sent, Voice
from forvent_server.store.sealing import unseal

Ask = Callable[..., Any]
WORDS = "It came four days late and nobody called."
LATE = {"id": "jana-7", "text": WORDS, "rating": 1, "customer": "jana@example.org", "episode": "A-77"}
MARK = {"Idempotency-Key": "jana@example.org/7"}
WAIT = 30


def at_once(times: int, do: Callable[[], Any]) -> list[Any]:
    """What each of several threads got that did the same at the same moment."""
    start, got = threading.Barrier(times), list[Any]()

    def run() -> None:
        try:
            start.wait(WAIT)
            got.append(do())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    return got


@contextmanager
def for_threads(folder: Path) -> Iterator[None]:
    """A database in which several threads may write: a file of its own, where the tests' is in memory."""
    if connection.vendor != "sqlite":
        yield
        return
    held = connections.settings["default"]
    name, held["NAME"] = held["NAME"], str(folder / "threads.sqlite3")
    try:
        at_once(1, lambda: call_command("migrate", verbosity=0))
        yield
    finally:
        held["NAME"] = name


def begin(now: Any) -> str:
    owner = open_workspace(
        business="Linden & Co",
        name="Ada Berg",
        email="ada@example.org",
        password=PASSWORD,
        language="en",
        now=now,
    )
    return make_key(name="shop", scopes=["read", "write"], who=owner, now=now)[1]


@pytest.mark.django_db(transaction=True)
def test_of_several_that_come_at_once_one_is_done_and_all_are_answered_alike(
    now: Any, tmp_path: Path
) -> None:
    with for_threads(tmp_path):
        secret = at_once(1, lambda: begin(now))[0]
        answers = at_once(6, lambda: asking(secret)("voices", {"voices": [LATE]}, **MARK))
        assert [answer.status_code for answer in answers] == [200] * 6
        assert [answer.json() for answer in answers] == [{"new": 1, "known": 0}] * 6
        assert sorted(answer.has_header("Idempotency-Replayed") for answer in answers) == [False] + [True] * 5
        assert at_once(1, Voice.objects.count) == [1]


@pytest.mark.django_db(transaction=True)
def test_of_two_different_ones_that_come_at_once_one_is_done_and_the_other_is_told(
    now: Any, tmp_path: Path
) -> None:
    with for_threads(tmp_path):
        secret = at_once(1, lambda: begin(now))[0]
        texts = iter(("One.", "Another."))
        answers = at_once(
            2, lambda: asking(secret)("voices", {"voices": [{**LATE, "text": next(texts)}]}, **MARK)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert at_once(1, Voice.objects.count) == [1]


def test_what_could_not_be_done_is_not_remembered(ask: Ask) -> None:
    refused = ask("voices", {"voices": [LATE], "scale": {"low": 2, "high": 5}}, **MARK)
    assert refused.status_code == 422
    assert ask("voices", {"voices": [LATE]}, **MARK).json() == {"new": 1, "known": 0}


def test_a_mark_may_be_used_again_after_a_day(ask: Ask) -> None:
    ask("voices", {"voices": [LATE]}, **MARK)
    for kept in Sent.objects.all():
        Sent.objects.filter(pk=kept.pk).update(at=kept.at - timedelta(hours=25))
    other = ask("voices", {"voices": [{**LATE, "id": "8"}]}, **MARK)
    assert (other.status_code, other.json()) == (200, {"new": 1, "known": 0})
    assert Sent.objects.count() == 1


def test_nothing_that_a_customer_said_or_is_known_by_stays_in_answers_and_messages(
    ask: Ask, owner: Person, now: Any
) -> None:
    make_webhook(address="https://example.org/told", events=["import.ended"], who=owner, now=now)
    ask("voices", {"voices": [LATE]}, **MARK)
    said = {"expectation": "on_time", "action": "missed", "quote": "four days late", "polarity": "unmet"}
    ask(f"voices/{Voice.objects.get().pk}/corrections", said, **{"Idempotency-Key": "A-77"})
    tell("import.ended", now=now, data={"import": 1})
    ask(f"customers/{Customer.objects.get().pk}/erase", {"for_good": True}, **{"Idempotency-Key": "jana"})
    erase_customer(Customer.objects.get(), who=owner, now=now)
    answers = [unseal(one.answer, of="answer") for one in Sent.objects.all()]
    kept = [*map(str, Sent.objects.values_list()), *answers, *map(str, Delivery.objects.values_list())]
    assert len(answers) == 3
    assert [word for word in ("jana", "A-77", "late", "called") if any(word in one for one in kept)] == []
