"""The queue: one claimant wins, a crash repeats, nothing is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from forvent_server.actions.queue import BACK_OFF, LEASE, claim, enqueue, fail, finish, give_back, keep
from forvent_server.store.models import Job

pytestmark = pytest.mark.django_db


def test_a_job_of_one_key_waits_once(now: datetime) -> None:
    first, second = (enqueue("assess", key="all", now=now) for _ in range(2))
    assert first.pk == second.pk
    assert claim(first, by="a", now=now)
    assert enqueue("assess", key="all", now=now).pk != first.pk


def test_new_reason_for_a_job_brings_its_next_attempt_forward(now: datetime) -> None:
    job = enqueue("assess", key="all", now=now)
    claim(job, by="a", now=now)
    fail(job, trouble="broken", now=now, again=True)
    enqueue("assess", key="all", now=now)
    assert Job.objects.get().due_at == now


def test_of_two_claimants_one_wins(now: datetime) -> None:
    enqueue("read", now=now)
    mine, theirs = Job.objects.get(), Job.objects.get()
    assert claim(mine, by="a", now=now)
    assert not claim(theirs, by="b", now=now)
    assert Job.objects.get().leased_by == "a"


def test_a_job_whose_worker_crashed_is_due_again_after_its_lease(now: datetime) -> None:
    job = enqueue("read", now=now)
    assert claim(job, by="a", now=now)
    assert not Job.objects.due(now + LEASE).exists()
    later = now + LEASE + timedelta(seconds=1)
    again = Job.objects.due(later).get()
    assert claim(again, by="b", now=later)
    # The first one comes back to life: the job is no longer its own.
    assert not keep(job, now=later)
    assert not finish(job, now=later)
    assert finish(again, now=later)


def test_renewing_a_claim_tells_how_far_it_is(now: datetime) -> None:
    job = enqueue("read", now=now)
    claim(job, by="a", now=now)
    assert keep(job, now=now + timedelta(seconds=50), stage="read", done=3, total=9)
    kept = Job.objects.get()
    assert (kept.stage, kept.done, kept.total) == ("read", 3, 9)
    assert kept.leased_until == now + timedelta(seconds=50) + LEASE


def test_a_failed_job_waits_longer_each_time_and_fails_at_last(now: datetime) -> None:
    job = enqueue("read", now=now)
    for wait in BACK_OFF:
        claim(job, by="a", now=now)
        fail(job, trouble="broken", now=now, again=True)
        job = Job.objects.get()
        assert (job.state, job.due_at) == ("waiting", now + wait)
    claim(job, by="a", now=now)
    fail(job, trouble="broken", now=now, again=True)
    assert Job.objects.get().state == "failed"


def test_what_a_person_must_mend_is_not_tried_again(now: datetime) -> None:
    job = enqueue("read", now=now)
    claim(job, by="a", now=now)
    fail(job, trouble="No column looks like text.", now=now, again=False)
    kept = Job.objects.get()
    assert (kept.state, kept.trouble, kept.ended_at) == ("failed", "No column looks like text.", now)


def test_a_job_that_is_given_back_counts_as_not_begun(now: datetime) -> None:
    job = enqueue("read", now=now)
    claim(job, by="a", now=now)
    give_back(job, now=now)
    kept = Job.objects.get()
    assert (kept.state, kept.attempts, kept.leased_by) == ("waiting", 0, "")


def test_a_failed_job_makes_room_for_a_newer_one_of_its_key(now: datetime) -> None:
    job = enqueue("assess", key="all", now=now)
    claim(job, by="a", now=now)
    newer = enqueue("assess", key="all", now=now)
    fail(job, trouble="broken", now=now, again=True)
    assert Job.objects.get(pk=job.pk).state == "done"
    assert Job.objects.get(pk=newer.pk).state == "waiting"
