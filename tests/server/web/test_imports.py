"""Imports: a file is looked at before it is read, shows how far it is, and tells what could not be used."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings
from server_people import signed_in

from forvent.tables import LANGUAGES
from forvent_server.jobs.read import read
from forvent_server.jobs.work import Work
from forvent_server.store.models import Import, Job, Person, Voice

SAID = (
    "id,comment,stars,date,shop\n"
    '1,"It came late, and nobody called.",2,2026-02-01 08:30,Riga\n'
    "2,All fine.,5,2026-02-02,Oslo\n"
    "3,,,not a date,Oslo\n"
)


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path) -> Any:
    with override_settings(UPLOADS=tmp_path):
        yield


def sent(client: Client, content: str = SAID, *, holds: str = "voices", name: str = "said.csv") -> str:
    file = SimpleUploadedFile(name, content.encode())
    return str(client.post("/imports/upload/", {"file": file, "holds": holds}).headers["Location"])


def shown(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def working(made: Import) -> Job:
    job = Job.objects.get(kind="read", key=f"import-{made.pk}")
    Job.objects.filter(pk=job.pk).update(state="running", leased_by="t")
    job.refresh_from_db()
    return job


def test_the_first_rows_are_shown_as_they_will_be_read(agent: Person) -> None:
    client = signed_in(agent)
    page = shown(client, sent(client))
    preview = page[page.index('id="preview"') : page.index("</table>", page.index('id="preview"'))]
    assert "It came late, and nobody called." in preview
    assert "February 1, 2026 08:30" in preview
    assert "<td>2</td>" in preview
    assert Voice.objects.count() == 0


def test_another_column_is_tried_before_anything_is_read(agent: Person) -> None:
    client = signed_in(agent)
    address = sent(client)
    columns = {"column-text": "shop", "column-id": "id"}
    page = client.post(address, columns | {"action": "look"}).content.decode()
    preview = page[page.index('id="preview"') :]
    assert "<td>Riga</td>" in preview[: preview.index("</table>")]
    assert "<option selected>shop</option>" in page
    assert not Job.objects.filter(kind="read").exists()
    assert Import.objects.get().state == "uploaded"


def test_a_column_that_is_not_there_is_told(agent: Person) -> None:
    client = signed_in(agent)
    answer = client.post(sent(client), {"column-text": "nowhere"})
    assert answer.status_code == 400
    assert "nowhere" in answer.content.decode()
    assert Import.objects.get().state == "uploaded"


def test_a_file_shows_how_far_it_is_and_what_could_not_be_used(agent: Person, now: datetime) -> None:
    client = signed_in(agent)
    address = sent(client)
    client.post(address, {"column-text": "comment", "column-id": "id", "column-rating": "stars"})
    made = Import.objects.get()
    job = working(made)
    Job.objects.filter(pk=job.pk).update(done=1234, total=5678)
    waiting = shown(client, address)
    assert 'max="5678" value="1234"' in waiting
    assert "1,234 of 5,678" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    job.refresh_from_db()
    read(Work(job, stopping=lambda: False))
    done = shown(client, address)
    assert "hx-trigger" not in done
    assert "Could not be used" in done
    assert "<td>4</td>" in done
    assert Voice.objects.count() == 2
    assert "said.csv" in shown(client, "/imports/")


def test_episodes_are_shown_with_their_moments(agent: Person) -> None:
    client = signed_in(agent)
    content = "order,start,promised,delivered\no1,2026-01-05 09:00,2026-01-08,2026-01-07 16:20\n"
    page = shown(client, sent(client, content, holds="episodes", name="orders.csv"))
    assert "January 7, 2026 16:20" in page
    assert "<td>o1</td>" in page


def test_what_a_file_holds_is_never_markup(agent: Person) -> None:
    client = signed_in(agent)
    content = 'id,comment\n1,"Late & dear: price > value, nobody told us."\n'
    page = shown(client, sent(client, content, name="<b>said</b>.csv"))
    assert "Late &amp; dear: price &gt; value" in page
    assert "<b>said</b>" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_shown_in_every_language(agent: Person, language: str) -> None:
    Person.objects.update(language=language)
    client = signed_in(Person.objects.get(pk=agent.pk))
    assert 'id="preview"' in shown(client, sent(client))


def test_a_reader_finds_no_imports_and_other_methods_are_refused(reader: Person, agent: Person) -> None:
    assert signed_in(reader).get("/imports/").status_code == 404
    client = signed_in(agent)
    assert client.get("/imports/upload/").status_code == 405
    assert client.put("/imports/").status_code == 405
    assert client.post("/imports/upload/", {"holds": "secrets"}).status_code == 400
    assert client.post("/imports/upload/", {"holds": "voices"}).status_code == 400
