"""Rows of a survey that asked what was expected and what was received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from forvent.records import (
    Estimate,
    GroupGap,
    NotEnough,
    Reliability,
    SurveyCut,
    SurveyedGaps,
    SurveyGap,
    ToleranceZone,
)
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.pictures.shares import parts_bar
from forvent.report.plain_text import plain_text, shortened
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import ABOVE, ALIKE, SHORT, UNDECIDED, UNKNOWN
from forvent.report.wording import Amount, Wording

NAME_LETTERS = 60
GROUPS_SHOWN, LINES_SHOWN = 30, 8
DURATIONS = ("second", "minute", "hour", "day", "week", "month", "year")
LOOKS = {
    "worse than expected": SHORT,
    "better than expected": ABOVE,
    "as expected": ALIKE,
    "undecided": UNDECIDED,
    "not enough data": UNKNOWN,
    "worse than the rest": SHORT,
    "better than the rest": ABOVE,
    "like the rest": ALIKE,
}
ORDER = (SHORT, UNDECIDED, ALIKE, ABOVE, UNKNOWN)


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One row: its picture, what may be said of it, and the numbers behind."""

    name: str
    meta: str
    verdict: str
    verdict_text: str
    numbers: str
    gap: str
    picture: Markup
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """Shares below the adequate level, between it and the desired one, and at or above that."""

    name: str
    picture: Markup | None
    numbers: str


@dataclass(frozen=True, slots=True)
class CutSection:
    """The groups of one column, each beside what it expected and beside all others."""

    anchor: str
    question: str
    finding: str
    lede: str
    rows: tuple[SurveyRow, ...]
    lines: tuple[str, ...]
    left_out: str
    table: DataTable


def survey_rows(
    found: SurveyedGaps, *, part: Sequence[str], kind: str = "", wording: Wording
) -> tuple[SurveyRow, ...]:
    """Rows of the gaps of these parts, of one kind of pair or of all: the worse ones first, by their size."""
    kinds = {pair.name: pair.kind for pair in found.pairs}
    wanted = (gap for gap in found.gaps if gap.part in part and kind in ("", kinds.get(gap.name)))
    return tuple(_gap_row(gap, found, wording) for gap in sorted(wanted, key=_order))


def surveyed_finding(found: SurveyedGaps, *, wording: Wording) -> str:
    """The heading: the pair that surely falls shortest, else what is known instead."""
    gaps = sorted((gap for gap in found.gaps if gap.part == "pair"), key=_order)
    first = next(iter(gaps), None)
    if first is not None and LOOKS[first.verdict] == SHORT:
        return wording.say(
            "surveyed.finding",
            name=_name(first.name),
            expected=value_said(first.expected, first.unit, wording=wording),
            received=value_said(first.received, first.unit, wording=wording),
        )
    known = any(isinstance(gap.gap, Estimate) for gap in gaps)
    return wording.say("surveyed.finding_none" if known else "surveyed.finding_unknown")


def zone_rows(found: SurveyedGaps, *, wording: Wording) -> tuple[ZoneRow, ...]:
    """Zones of tolerance of all that were asked for them, all together last."""
    return tuple(_zone_row(gap, gap.zone, wording) for gap in found.gaps if gap.zone is not None)


def zone_finding(found: SurveyedGaps, *, wording: Wording) -> str:
    """The heading of the zones: how often not even the adequate was received, over all or of the first."""
    zones = [gap for gap in found.gaps if gap.zone is not None]
    gap = next((one for one in zones if one.part == "all"), zones[0])
    below = gap.zone.below if gap.zone is not None else NotEnough(0, 1, "")
    if not isinstance(below, Estimate):
        return wording.say("surveyed.zone_unknown")
    return wording.say("surveyed.zone_finding", share=wording.share_value(below))


