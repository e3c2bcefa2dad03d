"""The jobs: a file becomes voices, voices become mentions, mentions become an assessment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from forvent_server.actions.imports import start_import, upload
from forvent_server.actions.queue import enqueue
from forvent_server.jobs import worker
from forvent_server.jobs.work import Work
from forvent_server.store.models import Assessment, GapValue, Import, Job, Mention, Person, Voice

ROWS = [
    ("My order arrived two days after the promised date.", 1),
    ("Delivered on the promised day. Thank you.", 5),
    ("The box was broken when it arrived.", 2),
    ("Nobody answers my e-mails.", 1),
    ("Very friendly people at the counter.", 5),
]


@pytest.fixture
def imported(owner: Person, now: datetime, tmp_path: Path) -> Import:
    file = tmp_path / "voices.csv"
    lines = [f"{number},{text},{stars}" for number, (text, stars) in enumerate(ROWS * 4, start=1)]
    file.write_text("\n".join(["id,comment,stars", *lines, "99,,"]), encoding="utf-8")
    made = upload(
        name="voices.csv",
        holds="voices",
        path=str(file),
        size=file.stat().st_size,
        sha256="0" * 64,
        who=owner,
        now=now,
    )
    return start_import(made, mapping={}, options={}, who=owner, now=now)


def run_all() -> None:
    one = worker.Worker(name="test")
    while one.work_once():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_file_becomes_an_assessment(imported: Import) -> None:
    run_all()
    imported.refresh_from_db()
    assert (imported.state, imported.brought, imported.rows) == ("done", 20, 21)
    assert imported.report["unusable"] == [
        {"reason": "neither text nor rating", "count": 1, "rows": [22], "column": None, "example": None}
    ]
    assert not Voice.objects.filter(identified_at=None).exists()
    assert Mention.objects.filter(expectation="on_time", polarity="unmet").count() == 4
    made = Assessment.objects.get()
    assert made.voices == 20
    assert made.findings["schema"] == "forvent/findings/2"
    assert GapValue.objects.filter(assessment=made, expectation="on_time", touchpoint="").exists()
    assert set(Job.objects.exclude(kind="retain").values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db(transaction=True)
def test_equal_data_give_no_second_assessment(imported: Import, now: datetime) -> None:
    run_all()
    enqueue("assess", key="all", now=now)
    run_all()
    assert Assessment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_reading_a_file_again_after_a_crash_doubles_nothing(imported: Import, now: datetime) -> None:
    run_all()
    Import.objects.filter(pk=imported.pk).update(state="reading")
    enqueue("read", now=now, import_id=imported.pk)
    run_all()
    imported.refresh_from_db()
    assert (imported.brought, imported.known, Voice.objects.count()) == (0, 20, 20)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_read_says_why(owner: Person, now: datetime, tmp_path: Path) -> None:
    made = upload(
        name="x.csv", holds="voices", path=str(tmp_path / "gone"), size=1, sha256="0", who=owner, now=now
    )
    start_import(made, mapping={}, options={}, who=owner, now=now)
    run_all()
    made.refresh_from_db()
    assert made.state == "failed"
    assert "gone" in made.trouble


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def put(**jobs: Callable[[Work], None]) -> None:
        monkeypatch.setattr(worker, "KINDS", jobs)

    return put


@pytest.mark.django_db(transaction=True)
def test_what_breaks_is_tried_again_later_and_its_words_are_not_kept(
    kinds: Callable[..., None], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(work: Work) -> None:
        raise ValueError("words of a customer")

    kinds(broken=broken)
    enqueue("broken", now=now)
    run_all()
    job = Job.objects.get()
    assert (job.state, job.trouble, job.attempts) == ("waiting", "ValueError", 1)
    assert "words of a customer" not in caplog.text
    assert "ValueError in broken" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_stopped_gives_its_job_back(kinds: Callable[..., None], now: datetime) -> None:
    one = worker.Worker(name="test")

    def long(work: Work) -> None:
        one.stop()
        work.progress("long", 1, 2)
        raise AssertionError("it went on")

    kinds(long=long)
    enqueue("long", now=now)
    assert one.work_once()
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("waiting", 0)


@pytest.mark.django_db(transaction=True)
def test_a_job_nobody_knows_fails_and_says_so(now: datetime) -> None:
    enqueue("unheard", now=now)
    run_all()
    assert Job.objects.get().trouble == "There is no job 'unheard'."
