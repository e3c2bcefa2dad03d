"""forvent drivers: from a file to JSON and a summary."""

from __future__ import annotations

import argparse
import csv
import json
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from forvent.commands.drivers import add_drivers_commands
from forvent.errors import BadOption, ForventError, MissingColumn, NothingUsable, TooFewObservations
from forvent.runs.drivers import DriverOptions, find_drivers

NOW = datetime(2026, 7, 1)
AIRLINE = Path(__file__).parents[4] / "../shared/data/surveys/airline_satisfaction_30.csv.gz"
PROMISED = (
    "name",
    "n",
    "importance",
    "low",
    "high",
    "kind",
    "penalty",
    "reward",
    "asymmetry",
    "asymmetry_low",
    "asymmetry_high",
)


@pytest.fixture
def survey(tmp_path):
    """Writes a survey of three touchpoints; columns can be replaced or added, None takes one out."""
    rng = np.random.default_rng(1)
    hidden = 0.5 * rng.normal(size=(400, 1)) + 0.87 * rng.normal(size=(400, 3))
    ratings = 1 + np.digitize(hidden, [-1.2, -0.4, 0.4, 1.2])
    csat = np.clip(np.round(ratings[:, :2] @ [0.7, 0.3] + rng.normal(0, 0.3, 400)), 1, 5).astype(int)

    def write(**columns):
        table = {"csat": csat, **{name: ratings[:, at] for at, name in enumerate(("staff", "price", "door"))}}
        table = {name: values for name, values in {**table, **columns}.items() if values is not None}
        path = tmp_path / "survey.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([list(table), *zip(*table.values(), strict=True)])
        return path

    write.csat, write.ratings = csat, ratings
    return write


def run(*arguments):
    parser = argparse.ArgumentParser(prog="forvent")
    add_drivers_commands(parser.add_subparsers(), now=lambda: NOW)
    options = parser.parse_args(["drivers", *map(str, arguments)])
    options.run(options)


def found(path, **options):
    return find_drivers(path, overall="csat", now=NOW, options=DriverOptions(rounds=100, **options))


def test_json_has_the_promised_keys_first_and_nothing_that_is_no_number(survey, tmp_path, capsys):
    out = tmp_path / "new/drivers.json"
    run(
        survey(), "--overall", "csat", "--touchpoints", "staff, price", "--touchpoints", "door", "--json", out
    )
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["schema"] == "forvent/drivers/1"
    assert document["made_at"] == "2026-07-01T00:00:00Z"
    assert [one["name"] for one in document["touchpoints"]] == ["staff", "price", "door"]
    for one in document["touchpoints"]:
        assert tuple(one)[: len(PROMISED)] == PROMISED
        assert one["low"] <= one["importance"] <= one["high"]
    assert "NaN" not in out.read_text(encoding="utf-8")
    said = capsys.readouterr().out
    assert "400 answers, 3 touchpoints in one model." in said
    assert "This is association" in said


def test_every_key_is_described(survey, tmp_path):
    out = tmp_path / "drivers.json"
    run(survey(), "--overall", "csat", "--rounds", "50", "--json", out)
    described = (Path(__file__).parents[4] / "docs/drivers.md").read_text(encoding="utf-8")
    document = json.loads(out.read_text(encoding="utf-8"))
    keys = {*document, *document["touchpoints"][0], *document["touchpoints"][0]["ratings"]}
    shown = {"penalty_high", "reward_low"}
    assert {key for key in keys - shown if f"`{key}`" not in described} == set()


