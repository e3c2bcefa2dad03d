"""What the report reads off gaps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forvent.records import Estimate, Findings, Gap, MentionCounts, NotEnough
from forvent.report.verdicts import last_stage, plane, verdict, worst_stage

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


def test_the_cross_hair_stands_at_the_means() -> None:
    found = plane([gap("a", got=0.2), gap("b", got=0.5), gap("c", got=0.8)])
    assert found is not None
    assert found.got == pytest.approx(0.5)
    assert found.importance == pytest.approx(0.1)


def test_a_point_has_a_field_only_where_neither_interval_crosses_the_cross_hair() -> None:
    sure = Estimate(0.4, 0.35, 0.5, 40)
    low = Estimate(0.1, 0.05, 0.15, 40)
    wide = Estimate(0.4, 0.05, 0.7, 40)
    placed = plane(
        [
            replace(gap("work", got=0.1), importance=sure),
            replace(gap("keep", got=0.9), importance=sure),
            replace(gap("later", got=0.1), importance=low),
            replace(gap("relax", got=0.9), importance=low),
            replace(gap("unsure", got=0.1), importance=wide),
            replace(gap("middle", got=0.42), importance=sure),
        ]
    )
    assert placed is not None
    fields = {point.gap.expectation: point.field for point in placed.points}
    assert fields.pop("unsure") == "undecided"
    assert fields.pop("middle") == "undecided"
    assert all(name == field for name, field in fields.items())


def test_expectations_without_a_number_are_not_placed(findings: Findings) -> None:
    found = plane(findings.gaps)
    assert found is not None
    assert len(found.points) == sum(isinstance(one.got, Estimate) for one in findings.gaps)


def test_two_points_make_no_picture() -> None:
    assert plane([gap("a"), gap("b")]) is None
