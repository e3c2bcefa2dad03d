"""Expectations: all of them ranked, and one with everything that is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponse
from markupsafe import Markup

from forvent.identify import catalogue
from forvent.records import Estimate, Findings, Gap
from forvent.records.change import Change
from forvent.report.pictures.legend import LegendPart
from forvent.report.pictures.series import (
    SeriesShown,
    SeriesWords,
    ShownPoint,
    bounds,
    series_picture,
)
from forvent.report.pictures.svg import round_ticks
from forvent.report.read_back import record_from
from forvent.report.sections.change import ChangeSection, change_section
from forvent.report.sections.gaps import GapRow, gap_row
from forvent.report.sections.kinds import KindsSection, kinds_section
from forvent.report.sections.levels import LevelsSection, levels_section
from forvent.report.sections.personas import persona_name
from forvent.report.sections.plan import step_said
from forvent.report.sections.what_if import WhatIfSection, what_if_section
from forvent.report.wording import Wording
from forvent.tables import SOURCES
from forvent_server.assessed import Made, made_of, newest_assessment
from forvent_server.store.models import Action, Assessment, Expectation, GapValue, Mention
from forvent_server.web.language import words
from forvent_server.web.pages import Asked, draw, page
from forvent_server.web.sections import definitions, marks, sections_page
from forvent_server.web.then import Then, asked_assessment, then_of
from forvent_server.web.voices import VoiceShown, voice_shown

#: Assessments in the history of one expectation.
MOST_PAST = 24
MOST_VOICES = 8
#: The newest mentions from which it is told where they come from.
LOOKED_AT = 2000
MOST_CHANNELS = 6


@dataclass(frozen=True, slots=True)
class Past:
    """The share met of one earlier assessment."""

    pk: int
    made_at: datetime
    got: Estimate


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the newest mentions: those of one channel, or that rest on one source."""

    name: str
    count: int
    share: str
    width: int


@dataclass(frozen=True, slots=True)
class About:
    """What the last assessment says of one expectation: gap, places, kind, levels, what goes with more."""

    wording: Wording
    key: str
    name: str
    expects: str
    row: GapRow | None
    step: str
    places: tuple[GapRow, ...]
    kinds: KindsSection | None
    levels: LevelsSection | None
    what_if: WhatIfSection | None
    change: ChangeSection | None
    who: tuple[str, ...]
    legend: tuple[LegendPart, ...]
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ExpectationPage:
    """One expectation: what is known of it, what is done about it, its history, origins and newest voices."""

    about: About
    actions: tuple[Action, ...]
    past: tuple[Past, ...]
    history: Markup | None
    channels: tuple[Part, ...]
    rests_on: tuple[Part, ...]
    looked_at: int
    voices: tuple[VoiceShown, ...]
    then: Then
    judged: str
    kind_axis: Any
    scale: str


@page()
def expectations_page(request: Asked) -> HttpResponse:
    """All expectations, ranked by what is at stake, and what matters."""
    return sections_page(
        request, "gaps", "matters", "kinds", "said", title=request.words.say("frame.expectations")
    )


@page()
def expectation_page(request: Asked, key: str) -> HttpResponse:
    """One expectation."""
    made = asked_assessment(request)
    if made is None or not _is_known(key):
        raise Http404
    about = _about(made_of(made), request.words.language, key)
    wording = about.wording
    shown = ExpectationPage(
        about=about,
        actions=tuple(Action.objects.filter(expectation=key).exclude(state="dropped").order_by("due_on")),
        **_history(key, wording),
        **_origins(_newest(key), wording),
        voices=_voices(key),
        then=(then := then_of(made)),
        judged=_judged(key, made, wording) if then.past else "",
        kind_axis="",
        scale=wording.scale_name(),
    )
    return draw(request, "pages/expectation.html", shown)


@lru_cache(maxsize=256)
def _about(made: Made, language: str, key: str) -> About:
    # The same until the next assessment: drawing it takes longer than all else of the page.
    findings = made.findings
    wording = words(language, scale=findings.voices.scale)
    mine = findings_about(findings, key)
    quotes = findings.quotes.get(key, ())

    def rows(gaps: Iterable[Gap]) -> tuple[GapRow, ...]:
        return tuple(gap_row(gap, quotes=quotes, wording=wording) for gap in gaps)

    places = [gap for gap in findings.touchpoints if gap.expectation == key and gap.touchpoint]
    return About(
        wording=wording,
        key=key,
        name=wording.name(key),
        expects=wording.expects(key),
        row=next(iter(rows(mine.gaps)), None),
        step=_step(findings, key, wording),
        places=tuple(
            replace(row, stage=gap.touchpoint or row.stage)
            for row, gap in zip(rows(places), places, strict=True)
        ),
        kinds=kinds_section(mine, wording=wording) if mine.asymmetries else None,
        levels=levels_section(mine, wording=wording) if mine.levels else None,
        what_if=what_if_section(mine, wording=wording),
        change=change_section(mine, wording=wording) if isinstance(mine.change, Change) else None,
        who=_who(findings, key, wording),
        legend=tuple(marks(wording, findings=findings)),
        definitions=definitions(findings, wording=wording),
    )


