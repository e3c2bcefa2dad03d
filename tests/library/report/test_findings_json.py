"""findings.json: versioned, deterministic, documented."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from forvent.records import Estimate, Findings, NotEnough, SatisfactionPoint
from forvent.report import findings_json
from forvent.report.versioned_json import jsonable

DOCUMENT = Path(__file__).parents[3] / "docs" / "findings.md"


def _parts(hint: object) -> Iterator[type]:
    """Record types inside a type hint."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for part in typing.get_args(hint):
        yield from _parts(part)


def _reachable(record: type, seen: dict[str, type]) -> dict[str, type]:
    """All records that a record can hold, by name."""
    if record.__name__ not in seen:
        seen[record.__name__] = record
        for hint in typing.get_type_hints(record).values():
            for part in _parts(hint):
                _reachable(part, seen)
    return seen


RECORDS = _reachable(Findings, {})


def _documented() -> dict[str, list[str]]:
    """Fields by heading in docs/findings.md."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            heading = line.removeprefix("### ")
            found[heading] = []
        elif line.startswith("#"):
            # Files of other commands stand on the same page.
            heading = ""
        elif heading and (match := re.match(r"\| `(\w+)` \|", line)):
            found[heading].append(match[1])
    return found


def test_the_schema_comes_first(findings: Findings) -> None:
    assert findings_json(findings).startswith('{\n "schema": "forvent/findings/2",\n "made_at"')


def test_equal_findings_give_equal_text(findings: Findings) -> None:
    turned = replace(findings, quotes=dict(reversed(list(findings.quotes.items()))))
    assert findings_json(turned) == findings_json(findings)


def test_every_record_and_field_is_documented_in_its_order() -> None:
    documented = _documented()
    for name, record in RECORDS.items():
        expected = [part.name for part in fields(record)]
        if name == "Findings":
            expected = ["schema", *expected]
        assert sorted(documented[name]) == sorted(expected), name


def test_nothing_is_documented_that_does_not_exist() -> None:
    assert set(_documented()) == set(RECORDS)


def test_every_key_that_is_written_is_documented(findings: Findings) -> None:
    known = {name for names in _documented().values() for name in names} | {"not_enough"}
    mappings = {"languages", "mapping", "group", "quotes", "texts", "answers"}

    def check(value: object, *, free: bool) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                assert free or key in known, key
                check(inner, free=not free and key in mappings)
        elif isinstance(value, list):
            for inner in value:
                check(inner, free=False)

    check(json.loads(findings_json(findings)), free=False)


def test_an_estimate_keeps_its_five_parts() -> None:
    assert jsonable(Estimate(0.38, 0.31, 0.45, 172)) == {
        "value": 0.38,
        "low": 0.31,
        "high": 0.45,
        "n": 172,
        "level": 0.95,
    }


def test_not_enough_is_told_apart_from_an_estimate() -> None:
    assert jsonable(NotEnough(4, 5, "few")) == {"not_enough": {"n": 4, "needed": 5, "why": "few"}}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_null(number: float) -> None:
    assert jsonable(number) is None


def test_an_open_end_of_the_curve_is_null() -> None:
    point = SatisfactionPoint(-float("inf"), -14.0, Estimate(0.8, 0.7, 0.9, 61))
    assert jsonable(point)["days_late_from"] is None


def test_times_are_in_utc() -> None:
    assert jsonable(datetime(2024, 7, 2, 9, 30)) == "2024-07-02T09:30:00Z"
    assert jsonable(datetime(2024, 7, 2, 9, 30, tzinfo=UTC)) == "2024-07-02T09:30:00Z"
    prague = timezone(timedelta(hours=2))
    assert jsonable(datetime(2024, 7, 2, 9, 30, tzinfo=prague)) == "2024-07-02T07:30:00Z"


def test_words_are_kept_as_they_came(findings: Findings) -> None:
    quotes = json.loads(findings_json(findings))["quotes"]["proactive_updates"]
    assert quotes[0]["after"].startswith(" <script>alert('x')</script>")
    assert quotes[1]["before"].startswith("\u202e")


def test_letters_of_other_scripts_are_readable(findings: Findings) -> None:
    assert "说好三天送到" in findings_json(findings)


def test_findings_without_anything_are_written_too(bare: Findings) -> None:
    read = json.loads(findings_json(bare))
    assert read["chain"] is None
    assert read["promises"] == []


def test_mappings_are_written_in_order_of_their_keys() -> None:
    turned = types.MappingProxyType({"zh": 1, "cs": 2})
    assert list(jsonable(turned)) == ["cs", "zh"]
