"""What changed over the time of one run: tables of voices, mentions and episodes in, change points out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import narwhals as nw
import pyarrow as pa

from forvent import adjust, assess
from forvent.assess import change as changes
from forvent.records import Gap, NotEnough
from forvent.records.change import Change
from forvent.runs.assessing import ROUNDS, TIMED, AssessedRun
from forvent.tables import TIME, Table


def changed(run: AssessedRun) -> Change | NotEnough | None:
    """What changed in what people say, rate and expect, and in the promises kept.

    Parameters
    ----------
    run
        The tables of one run; voices without time are left out, and counted.

    Returns
    -------
    Change, NotEnough or None
        None where no voice has a time; NotEnough where the record is too short or too thin.

    Source
    ------
    Our own definition, ``docs/formulas/assess-change.md``.
    """
    rows = run.collect(changes.voices_by_day(run.tables.voices)).to_pylist()
    timed = [row for row in rows if row["day"] is not None]
    if not timed:
        return None
    calendar = changes.choose_periods([row["day"] for row in timed], [row["voices"] for row in timed])
    if isinstance(calendar, NotEnough):
        return calendar
    days = run.engine.table(_days(calendar.days()))
    dated = changes.in_periods(run.tables.voices, days=days)
    inside = {day for day, _ in calendar.days()}
    count = sum(row["voices"] for row in timed if row["day"] in inside)
    middle = _middle([row for row in timed if row["day"] in inside], of=count)
    return changes.changes(
        _tracks(run, dated, days, periods=len(calendar.periods)),
        calendar,
        rng=run.rng(),
        heard=changes.Heard(count, sum(row["voices"] for row in rows) - count),
        halves=changes.Halves(middle, changes.gap_changes(*_half_gaps(run, dated, middle))),
    )


def _days(days: Sequence[tuple[datetime, int]]) -> pa.Table:
    return pa.table(
        {
            changes.DAY: pa.array([day for day, _ in days], TIME),
            changes.PERIOD: pa.array([number for _, number in days], pa.int64()),
        }
    )


def _tracks(run: AssessedRun, dated: Table, days: Table, *, periods: int) -> list[changes.Track]:
    def rows(table: Table) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = run.collect(table).to_pylist()
        return found

    mentions = run.tables.mentions
    tracks = changes.summed_tracks(
        rows(changes.met_by_period(mentions, voices=dated)), measure=changes.MET, periods=periods
    )
    tracks += changes.summed_tracks(
        rows(changes.reach_by_period(mentions, voices=dated)),
        measure=changes.REACH,
        periods=periods,
        speaking=rows(changes.speaking_by_period(dated)),
    )
    stated = mentions.filter(nw.col("expectation").is_in(list(TIMED)))
    tracks += changes.level_tracks(rows(changes.levels_by_period(stated, voices=dated)), periods=periods)
    tracks += changes.summed_tracks(
        rows(changes.ratings_by_period(dated)), measure=changes.RATING, periods=periods, share=False
    )
    if run.tables.episodes is not None and run.as_of is not None:
        promised = adjust.outcomes(run.tables.episodes, as_of=run.as_of).drop("row")
        due = changes.in_periods(promised, days=days, time="promised")
        tracks += changes.summed_tracks(
            rows(changes.kept_by_period(due)), measure=changes.KEPT, periods=periods
        )
    return tracks


def _middle(days: Sequence[dict[str, Any]], *, of: int) -> datetime:
    """The midnight that parts the voices most evenly."""
    seen = 0
    for row in days:
        if 2 * seen >= of:
            return _moment(row)
        seen += row["voices"]
    return _moment(days[-1])


def _moment(row: dict[str, Any]) -> datetime:
    found: datetime = row[changes.DAY]
    return found


def _half_gaps(run: AssessedRun, dated: Table, middle: datetime) -> tuple[Sequence[Gap], Sequence[Gap]]:
    """Gaps of the voices before and from the middle on, each measured as that of all voices."""
    time = nw.col("time")
    early, late = (_gaps(run, dated.filter(side)) for side in (time < nw.lit(middle), time >= nw.lit(middle)))
    return early, late


def _gaps(run: AssessedRun, voices: Table) -> Sequence[Gap]:
    judged = assess.judgements(
        run.collect(assess.judged_mentions(run.tables.mentions)),
        voices=run.collect(assess.speaking_voices(voices)),
    )
    fit = assess.contrast(judged, rng=run.rng(), rounds=ROUNDS)
    kinds = assess.asymmetries(judged, contrast=fit)
    return assess.gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds=run.usual_kinds)
