"""A promise on the business clock and on the clock on the wall."""

from __future__ import annotations

from datetime import datetime, timedelta

from forvent.adjust.calendar.calendar import Calendar
from forvent.errors import BadOption
from forvent.records import BothClocks


def due_on_both_clocks(
    start: datetime,
    *,
    calendar: Calendar,
    working: timedelta | None = None,
    around_the_clock: timedelta | None = None,
) -> BothClocks:
    """When a promise is due, and how long that is on the business clock and on the clock on the wall.

    Parameters
    ----------
    start
        Naive UTC datetime from which the promise runs.
    calendar
        The business clock.
    working, around_the_clock
        Length of the promise on one of the two clocks, 0 or more; the other is found.

    Returns
    -------
    BothClocks
        ``around_the_clock`` is never shorter than ``working``.

    Raises
    ------
    BadOption
        If not exactly one length is given, it is negative, or the calendar cannot count it.

    Source
    ------
    Our own definition, docs/formulas/adjust-calendar.md#both-clocks.

    Examples
    --------
    >>> from forvent.adjust.calendar.calendar import calendar_from
    >>> weekdays = calendar_from("mon-fri 09:00-17:00")
    >>> both = due_on_both_clocks(
    ...     datetime(2026, 11, 20, 16, 30), calendar=weekdays, working=timedelta(hours=1)
    ... )
    >>> both.due.isoformat(), both.around_the_clock / timedelta(hours=1)
    ('2026-11-23T09:30:00', 65.0)
    """
    if working is not None and around_the_clock is None:
        due = calendar.add(start, working)
        return BothClocks(due=due, working=working, around_the_clock=due - start)
    if working is None and around_the_clock is not None:
        due = _later(start, around_the_clock)
        return BothClocks(due=due, working=calendar.between(start, due), around_the_clock=around_the_clock)
    raise BadOption(
        "A promise is given on one clock; here it is none or both.",
        hint="Give either working or around_the_clock.",
    )


def _later(start: datetime, length: timedelta) -> datetime:
    if length < timedelta(0):
        raise BadOption(f"The time {length} is negative.", hint="Give 0 or more.")
    try:
        return start + length
    except OverflowError:
        raise BadOption(
            f"{length} after {start} is outside the years 1900 to 2199.", hint="Give a shorter time."
        ) from None
