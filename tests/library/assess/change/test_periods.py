"""Periods are whole, follow one another and hold enough."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from forvent.assess.change import Calendar, choose_periods
from forvent.errors import BadOption
from forvent.records import NotEnough


def days_from(first: datetime, count: int) -> list[datetime]:
    return [first + timedelta(days=day) for day in range(count)]


def chosen(first: datetime, count: int, each: int, unit: str | None = None) -> Calendar:
    found = choose_periods(days_from(first, count), [each] * count, unit=unit)
    assert isinstance(found, Calendar)
    return found


def test_weeks_begin_on_monday_and_are_whole() -> None:
    found = chosen(datetime(2026, 1, 1), 100, 10)
    assert found.unit == "week"
    assert all(period.start.weekday() == 0 for period in found.periods)
    assert found.periods[0].start == datetime(2026, 1, 5)
    assert found.periods[-1].end <= datetime(2026, 1, 1) + timedelta(days=100)


def test_periods_follow_one_another_over_a_change_of_year() -> None:
    found = chosen(datetime(2025, 8, 1), 300, 1, unit="month")
    assert [period.end for period in found.periods[:-1]] == [period.start for period in found.periods[1:]]
    assert datetime(2026, 1, 1) in [period.start for period in found.periods]


def test_months_are_taken_where_weeks_hold_too_little() -> None:
    assert chosen(datetime(2025, 1, 1), 365, 1).unit == "month"


def test_weeks_are_taken_however_little_they_hold_where_there_are_too_few_months() -> None:
    assert chosen(datetime(2026, 1, 5), 100, 1).unit == "week"


def test_quarters_are_taken_where_there_are_too_many_months() -> None:
    found = chosen(datetime(2010, 1, 1), 365 * 10, 1)
    assert found.unit == "quarter"
    assert [period.start.month for period in found.periods[:4]] == [1, 4, 7, 10]


def test_of_too_many_the_latest_are_taken() -> None:
    found = chosen(datetime(2020, 1, 6), 7 * 120, 100, unit="week")
    assert len(found.periods) == 105
    assert found.periods[-1].end == datetime(2020, 1, 6) + timedelta(days=840)


def test_a_month_only_begun_is_left_out() -> None:
    found = chosen(datetime(2025, 1, 20), 320, 1, unit="month")
    assert found.periods[0].start == datetime(2025, 2, 1)
    assert found.periods[-1].start == datetime(2025, 11, 1)


def test_every_day_of_a_period_is_its_own() -> None:
    found = chosen(datetime(2026, 1, 5), 70, 10)
    days = found.days()
    assert len({day for day, _ in days}) == len(days) == 70
    assert [number for _, number in days] == sorted(number for _, number in days)


def test_a_record_that_is_too_short_is_told_so() -> None:
    found = choose_periods(days_from(datetime(2026, 1, 5), 30), [10] * 30)
    assert found == NotEnough(4, 8, "the voices reach over too few weeks")


def test_a_record_without_time_is_told_so() -> None:
    assert choose_periods([], []) == NotEnough(0, 40, "no voice has a time")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(BadOption) as error:
        choose_periods([datetime(2026, 1, 1)], [1], unit="day")
    assert str(error.value) == "'day' is no length of periods. Give week, month or quarter."
