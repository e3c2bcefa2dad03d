"""Webhooks: who is told of what; messages are signed, sent again, given up, and never sent inside."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from api_samples import asking
from django.test import override_settings

from forvent_server.actions.webhooks import (
    WAITS,
    make_webhook,
    renew_webhook_secret,
    tell,
    tell_due_actions,
)
from forvent_server.jobs.deliver import deliver
from forvent_server.jobs.work import Work
from forvent_server.sources.signed import opened
from forvent_server.store.models import Action, Delivery, Job, Person, Webhook

Ask = Callable[..., Any]


class Receiver(HTTPServer):
    """Keeps what it was sent, and answers as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receives)
        self.answer = 204
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/told"


class Receives(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.append((headers, body))  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()

    def log_message(self, *given: object) -> None:
        """Nothing into the output of the tests."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    running = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    running.start()
    yield made
    made.shutdown()
    made.server_close()
    running.join()


@pytest.fixture
def inside(settings: Any) -> Iterator[None]:
    with override_settings(FORVENT={**settings.FORVENT, "FORVENT_WEBHOOKS_INSIDE": True}):
        yield


@pytest.fixture
def made(owner: Person, now: datetime, receiver: Receiver) -> Webhook:
    return make_webhook(address=receiver.address, events=["import.ended"], who=owner, now=now)


def send(now: datetime) -> Delivery:
    job = Job.objects.filter(kind="deliver").latest("pk")
    Job.objects.filter(pk=job.pk).update(state="running")
    deliver(Work(job, stopping=lambda: False, clock=lambda: now))
    return Delivery.objects.latest("pk")


def test_a_message_is_signed_and_arrives(
    made: Webhook, receiver: Receiver, inside: None, now: datetime
) -> None:
    assert tell("import.ended", now=now, data={"import": 3}) == 1
    assert tell("assessment.made", now=now, data={}) == 0
    sent = send(now)
    headers, body = receiver.got[0]
    assert opened(headers, body, secret=made.secret, now=now).id == sent.uid
    told = {"type": "import.ended", "timestamp": "2026-03-02T09:00:00Z", "data": {"import": 3}}
    assert json.loads(body) == told
    assert (sent.state, sent.status, sent.attempts) == ("sent", 204, 1)


@pytest.mark.parametrize("answer", [500, 302])
def test_what_does_not_arrive_is_sent_again_later_under_the_same_id(
    made: Webhook, receiver: Receiver, inside: None, now: datetime, answer: int
) -> None:
    receiver.answer = answer
    tell("import.ended", now=now, data={})
    sent = send(now)
    again = Job.objects.filter(kind="deliver").latest("pk")
    assert (sent.state, sent.status, again.due_at) == ("waiting", answer, now + timedelta(seconds=5))
    receiver.answer = 200
    send(now + timedelta(minutes=10))
    ids = {headers["webhook-id"] for headers, _ in receiver.got}
    assert (len(receiver.got), len(ids)) == (2, 1)


def test_after_the_last_attempt_the_webhook_is_paused(
    made: Webhook, receiver: Receiver, inside: None, now: datetime
) -> None:
    receiver.answer = 503
    tell("import.ended", now=now, data={})
    Delivery.objects.update(attempts=len(WAITS))
    assert send(now).state == "given_up"
    made.refresh_from_db()
    assert (made.active, made.trouble) == (False, "The receiver answered 503.")


def test_who_is_gone_is_not_asked_again(
    made: Webhook, receiver: Receiver, inside: None, now: datetime
) -> None:
    receiver.answer = 410
    tell("import.ended", now=now, data={})
    assert send(now).state == "given_up"


def test_nothing_is_sent_into_ones_own_network_unasked(
    made: Webhook, receiver: Receiver, now: datetime
) -> None:
    tell("import.ended", now=now, data={})
    sent = send(now)
    assert (sent.state, sent.trouble) == ("waiting", "'127.0.0.1' lies inside your own network.")
    assert receiver.got == []


def test_an_action_is_told_once_for_each_day_it_is_due(owner: Person, now: datetime) -> None:
    make_webhook(address="https://example.org/x", events=["action.due"], who=owner, now=now)
    action = Action.objects.create(title="Call", expectation="on_time", due_on=now.date(), made_at=now)
    assert [tell_due_actions(now=now), tell_due_actions(now=now)] == [1, 0]
    action.due_on = now.date() + timedelta(days=1)
    action.save()
    assert [tell_due_actions(now=now), tell_due_actions(now=now + timedelta(days=1))] == [0, 1]


def test_webhooks_are_made_changed_and_dropped(ask: Ask, agent_secret: str) -> None:
    given = {"address": "https://example.org/told", "events": ["import.ended"]}
    first = ask("webhooks", given)
    assert first.status_code == 201
    assert first.json()["secret"].startswith("whsec_")
    path = f"webhooks/{first.json()['id']}"
    assert "secret" not in ask(path).json()
    assert ask(path, {"active": False}, method="PATCH").json()["active"] is False
    assert ask("webhooks", {**given, "address": "https://u:p@example.org/"}).status_code == 422
    assert asking(agent_secret)("webhooks", given).status_code == 403
    assert ask(path, method="DELETE").status_code == 204
    assert ask(path).status_code == 404


def test_a_webhook_is_tested_and_gets_another_secret(ask: Ask, owner: Person, now: datetime) -> None:
    made = make_webhook(address="https://example.org/x", events=["import.ended"], who=owner, now=now)
    answer = ask(f"webhooks/{made.pk}/test", {})
    assert (answer.status_code, answer.json()["event"], answer.json()["state"]) == (
        202,
        "webhook.test",
        "waiting",
    )
    again = ask(f"webhooks/{made.pk}/test", {})
    assert again.json()["id"] == answer.json()["id"]
    renewed = ask(f"webhooks/{made.pk}/secret", {}).json()["secret"]
    assert renewed == Webhook.objects.get().secret != made.secret
    ask(f"webhooks/{made.pk}", {"active": False}, method="PATCH")
    refused = ask(f"webhooks/{made.pk}/test", {})
    assert (refused.status_code, refused.json()["detail"]) == (422, "The webhook is paused.")


def test_a_message_that_is_sent_again_is_signed_with_the_secret_of_now(
    made: Webhook, receiver: Receiver, inside: None, owner: Person, now: datetime
) -> None:
    receiver.answer = 401
    tell("import.ended", now=now, data={})
    send(now)
    secret = renew_webhook_secret(made, who=owner, now=now)
    receiver.answer = 204
    assert send(now).state == "sent"
    headers, body = receiver.got[-1]
    assert opened(headers, body, secret=secret, now=now)


def test_webhooks_are_read_with_keys_of_managers_only(
    ask: Ask, agent_secret: str, owner: Person, now: datetime
) -> None:
    made = make_webhook(address="https://example.org/x", events=["import.ended"], who=owner, now=now)
    for path in ("webhooks", f"webhooks/{made.pk}", f"webhooks/{made.pk}/deliveries"):
        assert ask(path).status_code == 200
        assert asking(agent_secret)(path).status_code == 403
