"""Today: what changed, what to do, whether our word is good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

from forvent.records import Estimate, Findings, Gap, KeptRate
from forvent.report.verdicts import gap_verdict
from forvent_server.store.models import Action, Assessment, Job
from forvent_server.store.models.jobs import RUNNING, WAITING
from forvent_server.web.assessed import findings_of
from forvent_server.web.pages import Asked, draw, page

#: Findings shown under what changed.
MOST_CHANGES = 3
MOST_ACTIONS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One expectation whose verdict is another one than the last time."""

    expectation: str
    before: Gap
    after: Gap
    verdict: str


@dataclass(frozen=True, slots=True)
class TodayPage:
    """Three blocks; everything else is one click down."""

    made_at: datetime | None
    voices: int
    first_time: bool
    changes: tuple[Change, ...]
    short: tuple[Gap, ...]
    actions: tuple[Action, ...]
    kept: KeptRate | None
    working: tuple[Job, ...]


@page()
def today_page(request: Asked) -> HttpResponse:
    """The first page."""
    latest = list(Assessment.objects.all()[:2])
    working = tuple(Job.objects.filter(state__in=(WAITING, RUNNING)).order_by("pk")[:3])
    findings = findings_of(latest[0]) if latest else None
    before = findings_of(latest[1]) if len(latest) > 1 else None
    shown = TodayPage(
        made_at=latest[0].made_at if latest else None,
        voices=findings.voices.used if findings else 0,
        first_time=before is None,
        changes=_changes(before, findings)[:MOST_CHANGES] if before and findings else (),
        short=_short(findings)[:MOST_CHANGES] if findings else (),
        actions=tuple(
            Action.objects.exclude(state__in=("done", "dropped"))
            .select_related("owner")
            .order_by("due_on")[:MOST_ACTIONS]
        ),
        kept=findings.kept[0] if findings and findings.kept else None,
        working=working,
    )
    return draw(request, "pages/today.html", shown)


def _short(findings: Findings) -> tuple[Gap, ...]:
    return tuple(gap for gap in findings.gaps if gap_verdict(gap) == "short")


def _changes(before: Findings, after: Findings) -> tuple[Change, ...]:
    """Expectations whose verdict changed, those that fall short now first."""
    old = {gap.expectation: gap for gap in before.gaps}
    changes = [
        Change(gap.expectation, old[gap.expectation], gap, gap_verdict(gap))
        for gap in after.gaps
        if gap.expectation in old
        and isinstance(gap.gap, Estimate)
        and gap_verdict(gap) != gap_verdict(old[gap.expectation])
    ]
    return tuple(sorted(changes, key=lambda change: change.verdict != "short"))
