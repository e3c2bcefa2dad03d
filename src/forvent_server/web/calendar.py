"""Opening hours, holidays, and which promises count working time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import available_timezones

import numpy as np
from babel import Locale
from django.http import HttpResponse, HttpResponseRedirect

from forvent.adjust.calendar.open_days import zone_named
from forvent.adjust.calendar.text import parse_windows
from forvent.errors import BadOption, ForventError
from forvent.report.wording import Wording
from forvent_server.actions.calendars import change_calendar
from forvent_server.clocks import BUSINESS, WALL, working_time
from forvent_server.store.models import Calendar, Episode
from forvent_server.web.pages import Asked, business, draw, now, page
from forvent_server.web.told import told

#: Closed days that are named, earlier calendars that are listed, and empty lines for clocks.
CLOSED, BEFORE, EMPTY = 6, 20, 2
#: Episodes that are looked through for columns and values, and values that are offered.
LOOKED, OFFERED = 500, 100
WEEK = range(7)
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form."""

    hours: tuple[str, ...]
    zone: str
    holidays: str
    days: str
    clock: str
    clocks: tuple[Mapping[str, str], ...]
    for_all: bool = True


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The form, what it means today, and what held before."""

    written: Written
    weekdays: tuple[str, ...]
    clock_names: tuple[str, ...]
    zones: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    values: tuple[str, ...]
    kept: Calendar | None
    open_now: bool
    opens: str
    closed: tuple[str, ...]
    before: tuple[Calendar, ...]
    wrong: str


@page(role="manager", methods=("GET", "POST"))
def calendar_page(request: Asked) -> HttpResponse:
    """The calendar that holds; managers give another."""
    if request.method != "POST":
        return _shown(request, _kept())
    written = _sent(request)
    try:
        wrong = _wrong_hours(request, written.hours)
        if wrong:
            return _shown(request, written, wrong=wrong)
        change_calendar(
            hours=written.hours,
            zone=written.zone,
            holidays=written.holidays,
            days=written.days,
            clock=written.clock,
            clocks=written.clocks,
            for_all=written.for_all,
            who=request.user,
            now=now(),
        )
    except ForventError as error:
        return _shown(request, written, wrong=told(request, error))
    return HttpResponseRedirect("/settings/calendar/")


def _kept() -> Written:
    row = Calendar.objects.first()
    if row is None:
        return Written(("",) * 7, business().time_zone, "", "", WALL, ())
    days = "\n".join(f"{day} {windows}".strip() for day, windows in row.days)
    hours = tuple(windows.replace(",", ", ") for windows in row.hours)
    return Written(hours, row.zone, row.holidays, days, row.clock, tuple(row.clocks), row.for_all)


def _sent(request: Asked) -> Written:
    given = request.POST
    lists = [given.getlist(name) for name in ("column", "value", "clock_of")]
    rules = [
        {"column": column.strip(), "value": value.strip(), "clock": clock}
        for column, value, clock in zip(*lists, strict=False)
    ]
    return Written(
        hours=tuple(given.get(f"hours-{day}", "")[:200] for day in WEEK),
        zone=given.get("zone", "")[:64],
        holidays=given.get("holidays", "")[:32],
        days=given.get("days", "")[:20_000],
        clock=given.get("clock", ""),
        clocks=tuple(rule for rule in rules if rule["column"] or rule["value"]),
        for_all=given.get("counts") != "new",
    )


def _wrong_hours(request: Asked, hours: Sequence[str]) -> str:
    """Which weekday cannot be read and why; empty where all can."""
    for name, text in zip(_weekdays(request.words), hours, strict=True):
        try:
            if text.strip():
                parse_windows(text)
        except BadOption as error:
            return f"{name}: {told(request, error)}"
    return ""


def _weekdays(words: Wording) -> tuple[str, ...]:
    return tuple(words.locale.days["stand-alone"]["wide"][day] for day in WEEK)


@lru_cache(maxsize=8)
def _countries(locale: Locale) -> tuple[tuple[str, str], ...]:
    # Imported here: the library of holidays takes a while, which only this page should cost.
    from holidays import list_supported_countries

    codes = sorted(code for code in list_supported_countries() if len(code) == 2)
    return tuple((code, str(locale.territories.get(code, code))) for code in codes)


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    named = {name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}
    return ("UTC", *sorted(named))


def _kinds() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns of the episodes that came last, and values in them."""
    sample = Episode.objects.order_by("-pk").values_list("groups", flat=True)[:LOOKED]
    pairs = {(column, str(value)) for one in sample for column, value in one.items() if value}
    columns = sorted({column for column, _ in pairs})
    return tuple(columns), tuple(sorted({value for _, value in pairs})[:OFFERED])


def _closed_next(row: Calendar, *, today: date) -> tuple[datetime, ...]:
    """The next weekdays with opening hours that are closed all the same."""
    days = [datetime(today.year, today.month, today.day, 12) + timedelta(days=step) for step in range(366)]
    ends = np.array([day.replace(tzinfo=UTC).timestamp() for day in days])
    open_days = working_time(row).working_days(ends - DAY, ends)
    found = [day for day, one in zip(days, open_days, strict=True) if not one and row.hours[day.weekday()]]
    return tuple(found[:CLOSED])


def _opens(row: Calendar, moment: datetime, *, words: Wording) -> str:
    """When it opens next, on its own clock; empty where it never does."""
    calendar = working_time(row)
    try:
        opening = calendar.next_opening(moment.astimezone(UTC).replace(tzinfo=None)).replace(tzinfo=UTC)
    except BadOption:
        return ""
    local = opening.astimezone(zone_named(row.zone))
    return f"{words.date(local)} {local:%H:%M}"


def _shown(request: Asked, written: Written, *, wrong: str = "") -> HttpResponse:
    words, moment = request.words, now()
    columns, values = _kinds()
    rows = list(Calendar.objects.select_related("made_by")[: BEFORE + 1])
    kept = rows[0] if rows else None
    empty = {"column": "", "value": "", "clock": BUSINESS}
    written = replace(written, clocks=(*written.clocks, *([empty] * EMPTY)))
    plain = moment.astimezone(UTC).replace(tzinfo=None)
    shown = CalendarPage(
        written=written,
        weekdays=_weekdays(words),
        clock_names=(WALL, BUSINESS),
        zones=_zones(),
        countries=_countries(words.locale),
        columns=columns,
        values=values,
        kept=kept,
        open_now=bool(kept and working_time(kept).is_open(plain)),
        opens=_opens(kept, moment, words=words) if kept else "",
        closed=tuple(words.date(day) for day in _closed_next(kept, today=moment.date())) if kept else (),
        before=tuple(rows[1:]),
        wrong=wrong,
    )
    return draw(request, "pages/calendar.html", shown, status=400 if wrong else 200)
