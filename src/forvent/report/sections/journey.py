"""The journey map: seven stages, what is expected and got in each, the worst, best and last marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Estimate, Findings, Gap, Journey, JourneyStop, NotEnough
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.plain_text import plain_text
from forvent.report.sections.gaps import gap_picture, verdict_text
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import ABOVE, SHORT, gap_verdict, last_stage, worst_stage
from forvent.report.wording import Wording
from forvent.tables import STAGES

A_STAGE = 3
#: Stages that a heading names; a longer list would say nothing.
MOST_NAMED = 3
TOUCHPOINTS = 40


@dataclass(frozen=True, slots=True)
class StageRow:
    """One expectation inside a stage; ``anchor`` is where more of it stands, empty for the whole stage."""

    name: str
    numbers: str
    verdict: str
    verdict_text: str
    picture: Markup
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One column of the map; ``marks`` are worst, best and last, as words, ``whole`` is all of the stage."""

    id: str
    name: str
    whole: StageRow | None
    rows: tuple[StageRow, ...]
    rest: str
    marks: tuple[str, ...]
    is_worst: bool


@dataclass(frozen=True, slots=True)
class JourneySection:
    """All that the section shows."""

    finding: str
    how: str
    stages: tuple[Stage, ...]
    memory: tuple[str, ...]
    whole: tuple[DataTable, ...]
    table: DataTable | None


def journey_section(findings: Findings, *, wording: Wording) -> JourneySection:
    """The seven stages in their order."""
    journey = findings.journey
    marks = _marks(findings)
    stops = {stop.name: stop for stop in journey.stops} if journey else {}
    placed = _placed_elsewhere(findings)
    stages = tuple(
        _stage(
            name,
            gaps=_shortest([*findings.gaps, *placed], stage=name),
            stop=stops.get(name),
            marks=marks.get(name, ()),
            wording=wording,
        )
        for name in STAGES
    )
    return JourneySection(
        finding=peak_finding(journey, wording=wording)
        if journey
        else journey_finding(findings.gaps, wording=wording),
        how=wording.say("journey.how_peak" if journey else "journey.how"),
        stages=stages,
        memory=tuple(_memory(journey, wording)) if journey else (),
        whole=tuple(
            _stops_table(one, key, wording)
            for key, one in (("stages", journey), ("places", findings.places))
            if one is not None
        ),
        table=_touchpoints(findings.touchpoints, wording),
    )


def journey_finding(gaps: Sequence[Gap], *, wording: Wording) -> str:
    """The heading: the stage of the first gap that surely falls short."""
    worst = worst_stage(gaps)
    if worst is None:
        known = any(isinstance(gap.gap, Estimate) for gap in gaps)
        return wording.say("journey.finding_none" if known else "journey.finding_unknown")
    gap = next(gap for gap in gaps if gap_verdict(gap) == SHORT)
    return wording.say(
        "journey.finding", stage=wording.label("stages", worst), name=wording.name(gap.expectation)
    )


def peak_finding(journey: Journey, *, wording: Wording) -> str:
    """The heading: the worst stage where it is sure, else those between which it is undecided."""
    worst = journey.worst
    if worst is None:
        return wording.say("journey.finding_unknown")
    if worst.sure:
        share = next(stop.got for stop in journey.stops if stop.name == worst.name)
        return wording.say(
            "journey.finding_peak",
            stage=wording.label("stages", worst.name),
            share=wording.share_value(share) if isinstance(share, Estimate) else "",
        )
    candidates = {worst.name, *worst.perhaps}
    if len(candidates) > MOST_NAMED or len(candidates) == sum(
        isinstance(stop.got, Estimate) for stop in journey.stops
    ):
        return wording.say("journey.finding_open")
    labels = (wording.label("stages", name) for name in STAGES if name in candidates)
    names = [wording.say("journey.quoted", name=label) for label in labels]
    return wording.say("journey.finding_undecided", stages=wording.list_of(names))


def _marks(findings: Findings) -> dict[str, tuple[str, ...]]:
    """Marks of each stage: worst, perhaps_worst, best and last."""
    journey = findings.journey
    if journey is None:
        worst, last = worst_stage(findings.gaps), last_stage(findings.gaps)
        pairs = [("worst", worst), ("last", last)]
    else:
        pairs = [("last", journey.last)]
        for mark, peak in (("best", journey.best), ("worst", journey.worst)):
            if peak is not None and peak.sure:
                pairs.insert(0, (mark, peak.name))
            elif peak is not None and mark == "worst":
                pairs = [("perhaps_worst", name) for name in (peak.name, *peak.perhaps)] + pairs
    return {name: tuple(mark for mark, stage in pairs if stage == name) for name in STAGES}


