"""For whom did it hold: one ○──● row a group, from the level aimed at to what was kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Backtest, Estimate, KeptSlice, NotEnough, Track
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.pictures.legend import LegendPart, legend
from forvent.report.plain_text import plain_text
from forvent.report.sections.backtest_months import kept_verdict
from forvent.report.sections.backtest_tracks import (
    COMPANY,
    OURS,
    amount_said,
    kept_said,
    kept_value,
    level_said,
    track_of,
    way_name,
)
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import ABOVE, SHORT, UNDECIDED, UNKNOWN
from forvent.report.wording import Wording

MOST_GROUPS = 30
SHOWN_FIRST = 12
RANK = (SHORT, UNDECIDED, ABOVE, UNKNOWN)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: its picture and its numbers."""

    name: str
    verdict: str
    verdict_text: str
    kept: str
    promise: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class GroupsSection:
    """All that the section shows; ``rest`` says how many groups stand only in the table."""

    finding: str
    how: str
    rows: tuple[GroupRow, ...]
    more: tuple[GroupRow, ...]
    more_label: str
    rest: str
    ticks: tuple[str, ...]
    legend: tuple[LegendPart, ...]
    table: DataTable | None


def groups_section(backtest: Backtest, *, wording: Wording) -> GroupsSection:
    """The largest groups, those that surely fall short first."""
    largest = largest_groups(backtest)
    floor = row_floor(largest, level=backtest.level)
    rows = [_row(part, backtest, floor=floor, wording=wording) for part in largest]
    ours = track_of(backtest, OURS)
    left = len(ours.groups) - len(largest) if ours else 0
    more = rows[SHOWN_FIRST:]
    return GroupsSection(
        finding=groups_finding(backtest, wording=wording),
        how=_how(backtest, wording) if rows else "",
        rows=tuple(rows[:SHOWN_FIRST]),
        more=tuple(more),
        more_label=wording.say("gaps.more", count=wording.counted("groups", len(more))) if more else "",
        rest=wording.counted("groups_rest", left) if left else "",
        ticks=tuple(wording.percent(floor + (1 - floor) * step / 4) for step in range(5)),
        legend=tuple(_legend(wording)),
        table=_table(backtest, wording),
    )


def largest_groups(backtest: Backtest) -> list[KeptSlice]:
    """The groups with most cases, at most so many as the page shows, ranked by how far they fall short."""
    ours = track_of(backtest, OURS)
    groups = sorted(ours.groups if ours else (), key=lambda part: -part.kept.n)[:MOST_GROUPS]
    return sorted(groups, key=lambda part: _rank(part, backtest.level))


def _rank(part: KeptSlice, level: float) -> tuple[int, float, str]:
    kept = part.kept.value if isinstance(part.kept, Estimate) else 1.0
    return RANK.index(kept_verdict(part.kept, level=level)), kept, part.name


def row_floor(groups: Sequence[KeptSlice], *, level: float) -> float:
    """Where the axis of the rows begins: at a fifth below all whiskers, so that its quarters are round."""
    lows = [part.kept.low for part in groups if isinstance(part.kept, Estimate)]
    return min(0.8, math.floor(min([*lows, level]) * 5 + 1e-9) / 5)


def groups_finding(backtest: Backtest, *, wording: Wording) -> str:
    """The heading: how many groups surely fall short, and which the furthest."""
    ours = track_of(backtest, OURS)
    judged = [part for part in (ours.groups if ours else ()) if isinstance(part.kept, Estimate)]
    if not judged:
        given = bool(ours and ours.groups)
        return wording.say("backtest.groups.finding_unknown" if given else "backtest.groups.finding_absent")
    ranked = sorted(judged, key=lambda part: _rank(part, backtest.level))
    short = [part for part in ranked if kept_verdict(part.kept, level=backtest.level) == SHORT]
    if not short:
        return wording.say("backtest.groups.finding_none", judged=wording.number(len(judged)))
    return wording.say(
        "backtest.groups.finding_some",
        short=wording.number(len(short)),
        judged=wording.number(len(judged)),
        name=plain_text(short[0].name),
        kept=kept_value(short[0].kept, wording=wording),
        level=level_said(backtest, wording=wording),
    )


