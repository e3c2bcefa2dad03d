"""Actions: what the business does about its gaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from forvent_server.actions.actions import (
    NewAction,
    add_action,
    baseline_of,
    change_action,
    check_action,
    drop_action,
    finish_action,
    start_action,
)
from forvent_server.api.catalogue import latest_findings
from forvent_server.api.door import Asked, person_of
from forvent_server.api.problems import Problem
from forvent_server.api.sending import Mark, sent
from forvent_server.api.shapes import Cursor, Given, Key, Limit, Page, asked, bounded, optional, paged
from forvent_server.store.models import Action, Person
from forvent_server.weeks import weeks_so_far

router = Router()
State = Literal["planned", "doing", "done", "dropped"]
#: What the store keeps of an action that the answer shows under the same name.
PLAIN = (
    "id", "title", "expectation", "touchpoint", "hypothesis", "measure", "baseline", "target", "comparison",
    "due_on", "effort", "state", "why", "made_at", "done_on", "effect",
)  # fmt: skip


class ActionShown(Schema):
    """An action; `baseline` and `target` are frozen, `effect` is what was measured afterwards."""

    id: int
    title: str
    expectation: str
    touchpoint: str
    hypothesis: str
    measure: str
    baseline: dict[str, Any]
    target: dict[str, Any]
    comparison: str
    owner: int | None
    due_on: date | None
    effort: str
    state: str
    why: str
    made_at: datetime
    done_on: date | None
    effect: dict[str, Any]


class ActionsAsked(Schema):
    """Which actions are wanted."""

    state: State | None = optional(description="Planned, doing, done or dropped")
    expectation: str = asked(100, "About this expectation")
    owner: int | None = optional(ge=1, le=2**63 - 1, description="Done by this person")


class ActionGiven(Given):
    """What is done, about what, why it should help, and who does it."""

    title: str = bounded(300, least=1)
    expectation: str = bounded(100, least=1)
    hypothesis: str = bounded(2000, least=1)
    touchpoint: str = bounded(200, default="")
    measure: Literal["share_met", "kept", "rating"] = "share_met"
    target: float | None = Field(
        None, gt=0, le=1, description="What the measure has to reach, 0–1; a rating needs one"
    )
    comparison: str = bounded(100, default="", describe="An expectation that nothing is done about")
    owner: int | None = Field(None, ge=1, le=2**63 - 1, description="Who does it; else who made the key")
    due_on: date | None = None
    effort: Literal["", "S", "M", "L"] = ""


class ChangeGiven(Given):
    """Who does an open action, until when, and how much it takes; what is left out stays."""

    owner: int | None = Field(None, ge=1, le=2**63 - 1, description="Who does it")
    due_on: date | None = Field(None, description="Until when; null for no day")
    effort: Literal["", "S", "M", "L"] | None = Field(None, description="The plan is ranked by it")


class FinishGiven(Given):
    """Since when it is done."""

    on: date = Field(description="A day that does not lie ahead")


class DropGiven(Given):
    """Why it is not done after all."""

    why: str = bounded(300, least=1)


@router.get("", response=Page[ActionShown], summary="Read actions, the newest first")
def read_actions(
    request: Asked, wanted: Query[ActionsAsked], cursor: Cursor = None, limit: Limit = 100
) -> dict[str, Any]:
    """All actions that fit everything that was asked for."""
    given = {name: value for name, value in wanted.dict().items() if value}
    found, following = paged(Action.objects.filter(**given), cursor=cursor, limit=limit)
    return {"items": [_shown(row) for row in found], "next": following}


@router.post("", response={201: ActionShown}, summary="Plan an action")
def plan(request: Asked, given: ActionGiven, mark: Mark = None) -> HttpResponse:
    """Its baseline is taken from all that was said until now, and never changes."""
    owner = (
        person_of(request)
        if given.owner is None
        else get_object_or_404(Person, pk=given.owner, is_active=True)
    )
    new = NewAction(**{**given.model_dump(), "owner": owner})

    def add() -> Action:
        check_action(new)
        latest = latest_findings()
        if latest is None:
            raise Problem(422, "Nothing is assessed yet.", hint="Send voices first.")
        weeks = weeks_so_far(new.subject, measure=new.measure)
        beside = weeks_so_far(new.comparison, measure=new.measure) if new.comparison else ()
        baseline, target = baseline_of(new, latest[1], weeks=weeks, beside=beside)
        return add_action(new, baseline=baseline, target=target, who=person_of(request), now=now())

    return _moved(request, mark, add, status=201)


@router.get("/{pk}", response=ActionShown, summary="Read one action")
def read_action(request: Asked, pk: Key) -> dict[str, Any]:
    """One action with its baseline and, once it is done, its effect."""
    return _shown(get_object_or_404(Action, pk=pk))


@router.patch("/{pk}", response=ActionShown, summary="Change an action")
def change(request: Asked, pk: Key, given: ChangeGiven, mark: Mark = None) -> HttpResponse:
    """Somebody else does it, until another day, or with another effort; its baseline stays."""
    made = get_object_or_404(Action, pk=pk)
    owner = made.owner if given.owner is None else get_object_or_404(Person, pk=given.owner, is_active=True)
    due_on = given.due_on if "due_on" in given.model_fields_set else made.due_on
    effort = made.effort if given.effort is None else given.effort
    return _moved(
        request,
        mark,
        lambda: change_action(
            made, owner=owner, due_on=due_on, effort=effort, who=person_of(request), now=now()
        ),
    )


@router.post("/{pk}/start", response=ActionShown, summary="Start an action")
def start(request: Asked, pk: Key, mark: Mark = None) -> HttpResponse:
    """Somebody works on it now."""
    made = get_object_or_404(Action, pk=pk)
    return _moved(request, mark, lambda: start_action(made, who=person_of(request), now=now()))


@router.post("/{pk}/finish", response=ActionShown, summary="Finish an action")
def finish(request: Asked, pk: Key, given: FinishGiven, mark: Mark = None) -> HttpResponse:
    """It is done; what became of it is measured from the weeks after."""
    made = get_object_or_404(Action, pk=pk)
    return _moved(request, mark, lambda: finish_action(made, on=given.on, who=person_of(request), now=now()))


@router.post("/{pk}/drop", response=ActionShown, summary="Drop an action")
def drop(request: Asked, pk: Key, given: DropGiven, mark: Mark = None) -> HttpResponse:
    """It is not done after all; it stays, with the reason."""
    made = get_object_or_404(Action, pk=pk)
    return _moved(request, mark, lambda: drop_action(made, why=given.why, who=person_of(request), now=now()))


def _moved(
    request: Asked, mark: str | None, move: Callable[[], Action], *, status: int = 200
) -> HttpResponse:
    def do() -> dict[str, Any]:
        shown = _shown(move())
        days = {name: value.isoformat() for name, value in shown.items() if isinstance(value, date)}
        return {**shown, **days}

    return sent(request, mark, do, status=status)


def _shown(row: Action) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PLAIN} | {"owner": row.owner_id}
