"""Assessments: what was found, when; the journey and the plan of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from forvent_server.api.door import Asked
from forvent_server.api.shapes import Cursor, Key, Limit, Page, paged
from forvent_server.store.models import Assessment

router = Router()


class AssessmentShown(Schema):
    """One assessment and what it was made from."""

    id: int
    made_at: datetime
    voices: int
    mentions: int
    episodes: int
    encoder: str
    version: str


class PartShown(Schema):
    """A part of what an assessment found; null where there was nothing to find it from."""

    assessment: int
    found: dict[str, Any] | None


@router.get("", response=Page[AssessmentShown], summary="Read assessments, the newest first")
def read_assessments(request: Asked, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """All assessments, without what they found."""
    found, following = paged(_light(), cursor=cursor, limit=limit)
    return {"items": [_shown(row) for row in found], "next": following}


@router.get("/{pk}", response=AssessmentShown, summary="Read one assessment")
def read_assessment(request: Asked, pk: Key) -> dict[str, Any]:
    """One assessment, without what it found."""
    return _shown(get_object_or_404(_light(), pk=pk))


@router.get("/{pk}/findings", response=dict[str, Any], summary="Read everything that was found")
def read_findings(request: Asked, pk: Key) -> dict[str, Any]:
    """All findings as one document, the same as `forvent report --json` writes (its `schema` says which)."""
    return dict(get_object_or_404(Assessment, pk=pk).findings)


@router.get("/{pk}/journey", response=PartShown, summary="Read the journey map")
def read_journey(request: Asked, pk: Key) -> dict[str, Any]:
    """What is expected and got at each stage, where it is worst and best, and how it ends."""
    return _part(pk, "journey")


@router.get("/{pk}/plan", response=PartShown, summary="Read the plan")
def read_plan(request: Asked, pk: Key) -> dict[str, Any]:
    """The ranked gaps with every factor of their place."""
    return _part(pk, "plan")


@router.get("/{pk}/change", response=PartShown, summary="Read what changed")
def read_change(request: Asked, pk: Key) -> dict[str, Any]:
    """Series over time, change points, trends and alerts."""
    return _part(pk, "change")


@router.get("/{pk}/market", response=PartShown, summary="Read the comparison with other companies")
def read_market(request: Asked, pk: Key) -> dict[str, Any]:
    """How it stands beside other companies, where voices about them came in."""
    return {"assessment": pk, "found": get_object_or_404(Assessment, pk=pk).market or None}


def _part(pk: int, name: str) -> dict[str, Any]:
    found = get_object_or_404(Assessment, pk=pk).findings.get(name)
    return {"assessment": pk, "found": found if isinstance(found, dict) else None}


def _light() -> QuerySet[Assessment]:
    return Assessment.objects.defer("findings", "market")


def _shown(row: Assessment) -> dict[str, Any]:
    return {name: getattr(row, name) for name in AssessmentShown.model_fields}
