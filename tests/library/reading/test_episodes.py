from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from forvent.errors import BadOption, MissingColumn
from forvent.reading import EpisodeReader, drops_row, read_episodes
from forvent.records import Episode, ReadingReport

Write = Callable[..., Path]
HEADER = "order,ordered at,promised,delivered,status,customer,country\n"


def read(reader: EpisodeReader) -> tuple[list[Episode], ReadingReport]:
    episodes = list(reader)
    report = reader.report
    left_out = sum(entry.count for entry in report.unusable if drops_row(entry))
    assert report.rows == report.used + report.repeated + left_out == reader.rows
    assert len({episode.episode for episode in episodes}) == report.used == len(episodes)
    return episodes, report


def counted(report: ReadingReport) -> list[tuple[str, tuple[int, ...], str | None]]:
    return [(entry.reason, entry.rows, entry.column) for entry in report.unusable]


def test_reads_all_that_a_row_says(write: Write) -> None:
    row = "7,2024-05-01 10:00,2024-05-03,2024-05-02 18:30,delivered,c1,CZ\n"
    episodes, report = read(read_episodes(write(HEADER + row), by=["country"]))
    assert episodes == [
        Episode(
            episode="7",
            start=datetime(2024, 5, 1, 10),
            row=2,
            promised=datetime(2024, 5, 3),
            delivered=datetime(2024, 5, 2, 18, 30),
            by_day=True,
            cancelled=False,
            customer="c1",
            groups={"country": "CZ"},
        )
    ]
    assert report.notes == (
        "Promises name a day without a time of day: they are kept until the end of that day.",
    )


def test_a_case_without_delivery_is_open_and_a_cancelled_one_is_cancelled(write: Write) -> None:
    statuses = ["shipped", "Canceled", "unavailable"]
    rows = "".join(f"{n},2024-05-01,2024-05-03,,{status},,\n" for n, status in enumerate(statuses))
    episodes, _ = read(read_episodes(write(HEADER + rows)))
    assert [(episode.delivered, episode.cancelled) for episode in episodes] == [
        (None, False),
        (None, True),
        (None, True),
    ]


@pytest.mark.parametrize(
    "status",
    ["zrušeno", "Kansellert", "tühistatud", "չեղարկված", "已取消", "storniert", "cancelado", "CANCELLED"],
)
def test_knows_cancelled_in_every_language(write: Write, status: str) -> None:
    episodes, _ = read(read_episodes(write(HEADER + f"1,2024-05-01,2024-05-03,,{status},,\n")))
    assert episodes[0].cancelled


@pytest.mark.parametrize(("yes", "no"), [("true", "false"), ("1", "0"), ("ano", "ne")])
def test_a_column_of_flags_says_cancelled_as_well(write: Write, yes: str, no: str) -> None:
    rows = "".join(f"{n},2024-05-01,,{flag}\n" for n, flag in enumerate([yes, no, yes]))
    episodes, _ = read(read_episodes(write("order,ordered,delivered,cancelled\n" + rows)))
    assert [episode.cancelled for episode in episodes] == [True, False, True]


def test_an_open_case_that_calls_itself_delivered_is_no_broken_promise(write: Write) -> None:
    rows = "1,2024-05-01,2024-05-03,,delivered,,\n2,2024-05-01,2024-05-03,,shipped,,\n"
    episodes, report = read(read_episodes(write(HEADER + rows)))
    assert [episode.episode for episode in episodes] == ["2"]
    assert counted(report) == [("status says delivered, but there is no time of delivery", (2,), "status")]


def test_times_that_cannot_be_are_counted_with_row_column_and_value(write: Write) -> None:
    rows = (
        "1,2024-05-05,2024-05-09,2024-05-04,,,\n"
        "2,2024-05-05,2024-05-01,2024-05-07,,,\n"
        "3,31.02.2024,2024-05-09,,,,\n"
        "4,,2024-05-09,,,,\n"
        "5,2024-05-05,2024-05-09,next week,,,\n"
        "6,2024-05-05,soon,2024-05-06,,,\n"
        ",2024-05-05,2024-05-09,,,,\n"
    )
    episodes, report = read(read_episodes(write(HEADER + rows)))
    assert [(episode.episode, episode.promised) for episode in episodes] == [("2", None), ("6", None)]
    assert counted(report) == [
        ("delivered before the start", (2,), "delivered"),
        ("delivered: no possible date or time", (6,), "delivered"),
        ("no id", (8,), "order"),
        ("no start", (5,), "ordered at"),
        ("start: no possible date or time", (4,), "ordered at"),
        ("kept, but: promised before the start, so read without its promise", (3,), "promised"),
        ("kept, but: promised: no possible date or time", (7,), "promised"),
    ]
    assert [entry.example for entry in report.unusable][:2] == ["2024-05-04", "next week"]


