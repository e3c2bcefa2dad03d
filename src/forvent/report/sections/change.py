"""What changed: small multiples of the series that did, the watches that sounded, the gaps of both halves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from forvent.records import Estimate, Findings, NotEnough
from forvent.records.change import Alert, Change, Series, Trend
from forvent.report.pictures.series import (
    SeriesShown,
    SeriesWords,
    ShownChange,
    ShownLevel,
    ShownPoint,
    bounds,
    series_picture,
)
from forvent.report.pictures.svg import round_ticks
from forvent.report.sections.change_words import (
    LEVEL,
    RATING,
    REACH,
    cases_said,
    date_said,
    gap_points,
    moved_said,
    numbers_said,
    overall_said,
    series_name,
    slope_said,
    slope_size,
    value_pair,
)
from forvent.report.sections.levels import SECONDS, unit_for
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording

#: Small multiples before the fold; where nothing changed, the most spoken of stand for all.
FIRST, STEADY = 6, 3
ALERTS_SHOWN = 6
#: Series that the terminal tells of.
SUMMED = 4
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """One small multiple: what it is, what happened to it, and the numbers of that."""

    name: str
    claim: str
    numbers: tuple[str, ...]
    picture: Markup


@dataclass(frozen=True, slots=True)
class ChangeSection:
    """All that the section shows."""

    finding: str
    lede: tuple[str, ...]
    cards: tuple[SeriesCard, ...]
    more: tuple[SeriesCard, ...]
    more_label: str
    rest: str
    alerts_finding: str
    alerts_how: str
    alerts: tuple[str, ...]
    gaps: tuple[str, ...]
    table: DataTable | None


def change_section(findings: Findings, *, wording: Wording) -> ChangeSection | None:
    """The section; None where no voice has a time."""
    found = findings.change
    if found is None:
        return None
    if isinstance(found, NotEnough):
        unknown = wording.say("change.finding_unknown")
        return ChangeSection(unknown, (), (), (), "", "", "", "", (), (), None)
    moved = moved_series(found)
    shown = moved or found.series[:STEADY]
    cards = [_card(series, found, wording) for series in shown]
    more = cards[FIRST:]
    steady = len(found.series) - len(moved)
    return ChangeSection(
        finding=change_finding(found, wording=wording),
        lede=tuple(change_lines(found, wording=wording)),
        cards=tuple(cards[:FIRST]),
        more=tuple(more),
        more_label=wording.counted("series_more", len(more)) if more else "",
        rest=wording.counted("series_steady", steady) if moved and steady else "",
        alerts_finding=alerts_finding(found, wording=wording),
        alerts_how=wording.say(
            "change.alerts_how", every=wording.duration(found.alert_every, unit=found.unit)
        ),
        alerts=tuple(_alerts(found, wording)),
        gaps=tuple(_gap_lines(found, wording)),
        table=_table(found, wording),
    )


def summary_lines(findings: Findings, *, wording: Wording) -> tuple[str, ...]:
    """What changed, for the terminal; nothing where no voice has a time."""
    found = findings.change
    if found is None:
        return ()
    if isinstance(found, NotEnough):
        return (wording.say("change.finding_unknown"),)
    lines = [
        wording.say(
            "change.summary_item",
            what=series_name(series.measure, series.expectation, wording=wording),
            claim=_claim(series, wording),
        )
        for series in moved_series(found)[1:SUMMED]
    ]
    sounded = [alerts_finding(found, wording=wording)] if found.alerts else []
    return (change_finding(found, wording=wording), *lines, *sounded)


def _alerts(found: Change, wording: Wording) -> list[str]:
    lines = [alert_said(alert, wording=wording) for alert in found.alerts[:ALERTS_SHOWN]]
    rest = len(found.alerts) - len(lines)
    return [*lines, wording.counted("more", rest)] if rest else lines


def moved_series(found: Change) -> tuple[Series, ...]:
    """Series with a change point or a sure trend, in their order."""
    return tuple(series for series in found.series if series.changes or series.trend.verdict != UNDECIDED)


def change_finding(found: Change, *, wording: Wording) -> str:
    """The heading: the last change of the first series that changed, else the first trend, else none."""
    moved = moved_series(found)
    if not moved:
        return wording.say("change.finding_none")
    series = moved[0]
    what = series_name(series.measure, series.expectation, wording=wording)
    if series.changes:
        last = series.changes[-1]
        key = "change.finding_rose" if last.difference.value > 0.0 else "change.finding_fell"
        before, after = value_pair(series.measure, last.before, last.after, wording=wording)
        date = date_said(last.at, unit=found.unit, wording=wording)
        return wording.say(key, what=what, before=before, after=after, date=date)
    return wording.say(f"change.finding_{series.trend.verdict}", what=what, slope=slope_size(series, wording))


def change_lines(found: Change, *, wording: Wording) -> list[str]:
    """What was looked at, and how seldom something is found where nothing changes."""
    first, last = found.periods[0].start, found.periods[-1].end - timedelta(days=1)
    lines = [
        wording.say(
            "change.base",
            series=wording.counted("series", len(found.series)),
            periods=wording.duration(len(found.periods), unit=found.unit),
            first=wording.date(first),
            last=wording.date(last),
            voices=wording.counted("voices", found.dated),
        ),
        wording.say("change.chance", chance=wording.percent(found.false_alarms)),
    ]
    if moved_series(found):
        lines.append(wording.say("change.picked"))
    if found.undated:
        lines.append(wording.say("change.undated", count=wording.counted("voices", found.undated)))
    return lines


def alerts_finding(found: Change, *, wording: Wording) -> str:
    """How often the watch sounded."""
    if not found.alerts:
        return wording.say("change.alerts_none")
    return wording.say("change.alerts", count=wording.counted("alerts", len(found.alerts)))


def alert_said(alert: Alert, *, wording: Wording) -> str:
    """One alert as a line."""
    before, lately = value_pair(alert.measure, alert.before, alert.lately, wording=wording)
    return wording.say(
        f"change.alert_{alert.side}",
        what=series_name(alert.measure, alert.expectation, wording=wording),
        since=wording.date(alert.since),
        at=wording.date(alert.at),
        before=before,
        lately=lately,
        count=cases_said(alert.measure, alert.lately.n, wording),
    )


# ------------------------------------------------------------------------------ cards


def _card(series: Series, found: Change, wording: Wording) -> SeriesCard:
    name = series_name(series.measure, series.expectation, wording=wording)
    claim = _claim(series, wording)
    numbers = [numbers_said(series, change, found.unit, wording) for change in series.changes]
    if not series.changes and isinstance(series.trend.slope, Estimate):
        numbers = [_trend(series.trend, series, wording)]
    numbers.append(cases_said(series.measure, series.overall.n, wording))
    says = wording.say("change.alternative", what=name, claim=claim)
    return SeriesCard(name, claim, tuple(numbers), _picture(series, found, says=says, wording=wording))


def _claim(series: Series, wording: Wording) -> str:
    if series.changes:
        return wording.say("change.between").join(
            moved_said(series.measure, change, wording) for change in series.changes
        )
    if series.trend.verdict != UNDECIDED:
        return wording.say(f"change.{series.trend.verdict}", slope=slope_size(series, wording))
    return wording.say("change.steady")


# ---------------------------------------------------------------------------- pictures


def _picture(series: Series, found: Change, *, says: str, wording: Wording) -> Markup:
    points = tuple(
        ShownPoint(place, point.value.value, point.value.low, point.value.high)
        for place, point in enumerate(series.points)
        if isinstance(point.value, Estimate)
    )
    low, high = bounds(points, share=series.measure != LEVEL)
    shown = SeriesShown(
        periods=len(found.periods),
        points=points,
        levels=tuple(_levels(series, found)),
        changes=tuple(
            ShownChange(
                _place(change.at, found),
                _place(change.earliest, found),
                _place(change.latest, found),
                date_said(change.at, unit=found.unit, wording=wording),
            )
            for change in series.changes
        ),
    )
    words = SeriesWords(
        says=says,
        first=date_said(found.periods[0].start, unit=found.unit, wording=wording),
        last=date_said(found.periods[-1].start, unit=found.unit, wording=wording),
        ticks=_ticks(series.measure, low, high, wording),
    )
    return series_picture(shown, low=low, high=high, words=words)


def _levels(series: Series, found: Change) -> list[ShownLevel]:
    """The levels around the changes; a fall is short and a rise above where one is worse than the other."""
    if not series.changes:
        return []
    edges = [0.0, *(_place(change.at, found) for change in series.changes), float(len(found.periods))]
    values = [series.changes[0].before.value, *(change.after.value for change in series.changes)]
    told = series.measure not in (LEVEL, REACH)
    levels = []
    for place, value in enumerate(values):
        better = place == 0 or value > values[place - 1]
        meaning = "plain" if place == 0 or not told else "above" if better else "short"
        levels.append(ShownLevel(edges[place], edges[place + 1], value, meaning))
    return levels


def _place(moment: datetime, found: Change) -> float:
    """Place of the beginning of a period; past the last one its end."""
    starts = [period.start for period in found.periods]
    return float(sum(start < moment for start in starts))


def _ticks(measure: str, low: float, high: float, wording: Wording) -> tuple[tuple[float, str], ...]:
    if measure == LEVEL:
        unit = unit_for(high)
        size = SECONDS[unit]
        return tuple(
            (tick * size, wording.duration(tick, unit=unit))
            for tick in round_ticks(low / size, high=high / size, most=3)
        )
    if measure == RATING:
        ends = wording.on_scale(low), wording.on_scale(high)
        return tuple(
            (
                (tick - wording.scale.low) / wording.span,
                wording.number(tick, decimals=0 if tick == round(tick) else 1),
            )
            for tick in round_ticks(*ends[:1], high=ends[1], most=3)
        )
    ticks = round_ticks(low, high=high, most=4)
    decimals = int(any(round(100 * tick, 6) % 1 for tick in ticks))
    return tuple((tick, wording.percent(tick, decimals=decimals)) for tick in ticks)


# ------------------------------------------------------------------------------- table


def _gap_lines(found: Change, wording: Wording) -> list[str]:
    if found.halves_at is None:
        return []
    return [
        wording.say(
            f"change.gap_{gap.verdict}",
            name=wording.name(gap.expectation),
            before=gap_points(gap.before, wording),
            after=gap_points(gap.after, wording),
            date=wording.date(found.halves_at),
        )
        for gap in found.gaps
        if gap.verdict != UNDECIDED
    ]


def _table(found: Change, wording: Wording) -> DataTable:
    keys = ("series", "overall", "changed", "trend")
    return data_table(
        wording.say("change.table"),
        head=[wording.say(f"change_columns.{key}") for key in keys],
        rows=[_row(series, found, wording) for series in found.series],
    )


def _row(series: Series, found: Change, wording: Wording) -> tuple[str, ...]:
    none = wording.say("numbers.none")
    changed = wording.say("change.between").join(
        wording.say(
            "change.cell",
            moved=moved_said(series.measure, change, wording),
            numbers=numbers_said(series, change, found.unit, wording),
        )
        for change in series.changes
    )
    return (
        series_name(series.measure, series.expectation, wording=wording),
        overall_said(series, wording),
        changed or none,
        _trend(series.trend, series, wording) or none,
    )


def _trend(trend: Trend, series: Series, wording: Wording) -> str:
    if isinstance(trend.slope, NotEnough):
        return ""
    said = slope_said(series, wording)
    return said if trend.verdict != UNDECIDED else wording.say("change.undecided_trend", slope=said)
