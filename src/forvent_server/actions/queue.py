"""The queue: put in, claim, keep, finish. A crash repeats a job and never loses it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from forvent_server.store.models import Job
from forvent_server.store.models.jobs import DONE, FAILED, RUNNING, WAITING, JobQuerySet
from forvent_server.store.prepared import Prepared

#: A claim that is not renewed for so long is taken for that of somebody who crashed.
LEASE = timedelta(seconds=60)
#: Waits before the second, third … attempt.
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 300, 3600))


_DUE = Prepared(
    lambda kind, key: (
        Job.objects.filter(kind=kind, key=key, state=WAITING).select_for_update().values_list("due_at")
    )
)


def enqueue(
    kind: str, *, now: datetime, key: str = "", due_at: datetime | None = None, **arguments: Any
) -> Job:
    """A job of the kind, in the caller's transaction; where one of that key waits still, that one.

    The one that waits is held until the caller's transaction ends: claimed before that, it would not
    see what the caller wrote.
    """
    due = due_at or now
    while True:
        with transaction.atomic():
            waiting = _waiting(kind, key).select_for_update().first() if key else None
            if waiting is not None:
                # There is new reason for it: it need not wait longer for its next attempt.
                Job.objects.filter(pk=waiting.pk, due_at__gt=due).update(due_at=due)
                return waiting
        try:
            with transaction.atomic():
                return Job.objects.create(kind=kind, key=key, arguments=arguments, made_at=now, due_at=due)
        except IntegrityError:
            # Somebody else put it in between our look and our word; by the next look it may be claimed.
            continue


def is_awaited(kind: str, *, key: str, now: datetime) -> bool:
    """Whether a job of the key waits and is due; held like that of ``enqueue``, and quicker asked.

    Called inside a transaction.
    """
    due = [due_at for (due_at,) in _DUE.rows(kind, key) if due_at <= now]
    return bool(due)


def claim(job: Job, *, by: str, now: datetime) -> bool:
    """Whether the job is ours now: one conditional update, which only one of several claimants wins."""
    won = Job.objects.filter(
        pk=job.pk, state=job.state, attempts=job.attempts, leased_by=job.leased_by
    ).update(
        state=RUNNING,
        leased_by=by,
        leased_until=now + LEASE,
        attempts=job.attempts + 1,
        began_at=now,
        trouble="",
    )
    if won:
        job.refresh_from_db()
    return bool(won)


def keep(job: Job, *, now: datetime, stage: str = "", done: int = 0, total: int | None = None) -> bool:
    """Renew the claim and tell how far it is; False where somebody else has it by now."""
    return bool(_ours(job).update(leased_until=now + LEASE, stage=stage[:64], done=done, total=total))


def renew(job: Job, *, now: datetime) -> bool:
    """Renew the claim and tell nothing; False where somebody else has it by now."""
    return bool(_ours(job).update(leased_until=now + LEASE))


def finish(job: Job, *, now: datetime) -> bool:
    """The job is done; False where somebody else has it by now."""
    return bool(_ours(job).update(state=DONE, ended_at=now, leased_until=None))


def give_back(job: Job, *, now: datetime) -> bool:
    """The job waits again at once, as if it had not been begun: the worker was asked to stop."""
    return _wait_again(job, now=now, due_at=now, leased_by="", attempts=job.attempts - 1)


def fail(job: Job, *, trouble: str, now: datetime, again: bool) -> bool:
    """The job went wrong: it waits for its next attempt, or has failed for good."""
    told: dict[str, Any] = {"trouble": trouble[:2000], "leased_by": ""}
    if again and job.attempts <= len(BACK_OFF):
        return _wait_again(job, now=now, due_at=now + BACK_OFF[job.attempts - 1], **told)
    return bool(_ours(job).update(state=FAILED, ended_at=now, leased_until=None, **told))


def _wait_again(job: Job, *, now: datetime, **change: Any) -> bool:
    """Whether the job was ours still. Where a newer one of its key waits already, that stands for both."""
    try:
        with transaction.atomic():
            return bool(_ours(job).update(state=WAITING, leased_until=None, **change))
    except IntegrityError:
        change |= {"state": DONE, "ended_at": now, "leased_until": None}
        return bool(_ours(job).update(**change))


def _waiting(kind: str, key: str) -> JobQuerySet:
    return Job.objects.filter(kind=kind, key=key, state=WAITING)


def _ours(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=RUNNING, leased_by=job.leased_by, attempts=job.attempts)