def test_a_day_counts_to_its_end_when_compared_with_a_start_on_it(write: Write) -> None:
    rows = "1,2024-05-05 17:00,2024-05-05,2024-05-05,,,\n"
    episodes, report = read(read_episodes(write(HEADER + rows)))
    assert episodes[0].delivered == episodes[0].promised == datetime(2024, 5, 5)
    assert report.unusable == ()


def test_the_same_case_twice_is_one_and_a_different_one_under_its_id_is_left_out(write: Write) -> None:
    row = "1,2024-05-01,2024-05-03,2024-05-02,,,\n"
    episodes, report = read(read_episodes(write(HEADER + row + row + row.replace("-02,", "-04,"))))
    assert len(episodes) == 1
    assert report.repeated == 1
    assert counted(report) == [("same id, different content", (4,), "order")]


def test_a_promise_with_a_time_of_day_is_not_by_day(write: Write) -> None:
    first = "1,2024-05-01 10:00,2024-05-01 10:55,2024-05-01 10:40,,,\n"
    second = "2,2024-05-01 11:00,2024-05-02 00:00,2024-05-01 12:00,,,\n"
    reader = read_episodes(write(HEADER + first + second))
    assert not reader.by_day
    assert [episode.by_day for episode in reader] == [False, False]


def test_one_order_of_day_and_month_holds_for_all_columns_of_a_file(write: Write) -> None:
    # Only the promise shows that the month comes first.
    rows = "1,3/4/2024,3/25/2024,3/6/2024,,,\n"
    episodes, _ = read(read_episodes(write(HEADER + rows)))
    assert episodes[0].start == datetime(2024, 3, 4)
    assert episodes[0].delivered == datetime(2024, 3, 6)


def test_cases_without_an_id_are_named_by_their_row(write: Write) -> None:
    rows = "ordered at,delivered\n2024-05-01,2024-05-02\n2024-05-01,2024-05-02\n"
    episodes, report = read(read_episodes(write(rows)))
    assert [episode.episode for episode in episodes] == ["row 2", "row 3"]
    assert report.notes == (
        "No column holds an id, so episodes are named by their row and cannot be joined with voices.",
        "No column holds a promised time, so it cannot be said whether promises were kept.",
    )


def test_a_cancelled_case_with_a_delivery_is_told(write: Write) -> None:
    _, report = read(read_episodes(write(HEADER + "1,2024-05-01,2024-05-03,2024-05-02,canceled,,\n")))
    assert report.notes[-1] == "1 cancelled episodes have a time of delivery; they stay cancelled."


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "order,promised\n1,2024-05-03\n",
            "voices.csv has no column that looks like the start of an episode. Its columns: order, promised. "
            "Name the column with the time of the order or first contact: start=COLUMN.",
        ),
        (
            "order,ordered at\n1,2024-05-03\n",
            "voices.csv has no column that looks like a promised or delivered time. "
            "Its columns: order, ordered at. Name at least one: promised=COLUMN or delivered=COLUMN.",
        ),
    ],
)
def test_says_which_column_it_cannot_do_without(write: Write, header: str, message: str) -> None:
    with pytest.raises(MissingColumn) as missing:
        read_episodes(write(header))
    assert str(missing.value) == message


def test_a_group_that_is_not_there_is_answered_with_the_columns_that_are(write: Write) -> None:
    with pytest.raises(MissingColumn) as missing:
        read_episodes(write(HEADER + "1,2024-05-01,2024-05-03,,,,CZ\n"), by=["contry"])
    assert str(missing.value) == (
        "voices.csv has no column “contry” for a group. "
        "Its columns: order, ordered at, promised, delivered, status, customer, country. "
        "Did you mean “country”?"
    )


def test_the_report_comes_after_the_last_episode(write: Write) -> None:
    with pytest.raises(BadOption, match="The report is there once all episodes were read"):
        _ = read_episodes(write(HEADER + "1,2024-05-01,2024-05-03,,,,CZ\n")).report