def cut_section(cut: SurveyCut, place: int, *, found: SurveyedGaps, wording: Wording) -> CutSection:
    """One column's groups: the worse ones first, periods in their order."""
    groups = cut.groups[-GROUPS_SHOWN:] if cut.kind == "time" else cut.groups[:GROUPS_SHOWN]
    mains = [(plain_text(group.name), _main(group.gaps)) for group in groups]
    if cut.kind != "time":
        mains.sort(key=lambda pair: (ORDER.index(LOOKS[pair[1].rest_verdict]), _size(pair[1].against_rest)))
    hidden = len(cut.groups) - len(groups) + cut.left_out
    column = plain_text(cut.column)
    return CutSection(
        anchor=f"cut-{place + 1}",
        question=wording.say("surveyed.cut_question", column=column),
        finding=_cut_finding(mains, column, wording),
        lede=wording.say("surveyed.cut_lede", name=_called(mains[0][1], wording) if mains else ""),
        rows=tuple(_group_row(name, gap, found, wording) for name, gap in mains),
        lines=_outstanding(cut, wording),
        left_out=wording.say(
            "surveyed.cut_left_out", groups=wording.counted("groups", hidden), blank=wording.number(cut.blank)
        )
        if hidden or cut.blank
        else "",
        table=_cut_table(cut, column, wording),
    )


def pairs_table(found: SurveyedGaps, *, wording: Wording) -> DataTable:
    """Every gap with all of its numbers."""
    keys = ("thing", "expected", "received", "gap", "met", "reliability", "remark")
    return data_table(
        wording.say("surveyed.table"),
        head=[wording.say(f"surveyed.column_{key}") for key in keys],
        rows=[
            (
                _name(gap.name),
                ranged(gap.expected, wording=wording),
                ranged(gap.received, wording=wording),
                difference_said(gap.gap, wording=wording),
                wording.share_range(gap.met, noun="survey_answers"),
                _reliable(gap.reliability, wording),
                wording.looked_up("surveyed_verdicts", gap.verdict),
            )
            for gap in found.gaps
        ],
    )


def difference_said(gap: Amount, *, wording: Wording) -> str:
    """A signed difference with interval and count."""
    if isinstance(gap, NotEnough):
        return wording.unknown(gap, noun="survey_answers")
    value, low, high = (_signed(part, wording) for part in (gap.value, gap.low, gap.high))
    return wording.say(
        "numbers.estimate", value=value, low=low, high=high, count=wording.counted("survey_answers", gap.n)
    )


def ranged(amount: Amount, *, wording: Wording) -> str:
    """A number with its interval."""
    if isinstance(amount, NotEnough):
        return wording.say("numbers.none")
    value, low, high = (wording.number(part, decimals=2) for part in (amount.value, amount.low, amount.high))
    return wording.say("numbers.range", value=value, low=low, high=high)


def value_said(amount: Amount, unit: str, *, wording: Wording) -> str:
    """A number alone, with its unit where it has one."""
    if isinstance(amount, NotEnough):
        return wording.say("journey.no_number")
    if unit.rstrip("s") in DURATIONS:
        return wording.duration(round(amount.value, 1), unit=unit)
    shown = wording.number(amount.value, decimals=2)
    return f"{shown} {plain_text(unit)}" if unit else shown


def reliability_said(found: Reliability, *, wording: Wording) -> str:
    """How reliable the difference is, in one sentence; empty where it is not known."""
    if isinstance(found.difference, NotEnough):
        return ""
    return wording.say(
        "surveyed.reliability",
        reliability=ranged(found.difference, wording=wording),
        verdict=wording.looked_up("surveyed_reliability", found.verdict),
    )


def _signed(value: float, wording: Wording) -> str:
    shown = wording.number(value, decimals=2)
    return f"+{shown}" if round(value, 2) > 0 else shown


def _order(gap: SurveyGap) -> tuple[int, float]:
    size = _size(gap.gap)
    return ORDER.index(LOOKS[gap.verdict]), size if gap.better == "more" else -size


def _size(gap: Amount) -> float:
    return gap.value if isinstance(gap, Estimate) else 0.0


