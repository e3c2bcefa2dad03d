"""What the report reads off gaps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forvent.records import Estimate, Findings, Gap, MentionCounts, NotEnough
from forvent.report.verdicts import last_stage, placed, plane, verdict, worst_stage

FEW = NotEnough(4, 5, "few")


def gap(name: str, *, stage: str = "receive", low: float = -0.2, high: float = -0.1, got: float = 0.5) -> Gap:
    """A gap whose interval is given."""
    shown = Estimate(got, got - 0.05, got + 0.05, 40)
    distance = Estimate((low + high) / 2, low, high, 40)
    counts = MentionCounts(20, 20, 0, 0)
    weight = Estimate(0.1, 0.08, 0.12, 40)
    return Gap(name, stage, None, counts, shown, shown, distance, "ratings", weight, weight, "basic")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.2, -0.01, "short"),
        (0.01, 0.2, "above"),
        (-0.1, 0.1, "undecided"),
        (-0.1, 0.0, "undecided"),
        (0.0, 0.1, "undecided"),
    ],
)
def test_a_gap_is_decided_only_if_its_whole_interval_is_on_one_side(
    low: float, high: float, said: str
) -> None:
    assert verdict(Estimate(0.0, low, high, 40)) == said


def test_too_few_voices_are_no_verdict() -> None:
    assert verdict(FEW) == "unknown"


def test_the_worst_stage_is_that_of_the_first_sure_gap() -> None:
    gaps = [gap("a", stage="buy", high=0.1), gap("b", stage="use"), gap("c", stage="receive")]
    assert worst_stage(gaps) == "use"


def test_there_is_no_worst_stage_where_nothing_surely_falls_short() -> None:
    assert worst_stage([gap("a", high=0.1)]) is None


def test_the_last_stage_is_the_last_that_enough_voices_judge() -> None:
    gaps = [gap("a", stage="get_help"), gap("b", stage="buy"), replace(gap("c", stage="stay"), got=FEW)]
    assert last_stage(gaps) == "get_help"
    assert last_stage([]) is None


def test_a_point_has_a_field_only_where_neither_interval_crosses_the_cross_hair() -> None:
    sure, low, wide = (Estimate(0.4, *ends, 40) for ends in ((0.35, 0.5), (0.35, 0.5), (0.05, 0.7)))
    low = Estimate(0.1, 0.05, 0.15, 40)
    few, many = Estimate(0.1, 0.05, 0.2, 40), Estimate(0.9, 0.8, 0.95, 40)
    known = [
        ("work", few, sure, "concentrate_here"),
        ("keep", many, sure, "keep_up"),
        ("later", few, low, "low_priority"),
        ("relax", many, low, "possible_overkill"),
        # Judged sure, but its own interval crosses; and the other way round.
        ("crossing", few, wide, "concentrate_here"),
        ("unsure", few, sure, "undecided"),
        ("unknown", FEW, sure, "undecided"),
    ]
    found = placed(known, got=0.5, importance=0.3)
    fields = {point.name: point.field for point in found.points}
    assert fields.pop("crossing") == fields.pop("unsure") == "undecided"
    assert "unknown" not in fields
    assert all(name == field for name, field in fields.items())
    assert len(fields) == 4


def test_expectations_without_a_number_are_not_placed(findings: Findings) -> None:
    found = plane(findings.importance)
    assert found is not None
    assert findings.importance is not None
    both = [
        one
        for one in findings.importance.expectations
        if isinstance(one.performance, Estimate) and isinstance(one.importance, Estimate)
    ]
    assert len(found.points) == len(both) < len(findings.importance.expectations)
    assert (found.got, found.importance) == (
        findings.importance.performance_line,
        findings.importance.importance_line,
    )


def test_without_a_cross_hair_there_is_no_picture(findings: Findings) -> None:
    assert plane(None) is None
    assert findings.importance is not None
    assert plane(replace(findings.importance, performance_line=None)) is None
