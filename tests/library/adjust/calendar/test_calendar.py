"""The business clock: named days, daylight saving, holidays, arrays, and what it refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import Calendar, calendar_from
from forvent.errors import BadOption

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)
WEEKDAYS = calendar_from("mon-fri 09:00-17:00")
#: Public holidays of 2026 as the act 245/2000 Sb. lists them.
CZECH_HOLIDAYS = [
    *[(1, 1), (4, 3), (4, 6), (5, 1), (5, 8), (7, 5), (7, 6), (9, 28), (10, 28), (11, 17)],
    *[(12, 24), (12, 25), (12, 26)],
]


def utc(text: str, zone: str = "UTC") -> datetime:
    """Naive UTC moment of a local time; of a time that is shown twice, the first."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def seconds(at: datetime) -> float:
    return at.replace(tzinfo=UTC).timestamp()


def on_day(calendar: Calendar, day: str) -> timedelta:
    """Working time of a local day, from noon of the day before to noon of the day after."""
    noon = datetime.fromisoformat(day) + timedelta(hours=12)
    before, after = noon - timedelta(days=1), noon + timedelta(days=1)
    return calendar.between(
        utc(before.isoformat(), calendar.zone),
        utc(after.isoformat(), calendar.zone),
    )


# ------------------------------------------------------------------------- a plain week


def test_friday_1630_and_one_working_hour_is_monday_0930() -> None:
    assert WEEKDAYS.add(datetime(2026, 11, 20, 16, 30), HOUR) == datetime(2026, 11, 23, 9, 30)


@pytest.mark.parametrize("zone", ["Europe/Prague", "America/New_York", "Asia/Kolkata"])
def test_friday_1630_is_monday_0930_on_the_clock_on_the_wall(zone: str) -> None:
    calendar = calendar_from("mon-fri 09:00-17:00", zone=zone)
    due = calendar.add(utc("2026-11-20T16:30", zone), HOUR)
    assert due == utc("2026-11-23T09:30", zone)


@pytest.mark.parametrize("change", ["2026-03-27", "2026-10-23"])
def test_friday_1630_is_monday_0930_also_when_the_clocks_change_on_sunday(change: str) -> None:
    calendar = calendar_from("mon-fri 09:00-17:00", zone="Europe/Prague")
    monday = date.fromisoformat(change) + timedelta(days=3)
    due = calendar.add(utc(f"{change}T16:30", "Europe/Prague"), HOUR)
    assert due == utc(f"{monday}T09:30", "Europe/Prague")


@pytest.mark.parametrize(
    ("start", "working", "due"),
    [
        ("2026-11-20T09:00", 8 * HOUR, "2026-11-20T17:00"),  # a full day is due at its end
        ("2026-11-20T12:00", 5 * HOUR, "2026-11-20T17:00"),
        ("2026-11-20T12:00", 5 * HOUR + MINUTE, "2026-11-23T09:01"),
        ("2026-11-20T09:00", 40 * HOUR, "2026-11-26T17:00"),
        ("2026-11-21T03:00", 8 * HOUR, "2026-11-23T17:00"),
        ("2026-11-20T16:59", NOTHING, "2026-11-20T16:59"),  # open: at once
        ("2026-11-20T17:00", NOTHING, "2026-11-23T09:00"),  # closed: at the next opening
        ("2026-11-22T00:00", NOTHING, "2026-11-23T09:00"),
        ("2026-11-20T08:00", NOTHING, "2026-11-20T09:00"),
    ],
)
def test_working_time_is_due_where_a_person_would_count_it(start: str, working: timedelta, due: str) -> None:
    assert WEEKDAYS.add(datetime.fromisoformat(start), working) == datetime.fromisoformat(due)


def test_a_break_at_noon_is_no_working_time() -> None:
    calendar = calendar_from("mon-fri 09:00-12:30,13:00-17:00")
    assert calendar.add(datetime(2026, 11, 20, 12, 0), HOUR) == datetime(2026, 11, 20, 13, 30)
    assert calendar.between(datetime(2026, 11, 20), datetime(2026, 11, 21)) == 7.5 * HOUR
    assert not calendar.is_open(datetime(2026, 11, 20, 12, 45))


