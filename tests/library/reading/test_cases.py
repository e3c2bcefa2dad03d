from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from forvent.errors import BadOption, MissingColumn, NothingUsable, UnreadableFile
from forvent.reading import Case, CaseColumns, CasesReader, drops_row, read_cases
from forvent.records import ReadingReport

Write = Callable[..., Path]
ORDERS = CaseColumns("ordered", "arrived", promised="due")
HEADER = "ordered,due,arrived\n"


def read(path: Path, columns: CaseColumns) -> tuple[list[Case], CasesReader, ReadingReport]:
    reader = read_cases(path, columns=columns)
    cases = list(reader)
    report = reader.report
    left_out = sum(entry.count for entry in report.unusable if drops_row(entry))
    assert report.rows == report.used + report.repeated + left_out == reader.rows
    return cases, reader, report


def counted(report: ReadingReport) -> list[tuple[str, tuple[int, ...], str | None, str | None]]:
    return [(entry.reason, entry.rows, entry.column, entry.example) for entry in report.unusable]


def refused(path: Path, columns: CaseColumns) -> tuple[str, str]:
    """Message and hint of the error that a file ends in."""
    with pytest.raises((BadOption, MissingColumn, NothingUsable)) as caught:
        list(read_cases(path, columns=columns))
    return caught.value.message, caught.value.hint


# ---------------------------------------------------------------------------- one row, one case


def test_reads_start_end_promise_and_what_was_known(write: Write) -> None:
    rows = "".join(
        f"2024-05-{day:02d} 10:00,2024-05-{day + 2:02d} 12:00,2024-05-{day + 1:02d} 18:30,SP,{day}00\n"
        for day in range(1, 26)
    )
    path = write("ordered,due,arrived,state,weight\n" + rows)
    cases, reader, _ = read(
        path, CaseColumns("ordered", "arrived", promised="due", by=("state",), use=("weight",))
    )
    assert cases[0] == Case(
        row=2,
        start=datetime(2024, 5, 1, 10),
        known=datetime(2024, 5, 2, 18, 30),
        amount=None,
        promised=datetime(2024, 5, 3, 12),
        values=("SP", 100.0),
    )
    assert (len(cases), reader.by_day, dict(reader.kinds)) == (
        25,
        False,
        {"state": "text", "weight": "number"},
    )
    assert reader.mapping == {
        "start": "ordered",
        "end": "arrived",
        "promised": "due",
        "known at the start": "state, weight",
    }


def test_rows_that_are_alike_are_cases_of_their_own(write: Write) -> None:
    row = "7,2024-05-01,2024-05-03,2024-05-02\n"
    cases, _, report = read(write("order id,ordered,due,arrived\n" + 3 * row), ORDERS)
    assert (len(cases), report.used, report.repeated) == (3, 3, 0)


def test_a_case_without_an_end_is_open(write: Write) -> None:
    cases, _, _ = read(write(HEADER + "2024-05-01,2024-05-03,\n2024-05-01,2024-05-03,2024-05-04\n"), ORDERS)
    assert [case.known is None for case in cases] == [True, False]


def test_an_end_that_names_a_day_is_known_when_the_day_is_over(write: Write) -> None:
    cases, reader, _ = read(write(HEADER + "2024-05-01,2024-05-03,2024-05-04\n"), ORDERS)
    assert reader.by_day
    assert (cases[0].known, cases[0].promised) == (
        datetime(2024, 5, 4, 23, 59, 59),
        datetime(2024, 5, 3, 23, 59, 59),
    )


@pytest.mark.parametrize(
    ("row", "promised", "by_day"),
    [
        ("2024-05-01 10:00,2024-05-03,2024-05-02 11:00", "due", True),
        ("2024-05-01,2024-05-03 12:00,2024-05-02", "due", False),
        ("2024-05-01,2024-05-03,2024-05-02", None, True),
        ("2024-05-01 10:00,2024-05-03,2024-05-02", None, False),
    ],
)
def test_days_count_where_the_promise_or_without_one_both_times_name_days(
    write: Write, row: str, promised: str | None, by_day: bool
) -> None:
    columns = CaseColumns("ordered", "arrived", promised=promised)
    assert read_cases(write(f"{HEADER}{row}\n"), columns=columns).by_day is by_day


