"""Actions that became due are told by a job that comes back every hour, while somebody wants to be told."""

from __future__ import annotations

from datetime import datetime, timedelta

from forvent_server.actions.queue import claim, finish
from forvent_server.actions.webhooks import change_webhook, drop_webhook, make_webhook
from forvent_server.jobs.remind import remind
from forvent_server.jobs.work import Work
from forvent_server.store.models import Action, Delivery, Job, Person


def run(now: datetime) -> Job:
    """The reminder that is due, done."""
    job = Job.objects.due(now).get(kind="remind")
    assert claim(job, by="test", now=now)
    remind(Work(job, stopping=lambda: False, clock=lambda: now))
    assert finish(job, now=now)
    return job


def test_what_is_due_is_told_once_and_the_next_look_is_in_an_hour(owner: Person, now: datetime) -> None:
    make_webhook(address="https://example.org/x", events=["action.due"], who=owner, now=now)
    action = Action.objects.create(title="Call", expectation="on_time", due_on=now.date(), made_at=now)
    Action.objects.create(
        title="Later", expectation="on_time", due_on=now.date() + timedelta(days=2), made_at=now
    )
    run(now)
    told = Delivery.objects.get()
    assert (told.event, f'"action":{action.pk},' in told.body) == ("action.due", True)
    following = Job.objects.get(kind="remind", state="waiting")
    assert following.due_at == now + timedelta(hours=1)
    run(now + timedelta(hours=1))
    assert Delivery.objects.count() == 1


def test_a_reminder_that_is_repeated_after_a_crash_tells_nothing_twice(owner: Person, now: datetime) -> None:
    make_webhook(address="https://example.org/x", events=["action.due"], who=owner, now=now)
    Action.objects.create(title="Call", expectation="on_time", due_on=now.date(), made_at=now)
    job = Job.objects.get(kind="remind")
    assert claim(job, by="test", now=now)
    for _ in range(2):
        remind(Work(job, stopping=lambda: False, clock=lambda: now))
    assert Delivery.objects.count() == 1
    assert Job.objects.filter(kind="remind", state="waiting").count() == 1


def test_where_nobody_wants_to_be_told_it_comes_back_with_the_next_who_does(
    owner: Person, now: datetime
) -> None:
    made = make_webhook(address="https://example.org/x", events=["action.due"], who=owner, now=now)
    change_webhook(made, active=False, who=owner, now=now)
    run(now)
    assert not Job.objects.filter(kind="remind", state="waiting").exists()
    change_webhook(made, active=True, who=owner, now=now)
    run(now)
    assert Job.objects.filter(kind="remind", state="waiting").count() == 1
    drop_webhook(made, who=owner, now=now)
    run(now + timedelta(hours=1))
    assert not Job.objects.filter(kind="remind", state="waiting").exists()
