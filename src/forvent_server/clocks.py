"""On which clock each promise counts: the calendars as they stood when promises were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from forvent.adjust.calendar.calendar import Calendar as WorkingTime
from forvent.adjust.calendar.calendar import calendar_from
from forvent.adjust.calendar.text import DAYS
from forvent_server.store.models import Calendar

#: The clock that never stops, and the one that counts working time.
WALL, BUSINESS = "wall", "business"


@dataclass(frozen=True)
class Clocks:
    """All calendars there were, by their numbers, the oldest first."""

    rows: Mapping[int, Calendar]

    def of(self, *, stamp: int | None, began: datetime, groups: Mapping[str, Any]) -> Calendar | None:
        """The calendar on which a promise counts working time; None where it counts on the clock on the wall.

        ``stamp`` is the number that stands on the promise. Without one it is the calendar that held when the
        episode began. One that was made later counts instead where it was made for all promises.
        """
        held = self.rows.get(stamp) if stamp else self._held(began)
        later = [row for row in self.rows.values() if row.for_all and row.pk > (held.pk if held else 0)]
        chosen = later[-1] if later else held
        return chosen if chosen is not None and clock_of(chosen, groups) == BUSINESS else None

    def _held(self, began: datetime) -> Calendar | None:
        before = [row for row in self.rows.values() if row.made_at <= began]
        return before[-1] if before else None

    def calendars(self) -> dict[str, WorkingTime]:
        """The calendars of the library, by the names that ``calendar_name`` gives them."""
        return {calendar_name(row): working_time(row) for row in self.rows.values()}


def clocks_so_far() -> Clocks:
    """All calendars of the store."""
    return Clocks({row.pk: row for row in Calendar.objects.order_by("pk")})


def calendar_name(row: Calendar) -> str:
    """What a calendar is called in the tables of a run."""
    return f"calendar {row.pk}"


def clock_of(row: Calendar, groups: Mapping[str, Any]) -> str:
    """The clock of episodes with these values: that of the first rule that fits, else that of all."""
    if not row.clocks:
        return row.clock
    told = {column.casefold(): str(value).strip().casefold() for column, value in groups.items()}
    for rule in row.clocks:
        if told.get(rule["column"].casefold()) == rule["value"].casefold():
            return str(rule["clock"])
    return row.clock


def working_time(row: Calendar) -> WorkingTime:
    """The calendar as the library counts on it."""
    days = tuple((day, windows) for day, windows in row.days)
    return _made(tuple(row.hours), row.zone, row.holidays, days)


@lru_cache(maxsize=64)
def _made(hours: tuple[str, ...], zone: str, holidays: str, days: tuple[tuple[str, str], ...]) -> WorkingTime:
    return calendar_from(
        "; ".join(f"{day} {windows}" for day, windows in zip(DAYS, hours, strict=True) if windows),
        zone=zone,
        holidays=holidays or None,
        closed=[date.fromisoformat(day) for day, windows in days if not windows],
        special={date.fromisoformat(day): windows for day, windows in days if windows},
    )
