"""How series, their changes and their trends are said."""

from __future__ import annotations

from datetime import datetime

from forvent.records import Estimate, NotEnough
from forvent.records.change import ChangePoint, Series
from forvent.report.sections.levels import SECONDS, unit_for
from forvent.report.wording import Wording

LEVEL, RATING, REACH, KEPT = "level", "rating", "reach", "kept"


def series_name(measure: str, expectation: str, *, wording: Wording) -> str:
    """What a series is of: "On time: share met"."""
    told = wording.say(f"change_measures.{measure}")
    if not expectation:
        return told
    return wording.say("change.of", name=wording.name(expectation), measure=told)


def value_pair(measure: str, first: Estimate, second: Estimate, *, wording: Wording) -> tuple[str, str]:
    """Two values of one measure in words, in one unit."""
    if measure == LEVEL:
        unit = unit_for(min(first.value, second.value))
        return _length(first.value, unit, wording), _length(second.value, unit, wording)
    if measure == RATING:
        return _rating(first.value, wording), _rating(second.value, wording)
    decimals = int(measure == REACH and max(first.value, second.value) < 0.1)
    return (
        wording.percent(first.value, decimals=decimals),
        wording.percent(second.value, decimals=decimals),
    )


def date_said(moment: datetime, *, unit: str, wording: Wording) -> str:
    """The day that a week begins with, else the month."""
    return wording.date(moment) if unit == "week" else wording.month(moment)


def moved_said(measure: str, change: ChangePoint, wording: Wording) -> str:
    before, after = value_pair(measure, change.before, change.after, wording=wording)
    key = "change.rose" if change.difference.value > 0.0 else "change.fell"
    return wording.say(key, before=before, after=after)


def numbers_said(series: Series, change: ChangePoint, unit: str, wording: Wording) -> str:
    return wording.say(
        "change.numbers",
        date=date_said(change.at, unit=unit, wording=wording),
        earliest=wording.date(change.earliest),
        latest=wording.date(change.latest),
        difference=_difference(series.measure, change.difference, wording),
    )


def _difference(measure: str, amount: Estimate, wording: Wording) -> str:
    """A difference with its interval, in points, in time or in rating points."""
    if measure == LEVEL:
        unit = unit_for(abs(amount.value))
        value, low, high = (
            wording.number(part / SECONDS[unit], decimals=1)
            for part in (amount.value, amount.low, amount.high)
        )
        return wording.say(
            "change.range_of", value=value, low=low, high=high, unit=wording.say(f"units_axis.{unit}")
        )
    factor, decimals = (wording.span, wording.rating_decimals) if measure == RATING else (100.0, 0)
    if measure == REACH and abs(amount.value) < 0.1:
        decimals = 1
    value, low, high = (
        wording.number(factor * part, decimals=decimals) for part in (amount.value, amount.low, amount.high)
    )
    unit = wording.say("change.rating_points" if measure == RATING else "change.percent_points")
    return wording.say("change.range_of", value=value, low=low, high=high, unit=unit)


def slope_size(series: Series, wording: Wording) -> str:
    """How much it rises or falls, without sign: "4 points a year"."""
    slope = series.trend.slope
    assert isinstance(slope, Estimate)  # noqa: S101 - a verdict is given to numbers only
    size = abs(slope.value)
    if series.measure == LEVEL:
        unit = unit_for(size)
        amount = _length(size, unit, wording)
    elif series.measure == RATING:
        amount = wording.say("change.of_rating", value=wording.rating_points(size))
    else:
        amount = wording.points(size, decimals=int(size < 0.1))
    return wording.say(f"change.per_{series.trend.per}", amount=amount)


def slope_said(series: Series, wording: Wording) -> str:
    slope = series.trend.slope
    assert isinstance(slope, Estimate)  # noqa: S101 - asked for only where there is one
    return wording.say(f"change.per_{series.trend.per}", amount=_difference(series.measure, slope, wording))


def _rating(value: float, wording: Wording) -> str:
    return wording.number(wording.on_scale(value), decimals=wording.rating_decimals)


def _length(seconds: float, unit: str, wording: Wording) -> str:
    return wording.duration(round(seconds / SECONDS[unit], 1), unit=unit)


def cases_said(measure: str, n: int, wording: Wording) -> str:
    return wording.counted("episodes" if measure == "kept" else "voices", n)


def gap_points(amount: Estimate, wording: Wording) -> str:
    value, low, high = (wording.number(100 * part) for part in (amount.value, amount.low, amount.high))
    return wording.say("numbers.range", value=value, low=low, high=high)


def overall_said(series: Series, wording: Wording) -> str:
    amount = series.overall
    noun = "episodes" if series.measure == "kept" else "voices"
    if isinstance(amount, NotEnough):
        return wording.unknown(amount, noun=noun)
    if series.measure == RATING:
        return wording.rating(amount)
    if series.measure != LEVEL:
        return wording.share(amount, noun=noun)
    unit = unit_for(amount.value)
    return wording.say(
        "numbers.estimate",
        value=_length(amount.value, unit, wording),
        low=wording.number(amount.low / SECONDS[unit], decimals=1),
        high=wording.number(amount.high / SECONDS[unit], decimals=1),
        count=wording.counted(noun, amount.n),
    )