def test_day_and_month_are_told_apart_by_the_whole_file(write: Write) -> None:
    cases, _, _ = read(write(HEADER + "3/4/2024,3/6/2024,3/5/2024\n3/4/2024,3/6/2024,3/13/2024\n"), ORDERS)
    assert cases[0].start == datetime(2024, 3, 4)


def test_rows_that_cannot_be_used_are_counted_with_number_and_reason(write: Write) -> None:
    rows = [
        ",2024-05-03,2024-05-02",
        "soon,2024-05-03,2024-05-02",
        "2024-05-01,2024-05-03,lost",
        "2024-05-10,2024-05-12,2024-05-02",
        "2024-05-01,2024-04-30,2024-05-02",
        "2024-05-01,sometime,2024-05-02",
        "2024-05-01,2024-05-03",
        "2024-05-01,2024-05-03,2024-05-02",
    ]
    cases, _, report = read(write(HEADER + "\n".join(rows) + "\n"), ORDERS)
    assert counted(report) == [
        ("ended before the start", (5,), "arrived", "2024-05-02"),
        ("fewer cells than columns", (8,), None, None),
        ("no possible date or time", (3,), "ordered", "soon"),
        ("no possible date or time", (4,), "arrived", "lost"),
        ("no start", (2,), "ordered", None),
        ("kept, but: no possible date or time", (7,), "due", "sometime"),
        ("kept, but: promised before the start, so read without its promise", (6,), "due", "2024-04-30"),
    ]
    assert [case.promised for case in cases] == [None, None, datetime(2024, 5, 3, 23, 59, 59)]


def test_the_day_of_the_start_itself_can_be_promised_and_kept(write: Write) -> None:
    cases, _, report = read(write(HEADER + "2024-05-01 18:00,2024-05-01,2024-05-01 18:30\n"), ORDERS)
    assert cases[0].promised == datetime(2024, 5, 1, 23, 59, 59)
    assert report.unusable == ()


def test_reading_again_gives_the_same(write: Write) -> None:
    reader = read_cases(write(HEADER + 5 * "2024-05-01,2024-05-03,2024-05-02\n"), columns=ORDERS)
    assert list(reader) == list(reader)
    assert [len(batch) for batch in reader.batches(size=2)] == [2, 2, 1]


def test_the_report_is_there_only_after_the_reading(write: Write) -> None:
    reader = read_cases(write(HEADER + "2024-05-01,2024-05-03,2024-05-02\n"), columns=ORDERS)
    with pytest.raises(BadOption) as caught:
        _ = reader.report
    assert str(caught.value) == (
        "The report is there once all cases were read. Read the batches to their end."
    )


def test_tells_how_far_it_is(write: Write) -> None:
    told: list[tuple[int, int | None]] = []
    path = write(HEADER + 1500 * "2024-05-01,2024-05-03,2024-05-02\n")
    list(read_cases(path, columns=ORDERS, progress=lambda done, total: told.append((done, total))))
    assert told == [(1000, 1500), (1500, 1500)]


# ------------------------------------------------------------------------------ two columns, zones

CALLS = CaseColumns("date+called", "date+answered")
CALL_HEADER = "date,called,answered\n"


def test_a_time_may_stand_in_two_columns(write: Write) -> None:
    cases, reader, _ = read(write(CALL_HEADER + "1999-02-01,10:00:05,10:00:45\n"), CALLS)
    assert (cases[0].start, cases[0].known) == (
        datetime(1999, 2, 1, 10, 0, 5),
        datetime(1999, 2, 1, 10, 0, 45),
    )
    assert reader.mapping["start"] == "date+called"


def test_a_column_with_a_plus_in_its_name_is_one_column(write: Write) -> None:
    path = write("a+b,a,b,end\n2024-05-01 10:00,2020-01-01,11:00,2024-05-01 12:00\n")
    cases, _, _ = read(path, CaseColumns("a+b", "end"))
    assert cases[0].start == datetime(2024, 5, 1, 10)


def test_a_day_with_a_midnight_behind_it_is_still_a_day(write: Write) -> None:
    cases, _, _ = read(write(CALL_HEADER + "1999-02-01 00:00:00,10:00,10:30\n"), CALLS)
    assert cases[0].start == datetime(1999, 2, 1, 10)