def test_windows_that_touch_are_one_opening() -> None:
    calendar = calendar_from("mon-sun 06:00-22:00,22:00-06:00")
    assert calendar.is_open(datetime(2026, 11, 20, 22, 0))
    assert calendar.add(datetime(2026, 11, 20), 100 * HOUR) == datetime(2026, 11, 24, 4)


def test_always_open_is_the_clock_on_the_wall() -> None:
    calendar = calendar_from("always", zone="America/New_York")
    start = datetime(2026, 10, 20, 1, 2, 3, 4)
    assert calendar.add(start, 1000 * HOUR) == start + 1000 * HOUR
    assert calendar.add(start, timedelta(days=20_000)) == start + timedelta(days=20_000)
    assert calendar.between(start, start + 1000 * HOUR) == 1000 * HOUR


def test_not_a_microsecond_is_lost() -> None:
    start, working = datetime(2026, 11, 20, 16, 59, 59, 999_999), timedelta(microseconds=2)
    due = WEEKDAYS.add(start, working)
    assert due == datetime(2026, 11, 23, 9, 0, 0, 1)
    assert WEEKDAYS.between(start, due) == working


# --------------------------------------------------------------------- nights and clocks


def test_a_night_belongs_to_the_day_it_begins() -> None:
    calendar = calendar_from("fri 22:00-06:00", closed=[date(2026, 11, 28)])
    assert calendar.is_open(datetime(2026, 11, 21, 5, 59))  # Saturday morning
    assert not calendar.is_open(datetime(2026, 11, 20, 5, 0))  # Friday morning was Thursday's night
    assert calendar.is_open(datetime(2026, 11, 28, 1, 0))  # a closed Saturday leaves Friday's night alone
    assert not calendar.is_open(datetime(2026, 11, 28, 23, 0))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Prague", "2026-03-28", 7),
        ("Europe/Prague", "2026-10-24", 9),
        ("Europe/Prague", "2026-06-13", 8),
        ("America/New_York", "2026-03-07", 7),
        ("America/New_York", "2026-10-31", 9),
        ("Australia/Lord_Howe", "2026-10-03", 7.5),
        ("Asia/Kolkata", "2026-03-28", 8),
    ],
)
def test_a_night_over_the_change_of_clocks_is_as_long_as_it_lasts(zone: str, day: str, hours: float) -> None:
    calendar = calendar_from("sat 22:00-06:00", zone=zone)
    assert on_day(calendar, day) == hours * HOUR


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Prague", "2026-03-29", 23),
        ("Europe/Prague", "2026-10-25", 25),
        ("Asia/Kolkata", "2026-03-29", 24),
    ],
)
def test_a_day_of_24_hours_has_23_or_25_when_the_clocks_change(zone: str, day: str, hours: int) -> None:
    assert on_day(calendar_from("sun 00:00-24:00", zone=zone), day) == hours * HOUR


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [
        ("sun 02:30-05:00", "01:00", "03:00"),  # the opening is skipped: open when the clocks go forward
        ("sun 00:00-02:30", "23:00", "01:00"),  # the closing is skipped: closed when they do
        ("sun 01:30-03:30", "00:30", "01:30"),
    ],
)
def test_times_that_the_clocks_skip_happen_when_they_go_forward(hours: str, first: str, last: str) -> None:
    calendar = calendar_from(hours, zone="Europe/Prague")
    opens = datetime.fromisoformat(f"2026-03-{28 if first > '12' else 29}T{first}")
    assert calendar.next_opening(datetime(2026, 3, 28)) == opens
    closes = datetime.fromisoformat(f"2026-03-29T{last}")
    assert calendar.add(opens, closes - opens) == closes
    assert not calendar.is_open(closes)


