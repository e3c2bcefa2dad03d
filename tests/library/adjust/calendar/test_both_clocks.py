"""A promise on the business clock and on the clock on the wall."""

from datetime import datetime, timedelta

import pytest

from forvent.adjust.calendar.both_clocks import due_on_both_clocks
from forvent.adjust.calendar.calendar import calendar_from
from forvent.errors import BadOption
from forvent.records import BothClocks

FRIDAY = datetime(2026, 11, 20, 16, 30)
HOUR = timedelta(hours=1)
WEEKDAYS = calendar_from("mon-fri 09:00-17:00")


def test_one_working_hour_over_the_weekend_is_65_hours_around_the_clock() -> None:
    both = due_on_both_clocks(FRIDAY, calendar=WEEKDAYS, working=HOUR)
    assert both == BothClocks(
        due=datetime(2026, 11, 23, 9, 30), working=HOUR, around_the_clock=timedelta(hours=65)
    )


def test_two_days_around_the_clock_over_the_weekend_are_half_a_working_hour() -> None:
    both = due_on_both_clocks(FRIDAY, calendar=WEEKDAYS, around_the_clock=timedelta(days=2))
    assert both == BothClocks(
        due=datetime(2026, 11, 22, 16, 30), working=HOUR / 2, around_the_clock=timedelta(days=2)
    )


def test_the_two_clocks_agree_whichever_is_given() -> None:
    by_working = due_on_both_clocks(FRIDAY, calendar=WEEKDAYS, working=13 * HOUR)
    again = due_on_both_clocks(FRIDAY, calendar=WEEKDAYS, around_the_clock=by_working.around_the_clock)
    assert again == by_working


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        (
            {},
            "A promise is given on one clock; here it is none or both. "
            "Give either working or around_the_clock.",
        ),
        (
            {"working": HOUR, "around_the_clock": HOUR},
            "A promise is given on one clock; here it is none or both. "
            "Give either working or around_the_clock.",
        ),
        ({"around_the_clock": -HOUR}, "The time -1 day, 23:00:00 is negative. Give 0 or more."),
        ({"working": -HOUR}, "The working time -1 day, 23:00:00 is negative. Give 0 or more."),
        (
            {"around_the_clock": timedelta.max},
            "999999999 days, 23:59:59.999999 after 2026-11-20 16:30:00 is outside the years 1900 to 2199. "
            "Give a shorter time.",
        ),
    ],
)
def test_says_what_is_wrong_with_a_promise(lengths: dict[str, timedelta], message: str) -> None:
    with pytest.raises(BadOption) as error:
        due_on_both_clocks(FRIDAY, calendar=WEEKDAYS, **lengths)
    assert str(error.value) == message
