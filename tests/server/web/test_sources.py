"""The pages of sources: add, test, pause, bring a file; how each is, in the reader's language."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from server_people import signed_in
from sources.web_server import serving

from forvent.records import Voice as Given
from forvent_server.actions.sources import add_source, end_look
from forvent_server.actions.voices import take_in_voices
from forvent_server.sources.contract import Slice, Trouble
from forvent_server.sources.slices import slices
from forvent_server.store.models import Job, Person, Source, SourceDay, Voice
from forvent_server.web.language import PAGE_TEXTS
from forvent_server.web.pages import now
from forvent_server.web.sources import SAID, SHIPPED

RSS = b"<rss><channel><item><guid>1</guid><title>Too late</title></item></channel></rss>"


def added(manager: Person, kind: str = "feed", name: str = "Reviews", **given: str) -> Source:
    whole = {"address": "https://reviews.example/feed"} if kind == "feed" else {}
    return add_source(kind=kind, name=name, given=whole | given, every_minutes=15, who=manager, now=now())[0]


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_empty_page_teaches(agent: Person, manager: Person) -> None:
    assert "No source yet." in text_of(signed_in(agent).get("/sources/"))
    assert "/sources/new/" not in text_of(signed_in(agent).get("/sources/"))
    shown = text_of(signed_in(manager).get("/sources/"))
    assert all(f"/sources/new/{kind}/" in shown for kind in slices())


@pytest.mark.parametrize("kind", sorted(SHIPPED))
def test_every_kind_has_its_form(manager: Person, kind: str) -> None:
    shown = text_of(signed_in(manager).get(f"/sources/new/{kind}/"))
    for field in slices()[kind].fields:
        assert f'name="field-{field.name}"' in shown


def test_a_feed_is_added_by_its_form(manager: Person) -> None:
    client = signed_in(manager)
    given = {"source-name": "Reviews", "source-every": "30", "field-address": "https://reviews.example/feed"}
    answer = client.post("/sources/new/feed/", given)
    made = Source.objects.get()
    assert answer.headers["Location"] == f"/sources/{made.pk}/"
    assert (made.every_minutes, made.settings["lowest"]) == (30, 1)
    assert Job.objects.get(kind="look").key == f"source-{made.pk}"
    assert "Nothing came yet" in text_of(client.get("/sources/"))


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(manager: Person) -> None:
    given = {"source-name": "Reviews", "field-address": "reviews", "field-channel": "shop"}
    answer = signed_in(manager).post("/sources/new/feed/", given)
    assert answer.status_code == 400
    assert "&#39;reviews&#39; is no address." in text_of(answer)
    assert 'value="shop"' in text_of(answer)


def test_the_secret_of_a_webhook_is_shown_once(manager: Person) -> None:
    client = signed_in(manager)
    shown = text_of(client.post("/sources/new/webhook/", {"source-name": "Shop", "field-text": "body"}))
    made = Source.objects.get()
    assert made.secret in shown
    assert f"http://testserver/in/{made.pk}/" in shown
    assert made.secret not in text_of(client.get(f"/sources/{made.pk}/"))
    renewed = text_of(client.post(f"/sources/{made.pk}/", {"action": "renew"}))
    assert re.search(r"whsec_[\w+/=]{44}", renewed)
    assert made.secret not in renewed


def test_the_password_of_a_mailbox_is_never_shown(manager: Person) -> None:
    source = added(manager, "mailbox", host="mail.example", user="voices", password="sesame-open")
    assert "sesame-open" not in text_of(signed_in(manager).get(f"/sources/{source.pk}/"))


def test_the_connection_is_tested_and_nothing_is_kept(manager: Person, settings: Any) -> None:
    settings.FORVENT = settings.FORVENT | {"FORVENT_SOURCES_INSIDE": True}
    with serving(lambda *_: (200, {}, RSS)) as address:
        source = added(manager, address=f"{address}/feed")
        shown = text_of(signed_in(manager).post(f"/sources/{source.pk}/", {"action": "test"}))
    assert "It works: 1 voice in the first part." in shown
    assert not Voice.objects.exists()


def test_trouble_of_a_test_is_told_in_the_readers_language(manager: Person) -> None:
    source = added(manager, address="http://localhost:1/feed")
    manager.language = "cs"
    manager.save()
    answer = signed_in(manager).post(f"/sources/{source.pk}/", {"action": "test"})
    assert answer.status_code == 400
    assert "„localhost“ leží ve vaší vlastní síti." in text_of(answer)


def test_a_source_is_paused_and_goes_on(manager: Person) -> None:
    source, client = added(manager), signed_in(manager)
    client.post(f"/sources/{source.pk}/", {"action": "pause"})
    assert "Paused" in text_of(client.get("/sources/"))
    client.post(f"/sources/{source.pk}/", {"action": "resume"})
    assert Source.objects.get().active
    client.post(f"/sources/{source.pk}/", {"action": "drop"})
    assert not Source.objects.exists()


def test_settings_are_changed_by_the_form(manager: Person) -> None:
    source = added(manager)
    given = {"action": "save", "source-name": "Shop reviews", "source-every": "5"}
    signed_in(manager).post(f"/sources/{source.pk}/", given | {"field-address": "https://other.example/"})
    changed = Source.objects.get()
    assert (changed.name, changed.every_minutes) == ("Shop reviews", 5)
    assert changed.settings["address"] == "https://other.example/"


def test_trouble_stands_at_the_source(manager: Person) -> None:
    source = added(manager)
    end_look(source, now=now(), trouble=Trouble("status", "404", status=404))
    shown = text_of(signed_in(manager).get("/sources/"))
    assert "Trouble" in shown
    assert "The address answers 404 instead of a feed." in shown


def test_silence_stands_at_the_source(manager: Person) -> None:
    source = added(manager)
    end_look(source, now=now(), trouble=None)
    today = now().date()
    for back in range(9, 30, 2):
        SourceDay.objects.create(source=source, day=today - timedelta(days=back))
    shown = text_of(signed_in(manager).get("/sources/"))
    assert "Silent" in shown
    assert "Nothing for 9 days; the usual pause is 2 days." in shown


def test_a_program_that_sends_no_more_is_silent_too(manager: Person) -> None:
    moment = now()
    for back in [*range(30, 8, -1)]:
        take_in_voices(
            [Given(str(back), f"Said {back} days ago.", 1)],
            source=Source.objects.get_or_create(
                name="api: shop", kind="rest", defaults={"made_at": moment - timedelta(days=40)}
            )[0],
            now=moment - timedelta(days=back),
        )
    shown = text_of(signed_in(manager).get("/sources/"))
    assert "api: shop" in shown
    assert "A program (API)" in shown
    assert "Nothing for 9 days; the usual pause is 1 day." in shown
    assert "Silent" in shown


def test_an_agent_brings_a_file_and_changes_nothing(manager: Person, agent: Person) -> None:
    source, client = added(manager, "zammad", "Desk"), signed_in(agent)
    file = SimpleUploadedFile("a.json", b'[{"id": 1, "sender": "Customer", "body": "Late"}]')
    answer = client.post(f"/sources/{source.pk}/", {"action": "bring", "file": file})
    assert answer.status_code == 302
    assert Job.objects.get(kind="look").arguments["source_id"] == source.pk
    for action in ("pause", "drop", "renew", "save"):
        assert client.post(f"/sources/{source.pk}/", {"action": action}).status_code == 404


def test_a_source_whose_plugin_is_gone_is_shown(manager: Person) -> None:
    source = Source.objects.create(kind="calls", name="Calls", made_at=now())
    for address in ("/sources/", f"/sources/{source.pk}/"):
        assert "The plugin for this source is not installed." in text_of(signed_in(manager).get(address))


def test_who_may_not_finds_nothing(manager: Person, agent: Person, reader: Person) -> None:
    source = added(manager)
    for address in ("/sources/", f"/sources/{source.pk}/", "/sources/new/feed/"):
        assert signed_in(reader).get(address).status_code == 404
        assert Client().get(address).headers["Location"].startswith("/sign-in/")
        assert signed_in(manager).put(address).status_code == 405
    assert signed_in(agent).get("/sources/new/feed/").status_code == 404
    assert signed_in(manager).get("/sources/new/fax/").status_code == 404


@pytest.mark.parametrize("language", ["en", "cs", "hy", "nb", "et", "zh"])
def test_every_trouble_and_field_has_its_words(language: str) -> None:
    own = PAGE_TEXTS.own_texts(language)
    assert set(own["source_troubles"]) == SAID
    assert set(own["source_kinds"]) - {"rest"} == set(own["source_means"]) == SHIPPED
    named = set(own["source_fields"]) | set(own["imports_fields"])
    kinds: list[Slice] = [slices()[name] for name in SHIPPED]
    assert {field.name for made in kinds for field in made.fields} <= named