def test_half_a_time_is_none(write: Write) -> None:
    _, _, report = read(write(CALL_HEADER + "1999-02-01,,\n,10:00,10:01\n1999-02-01,10:00,10:01\n"), CALLS)
    assert counted(report) == [("no start", (2, 3), "date+called", None)]


def test_an_end_past_midnight_is_of_the_next_day(write: Write) -> None:
    cases, _, report = read(write(CALL_HEADER + "1999-02-01,23:59:40,00:01:10\n"), CALLS)
    assert cases[0].known == datetime(1999, 2, 2, 0, 1, 10)
    assert report.notes == (
        "Ends of which the time of day lies more than 12 hours before that of the start: 1; "
        "they were read as of the next day.",
    )


def test_a_clock_that_goes_back_a_little_is_a_mistake_and_no_day_long_wait(write: Write) -> None:
    rows = "1999-02-01,10:00:05,10:00:01\n1999-02-01,10:00:05,10:00:09\n"
    cases, _, report = read(write(CALL_HEADER + rows), CALLS)
    assert counted(report) == [("ended before the start", (2,), "date+answered", "1999-02-01 10:00:01")]
    assert len(cases) == 1


def test_the_next_day_needs_the_same_column_of_days(write: Write) -> None:
    path = write(
        "day,at,end_day,end_at\n2024-05-02,23:00,2024-05-02,01:00\n2024-05-02,23:00,2024-05-02,23:30\n"
    )
    _, _, report = read(path, CaseColumns("day+at", "end_day+end_at"))
    assert [entry.reason for entry in report.unusable] == ["ended before the start"]


def test_a_promise_past_midnight_is_of_the_next_day_too(write: Write) -> None:
    path = write("date,from,to,by\n2024-05-01,23:00,23:50,00:30\n")
    cases, _, _ = read(path, CaseColumns("date+from", "date+to", promised="date+by"))
    assert cases[0].promised == datetime(2024, 5, 2, 0, 30)


def test_times_without_a_zone_are_of_the_zone_that_is_given(write: Write) -> None:
    path = write("a,b\n2024-07-01 10:00,2024-07-01T10:00:00Z\n")
    cases, _, _ = read(path, CaseColumns("a", "b", zone="Europe/Prague"))
    assert (cases[0].start, cases[0].known) == (datetime(2024, 7, 1, 8), datetime(2024, 7, 1, 10))


def test_a_promised_day_ends_when_it_ends_in_its_zone(write: Write) -> None:
    path = write(HEADER + "2024-07-01 10:00,2024-07-02,2024-07-02 23:30\n")
    cases, _, _ = read(path, CaseColumns("ordered", "arrived", promised="due", zone="Europe/Prague"))
    assert cases[0].promised == datetime(2024, 7, 2, 21, 59, 59)


# ------------------------------------------------------------------------------- event logs

LOG = CaseColumns("at", "at", case="ticket", use=("team",))


def test_events_of_one_case_are_one_case(write: Write) -> None:
    rows = "9,2024-05-03,c\n7,2024-05-02 09:00,b\n7,2024-05-01 08:00,a\n9,2024-05-05,d\n"
    cases, _, report = read(write("ticket,at,team\n" + rows), LOG)
    assert [(case.row, case.start, case.known, case.values) for case in cases] == [
        (2, datetime(2024, 5, 3), datetime(2024, 5, 5), ("c",)),
        (3, datetime(2024, 5, 1, 8), datetime(2024, 5, 2, 9), ("a",)),
    ]
    assert (report.rows, report.used) == (4, 4)
    assert report.notes == ("4 rows make 2 cases; a case counts as over at the last end in its rows.",)


def test_start_and_end_may_stand_in_different_events(write: Write) -> None:
    rows = "7,2024-05-01 08:00,\n7,,2024-05-03 10:00\n8,2024-05-01 09:00,\n9,,2024-05-02 10:00\n"
    columns = CaseColumns("opened", "closed", case="ticket")
    cases, _, report = read(write("ticket,opened,closed\n" + rows), columns)
    assert [case.known for case in cases] == [datetime(2024, 5, 3, 10), None]
    assert counted(report) == [("no start", (5,), "opened", None)]


