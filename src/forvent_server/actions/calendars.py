"""When the business is open, and which promises count that time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from forvent.adjust.calendar.text import parse_windows
from forvent.errors import BadOption
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import enqueue
from forvent_server.clocks import BUSINESS, WALL, working_time
from forvent_server.store.models import Business, Calendar, Person

#: Days of its own, and kinds of promises with a clock of their own, that a business may name.
MOST_DAYS, MOST_CLOCKS = 400, 100
#: Years in which a day of its own may lie.
FIRST_YEAR, LAST_YEAR = 1900, 2199


@transaction.atomic
def change_calendar(
    *,
    hours: Sequence[str],
    zone: str,
    holidays: str = "",
    days: str = "",
    clock: str = WALL,
    clocks: Sequence[Mapping[str, str]] = (),
    for_all: bool = True,
    who: Person,
    now: datetime,
) -> Calendar:
    """The calendar from now on; those before stay as they were, for promises that were made under them.

    Parameters
    ----------
    hours
        Windows of each weekday, Monday first; empty where it is closed.
    zone, holidays
        IANA time zone of the hours, and the country whose public holidays are closed: CZ, DE-BY; empty for
        none.
    days
        Days of its own, one a line: "2026-12-24" is closed, "2026-12-31 09:00-12:00" open so, and
        "2026-07-01/2026-07-14" all days from the one to the other.
    clock, clocks
        The clock of all promises, wall or business, and that of episodes with a value in a column.
    for_all
        Whether it counts for promises that were made before, too.

    Raises
    ------
    NotAllowed
        If who asks may not.
    BadOption
        If a value cannot be; nothing is changed then.
    """
    if not who.may("manager"):
        raise NotAllowed(f"{who.name} may not change the calendar.", hint="Ask a manager.")
    made = Calendar(
        hours=_week(hours),
        zone=zone.strip(),
        holidays=holidays.strip(),
        days=days_in(days),
        clock=_clock(clock),
        clocks=_clocks(clocks),
        for_all=for_all,
        made_at=now,
        made_by=who,
    )
    # The library checks the rest: zone, country, overlaps, and that it opens at all.
    working_time(made)
    # Two at once come one after the other.
    Business.objects.select_for_update().get(pk=1)
    if _is_as(made, Calendar.objects.first()):
        return Calendar.objects.all()[0]
    made.save()
    told = {"zone": made.zone, "holidays": made.holidays, "clock": made.clock}
    told["counts"] = "all" if made.for_all else "new"
    record("change calendar", who=who, now=now, about=made, **told, days=len(made.days))
    enqueue("assess", key="all", now=now)
    return made


def policy_of(length: timedelta, *, calendar: int | None, level: float | None) -> dict[str, Any]:
    """What stands behind a promise that is made now, to be stamped on it."""
    return {"length_s": length.total_seconds(), "level": level, "calendar": calendar}


def policy_now() -> dict[str, Any]:
    """The calendar and the level that hold now, by their names in ``policy_of``."""
    newest = Calendar.objects.values_list("pk", flat=True).first()
    return {"calendar": newest, "level": Business.objects.values_list("level", flat=True).first()}


def days_in(text: str) -> list[list[str]]:
    """Days of its own and their windows, as people write them, in the order of the calendar.

    Raises
    ------
    BadOption
        If a line cannot be read, or a day is given twice.
    """
    found: dict[date, str] = {}
    for line in text.splitlines():
        written, _, windows = line.strip().partition(" ")
        if not written:
            continue
        shown = ",".join(map(str, parse_windows(windows))) if windows.strip() else ""
        for day in _days_of(written):
            if day in found:
                raise BadOption(f"{day} is given twice.", hint="Leave one of the two lines out.")
            found[day] = shown
        if len(found) > MOST_DAYS:
            raise BadOption(
                f"These are more than {MOST_DAYS} days.",
                hint="Leave out what is long past or a usual weekday.",
            )
    return [[day.isoformat(), windows] for day, windows in sorted(found.items())]


def _days_of(written: str) -> list[date]:
    first, slash, last = written.partition("/")
    begin = _day(first)
    end = _day(last) if slash else begin
    if end < begin:
        raise BadOption(f"{end} is before {begin}.", hint="Exchange the two.")
    return [begin + timedelta(days=step) for step in range(min((end - begin).days, MOST_DAYS) + 1)]


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadOption(f"'{text.strip()[:40]}' is no day.", hint="Write it as 2026-12-24.")
    return day


def _week(hours: Sequence[str]) -> list[str]:
    if len(hours) != 7:
        raise BadOption("A week has seven days.", hint="Give the hours of each, Monday first.")
    return [",".join(map(str, parse_windows(text))) if text.strip() else "" for text in hours]


def _clock(name: str) -> str:
    if name not in (WALL, BUSINESS):
        raise BadOption(f"There is no clock '{name[:40]}'.", hint="Choose one of those shown.")
    return name


def _clocks(given: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    rules = [{name: rule.get(name, "").strip() for name in ("column", "value", "clock")} for rule in given]
    if len(rules) > MOST_CLOCKS:
        raise BadOption(
            f"These are more than {MOST_CLOCKS} clocks.", hint="Choose the one of most promises for all."
        )
    seen = set()
    for rule in rules:
        if not rule["column"] or not rule["value"] or max(map(len, rule.values())) > 200:
            raise BadOption(
                "A clock of its own needs a column and a value.",
                hint="Give both, at most 200 characters each.",
            )
        _clock(rule["clock"])
        kind = (rule["column"].casefold(), rule["value"].casefold())
        if kind in seen:
            raise BadOption(
                f"'{rule['column']}' with '{rule['value']}' is given twice.", hint="Leave one of the two out."
            )
        seen.add(kind)
    return rules


def _is_as(made: Calendar, before: Calendar | None) -> bool:
    """Whether nothing would change; counting it for all promises at last is a change."""
    if before is None or (made.for_all and not before.for_all):
        return False
    names = ("hours", "zone", "holidays", "days", "clock", "clocks")
    return all(getattr(made, name) == getattr(before, name) for name in names)