def _how(backtest: Backtest, wording: Wording) -> str:
    level = level_said(backtest, wording=wording)
    column = plain_text(backtest.group_column)
    if not column:
        return wording.say("backtest.groups.how", level=level)
    return wording.say("backtest.groups.how_column", level=level, column=column)


def _row(part: KeptSlice, backtest: Backtest, *, floor: float, wording: Wording) -> GroupRow:
    found = kept_verdict(part.kept, level=backtest.level)
    name, said = plain_text(part.name), kept_said(part.kept, wording=wording)
    promise = amount_said(part.mean_promise, unit=backtest.unit, wording=wording)
    verdict_text = _verdict_text(part, level=backtest.level, wording=wording)
    level = Estimate(backtest.level, backtest.level, backtest.level, n=part.kept.n)
    picture = dumbbell(
        _on_axis(level, floor),
        got=_on_axis(part.kept, floor) if isinstance(part.kept, Estimate) else part.kept,
        verdict=found,
        assumed=False,
        says=wording.say(
            "backtest.groups.alternative",
            name=name,
            level=level_said(backtest, wording=wording),
            kept=said,
            verdict=verdict_text,
            promise=promise,
        ),
        small=True,
    )
    return GroupRow(
        name=name,
        verdict=found,
        verdict_text=verdict_text,
        kept=said,
        promise=wording.say("backtest.groups.promise", length=promise),
        picture=picture,
    )


def _on_axis(share: Estimate, floor: float) -> Estimate:
    """The share as its place on an axis from ``floor`` to 1."""
    value, low, high = ((part - floor) / (1 - floor) for part in (share.value, share.low, share.high))
    return Estimate(value, low, high, n=share.n)


def _verdict_text(part: KeptSlice, *, level: float, wording: Wording) -> str:
    found = kept_verdict(part.kept, level=level)
    if isinstance(part.kept, NotEnough):
        return wording.say("backtest.groups.too_few")
    if found in (SHORT, ABOVE):
        return wording.say(f"verdicts.{found}", points=wording.points(part.kept.value - level, decimals=1))
    return wording.say("verdicts.undecided")


def _legend(wording: Wording) -> list[LegendPart]:
    return legend(
        expected=wording.say("backtest.groups.level"),
        got=wording.say("backtest.groups.kept"),
        verdicts={
            SHORT: wording.say("page.legend_short"),
            ABOVE: wording.say("page.legend_above"),
            UNDECIDED: wording.say("page.legend_undecided"),
        },
        interval=wording.say("page.legend_interval"),
        assumed="",
    )


def _table(backtest: Backtest, wording: Wording) -> DataTable | None:
    """Every group: kept share and mean promise of ours and of the company."""
    ours = track_of(backtest, OURS)
    if ours is None or not ours.groups:
        return None
    shown = [track for way in (OURS, COMPANY) if (track := track_of(backtest, way)) is not None]
    ranked = sorted(ours.groups, key=lambda part: _rank(part, backtest.level))
    head = [wording.say("columns.group")]
    for track in shown:
        name = way_name(track.name, wording=wording)
        head += [
            wording.say("backtest.groups.of", name=name, what=wording.say(f"columns.{column}"))
            for column in ("kept", "mean_promise")
        ]
    return data_table(
        wording.say("backtest.groups.table"),
        head=head,
        rows=[
            [plain_text(part.name), *_cells(shown, part.name, unit=backtest.unit, wording=wording)]
            for part in ranked
        ],
    )


def _cells(tracks: Sequence[Track], name: str, *, unit: str, wording: Wording) -> list[str]:
    """Kept share and mean promise of one group, for each of the ways shown."""
    cells = []
    for track in tracks:
        part = next((part for part in track.groups if part.name == name), None)
        if part is None:
            cells += [wording.say("numbers.none")] * 2
        else:
            mean = amount_said(part.mean_promise, unit=unit, wording=wording)
            cells += [kept_said(part.kept, wording=wording), mean]
    return cells
