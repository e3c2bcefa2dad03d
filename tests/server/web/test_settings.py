"""Settings: the statement of intent and what else the business says of itself."""

from __future__ import annotations

from datetime import datetime

import pytest
from server_findings import assessed, shop
from server_people import signed_in

from forvent.records import Voice as Given
from forvent_server.actions.imports import files_source
from forvent_server.actions.voices import take_in_voices
from forvent_server.store.models import Business, Event, Person, Touchpoint, Voice

KEPT = {
    "name": "Linden & Co",
    "intent": "Nobody has to ask twice.",
    "language": "nb",
    "time_zone": "Europe/Oslo",
    "level": "90",
    "packs": ["retail"],
}


def test_the_owner_changes_what_the_business_says_of_itself(owner: Person) -> None:
    assert signed_in(owner).post("/settings/", KEPT).headers["Location"] == "/settings/"
    made = Business.objects.get()
    assert (made.intent, made.language, made.time_zone) == ("Nobody has to ask twice.", "nb", "Europe/Oslo")
    assert (made.level, made.packs) == (0.9, ["retail"])
    assert Event.objects.get(what="change settings").details == {"level": 0.9, "packs": ["retail"]}
    assert "Nobody has to ask twice." in signed_in(owner).get("/settings/").content.decode()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("name", " ", "The business has no name."),
        ("time_zone", "Oslo", "There is no time zone &#39;Oslo&#39;."),
        ("time_zone", "../../etc/passwd", "There is no time zone"),
        ("language", "xx", "There is no language &#39;xx&#39;."),
        ("level", "100", "A level of 1 is not between 0.5 and 1."),
        ("level", "many", "A level of 0 is not between 0.5 and 1."),
        ("packs", ["/etc"], "There is no pack &#39;/etc&#39;."),
    ],
)
def test_a_value_that_cannot_be_is_told_and_nothing_changes(
    owner: Person, name: str, value: object, told: str
) -> None:
    answer = signed_in(owner).post("/settings/", KEPT | {name: value})
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert Business.objects.get().intent == ""


def test_the_statement_of_intent_is_measured_by_the_expectations_it_names(
    owner: Person, reader: Person, now: datetime
) -> None:
    client = signed_in(owner)
    client.post("/settings/", KEPT)
    before = client.get("/voices/").content.decode()
    assert "Nobody has to ask twice." in before
    assert "Say which expectations it is measured by" in before
    client.post("/settings/", KEPT | {"intent_names": ["on_time", "follow_up"], "language": "en"})
    assert Business.objects.get().intent_names == ["follow_up", "on_time"]
    assessed(shop(), now=now)
    for address in (
        "/",
        "/journey/",
        "/expectations/on_time/",
        "/promises/",
        "/plan/",
        "/voices/",
        "/market/",
    ):
        shown = signed_in(reader).get(address).content.decode()
        assert "Nobody has to ask twice." in shown
        assert 'href="/expectations/on_time/">On time</a> <span class="verdict short">' in shown
    assert "Nobody has to ask twice." not in signed_in(owner).get("/people/").content.decode()
    strange = client.post("/settings/", KEPT | {"intent_names": ["flying_carpet"]})
    assert "There is no expectation &#39;flying_carpet&#39;." in strange.content.decode()


def test_names_of_touchpoints_that_files_use_are_offered(owner: Person, now: datetime) -> None:
    said = [
        Given("1", "Late.", 1, touchpoint="pickup counter"),
        Given("2", "Good.", 2, touchpoint="web shop"),
    ]
    take_in_voices(said, source=files_source(now), now=now)
    Touchpoint.objects.create(name="web shop", stage="buy")
    shown = signed_in(owner).get("/settings/").content.decode()
    assert '<option value="pickup counter">' in shown
    assert '<option value="web shop">' not in shown


def test_with_another_pack_all_voices_are_understood_anew(owner: Person, now: datetime) -> None:
    take_in_voices([Given("1", "Late.", 1)], source=files_source(now), now=now)
    Voice.objects.update(identified_at=now)
    signed_in(owner).post("/settings/", KEPT | {"packs": []})
    assert not Voice.objects.filter(identified_at=None).exists()
    signed_in(owner).post("/settings/", KEPT)
    assert Voice.objects.filter(identified_at=None).exists()


def test_a_manager_sees_the_settings_and_an_owner_changes_them(manager: Person) -> None:
    client = signed_in(manager)
    assert client.get("/settings/").status_code == 200
    assert "may not change the settings" in client.post("/settings/", KEPT).content.decode()
    assert Business.objects.get().intent == ""


def test_touchpoints_are_named_and_removed(manager: Person) -> None:
    client = signed_in(manager)
    client.post("/settings/touchpoints/", {"name": "Pickup counter", "stage": "receive"})
    made = Touchpoint.objects.get()
    assert (made.name, made.stage) == ("Pickup counter", "receive")
    client.post("/settings/touchpoints/", {"action": "drop", "touchpoint": made.pk})
    assert not Touchpoint.objects.exists()
    answer = client.post("/settings/touchpoints/", {"name": "", "stage": "receive"})
    assert "A touchpoint needs a name and a stage." in answer.content.decode()
