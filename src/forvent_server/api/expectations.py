"""Expectations: how well each is met, where, of what kind, at which level, and how that changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from ninja import Path, Router, Schema

from forvent.records import Change, Findings, Gap
from forvent.report.verdicts import gap_verdict
from forvent.report.versioned_json import jsonable
from forvent_server.api.catalogue import known_expectations, latest_findings
from forvent_server.api.door import Asked
from forvent_server.api.shapes import NO_ZERO, Number
from forvent_server.store.models import GapValue

router = Router()
#: Assessments in the history of one expectation.
MOST_PAST = 100
Name = Annotated[
    str, Path(max_length=100, pattern=NO_ZERO, description="Id of the catalogue, such as on_time")
]


class Counts(Schema):
    """Voices by what they say of it."""

    met: int
    unmet: int
    mixed: int
    wished: int


class GapShown(Schema):
    """Got minus expected, as shares met; `verdict` is short, above, met or undecided as on the pages."""

    expectation: str
    stage: str
    touchpoint: str | None
    counts: Counts
    got: Number
    expected: Number
    gap: Number
    basis: str
    importance: Number
    importance_basis: str
    stake: Number
    kind: str
    rate: float | None
    verdict: str


class GapsShown(Schema):
    """The gaps of the last assessment, the largest stake first; `assessment` is null before the first."""

    assessment: int | None
    items: list[GapShown]


class LevelShown(Schema):
    """What is stated beside what is got, medians in seconds."""

    stated: Number
    got: Number
    stated_cases: int
    got_cases: int


class PastShown(Schema):
    """The gap in an earlier assessment."""

    assessment: int
    made_at: datetime
    got: Number
    expected: Number
    gap: Number
    judged: int


class TrendShown(Schema):
    """How a measure moved: met, reach, level or rating."""

    measure: str
    overall: Number
    slope: Number
    per: str
    verdict: str


class ExpectationShown(Schema):
    """Everything that is known of one expectation; parts that the data cannot carry are null or empty."""

    expectation: str
    assessment: int | None
    gap: GapShown | None
    touchpoints: list[GapShown]
    kind: str | None
    level: LevelShown | None
    trends: list[TrendShown]
    history: list[PastShown]


@router.get("", response=GapsShown, summary="Read all expectations")
def read_expectations(request: Asked) -> dict[str, Any]:
    """How well each is met, by the last assessment."""
    latest = latest_findings()
    if latest is None:
        return {"assessment": None, "items": []}
    return {"assessment": latest[0], "items": [gap_shown(gap) for gap in latest[1].gaps]}


@router.get("/{name}", response=ExpectationShown, summary="Read one expectation")
def read_expectation(request: Asked, name: Name) -> dict[str, Any]:
    """One expectation with its places, its kind, its level, its trends and its history."""
    if name not in known_expectations():
        raise Http404("There is no such expectation.")
    latest = latest_findings()
    found = latest[1] if latest else None
    mine = next((gap for gap in found.gaps if gap.expectation == name), None) if found else None
    return {
        "expectation": name,
        "assessment": latest[0] if latest else None,
        "gap": gap_shown(mine) if mine else None,
        "touchpoints": [
            gap_shown(gap) for gap in (found.touchpoints if found else ()) if gap.expectation == name
        ],
        "kind": mine.kind if mine else None,
        "level": _level(found, name) if found else None,
        "trends": _trends(found, name) if found else [],
        "history": _history(name),
    }


def gap_shown(gap: Gap) -> dict[str, Any]:
    """A gap as the API says it."""
    shown: dict[str, Any] = jsonable(gap)
    return {**shown, "verdict": gap_verdict(gap)}


def _level(found: Findings, name: str) -> dict[str, Any] | None:
    one = next((level for level in found.levels if level.expectation == name), None)
    if one is None:
        return None
    return {
        "stated": jsonable(one.stated_median),
        "got": jsonable(one.delivered_median),
        "stated_cases": len(one.stated),
        "got_cases": len(one.delivered or one.experienced),
    }


def _trends(found: Findings, name: str) -> list[dict[str, Any]]:
    if not isinstance(found.change, Change):
        return []
    return [
        {
            "measure": series.measure,
            "overall": jsonable(series.overall),
            "slope": jsonable(series.trend.slope),
            "per": series.trend.per,
            "verdict": series.trend.verdict,
        }
        for series in found.change.series
        if series.expectation == name
    ]


def _history(name: str) -> list[dict[str, Any]]:
    rows = (
        GapValue.objects.filter(expectation=name, touchpoint="")
        .select_related("assessment")
        .order_by("-assessment")
        .defer("assessment__findings", "assessment__market")[:MOST_PAST]
    )
    return [
        {
            "assessment": row.assessment_id,
            "made_at": row.assessment.made_at,
            **{part: getattr(row, part) for part in ("got", "expected", "gap", "judged")},
        }
        for row in rows
    ]