def test_events_without_case_or_time_are_left_out_and_the_case_stays(write: Write) -> None:
    rows = ",2024-05-01,a\n7,2024-05-01,a\n7,,a\n7,never,a\n7,2024-05-04,b\n"
    cases, _, report = read(write("ticket,at,team\n" + rows), LOG)
    assert [case.known for case in cases] == [datetime(2024, 5, 4, 23, 59, 59)]
    assert counted(report) == [
        ("no case", (2,), "ticket", None),
        ("no possible date or time", (5,), "at", "never"),
        ("no start", (4,), "at", None),
    ]


def test_whether_a_case_was_served_stands_in_its_last_event(write: Write) -> None:
    rows = "7,2024-05-01,new\n7,2024-05-02,done\n8,2024-05-01,new\n8,2024-05-03,cancelled\n"
    columns = CaseColumns("at", "at", case="ticket", served=("status", ("done",)))
    cases, _, report = read(write("ticket,at,status\n" + rows), columns)
    assert [case.row for case in cases] == [2]
    assert counted(report) == [("not served", (4, 5), "status", "cancelled")]


def test_batches_of_a_log_are_no_longer_than_asked(write: Write) -> None:
    rows = "".join(f"{ticket},2024-05-0{day},a\n" for ticket in range(5) for day in (1, 2))
    reader = read_cases(write("ticket,at,team\n" + rows), columns=LOG)
    assert [len(batch) for batch in reader.batches(size=2)] == [2, 2, 1]


# ------------------------------------------------------------------------------- served

SERVED = CaseColumns("came", "left", served=("outcome", ("Agent", "bot")))
SERVED_ROWS = (
    "came,left,outcome\n2024-05-01 10:00,2024-05-01 10:05,AGENT\n2024-05-01 10:01,2024-05-01 10:02,HANG\n"
    "2024-05-01 10:02,,\n2024-05-01 10:02,2024-05-01 10:03,\n2024-05-01 10:03,2024-05-01 10:04,bot\n"
)


def test_cases_that_were_not_served_are_left_out_and_counted(write: Write) -> None:
    cases, _, report = read(write(SERVED_ROWS), SERVED)
    assert [case.row for case in cases] == [2, 4, 6]
    assert counted(report) == [("not served", (3, 5), "outcome", "HANG")]


def test_cases_that_were_not_served_can_be_kept_as_such(write: Write) -> None:
    reader = read_cases(write(SERVED_ROWS), columns=SERVED, keep_unserved=True)
    assert [case.served for case in reader] == [True, False, True, False, True]
    assert counted(reader.report) == [("kept, but: not served", (3, 5), "outcome", "HANG")]


def test_a_value_that_no_case_has_is_refused(write: Write) -> None:
    message, hint = refused(
        write(SERVED_ROWS), CaseColumns("came", "left", served=("outcome", ("answered",)))
    )
    assert message == "voices.csv: no case has “answered” in column “outcome”, so none was served."
    assert hint == "It holds “AGENT”, “HANG”, “bot”."


# ------------------------------------------------------------------------------- amounts

REPAIRS = CaseColumns("came", "done", amount="cost", promised="estimate")
REPAIR_HEADER = "came,done,cost,estimate\n"


def test_another_quantity_is_known_at_the_end(write: Write) -> None:
    rows = "2024-05-01,2024-05-03,€ 120,€ 150\n2024-05-01,,,€ 100\n"
    cases, reader, _ = read(write(REPAIR_HEADER + rows), REPAIRS)
    assert [(case.amount, case.promised, case.known) for case in cases] == [
        (120.0, 150.0, datetime(2024, 5, 3, 23, 59, 59)),
        (None, 100.0, None),
    ]
    assert (reader.amount, reader.amount_unit, reader.promised_unit, reader.by_day) == (
        "cost",
        "€",
        "€",
        False,
    )


