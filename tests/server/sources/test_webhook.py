"""Signed messages in: taken in once, refused where signature, clock or content is wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from forvent_server.actions.sources import add_source, pause_source, renew_secret, resume_source
from forvent_server.sources.signed import headers_of, signature
from forvent_server.store.models import Job, Person, Source, TakenMessage, Voice

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: Of the library of Standard Webhooks, its test of a known signature.
KNOWN_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KNOWN = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture(autouse=True)
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forvent_server.api.incoming.now", lambda: NOW)


@pytest.fixture
def hook(manager: Person) -> Source:
    given = {"items": "data.reviews", "text": "body", "id": "no", "time": "at", "rating": "stars"}
    given |= {"customer": "who.email"}
    return add_source(kind="webhook", name="shop", given=given, every_minutes=15, who=manager, now=NOW)[0]


REVIEWS = {
    "data": {
        "reviews": [
            {"no": 1, "body": "It came two days late.", "at": "2026-03-01T10:00:00Z", "stars": 2},
            {"no": 2, "body": "", "stars": 5, "who": {"email": "Eva@Example.org"}},
            {"no": 3, "body": " "},
        ]
    }
}


def send(
    source: Source, content: object = REVIEWS, *, key: str = "msg_1", now: datetime = NOW, **changed: str
) -> tuple[int, dict[str, object]]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = headers_of(body, id=key, now=now, secret=source.secret) | changed
    answer = Client().post(
        f"/in/{source.pk}/",
        body,
        content_type="application/json",
        headers={k: v for k, v in headers.items() if v},
    )
    return answer.status_code, answer.json()


def test_the_signature_is_that_of_the_standard() -> None:
    signed = signature(
        b'{"test": 2432232314}', id="msg_p5jXN8AQM9LWM0D4loKWxJek", sent_at=1614265330, secret=KNOWN_SECRET
    )
    assert signed == KNOWN


def test_a_message_becomes_voices_by_the_mapping(hook: Source) -> None:
    assert send(hook) == (200, {"new": 2, "known": 0})
    first, second = Voice.objects.order_by("pk")
    assert (first.text, first.rating, first.rating_given) == ("It came two days late.", 0.25, 2.0)
    assert first.time == datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    assert second.customer is not None
    assert second.customer.keys.get().value == "eva@example.org"
    assert Job.objects.filter(kind="identify").count() == 1


def test_a_wrong_signature_is_refused(hook: Source) -> None:
    status, said = send(hook, **{"webhook-signature": "v1," + "A" * 43 + "="})
    assert (status, said["detail"]) == (401, "The signature is wrong.")
    assert not Voice.objects.exists()
    hook.refresh_from_db()
    assert (hook.trouble, hook.troubles) == ("signature", 1)


def test_strangers_cannot_make_us_write_for_ever(hook: Source) -> None:
    for _ in range(3):
        send(hook, **{"webhook-signature": "v1,bm8="})
    hook.refresh_from_db()
    assert hook.troubles == 1


def test_one_right_signature_among_several_is_enough(hook: Source) -> None:
    body = json.dumps(REVIEWS).encode()
    right = headers_of(body, id="msg_1", now=NOW, secret=hook.secret)["webhook-signature"]
    assert send(hook, **{"webhook-signature": f"v1,bm8= v2,other {right}"})[0] == 200


@pytest.mark.parametrize("lacking", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_message_without_a_header_is_refused(hook: Source, lacking: str) -> None:
    assert send(hook, **{lacking: ""})[0] == 400


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_that_is_off_is_told(hook: Source, minutes: int) -> None:
    status, said = send(hook, now=NOW + timedelta(minutes=minutes))
    assert status == 401
    way = "ahead" if minutes > 0 else "ago"
    assert said["detail"] == f"The message was signed 360 s {way}; 300 s are the most."


def test_a_clock_that_is_off_a_little_is_fine(hook: Source) -> None:
    assert send(hook, now=NOW - timedelta(minutes=4))[0] == 200


def test_the_very_same_attempt_is_refused_when_it_comes_again(hook: Source) -> None:
    send(hook)
    status, said = send(hook)
    assert (status, said["detail"]) == (409, "This message came before.")
    assert Voice.objects.count() == 2


def test_another_attempt_at_a_message_that_came_is_answered_well(hook: Source) -> None:
    send(hook, now=NOW - timedelta(minutes=1))
    assert send(hook) == (200, {"new": 0, "known": 2})
    assert Voice.objects.count() == 2


def test_other_content_under_an_id_that_was_used_is_refused(hook: Source) -> None:
    send(hook, now=NOW - timedelta(minutes=1))
    assert send(hook, {"data": {"reviews": [{"no": 9, "body": "Other words"}]}})[0] == 409


def test_the_same_voice_in_another_message_is_known(hook: Source) -> None:
    send(hook)
    assert send(hook, key="msg_2") == (200, {"new": 0, "known": 2})


def test_ids_of_messages_are_forgotten_after_a_week(hook: Source) -> None:
    TakenMessage.objects.create(
        source=hook, message_id="old", sent_at=1, digest="", came_at=NOW - timedelta(days=8)
    )
    send(hook)
    assert list(TakenMessage.objects.values_list("message_id", flat=True)) == ["msg_1"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"no json", 400),
        (b"[" * 100_000, 400),
        (b"\xff\xfe", 400),
        ([], 422),
        ({"data": {}}, 422),
        ({"data": {"reviews": ["text"]}}, 422),
        ({"data": {"reviews": [{"body": {"deep": 1}}]}}, 422),
        ({"data": {"reviews": [{"body": "x"}] * 501}}, 413),
        (b'{"data": "' + b"x" * 1024 * 1024 + b'"}', 413),
    ],
)
def test_what_holds_no_voice_is_refused(hook: Source, content: object, status: int) -> None:
    assert send(hook, content)[0] == status
    assert not Voice.objects.exists()


def test_a_paused_source_asks_to_come_later(hook: Source, manager: Person) -> None:
    pause_source(hook, who=manager, now=NOW)
    assert send(hook)[0] == 503
    resume_source(hook, who=manager, now=NOW)
    assert send(hook)[0] == 200


def test_a_new_secret_ends_the_old_one(hook: Source, manager: Person) -> None:
    fresh = renew_secret(hook, who=manager, now=NOW)
    assert send(hook)[0] == 401
    hook.secret = fresh
    assert send(hook)[0] == 200
    hook.refresh_from_db()
    assert hook.trouble == ""


def test_there_is_nothing_where_no_source_is(hook: Source) -> None:
    assert Client().post("/in/999/", b"{}", content_type="application/json").status_code == 404
    assert Client().get(f"/in/{hook.pk}/").status_code == 405