def test_a_window_that_the_clocks_skip_altogether_is_no_opening() -> None:
    calendar = calendar_from("sun 02:15-02:45", zone="Europe/Prague")
    assert on_day(calendar, "2026-03-29") == NOTHING
    assert calendar.next_opening(datetime(2026, 3, 28)) == utc("2026-04-05T02:15", "Europe/Prague")
    # Samoa went from 29 to 31 December 2011.
    assert on_day(calendar_from("fri 09:00-17:00", zone="Pacific/Apia"), "2011-12-30") == NOTHING


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [
        ("sun 02:30-05:00", "00:30", "04:00"),
        ("sun 00:00-02:30", "22:00", "00:30"),
        ("sun 02:15-02:45", "00:15", "00:45"),
        ("sun 02:00-03:00", "00:00", "02:00"),
    ],
)
def test_times_that_the_clocks_show_twice_count_the_first_time(hours: str, first: str, last: str) -> None:
    calendar = calendar_from(hours, zone="Europe/Prague")
    opens = datetime.fromisoformat(f"2026-10-{24 if first > '12' else 25}T{first}")
    assert calendar.next_opening(datetime(2026, 10, 24)) == opens
    closes = datetime.fromisoformat(f"2026-10-25T{last}")
    assert calendar.between(datetime(2026, 10, 24), datetime(2026, 10, 26)) == closes - opens
    assert calendar.add(opens, closes - opens) == closes


def test_the_hour_at_midnight_may_be_skipped_or_repeated() -> None:
    calendar = calendar_from("always", zone="America/Santiago")
    assert calendar.add(datetime(2026, 9, 1), 240 * HOUR) == datetime(2026, 9, 11)
    evening = calendar_from("sat 20:00-24:00", zone="America/Santiago")
    assert on_day(evening, "2026-04-04") == 5 * HOUR
    morning = calendar_from("sun 00:00-08:00", zone="America/Santiago")
    assert on_day(morning, "2026-09-06") == 7 * HOUR


# ------------------------------------------------------------------ holidays and own days


