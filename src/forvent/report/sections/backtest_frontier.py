"""What would another length have kept: one promise to all, against the mean of ours and of the company's."""

from __future__ import annotations

import math
from dataclasses import dataclass

from forvent.records import Backtest, Estimate, FrontierPoint
from forvent.report.pictures.promise import NARROW_ROOM, FrontierWords, Marked, promise_frontier, reach
from forvent.report.pictures.svg import round_ticks
from forvent.report.plain_text import plain_text
from forvent.report.sections.backtest_tracks import (
    COMPANY,
    OURS,
    amount_said,
    kept_said,
    level_said,
    track_of,
)
from forvent.report.sections.parts import DataTable, Pictures, data_table
from forvent.report.wording import Wording


@dataclass(frozen=True, slots=True)
class FrontierSection:
    """All that the section shows; no pictures with fewer than two points."""

    finding: str
    how: str
    pictures: Pictures | None
    table: DataTable | None


def frontier_section(backtest: Backtest, *, wording: Wording) -> FrontierSection:
    """The frontier with the mean promises marked on it."""
    return FrontierSection(
        finding=frontier_finding(backtest, wording=wording),
        how=wording.say("backtest.frontier.how"),
        pictures=_pictures(backtest, wording),
        table=_table(backtest, wording),
    )


def frontier_finding(backtest: Backtest, *, wording: Wording) -> str:
    """The heading: how long one promise to all would have to be, to be kept as often as ours."""
    ours = track_of(backtest, OURS)
    if ours is None or not isinstance(ours.kept, Estimate) or len(backtest.frontier) < 2:
        return wording.say("backtest.frontier.finding_unknown")
    single = enough(backtest.frontier, share=ours.kept.value)
    fields = {"mean": amount_said(ours.mean_promise, unit=backtest.unit, wording=wording)}
    if single is None:
        return wording.say("backtest.frontier.finding_none", **fields)
    fields["single"] = amount_said(single.length, unit=backtest.unit, wording=wording)
    return wording.say("backtest.frontier.finding", **fields)


def enough(points: tuple[FrontierPoint, ...], *, share: float) -> FrontierPoint | None:
    """The shortest promise that keeps at least such a share; None where none shown does."""
    return next((point for point in points if point.kept.value >= share - 1e-12), None)


def _pictures(backtest: Backtest, wording: Wording) -> Pictures | None:
    points = backtest.frontier
    if len(points) < 2:
        return None
    marked = _marked(backtest, wording)
    ends = round_ticks(0.0, high=reach(points, marked=marked, room=NARROW_ROOM), most=8)
    unit = backtest.unit.rstrip("s")
    known = f"across_{unit}" in wording.texts["promise"]
    words = FrontierWords(
        says=frontier_finding(backtest, wording=wording),
        across=wording.say(f"promise.across_{unit}")
        if known
        else wording.say("backtest.frontier.across", unit=plain_text(backtest.unit)),
        upward=wording.say("promise.upward"),
        level=wording.say("backtest.aimed", level=level_said(backtest, wording=wording)),
        ticks=tuple((tick, wording.number(tick, decimals=0 if tick == round(tick) else 1)) for tick in ends),
        upward_ticks=tuple((share, wording.percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
    )
    return Pictures(
        wide=promise_frontier(points, marked=marked, level=backtest.level, words=words),
        narrow=promise_frontier(points, marked=marked, level=backtest.level, words=words, narrow=True),
    )


def _marked(backtest: Backtest, wording: Wording) -> tuple[Marked, ...]:
    marks = []
    for way, kind in ((COMPANY, "own"), (OURS, "proposed")):
        track = track_of(backtest, way)
        if track is not None and isinstance(track.kept, Estimate) and math.isfinite(track.mean_promise):
            decimals = 0 if track.mean_promise >= 100 else 1
            length = wording.number(track.mean_promise, decimals=decimals)
            text = wording.say(f"backtest.frontier.mark_{way}", length=length)
            marks.append(Marked(kind, length=track.mean_promise, kept=track.kept, text=text))
    return tuple(marks)


def _table(backtest: Backtest, wording: Wording) -> DataTable | None:
    if not backtest.frontier:
        return None
    return data_table(
        wording.say("promise.table"),
        head=[wording.say("columns.length"), wording.say("columns.kept")],
        rows=[
            (
                amount_said(point.length, unit=backtest.unit, wording=wording),
                kept_said(point.kept, wording=wording),
            )
            for point in backtest.frontier
        ],
    )
