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
    NoTarget,
    NothingToCompare,
    TooFewJudge,
    Unplanned,
    add_action,
    baseline_of,
    change_action,
    check_action,
    drop_action,
    efforts_given,
    finish_action,
    start_action,
)
from forvent_server.actions.people import NotAllowed
from forvent_server.jobs.effects import effects
from forvent_server.jobs.work import Work
from forvent_server.store.models import Action, Event, Job, Person, Voice
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


def test_a_target_of_ones_own_stands_in_for_what_is_expected(owner: Person) -> None:
    say_weekly("on_time", first=BEGAN, weeks=20, met=3, unmet=7)
    weeks = weeks_so_far("on_time", measure="share_met")
    wanted = new(owner, target=0.6)
    check_action(wanted)
    _, target = baseline_of(wanted, shop(), weeks=weeks)
    assert (target.value, target.low, target.high) == (0.6, 0.6, 0.6)
    _, usual = baseline_of(new(owner), shop(), weeks=weeks)
    assert usual.value != 0.6
    with pytest.raises(NoTarget, match=r"A target of 1\.2 cannot be"):
        check_action(new(owner, target=1.2))


def test_an_action_is_measured_by_the_rating_of_all_voices(owner: Person, now: datetime) -> None:
    say_weekly("on_time", first=BEGAN, weeks=12, met=3, unmet=7)
    Voice.objects.update(rating=0.25, rating_given=2.0)
    say_weekly("choice", first=BEGAN, weeks=2, met=1, unmet=1)
    wanted = new(owner, measure="rating", target=0.75)
    check_action(wanted)
    weeks = weeks_so_far("on_time", measure="rating")
    assert sum(one.n for one in weeks) == 120
    baseline, target = baseline_of(wanted, shop(), weeks=weeks)
    assert (baseline.estimate.value, target.value) == (0.25, 0.75)
    made = add_action(wanted, baseline=baseline, target=target, who=owner, now=now)
    finish_action(made, on=now.date(), who=owner, now=now)
    say_weekly(
        "on_time", first=now.replace(tzinfo=None) + timedelta(weeks=1), weeks=16, met=9, unmet=1, key="z"
    )
    Voice.objects.filter(key__startswith="z").update(rating=0.75)
    job = Job.objects.get(kind="effects")
    Job.objects.filter(pk=job.pk).update(state="running", leased_by="t")
    job.refresh_from_db()
    effects(Work(job, stopping=lambda: False, clock=lambda: now))
    made.refresh_from_db()
    assert made.effect["after"]["value"] == pytest.approx(0.75)
    with pytest.raises(NoTarget, match="A mean rating needs a target"):
        check_action(new(owner, measure="rating"))
    with pytest.raises(NothingToCompare):
        check_action(new(owner, measure="rating", target=0.9, comparison="choice"))


def test_another_person_day_or_effort_is_kept_and_told(owner: Person, manager: Person, now: datetime) -> None:
    made = planned(owner, now)
    change_action(made, owner=manager, due_on=date(2026, 5, 1), effort="S", who=owner, now=now)
    assert (made.owner, str(made.due_on), made.effort) == (manager, "2026-05-01", "S")
    assert efforts_given() == {"on_time": 2.0}
    event = Event.objects.get(what="change action")
    assert event.details["effort"] == " → S"
    change_action(made, owner=manager, due_on=date(2026, 5, 1), effort="S", who=owner, now=now)
    assert Event.objects.filter(what="change action").count() == 1
    with pytest.raises(Unplanned):
        change_action(made, owner=None, due_on=None, effort="S", who=owner, now=now)
    drop_action(made, why="No carrier has room.", who=owner, now=now)
    with pytest.raises(ActionClosed):
        change_action(made, owner=manager, due_on=None, effort="L", who=owner, now=now)
    assert efforts_given() == {}
