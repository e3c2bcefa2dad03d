"""Keep what was found, so that yesterday's number can be explained."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from forvent import __version__
from forvent.records import Findings
from forvent.report.versioned_json import jsonable
from forvent_server.actions.erasing import without_erased_quotes
from forvent_server.actions.webhooks import tell
from forvent_server.store.models import Assessment, Episode, GapValue, Mention


@transaction.atomic
def keep_assessment(
    findings: Findings,
    *,
    document: dict[str, Any],
    made_from: str,
    now: datetime,
    market: dict[str, Any] | None = None,
) -> Assessment:
    """All findings of one moment, and each gap by itself for its history; who wants to be told of it is."""
    before = Assessment.objects.first()
    made = Assessment.objects.create(
        made_at=now,
        voices=findings.voices.used,
        mentions=Mention.objects.count(),
        episodes=Episode.objects.count(),
        encoder=findings.encoder,
        version=__version__,
        made_from=made_from,
        # Somebody may have been erased while it was made.
        findings=without_erased_quotes(document),
        market=without_erased_quotes(market or {}),
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
    tell("assessment.made", now=now, data={"assessment": made.pk, "voices": made.voices})
    for alert in new_alerts(document, before.findings if before else None):
        tell("alert.sounded", now=now, data={"assessment": made.pk, "alert": alert})
    return made


def new_alerts(document: dict[str, Any], before: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Alerts that the assessment before did not know; none of the first, which tells what is long past."""
    if before is None:
        return []
    known = {(one["id"], one["at"]) for one in _alerts(before)}
    return [one for one in _alerts(document) if (one["id"], one["at"]) not in known]


def _alerts(document: dict[str, Any]) -> list[dict[str, Any]]:
    change = document.get("change") or {}
    return list(change.get("alerts", ()))
