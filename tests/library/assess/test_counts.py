"""Voices counted by what they say, and the share that find it met."""

import pyarrow as pa

from forvent.assess import counts_by_expectation, share_met
from forvent.records import MentionCounts, NotEnough
from forvent.tables import MENTIONS, arrow_schema


def test_counts_voices_by_expectation_and_by_touchpoint(engine):
    said = [
        ("on_time", "receive", "door", "unmet"),
        ("on_time", "receive", "shop", "met"),
        ("on_time", "receive", "door", "unmet"),
        ("choice", "choose", "shop", "mixed"),
        ("choice", "choose", "shop", "wished"),
    ]
    names = ("expectation", "stage", "touchpoint", "polarity")
    rows = pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) for row in said], schema=arrow_schema(MENTIONS)
    )
    counts = engine.collect(counts_by_expectation(engine.table(rows)))
    assert counts.to_pylist() == [
        {"expectation": "choice", "stage": "choose", "met": 0, "unmet": 0, "mixed": 1, "wished": 1},
        {"expectation": "on_time", "stage": "receive", "met": 1, "unmet": 2, "mixed": 0, "wished": 0},
    ]
    there = engine.collect(counts_by_expectation(engine.table(rows), by=("expectation", "touchpoint")))
    assert there["unmet"].to_pylist() == [0, 2, 0]
    assert there.schema.field("unmet").type == pa.int64()


def test_a_mixed_voice_is_half_met_and_a_wish_does_not_judge():
    share = share_met(MentionCounts(met=3, unmet=5, mixed=2, wished=7))
    assert (share.value, share.n) == (0.4, 10)


def test_four_judging_voices_are_not_enough():
    few = share_met(MentionCounts(met=3, unmet=0, mixed=1, wished=9))
    assert few == NotEnough(n=4, needed=5, why="too few voices say whether it was met")
