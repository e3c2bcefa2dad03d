"""Actions: planned with a frozen baseline, done or dropped, measured afterwards by the library."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from server_findings import assessed, say_weekly, shop

from forvent_server.actions.actions import (
    ActionClosed,
    ComparedWithItself,
    DayAhead,
    NewAction,
    NoReason,
    TooFewJudge,
    Unplanned,
    add_action,
    baseline_of,
    check_action,
    drop_action,
    finish_action,
    start_action,
)
from forvent_server.actions.people import NotAllowed
from forvent_server.jobs.effects import effects
from forvent_server.jobs.work import Work
from forvent_server.store.models import Action, Event, Job, Person
from forvent_server.weeks import weeks_so_far

BEGAN = datetime(2025, 10, 6, 12)


def new(who: Person, **change: object) -> NewAction:
    plain = NewAction(
        title="A second carrier", expectation="on_time", hypothesis="The first one is full.", owner=who
    )
    return replace(plain, **change)  # type: ignore[arg-type]


def planned(owner: Person, now: datetime) -> Action:
    say_weekly("on_time", first=BEGAN, weeks=20, met=3, unmet=7)
    wanted = new(owner)
    weeks = weeks_so_far("on_time", measure="share_met")
    baseline, target = baseline_of(wanted, shop(), weeks=weeks)
    return add_action(wanted, baseline=baseline, target=target, who=owner, now=now)


def test_the_baseline_is_what_was_found_until_now_and_stays(owner: Person, now: datetime) -> None:
    made = planned(owner, now)
    assert (made.state, made.baseline["estimate"]["n"]) == ("planned", 200)
    assert made.baseline["estimate"]["value"] == pytest.approx(0.3)
    say_weekly("on_time", first=BEGAN, weeks=2, met=10, unmet=0, key="later")
    made.refresh_from_db()
    assert made.baseline["estimate"]["value"] == pytest.approx(0.3)
    event = Event.objects.get(what="add action")
    assert event.details == {"expectation": "on_time", "measure": "share_met", "due": ""}


def test_what_became_of_it_is_measured_from_the_weeks_after(owner: Person, now: datetime) -> None:
    made = planned(owner, now)
    finish_action(made, on=now.date(), who=owner, now=now)
    assert Job.objects.get(kind="effects").state == "waiting"
    after = now.replace(tzinfo=None) + timedelta(weeks=1)
    say_weekly("on_time", first=after, weeks=16, met=9, unmet=1, key="after")
    job = Job.objects.get(kind="effects")
    job.state, job.leased_by = "running", "t"
    job.save()
    effects(Work(job, stopping=lambda: False, clock=lambda: now))
    made.refresh_from_db()
    assert made.effect["verdict"] in ("closed", "narrower")
    assert made.effect["after"]["value"] == pytest.approx(0.9)
    effects(Work(job, stopping=lambda: False, clock=lambda: now))
    assert Event.objects.filter(what="measure action").count() == 1


def test_too_few_judgements_are_no_baseline(owner: Person) -> None:
    with pytest.raises(TooFewJudge) as refused:
        baseline_of(new(owner), shop(), weeks=())
    assert refused.value.message == "0 dated judgements of 'on_time' are too few for a baseline."


def test_an_action_needs_what_who_and_why(owner: Person) -> None:
    for lack in ({"title": " "}, {"hypothesis": ""}, {"owner": None}):
        with pytest.raises(Unplanned):
            check_action(new(owner, **lack))
    with pytest.raises(ComparedWithItself):
        check_action(new(owner, comparison="on_time"))


def test_a_closed_action_stays_closed(owner: Person, now: datetime) -> None:
    made = planned(owner, now)
    start_action(made, who=owner, now=now)
    with pytest.raises(DayAhead):
        finish_action(made, on=date(2030, 1, 1), who=owner, now=now)
    with pytest.raises(NoReason):
        drop_action(made, why=" ", who=owner, now=now)
    drop_action(made, why="No carrier has room.", who=owner, now=now)
    assert (made.state, made.why) == ("dropped", "No carrier has room.")
    with pytest.raises(ActionClosed):
        finish_action(made, on=now.date(), who=owner, now=now)


def test_an_agent_plans_nothing(owner: Person, agent: Person, now: datetime) -> None:
    made = planned(owner, now)
    with pytest.raises(NotAllowed):
        start_action(made, who=agent, now=now)
    assert assessed(shop(), now=now).gap_values.exists()
