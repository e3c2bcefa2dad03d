"""A record whose promises count working time: the same cases, shorter lengths, and the wall beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from forvent.adjust import CLOCK, Cases, cases_from, frontier, promise_from_record
from forvent.adjust.calendar.calendar import calendar_from
from forvent.communicate import promise_sentences
from forvent.records import Around, Estimate, Promise

DESK = calendar_from("mon-fri 09:00-17:00")
HOUR, DAY = 3_600.0, 86_400.0
MONDAY = datetime(2026, 1, 5)


def record(
    n: int = 400, *, working_hours: float = 6.0, clock: str | None = "desk", by_day: bool = False
) -> pa.Table:
    """Cases that begin every hour and a half, day and night, done after two, four or six working hours."""
    starts = [MONDAY + timedelta(hours=1.5 * place) for place in range(n)]
    ends = [
        DESK.add(start, timedelta(hours=working_hours - 2 * (place % 3)))
        for place, start in enumerate(starts)
    ]
    waits = [(end - start).total_seconds() for start, end in zip(starts, ends, strict=True)]
    promised = [DAY] * n if by_day else [4 * HOUR] * n
    return pa.table(
        {
            "start": starts,
            "wait_seconds": waits,
            "promised_seconds": promised,
            "kept": [True] * n,
            "outcome": ["kept"] * n,
            CLOCK: pa.array([clock] * n, pa.string()),
        }
    )


def cases(rows: pa.Table, *, by_day: bool = False) -> Cases:
    return cases_from(rows, as_of=datetime(2027, 1, 1), by_day=by_day, calendars={"desk": DESK})


def test_the_promise_is_what_was_worked_and_the_wall_stands_beside_it() -> None:
    found = promise_from_record(cases(record()), level=0.9)
    assert isinstance(found, Promise)
    assert (found.upper, found.unit) == (6.0, "working_hour")
    assert isinstance(found.kept_later, Estimate)
    assert found.kept_later.value == 1.0
    # From Friday noon on, six working hours end on Monday.
    wall = promise_from_record(cases(record()).on_the_wall(), level=0.9)
    assert isinstance(wall, Promise)
    assert found.around_the_clock == Around(wall.upper, wall.unit)
    assert wall.upper * {"hour": HOUR, "day": DAY}[wall.unit] > 2 * DAY


def test_the_own_promise_is_counted_on_the_same_clock() -> None:
    found = promise_from_record(cases(record()), level=0.9)
    assert isinstance(found, Promise)
    assert found.own_promise is not None
    # Four hours on the wall hold at most four of work, and none at all at night.
    assert 0.0 < found.own_promise < 1.6


def test_without_a_calendar_nothing_changes() -> None:
    rows = record(clock=None)
    plain = cases_from(rows.drop_columns(CLOCK), as_of=datetime(2027, 1, 1))
    assert cases(rows).business is None
    assert promise_from_record(cases(rows), level=0.9) == promise_from_record(plain, level=0.9)
    assert frontier(cases(rows)) == frontier(plain)


def test_cases_on_two_clocks_are_counted_on_the_wall_and_a_group_on_its_own() -> None:
    rows = record()
    names = ["desk" if place % 2 else None for place in range(rows.num_rows)]
    mixed = cases(rows.set_column(rows.column_names.index(CLOCK), CLOCK, pa.array(names, pa.string())))
    assert mixed.working is None
    both = promise_from_record(mixed, level=0.9)
    assert both == promise_from_record(cases(record()).on_the_wall(), level=0.9)
    assert mixed.business is not None
    own = promise_from_record(mixed.where(mixed.business.of >= 0), level=0.9)
    assert isinstance(own, Promise)
    assert own.unit == "working_hour"


def test_a_clock_that_was_changed_halfway_does_not_mix_two_units() -> None:
    rows = record()
    names = ["desk" if place >= 200 else None for place in range(rows.num_rows)]
    changed = cases(rows.set_column(rows.column_names.index(CLOCK), CLOCK, pa.array(names, pa.string())))
    assert promise_from_record(changed, level=0.9) == promise_from_record(changed.on_the_wall(), level=0.9)


def test_the_frontier_is_drawn_in_working_hours() -> None:
    line = frontier(cases(record()))
    assert {point.unit for point in line} == {"working_hour"}
    assert line[-1].length == pytest.approx(6.0)
    assert line[-1].kept.value == 1.0
    at_four = [point for point in line if point.length <= 4.0][-1]
    assert at_four.kept.value == pytest.approx(2 / 3, abs=0.01) or at_four.kept.value == pytest.approx(
        1 / 3, abs=0.01
    )


def test_a_promise_by_day_counts_working_days() -> None:
    # From Saturday to Monday it takes two days by the calendar.
    found = promise_from_record(cases(record(by_day=True), by_day=True), level=0.95)
    assert isinstance(found, Promise)
    assert (found.upper, found.unit) == (1.0, "working_day")
    assert found.around_the_clock == Around(2.0, "day")
    assert {point.unit for point in frontier(cases(record(by_day=True), by_day=True))} == {"working_day"}


def test_an_open_case_is_judged_once_its_working_time_has_run_out() -> None:
    made = cases(record())
    late = replace(made, wait=np.where(np.arange(made.n) == made.n - 1, np.nan, made.wait))
    last = late.where(np.array([late.n - 1]))
    begun = float(last.start[0])
    soon = replace(last, as_of=begun + 5 * HOUR)
    assert not soon.over(np.array([6 * HOUR]))[0]
    assert replace(last, as_of=begun + 7 * DAY).over(np.array([6 * HOUR]))[0]


def test_customers_are_told_that_only_opening_time_counts() -> None:
    found = promise_from_record(cases(record()), level=0.9)
    assert isinstance(found, Promise)
    said = {one.language: one.text for one in promise_sentences(found, noun="orders")}
    assert said["en"] == "You will have it within 6 hours, counted while we are open."
    assert said["nb"] == "Du får det i løpet av 6 timer av åpningstiden vår."
    days = promise_from_record(cases(record(by_day=True), by_day=True), level=0.9)
    assert isinstance(days, Promise)
    assert promise_sentences(days, languages=("en",))[0].text == (
        "You will have it at the latest 1 day after your order, counted in working days."
    )
