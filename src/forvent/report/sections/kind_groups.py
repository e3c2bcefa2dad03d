"""Kinds in segments and over time: a table of kinds, and what surely differs in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forvent.records import (
    DriverDrift,
    DriverGroup,
    DriverSegments,
    Estimate,
    KanoChange,
    KanoDrift,
    KanoGroup,
    KanoSegments,
    KindChange,
    NotEnough,
)
from forvent.report.plain_text import plain_text
from forvent.report.sections.kind_parts import PageSection, readable, turned
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording

DIFFERS = "differs"
LINES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Cut:
    """One column of segments, or of time, with what was found in it."""

    column: str
    groups: Sequence[tuple[str, int, Mapping[str, str]]]
    lines: Sequence[str]
    left_out: int
    noun: str


def segments_section(found: DriverSegments | KanoSegments, *, place: int, wording: Wording) -> PageSection:
    """Kinds in each segment of one column, and what differs from the rest."""
    changed = [
        (segment.name, change)
        for segment in found.segments
        for change in segment.changes
        if change.verdict == DIFFERS
    ]
    cut = _Cut(
        found.column,
        [_group(one) for one in found.segments],
        [_line(change, of=name, wording=wording) for name, change in _surest_first(changed)],
        found.left_out,
        noun="touchpoint" if isinstance(found, DriverSegments) else "feature",
    )
    column = plain_text(found.column)
    key = "segments.finding_some" if changed else "segments.finding_none"
    return _section(
        cut,
        anchor=f"segments-{place}",
        question=wording.say("kinds_page.segments.question", column=column),
        finding=wording.say(
            f"kinds_page.{key}", column=column, count=wording.counted("kinds_differences", len(changed))
        ),
        wording=wording,
    )


def drift_section(found: DriverDrift | KanoDrift, *, wording: Wording) -> PageSection:
    """Kinds in each period, and what surely moved along the line through all of them."""
    periods = found.periods if isinstance(found, DriverDrift) else found.waves
    changed = [("", change) for change in found.changes if change.verdict == DIFFERS]
    cut = _Cut(
        found.column,
        [_group(one) for one in periods],
        [_line(change, of="", wording=wording) for _, change in _surest_first(changed)],
        found.left_out,
        noun="touchpoint" if isinstance(found, DriverDrift) else "feature",
    )
    column = plain_text(found.column)
    if len(periods) < 2:
        finding = wording.say("kinds_page.drift.finding_few", column=column)
    else:
        finding = wording.say(
            "kinds_page.drift.finding_some" if changed else "kinds_page.drift.finding_none",
            first=plain_text(periods[0].name),
            last=plain_text(periods[-1].name),
            count=wording.counted("kinds_differences", len(changed)),
        )
    question = wording.say("kinds_page.drift.question", column=column)
    return _section(cut, anchor="drift", question=question, finding=finding, wording=wording)


def _section(cut: _Cut, *, anchor: str, question: str, finding: str, wording: Wording) -> PageSection:
    more = len(cut.lines) - LINES_SHOWN
    lines = list(cut.lines[:LINES_SHOWN])
    if more > 0:
        lines.append(wording.counted("kinds_more_differences", more))
    if cut.left_out:
        lines.append(wording.counted("kinds_left_out", cut.left_out))
    return PageSection(
        anchor=anchor,
        question=question,
        finding=finding,
        how=wording.say("kinds_page.segments.how"),
        lines=tuple(lines),
        open_tables=(_table(cut, wording),) if cut.groups else (),
    )


def _table(cut: _Cut, wording: Wording) -> DataTable:
    """Kinds of every name in every group."""
    names = list(dict.fromkeys(name for _, _, kinds in cut.groups for name in kinds))
    heads = [
        wording.say("kinds_page.segments.head", name=plain_text(name), count=wording.number(count))
        for name, count, _ in cut.groups
    ]
    rows = [
        (
            readable(name),
            *(wording.label("kinds", kinds[name]) if name in kinds else "–" for _, _, kinds in cut.groups),
        )
        for name in names
    ]
    caption = wording.say("kinds_page.segments.table", column=plain_text(cut.column))
    return data_table(caption, head=[wording.say(f"kinds_page.columns.{cut.noun}"), *heads], rows=rows)


def _group(one: DriverGroup | KanoGroup) -> tuple[str, int, Mapping[str, str]]:
    if isinstance(one, DriverGroup):
        kinds = {touchpoint.name: touchpoint.kind for touchpoint in one.drivers.touchpoints}
        return one.name, one.drivers.answers, dict(sorted(kinds.items()))
    most = max((feature.counts.n for feature in one.features), default=0)
    return one.name, most, {feature.feature: feature.kind for feature in one.features}


def _surest_first(
    changed: Sequence[tuple[str, KindChange | KanoChange]],
) -> list[tuple[str, KindChange | KanoChange]]:
    """Those that became another kind first, then the largest."""
    return sorted(changed, key=lambda pair: (not getattr(pair[1], "became", ""), -_largest(pair[1])))


def _sides(change: KindChange | KanoChange) -> tuple[Estimate | NotEnough, Estimate | NotEnough]:
    if isinstance(change, KindChange):
        return change.penalty, change.reward
    return change.better, turned(change.worse)


def _largest(change: KindChange | KanoChange) -> float:
    return max(abs(side.value) if isinstance(side, Estimate) else 0.0 for side in _sides(change))


def _line(change: KindChange | KanoChange, *, of: str, wording: Wording) -> str:
    """What differs, in words; ``of`` is the segment, empty over time."""
    ratings = isinstance(change, KindChange)
    name = change.name if isinstance(change, KindChange) else change.feature
    first, second = (_moved(side, wording) for side in _sides(change))
    said = wording.say(f"kinds_page.moved_{'ratings' if ratings else 'asked'}", first=first, second=second)
    if isinstance(change, KindChange) and change.became:
        before, after = (wording.label("kinds", kind) for kind in (change.before, change.after))
        key = "became_segment" if of else "became"
        said = f"{wording.say(f'kinds_page.{key}', before=before, after=after)} {said}"
    if not of:
        return wording.say("kinds_page.line", name=readable(name), what=said)
    return wording.say("kinds_page.line_segment", name=readable(name), segment=plain_text(of), what=said)


def _moved(amount: Estimate | NotEnough, wording: Wording) -> str:
    """A difference in points out of 100, with its sign and interval."""
    if isinstance(amount, NotEnough):
        return wording.say("numbers.none")
    value, low, high = (_signed(part, wording) for part in (amount.value, amount.low, amount.high))
    return wording.say("numbers.range", value=value, low=low, high=high)


def _signed(share: float, wording: Wording) -> str:
    shown = wording.number(100 * share)
    return f"+{shown}" if round(100 * share) > 0 else shown