def _name(name: str) -> str:
    return shortened(plain_text(name), most=NAME_LETTERS)


def _called(gap: GroupGap | SurveyGap, wording: Wording) -> str:
    return wording.say(f"surveyed.{gap.part}") if gap.part in ("all", "weighted") else _name(gap.name)


def _main(gaps: Sequence[GroupGap]) -> GroupGap:
    return next((gap for gap in gaps if gap.part == "all"), gaps[0])


def _gap_row(gap: SurveyGap, found: SurveyedGaps, wording: Wording) -> SurveyRow:
    name = _called(gap, wording)
    dimension = next((pair.dimension for pair in found.pairs if pair.name == gap.name), "")
    meta = plain_text(dimension) if gap.part == "pair" else ""
    verdict = LOOKS[gap.verdict]
    text = wording.looked_up("surveyed_verdicts", gap.verdict)
    return SurveyRow(
        name=name,
        meta=meta,
        verdict=verdict,
        verdict_text=text,
        numbers=_numbers(gap.expected, gap.received, gap.unit, wording),
        gap=difference_said(gap.gap, wording=wording),
        picture=_picture(name, gap.expected, gap.received, verdict, text, _ends(gap, found), wording),
        facts=tuple(_facts(gap, wording)),
    )


def _group_row(name: str, gap: GroupGap, found: SurveyedGaps, wording: Wording) -> SurveyRow:
    verdict = LOOKS[gap.rest_verdict]
    text = wording.looked_up("surveyed_verdicts", gap.rest_verdict)
    return SurveyRow(
        name=shortened(name, most=NAME_LETTERS),
        meta="",
        verdict=verdict,
        verdict_text=text,
        numbers=_numbers(gap.expected, gap.received, "", wording),
        gap=difference_said(gap.gap, wording=wording),
        picture=_picture(
            name, gap.expected, gap.received, LOOKS[gap.verdict], text, _ends_of(gap.name, found), wording
        ),
        facts=(
            wording.say(
                "surveyed.against_rest", difference=difference_said(gap.against_rest, wording=wording)
            ),
        ),
    )


def _numbers(expected: Amount, received: Amount, unit: str, wording: Wording) -> str:
    return wording.say(
        "journey.numbers",
        expected=value_said(expected, unit, wording=wording),
        got=value_said(received, unit, wording=wording),
    )


def _ends(gap: SurveyGap, found: SurveyedGaps) -> tuple[float, float]:
    """Where the axis of a row begins and ends: the scale, or from nothing to the most of an amount."""
    rated = any(pair.name == gap.name and pair.kind == "rating" for pair in found.pairs) or gap.part != "pair"
    if rated and found.scale is not None:
        return found.scale
    ends = [part.high for part in (gap.expected, gap.received) if isinstance(part, Estimate)]
    low = min([0.0, *(part.low for part in (gap.expected, gap.received) if isinstance(part, Estimate))])
    return low, max([*ends, low + 1e-9]) * 1.1


def _ends_of(name: str, found: SurveyedGaps) -> tuple[float, float]:
    gap = next((gap for gap in found.gaps if gap.name == name), None)
    return _ends(gap, found) if gap is not None else found.scale or (0.0, 1.0)


def _picture(
    name: str, expected: Amount, received: Amount, verdict: str, text: str,
    ends: tuple[float, float], wording: Wording,
) -> Markup:  # fmt: skip
    return dumbbell(
        _placed(expected, ends),
        got=_placed(received, ends),
        verdict=verdict,
        assumed=False,
        says=wording.say(
            "gaps.alternative",
            name=name,
            expected=ranged(expected, wording=wording),
            got=ranged(received, wording=wording),
            verdict=text,
        ),
    )


def _placed(amount: Amount, ends: tuple[float, float]) -> Amount:
    if isinstance(amount, NotEnough):
        return amount
    low, span = ends[0], ends[1] - ends[0]
    value, start, end = ((part - low) / span for part in (amount.value, amount.low, amount.high))
    return replace(amount, value=value, low=min(start, end), high=max(start, end))


