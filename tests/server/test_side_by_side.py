"""Several processes at once on PostgreSQL: no job is lost or done twice, and no voice is doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction

from forvent.records import Voice as Given
from forvent_server.actions.imports import files_source
from forvent_server.actions.people import NotAllowed, open_workspace
from forvent_server.actions.queue import claim, enqueue
from forvent_server.actions.voices import take_in_voices
from forvent_server.jobs import worker
from forvent_server.jobs.work import Work
from forvent_server.store.models import Job, Voice

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        reason="SQLite lets one write at a time; make test runs these on PostgreSQL",
    ),
]
WAIT = 20


def at_once(*jobs: Callable[[], Any]) -> list[BaseException]:
    """Run all of them at the same moment, each on its own connection; what went wrong."""
    start, wrong = threading.Barrier(len(jobs)), list[BaseException]()

    def run(job: Callable[[], Any]) -> None:
        try:
            start.wait(WAIT)
            job()
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert not any(thread.is_alive() for thread in threads)
    return wrong


def test_each_job_is_done_by_one_of_several_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(worker, "KINDS", {"count": lambda work: done.append(work.job.pk)})
    jobs = [enqueue("count", now=datetime.now(UTC)).pk for _ in range(40)]

    def work() -> None:
        one = worker.Worker()
        # A worker that loses all its claims looks again.
        while Job.objects.exclude(state="done").exists():
            one.work_once()

    assert at_once(work, work, work, work) == []
    assert sorted(done) == jobs


def test_what_waits_is_not_claimed_before_its_new_reason_is_there(now: datetime) -> None:
    waiting = enqueue("identify", key="new", now=now)
    seen: list[int] = []
    put, claimed = threading.Event(), threading.Event()

    def bring() -> None:
        with transaction.atomic():
            take_in_voices([Given("1", "Late.", 1)], source=files_source(now), now=now)
            put.set()
            # Had the other one not to wait for us, it would be through by now.
            claimed.wait(0.5)

    def take() -> None:
        assert put.wait(WAIT)
        assert claim(waiting, by="other", now=now)
        claimed.set()
        seen.append(Voice.objects.count())

    assert at_once(bring, take) == []
    assert seen == [1]


def test_one_file_sent_twice_at_once_brings_each_voice_once(now: datetime) -> None:
    source = files_source(now)
    said = [
        Given(str(number), f"Late again, {number}.", number, customer=f"c{number % 7}")
        for number in range(200)
    ]

    def bring(order: int) -> Callable[[], Any]:
        return lambda: take_in_voices(said[::order], source=source, now=now)

    assert at_once(bring(1), bring(1), bring(1)) == []
    assert Voice.objects.count() == 200
    assert Voice.objects.values("customer").distinct().count() == 7


def test_jobs_of_one_key_put_in_at_once_wait_once(now: datetime) -> None:
    assert at_once(*[lambda: enqueue("assess", key="all", now=now)] * 6) == []
    assert Job.objects.get().state == "waiting"


def test_a_job_given_back_beside_a_newer_one_is_done() -> None:
    now, one = datetime.now(UTC), worker.Worker(name="test")
    job = enqueue("assess", key="all", now=now)
    assert claim(job, by="test", now=now)
    enqueue("assess", key="all", now=now)

    def stopped(work: Work) -> None:
        one.stop()
        work.progress("assess", 0, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "KINDS", {"assess": stopped})
        one._do(job)
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "waiting"]


def test_of_two_who_open_a_new_workspace_one_becomes_its_owner(now: datetime) -> None:
    def start(name: str) -> Callable[[], Any]:
        return lambda: open_workspace(
            business=name,
            name=name,
            email=f"{name}@example.org",
            password="a long enough word 7",
            language="en",
            now=now,
        )

    wrong = at_once(start("ada"), start("bob"))
    assert [type(error) for error in wrong] == [NotAllowed]