def findings_about(findings: Findings, key: str) -> Findings:
    """What the findings hold of one expectation alone."""
    tried, change = findings.what_if, findings.change
    if isinstance(change, Change):
        change = replace(
            change,
            series=tuple(one for one in change.series if one.expectation == key),
            alerts=tuple(one for one in change.alerts if one.expectation == key),
            gaps=tuple(one for one in change.gaps if one.expectation == key),
        )
        change = change if change.series else None
    return replace(
        findings,
        gaps=tuple(one for one in findings.gaps if one.expectation == key),
        asymmetries=tuple(one for one in findings.asymmetries if one.expectation == key),
        levels=tuple(one for one in findings.levels if one.expectation == key),
        what_if=replace(tried, met=tuple(one for one in tried.met if one.expectation == key), promises=())
        if tried
        else None,
        change=change,
        kind_drift=None,
    )


def _is_known(key: str) -> bool:
    return (
        key in catalogue()
        or Expectation.objects.filter(key=key).exists()
        or Mention.objects.filter(expectation=key).exists()
    )


def _step(findings: Findings, key: str, wording: Wording) -> str:
    rows = findings.plan.priorities if findings.plan else ()
    found = next((row for row in rows if row.expectation == key), None)
    return step_said(found, wording=wording) if found else ""


# --------------------------------------------------------------------------------- over time


def _history(key: str, wording: Wording) -> dict[str, Any]:
    past = _past(key)
    return {"past": past, "history": _picture(past, wording) if len(past) > 1 else None}


def _past(key: str) -> tuple[Past, ...]:
    rows = (
        GapValue.objects.filter(expectation=key, touchpoint="")
        .order_by("-assessment__made_at")
        .values_list("assessment", "assessment__made_at", "got")[:MOST_PAST]
    )
    return tuple(
        Past(pk, made_at, record_from(Estimate, got))
        for pk, made_at, got in reversed(rows)
        if "not_enough" not in got
    )


def _judged(key: str, made: Assessment, wording: Wording) -> str:
    """How many voices judged it then and now: the first thing by which two numbers differ."""
    newest = newest_assessment()
    counts = dict(
        GapValue.objects.filter(
            expectation=key, touchpoint="", assessment__in=[made.pk, newest.pk if newest else 0]
        ).values_list("assessment", "judged")
    )
    then, now = (wording.counted("voices", counts.get(one.pk, 0)) if one else "" for one in (made, newest))
    return wording.say("then.judged", then=then, now=now)


def _picture(past: tuple[Past, ...], wording: Wording) -> Markup:
    """The share met of each assessment, one place each."""
    points = tuple(
        ShownPoint(place, one.got.value, one.got.low, one.got.high) for place, one in enumerate(past)
    )
    low, high = bounds(points, share=True)
    says = wording.say(
        "expectation.history_says",
        first=wording.share_value(past[0].got),
        last=wording.share_value(past[-1].got),
    )
    ticks = tuple((tick, wording.percent(tick)) for tick in round_ticks(low, high=high, most=4))
    words = SeriesWords(
        says=says,
        first=wording.short_date(past[0].made_at),
        last=wording.short_date(past[-1].made_at),
        ticks=ticks,
    )
    shown = SeriesShown(periods=len(past), points=points, levels=(), changes=())
    return series_picture(shown, low=low, high=high, words=words)


# ----------------------------------------------------------------------- who, and where from


def _who(findings: Findings, key: str, wording: Wording) -> tuple[str, ...]:
    """Groups of customers who surely mention it more or less often than the others."""
    named = [
        (persona_name(one, wording=wording), one.group)
        for one in (findings.personas.personas if findings.personas else ())
    ]
    named += [(f"{by.column}: {one.value}", one.group) for by in findings.segments for one in by.segments]
    lines = []
    for name, group in named:
        found = next((one.mentioned for one in group.expectations if one.expectation == key), None)
        if found is not None and found.verdict in ("more", "less"):
            lines.append(
                wording.say(
                    f"expectation.who_{found.verdict}",
                    name=name,
                    share=wording.share_range(found.share, noun="customers"),
                    rest=wording.share_range(found.rest, noun="customers"),
                )
            )
    return tuple(lines)


def _newest(key: str) -> list[tuple[str, str]]:
    """Channel and source of the newest mentions; a bounded number, so that the page stays quick."""
    return list(
        Mention.objects.filter(expectation=key)
        .order_by("-voice")
        .values_list("voice__channel", "source_kind")[:LOOKED_AT]
    )


def _origins(newest: list[tuple[str, str]], wording: Wording) -> dict[str, Any]:
    channels = Counter(channel for channel, _ in newest if channel)
    sources: Mapping[str, int] = Counter(source for _, source in newest if source in SOURCES)
    rests = {name: sources[name] for name in SOURCES if sources.get(name)}
    return {
        "channels": _parts(dict(channels.most_common(MOST_CHANNELS)), wording),
        "rests_on": _parts(
            {wording.looked_up("said_sources", name): count for name, count in rests.items()}, wording
        ),
        "looked_at": len(newest),
    }


def _parts(counts: Mapping[str, int], wording: Wording) -> tuple[Part, ...]:
    total = sum(counts.values())
    return tuple(
        Part(name, count, wording.percent(count / total), round(100 * count / total))
        for name, count in counts.items()
    )


def _voices(key: str) -> tuple[VoiceShown, ...]:
    mentions = (
        Mention.objects.filter(expectation=key, voice__erased_at=None)
        .select_related("voice")
        .prefetch_related("voice__mentions")
        .order_by("-voice")[: 2 * MOST_VOICES]
    )
    voices = list({one.voice_id: one.voice for one in mentions}.values())[:MOST_VOICES]
    return tuple(voice_shown(one) for one in voices)
