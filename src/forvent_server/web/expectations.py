"""Expectations: all of them ranked, and one with everything that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse

from forvent.identify import catalogue
from forvent.records import Asymmetry, Estimate, Gap
from forvent.report.pictures.legend import LegendPart
from forvent.report.read_back import record_from
from forvent.report.sections.gaps import GapRow, gap_row
from forvent.report.sections.kinds import KindsSection, kinds_section
from forvent.report.sections.levels import LevelsSection, levels_section
from forvent_server.store.models import Assessment, Expectation, GapValue, Mention
from forvent_server.web.assessed import findings_of
from forvent_server.web.pages import Asked, draw, page
from forvent_server.web.sections import marks, scaled, sections_page

#: Assessments in the history of one expectation.
MOST_PAST = 24
MOST_VOICES = 12


@dataclass(frozen=True, slots=True)
class Past:
    """The share met of one earlier assessment."""

    made_at: datetime
    got: Estimate
    judged: int


@dataclass(frozen=True, slots=True)
class ExpectationPage:
    """One expectation: its gap, where on the journey, its kind, levels, history and newest voices."""

    key: str
    name: str
    expects: str
    row: GapRow | None
    places: tuple[GapRow, ...]
    kind: Asymmetry | None
    kinds: KindsSection | None
    levels: LevelsSection | None
    past: tuple[Past, ...]
    mentions: tuple[Mention, ...]
    legend: tuple[LegendPart, ...]


@page()
def expectations_page(request: Asked) -> HttpResponse:
    """All expectations, ranked by what is at stake, and what matters."""
    return sections_page(
        request, "gaps", "matters", "kinds", "said", title=request.words.say("frame.expectations")
    )


@page()
def expectation_page(request: Asked, key: str) -> HttpResponse:
    """One expectation."""
    if key not in _known():
        raise Http404
    newest = Assessment.objects.first()
    if newest is None:
        raise Http404
    findings = findings_of(newest)
    wording = scaled(request.words, findings.voices.scale)
    mine = [gap for gap in findings.gaps if gap.expectation == key]
    quotes = findings.quotes.get(key, ())

    def rows(gaps: list[Gap]) -> tuple[GapRow, ...]:
        return tuple(gap_row(gap, quotes=quotes, wording=wording) for gap in gaps)

    only = _only(findings.asymmetries, key)
    levels = tuple(one for one in findings.levels if one.expectation == key)
    shown = ExpectationPage(
        key=key,
        name=wording.name(key),
        expects=wording.expects(key),
        row=next(iter(rows(mine)), None),
        places=rows([gap for gap in findings.touchpoints if gap.expectation == key and gap.touchpoint]),
        kind=only,
        kinds=_section(kinds_section, findings, wording, asymmetries=(only,)) if only else None,
        levels=_section(levels_section, findings, wording, levels=levels) if levels else None,
        past=_past(key),
        mentions=tuple(
            Mention.objects.filter(expectation=key).select_related("voice").order_by("-voice")[:MOST_VOICES]
        ),
        legend=tuple(marks(wording, findings=findings)),
    )
    return draw(request, "pages/expectation.html", shown)


def _known() -> set[str]:
    added = Expectation.objects.values_list("key", flat=True)
    heard = Mention.objects.order_by("expectation").values_list("expectation", flat=True).distinct()
    return set(catalogue()) | set(added) | set(heard)


def _only(found: tuple[Asymmetry, ...], key: str) -> Asymmetry | None:
    return next((one for one in found if one.expectation == key), None)


def _section(draw_section: Any, findings: Any, wording: Any, **change: Any) -> Any:
    return draw_section(replace(findings, **change), wording=wording)


def _past(key: str) -> tuple[Past, ...]:
    rows = (
        GapValue.objects.filter(expectation=key, touchpoint="")
        .select_related("assessment")
        .order_by("-assessment__made_at")[:MOST_PAST]
    )
    found = []
    for row in reversed(rows):
        got: Mapping[str, Any] = row.got
        if "not_enough" not in got:
            found.append(Past(row.assessment.made_at, record_from(Estimate, got), row.judged))
    return tuple(found)