def _memory(journey: Journey, wording: Wording) -> Iterator[str]:
    """What the mean says, what is remembered, and what a bad end goes together with."""
    if isinstance(journey.mean, Estimate) and isinstance(journey.remembered, Estimate):
        yield wording.say(
            "journey.memory",
            mean=wording.share_range(journey.mean),
            remembered=wording.share_range(journey.remembered),
        )
    if isinstance(journey.bad_end, Estimate):
        yield wording.say(
            "journey.bad_end",
            difference=wording.rating_difference(journey.bad_end),
            scale=wording.scale_name(),
        )


def _shortest(gaps: Sequence[Gap], *, stage: str) -> list[Gap]:
    """Gaps of a stage as they are ranked; those without a number last."""
    inside = [gap for gap in gaps if gap.stage == stage]
    return sorted(inside, key=lambda gap: not isinstance(gap.gap, Estimate))


def _placed_elsewhere(findings: Findings) -> list[Gap]:
    """Gaps at touchpoints that the business places at another stage than that of the expectation."""
    usual = {gap.expectation: gap.stage for gap in findings.gaps}
    return [gap for gap in findings.touchpoints if gap.stage != usual.get(gap.expectation, gap.stage)]


def _stage(
    name: str, *, gaps: Sequence[Gap], stop: JourneyStop | None, marks: Sequence[str], wording: Wording
) -> Stage:
    rest = len(gaps) - A_STAGE
    return Stage(
        id=name,
        name=wording.label("stages", name),
        whole=_whole(stop, wording) if stop and isinstance(stop.got, Estimate) else None,
        rows=tuple(_row(gap, wording) for gap in gaps[:A_STAGE]),
        rest=wording.counted("more", rest) if rest > 0 else "",
        marks=tuple(wording.say(f"journey.{mark}") for mark in marks),
        is_worst="worst" in marks,
    )


def _whole(stop: JourneyStop, wording: Wording) -> StageRow:
    """All that is judged at a stage, as one row of the signature picture."""
    name = wording.label("stages", stop.name)
    said = _stop_verdict(stop, wording)
    return StageRow(
        name=wording.say("journey.whole"),
        numbers=wording.say(
            "journey.numbers",
            expected=_value(stop.expected, wording),
            got=_value(stop.got, wording),
        ),
        verdict=gap_verdict(stop),
        verdict_text=said,
        picture=dumbbell(
            stop.expected,
            got=stop.got,
            verdict=gap_verdict(stop),
            assumed=False,
            says=wording.say(
                "gaps.alternative",
                name=name,
                expected=wording.share(stop.expected),
                got=wording.share(stop.got),
                verdict=said,
            ),
        ),
    )


def _stop_verdict(stop: JourneyStop, wording: Wording) -> str:
    found = gap_verdict(stop)
    if isinstance(stop.gap, Estimate) and found in (SHORT, ABOVE):
        return wording.say(f"verdicts.{found}", points=wording.points(stop.gap.value))
    return wording.say("verdicts.undecided" if isinstance(stop.gap, Estimate) else "verdicts.unknown")


def _value(amount: Estimate | NotEnough, wording: Wording) -> str:
    return wording.share_value(amount) if isinstance(amount, Estimate) else wording.say("journey.no_number")


def _stops_table(journey: Journey, key: str, wording: Wording) -> DataTable:
    """Every stop with what was expected, got and lacks, each with its interval."""
    keys = ("stage" if key == "stages" else "touchpoint", "expected", "got", "gap", "remark")
    return data_table(
        wording.say(f"journey.table_{key}"),
        head=[wording.say(f"columns.{column}") for column in keys],
        rows=[
            (
                _touchpoint_name(stop.name, wording),
                wording.share_range(stop.expected),
                wording.share(stop.got),
                _points(stop.gap, wording),
                _stop_verdict(stop, wording),
            )
            for stop in journey.stops
        ],
    )


def _points(gap: Estimate | NotEnough, wording: Wording) -> str:
    """Percentage points with their interval; the count stands beside them."""
    if isinstance(gap, NotEnough):
        return wording.say("numbers.none")
    value, low, high = (wording.number(100 * part) for part in (gap.value, gap.low, gap.high))
    return wording.say("numbers.range", value=value, low=low, high=high)


def _row(gap: Gap, wording: Wording) -> StageRow:
    expected, got = (_value(amount, wording) for amount in (gap.expected, gap.got))
    return StageRow(
        name=" · ".join(filter(None, (wording.name(gap.expectation), gap.touchpoint))),
        numbers=wording.say("journey.numbers", expected=expected, got=got),
        verdict=gap_verdict(gap),
        verdict_text=verdict_text(gap, wording=wording),
        picture=gap_picture(gap, wording=wording, small=True),
        anchor=f"gap-{gap.expectation}",
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