def test_amounts_that_cannot_be_used_are_counted(write: Write) -> None:
    rows = [
        "2024-05-01,2024-05-03,,150",
        "2024-05-01,,90,150",
        "2024-05-01,2024-05-03,inf,150",
        "2024-05-01,2024-05-03,nan,150",
        "2024-05-01,2024-05-03,cheap,150",
        "2024-05-01,2024-05-03,120,inf",
        "2024-05-01,2024-05-03,120,n/a",
    ]
    cases, _, report = read(write(REPAIR_HEADER + "\n".join(rows) + "\n"), REPAIRS)
    assert counted(report) == [
        ("ended, but without an amount", (2, 5), "cost", None),
        ("an amount, but no end that says when it was known", (3,), "done", None),
        ("no number", (6,), "cost", "cheap"),
        ("not a finite number", (4,), "cost", "inf"),
        ("kept, but: no number", (7,), "estimate", "inf"),
    ]
    assert [case.promised for case in cases] == [None, None]


def test_mixed_units_are_refused(write: Write) -> None:
    rows = 9 * "2024-05-01,2024-05-03,12 min,\n" + "2024-05-01,2024-05-03,3 h,\n"
    message, hint = refused(write(REPAIR_HEADER + rows), CaseColumns("came", "done", amount="cost"))
    assert message == (
        "voices.csv: column “cost” mixes units: “3 h” in row 11, but most amounts are in “min”."
    )
    assert hint == "Write all amounts in one unit."


def test_one_odd_unit_among_hundreds_is_left_out(write: Write) -> None:
    rows = 300 * "2024-05-01,2024-05-03,12,\n" + "2024-05-01,2024-05-03,3 h,\n"
    cases, _, report = read(write(REPAIR_HEADER + rows), CaseColumns("came", "done", amount="cost"))
    assert len(cases) == 300
    assert counted(report) == [("another unit than the rest", (302,), "cost", "3 h")]


def test_an_amount_without_numbers_is_refused(write: Write) -> None:
    message, _ = refused(write(REPAIR_HEADER + "2024-05-01,2024-05-03,cheap,\n"), REPAIRS)
    assert message == ("voices.csv: column “cost” for the amount holds no numbers, but for example “cheap”.")


# ------------------------------------------------------------------- what was known at the start


def known(write: Write, cells: list[str], *, by: bool) -> tuple[CasesReader, list[float | str]]:
    path = write("start,end,x\n" + "".join(f"2024-05-01,2024-05-02,{cell}\n" for cell in cells))
    reader = read_cases(path, columns=CaseColumns("start", "end", **{"by" if by else "use": ("x",)}))  # type: ignore[arg-type]
    return reader, [case.values[0] for case in reader]


def test_few_numbers_name_groups_and_many_are_numbers(write: Write) -> None:
    assert known(write, ["1", "2"], by=True)[0].kinds == {"x": "text"}
    assert known(write, ["1", "2"], by=False)[0].kinds == {"x": "number"}
    assert known(write, [str(number) for number in range(21)], by=True)[0].kinds == {"x": "number"}


def test_codes_with_leading_zeros_stay_text(write: Write) -> None:
    reader, values = known(write, ["04750", *(str(14000 + code) for code in range(30))], by=False)
    assert reader.kinds == {"x": "text"}
    assert values[0] == "04750"


