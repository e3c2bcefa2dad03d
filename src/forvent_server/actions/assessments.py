"""Keep what was found, so that yesterday's number can be explained."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from forvent import __version__
from forvent.records import Findings
from forvent.report.versioned_json import jsonable
from forvent_server.store.models import Assessment, Episode, GapValue, Mention


@transaction.atomic
def keep_assessment(
    findings: Findings, *, document: dict[str, Any], made_from: str, now: datetime
) -> Assessment:
    """All findings of one moment, and each gap by itself for its history."""
    made = Assessment.objects.create(
        made_at=now,
        voices=findings.voices.used,
        mentions=Mention.objects.count(),
        episodes=Episode.objects.count(),
        encoder=findings.encoder,
        version=__version__,
        made_from=made_from,
        findings=document,
    )
    GapValue.objects.bulk_create(
        GapValue(
            assessment=made,
            expectation=gap.expectation,
            touchpoint=gap.touchpoint or "",
            got=jsonable(gap.got),
            expected=jsonable(gap.expected),
            gap=jsonable(gap.gap),
            kind=gap.kind,
            judged=gap.counts.judged,
        )
        for gap in (*findings.gaps, *findings.touchpoints)
    )
    return made
