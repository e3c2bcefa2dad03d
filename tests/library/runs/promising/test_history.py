"""From a file to a history: cases in order, amounts in one unit, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import calendar_from
from forvent.adjust.history import History
from forvent.errors import BadOption
from forvent.reading import CaseColumns, CasesReader, read_cases
from forvent.records import ReadingReport
from forvent.runs.promising import history_of

SHARED = Path(__file__).parents[4] / "../shared/data"
HEADER = "ordered,due,arrived,state,weight\n"
ORDERS = CaseColumns("ordered", "arrived", promised="due", by=("state",), use=("weight",))
Open = Callable[[str, CaseColumns], CasesReader]


def refused(reader: CasesReader, **options: Any) -> tuple[str, str]:
    with pytest.raises(BadOption) as caught:
        history_of(reader, **options)
    return caught.value.message, caught.value.hint


# -------------------------------------------------------------------------------- history


def test_cases_come_in_the_order_of_their_start(opened: Open) -> None:
    rows = "2024-05-03,2024-05-05,,SP,\n2024-05-01,2024-05-03,2024-05-04,RJ,200\n"
    history, report = history_of(opened(HEADER + rows, ORDERS))
    assert history.start.tolist() == [1714521600.0, 1714694400.0]
    assert np.array_equal(history.amount, [3.0, np.nan], equal_nan=True)
    assert history.promised.tolist() == [2.0, 2.0]
    assert history.columns["state"].tolist() == ["RJ", "SP"]
    assert np.array_equal(history.columns["weight"], [200.0, np.nan], equal_nan=True)
    assert (report.first, report.last) == (datetime(2024, 5, 1), datetime(2024, 5, 3))


def test_whole_calendar_days_where_days_are_promised(opened: Open) -> None:
    rows = "2024-05-01 23:00,2024-05-02,2024-05-02 23:50,SP,1\n"
    rows += "2024-05-01 01:00,2024-05-02,2024-05-03 00:10,RJ,2\n"
    history, _ = history_of(opened(HEADER + rows, ORDERS))
    assert (history.by_day, history.unit) == (True, "day")
    assert history.amount.tolist() == [2.0, 1.0]
    assert (history.amount <= history.promised).tolist() == [False, True]


def test_the_amount_is_what_the_clock_says_between_start_and_end(opened: Open) -> None:
    rows = (
        "2024-05-01 23:00,2024-05-04 10:00,2024-05-02 23:30,SP,1\n2024-05-01 01:00,,2024-05-04 01:00,RJ,2\n"
    )
    history, _ = history_of(opened(HEADER + rows, ORDERS))
    assert not history.by_day
    assert history.clock is not None
    assert np.allclose(history.clock(history.start, history.known), history.amount)
    assert history.unit == "day"


@pytest.mark.parametrize(
    ("end", "unit", "amount"),
    [("10:30", "minute", 30.0), ("20:00", "hour", 10.0)],
)
def test_waits_are_told_in_the_unit_people_say(opened: Open, end: str, unit: str, amount: float) -> None:
    history, _ = history_of(opened(f"a,b\n2024-05-01 10:00,2024-05-01 {end}\n", CaseColumns("a", "b")))
    assert (history.unit, history.amount.tolist()) == (unit, [amount])


@pytest.mark.parametrize(("unit", "amount"), [("minutes", 90.0), ("h", 1.5), ("Day", 0.0625)])
def test_waits_are_told_in_the_unit_that_is_asked_for(opened: Open, unit: str, amount: float) -> None:
    reader = opened("a,b\n2024-05-01 10:00,2024-05-01 11:30\n", CaseColumns("a", "b"))
    assert history_of(reader, unit=unit)[0].amount.tolist() == [amount]


def test_the_record_reaches_to_the_latest_time_in_it(opened: Open) -> None:
    text = "a,b\n2024-05-01 10:00,2024-05-09 11:00\n2024-05-03 10:00,\n"
    history, _ = history_of(opened(text, CaseColumns("a", "b")))
    assert history.as_of == history.known[0]
    assert history.passed(history.as_of)[1] == pytest.approx(6 + 1 / 24)


def test_working_time_with_a_calendar(opened: Open) -> None:
    # Friday 16:30 to Monday 09:30 in Prague, promised until Monday noon.
    text = "a,due,b\n2026-11-20 16:30,2026-11-23 12:00,2026-11-23 09:30\n"
    reader = opened(text, CaseColumns("a", "b", promised="due", zone="Europe/Prague"))
    calendar = calendar_from("mon-fri 09:00-17:00", zone="Europe/Prague")
    history, _ = history_of(reader, calendar=calendar)
    assert (history.unit, history.amount.tolist(), history.promised.tolist()) == ("minute", [60.0], [210.0])
    assert not history.by_day
    assert history.calendar == calendar


def test_a_promised_day_lasts_until_closing_time(opened: Open) -> None:
    text = "a,due,b\n2026-11-23 16:00,2026-11-24,2026-11-24 16:00\n"
    reader = opened(text, CaseColumns("a", "b", promised="due"))
    history, _ = history_of(reader, calendar=calendar_from("mon-fri 09:00-17:00"), unit="hour")
    assert (history.amount.tolist(), history.promised.tolist()) == ([8.0], [9.0])


def test_no_days_of_working_time(opened: Open) -> None:
    reader = opened("a,b\n2026-11-20 16:30,2026-11-23 09:30\n", CaseColumns("a", "b"))
    message, hint = refused(reader, unit="days", calendar=calendar_from("mon-fri 09:00-17:00"))
    assert message == "With opening hours a day has no fixed length, so waits cannot be promised in days."
    assert hint == "Choose minute or hour, or leave the hours out."


def test_columns_that_never_change_are_left_out_and_told(opened: Open) -> None:
    rows = "2024-05-01,2024-05-03,2024-05-04,SP,\n2024-05-02,2024-05-03,2024-05-04,SP,\n"
    history, report = history_of(opened(HEADER + rows, ORDERS))
    assert history.columns == {}
    assert report.notes[-2:] == (
        "“state” is the same in all cases, so it tells nothing; it is not used.",
        "“weight” is the same in all cases, so it tells nothing; it is not used.",
    )


@pytest.mark.parametrize("unit", ["seconds", "weeks", "fortnight"])
def test_waits_in_other_units_are_refused(opened: Open, unit: str) -> None:
    reader = opened("a,b\n2024-05-01 10:00,2024-05-01 11:30\n", CaseColumns("a", "b"))
    assert refused(reader, unit=unit) == (
        f"Waits cannot be promised in “{unit}”.",
        "Choose minute, hour or day.",
    )


def test_hours_of_days_without_time_of_day_are_refused(opened: Open) -> None:
    reader = opened("a,b\n2024-05-01,2024-05-02\n", CaseColumns("a", "b"))
    message, hint = refused(reader, unit="hours")
    assert message == "cases.csv names days without time of day, so it cannot be counted in hours."
    assert hint == "Leave the unit out, or name columns with a time of day."


# -------------------------------------------------------------------------------- amounts

COSTS = CaseColumns("a", "b", amount="spent", promised="said")


def amounts(opened: Open, spent: str, said: str, *, unit: str | None = None) -> tuple[float, float, str]:
    text = f"a,b,spent,said\n2024-05-01,2024-05-02,{spent},{said}\n"
    history, _ = history_of(opened(text, COSTS), unit=unit)
    assert history.clock is None
    assert not history.by_day
    return float(history.amount[0]), float(history.promised[0]), history.unit


@pytest.mark.parametrize(
    ("spent", "said", "unit", "found"),
    [
        ("120", "150", None, (120.0, 150.0, "spent")),
        ("120", "150", "EUR", (120.0, 150.0, "EUR")),
        ("€ 120", "€ 150", None, (120.0, 150.0, "€")),
        ("30", "45", "minutes", (30.0, 45.0, "minute")),
        ("30 min", "1 h", None, (30.0, 60.0, "minute")),
        ("30 min", "1 h", "hours", (0.5, 1.0, "hour")),
        ("90 s", "2 min", None, (1.5, 2.0, "minute")),
        ("2 weeks", "15 days", None, (14.0, 15.0, "day")),
        ("120", "180", "seconds", (2.0, 3.0, "minute")),
    ],
)
def test_amounts_and_promises_come_in_one_unit(
    opened: Open, spent: str, said: str, unit: str | None, found: tuple[float, float, str]
) -> None:
    assert amounts(opened, spent, said, unit=unit) == found


def test_a_promise_in_another_currency_is_refused(opened: Open) -> None:
    reader = opened("a,b,spent,said\n2024-05-01,2024-05-02,€ 120,$ 150\n", COSTS)
    assert refused(reader) == ("cases.csv: “said” is in “$”, but “spent” in “€”.", "Write both in one unit.")


# -------------------------------------------------------------------------------- real data


def shared(name: str, columns: CaseColumns) -> tuple[History, ReadingReport]:
    path = SHARED / name
    if not path.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    return history_of(read_cases(path, columns=columns))


@pytest.mark.data
def test_olist_orders_are_read_as_their_benchmark_says() -> None:
    columns = CaseColumns("purchased_at", "delivered_at", promised="promised_date", by=("customer_state",))
    history, report = shared("promises/olist_orders_flat.csv.gz", columns)
    assert (history.n, report.used, history.by_day, history.unit) == (5164, 5164, True, "day")
    assert round(float(np.mean(history.amount <= history.promised)), 3) == 0.934
    assert round(float(np.mean(history.promised)), 1) == 24.4


@pytest.mark.data
def test_words_in_place_of_dates_are_left_out_of_the_shipments() -> None:
    columns = CaseColumns(
        "po_sent_to_vendor_date", "delivered_to_client_date", promised="scheduled_delivery_date"
    )
    history, report = shared("promises/scms_shipments.csv.gz", columns)
    assert (history.n, report.rows, history.by_day) == (4587, 10_324, True)
    assert [(entry.reason, entry.count) for entry in report.unusable] == [
        ("no possible date or time", 5732),
        ("ended before the start", 5),
    ]


@pytest.mark.data
def test_events_of_a_helpdesk_are_folded_to_its_cases() -> None:
    columns = CaseColumns("completed_at", "completed_at", case="case_id")
    history, report = shared("promises/process_logs/helpdesk.csv.gz", columns)
    assert (history.n, report.used, history.unit) == (3804, 13_710, "day")


@pytest.mark.data
def test_calls_of_a_bank_have_day_and_time_in_two_columns() -> None:
    columns = CaseColumns("date+queue_start", "date+queue_exit", served=("outcome", ("AGENT",)))
    history, report = shared("waits/bank_calls_feb1999_days_01_20.csv.gz", columns)
    assert history.unit == "minute"
    assert (history.n, report.unusable[1].reason, report.unusable[1].count) == (10_147, "not served", 3050)
    assert 0.0 <= history.amount.min() <= history.amount.max() < 15.0
