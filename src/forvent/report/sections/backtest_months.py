"""Did it hold month by month, and how long were the promises: both pictures over time."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from forvent.records import Alarm, Backtest, Estimate, KeptSlice, Track
from forvent.report.pictures.legend import LegendPart
from forvent.report.pictures.months import (
    MonthAlarm,
    MonthLine,
    MonthPlane,
    MonthPoint,
    MonthWords,
    kept_floor,
    month_key,
    months_picture,
)
from forvent.report.pictures.svg import Axis
from forvent.report.plain_text import plain_text
from forvent.report.sections.backtest_tracks import (
    COMPANY,
    OURS,
    amount_said,
    kept_said,
    kept_value,
    level_said,
    month_said,
    month_start,
    track_of,
    way_name,
)
from forvent.report.sections.parts import DataTable, Pictures, data_table
from forvent.report.verdicts import SHORT, UNKNOWN, verdict
from forvent.report.wording import Amount, Wording

ALARMS_SHOWN = 12
BELOW, ABOVE = "below", "above"


@dataclass(frozen=True, slots=True)
class MonthsSection:
    """One picture over months: heading, key, alarms, and the table behind it."""

    finding: str
    how: str
    pictures: Pictures | None
    legend: tuple[LegendPart, ...]
    alarms: tuple[str, ...]
    alarms_label: str
    table: DataTable | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of a backtest, from the first to the last; names that are no months stand as they come."""

    names: tuple[str, ...]
    first: datetime | None

    @property
    def length(self) -> int:
        """Months across the picture."""
        return 1 + max((self.place(name) for name in self.names), default=0)

    def place(self, name: str) -> int:
        """Months from the first."""
        start = month_start(name)
        if self.first is None or start is None:
            return self.names.index(name)
        return 12 * (start.year - self.first.year) + start.month - self.first.month

    def at(self, moment: datetime) -> float | None:
        """A moment in months from the first day of the first; None where the names are no months."""
        if self.first is None:
            return None
        whole = 12 * (moment.year - self.first.year) + moment.month - self.first.month
        return whole + (moment.day - 1) / monthrange(moment.year, moment.month)[1]


def calendar_of(backtest: Backtest) -> Calendar:
    """All months that any way was judged in."""
    names = tuple(dict.fromkeys(part.name for track in backtest.tracks for part in track.months))
    starts = [month_start(name) for name in names]
    known = [start for start in starts if start is not None]
    if not names or len(known) < len(names):
        return Calendar(names, first=None)
    return Calendar(tuple(sorted(names)), first=min(known))


# ------------------------------------------------------------------------- sections


def months_section(backtest: Backtest, *, wording: Wording) -> MonthsSection:
    """Kept share by month, with bands, level and alarms."""
    calendar, alarms = calendar_of(backtest), backtest.alarms
    told = [alarm_said(alarm, wording=wording) for alarm in alarms]
    return MonthsSection(
        finding=months_finding(backtest, wording=wording),
        how=wording.say("backtest.months.how"),
        pictures=_kept_pictures(backtest, calendar, wording),
        legend=_legend(backtest, wording, level=True),
        alarms=tuple(told[:ALARMS_SHOWN]),
        alarms_label=_alarms_label(len(alarms), wording),
        table=_table(backtest, calendar, wording, key="months", cell=_kept_cell(wording)),
    )


def lengths_section(backtest: Backtest, *, wording: Wording) -> MonthsSection:
    """Mean promise by month."""
    calendar = calendar_of(backtest)
    return MonthsSection(
        finding=lengths_finding(backtest, wording=wording),
        how=wording.say("backtest.lengths.how"),
        pictures=_length_pictures(backtest, calendar, wording),
        legend=_legend(backtest, wording, level=False),
        alarms=(),
        alarms_label="",
        table=_table(backtest, calendar, wording, key="lengths", cell=_length_cell(backtest.unit, wording)),
    )


