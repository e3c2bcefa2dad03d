"""One's own company beside another: verdicts, their errors, and what to mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.market import cautions, company_records, compare_market
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.records.market import Company, Comparison

Counts = Mapping[str, tuple[int, int]]
OWN, OTHER = "", "Nordkiste"


def compared(own: Counts, other: Counts, *, spoken: int = 1000, **options: float) -> dict[str, Comparison]:
    """Comparison of (met, judging) counts by expectation, every voice a customer of its own."""
    rows = [
        {
            "company": company,
            "expectation": name,
            "stage": "receive",
            **dict.fromkeys(("voices", "customers", "judging", "judged_squared", "voices_squared"), n),
            **dict.fromkeys(("met", "met_squared", "met_judged"), met),
            "unmet": n - met,
            "mixed": 0,
            "wished": 0,
            "voices_spoken": n,
        }
        for company, counts in ((OWN, own), (OTHER, other))
        for name, (met, n) in counts.items()
    ]
    said = {"customers": spoken, "voices": spoken, "voices_squared": spoken}
    speaking = pa.Table.from_pylist([{"company": company, **said} for company in (OWN, OTHER)])
    found = compare_market(pa.Table.from_pylist(rows), speaking=speaking, other=OTHER, **options)
    return {one.expectation: one for one in found}


def test_the_four_verdicts() -> None:
    found = compared(
        {"a": (90, 100), "b": (40, 100), "c": (500, 1000), "d": (12, 20), "e": (3, 4)},
        {"a": (60, 100), "b": (80, 100), "c": (510, 1000), "d": (11, 20), "e": (80, 100)},
    )
    assert {name: one.verdict for name, one in found.items()} == {
        "a": "ahead",
        "b": "behind",
        "c": "level",
        "d": "not enough data",
        "e": "not enough data",
    }
    assert isinstance(found["d"].met, Estimate)
    assert found["e"].met == NotEnough(4, 5, "too few customers say whether it was met")


def test_behind_comes_first_then_ahead_undecided_level_and_unknown() -> None:
    found = compared(
        {"a": (90, 100), "b": (40, 100), "c": (500, 1000), "d": (12, 20), "e": (3, 4)},
        {"a": (60, 100), "b": (80, 100), "c": (510, 1000), "d": (11, 20), "e": (80, 100)},
    )
    assert list(found) == ["b", "a", "d", "c", "e"]


def test_ahead_and_behind_have_intervals_without_zero() -> None:
    rng = np.random.default_rng(3)
    counts = [{f"e{i}": (int(rng.binomial(80, 0.6)), 80) for i in range(30)} for _ in range(2)]
    for one in compared(*counts).values():
        assert isinstance(one.met, Estimate)
        if one.verdict in ("ahead", "behind"):
            assert one.met.low > 0.0 or one.met.high < 0.0


def test_a_difference_that_would_stand_alone_is_not_called_among_many() -> None:
    own, other = {"x": (62, 100)}, {"x": (47, 100)}
    alone = compared(own, other)["x"]
    assert alone.verdict == "ahead"
    many = {f"e{i}": (50, 100) for i in range(30)}
    among = compared({**own, **many}, {**other, **many})["x"]
    assert among.met == alone.met
    assert among.verdict == "not enough data"


def test_what_only_the_other_is_told_about_has_a_reach_and_no_share_met() -> None:
    found = compared({"a": (30, 40)}, {"a": (30, 40), "b": (10, 90)}, spoken=500)["b"]
    assert found.own.reach == Estimate(0.0, 0.0, found.own.reach.high, 500)  # type: ignore[union-attr]
    assert found.reach_verdict == "less"
    assert isinstance(found.met, NotEnough)
    assert (found.own.voices, found.other.voices) == (0, 90)


def test_the_reach_has_a_verdict_of_its_own() -> None:
    found = compared({"a": (30, 300), "b": (9, 9)}, {"a": (9, 90), "b": (9, 9)})
    assert (found["a"].reach_verdict, found["b"].reach_verdict) == ("more", "level")


def test_a_wider_margin_makes_more_rows_level() -> None:
    own, other = {"a": (100, 200)}, {"a": (100, 200)}
    assert compared(own, other)["a"].verdict == "level"
    assert compared(own, other, alike=0.05)["a"].verdict == "not enough data"


def test_false_findings_stay_below_the_rate_while_true_differences_are_found() -> None:
    """Of 32 expectations 24 are alike and eight differ by 25 points; 150 voices judge each."""
    rng = np.random.default_rng(11)
    true = np.concatenate([np.full(24, 0.6), np.full(8, 0.85)])
    shares, found_true = [], 0
    rounds = 120
    for _ in range(rounds):
        own, other = rng.binomial(150, true), rng.binomial(150, 0.6, size=32)
        found = compared(
            {f"e{i:02d}": (int(own[i]), 150) for i in range(32)},
            {f"e{i:02d}": (int(other[i]), 150) for i in range(32)},
            spoken=2000,
        )
        called = [int(name[1:]) for name, one in found.items() if one.verdict in ("ahead", "behind")]
        shares.append(sum(place < 24 for place in called) / max(len(called), 1))
        found_true += sum(place >= 24 for place in called)
    assert np.mean(shares) < 0.05 + 4 * np.std(shares) / rounds**0.5
    assert found_true > 0.95 * 8 * rounds


def test_level_is_seldom_said_of_shares_that_differ_by_the_margin() -> None:
    rng = np.random.default_rng(12)
    own, other = rng.binomial(800, 0.7, size=300), rng.binomial(800, 0.6, size=300)
    pairs = zip(own.tolist(), other.tolist(), strict=True)
    called = [compared({"a": (a, 800)}, {"a": (b, 800)})["a"].verdict for a, b in pairs]
    assert called.count("level") / 300 < 0.05


def company(**changed: object) -> Company:
    start = Company(
        name="We",
        voices=100,
        speaking=90,
        customers=80,
        named=100,
        rated=100,
        dated=100,
        first=datetime(2026, 1, 1),
        last=datetime(2026, 6, 1),
        channels={"survey": 60, "web": 40},
        languages={"en": 100},
    )
    return replace(start, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ()),
        ({"channels": {"web": 50}}, ("channels",)),
        ({"channels": {}}, ("channels_unknown",)),
        ({"channels": {"survey": 50, "web": 50}}, ()),
        ({"languages": {"cs": 30, "en": 70}}, ("languages",)),
        ({"first": datetime(2026, 5, 1), "last": datetime(2026, 8, 1)}, ("times",)),
        ({"first": datetime(2026, 1, 10)}, ()),
        ({"first": None, "last": None}, ("times_unknown",)),
        ({"rated": 60}, ("ratings",)),
        ({"named": 40}, ("customers",)),
    ],
)
def test_what_differs_beside_the_company_is_named(changed: dict[str, object], told: tuple[str, ...]) -> None:
    assert cautions(company(), company(**changed), same_file=True) == told


def test_voices_of_different_files_are_to_be_minded() -> None:
    assert cautions(company(), company(), same_file=False) == ("files",)


def test_companies_come_own_first_then_by_those_that_say_something() -> None:
    counts = ("voices", "customers", "named", "rated", "dated")
    heard = [
        {"company": name, "speaking": speaking, "first": None, "last": None, **dict.fromkeys(counts, 50)}
        for name, speaking in (("a", 5), ("", 1), ("b", 9), ("c", 5))
    ]
    told = pa.table({"company": ["b", "b"], "value": ["web", "chat"], "voices": [4, 2]})
    found = company_records(pa.Table.from_pylist(heard), channels=told, languages=told, own="We")
    assert [one.name for one in found] == ["We", "b", "a", "c"]
    assert found[1].channels == {"web": 4, "chat": 2}


def test_an_impossible_margin_is_refused() -> None:
    with pytest.raises(BadOption) as error:
        compared({"a": (1, 2)}, {"a": (1, 2)}, alike=1.0)
    assert str(error.value) == "1 is no difference of shares. Give one between 0 and 1, such as 0.1."