def test_the_same_file_gives_the_same_json(survey, tmp_path):
    path = survey()
    for name in ("a.json", "b.json"):
        run(path, "--overall", "csat", "--rounds", "50", "--json", tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_touchpoints_are_guessed_by_what_stands_in_them(survey):
    path = survey(id=np.arange(400), member=np.arange(400) % 2, city=["Brno"] * 400, age=np.arange(400) % 60)
    assert {one.name for one in found(path).drivers.touchpoints} == {"staff", "price", "door"}


def test_zero_below_a_scale_from_one_does_not_apply_unless_it_is_as_low_as_one(survey):
    rng = np.random.default_rng(2)
    anybody = rng.random(400) < 0.2
    result = found(survey(staff=np.where(anybody, 0, survey.ratings[:, 0])))
    staff = next(one for one in result.drivers.touchpoints if one.name == "staff")
    assert (result.zero, staff.ratings.not_applicable) == ("not_applicable", int(anybody.sum()))
    worst = (survey.ratings[:, 0] == 1) & (rng.random(400) < 0.7)
    result = found(survey(staff=np.where(worst, 0, survey.ratings[:, 0])))
    assert (result.zero, result.reading.scale.low) == ("rating", 0.0)
    said = found(survey(staff=np.where(anybody, 0, survey.ratings[:, 0])), not_applicable=("none",))
    assert (said.zero, said.reading.scale.low) == ("", 0.0)


def test_what_means_not_applicable_can_be_said(survey):
    given = np.where(np.arange(400) < 40, "never", survey.ratings[:, 0].astype(str))
    given[40:50] = "9"
    result = found(survey(staff=given), not_applicable=("never", "9"))
    staff = next(one for one in result.drivers.touchpoints if one.name == "staff")
    assert staff.ratings.not_applicable == 50
    assert result.reading.unusable == ()


def test_what_cannot_be_used_is_counted_with_its_rows(survey):
    csat, staff = survey.csat.astype(object), survey.ratings[:, 0].astype(object)
    csat[3], csat[5], staff[7], staff[9] = "", 77, "?", 99
    reading = found(survey(csat=csat, staff=staff)).reading
    assert (reading.rows, reading.used) == (400, 398)
    assert {(one.reason, one.column, one.rows) for one in reading.unusable} == {
        ("no overall satisfaction", "csat", (5,)),
        ("overall satisfaction outside its scale", "csat", (7,)),
        ("kept, but: no rating that can be read", "staff", (9,)),
        ("kept, but: a rating outside its scale", "staff", (11,)),
    }


def test_a_scale_upside_down_is_found_and_said_and_can_be_turned(survey, capsys):
    path = survey(csat=6 - survey.csat)
    assert found(path).drivers.cautions == ("upside_down",)
    run(path, "--overall", "csat", "--rounds", "50")
    assert "its scale may be upside down" in " ".join(capsys.readouterr().out.split())
    turned = found(path, upside_down=("csat",))
    assert turned.drivers.cautions == ()
    assert turned.drivers.touchpoints == found(survey()).drivers.touchpoints
    one = found(survey(price=6 - survey.ratings[:, 1])).drivers.touchpoints
    assert next(one for one in one if one.name == "price").cautions[-1] == "upside_down"


def test_stated_importance_and_customers(survey):
    path = survey(wish=["5", "4"] * 200, who=[f"c{number % 150}" for number in range(400)])
    result = found(path, stated={"staff": "wish"}, customer="who", touchpoints=("staff", "door"))
    staff = next(one for one in result.drivers.touchpoints if one.name == "staff")
    assert staff.stated.value == pytest.approx(0.875)
    assert result.reading.mapping == {"overall": "csat", "customer": "who"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"touchpoints": ("csat",)},
            "“csat” cannot be a touchpoint and overall satisfaction. Leave it out.",
        ),
        (
            {"stated": {"csat": "door"}},
            "“csat” has a stated importance and is no touchpoint. Touchpoints: staff, price.",
        ),
    ],
)
def test_columns_that_cannot_be_what_they_are_named(survey, options, message):
    with pytest.raises(BadOption) as refused:
        found(survey(), **options)
    assert str(refused.value) == message


