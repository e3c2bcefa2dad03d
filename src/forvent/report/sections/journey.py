"""The journey map: seven stages, in each what falls shortest, worst and last stage marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Estimate, Findings, Gap
from forvent.report.plain_text import plain_text
from forvent.report.sections.gaps import gap_picture, verdict_text
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import SHORT, last_stage, verdict, worst_stage
from forvent.report.wording import Wording
from forvent.tables import STAGES

A_STAGE = 3
TOUCHPOINTS = 40


@dataclass(frozen=True, slots=True)
class StageRow:
    """One expectation inside a stage."""

    name: str
    numbers: str
    verdict: str
    verdict_text: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Stage:
    """One column of the map; ``marks`` are worst and last, as words."""

    id: str
    name: str
    rows: tuple[StageRow, ...]
    rest: str
    marks: tuple[str, ...]
    is_worst: bool


@dataclass(frozen=True, slots=True)
class JourneySection:
    """All that the section shows."""

    finding: str
    stages: tuple[Stage, ...]
    table: DataTable | None


def journey_section(findings: Findings, *, wording: Wording) -> JourneySection:
    """The seven stages in their order."""
    worst, last = worst_stage(findings.gaps), last_stage(findings.gaps)
    stages = tuple(
        _stage(name, gaps=_shortest(findings.gaps, stage=name), worst=worst, last=last, wording=wording)
        for name in STAGES
    )
    return JourneySection(
        finding=journey_finding(findings.gaps, wording=wording),
        stages=stages,
        table=_touchpoints(findings.touchpoints, wording),
    )


def journey_finding(gaps: Sequence[Gap], *, wording: Wording) -> str:
    """The heading: the stage of the first gap that surely falls short."""
    worst = worst_stage(gaps)
    if worst is None:
        known = any(isinstance(gap.gap, Estimate) for gap in gaps)
        return wording.say("journey.finding_none" if known else "journey.finding_unknown")
    gap = next(gap for gap in gaps if verdict(gap.gap) == SHORT)
    return wording.say(
        "journey.finding", stage=wording.label("stages", worst), name=wording.name(gap.expectation)
    )


def _shortest(gaps: Sequence[Gap], *, stage: str) -> list[Gap]:
    """Gaps of a stage as they are ranked; those without a number last."""
    inside = [gap for gap in gaps if gap.stage == stage]
    return sorted(inside, key=lambda gap: not isinstance(gap.gap, Estimate))


def _stage(name: str, *, gaps: Sequence[Gap], worst: str | None, last: str | None, wording: Wording) -> Stage:
    marks = [key for key, stage in (("worst", worst), ("last", last)) if stage == name]
    rest = len(gaps) - A_STAGE
    return Stage(
        id=name,
        name=wording.label("stages", name),
        rows=tuple(_row(gap, wording) for gap in gaps[:A_STAGE]),
        rest=wording.counted("more", rest) if rest > 0 else "",
        marks=tuple(wording.say(f"journey.{mark}") for mark in marks),
        is_worst=name == worst,
    )


def _row(gap: Gap, wording: Wording) -> StageRow:
    expected, got = (
        wording.share_value(amount) if isinstance(amount, Estimate) else wording.say("journey.no_number")
        for amount in (gap.expected, gap.got)
    )
    return StageRow(
        name=wording.name(gap.expectation),
        numbers=wording.say("journey.numbers", expected=expected, got=got),
        verdict=verdict(gap.gap),
        verdict_text=verdict_text(gap, wording=wording),
        picture=gap_picture(gap, wording=wording, small=True),
    )


def _touchpoints(gaps: Sequence[Gap], wording: Wording) -> DataTable | None:
    if not gaps:
        return None
    rows = [
        (
            _touchpoint_name(gap.touchpoint, wording),
            wording.name(gap.expectation),
            wording.share(gap.got),
            verdict_text(gap, wording=wording),
        )
        for gap in gaps[:TOUCHPOINTS]
    ]
    keys = ("touchpoint", "name", "got", "gap")
    return data_table(
        wording.say("journey.table"), head=[wording.say(f"columns.{key}") for key in keys], rows=rows
    )


def _touchpoint_name(touchpoint: str | None, wording: Wording) -> str:
    if touchpoint in STAGES:
        return wording.label("stages", touchpoint)
    return plain_text(touchpoint or "")
