from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.reading.cells import Cell
from forvent.reading.times import DateOrder, Moment, date_order, read_time

DAY_FIRST, MONTH_FIRST = DateOrder(day_first=True), DateOrder(day_first=False)


def read(cell: Cell, *, order: DateOrder = DAY_FIRST) -> datetime | None:
    moment = read_time(cell, order=order)
    return None if moment is None else moment.time


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-04 17:30:00",
        "2024-03-04T17:30:00Z",
        "2024-03-04T18:30:00+01:00",
        "2024-03-04 17:30:00 UTC",
        "2024-03-04 17:30:00.000",
        "2024/03/04 17:30",
        "2024.03.04. 17:30",
        "4.3.2024 17:30",
        "04. 03. 2024 17:30:00",
        "4.3.24 17:30",
        "04/03/2024 17:30",
        "4-3-2024 17:30",
        "04/03/2024, 5:30 PM",
        "2024年3月4日 17:30",
        "2024年3月4日下午5:30",
        "2024年3月4日 17时30分",
        "4 March 2024 17:30",
        "4-Mar-24 17:30",
        "March 4, 2024 5:30 PM",
        "Mon, 04 Mar 2024 18:30:00 +0100",
        "1709573400",
        "1709573400000",
        1709573400,
        45355.729166666664,
        datetime(2024, 3, 4, 17, 30),
        datetime(2024, 3, 4, 17, 30, tzinfo=UTC),
        datetime(2024, 3, 4, 12, 30, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_reads_one_moment_in_every_way_that_files_write_it(cell: Cell) -> None:
    assert read_time(cell, order=DAY_FIRST) == Moment(datetime(2024, 3, 4, 17, 30), by_day=False)


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-04",
        "20240304",
        "4.3.2024",
        "04/03/2024",
        "2024年3月4日",
        "4 Mar 2024",
        "45355",
        45355.0,
        date(2024, 3, 4),
        datetime(2024, 3, 4),
        "2024-03-04 00:00:00",
        "2024-03-04T00:00:00+02:00",
    ],
)
def test_knows_a_day_without_a_time_of_day_and_keeps_it_the_day_it_names(cell: Cell) -> None:
    assert read_time(cell, order=DAY_FIRST) == Moment(datetime(2024, 3, 4), by_day=True)


@pytest.mark.parametrize(
    "cell",
    [
        "31.02.2024",
        "2024-02-30",
        "13/13/2024",
        "2024-13-01",
        "yesterday",
        "",
        None,
        "12:30",
        time(12, 30),
        "24",
        24,
        "0001-01-01",
        "9999-12-31",
        "2024-01-01 25:00",
        "99999999",
        "1/2",
        "Date Not Captured",
        timedelta(days=3),
    ],
)
def test_makes_no_time_of_what_is_none(cell: Cell) -> None:
    assert read(cell) is None


def test_the_order_decides_doubtful_dates_only() -> None:
    assert read("3/4/2024", order=DAY_FIRST) == datetime(2024, 4, 3)
    assert read("3/4/2024", order=MONTH_FIRST) == datetime(2024, 3, 4)
    for order in (DAY_FIRST, MONTH_FIRST):
        assert read("25/3/2024", order=order) == read("3/25/2024", order=order) == datetime(2024, 3, 25)
        assert read("3.4.2024", order=order) == datetime(2024, 4, 3)


def test_a_number_above_twelve_anywhere_in_the_file_decides_the_order() -> None:
    assert date_order(["3/4/2024", "5/6/2024", "25/6/2024"]) == DateOrder(day_first=True)
    assert date_order(["3/4/2024", "5/6/2024", "6/25/2024"]) == DateOrder(day_first=False)


def test_says_so_where_nothing_decides_the_order() -> None:
    assert date_order(["3/4/2024", "5/6/2024"]) == DateOrder(
        day_first=True,
        notes=("Dates such as 3/4/2024 were read with the day first; nothing in the file decides it.",),
    )


def test_a_clock_with_am_and_pm_speaks_for_the_month_first() -> None:
    assert not date_order(["3/4/2024 5:00 PM"]).day_first


def test_says_so_where_both_orders_occur() -> None:
    order = date_order(["25/3/2024", "26/3/2024", "3/25/2024", "3/4/2024"])
    assert order == DateOrder(
        day_first=True,
        notes=(
            "Dates have the day first and the month first (1 the other way); "
            "doubtful ones were read with the day first.",
        ),
    )


def test_dates_that_cannot_be_doubtful_need_no_note() -> None:
    assert date_order(["2024-03-04", "3/3/2024", None, 45355]) == DateOrder()


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2099, 12, 31)), st.booleans())
def test_what_one_order_wrote_it_reads_back(moment: datetime, day_first: bool) -> None:
    whole = moment.replace(microsecond=0)
    written = whole.strftime("%d/%m/%Y %H:%M:%S" if day_first else "%m/%d/%Y %H:%M:%S")
    assert read(written, order=DateOrder(day_first)) == whole


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    moment = read_time(text, order=DAY_FIRST)
    assert moment is None or 1970 <= moment.time.year <= 2100