def test_a_file_without_ratings_or_without_overall_is_refused(survey):
    with pytest.raises(MissingColumn) as none:
        found(survey(staff=None, price=None, door=["x"] * 400))
    assert str(none.value) == (
        "No column of survey.csv looks like ratings of a touchpoint. Its columns: csat, door. "
        "Name them with --touchpoints A,B,…."
    )
    with pytest.raises(NothingUsable) as nothing:
        found(survey(staff=[""] * 400), touchpoints=("staff",))
    assert str(nothing.value).startswith(
        "None of the 400 rows of survey.csv can be used: no touchpoint rated (400)."
    )


def test_one_respondent_is_told_so_and_not_that_columns_are_missing(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("staff,price,csat\n4,5,4\n", encoding="utf-8")
    with pytest.raises(TooFewObservations) as caught:
        found(path)
    assert str(caught.value) == "One answer says nothing about what goes together. Collect more answers."


def test_one_and_the_same_answer_to_everything_is_told_so(tmp_path):
    path = tmp_path / "same.csv"
    path.write_text("staff,price,csat\n" + "4,4,4\n" * 80, encoding="utf-8")
    with pytest.raises(TooFewObservations) as caught:
        found(path)
    assert str(caught.value).startswith("All 80 people are equally satisfied overall (0.75 of 1).")


def test_a_touchpoint_nobody_rated_is_named_and_left_out(survey, capsys):
    path = survey(lounge=[""] * 400)
    assert [one.name for one in found(path).drivers.touchpoints].count("lounge") == 0
    run(path, "--overall", "csat", "--rounds", "100", "--json", path.parent / "out.json")
    assert "Nobody gave an answer in “lounge”, so it was left out." in capsys.readouterr().out
    named = found(path, touchpoints=("staff", "price", "lounge")).drivers.touchpoints[-1]
    assert (named.name, named.kind, named.importance.why) == (
        "lounge",
        "undecided",
        "too few people rated it",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--stated", "staff"), "'--stated staff' names no column. Write it as --stated TOUCHPOINT=COLUMN."),
        (("--scale", "5"), "'--scale 5' is no scale. Write it as --scale 1..5."),
        (
            ("--overall-scale", "5..5"),
            "'--overall-scale 5..5' has no two ends. Write it as --overall-scale 1..5.",
        ),
        (("--band", "2"), "'--band 2' is not between 0 and 1. 0.2 is usual."),
        (
            ("--level", "95"),
            "The level 95.0 is not between 0 and 1. Give a share such as 0.95, not a percentage.",
        ),
        (("--rounds", "0"), "0 rounds over 200 blocks. Both must be at least 1."),
    ],
)
def test_options_that_cannot_be_are_refused_and_nothing_is_written(survey, tmp_path, arguments, message):
    out = tmp_path / "out/drivers.json"
    with pytest.raises(ForventError) as refused:
        run(survey(), "--overall", "csat", "--json", out, *arguments)
    assert str(refused.value) == message
    assert not out.exists()


@pytest.fixture(scope="module")
def airline():
    if not AIRLINE.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    result = find_drivers(AIRLINE, overall="satisfaction", now=NOW, options=DriverOptions(rounds=400))
    return result, {one.name: one for one in result.drivers.touchpoints}


@pytest.mark.data
def test_airline_touchpoints_are_found_and_zero_does_not_apply(airline):
    result, by_name = airline
    assert len(by_name) == 14
    assert result.zero == "not_applicable"
    assert by_name["in_flight_wifi_service"].ratings.not_applicable == 1170
    assert result.drivers.answers == 38_965


@pytest.mark.data
@pytest.mark.parametrize("name", ["cleanliness", "check_in_service", "in_flight_entertainment"])
def test_airline_penalty_side(airline, name):
    one = airline[1][name]
    assert one.asymmetry.high < 0
    assert (one.side, one.kind) == ("penalty", "basic")


@pytest.mark.data
@pytest.mark.parametrize("name", ["online_boarding", "in_flight_wifi_service", "leg_room_service"])
def test_airline_reward_side(airline, name):
    one = airline[1][name]
    assert one.asymmetry.low > 0
    assert (one.side, one.kind) == ("reward", "excitement")


