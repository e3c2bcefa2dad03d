"""The JSON of a backtest: the keys that others script against, and their description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forvent.records import Backtest
from forvent.report import backtest_json

DOCUMENT = Path(__file__).parents[3] / "docs" / "howto" / "backtest.md"
PROMISED_KEYS = ["kept", "low", "high", "mean_promise", "worst_month_kept", "padded"]
WAYS = ["ours", "promised", "rolling_quantile", "group_quantile", "cqr"]


@pytest.fixture(scope="module")
def read(backtest: Backtest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(backtest_json(backtest))
    return found


@pytest.fixture(scope="module")
def bare(bare_backtest: Backtest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(backtest_json(bare_backtest))
    return found


def test_the_schema_comes_first(backtest: Backtest) -> None:
    assert backtest_json(backtest).startswith(
        '{\n "schema": "forvent/backtest/1",\n "n": 5022,\n "level": 0.93,'
    )


def test_every_way_has_the_plain_numbers_that_others_script_against(read: dict[str, Any]) -> None:
    assert {"n", "level", *WAYS} <= set(read)
    for way in WAYS:
        assert all(isinstance(read[way][key], float) for key in PROMISED_KEYS)


def test_the_numbers_are_those_of_the_record(backtest: Backtest, read: dict[str, Any]) -> None:
    ours = read["ours"]
    assert (ours["kept"], ours["mean_promise"], ours["n"]) == (0.9312, 23.41, 5022)
    assert ours["worst_month_kept"] == 0.852
    assert ours["worst_month"]["name"] == "2018-02"
    assert ours["padded"] == 0.62
    assert ours["not_enough"] == {}
    assert read["promised"]["mean_at_equal"] == 24.38
    assert len(ours["months"]) == len(backtest.tracks[0].months)


def test_a_number_that_cannot_be_known_is_null_with_its_reason(bare: dict[str, Any]) -> None:
    ours = bare["ours"]
    assert [ours[key] for key in ("kept", "low", "high", "worst_month_kept", "padded")] == [None] * 5
    assert ours["not_enough"]["kept"] == {"n": 9, "needed": 20, "why": "too few cases"}
    assert set(ours["not_enough"]) == {"kept", "padded", "worst_month_kept"}


def test_a_month_of_few_cases_is_null_with_its_reason(read: dict[str, Any]) -> None:
    last = read["ours"]["months"][-1]
    assert (last["kept"], last["n"]) == (None, 12)
    assert last["not_enough"]["kept"]["why"] == "too few cases in this month"


def test_a_way_that_is_not_there_is_null_and_a_note_says_why(bare: dict[str, Any]) -> None:
    assert [bare[way] for way in WAYS[1:]] == [None] * 4
    assert bare["notes"] == [
        "cqr: MAPIE is not installed.",
        "promised: the cases hold no promise of the company to compare with.",
        "rolling_quantile: this way of promising was not run.",
        "group_quantile: this way of promising was not run.",
    ]


def test_equal_backtests_give_equal_text(backtest: Backtest) -> None:
    assert backtest_json(backtest) == backtest_json(replace(backtest))


def test_a_number_that_is_not_finite_is_null(backtest: Backtest) -> None:
    endless = replace(backtest.tracks[0], mean_promise=float("inf"), pinball=float("nan"))
    read = json.loads(backtest_json(replace(backtest, tracks=(endless,))))
    assert (read["ours"]["mean_promise"], read["ours"]["pinball"]) == (None, None)


def test_times_are_in_utc(read: dict[str, Any]) -> None:
    assert read["first"] == "2017-07-01T00:00:00Z"
    assert read["alarms"][0] == {
        "at": "2017-11-29T14:00:00Z",
        "side": "below",
        "kept_lately": 0.871,
        "n": 200,
    }


# ------------------------------------------------------------------------- described


def documented() -> dict[str, list[str]]:
    """Keys by heading, as docs/howto/backtest.md describes them."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            heading = line.removeprefix("### ")
        elif match := re.match(r"\| `(\w+)` \|", line):
            found.setdefault(heading, []).append(match[1])
    return found


def written(read: dict[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object of the JSON with the heading it is described under."""
    yield "The run", read
    for way in WAYS:
        yield "A way of promising", read[way]
        yield "A month or group", read[way]["worst_month"]
        yield from (("A month or group", part) for part in [*read[way]["months"], *read[way]["groups"]])
        yield from (("A reason", reason) for reason in read[way]["not_enough"].values())
    yield from (("A point of the frontier", point) for point in read["frontier"])
    yield from (("An alarm", alarm) for alarm in read["alarms"])


def test_every_key_is_described_in_its_order(read: dict[str, Any]) -> None:
    described = documented()
    for heading, keys in written(read):
        assert list(keys) == described[heading], heading


def test_reasons_are_described(bare: dict[str, Any]) -> None:
    described = documented()["A reason"]
    assert [list(reason) for reason in bare["ours"]["not_enough"].values()] == [described] * 3


def test_nothing_is_described_that_is_not_written(read: dict[str, Any]) -> None:
    assert set(documented()) == {"A reason", *(heading for heading, _ in written(read))}
