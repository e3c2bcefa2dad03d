"""Promises: how they were kept, what the record supports, and what can be promised."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema

from forvent.records import Findings, FrontierPoint, NoPromise
from forvent.report.versioned_json import jsonable
from forvent_server.api.catalogue import latest_findings
from forvent_server.api.door import Asked
from forvent_server.api.shapes import Number, Short

router = Router()
Share = Annotated[float, Query(ge=0.5, le=0.999, description="Share of cases in which it should be kept")]
Length = Annotated[float, Query(ge=0, le=1e6, description="Length of the promise, in the unit of the record")]


class KeptShown(Schema):
    """How often promises were kept; `group` is empty for all cases."""

    group: dict[str, str]
    kept: Number
    pending: int
    mean_promise_days: float | None
    median_wait_days: float | None
    slack_days: float | None


class AroundShown(Schema):
    """A length on the clock that never stops."""

    upper: float
    unit: str


class SupportedShown(Schema):
    """The tightest promise that the record supports at the level, checked on its later part.

    Where its unit is one of the business clock, `around_the_clock` is what the same record supports on the
    clock that never stops.
    """

    group: dict[str, str]
    level: float
    upper: float | None
    unit: str | None
    by_day: bool | None
    n: int
    kept_later: Number | None
    around_the_clock: AroundShown | None
    not_enough: Short | None


class PointShown(Schema):
    """How often a promise of this length would have been kept: it describes, it does not vouch."""

    length: float
    unit: str
    kept: Number


class PromisesShown(Schema):
    """Everything about promises; `assessment` is null before the first."""

    assessment: int | None
    kept: list[KeptShown]
    supported: list[SupportedShown]
    frontier: list[PointShown]


class PossibleShown(Schema):
    """The shortest promise that would have been kept so often; null where the record shows none."""

    share: float
    found: PointShown | None


class WorthShown(Schema):
    """How often a promise of this length, or of the next shorter one known, would have been kept."""

    length: float
    found: PointShown | None


@router.get("", response=PromisesShown, summary="Read everything about promises")
def read_promises(request: Asked) -> dict[str, Any]:
    """The record, what it supports, and the share kept against the length of the promise."""
    latest = latest_findings()
    if latest is None:
        return {"assessment": None, "kept": [], "supported": [], "frontier": []}
    found = latest[1]
    return {
        "assessment": latest[0],
        "kept": [jsonable(one) for one in found.kept],
        "supported": [_supported(one) for one in found.promises],
        "frontier": [jsonable(point) for point in found.frontier],
    }


@router.get("/possible", response=PossibleShown, summary="What can I promise?")
def read_possible(request: Asked, share: Share = 0.95) -> dict[str, Any]:
    """The shortest promise that the record would have kept in that share of cases."""
    enough = [point for point in _frontier() if point.kept.value >= share]
    return {"share": share, "found": jsonable(min(enough, key=lambda one: one.length)) if enough else None}


@router.get("/worth", response=WorthShown, summary="What is a promise worth?")
def read_worth(request: Asked, length: Length) -> dict[str, Any]:
    """How often a promise of that length would have been kept."""
    shorter = [point for point in _frontier() if point.length <= length]
    return {
        "length": length,
        "found": jsonable(max(shorter, key=lambda one: one.length)) if shorter else None,
    }


def _frontier() -> tuple[FrontierPoint, ...]:
    latest: tuple[int, Findings] | None = latest_findings()
    return latest[1].frontier if latest else ()


def _supported(one: Any) -> dict[str, Any]:
    if isinstance(one, NoPromise):
        empty = dict.fromkeys(("upper", "unit", "by_day", "kept_later", "around_the_clock"))
        reason = jsonable(one.reason)["not_enough"]
        return {
            "group": dict(one.group),
            "level": one.level,
            "n": one.reason.n,
            "not_enough": reason,
            **empty,
        }
    plain = ("group", "level", "upper", "unit", "by_day", "n", "around_the_clock")
    shown = {name: jsonable(getattr(one, name)) for name in plain}
    return {**shown, "kept_later": jsonable(one.kept_later), "not_enough": None}
