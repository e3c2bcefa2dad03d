"""The commands that fit a promise, quote it and try a length: what they say, and what they refuse."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from forvent.cli import main

HEADER = "ordered,due,arrived,state,weight\n"
COLUMNS = ["--start", "ordered", "--end", "arrived"]
Said = pytest.CaptureFixture[str]


def error(said: Said) -> str:
    return said.readouterr().err.splitlines()[-1]


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
