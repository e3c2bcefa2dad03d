"""The command that walks through past cases: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forvent.cli import main

HEADER = "ordered,due,arrived,state,weight\n"
COLUMNS = ["--start", "ordered", "--end", "arrived"]
Said = pytest.CaptureFixture[str]


def error(said: Said) -> str:
    return said.readouterr().err.splitlines()[-1]


WAYS = ("ours", "promised", "rolling_quantile", "group_quantile", "cqr")
NUMBERS = ("kept", "low", "high", "mean_promise", "worst_month_kept", "padded")


def test_backtest_writes_all_ways_of_promising_and_a_page(orders: str, tmp_path: Path, capsys: Said) -> None:
    out, page = tmp_path / "new" / "result.json", tmp_path / "pages" / "result.html"
    more = ["--promised", "due", "--by", "state,weight", "--level", "0.9", "--refit-every", "4 weeks"]
    assert (
        main(["backtest", orders, *COLUMNS, *more, "--json", str(out), "--plot", str(page), "--each-group"])
        == 0
    )
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["n"] > 100
    assert (document["level"], document["by_day"], document["group_column"]) == (0.9, True, "state")
    # Fifty cases have ended after a month; three remain.
    assert document["refits"] == 3
    for way in WAYS:
        assert all(isinstance(document[way][number], float) for number in NUMBERS), way
        assert document[way]["low"] <= document[way]["kept"] <= document[way]["high"]
    assert document["promised"]["mean_promise"] == 9.0
    assert document["ours"]["low"] < 0.9 < document["ours"]["high"]
    assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [path.name for path in out.parent.iterdir()] == ["result.json"]
    shown = capsys.readouterr()
    assert shown.out.splitlines()[-2:] == [str(out), str(page)]
    assert len(shown.out.splitlines()) > 10
    assert shown.err == "200 of 200 rows of orders.csv used.\n"


def test_the_kept_share_of_the_company_is_matched_and_json_is_alone_on_the_output_stream(
    orders: str, capsys: Said
) -> None:
    more = ["--promised", "due", "--match-promised", "--from", "2024-02-20", "--refit-every", "1440h"]
    assert main(["backtest", orders, *COLUMNS, *more, "--json", "-"]) == 0
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    assert document["matched"] is True
    assert 0.5 <= document["level"] <= 0.99
    assert document["first"] >= "2024-02-20"
    assert "200 of 200 rows of orders.csv used." in shown.err
    assert len(shown.err.splitlines()) > 3


def test_too_few_cases_to_judge_are_counted(few: str, capsys: Said) -> None:
    assert main(["backtest", few, *COLUMNS, "--level", "0.9"]) == 2
    assert error(capsys) == (
        "forvent: Only 0 cases can be judged; 27 began before there was enough to learn from, 0 are not "
        "decided yet. Begin later or earlier, lower the level, or wait for more cases."
    )


def test_rows_that_were_left_out_are_told(few: str, capsys: Said) -> None:
    late = "".join(f"2024-05-{day:02d},,2024-04-01,S1,1\n" for day in range(1, 8))
    with Path(few).open("a", encoding="utf-8") as file:
        file.write(f"soon,,2024-05-02,S1,1\n{late}2024-05-04,2024-05-01,2024-05-06,S1,1\n")
    assert main(["promise", "try", few, *COLUMNS, "--promised", "due", "--length", "3"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "28 of 36 rows of few.csv used.",
        "  left out: ended before the start in arrived, such as “2024-04-01”: 7 (rows 30, 31, 32, 33, 34, …)",
        "  left out: no possible date or time in ordered, such as “soon”: 1 (rows 29)",
        "  kept, but: promised before the start, so read without its promise in due, such as “2024-05-01”: 1"
        " (rows 37)",
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ["--match-promised"],
            "--match-promised aims at the kept share of the company's own promise, and none is given. "
            "Add --promised COLUMN, or give a --level instead.",
        ),
        (
            ["--level", "1"],
            "The level 1.0 is not between 0 and 1. Give a share such as 0.95, not a percentage.",
        ),
        (
            ["--level", "0"],
            "The level 0.0 is not between 0 and 1. Give a share such as 0.95, not a percentage.",
        ),
        (
            ["--level", "1.5"],
            "The level 1.5 is not between 0 and 1. Give a share such as 0.95, not a percentage.",
        ),
        (["--from", "soon"], "'--from soon' is no date or time. Write it as --from 2018-05-01T10:00."),
        (
            ["--refit-every", "soon"],
            "'--refit-every soon' is no time in hours, days or weeks. Write it as --refit-every 7d.",
        ),
        (
            ["--refit-every", "0d"],
            "'--refit-every 0d' is no time in hours, days or weeks. Write it as --refit-every 7d.",
        ),
        (
            ["--refit-every", "5 min"],
            "'--refit-every 5 min' is no time in hours, days or weeks. Write it as --refit-every 7d.",
        ),
        (
            ["--refit-every", "0.001h"],
            "Learning anew every 0:00:03.600000 would be done over 2,000 times in this record. "
            "Learn less often, such as every 7 days.",
        ),
        (
            ["--each-group"],
            "The level is to be held in each group, and no column of text with two groups or more is named. "
            "Name one with by=COLUMN (--by COLUMN), or hold the level over all cases.",
        ),
        (["--served", "state"], "'--served state' names no value. Write it as --served outcome=AGENT."),
        (
            ["--zone", "Europe/Prague"],
            "--zone and --holidays say more about opening hours, and none are given. "
            'Add --hours "mon-fri 09:00-17:00", or leave them out.',
        ),
        (
            ["--by", "stat"],
            "few.csv has no column “stat” for a group. Its columns: ordered, due, arrived, state, weight. "
            "Did you mean “state”?",
        ),
        (["--json", "."], "'.' is a folder. Name a file in it."),
        (
            ["--json", "x.html", "--plot", "./x.html"],
            "Two outputs would go to 'x.html'. Give each a file of its own.",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_line(few: str, capsys: Said, more: list[str], said: str) -> None:
    assert main(["backtest", few, *COLUMNS, *more]) == 2
    assert error(capsys) == f"forvent: {said}"


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        (
            "2024-05-01,,,S,1\n2024-05-02,,,T,1\n",
            [],
            "No case of bad.csv has ended: column “arrived” is empty in all rows that can be used. "
            "Add cases that are over, or name another column for the end.",
        ),
        (
            "2024-05-02,,2024-05-01,S,1\n",
            [],
            "None of the 1 rows of bad.csv can be used: ended before the start (1). Columns were read as "
            "start=ordered, end=arrived; name others if that is wrong.",
        ),
        (
            "2024-05-01,,2024-05-02,S,3 kg\n2024-05-01,,2024-05-02,S,4 lb\n" * 20,
            ["--amount", "weight"],
            "bad.csv: column “weight” mixes units: “4 lb” in row 3, but most amounts are in “kg”. "
            "Write all amounts in one unit.",
        ),
        (
            "2024-05-01,,2024-05-02,S,inf\n",
            ["--amount", "weight"],
            "None of the 1 rows of bad.csv can be used: not a finite number (1). Columns were read as "
            "start=ordered, end=arrived, amount=weight; name others if that is wrong.",
        ),
    ],
)
def test_records_that_carry_no_promise_are_said_in_one_line(
    tmp_path: Path, capsys: Said, rows: str, more: list[str], said: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    assert main(["promise", "fit", str(path), *COLUMNS, *more, "--out", str(tmp_path / "m")]) == 2
    assert error(capsys) == f"forvent: {said}"
    assert not (tmp_path / "m").exists()


def test_a_clock_that_goes_back_is_counted(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "calls.csv"
    # Summer time ends in Prague at 03:00: the clock on the wall shows 02:40 and then 02:10.
    path.write_text("day,came,left\n2026-10-25,02:40,02:10\n2026-10-25,03:20,03:50\n", encoding="utf-8")
    columns = ["--start", "day+came", "--end", "day+left", "--hours", "always", "--zone", "Europe/Prague"]
    assert main(["promise", "try", str(path), *columns, "--length", "30"]) == 0
    assert capsys.readouterr().err.splitlines()[:2] == [
        "1 of 2 rows of calls.csv used.",
        "  left out: ended before the start in day+left, such as “2026-10-25 02:10”: 1 (rows 2)",
    ]


def test_a_level_and_the_companys_exclude_each_other(few: str, capsys: Said) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["backtest", few, *COLUMNS, "--level", "0.9", "--match-promised"])
    assert caught.value.code == 2
    assert error(capsys).endswith("argument --match-promised: not allowed with argument --level")


def test_nothing_is_written_where_the_result_cannot_be(
    few: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("forvent.commands.promises._document", broken)
    out = tmp_path / "out"
    assert main(["promise", "try", few, *COLUMNS, "--length", "3", "--json", str(out / "r.json")]) == 130
    assert not out.exists()


def test_a_result_of_before_stays_where_the_run_fails(few: str, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    out.write_text("before")
    assert main(["backtest", few, "--start", "ordered", "--end", "lost", "--json", str(out)]) == 2
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["few.csv", "r.json"]
