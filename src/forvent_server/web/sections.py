"""Sections of the report as pages: the same findings, drawn by the same functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import HttpResponse

from forvent.records import Findings, Scale
from forvent.report.pictures.legend import LegendPart, legend, row_axis
from forvent.report.sections.chain import chain_section
from forvent.report.sections.change import change_section
from forvent.report.sections.gaps import gaps_section
from forvent.report.sections.journey import journey_section
from forvent.report.sections.kinds import kinds_section
from forvent.report.sections.levels import levels_section
from forvent.report.sections.loyalty import loyalty_section
from forvent.report.sections.matters import matters_section
from forvent.report.sections.personas import personas_section
from forvent.report.sections.prediction import prediction_section
from forvent.report.sections.promise import promise_section
from forvent.report.sections.questions import questions_section
from forvent.report.sections.said import said_section
from forvent.report.sections.sources import sources_section
from forvent.report.sections.what_if import what_if_section
from forvent.report.wording import Wording
from forvent_server.assessed import Made, made_of
from forvent_server.store.models import Assessment
from forvent_server.web.language import words
from forvent_server.web.pages import Asked, draw
from forvent_server.web.then import Then, asked_assessment, then_of

Draw = Callable[..., Any]
DRAWN: Mapping[str, Draw] = {
    "gaps": gaps_section,
    "journey": journey_section,
    "matters": matters_section,
    "kinds": kinds_section,
    "chain": chain_section,
    "promise": promise_section,
    "levels": levels_section,
    "said": said_section,
    "change": change_section,
    "what_if": what_if_section,
    "questions": questions_section,
    "personas": personas_section,
    "loyalty": loyalty_section,
    "prediction": prediction_section,
}


NOT_THEN = Then(None, ())


@dataclass(frozen=True, slots=True)
class SectionsPage:
    """Some sections of the last assessment; ``shown`` is empty before the first."""

    title: str
    made_at: datetime | None
    voices: int
    episodes: int
    shown: Mapping[str, Any]
    legend: tuple[LegendPart, ...]
    axis: Any
    kind_axis: Any
    scale: str
    definitions: tuple[tuple[str, str], ...]
    then: Then = NOT_THEN


def sections_page(request: Asked, *names: str, title: str) -> HttpResponse:
    """A page of sections of the report, or what will stand there once there is something."""
    return draw(request, "pages/sections.html", drawn_sections(request, *names, title=title))


def drawn_sections(request: Asked, *names: str, title: str) -> SectionsPage:
    """Sections of the last assessment, or of the one that is asked for, ready to be shown."""
    made = asked_assessment(request)
    if made is None:
        return SectionsPage(title, None, 0, 0, {}, (), "", "", "", ())
    drawn = _drawn(made_of(made), made.made_at, request.words.language, names, title)
    return replace(drawn, then=then_of(made))


@lru_cache(maxsize=64)
def _drawn(made: Made, made_at: datetime, language: str, names: tuple[str, ...], title: str) -> SectionsPage:
    # Drawing some hundred rows takes longer than all else of a page, and gives the same until the next one.
    findings = made.findings
    wording = words(language, scale=findings.voices.scale)
    shown = {name: DRAWN[name](findings, wording=wording) for name in names}
    return SectionsPage(
        title=title,
        made_at=made_at,
        voices=findings.voices.used,
        episodes=findings.episodes.used if findings.episodes else 0,
        shown={name: section for name, section in shown.items() if section is not None},
        legend=tuple(marks(wording, findings=findings)),
        axis=row_axis(shown["gaps"].ticks) if shown.get("gaps") else "",
        kind_axis=row_axis(shown["kinds"].ticks) if shown.get("kinds") else "",
        scale=wording.scale_name(),
        definitions=definitions(findings, wording=wording),
    )


def definitions(findings: Findings, *, wording: Wording) -> tuple[tuple[str, str], ...]:
    """What every number of these pages means, by its name."""
    return sources_section(findings, wording=wording).definitions


def defined(made: Assessment, *, language: str) -> tuple[tuple[str, str], ...]:
    """What every number of an assessment means, by its name."""
    return _defined(made_of(made), language)


@lru_cache(maxsize=16)
def _defined(made: Made, language: str) -> tuple[tuple[str, str], ...]:
    return definitions(made.findings, wording=words(language, scale=made.findings.voices.scale))


def scaled(wording: Wording, scale: Scale | None) -> Wording:
    """The words of the page, with ratings on the scale they were given on."""
    return words(wording.language, scale=scale)


def marks(wording: Wording, *, findings: Findings) -> list[LegendPart]:
    """What the marks of the signature picture mean."""
    assumed = any(gap.basis != "ratings" for gap in findings.gaps)
    return legend(
        expected=wording.say("page.expected"),
        got=wording.say("page.got"),
        verdicts={name: wording.say(f"page.legend_{name}") for name in ("short", "above", "undecided")},
        interval=wording.say("page.legend_interval"),
        assumed=wording.say("page.legend_assumed") if assumed else "",
    )