def _facts(gap: SurveyGap, wording: Wording) -> list[str]:
    facts = [wording.say("surveyed.met", share=wording.share(gap.met, noun="survey_answers"))]
    if isinstance(gap.middle, Estimate):
        facts.append(wording.say("surveyed.middle", gap=difference_said(gap.middle, wording=wording)))
    if gap.only_expected or gap.only_received:
        facts.append(
            wording.say(
                "surveyed.halves",
                expected=wording.counted("survey_answers", gap.only_expected),
                received=wording.counted("survey_answers", gap.only_received),
            )
        )
    reliable = "" if gap.reliability is None else reliability_said(gap.reliability, wording=wording)
    return [*facts, reliable] if reliable else facts


def _reliable(found: Reliability | None, wording: Wording) -> str:
    return wording.say("numbers.none") if found is None else ranged(found.difference, wording=wording)


def _zone_row(gap: SurveyGap, zone: ToleranceZone, wording: Wording) -> ZoneRow:
    shown = _called(gap, wording)
    parts = [part for part in (zone.below, zone.inside, zone.above) if isinstance(part, Estimate)]
    if len(parts) < 3:
        return ZoneRow(shown, None, wording.say("verdicts.unknown"))
    below, inside, above = (wording.share_range(part) for part in parts)
    shares = wording.say("surveyed.zone_numbers", below=below, inside=inside, above=above)
    count = wording.counted("survey_answers", parts[0].n)
    numbers = wording.say("said.numbers", count=count, share=shares)
    picture = parts_bar(
        [(part.value, class_) for part, class_ in zip(parts, ("short", "inside", "above"), strict=True)],
        says=wording.say("said.alternative", name=shown, numbers=numbers),
    )
    return ZoneRow(shown, picture, numbers)


def _cut_finding(mains: Sequence[tuple[str, GroupGap]], column: str, wording: Wording) -> str:
    worse = [name for name, gap in mains if LOOKS[gap.rest_verdict] == SHORT]
    if worse:
        return wording.say("surveyed.cut_finding", name=shortened(worse[0], most=NAME_LETTERS))
    return wording.say("surveyed.cut_none", column=column)


def _outstanding(cut: SurveyCut, wording: Wording) -> tuple[str, ...]:
    """Pairs and dimensions in which a group differs from the rest, the surest first."""
    several = [
        (gap.rest_rate if gap.rest_rate is not None else 1.0, plain_text(group.name), gap)
        for group in cut.groups
        for gap in group.gaps
        if gap.part in ("pair", "dimension")
        and LOOKS[gap.rest_verdict] in (SHORT, ABOVE)
        and len(group.gaps) > 1
    ]
    several.sort(key=lambda one: (one[0], one[1], one[2].name))
    return tuple(
        wording.say(
            "surveyed.cut_line",
            group=group,
            name=_name(gap.name),
            difference=difference_said(gap.against_rest, wording=wording),
            verdict=wording.looked_up("surveyed_verdicts", gap.rest_verdict),
        )
        for _, group, gap in several[:LINES_SHOWN]
    )


def _cut_table(cut: SurveyCut, column: str, wording: Wording) -> DataTable:
    keys = ("thing", "expected", "received", "gap", "rest", "remark")
    return data_table(
        wording.say("surveyed.cut_table", column=column),
        head=[column, *(wording.say(f"surveyed.column_{key}") for key in keys)],
        rows=[
            (
                plain_text(group.name),
                _called(gap, wording),
                ranged(gap.expected, wording=wording),
                ranged(gap.received, wording=wording),
                difference_said(gap.gap, wording=wording),
                difference_said(gap.against_rest, wording=wording),
                wording.looked_up("surveyed_verdicts", gap.rest_verdict),
            )
            for group in cut.groups
            for gap in group.gaps
        ],
    )