@pytest.mark.data
def test_airline_wrong_signs_are_not_forced(airline):
    gate, time = (airline[1][name] for name in ("gate_location", "departure_and_arrival_time_convenience"))
    assert (gate.kind, gate.cautions) == ("undecided", ("u_shaped",))
    assert (time.kind, time.cautions) == ("reverse", ("runs_backwards",))
    assert airline[0].drivers.touchpoints[0].name == "online_boarding"


def test_segments_time_and_page_are_made_and_described(survey, tmp_path, capsys):
    path = survey(
        country=np.where(np.arange(400) % 3 == 0, "CZ", "NO"),
        when=[f"202{3 + at // 200}-05-01" for at in range(400)],
    )
    out, page = tmp_path / "new/drivers.json", tmp_path / "new/drivers.html"
    run(
        path, "--overall", "csat", "--touchpoints", "staff,price,door", "--by", "country", "--time", "when",
        "--every", "year", "--rounds", "50", "--json", out, "--page", page, "--language", "cs",
    )  # fmt: skip
    document = json.loads(out.read_text(encoding="utf-8"))
    (by,) = document["segments"]
    assert (by["column"], [(one["name"], one["answers"]) for one in by["segments"]]) == (
        "country",
        [("NO", 266), ("CZ", 134)],
    )
    assert tuple(by["segments"][0]["touchpoints"][0])[: len(PROMISED)] == PROMISED
    assert [one["name"] for one in document["drift"]["periods"]] == ["2023", "2024"]
    assert {one["name"] for one in document["drift"]["changes"]} == {"staff", "price", "door"}
    described = (Path(__file__).parents[4] / "docs/drivers.md").read_text(encoding="utf-8")
    group, change = by["segments"][0], document["drift"]["changes"][0]
    keys = {*by, *group, *document["drift"], *change} - {"penalty_high", "reward_low"}
    limits = {f"{name}_{end}" for name in ("penalty", "reward", "asymmetry") for end in ("low", "high")}
    assert {key for key in keys - limits if f"`{key}`" not in described} == set()
    assert page.read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="cs"')
    said = capsys.readouterr().out
    assert "By country: 2 segments of at least 30 answers." in said
    assert "Over when, from 2023 to 2024:" in said
    assert said.splitlines()[-2:] == [str(out), str(page)]


def test_columns_of_segments_and_time_are_no_touchpoints(survey):
    result = found(survey(again=np.arange(400) % 5 + 1), by=("again",))
    assert {one.name for one in result.drivers.touchpoints} == {"staff", "price", "door"}
    assert len(result.segments[0].segments) == 5


def test_a_blank_segment_is_none_and_counted(survey):
    result = found(survey(country=["CZ"] * 150 + [""] * 100 + ["NO "] * 100 + ["NO"] * 50), by=("country",))
    segments = result.segments[0]
    assert [(one.name, one.drivers.answers) for one in segments.segments] == [("CZ", 150), ("NO", 150)]
    assert segments.left_out == 100


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": "year"}, "--every cuts time, and no column of time is given."),
        ({"by": ("land",)}, "survey.csv has no column “land” for segments."),
        ({"time": "when"}, "survey.csv has no column “when” for time."),
        ({"time": "empty"}, "Column “empty” holds no time."),
    ],
)
def test_segments_and_time_that_cannot_be_are_refused(survey, options, message):
    with pytest.raises(ForventError) as refused:
        found(survey(empty=[""] * 400), **options)
    assert refused.value.message.startswith(message)


@pytest.mark.data
def test_airline_kinds_differ_by_why_people_travel():
    if not AIRLINE.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    options = DriverOptions(rounds=100, by=("type_of_travel",))
    result = find_drivers(AIRLINE, overall="satisfaction", now=NOW, options=options)
    business = next(one for one in result.segments[0].segments if one.name == "Business")
    changes = {one.name: one for one in business.changes}
    assert (changes["online_boarding"].before, changes["online_boarding"].became) == (
        "indifferent",
        "excitement",
    )
    assert changes["check_in_service"].became == "basic"
