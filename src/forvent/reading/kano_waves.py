"""Cells of a column of waves → waves in the order of time: periods of dates, or names put in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forvent.errors import BadOption
from forvent.reading.cells import Cell, as_text
from forvent.reading.times import date_order, read_time

PERIODS = ("day", "week", "month", "quarter", "year")
MOST_WAVES = 120

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DIGITS = re.compile(r"\d+")
#: So many different days are taken for waves themselves; longer series are cut into periods.
_FEW_DAYS = 6


@dataclass(frozen=True, slots=True)
class Waves:
    """Waves in the order of time.

    ``place`` is the wave of each cell given, −1 where it names none. ``at`` is when each wave began, in days,
    or its position where the waves have names only. ``period`` is empty for names.
    """

    place: tuple[int, ...]
    labels: tuple[str, ...]
    at: tuple[float, ...]
    period: str


def waves_of(cells: Sequence[Cell], *, every: str | None, column: str) -> Waves:
    """The wave of each different, filled cell of a column.

    Raises
    ------
    BadOption
        If ``every`` is no period, or given for a column without dates; or if there are too many waves.
    """
    if every is not None and every not in PERIODS:
        raise BadOption(f"“{every}” is no period.", hint=f"Choose one of {', '.join(PERIODS)}.")
    order = date_order(cells)
    moments = [read_time(cell, order=order) for cell in cells]
    days = [None if moment is None else moment.time.date() for moment in moments]
    known = [day for day in days if day is not None]
    if len(known) >= 0.8 * max(1, len(cells)) and known:
        period = every or _period(known)
        starts = [None if day is None else _start(day, period) for day in days]
        return _placed(starts, period=period, column=column)
    if every is not None:
        raise BadOption(
            f"Column “{column}” holds no dates, but for example “{as_text(cells[0]) if cells else ''}”.",
            hint="Leave --every out, or name a column of dates with --wave.",
        )
    return _named([as_text(cell) for cell in cells], column=column)


def _placed(starts: Sequence[date | None], *, period: str, column: str) -> Waves:
    ordered = sorted({start for start in starts if start is not None})
    _check(len(ordered), column=column)
    at = {start: place for place, start in enumerate(ordered)}
    return Waves(
        place=tuple(-1 if start is None else at[start] for start in starts),
        labels=tuple(_label(start, period) for start in ordered),
        at=tuple(float((start - ordered[0]).days) for start in ordered),
        period=period,
    )


def _named(texts: Sequence[str], *, column: str) -> Waves:
    ordered = sorted(set(texts), key=_order)
    _check(len(ordered), column=column)
    at = {text: place for place, text in enumerate(ordered)}
    return Waves(
        place=tuple(at[text] for text in texts),
        labels=tuple(ordered),
        at=tuple(float(place) for place in range(len(ordered))),
        period="",
    )


def _order(text: str) -> tuple[float, list[float], str]:
    """By year, wherever it stands, then by the other numbers: "Q2 2024" comes before "Q1 2025"."""
    month = read_time(f"1 {text}", order=date_order([])) or read_time(f"{text}-01", order=date_order([]))
    if month is not None:
        return float(month.time.year), [float(month.time.month)], text
    year = _YEAR.search(text)
    rest = text if year is None else text[: year.start()] + " " + text[year.end() :]
    numbers = [float(number) for number in _DIGITS.findall(rest)]
    return (float(year[0]) if year else 0.0), numbers, text


def _check(count: int, *, column: str) -> None:
    if count > MOST_WAVES:
        raise BadOption(
            f"Column “{column}” makes {count} waves; {MOST_WAVES} are the most.",
            hint="Choose a longer period with --every, or another column.",
        )


def _period(days: Sequence[date]) -> str:
    if len(set(days)) <= _FEW_DAYS:
        return "day"
    span = (max(days) - min(days)).days
    return "month" if span <= 366 else "quarter" if span <= 4 * 366 else "year"


def _start(day: date, period: str) -> date:
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1) if period == "year" else day


def _label(start: date, period: str) -> str:
    quarter = f"{start.year} Q{(start.month - 1) // 3 + 1}"
    week = datetime.combine(start, datetime.min.time()).strftime("%G W%V")
    shown = {"year": str(start.year), "quarter": quarter, "month": f"{start:%Y-%m}", "week": week}
    return shown.get(period, start.isoformat())
