"""Each word of the API: what goes in, what comes out, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq
import pytest
from api_samples import FIGURE, SHORT, asking, fill
from django.test import Client, override_settings

from forvent_server.actions.calendars import change_calendar
from forvent_server.store.models import Action, Customer, Episode, Event, Job, Person, Source, Voice

Ask = Callable[..., Any]
LATE = {
    "id": "7",
    "text": "It came late.",
    "rating": 1,
    "time": "2026-01-05T10:00:00+02:00",
    "customer": "c1",
}


@pytest.fixture
def filled(owner: Person, now: datetime) -> None:
    fill(owner, now=now)


def test_voices_are_taken_in_once_however_often_they_are_sent(ask: Ask) -> None:
    assert ask("voices", {"voices": [LATE]}).json() == {"new": 1, "known": 0}
    assert ask("voices", {"voices": [LATE, {**LATE, "id": "8"}]}).json() == {"new": 1, "known": 1}
    kept = Voice.objects.order_by("pk")[0]
    assert (kept.rating, kept.rating_given, kept.time.isoformat()) == (0.0, 1.0, "2026-01-05T08:00:00+00:00")
    assert Source.objects.get().name == "api: api"
    assert Job.objects.filter(kind="identify").count() == 1
    assert Event.objects.filter(what="bring voices")[0].who_name == "Ada Berg"


def test_personal_data_is_masked_where_that_is_asked_for(ask: Ask) -> None:
    said = {"id": "1", "text": "Write to ada@example.org."}
    ask("voices", {"voices": [said], "mask": True})
    assert "ada@example.org" not in Voice.objects.get().text


def test_segments_come_with_their_voices_and_are_shown(ask: Ask) -> None:
    north = {**LATE, "segments": {"region": "nord-øst", "plan": "yearly"}}
    plain = {**LATE, "id": "8", "segments": {}}
    assert ask("voices", {"voices": [north, plain]}).json() == {"new": 2, "known": 0}
    kept = Voice.objects.order_by("pk")
    assert [one.segments for one in kept] == [{"region": "nord-øst", "plan": "yearly"}, None]
    assert Voice.objects.filter(segments__region="nord-øst").count() == 1
    assert Voice.objects.filter(segments__isnull=True).count() == 1
    assert ask(f"voices/{kept[0].pk}").json()["segments"] == north["segments"]
    assert ask(f"voices/{kept[1].pk}").json()["segments"] is None


@pytest.mark.parametrize(
    "segments",
    [
        {"": "x"},
        {"n" * 61: "x"},
        {"region": "x" * 101},
        {"region": 7},
        {"a\0": "x"},
        {f"{n}": "x" for n in range(11)},
    ],
)
def test_segments_that_are_none_are_refused(ask: Ask, segments: Any) -> None:
    answer = ask("voices", {"voices": [{**LATE, "segments": segments}]})
    assert (answer.status_code, Voice.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({"voices": [{**LATE, "rating": 9}]}, "Rating 9 of voice 1 is not on the scale 1 to 5."),
        ({"voices": [{"id": "1", "text": " "}]}, "Voice 1 says nothing."),
        ({"voices": [LATE], "scale": {"low": 5, "high": 5}}, "A scale from 5 to 5 is none."),
        ({"voices": [{**LATE, "mood": "bad"}]}, "body.given.voices.0.mood: Extra inputs are not permitted."),
    ],
)
def test_what_cannot_be_taken_in_is_told_and_nothing_is_kept(ask: Ask, given: Any, detail: str) -> None:
    answer = ask("voices", given)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == detail
    assert not Voice.objects.exists()


def test_a_request_under_one_mark_is_done_once(ask: Ask) -> None:
    first = ask("voices", {"voices": [LATE]}, **{"Idempotency-Key": "a"})
    again = ask("voices", {"voices": [LATE]}, **{"Idempotency-Key": "a"})
    assert first.json() == again.json() == {"new": 1, "known": 0}
    assert again["Idempotency-Replayed"] == "true"
    other = ask("voices", {"voices": [{**LATE, "id": "9"}]}, **{"Idempotency-Key": "a"})
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert Voice.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["", "fv_00000000_wrong", "wrong"])
def test_without_a_key_that_holds_nothing_is_told(secret: str) -> None:
    answer = asking(secret)("voices")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_reading_key_may_not_write(reading_secret: str) -> None:
    assert asking(reading_secret)("voices", {"voices": [LATE]}).status_code == 403
    assert asking(reading_secret)("voices").status_code == 200


def test_who_asks_too_often_is_told_when_to_come_back(secret: str, settings: Any) -> None:
    with override_settings(FORVENT={**settings.FORVENT, "FORVENT_API_PER_MINUTE": 2}):
        answers = [asking(secret)("mentions") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert 0 < int(answers[2]["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("voices", {"method": "DELETE"}, 405),
        ("nothing", {}, 404),
        ("voices?colour=red", {}, 422),
        ("voices/99", {}, 404),
        ("voices/x", {}, 422),
    ],
)
def test_what_is_not_there_is_a_problem_too(ask: Ask, path: str, options: Any, status: int) -> None:
    answer = ask(path, **options)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert set(answer.json()) >= {"type", "title", "status", "detail", "hint"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"a=b", "text/plain", 415),
        (b"x" * (8 * 1024**2 + 1), "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(secret: str, body: bytes, kind: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().generic("POST", "/api/v1/voices", body, content_type=kind, headers=headers)
    assert answer.status_code == status


def test_voices_are_read_page_by_page_and_filtered(ask: Ask) -> None:
    ask("voices", {"voices": [{"id": str(n), "text": f"Voice {n}", "channel": "web"} for n in range(5)]})
    page = ask("voices?limit=2").json()
    assert [one["text"] for one in page["items"]] == ["Voice 4", "Voice 3"]
    rest = ask(f"voices?limit=3&cursor={page['next']}").json()
    assert [one["text"] for one in rest["items"]] == ["Voice 2", "Voice 1", "Voice 0"]
    assert rest["next"] is None
    assert len(ask("voices?q=Voice%203&channel=web").json()["items"]) == 1


def test_a_voice_shows_its_mentions_and_is_corrected(ask: Ask, filled: None) -> None:
    found = ask("mentions?expectation=on_time").json()["items"]
    assert [one["quote"] for one in found] == ["came late"]
    path = f"voices/{found[0]['voice']}"
    assert ask(path).json()["mentions"][0]["polarity"] == "unmet"
    assert ask("voices?expectation=on_time&polarity=unmet").json()["items"][0]["id"] == found[0]["voice"]
    right = {"expectation": "on_time", "action": "wrong", "quote": "came late"}
    assert ask(f"{path}/corrections", right).status_code == 201
    assert Voice.objects.get(pk=found[0]["voice"]).identified_at is None
    assert ask(f"{path}/corrections", {**right, "expectation": "unheard"}).status_code == 422


def test_the_first_promise_of_an_episode_stays(ask: Ask) -> None:
    one = {
        "id": "A1",
        "start": "2026-01-05",
        "promised": "2026-01-08",
        "by_day": True,
        "groups": {"shop": "Riga"},
    }
    assert ask("episodes", {"episodes": [one]}).json() == {"new": 1, "known": 0}
    ask("episodes", {"episodes": [{**one, "promised": "2026-01-10", "delivered": "2026-01-09"}]})
    shown = ask("episodes?episode=A1").json()["items"][0]
    assert [promise["promised"][:10] for promise in shown["promises"]] == ["2026-01-08", "2026-01-10"]
    assert ask("episodes?open=true").json()["items"] == []
    early = {**one, "id": "A2", "promised": "2026-01-01"}
    assert (
        ask("episodes", {"episodes": [early]}).json()["detail"] == "Episode 1 is promised before it starts."
    )
    assert Episode.objects.count() == 1


def test_expectations_come_with_gap_level_and_history(ask: Ask, filled: None) -> None:
    assert ask("expectations").json()["items"][0]["got"] == FIGURE
    shown = ask("expectations/on_time").json()
    assert shown["gap"]["gap"] == SHORT
    assert shown["history"][0]["judged"] == 40
    assert shown["level"]["stated"] == FIGURE
    assert shown["touchpoints"][0]["touchpoint"] == "delivery"
    assert ask("expectations/unheard").status_code == 404


def test_before_the_first_assessment_there_is_nothing_to_say(ask: Ask) -> None:
    assert ask("expectations").json() == {"assessment": None, "items": []}
    assert ask("promises/possible").json() == {"share": 0.95, "found": None}


def test_what_can_be_promised_is_told(ask: Ask, filled: None) -> None:
    assert ask("promises/possible?share=0.9").json()["found"]["length"] == 4.0
    assert ask("promises/worth?length=3").json()["found"]["kept"]["value"] == 0.6
    told = ask("promises").json()
    assert [one["upper"] for one in told["supported"]] == [5.0, None]


def test_assessments_are_read_whole_and_in_parts(ask: Ask, filled: None) -> None:
    pk = ask("assessments").json()["items"][0]["id"]
    assert ask(f"assessments/{pk}/findings").json()["schema"] == "forvent/findings/2"
    for part in ("journey", "plan", "change", "market"):
        assert ask(f"assessments/{pk}/{part}").json() == {"assessment": pk, "found": None}


def test_an_action_is_changed_while_it_is_open(ask: Ask, filled: None) -> None:
    pk = ask("actions").json()["items"][0]["id"]
    changed = ask(f"actions/{pk}", {"effort": "L"}, method="PATCH").json()
    kept = Action.objects.get(pk=pk)
    assert (changed["effort"], changed["owner"], kept.effort) == ("L", kept.owner_id, "L")
    assert ask(f"actions/{pk}", {"due_on": None}, method="PATCH").json()["due_on"] is None
    assert ask(f"actions/{pk}", {"effort": "XL"}, method="PATCH").status_code == 422


def test_actions_are_begun_done_and_dropped(ask: Ask, filled: None) -> None:
    pk = Action.objects.get().pk
    assert ask(f"actions/{pk}/start", {}, method="POST").json()["state"] == "doing"
    assert ask(f"actions/{pk}/finish", {"on": "2026-01-02"}).json()["state"] == "done"
    assert ask(f"actions/{pk}/drop", {"why": "no"}).json()["code"] == "action-closed"
    new = {"title": "Call first", "expectation": "on_time", "hypothesis": "They wait less."}
    assert ask("actions", new).json()["code"] == "action-too-few"


def test_customers_are_found_handed_out_and_erased(ask: Ask, filled: None) -> None:
    pk = ask("customers?customer=c1").json()["items"][0]["id"]
    assert ask(f"customers/{pk}/export", {}, method="POST").content[:2] == b"PK"
    assert ask(f"customers/{pk}/erase", {"for_good": True}).json() == {"erased": True}
    assert Customer.objects.get(pk=pk).erased_at is not None


def test_imports_sources_and_the_business_are_read(ask: Ask, filled: None) -> None:
    assert ask("imports").json()["items"][0]["state"] == "uploaded"
    assert ask("imports/sources").json()["items"][0]["name"] == "files"
    assert ask("people/business").json()["name"] == "Linden & Co"


def test_the_calendar_and_what_stood_behind_a_promise_are_read(
    ask: Ask, owner: Person, filled: None, now: datetime
) -> None:
    assert ask("people/business").json()["calendar"] is None
    made = change_calendar(
        hours=["09:00-17:00"] * 5 + ["", ""],
        zone="Europe/Oslo",
        holidays="NO",
        days="2026-12-24\n2026-12-31 09:00-12:00",
        clock="business",
        clocks=[{"column": "shop", "value": "Riga", "clock": "wall"}],
        who=owner,
        now=now,
    )
    told = ask("people/business").json()["calendar"]
    assert (told["id"], told["hours"][0], told["zone"], told["clock"]) == (
        made.pk, "09:00-17:00", "Europe/Oslo", "business",
    )  # fmt: skip
    assert told["days"] == [
        {"day": "2026-12-24", "windows": ""}, {"day": "2026-12-31", "windows": "09:00-12:00"},
    ]  # fmt: skip
    assert told["clocks"] == [{"column": "shop", "value": "Riga", "clock": "wall"}]
    ask("episodes", {"episodes": [{"id": "Z1", "start": "2026-02-01", "promised": "2026-02-03"}]})
    shown = ask("episodes?episode=Z1").json()["items"][0]["promises"][0]
    assert shown["policy"] == {"length_s": 172800.0, "level": 0.95, "calendar": made.pk}
    rows = list(csv.DictReader(io.StringIO(whole(ask("exports/calendars.csv")).decode())))
    assert [row["zone"] for row in rows] == ["Europe/Oslo"]


def test_people_and_audit_are_for_managers(ask: Ask, agent_secret: str) -> None:
    assert {"Ada Berg", "Finn Aas"} == {one["name"] for one in ask("people").json()["items"]}
    assert ask("people/audit?what=make%20key").json()["items"][0]["who_name"] == "Ada Berg"
    for path in ("people", "people/audit", "exports/people.csv"):
        assert asking(agent_secret)(path).status_code == 403


def whole(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_everything_is_taken_away_in_three_formats(ask: Ask, filled: None) -> None:
    rows = list(csv.DictReader(io.StringIO(whole(ask("exports/voices.csv")).decode())))
    assert [row["text"] for row in rows] == ["It came late.", "Friendly people."]
    lines = [json.loads(line) for line in whole(ask("exports/mentions.jsonl")).splitlines()]
    assert [line["quote"] for line in lines] == ["came late"]
    for one in ask("exports").json():
        table = pq.read_table(io.BytesIO(whole(ask(f"exports/{one['table']}.parquet"))))
        assert table.column_names == one["columns"]
    assert Event.objects.filter(what="take away").count() == 18


def test_no_secret_is_taken_away(ask: Ask, secret: str, filled: None) -> None:
    for one in ask("exports").json():
        assert not {"password", "totp_secret", "secret", "key_hash"} & set(one["columns"])
