"""The commands that learn from past cases: what they write, what they say, and the status they end with."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import calendar_from
from forvent.cli import main
from forvent.commands.offers import length, offer_lines, on_the_wall, percent, share
from forvent.records import NotEnough, Offer, Reason

HEADER = "ordered,due,arrived,state,weight\n"
COLUMNS = ["--start", "ordered", "--end", "arrived"]
FIRST = datetime(2024, 1, 1, 8)
Said = pytest.CaptureFixture[str]


def many_orders(n: int = 200) -> str:
    """An order each 12 hours that takes about 3, 5 or 8 days by state, promised in 9; the last are open."""
    rng = np.random.default_rng(2)
    rows = []
    for place in range(n):
        ordered = FIRST + timedelta(hours=12 * place)
        state = "ABC"[rng.integers(3)]
        arrived = ordered + timedelta(days={"A": 3, "B": 5, "C": 8}[state] * float(rng.lognormal(0, 0.25)))
        known = f"{arrived:%Y-%m-%d %H:%M}" if arrived < FIRST + timedelta(hours=12 * n) else ""
        due = ordered + timedelta(days=9)
        rows.append(f"{ordered:%Y-%m-%d %H:%M},{due:%Y-%m-%d},{known},{state},{rng.integers(1, 50)}\n")
    return HEADER + "".join(rows)


def many_tickets(n: int = 110) -> str:
    """A ticket every few hours in Prague, worked on for 40 minutes or so of opening time."""
    rng, zone, opened = np.random.default_rng(6), ZoneInfo("Europe/Prague"), datetime(2026, 9, 1, 7)
    shop = calendar_from("mon-fri 09:00-17:00", zone=zone.key)
    rows = ["opened,closed"]
    for _ in range(n):
        opened += timedelta(hours=float(rng.exponential(6)))
        closed = shop.add(opened, timedelta(minutes=float(40 * rng.lognormal(0, 0.25))))
        local = [time.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone) for time in (opened, closed)]
        rows.append(",".join(f"{time:%Y-%m-%d %H:%M:%S}" for time in local))
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    (folder / "orders.csv").write_text(many_orders(), encoding="utf-8")
    (folder / "tickets.csv").write_text(many_tickets(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def orders(folder: Path) -> str:
    return str(folder / "orders.csv")


@pytest.fixture(scope="module")
def model(orders: str, folder: Path) -> str:
    out = str(folder / "orders.forvent")
    more = ["--promised", "due", "--by", "state", "--use", "weight", "--level", "0.9", "--out", out]
    assert main(["promise", "fit", orders, *COLUMNS, *more]) == 0
    return out


@pytest.fixture
def few(tmp_path: Path) -> str:
    path = tmp_path / "few.csv"
    rows = (
        f"2024-05-{day:02d},2024-05-{day + 3:02d},2024-05-{day + 2:02d},S{day % 2},{day}\n"
        for day in range(1, 28)
    )
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return str(path)


def error(said: Said) -> str:
    return said.readouterr().err.splitlines()[-1]


# ------------------------------------------------------------------------------- backtest

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


# ------------------------------------------------------------------------------- promises


def test_a_model_quotes_what_it_was_fitted_on(model: str, capsys: Said) -> None:
    given = ["--set", "state=A", "--set", "weight=20", "--at", "2024-05-01T10:00"]
    assert main(["promise", "quote", model, *given]) == 0
    said = capsys.readouterr().out.splitlines()
    days = int(said[0].split()[2])
    assert 3 <= days <= 6
    assert said[0] == (
        f"At most {days} days, in calendar days after the day of the start; made to be kept in 90 % of cases."
    )
    due = datetime(2024, 5, 1) + timedelta(days=days)
    assert said[1] == f"Until the end of {due:%A} {due:%Y-%m-%d}."
    assert said[2].startswith("For staff: ")
    assert said[3].startswith("Learned from ")
    assert said[4].startswith("  state = A: −")


def test_quote_in_json_has_all_of_the_offer(model: str, capsys: Said) -> None:
    assert main(["promise", "quote", model, "--json", "--at", "2024-05-02T01:00+02:00"]) == 0
    offer = json.loads(capsys.readouterr().out)
    assert (offer["schema"], offer["unit"], offer["by_day"]) == ("forvent/offer/1", "day", True)
    assert (offer["level"], offer["working"], offer["zone"]) == (0.9, None, "")
    # 23:00 of the first of May in UTC.
    due = datetime(2024, 5, 1, 23, 59, 59) + timedelta(days=offer["upper"])
    assert offer["due"] == due.isoformat() + "Z"
    assert offer["around_the_clock"] == (due - datetime(2024, 5, 1, 23)).total_seconds()


def test_quote_takes_the_last_value_and_signs_within_it(model: str, capsys: Said) -> None:
    assert main(["promise", "quote", model, "--set", "state=A", "--set", "state=b=c"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "  “b=c” was too rare in “state” to learn from; it counts as not given."
    )


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("state", "'--set state' gives no value. Write it as --set state=SP."),
        ("=SP", "'--set =SP' gives no value. Write it as --set state=SP."),
        (
            "weight=heavy",
            "“heavy” is no number, but the model was learned on numbers in “weight”. "
            "Write it as 1200 or 1200.5.",
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused(model: str, capsys: Said, pair: str, said: str) -> None:
    assert main(["promise", "quote", model, "--set", pair]) == 2
    assert error(capsys) == f"forvent: {said}"


def test_what_is_no_model_is_refused(few: str, capsys: Said) -> None:
    assert main(["promise", "quote", few]) == 2
    assert error(capsys).startswith(f"forvent: {few} is no model of a promise, or it is damaged.")


def test_friday_half_past_four_and_one_working_hour_is_monday_half_past_nine(
    folder: Path, tmp_path: Path, capsys: Said
) -> None:
    out = str(tmp_path / "tickets.forvent")
    clock = ["--hours", "mon-fri 09:00-17:00", "--zone", "Europe/Prague", "--holidays", "CZ"]
    columns = ["--start", "opened", "--end", "closed", "--unit", "hours", "--level", "0.8"]
    assert main(["promise", "fit", str(folder / "tickets.csv"), *columns, *clock, "--out", out]) == 0
    capsys.readouterr()
    assert main(["promise", "quote", out, "--at", "2026-11-20T16:30"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "At most 1 working hour; made to be kept in 80 % of cases."
    assert said[1] == (
        "Within 1 working hour: by Monday 09:30 (2026-11-23, Europe/Prague), which is 65 hours from then on "
        "the clock on the wall."
    )
    # The 17th of November is a holiday; a time with its zone is that time.
    assert main(["promise", "quote", out, "--at", "2026-11-16T15:30Z", "--json"]) == 0
    offer = json.loads(capsys.readouterr().out)
    assert (offer["due"], offer["zone"]) == ("2026-11-18T08:30:00Z", "Europe/Prague")
    assert (offer["working"], offer["around_the_clock"]) == (3600.0, 41 * 3600.0)
    assert main(["promise", "quote", out]) == 0
    assert " from now on the clock on the wall." in capsys.readouterr().out


def test_costs_choose_the_level(orders: str, tmp_path: Path, capsys: Said) -> None:
    out = tmp_path / "model.forvent"
    more = ["--cost-late", "4", "--cost-long", "1", "--target-level", "0.6", "--by", "state", "--each-group"]
    assert main(["promise", "fit", orders, *COLUMNS, *more, "--out", str(out)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "These costs make 80 % the level."
    assert said[1].endswith(" closed cases, to be kept in 80 % of all, and in each group of state.")
    assert said[2].startswith("Kept along the record: ")
    assert said[3] == str(out)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ["--out", "-"],
            "A model is no text for the terminal. Give a file: --out model.forvent.",
        ),
        (
            ["--level", "0.9", "--cost-late", "7", "--cost-long", "1"],
            "The level is given, and costs to choose it by as well. Leave --level or the costs out.",
        ),
        (
            ["--cost-late", "7"],
            "It takes two costs to choose a level, and one is given. "
            "Add --cost-long (a unit of promise too long).",
        ),
        (
            ["--cost-late", "7", "--cost-long", "0"],
            "A unit too long cannot cost 0.0. Give a finite cost above 0.",
        ),
        (
            ["--level", "0.8", "--target-level", "0.9"],
            "A target level of 0.9 is above the level 0.8. "
            "Plan for a limit that is shorter than the promise.",
        ),
        (
            [],
            "A promise at level 0.95 needs at least 70 closed cases; there are 27. "
            "Wait for more cases, or lower the level.",
        ),
    ],
)
def test_a_fit_that_cannot_be_is_refused(
    few: str, tmp_path: Path, capsys: Said, more: list[str], said: str
) -> None:
    assert main(["promise", "fit", few, *COLUMNS, "--out", str(tmp_path / "m"), *more]) == 2
    assert error(capsys) == f"forvent: {said}"
    assert not (tmp_path / "m").exists()


# ------------------------------------------------------------------------------------ try


def test_one_promise_to_all_is_tried(orders: str, tmp_path: Path, capsys: Said) -> None:
    out = tmp_path / "tried.json"
    more = ["--promised", "due", "--by", "State", "--length", "7 days", "--level", "0.9", "--json", str(out)]
    assert main(["promise", "try", orders, *COLUMNS, *more]) == 0
    document = json.loads(out.read_text(encoding="utf-8"))
    assert (document["schema"], document["length"], document["unit"]) == ("forvent/what-if/1", 7.0, "day")
    verdicts = {row["group"]["state"]: row["verdict"] for row in document["groups"]}
    assert verdicts == {"A": "padded", "B": "undecided", "C": "over-promised"}
    shown = capsys.readouterr().out
    kept, row = document["overall"]["kept"], document["overall"]
    assert shown.splitlines()[0] == (
        f"At your 7 days you would keep {100 * kept['value']:.1f} % ({100 * kept['low']:.1f} to "
        f"{100 * kept['high']:.1f}, 200 cases, {row['open_cases']} of them open) and break "
        f"{100 - 100 * kept['value']:.1f} %."
    )
    assert shown.splitlines()[1].startswith(f"To keep 90 %: {row['would_do']['value']:g} days (")
    assert shown.splitlines()[2] == "Your promise to all is over-promised."
    assert "padded" in shown


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--length", "soon"], "'--length soon' is no length. Write it as --length 30 or \"30 min\"."),
        (
            ["--length", "30 min", "--unit", "days"],
            "'--length 30 min' is not in the unit days. Leave one of the units out.",
        ),
        (["--length=-3"], "A promise of -3.0 day cannot be judged. Give a finite length."),
    ],
)
def test_a_length_that_cannot_be_is_refused(few: str, capsys: Said, more: list[str], said: str) -> None:
    assert main(["promise", "try", few, *COLUMNS, *more]) == 2
    assert error(capsys) == f"forvent: {said}"


# --------------------------------------------------------------------------------- wording


def test_an_offer_names_days_of_the_week_and_what_was_not_given() -> None:
    offer = Offer(
        12.0,
        11.4,
        "day",
        0.95,
        False,
        8.5,
        0.5,
        812,
        4460,
        reasons=(Reason("state", "SP", -3.25), Reason("weekday", "4", 1.0), Reason("weight", "", 1.0)),
        notes=("Few cases are as heavy.",),
        due=datetime(2024, 5, 1, 9, 30, 1),
        around_the_clock=timedelta(days=12),
    )
    assert list(offer_lines(offer)) == [
        "At most 12 days; made to be kept in 95 % of cases.",
        "By Wednesday 09:31 (2024-05-01, UTC).",
        "For staff: 8.5 days, which 50 % of cases stay within.",
        "Learned from 4,460 cases, 812 of them like this one.",
        "  state = SP: −3.25 days beside the usual case",
        "  weekday = Friday: +1 day beside the usual case",
        "  weight = not given: +1 day beside the usual case",
        "  Few cases are as heavy.",
    ]


def test_amounts_are_said_with_their_unit() -> None:
    assert [length(1200.0, "EUR"), length(0.333, "day"), length(10.0, "minute")] == [
        "1,200 EUR",
        "0.33 days",
        "10 minutes",
    ]
    assert [percent(0.9), percent(0.333333)] == ["90 %", "33.3333 %"]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.5, "1 minute"), (119, "119 minutes"), (65 * 60, "65 hours"), (14 * 1440, "14 days")],
)
def test_time_on_the_wall_is_said_up(minutes: float, said: str) -> None:
    assert on_the_wall(timedelta(minutes=minutes)) == said


# ---------------------------------------------------------------------------------- waits


def many_calls(n: int = 300) -> str:
    """One server, who needs a minute on average; every tenth hangs up after 20 seconds in line."""
    rng = np.random.default_rng(3)
    came, needs, free = np.cumsum(rng.exponential(80, n)), rng.exponential(60, n), 0.0
    rows = []
    for case in range(n):
        gives_up = case % 10 == 9 and free > came[case] + 20
        left = came[case] + 20 if gives_up else max(came[case], free)
        free = free if gives_up else left + needs[case]
        times = [datetime(1999, 2, 1, 10) + timedelta(seconds=float(one)) for one in (came[case], left)]
        how = "HANG" if gives_up else "AGENT"
        rows.append(f"{times[0]:%Y-%m-%d},{times[0]:%H:%M:%S},{times[1]:%H:%M:%S},{how}\n")
    return "date,called,answered,how\n" + "".join(rows)


def test_waits_are_announced_along_the_line(tmp_path: Path, capsys: Said) -> None:
    path, out = tmp_path / "calls.csv", tmp_path / "waits.json"
    path.write_text(many_calls(), encoding="utf-8")
    columns = ["--start", "date+called", "--end", "date+answered", "--served", "how=AGENT"]
    assert main(["waits", str(path), *columns, "--level", ".8", "--range", "--json", str(out)]) == 0
    document: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert (document["schema"], document["level"]) == ("forvent/waits/1", 0.8)
    assert document["n"] + document["warming_up"] + document["in_line"] == 300
    assert document["kept"]["high"] > 0.8
    shown = capsys.readouterr()
    kept = document["kept"]
    assert f"{100 * kept['value']:.1f} % ({100 * kept['low']:.1f} to {100 * kept['high']:.1f})" in shown.out
    assert "Pinball loss in seconds: " in shown.out
    assert "kept, but: not served in how, such as “HANG”: " in shown.err


def test_a_share_that_is_not_enough_says_why() -> None:
    assert share(NotEnough(3, 100, "too few")) == "too few (3 of 100)"
