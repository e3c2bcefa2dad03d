"""forvent gap: options, guesses, summary and JSON."""

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forvent.commands.surveyed import add_surveyed_commands
from forvent.errors import BadOption
from forvent.records import SurveyCaution
from forvent.report import surveyed_summary as summary_module
from forvent.report.surveyed_summary import caution_text

DOCUMENT = Path(__file__).parents[4] / "docs/surveyed.md"


def run(*given: str) -> None:
    parser = argparse.ArgumentParser()
    add_surveyed_commands(parser.add_subparsers(required=True), now=lambda: datetime(2026, 7, 1))
    options = parser.parse_args(["gap", *given])
    options.run(options)


@pytest.fixture
def file(tmp_path: Path) -> str:
    rng = np.random.default_rng(1)
    mood = rng.normal(size=120)
    columns = {
        f"{part}{number}": np.clip(np.rint(centre + mood + rng.normal(size=120)), 1, 7).astype(int)
        for part, centre in (("expected_", 5.5), ("received_", 4.5), ("adequate_", 3.0), ("desired_", 6.0))
        for number in "abcd"
    }
    columns |= {"branch": np.array(["Ghent", "Lille"])[np.arange(120) % 2], "zero": np.zeros(120, int)}
    text = "\n".join(
        [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    )
    survey = tmp_path / "survey.csv"
    survey.write_text(text + "\n", encoding="utf-8")
    return str(survey)


def keys(value: Any) -> Iterator[str]:
    """Names of keys that are fields of a record."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("mapping", "masked", "weights"):
                yield from keys(inner)
            yield key
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_tells_pairs_before_and_gaps_after(file, capsys):
    run(file, "--by", "branch")
    told = capsys.readouterr()
    assert (
        "  a: received received_a against expected expected_a, adequate adequate_a, desired desired_a"
        in told.err
    )
    assert "Scale: 1 to 7, guessed from the answers" in told.err
    assert "120 of 120 rows of survey.csv used." in told.out
    for said in ("worse than expected", "reliability of the difference", "below adequate", "By branch (all)"):
        assert said in told.out


def test_every_key_of_the_json_is_documented(file, tmp_path, capsys):
    out = tmp_path / "new" / "gap.json"
    run(file, "--by", "branch", "--json", str(out), "--dimension", "x=a,b", "--weight", "x=60,c=40")
    assert str(out) in capsys.readouterr().out.replace("\n", "")
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["schema"] == "forvent/gap/1"
    assert found["weights"] == {"c": 40.0, "x": 60.0}
    assert [gap["part"] for gap in found["gaps"]] == ["pair"] * 4 + ["dimension", "all", "weighted"]
    document = DOCUMENT.read_text(encoding="utf-8")
    undocumented = sorted({key for key in keys(found) if f"`{key}`" not in document})
    assert undocumented == []


def test_every_caution_is_documented_and_can_be_said():
    document = DOCUMENT.read_text(encoding="utf-8")
    for name in summary_module._SAID:
        assert f"`{name}`" in document
        assert caution_text(SurveyCaution(name, ("x",), 0.5, 3))


def test_columns_can_be_named_turned_and_switched_off(file, capsys):
    run(file, "--map", "expected.new=desired_a", "--map", "received.new=received_b", "--map", "received.b=-",
        "--map", "received.c=-", "--reverse", "received_d")  # fmt: skip
    told = capsys.readouterr().err
    assert "  new: received received_b against expected desired_a" in told
    assert "(turned round: received_d)" in told
    assert "  c: " not in told


def test_amounts_and_what_was_expected_of_them(tmp_path, capsys):
    survey = tmp_path / "days.csv"
    survey.write_text("expected_days,delivered_days\n" + "2,5\n1,3\n3,4\n" * 20)
    run(str(survey))
    told = capsys.readouterr()
    assert "(an amount in day, less is better)" in told.err
    assert "days: in the middle +2.00" in told.out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--scale", "1-7"), "'--scale 1-7' is no scale. Write it as --scale 1..5."),
        (("--weight", "a"), "'--weight a' gives no points. Write it as --weight care=40 --weight speed=60."),
        (
            ("--dimension", "a"),
            "'--dimension a' names no pairs. Write it as --dimension care=friendly,polite.",
        ),
        (
            ("--not-applicable", "none"),
            "'--not-applicable none' is no number. Write it as --not-applicable 0.",
        ),
    ],
)
def test_refuses_options_that_cannot_be(file, given, message):
    with pytest.raises(BadOption) as refused:
        run(file, *given)
    assert str(refused.value) == message


def test_nothing_is_written_where_the_survey_is_refused(file, tmp_path):
    out = tmp_path / "new" / "gap.json"
    with pytest.raises(BadOption):
        run(file, "--json", str(out), "--weight", "nobody=1")
    assert not out.parent.exists()
