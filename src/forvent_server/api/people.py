"""People, what they did, and the business they do it for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404
from ninja import Query, Router, Schema

from forvent_server.api.door import Asked, manager_of
from forvent_server.api.shapes import Cursor, Limit, Moment, Page, asked, optional, paged
from forvent_server.store.models import Business, Calendar, Event, Person, Touchpoint

router = Router()


class PersonShown(Schema):
    """Somebody who signs in."""

    id: int
    name: str
    email: str
    role: str
    active: bool
    joined_at: datetime
    seen_at: datetime | None
    second_factor: bool


class EventShown(Schema):
    """Who did what, when, to what."""

    id: int
    at: datetime
    who: int | None
    who_name: str
    what: str
    about: str
    details: dict[str, Any]


class EventsAsked(Schema):
    """Which events are wanted."""

    what: str = asked(64, "What was done")
    about: str = asked(128, "To what, such as voice:17")
    since: Moment | None = optional(description="Done at this moment or later")
    before: Moment | None = optional(description="Done before this moment")


class TouchpointShown(Schema):
    """A place on the journey."""

    name: str
    stage: str


class ClockShown(Schema):
    """The clock of promises of episodes with a value in a column."""

    column: str
    value: str
    clock: Literal["wall", "business"]


class DayShown(Schema):
    """A day of its own; without windows it is closed."""

    day: date
    windows: str


class CalendarShown(Schema):
    """Opening hours of each weekday, Monday first, and which promises count that time alone."""

    id: int
    hours: list[str]
    zone: str
    holidays: str
    days: list[DayShown]
    clock: Literal["wall", "business"]
    clocks: list[ClockShown]
    for_all: bool
    made_at: datetime


class BusinessShown(Schema):
    """What the business says of itself."""

    name: str
    intent: str
    intent_names: list[str]
    language: str
    time_zone: str
    level: float
    packs: list[str]
    mask: bool
    sample: bool
    touchpoints: list[TouchpointShown]
    calendar: CalendarShown | None


@router.get("", response=Page[PersonShown], summary="Read people")
def read_people(request: Asked, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """Everybody who signs in, or did. Only with a key that a manager made."""
    manager_of(request)
    found, following = paged(Person.objects.all(), cursor=cursor, limit=limit, newest_first=False)
    return {"items": [_person(row) for row in found], "next": following}


@router.get("/audit", response=Page[EventShown], summary="Read the audit, the newest first")
def read_audit(
    request: Asked, wanted: Query[EventsAsked], cursor: Cursor = None, limit: Limit = 100
) -> dict[str, Any]:
    """Everything that was done. Only with a key that a manager made."""
    manager_of(request)
    plain: dict[str, Any] = {"what": wanted.what or None, "about": wanted.about or None}
    plain |= {"at__gte": wanted.since, "at__lt": wanted.before}
    rows = Event.objects.filter(**{name: value for name, value in plain.items() if value is not None})
    found, following = paged(rows, cursor=cursor, limit=limit)
    return {"items": [_event(row) for row in found], "next": following}


@router.get("/business", response=BusinessShown, summary="Read the business")
def read_business(request: Asked) -> dict[str, Any]:
    """Its name, its statement of intent, its level, its touchpoints and its calendar."""
    business = Business.objects.filter(pk=1).first()
    if business is None:
        raise Http404("There is no business yet.")
    others = {
        "touchpoints": list(Touchpoint.objects.values("name", "stage")),
        "calendar": _calendar(Calendar.objects.first()),
    }
    shown = {name: getattr(business, name) for name in BusinessShown.model_fields if name not in others}
    return {**shown, **others}


def _calendar(row: Calendar | None) -> dict[str, Any] | None:
    if row is None:
        return None
    plain = ("hours", "zone", "holidays", "clock", "clocks", "for_all", "made_at")
    days = [{"day": day, "windows": windows} for day, windows in row.days]
    return {"id": row.pk, "days": days, **{name: getattr(row, name) for name in plain}}


def _person(row: Person) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("name", "email", "role", "joined_at", "seen_at")}
    return {"id": row.pk, "active": row.is_active, "second_factor": row.totp_confirmed, **shown}


def _event(row: Event) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("at", "who_name", "what", "about", "details")}
    return {"id": row.pk, "who": row.who_id, **shown}
