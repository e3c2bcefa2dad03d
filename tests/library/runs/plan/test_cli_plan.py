"""The command line: what to do first, what was decided, and whether it helped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forvent.cli import main

Later = Callable[..., Path]
ADD = ["--action", "A second courier", "--owner", "Ana", "--due", "2026-06-01", "--hypothesis", "Fridays"]


def run(folder: Path, *given: str) -> int:
    """The exit status of forvent plan."""
    return main(["plan", str(folder), *given])


def result(folder: Path) -> Any:
    """What plan.json holds."""
    return json.loads((folder / "plan.json").read_text(encoding="utf-8"))


def flat(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, without the ends of lines."""
    return " ".join(capsys.readouterr().out.split())


def test_the_plan_is_printed_and_written(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    extra = tmp_path / "deep" / "copy.json"
    assert run(folder, "--json", str(extra)) == 0
    said = flat(capsys)
    assert said.startswith("First: On time (first in ")
    assert "all efforts taken as equal (10 days)" in said
    assert "1. On time: " in said
    assert "plan.json" in said
    found = result(folder)
    assert found == json.loads(extra.read_text(encoding="utf-8"))
    assert found["schema"] == "forvent/plan/1"
    assert [row["place"] for row in found["gaps"]] == [1, 2, 3, 4]
    first = found["gaps"][0]
    assert first["expectation"] == "on_time"
    product = first["value"] * first["shortfall"] * first["weight"] * first["real"] / first["effort_days"]
    assert first["score"]["value"] == pytest.approx(product)


def test_an_action_is_added_done_and_its_effect_told(
    folder: Path, later: Later, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--add", "on_time", *ADD, "--effort", "S", "--comparison", "product_quality") == 0
    assert capsys.readouterr().out.startswith("A1 on_time: A second courier; Ana; due 2026-06-01")
    later(folder, better=0.5)
    assert run(folder, "--done", "A1", "--on", "2026-04-27") == 0
    assert "done on 2026-04-27" in capsys.readouterr().out
    assert run(folder, "--effect", "A1") == 0
    said = flat(capsys)
    assert said.startswith("A1 on_time: closed The gap is closed")
    assert "beside product_quality (difference in differences)" in said
    found = result(folder)
    assert found["effects"]["A1"]["verdict"] == "closed"
    assert found["gaps"][[row["expectation"] for row in found["gaps"]].index("on_time")]["actions"] == ["A1"]
    assert "weeks" not in found["actions"][0]["baseline"]
    # A plan that is asked for later tells the effect too.
    assert run(folder) == 0
    assert result(folder)["effects"]["A1"]["verdict"] == "closed"


def test_without_a_comparison_it_only_went_together(
    folder: Path, later: Later, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "--add", "on_time", *ADD, "--comparison", "none")
    later(folder, better=0.5)
    capsys.readouterr()
    assert run(folder, "--effect", "A1", "--since", "27.4.2026") == 0
    said = flat(capsys)
    assert "which went together with the action; nothing is beside it" in said


def test_an_action_is_dropped_with_a_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "--add", "on_time", *ADD)
    assert run(folder, "--drop", "A1", "--why", "too dear") == 0
    assert "dropped: too dear" in capsys.readouterr().out


def test_efforts_and_weights_change_the_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--effort-of", "on_time=L", "--effort-of", "friendly_staff=1") == 0
    assert "efforts given for 2" in flat(capsys)
    assert result(folder)["gaps"][0]["expectation"] == "friendly_staff"
    weights = [f"--weight={kind}=0" for kind in ("basic", "performance", "undecided", "excitement")]
    assert run(folder, *weights) == 0
    assert "there is nothing to do first" in flat(capsys)
    assert result(folder)["weights"]["basic"] == 0.0


def test_what_if_is_told_as_going_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--what-if", "on_time=90%", "--what-if", "promise=5") == 0
    said = flat(capsys)
    assert "On time: 90 % met instead of" in said
    assert "goes together with a mean rating +" in said
    assert "A promise of 5 days would have been kept in 98 %" in said
    assert "it is no forecast" in said
    found = result(folder)["what_if"]
    assert (found[0]["expectation"], found[0]["target"]) == ("on_time", 0.9)
    assert found[1]["length"] == 5.0


def test_words_of_people_are_shown_as_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = ["--action", "[red]\x1b[31mboo", "--owner", "[b]Ana", "--hypothesis", "h"]
    assert run(folder, "--add", "on_time", *hostile) == 0
    said = capsys.readouterr().out
    assert "[red]" in said
    assert "[b]Ana" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--owner", "Ana"], "--owner says something of --add, which is not there. Add --add."),
        (["--on", "2026-01-01"], "--on says something of --done, which is not there. Add --done."),
        (
            ["--add", "on_time", "--action", "x"],
            "An action needs --owner, --hypothesis. Say what, who, and why",
        ),
        (
            ["--add", "on_time", *ADD[:5], "soon", *ADD[6:]],
            "'--due soon' is no date. Write it as --due 2026-06-30.",
        ),
        (["--done", "A1"], "There is no action 'A1'. There are: none yet."),
        (["--what-if", "on_time"], "'--what-if on_time' is no pair. Write it as --what-if NAME=VALUE."),
        (["--what-if", "on_time=much"], "'--what-if on_time much' is no number. Write 0.9 or 90%."),
        (["--what-if", "on_time=90"], "90 is no share. Give a share from 0 to 1, such as 0.9."),
        (["--effort-of", "on_time=XL"], "'XL' is no effort. Write S, M or L, or a number of days above 0."),
        (["--weight", "must=2"], "'must' is no kind."),
        (["--add", "on_time", *ADD, "--target", "2"], "A target of 2 is no share."),
        (["--drop", "A1"], "A dropped action needs a reason."),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], given: list[str], message: str
) -> None:
    assert run(folder, *given) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"forvent: {message}")
    assert not (folder / "plan.json").exists()


def test_a_folder_in_place_of_a_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--json", str(folder)) == 2
    assert capsys.readouterr().err == f"forvent: '{folder}' is a folder. Name a file in it.\n"