def months_finding(backtest: Backtest, *, wording: Wording) -> str:
    """The heading: in how many months it was surely kept less often than aimed, and the worst of them."""
    ours = track_of(backtest, OURS)
    judged = [part for part in ours.months if isinstance(part.kept, Estimate)] if ours else []
    worst = ours.worst_month if ours else None
    if not judged or worst is None:
        return wording.say("backtest.months.finding_unknown")
    short = [part for part in judged if kept_verdict(part.kept, level=backtest.level) == SHORT]
    return wording.say(
        "backtest.months.finding_some" if short else "backtest.months.finding_none",
        short=wording.number(len(short)),
        judged=wording.number(len(judged)),
        month=month_said(worst, wording=wording),
        kept=kept_value(worst.kept, wording=wording),
    )


def lengths_finding(backtest: Backtest, *, wording: Wording) -> str:
    """The heading: what the mean promise was in the first and in the last month."""
    ours = track_of(backtest, OURS)
    finite = [part for part in (ours.months if ours else ()) if math.isfinite(part.mean_promise)]
    # A month of a few cases at either end would speak for itself alone.
    known = [part for part in finite if isinstance(part.kept, Estimate)] or finite
    if not known:
        return wording.say("backtest.lengths.finding_unknown")
    first, last = known[0], known[-1]
    start, end = (
        amount_said(part.mean_promise, unit=backtest.unit, wording=wording) for part in (first, last)
    )
    if len(known) == 1 or start == end:
        return wording.say("backtest.lengths.finding_same", length=end)
    shorter = last.mean_promise < first.mean_promise
    return wording.say(
        "backtest.lengths.finding_shorter" if shorter else "backtest.lengths.finding_longer",
        start=start,
        end=end,
        first=month_said(first, wording=wording),
        last=month_said(last, wording=wording),
    )


def kept_verdict(kept: Amount, *, level: float) -> str:
    """Short or above where the whole interval lies on one side of the level aimed at, else undecided."""
    if not isinstance(kept, Estimate):
        return UNKNOWN
    return verdict(Estimate(kept.value - level, kept.low - level, kept.high - level, n=kept.n))


def alarm_said(alarm: Alarm, *, wording: Wording) -> str:
    """One alarm in a sentence."""
    return wording.say(
        "backtest.months.alarm_above" if alarm.side == ABOVE else "backtest.months.alarm_below",
        date=wording.date(alarm.at),
        kept=wording.percent(alarm.kept_lately),
        count=wording.counted("cases", alarm.n),
    )


def _alarms_label(alarms: int, wording: Wording) -> str:
    if not alarms:
        return wording.say("backtest.months.alarms_none")
    label = wording.counted("alarms", alarms)
    if alarms <= ALARMS_SHOWN:
        return label
    return wording.say("backtest.months.alarms_first", alarms=label, shown=wording.number(ALARMS_SHOWN))


# ------------------------------------------------------------------------- pictures


def _kept_pictures(backtest: Backtest, calendar: Calendar, wording: Wording) -> Pictures | None:
    lines = [_line(track, calendar, _kept_point) for track in backtest.tracks]
    lines = [line for line in lines if line.points]
    if not lines:
        return None
    main = [point for line in lines if line.way in (OURS, COMPANY) for point in line.points]
    values = [point.value for line in lines for point in line.points]
    floor = kept_floor([*values, backtest.level], ends=[point.low for point in main if point.low is not None])
    plane = MonthPlane(calendar.length, low=floor, high=1.0, level=backtest.level)
    words = MonthWords(
        says=months_finding(backtest, wording=wording),
        upward=wording.say("backtest.months.upward"),
        months=_month_names(calendar, wording),
        upward_ticks=tuple(
            (tick, wording.percent(tick)) for tick in Axis(floor, 1.0, 0.0, 1.0).ticks(most=6)
        ),
    )
    return _both(lines, plane, _alarm_marks(backtest, calendar, wording), words)


def _length_pictures(backtest: Backtest, calendar: Calendar, wording: Wording) -> Pictures | None:
    lines = [_line(track, calendar, _length_point) for track in backtest.tracks]
    lines = [line for line in lines if line.points]
    if not lines:
        return None
    most = 1.05 * max([point.value for line in lines for point in line.points] + [1e-9])
    plane = MonthPlane(calendar.length, low=0.0, high=most)
    unit = backtest.unit.rstrip("s")
    names = wording.texts["units_axis"]
    words = MonthWords(
        says=lengths_finding(backtest, wording=wording),
        upward=wording.say("backtest.lengths.upward", unit=names.get(unit, plain_text(backtest.unit))),
        months=_month_names(calendar, wording),
        upward_ticks=_length_ticks(most, wording),
    )
    return _both(lines, plane, _alarm_marks(backtest, calendar, wording), words)


