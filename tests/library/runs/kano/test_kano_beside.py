"""A questionnaire beside what ratings look like: files, names, and what cannot be joined."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forvent.errors import BadOption, ForventError, UnreadableFile
from forvent.reading.kinds_file import read_kinds
from forvent.records import Estimate, Kano, NotEnough
from forvent.runs.kano import kano_kinds
from forvent.runs.kano_beside import put_beside

Write = Callable[[dict[str, Any]], Path]


def touchpoint(name: str, kind: str) -> dict[str, Any]:
    numbers = {"penalty": -0.2, "reward": 0.02, "asymmetry": -0.8}
    sides = {
        key: side
        for name_, value in numbers.items()
        for key, side in ((name_, value), (f"{name_}_low", value - 0.1), (f"{name_}_high", value + 0.1))
    }
    return {"name": name, "n": 400, "kind": kind, "not_enough": {}, **sides}


def drivers(*touchpoints: dict[str, Any]) -> dict[str, Any]:
    return {"schema": "forvent/drivers/1", "level": 0.9, "touchpoints": list(touchpoints)}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(document: dict[str, Any]) -> Path:
        path = tmp_path / "found.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return written


@pytest.fixture
def kano(questionnaire: Path) -> Kano:
    return kano_kinds(questionnaire, now=datetime(2026, 7, 1))


def test_names_are_joined_whatever_their_case_and_blanks(kano: Kano, write: Write) -> None:
    file = write(drivers(touchpoint("ON_TIME", "basic"), touchpoint("live-chat", "basic")))
    found = put_beside(kano, file, same={})
    assert [(one.expectation, one.verdict) for one in found.beside[:2]] == [
        ("ON_TIME", "same"),
        ("live-chat", "different"),
    ]
    assert {one.verdict for one in found.beside[2:]} == {"only asked"}
    assert found.beside_file == "found.json"
    assert found.beside[0].said is not None
    assert found.beside[0].said.penalty == Estimate(-0.2, pytest.approx(-0.3), -0.1, 400, 0.9)


def test_other_names_can_be_said_to_be_the_same(kano: Kano, write: Write) -> None:
    file = write(drivers(touchpoint("punctuality", "basic")))
    assert put_beside(kano, file, same={}).beside[-1].verdict == "only said"
    found = put_beside(kano, file, same={"on time": "punctuality"})
    assert [one.verdict for one in found.beside if one.said] == ["same"]


@pytest.mark.parametrize(
    ("same", "message"),
    [
        (
            {"parking": "punctuality"},
            "“parking” is no feature of the questionnaire. Features: on time, quick delivery, live chat, "
            "gift wrap, phone calls.",
        ),
        ({"on time": "speed"}, "found.json knows no “speed”. It knows: punctuality."),
    ],
)
def test_names_that_are_not_there_are_refused(
    kano: Kano, write: Write, same: dict[str, str], message: str
) -> None:
    with pytest.raises(BadOption) as refused:
        put_beside(kano, write(drivers(touchpoint("punctuality", "basic"))), same=same)
    assert str(refused.value) == message


def test_a_number_that_is_missing_says_why(write: Write) -> None:
    few = {"n": 4, "needed": 10, "why": "too few rated it low"}
    lacking = touchpoint("price", "undecided") | {
        "penalty": None,
        "asymmetry": None,
        "not_enough": {"penalty": few, "asymmetry": few},
    }
    found = read_kinds(write(drivers(lacking)))[0]
    assert found.penalty == found.asymmetry == NotEnough(4, 10, "too few rated it low")
    assert isinstance(found.reward, Estimate)


def test_findings_of_a_report_are_read_too(write: Write) -> None:
    number = {"value": -0.2, "low": -0.3, "high": -0.1, "n": 90, "level": 0.95}
    few = {"not_enough": {"n": 3, "needed": 10, "why": "few"}}
    one = {"expectation": "on_time", "penalty": number, "reward": few, "asymmetry": few, "kind": "undecided"}
    found = read_kinds(write({"schema": "forvent/findings/2", "asymmetries": [one]}))[0]
    assert (found.expectation, found.penalty) == ("on_time", Estimate(-0.2, -0.3, -0.1, 90))
    assert found.reward == NotEnough(3, 10, "few")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("penalty,reward\n", "found.json is no JSON."),
        ("[1, 2]", "found.json holds no result of forvent."),
        (
            '{"schema": "forvent/kano/1"}',
            "found.json has the schema 'forvent/kano/1', neither 'forvent/drivers/1' nor "
            "'forvent/findings/2'.",
        ),
        (
            '{"schema": "forvent/findings/2"}',
            "found.json is no whole result of forvent: KeyError('asymmetries') is where a number should be.",
        ),
        (
            '{"schema": "forvent/drivers/1", "level": 0.9, "touchpoints": [{"name": "a"}]}',
            "found.json is no whole result of forvent: KeyError('not_enough') is where a number should be.",
        ),
    ],
)
def test_a_file_that_is_no_such_result_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "found.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile) as refused:
        read_kinds(path)
    assert refused.value.message == message
    assert refused.value.hint


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ForventError) as refused:
        read_kinds(tmp_path / "none.json")
    assert refused.value.message == "none.json cannot be read: No such file or directory."
