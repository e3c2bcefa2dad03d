"""Personal data are taken out of texts before these are kept, once an owner says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import override_settings
from server_people import signed_in

from forvent.records import Voice as Given
from forvent_server.actions import brought
from forvent_server.actions.brought import bring_voices
from forvent_server.actions.imports import files_source
from forvent_server.actions.people import NotAllowed, make_key
from forvent_server.actions.retention import change_masking
from forvent_server.actions.voices import TakenIn, take_in_voices
from forvent_server.jobs.read import read
from forvent_server.jobs.work import Work
from forvent_server.store.models import ApiKey, Business, Event, Import, Job, Person, Voice

TEXT = "Write to jana.nova@example.org, it came late."
SAID = Given("1", TEXT, 1, language="en")


@pytest.fixture(autouse=True)
def forgetful(tmp_path: Path) -> Iterator[None]:
    with override_settings(UPLOADS=tmp_path):
        yield
    brought._sources.clear()
    brought._said.clear()


@pytest.fixture
def key(owner: Person, now: datetime) -> ApiKey:
    made = make_key(name="shop", scopes=["write"], who=owner, now=now)[0]
    bring_voices([Given("0", "First.", 1)], source="shop", key=made, now=now)
    brought._said[(made.pk, "bring voices")] = brought._hour(now)
    return made


def kept() -> list[str]:
    return list(Voice.objects.filter(text__contains="came late").values_list("text", flat=True))


def test_an_owner_says_so_on_the_page_of_privacy_and_the_audit_tells(owner: Person, manager: Person) -> None:
    client = signed_in(owner)
    assert "checked" not in client.get("/settings/privacy/").content.decode()
    client.post("/settings/privacy/", {"mask": "on", "uploads": "30"})
    assert Business.objects.get().mask
    shown = client.get("/settings/privacy/").content.decode()
    assert 'value="on" checked' in shown
    assert Event.objects.get(what="change masking").details == {"mask": "on"}
    assert "changed whether personal data are taken out of texts" in client.get("/audit/").content.decode()
    signed_in(manager).post("/settings/privacy/", {"uploads": "30"})
    assert Business.objects.get().mask
    client.post("/settings/privacy/", {"uploads": "30"})
    assert not Business.objects.get().mask


def test_a_manager_changes_nothing(manager: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        change_masking(True, who=manager, now=now)
    assert not Business.objects.get().mask


def test_without_it_texts_are_kept_as_they_came(key: ApiKey, now: datetime) -> None:
    bring_voices([SAID], source="shop", key=key, now=now)
    assert kept() == [TEXT]


@pytest.mark.parametrize("number", [1, 3])
def test_nothing_personal_of_a_program_is_kept_one_by_one_or_many(
    key: ApiKey, owner: Person, now: datetime, number: int
) -> None:
    change_masking(True, who=owner, now=now)
    bring_voices([replace(SAID, voice_id=str(n + 1)) for n in range(number)], source="shop", key=key, now=now)
    assert kept() == ["Write to [e-mail], it came late."] * number


def test_a_voice_that_came_before_is_the_same_afterwards(key: ApiKey, owner: Person, now: datetime) -> None:
    for on in (False, True, False):
        change_masking(on, who=owner, now=now)
        bring_voices([SAID], source="shop", key=key, now=now)
    assert kept() == [TEXT]
    change_masking(True, who=owner, now=now)
    again = replace(SAID, episode="A1")
    assert bring_voices([again], source="shop", key=key, now=now) == TakenIn(new=0, known=1, told=1)
    assert Voice.objects.get(episode_key="A1").text == TEXT


def test_nothing_personal_of_a_source_is_kept(owner: Person, now: datetime) -> None:
    change_masking(True, who=owner, now=now)
    take_in_voices([SAID], source=files_source(now), now=now)
    assert kept() == ["Write to [e-mail], it came late."]


@pytest.mark.parametrize("by", ["business", "file"])
def test_an_upload_is_masked_and_says_how_often(owner: Person, now: datetime, by: str) -> None:
    if by == "business":
        change_masking(True, who=owner, now=now)
    client = signed_in(owner)
    file = SimpleUploadedFile("said.csv", f'id,comment\n1,"{TEXT}"\n2,All fine.\n'.encode())
    address = client.post("/imports/upload/", {"file": file, "holds": "voices"}).headers["Location"]
    shown = client.get(address).content.decode()
    assert ('name="mask"' in shown) == (by == "file")
    chosen = {"mask": "on"} if by == "file" else {}
    client.post(address, {"column-text": "comment", "column-id": "id"} | chosen)
    job = Job.objects.get(kind="read")
    Job.objects.filter(pk=job.pk).update(state="running", leased_by="t")
    job.refresh_from_db()
    read(Work(job, stopping=lambda: False))
    assert kept() == ["Write to [e-mail], it came late."]
    assert Import.objects.get().report["masked"] == {"e-mail": 1}
    assert "<dt>Personal data taken out</dt><dd>1</dd>" in client.get(address).content.decode()
