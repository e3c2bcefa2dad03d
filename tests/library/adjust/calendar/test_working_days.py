"""Days with an opening between two dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import Calendar, calendar_from
from forvent.errors import BadOption

SHOP = calendar_from(
    "mon-fri 09:00-17:00; sat 10:00-14:00",
    zone="Europe/Prague",
    holidays="CZ",
    closed=[date(2026, 12, 31)],
    special={date(2026, 12, 27): "10:00-16:00"},
)


def seconds(moment: datetime) -> float:
    return (moment - datetime(1970, 1, 1)).total_seconds()


def days(calendar: Calendar, start: datetime, end: datetime) -> float:
    return float(calendar.working_days(np.array([seconds(start)]), np.array([seconds(end)]))[0])


def test_weekends_holidays_and_closed_days_do_not_count_and_special_days_do() -> None:
    # 24 to 26 December are holidays, the 27th is a Sunday that is open, the 31st a Thursday that is closed.
    assert days(SHOP, datetime(2026, 12, 23, 18), datetime(2026, 12, 27, 9)) == 1.0
    assert days(SHOP, datetime(2026, 12, 23, 18), datetime(2027, 1, 2, 9)) == 5.0


def test_the_day_of_the_start_does_not_count_and_that_of_the_end_does() -> None:
    monday = datetime(2026, 11, 23)
    assert days(SHOP, monday, monday + timedelta(hours=23)) == 0.0
    assert days(SHOP, monday + timedelta(hours=23), monday + timedelta(days=1)) == 1.0


def test_counts_as_a_walk_day_by_day_does() -> None:
    rng = np.random.default_rng(4)
    begin = datetime(2025, 1, 1)
    for first, length in zip(rng.integers(0, 700, 60), rng.integers(0, 400, 60), strict=True):
        start, end = begin + timedelta(days=int(first)), begin + timedelta(days=int(first + length))
        walked = sum(
            SHOP.next_opening(day).date() == day.date()
            for step in range(int(length))
            for day in [start + timedelta(days=step + 1)]
        )
        assert days(SHOP, start, end) == walked


def test_what_is_open_stays_unknown_and_what_never_ends_endless() -> None:
    found = SHOP.working_days(np.zeros(3), np.array([np.nan, np.inf, -86_400.0 * 10]))
    np.testing.assert_array_equal(found, [np.nan, np.inf, 0.0])


def test_refuses_a_moment_outside_the_calendar() -> None:
    with pytest.raises(BadOption, match="outside the years 1900 to 2199"):
        SHOP.working_days(np.zeros(1), np.array([1e11]))
