"""Segments that the business names: counted exactly, told beside the rest."""

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.personas import customers, segments
from forvent.stats import wilson


def with_traits(made, traits):
    return customers(made.heard, mentions=made.mentions, traits=traits)


@pytest.fixture
def planned(crowd):
    """Customers whose plan is their true group, but for some without a plan."""
    made = crowd(mix=(0.6, 0.3, 0.1), met=(0.4, 0.7, 0.7), contrast=8.0)
    named = np.flatnonzero(np.arange(made.group.size) % 10 != 0)
    people = made.heard["person"].take(named)
    plans = np.array(["basic", "family", "business"])[made.group[named]]
    return made, pa.table({"person": people, "column": ["plan"] * named.size, "value": plans}), plans


def test_segments_are_sized_and_counted_as_they_are(planned):
    made, traits, plans = planned
    found = segments(with_traits(made, traits), column="plan")
    assert [one.value for one in found.segments] == ["basic", "family", "business"]
    assert (found.customers, found.unknown, found.left_out) == (1500, 150, 0)
    for segment in found.segments:
        count = int((plans == segment.value).sum())
        assert segment.group.customers == count
        assert segment.group.size == wilson(count, 1500)


def test_shares_of_a_segment_are_those_of_its_customers(planned):
    made, traits, _ = planned
    found = segments(with_traits(made, traits), column="plan").segments[0].group
    inside = (made.group == 0) & (np.arange(1500) % 10 != 0)
    for one in found.expectations:
        place = int(one.expectation[1:])
        assert one.mentioned.share.value == pytest.approx(made.said[inside, place].mean())
        assert one.mentioned.rest.value == pytest.approx(made.said[~inside, place].mean())


def test_what_sets_a_segment_apart_is_found_and_what_does_not_is_left_undecided(planned):
    made, traits, _ = planned
    found = {one.value: one.group for one in segments(with_traits(made, traits), column="plan").segments}
    more = {one.expectation for one in found["basic"].expectations if one.mentioned.verdict == "more"}
    assert more >= {"e00", "e01", "e02", "e03"}
    assert {one.verdict for one in found["basic"].expectations[:3]} == {"worse"}
    chance = pa.table({"person": made.heard["person"], "column": ["plan"] * 1500, "value": list("abc") * 500})
    nothing = segments(with_traits(made, chance), column="plan")
    verdicts = [one.mentioned.verdict for each in nothing.segments for one in each.group.expectations]
    assert verdicts.count("undecided") == len(verdicts)


def test_small_segments_are_left_out_and_counted(crowd):
    made = crowd(n=200)
    values = ["large"] * 181 + ["small"] * 19
    traits = pa.table({"person": made.heard["person"], "column": ["plan"] * 200, "value": values})
    found = segments(with_traits(made, traits), column="plan")
    assert ([one.value for one in found.segments], found.left_out) == (["large"], 1)


def test_a_customer_of_two_segments_counts_in_both(crowd):
    made = crowd(n=200)
    people = made.heard["person"].to_pylist()
    traits = pa.table(
        {"person": people + people[:100], "column": ["plan"] * 300, "value": ["a"] * 200 + ["b"] * 100}
    )
    found = segments(with_traits(made, traits), column="plan")
    assert [one.group.customers for one in found.segments] == [200, 100]


def test_a_column_that_nobody_has_leaves_all_unknown(crowd):
    found = segments(crowd(n=50).customers, column="country")
    assert (found.column, found.segments, found.unknown, found.left_out) == ("country", (), 50, 0)


def test_customers_who_mention_too_little_are_sized_and_nothing_is_compared(crowd):
    made = crowd(n=30, groups=1, expectations=30, contrast=1.0)
    traits = pa.table({"person": made.heard["person"], "column": ["plan"] * 30, "value": ["a"] * 30})
    found = segments(with_traits(made, traits), column="plan")
    assert found.segments[0].group.customers == 30
    assert all(one.mentioned.verdict == "not enough data" for one in found.segments[0].group.expectations)
