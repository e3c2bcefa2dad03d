"""What the business does about gaps: planned with a frozen baseline, done or dropped, measured afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from forvent.adjust.effect import DEFINITION, pooled, rebound
from forvent.adjust.priorities import chances_real, effort_in_days
from forvent.errors import BadOption, NothingUsable
from forvent.records import Estimate, Findings, Gap
from forvent.records.effect import Baseline, Tally
from forvent.report.versioned_json import jsonable
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import enqueue
from forvent_server.store.models import Action, Person

PLANNED, DOING, DONE, DROPPED = "planned", "doing", "done", "dropped"
OPEN = (PLANNED, DOING)
EFFORTS = ("", "S", "M", "L")
MEASURES = ("share_met", "kept", "rating")
#: Measures that are those of all customers, whatever the action is about.
OF_ALL = ("kept", "rating")
LEAST_JUDGED = 5
#: Half the width of a 95 % interval, in standard errors.
HALF_WIDTH = 1.96


class Unplanned(BadOption):
    """Something that an action needs is not said."""

    code = "action-incomplete"


class ComparedWithItself(BadOption):
    """What an action is compared with is what it is about."""

    code = "action-compared-with-itself"


class NothingToCompare(BadOption):
    """What an action is measured by is the same for everything it could be compared with."""

    code = "action-no-comparison"


class NoTarget(BadOption):
    """What an action has to reach is not said, or cannot be reached by any."""

    code = "action-target"


class ActionClosed(BadOption):
    """An action is done or dropped already."""

    code = "action-closed"


class NoReason(BadOption):
    """An action is dropped without a reason."""

    code = "action-no-reason"


class DayAhead(BadOption):
    """Something is said to be done on a day that is still to come."""

    code = "action-day-ahead"


class TooFewJudge(NothingUsable):
    """Too few speak of what an action is about, or of what it is compared with, to measure it."""

    code = "action-too-few"


@dataclass(frozen=True, slots=True)
class NewAction:
    """What a person says of an action.

    ``target`` is what its measure has to reach, 0–1. Where it is not said, it is what customers expect, or
    the share of promises that the business wants to keep; for a rating it has to be said.
    """

    title: str
    expectation: str
    hypothesis: str
    touchpoint: str = ""
    measure: str = "share_met"
    comparison: str = ""
    owner: Person | None = None
    due_on: date | None = None
    effort: str = ""
    target: float | None = None

    @property
    def subject(self) -> str:
        """What it is about, as the library names it."""
        return f"{self.expectation}@{self.touchpoint}" if self.touchpoint else self.expectation


def baseline_of(
    new: NewAction, findings: Findings, *, weeks: Sequence[Tally], beside: Sequence[Tally] = ()
) -> tuple[Baseline, Estimate]:
    """What is known at the moment of deciding, and what the measure has to reach; both stay as they are.

    Raises
    ------
    NothingUsable
        If too few judge the subject or the comparison, or it is not known what is expected.
    """
    judged, estimate = sum(one.n for one in weeks), pooled(weeks)
    if judged < LEAST_JUDGED or not isinstance(estimate, Estimate):
        raise TooFewJudge(
            f"{judged} dated judgements of '{new.subject}' are too few for a baseline.",
            hint="Choose another gap, or wait until more customers speak of it.",
        )
    if new.comparison and sum(one.n for one in beside) < LEAST_JUDGED:
        raise TooFewJudge(
            f"Too few judge the comparison '{new.comparison}'.", hint="Take another comparison, or none."
        )
    target, rise = _aim(new, findings)
    return Baseline(
        estimate=estimate,
        first=weeks[0].week,
        last=weeks[-1].week + timedelta(days=6),
        definition=f"{new.measure}/1, {DEFINITION}",
        rebound=rise,
        weeks=tuple(weeks),
        comparison_weeks=tuple(beside),
    ), target


def _aim(new: NewAction, findings: Findings) -> tuple[Estimate, float]:
    if new.measure in OF_ALL:
        return _exactly(findings.level if new.target is None else new.target), 0.0
    gaps = findings.touchpoints if new.touchpoint else findings.gaps
    known = [(gap, gap.gap) for gap in gaps if isinstance(gap.gap, Estimate)]
    chances = chances_real(
        [one.value for _, one in known],
        errors=[max(one.high - one.low, 1e-6) / (2 * HALF_WIDTH) for _, one in known],
    )
    for place, (gap, value) in enumerate(known):
        if not _is_about(gap, new):
            continue
        rise = rebound(value.value, shrunk=float(chances.shrunk[place]))
        if new.target is not None:
            return _exactly(new.target), rise
        if isinstance(gap.expected, Estimate):
            share, n = gap.expected.value, gap.expected.n
            return Estimate(share, share, share, n, gap.expected.level), rise
    raise TooFewJudge(
        f"What is expected of '{new.subject}' is not known.", hint="Choose a gap that has a number."
    )


def _exactly(share: float) -> Estimate:
    return Estimate(share, share, share, 0)


def _is_about(gap: Gap, new: NewAction) -> bool:
    return gap.expectation == new.expectation and (gap.touchpoint or "") == new.touchpoint


@transaction.atomic
def add_action(new: NewAction, *, baseline: Baseline, target: Estimate, who: Person, now: datetime) -> Action:
    """An action is planned; its baseline never changes afterwards.

    Raises
    ------
    NotAllowed
        If who asks may not plan.
    BadOption
        If a part is missing or cannot be.
    """
    _may_plan(who)
    check_action(new)
    made = Action.objects.create(
        title=new.title.strip()[:300],
        expectation=new.expectation,
        touchpoint=new.touchpoint,
        hypothesis=new.hypothesis.strip(),
        measure=new.measure,
        baseline=jsonable(baseline),
        target=jsonable(target),
        comparison=new.comparison,
        owner=new.owner,
        due_on=new.due_on,
        effort=new.effort,
        made_at=now,
    )
    about = {"expectation": new.expectation, "measure": new.measure, "due": str(new.due_on or "")}
    record("add action", who=who, now=now, about=made, **about)
    return made


@transaction.atomic
def change_action(
    made: Action, *, owner: Person | None, due_on: date | None, effort: str, who: Person, now: datetime
) -> Action:
    """Somebody else does it, until another day, or with another effort, by which the plan is ranked then.

    What it is about, why it should help and what it is measured by stay: else its effect would mean nothing.

    Raises
    ------
    BadOption
        If it is not open, nobody is to do it, or there is no such effort.
    """
    _may_plan(who)
    if owner is None:
        raise Unplanned("An action needs somebody who does it.", hint="Choose who.")
    if effort not in EFFORTS:
        raise BadOption("There is no such measure or effort.", hint="Choose one of those shown.")
    before = {"owner": made.owner_id, "due": str(made.due_on or ""), "effort": made.effort}
    if not Action.objects.filter(pk=made.pk, state__in=OPEN).update(
        owner=owner, due_on=due_on, effort=effort
    ):
        raise ActionClosed("The action is closed already.", hint="Add another action instead.")
    after = {"owner": owner.pk, "due": str(due_on or ""), "effort": effort}
    changed = {name: f"{before[name]} → {after[name]}" for name in after if before[name] != after[name]}
    made.refresh_from_db()
    if changed:
        record("change action", who=who, now=now, about=made, **changed)
    return made


def efforts_given() -> dict[str, float]:
    """What people say that closing a gap takes, in days by expectation; the last word counts."""
    planned = Action.objects.exclude(effort="").exclude(state=DROPPED).order_by("pk")
    return {one.expectation: effort_in_days(one.effort) for one in planned.only("expectation", "effort")}


def check_action(new: NewAction) -> None:
    """Refuse an action without what, who or why, before anything long is done for it.

    Raises
    ------
    BadOption
        If a part is missing or cannot be.
    """
    if not new.title.strip() or not new.hypothesis.strip() or new.owner is None:
        raise Unplanned(
            "An action needs what is done, who does it, and why it should help.", hint="Fill all three."
        )
    if new.measure not in MEASURES or new.effort not in EFFORTS:
        raise BadOption("There is no such measure or effort.", hint="Choose one of those shown.")
    if new.target is None and new.measure == "rating":
        raise NoTarget("A mean rating needs a target.", hint="Say which mean rating is to be reached.")
    if new.target is not None and not 0.0 < new.target <= 1.0:
        raise NoTarget(
            f"A target of {new.target:g} cannot be.", hint="Give a share, or a rating, that can be reached."
        )
    if new.comparison and new.measure in OF_ALL:
        raise NothingToCompare(
            "Promises kept and ratings are those of all customers, so there is nothing to compare them with.",
            hint="Leave the comparison out, or measure by the share that calls it met.",
        )
    if new.comparison == new.expectation:
        raise ComparedWithItself(
            "An action cannot be compared with what it is about.",
            hint="Take an expectation that nothing is done about, or none.",
        )


@transaction.atomic
def start_action(made: Action, *, who: Person, now: datetime) -> Action:
    """Somebody works on it now."""
    return _move(made, to=DOING, of=(PLANNED,), who=who, now=now)


@transaction.atomic
def finish_action(made: Action, *, on: date, who: Person, now: datetime) -> Action:
    """It is done since a day; what became of it is measured from the weeks after.

    Raises
    ------
    BadOption
        If it is not open, or the day lies ahead.
    """
    if on > now.date():
        raise DayAhead(f"{on.isoformat()} lies ahead.", hint="Give the day since which it is done.")
    made = _move(made, to=DONE, of=OPEN, who=who, now=now, done_on=on)
    enqueue("effects", key="all", now=now)
    return made


@transaction.atomic
def drop_action(made: Action, *, why: str, who: Person, now: datetime) -> Action:
    """It is not done after all; it stays, with the reason.

    Raises
    ------
    BadOption
        If it is not open, or there is no reason.
    """
    if not why.strip():
        raise NoReason("A dropped action needs a reason.", hint="Say in a few words why.")
    return _move(made, to=DROPPED, of=OPEN, who=who, now=now, why=why.strip()[:300])


@transaction.atomic
def keep_effect(made: Action, *, effect: dict[str, Any], now: datetime) -> None:
    """What became of a done action; told in the audit where it changed."""
    if made.effect == effect:
        return
    if Action.objects.filter(pk=made.pk, state=DONE).update(effect=effect):
        record("measure action", who=None, now=now, about=made, verdict=effect["verdict"])


def _move(made: Action, *, to: str, of: Sequence[str], who: Person, now: datetime, **change: Any) -> Action:
    _may_plan(who)
    if not Action.objects.filter(pk=made.pk, state__in=of).update(state=to, **change):
        raise ActionClosed("The action is closed already.", hint="Add another action instead.")
    record(f"action {to}", who=who, now=now, about=made)
    made.refresh_from_db()
    return made


def _may_plan(who: Person) -> None:
    if not who.may("manager"):
        raise NotAllowed(f"{who.name} may not plan actions.", hint="Ask a manager.")