def test_missing_numbers_are_nan_and_what_is_no_number_is_counted(write: Write) -> None:
    cells = ["1.5", "", "nan", "inf", "heavy", "2", "3", "4", "5", "6"]
    reader, values = known(write, cells, by=False)
    assert [value for value in values if value == value] == [1.5, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert math.isnan(float(values[1]))
    assert counted(reader.report) == [
        ("kept, but: no number", (6,), "x", "heavy"),
        ("kept, but: not a finite number", (5,), "x", "inf"),
    ]


def test_text_is_one_line_and_empty_where_missing(write: Write) -> None:
    _, values = known(write, [" North   West ", "n/a", "x" * 150], by=True)
    assert values == ["North West", "", "x" * 100]


def test_a_column_of_times_is_not_used_and_told(write: Write) -> None:
    path = write("start,end,paid\n2024-05-01,2024-05-02,2024-05-01 10:00\n")
    reader = read_cases(path, columns=CaseColumns("start", "end", use=("paid",)))
    assert reader.kinds == {}
    assert reader.notes == ("“paid” holds times, which tell nothing as groups; it is not used.",)


def test_a_column_named_twice_is_one(write: Write) -> None:
    path = write("start,end,x\n2024-05-01,2024-05-02,7\n")
    reader = read_cases(path, columns=CaseColumns("start", "end", by=("x",), use=("X",)))
    assert reader.kinds == {"x": "text"}


@pytest.mark.parametrize(
    ("column", "says"),
    [("end", "when a case ended"), ("cost", "what a case amounted to"), ("outcome", "how a case ended")],
)
def test_what_is_known_only_later_cannot_be_used(write: Write, column: str, says: str) -> None:
    path = write("start,end,cost,outcome\n2024-05-01,2024-05-02,7,done\n")
    columns = CaseColumns("start", "end", amount="cost", served=("outcome", ("done",)), use=(column,))
    message, hint = refused(path, columns)
    assert message == f"“{column}” says {says}, which nobody knows when a case begins."
    assert hint == "Use only columns that are filled at the start of a case."


# ------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("columns", "column", "what"),
    [
        (CaseColumns("orderd", "arrived"), "orderd", "the start"),
        (CaseColumns("ordered", "arived"), "arived", "the end"),
        (CaseColumns("ordered", "arrived", promised="duee"), "duee", "the promise"),
        (CaseColumns("ordered", "arrived", case="casse"), "casse", "the case"),
        (CaseColumns("ordered", "arrived", by=("stat",)), "stat", "a group"),
        (CaseColumns("ordered+tim", "arrived"), "tim", "the start"),
    ],
)
def test_a_column_that_is_not_there_is_named(
    write: Write, columns: CaseColumns, column: str, what: str
) -> None:
    path = write("ordered,due,arrived,case,state,time\n2024-05-01,2024-05-03,2024-05-02,1,SP,10:00\n")
    message, hint = refused(path, columns)
    assert message == (
        f"voices.csv has no column “{column}” for {what}. "
        "Its columns: ordered, due, arrived, case, state, time."
    )
    assert hint.startswith("Did you mean “")


def test_a_column_without_times_is_refused_with_an_example(write: Write) -> None:
    message, hint = refused(write(HEADER + "2024-05-01,30,2024-05-02\n"), ORDERS)
    assert message == (
        "voices.csv: column “due” for the promise holds no dates or times, but for example “30”."
    )
    assert hint == (
        "Name a column with dates such as 2026-05-01 or 2026-05-01 10:30. "
        "A promise in numbers goes with amounts: amount=COLUMN (--amount COLUMN)."
    )


def test_cases_that_are_all_open_teach_nothing(write: Write) -> None:
    message, hint = refused(write(HEADER + 3 * "2024-05-01,2024-05-03,\n"), ORDERS)
    assert message == (
        "No case of voices.csv has ended: column “arrived” is empty in all rows that can be used."
    )
    assert hint == "Add cases that are over, or name another column for the end."


def test_a_file_of_which_every_case_ended_before_it_started_says_so(write: Write) -> None:
    message, hint = refused(write(HEADER + 3 * "2024-05-02,2024-05-03,2024-05-01\n"), ORDERS)
    assert message == "None of the 3 rows of voices.csv can be used: ended before the start (3)."
    assert (
        hint == "Columns were read as start=ordered, end=arrived, promised=due; name others if that is wrong."
    )


def test_an_unknown_zone_is_refused(write: Write) -> None:
    path = write(HEADER + "2024-05-01,2024-05-03,2024-05-02\n")
    message, hint = refused(path, CaseColumns("ordered", "arrived", zone="Prague"))
    assert message == "“Prague” is no time zone."
    assert hint == "Write it as Continent/City, such as Europe/Prague."


def test_a_header_alone_is_no_table(write: Write) -> None:
    with pytest.raises(UnreadableFile, match=r"voices\.csv has a header but no rows\."):
        read_cases(write(HEADER), columns=ORDERS)


def test_a_long_file_of_waits_keeps_every_row(write: Write) -> None:
    start = datetime(2024, 1, 1)
    rows = "".join(
        f"{start + timedelta(minutes=number)},{start + timedelta(minutes=number + 3)}\n"
        for number in range(3000)
    )
    cases, _, _ = read(write("a,b\n" + rows), CaseColumns("a", "b"))
    assert len(cases) == 3000
    assert {case.known - case.start for case in cases if case.known} == {timedelta(minutes=3)}