def test_holidays_of_the_country_are_closed() -> None:
    calendar = calendar_from("mon-sun 09:00-17:00", zone="Europe/Prague", holidays="CZ")
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    shut = [
        (day.month, day.day) for day in days if not calendar.is_open(utc(f"{day}T12:00", "Europe/Prague"))
    ]
    assert shut == CZECH_HOLIDAYS


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    epiphany = datetime(2026, 1, 6, 11)
    everywhere = calendar_from("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays="DE")
    bavaria = calendar_from("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays="de-BY")
    assert everywhere.is_open(epiphany)
    assert not bavaria.is_open(epiphany)


def test_a_holiday_that_is_kept_in_the_year_before_is_closed() -> None:
    # New Year of 2022 was a Saturday, so that Friday, 31 December 2021 was off.
    calendar = calendar_from("mon-fri 09:00-17:00", zone="America/New_York", holidays="US")
    assert not calendar.is_open(datetime(2021, 12, 31, 17))
    assert calendar.is_open(datetime(2020, 12, 31, 17))


def test_own_days_go_before_holidays_and_weekdays() -> None:
    calendar = calendar_from(
        "mon-fri 09:00-17:00",
        holidays="CZ",
        closed=[date(2026, 12, 23)],
        special={date(2026, 12, 24): "09:00-12:00", date(2026, 12, 27): "10:00-11:00,22:00-02:00"},
    )
    assert calendar.between(datetime(2026, 12, 23), datetime(2026, 12, 24)) == NOTHING
    assert calendar.between(datetime(2026, 12, 24), datetime(2026, 12, 27)) == 3 * HOUR
    assert calendar.between(datetime(2026, 12, 27), datetime(2026, 12, 28, 9)) == 5 * HOUR
    assert calendar.add(datetime(2026, 12, 22, 16), 3 * HOUR) == datetime(2026, 12, 24, 11)


def test_a_special_day_may_overlap_the_night_before_without_counting_twice() -> None:
    calendar = calendar_from("fri 22:00-06:00", special={date(2026, 11, 21): "05:00-08:00"})
    assert calendar.between(datetime(2026, 11, 20, 12), datetime(2026, 11, 21, 12)) == 10 * HOUR
    inside = calendar_from("fri 22:00-11:00", special={date(2026, 11, 21): "05:00-08:00"})
    assert inside.between(datetime(2026, 11, 20, 12), datetime(2026, 11, 21, 12)) == 13 * HOUR


def test_special_days_alone_make_a_calendar() -> None:
    market = calendar_from("", special={date(2026, 12, 5): "08:00-12:00"})
    assert market.next_opening(datetime(2026, 1, 1)) == datetime(2026, 12, 5, 8)
    assert market.add(datetime(2026, 1, 1), 4 * HOUR) == datetime(2026, 12, 5, 12)


def test_finds_an_opening_years_ahead() -> None:
    market = calendar_from("", special={date(2034, 5, 6): "08:00-12:00"})
    assert market.next_opening(datetime(2026, 1, 1)) == datetime(2034, 5, 6, 8)


# ------------------------------------------------------------------------------ the clock


def test_the_clock_counts_as_between_does_case_by_case() -> None:
    calendar = calendar_from("mon-fri 09:00-12:30,13:00-17:00", zone="Europe/Prague", holidays="CZ")
    rng = np.random.default_rng(3)
    begun = [datetime(2025, 1, 1) + MINUTE * int(minute) for minute in rng.integers(0, 900_000, size=200)]
    ended = [
        start + MINUTE * int(wait) for start, wait in zip(begun, rng.integers(0, 90_000, 200), strict=True)
    ]
    found = calendar.clock("hour")(
        np.array([seconds(start) for start in begun]), np.array([seconds(end) for end in ended])
    )
    assert found.tolist() == [
        calendar.between(start, end) / HOUR for start, end in zip(begun, ended, strict=True)
    ]


def test_the_clock_of_100_000_cases_adds_up() -> None:
    hours = WEEKDAYS.clock("hour")
    week = 7 * 86_400.0
    start = np.random.default_rng(5).uniform(0, 50 * week, size=100_000)
    assert hours(start, start + 4 * week) == pytest.approx(np.full(100_000, 160.0), abs=1e-8)


def test_the_clock_stands_still_while_closed_and_before_the_start() -> None:
    minutes = WEEKDAYS.clock("minute")
    friday = seconds(datetime(2026, 11, 20, 16, 30))
    moments = friday + 3600 * np.array([-5.0, 0.0, 0.25, 0.5, 12.0, 64.5, 65.0])
    assert minutes(np.full(7, friday), moments).tolist() == [0, 0, 15, 30, 30, 30, 60]
    assert minutes(np.array([friday]), moments).tolist() == [0, 0, 15, 30, 30, 30, 60]


def test_the_clock_leaves_what_is_unknown_unknown() -> None:
    start = np.array([0.0, np.nan, 0.0, 0.0, np.inf])
    moment = np.array([np.nan, 0.0, np.inf, -np.inf, np.inf])
    found = WEEKDAYS.clock("hour")(start, moment)
    assert found == pytest.approx([np.nan, np.nan, np.inf, 0.0, np.nan], nan_ok=True)
    assert WEEKDAYS.clock("day")(np.array([]), np.array([])).size == 0


def test_the_clock_of_a_calendar_that_is_closed_all_the_while_shows_nothing() -> None:
    market = calendar_from("", special={date(2026, 12, 5): "08:00-12:00"})
    assert market.clock("hour")(np.array([0.0]), np.array([1e8])).tolist() == [0.0]
    assert market.between(datetime(1990, 1, 1), datetime(1991, 1, 1)) == NOTHING
    assert not market.is_open(datetime(1990, 1, 1))


# ------------------------------------------------------------------------- what it refuses


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"zone": "europe/prague"},
            "There is no time zone 'europe/prague'. Give an IANA name such as Europe/Prague.",
        ),
        ({"zone": "Europe"}, "There is no time zone 'Europe'. Give an IANA name such as Europe/Prague."),
        ({"zone": "../x"}, "There is no time zone '../x'. Give an IANA name such as Europe/Prague."),
        (
            {"holidays": "XX"},
            "No holidays are known for the country 'XX'. "
            "Give its ISO 3166 code, such as CZ, or DE-BY for a part of it.",
        ),
        (
            {"holidays": "Germany"},
            "No holidays are known for the country 'Germany'. "
            "Give its ISO 3166 code, such as CZ, or DE-BY for a part of it.",
        ),
        ({"holidays": "CZ-PR"}, "No holidays are known for the part 'PR' of CZ. Give CZ alone."),
        (
            {"closed": [date(2026, 12, 24)], "special": {date(2026, 12, 24): "09:00-12:00"}},
            "2026-12-24 is both closed and special. Take the day out of one of the two.",
        ),
        (
            {"closed": [datetime(2026, 12, 24)]},
            "'2026-12-24 00:00:00' is no day. Give closed and special days as dates, without time.",
        ),
        (
            {"special": {date(2026, 12, 24): "09:00-12:00,11:00-13:00"}},
            "The windows 09:00-12:00 and 11:00-13:00 overlap. Join them, or correct one of their times.",
        ),
        (
            {"hours": ""},
            "The calendar has no opening at all. "
            "Give opening hours, such as mon-fri 09:00-17:00, or special days.",
        ),
    ],
)
def test_says_what_is_wrong_with_a_calendar(options: dict[str, Any], message: str) -> None:
    with pytest.raises(BadOption) as error:
        calendar_from(**{"hours": "mon-fri 09:00-17:00"} | options)
    assert str(error.value) == message


