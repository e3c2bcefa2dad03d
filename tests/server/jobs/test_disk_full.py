"""A disk that runs full while files come: nothing half-written, and it is said."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from server_people import signed_in

from forvent_server.actions.imports import start_import, upload
from forvent_server.actions.queue import enqueue
from forvent_server.jobs import read as reading
from forvent_server.jobs.worker import Worker
from forvent_server.store.models import Import, Job, Person, Voice

FULL = [OSError(28, "No space left on device")]


def work_once() -> None:
    assert Worker(name="test").work_once()


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_keeps_whole_batches_and_says_so(
    owner: Person, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Job.objects.all().delete()
    monkeypatch.setattr(reading, "ROWS", 100)
    file = tmp_path / "voices.csv"
    rows = [f"{number},Late again: {'late ' * 100}{number}.,1" for number in range(300)]
    file.write_text("\n".join(["id,comment,stars", *rows]), encoding="utf-8")
    made = upload(
        name="voices.csv",
        holds="voices",
        path=str(file),
        size=file.stat().st_size,
        sha256="0",
        who=owner,
        now=now,
    )
    start_import(made, mapping={}, options={}, who=owner, now=now)
    take_in, taken = reading._take_in, []

    def until_full(batch: list[Any], **given: Any) -> Any:
        if taken:
            raise FULL[0]
        taken.append(batch)
        return take_in(batch, **given)

    with monkeypatch.context() as patch:
        patch.setattr(reading, "_take_in", until_full)
        work_once()
    made.refresh_from_db()
    assert (made.state, made.brought, Voice.objects.count()) == ("failed", 100, 100)
    assert made.trouble.startswith("The disk of the workspace is full; what came so far is kept.")
    # With space again it goes on, and nothing comes twice.
    start_import(made, mapping={}, options={}, who=owner, now=now)
    Job.objects.exclude(kind="read").delete()
    work_once()
    made.refresh_from_db()
    assert (made.state, made.brought, made.known, Voice.objects.count()) == ("done", 200, 100, 300)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be told how large it may become")
def test_a_database_that_may_not_grow_takes_no_half_of_a_batch(
    owner: Person, now: datetime, tmp_path: Path
) -> None:
    Job.objects.all().delete()
    file = tmp_path / "voices.csv"
    rows = [f"{number},{'late ' * 500}{number}.,1" for number in range(900)]
    file.write_text("\n".join(["id,comment,stars", *rows]), encoding="utf-8")
    made = upload(
        name="voices.csv",
        holds="voices",
        path=str(file),
        size=file.stat().st_size,
        sha256="0",
        who=owner,
        now=now,
    )
    start_import(made, mapping={}, options={}, who=owner, now=now)
    with connection.cursor() as cursor:
        # What earlier tests left free would be room to grow into.
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 60}")
    try:
        work_once()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    made.refresh_from_db()
    assert (made.state, Voice.objects.count()) == ("failed", 0)
    assert "is full" in made.trouble


@pytest.mark.django_db
def test_an_upload_that_finds_no_space_leaves_nothing(
    owner: Person, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOADS = tmp_path / "uploads"

    def full(*_: object) -> None:
        raise FULL[0]

    client = signed_in(owner)
    file = SimpleUploadedFile("voices.csv", b"id,comment\n1,Late.\n")
    digest = SimpleNamespace(sha256=lambda: SimpleNamespace(update=full))
    monkeypatch.setattr("forvent_server.web.uploads.hashlib", digest)
    answer = client.post("/imports/upload/", {"file": file, "holds": "voices"})
    assert answer.status_code == 400
    assert "The file could not be kept: No space left on device." in answer.content.decode()
    assert list((tmp_path / "uploads").iterdir()) == []
    assert not Import.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_else_goes_wrong_with_the_database_is_tried_again(
    owner: Person, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Job.objects.all().delete()
    file = tmp_path / "voices.csv"
    file.write_text("id,comment,stars\n1,Late.,1\n", encoding="utf-8")
    made = upload(
        name="voices.csv",
        holds="voices",
        path=str(file),
        size=file.stat().st_size,
        sha256="0",
        who=owner,
        now=now,
    )
    start_import(made, mapping={}, options={}, who=owner, now=now)

    def away(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(reading, "_take_in", away)
    work_once()
    assert Job.objects.get(kind="read").state == "waiting"
    assert enqueue("read", key=f"import-{made.pk}", now=now).state == "waiting"