def _length_ticks(most: float, wording: Wording) -> tuple[tuple[float, str], ...]:
    ticks = Axis(0.0, most, 0.0, 1.0).ticks(most=6)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return tuple((tick, wording.number(tick, decimals=decimals)) for tick in ticks)


def _both(
    lines: list[MonthLine], plane: MonthPlane, alarms: tuple[MonthAlarm, ...], words: MonthWords
) -> Pictures:
    return Pictures(
        wide=months_picture(lines, plane=plane, alarms=alarms, words=words),
        narrow=months_picture(lines, plane=plane, alarms=alarms, words=words, narrow=True),
    )


def _line(
    track: Track, calendar: Calendar, point: Callable[[KeptSlice, int], MonthPoint | None]
) -> MonthLine:
    points = (point(part, calendar.place(part.name)) for part in track.months)
    return MonthLine(track.name, points=tuple(found for found in points if found is not None))


def _kept_point(part: KeptSlice, place: int) -> MonthPoint | None:
    kept = part.kept
    if not isinstance(kept, Estimate):
        return None
    return MonthPoint(place, value=kept.value, low=kept.low, high=kept.high)


def _length_point(part: KeptSlice, place: int) -> MonthPoint | None:
    return MonthPoint(place, value=part.mean_promise) if math.isfinite(part.mean_promise) else None


def _month_names(calendar: Calendar, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Short name of each month across, with the year under the first and under each January."""
    first = calendar.first
    if first is None:
        return tuple((plain_text(name), "") for name in calendar.names)
    found = []
    for place in range(calendar.length):
        month = datetime(first.year + (first.month - 1 + place) // 12, (first.month - 1 + place) % 12 + 1, 1)
        year = str(month.year) if place == 0 or month.month == 1 else ""
        found.append((wording.short_month(month), year))
    return tuple(found)


def _alarm_marks(backtest: Backtest, calendar: Calendar, wording: Wording) -> tuple[MonthAlarm, ...]:
    marks = []
    for alarm in backtest.alarms:
        place = calendar.at(alarm.at)
        if place is not None and 0.0 <= place <= calendar.length:
            side = ABOVE if alarm.side == ABOVE else BELOW
            marks.append(MonthAlarm(place, side=side, text=wording.short_date(alarm.at)))
    return tuple(marks)


def _legend(backtest: Backtest, wording: Wording, *, level: bool) -> tuple[LegendPart, ...]:
    parts = [
        LegendPart(month_key(track.name), way_name(track.name, wording=wording)) for track in backtest.tracks
    ]
    if level:
        said = wording.say("backtest.aimed", level=level_said(backtest, wording=wording))
        parts.append(LegendPart(month_key("level"), said))
    if backtest.alarms:
        parts.append(LegendPart(month_key("alarm"), wording.say("backtest.months.alarm")))
    return tuple(parts)


# --------------------------------------------------------------------------- tables


def _kept_cell(wording: Wording) -> Callable[[KeptSlice], str]:
    return lambda part: kept_said(part.kept, wording=wording)


def _length_cell(unit: str, wording: Wording) -> Callable[[KeptSlice], str]:
    return lambda part: amount_said(part.mean_promise, unit=unit, wording=wording)


def _table(
    backtest: Backtest, calendar: Calendar, wording: Wording, *, key: str, cell: Callable[[KeptSlice], str]
) -> DataTable | None:
    if not calendar.names:
        return None
    found = [{part.name: part for part in track.months} for track in backtest.tracks]
    none = wording.say("numbers.none")
    parts = {name: next(slices[name] for slices in found if name in slices) for name in calendar.names}
    return data_table(
        wording.say(f"backtest.{key}.table"),
        head=[
            wording.say("columns.month"),
            *(way_name(track.name, wording=wording) for track in backtest.tracks),
        ],
        rows=[
            [
                month_said(parts[name], wording=wording),
                *(cell(slices[name]) if name in slices else none for slices in found),
            ]
            for name in calendar.names
        ],
    )