def test_names_the_parts_of_a_country_that_there_are() -> None:
    with pytest.raises(BadOption, match=r"Use one of BB, BE, BW, BY, ") as error:
        calendar_from("always", holidays="DE-ZZ")
    assert error.value.message == "No holidays are known for the part 'ZZ' of DE."


MARKET = calendar_from("", special={date(2026, 12, 5): "08:00-12:00"})
HINT = "Check the opening hours, closed days and special days of the calendar."


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            lambda: MARKET.next_opening(datetime(2026, 12, 5, 12)),
            f"The calendar does not open after 2026-12-05 12:00:00, until 2037 at least. {HINT}",
        ),
        (
            lambda: MARKET.add(datetime(2026, 12, 5, 9), 4 * HOUR),
            "The calendar has 3:00:00 of working time after 2026-12-05 09:00:00, until 2037 at least, "
            f"not 4:00:00. {HINT}",
        ),
        (
            lambda: WEEKDAYS.add(datetime(2026, 12, 5), -HOUR),
            "The working time -1 day, 23:00:00 is negative. Give 0 or more.",
        ),
        (
            lambda: WEEKDAYS.is_open(datetime(2026, 12, 5, tzinfo=UTC)),
            "The moment 2026-12-05 00:00:00+00:00 has a time zone. "
            "Give it in UTC, without time zone: all moments are.",
        ),
        (
            lambda: WEEKDAYS.between(datetime(2026, 1, 2), datetime(2026, 1, 1)),
            "The end 2026-01-01 00:00:00 is before the start 2026-01-02 00:00:00. Exchange the two.",
        ),
        (
            lambda: WEEKDAYS.between(datetime(2026, 1, 2), datetime(9999, 12, 31)),
            "The moment 9999-12-31 00:00:00 is outside the years 1900 to 2199. "
            "Correct the date, or leave it empty where it stands for 'never'.",
        ),
        (
            lambda: WEEKDAYS.clock("hour")(np.array([0.0]), np.array([253402300800.0])),
            "A moment 253402300800 seconds after 1970 is outside the years 1900 to 2199. "
            "Correct the date, or leave it empty where it stands for 'never'.",
        ),
        (
            lambda: WEEKDAYS.clock("fortnight"),
            "A clock does not count in 'fortnight'. Use minute, hour, day.",
        ),
    ],
)
def test_says_what_cannot_be_counted(asked: Callable[[], object], message: str) -> None:
    with pytest.raises(BadOption) as error:
        asked()
    assert str(error.value) == message


def test_more_working_time_than_the_years_have_is_refused() -> None:
    with pytest.raises(BadOption, match="until 2200 at least, not 99999 days, 0:00:00"):
        calendar_from("always").add(datetime(2190, 1, 1), timedelta(days=99_999))


def test_counts_in_the_first_and_the_last_year() -> None:
    assert WEEKDAYS.add(datetime(1900, 1, 1), HOUR) == datetime(1900, 1, 1, 10)
    assert WEEKDAYS.between(datetime(2199, 12, 30), datetime(2199, 12, 31, 23)) == 16 * HOUR
