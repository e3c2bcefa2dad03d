"""Stated levels beside what was got."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess import compare_levels, level_gap, paired_levels, stated_levels
from forvent.records import NotEnough
from forvent.tables import EPISODES, MENTIONS, VOICES, arrow_schema

HOUR = 3600.0


def test_only_mentions_with_a_duration_hold_levels(engine):
    rows = [
        {"voice_id": "b", "expectation": "on_time", "level_seconds": 2 * HOUR},
        {"voice_id": "a", "expectation": "on_time", "experienced_seconds": 5 * HOUR},
        {"voice_id": "c", "expectation": "fair_price", "level_value": 20.0, "level_unit": "EUR"},
    ]
    table = pa.Table.from_pylist(rows, schema=arrow_schema(MENTIONS))
    found = engine.collect(stated_levels(engine.table(table)))
    assert found["voice_id"].to_pylist() == ["a", "b"]
    assert found["level_seconds"].to_pylist() == [None, 2 * HOUR]


def test_medians_have_the_interval_of_order_statistics():
    found = compare_levels(
        "fast_response", stated=[HOUR * n for n in range(1, 11)], experienced=[np.nan, 9 * HOUR]
    )
    assert (found.stated_median.value, found.stated_median.low, found.stated_median.high) == (
        5.5 * HOUR,
        2 * HOUR,
        9 * HOUR,
    )
    assert found.experienced == (9 * HOUR,)
    assert isinstance(found.delivered_median, NotEnough)


def test_delivered_is_what_the_episodes_record_where_there_are_any():
    stated, told, recorded = [HOUR] * 8, [30 * HOUR] * 8, [10 * HOUR] * 8
    with_record = compare_levels("on_time", stated=stated, experienced=told, delivered=recorded)
    assert with_record.delivered_median.value == 10 * HOUR
    assert compare_levels("on_time", stated=stated, experienced=told).delivered_median.value == 30 * HOUR


def test_long_series_are_thinned_and_keep_their_shape():
    values = np.random.default_rng(1).gamma(2.0, HOUR, 50_000)
    found = compare_levels("on_time", stated=values, experienced=[])
    assert len(found.stated) == 501
    assert (found.stated[0], found.stated[-1]) == (values.min(), values.max())
    assert abs(found.stated[250] - np.median(values)) < 10
    assert found.stated_median.n == 50_000


def test_fewer_than_six_levels_are_not_enough_at_95_percent():
    few = compare_levels("on_time", stated=[HOUR] * 5, experienced=[]).stated_median
    assert few == NotEnough(n=5, needed=6, why="a quantile at level 0.95 needs 6 values")


DAY = 24 * HOUR


@pytest.fixture
def pairs(engine):
    def make(*, level, polarity="unmet", expectation="on_time", episode=None, **mention):
        told = {"voice_id": "a", "expectation": expectation, "polarity": polarity, "level_seconds": level}
        tables = [
            engine.table(pa.Table.from_pylist(rows, schema=arrow_schema(columns)))
            for rows, columns in (
                ([{"voice_id": "a", "customer": "c", "episode": "o"}], VOICES),
                ([told | mention], MENTIONS),
                ([{"episode": "o", "cancelled": False} | (episode or {})], EPISODES),
            )
        ]
        found = paired_levels(tables[0], mentions=tables[1], episodes=tables[2])
        return engine.collect(found).to_pylist()

    return make


@pytest.mark.parametrize(
    ("level", "delivered", "took"),
    [
        # Whole days are counted by the calendar: ordered on the first, there on the third.
        (2 * DAY, datetime(2024, 5, 3, 23), 2 * DAY),
        (2 * DAY, datetime(2024, 5, 4, 1), 3 * DAY),
        # Hours are not.
        (30 * HOUR, datetime(2024, 5, 3, 0), 36 * HOUR),
        (2 * DAY, None, None),
    ],
)
def test_a_stated_level_stands_beside_what_the_record_of_its_episode_says(pairs, level, delivered, took):
    (row,) = pairs(level=level, episode={"start": datetime(2024, 5, 1, 12), "delivered": delivered})
    assert (row["stated_seconds"], row["delivered_seconds"]) == (level, took)


def test_what_was_met_counts_as_much_as_what_was_missed(pairs):
    assert [len(pairs(level=DAY, polarity=polarity)) for polarity in ("met", "unmet", "wished")] == [1, 1, 1]


def test_a_delivery_says_nothing_of_how_soon_somebody_answered(pairs):
    times = {"start": datetime(2024, 5, 1), "delivered": datetime(2024, 5, 2)}
    (row,) = pairs(level=HOUR, expectation="fast_response", episode=times)
    assert row["delivered_seconds"] is None


def test_a_cancelled_episode_delivers_nothing(pairs):
    times = {"start": datetime(2024, 5, 1), "delivered": datetime(2024, 5, 2), "cancelled": True}
    assert pairs(level=DAY, episode=times)[0]["delivered_seconds"] is None


def test_without_episodes_voices_are_paired_with_what_they_say(engine):
    tables = [
        engine.table(pa.Table.from_pylist(rows, schema=arrow_schema(columns)))
        for rows, columns in (
            ([{"voice_id": "a"}], VOICES),
            ([{"voice_id": "a", "level_seconds": DAY, "experienced_seconds": 2 * DAY}], MENTIONS),
        )
    ]
    (row,) = engine.collect(paired_levels(tables[0], mentions=tables[1])).to_pylist()
    assert (row["experienced_seconds"], row["delivered_seconds"]) == (2 * DAY, None)


def test_the_paired_gap_by_hand():
    # Two days expected by all, 1, 2, 2, 3, 5, 9, 40 got: four of seven waited longer, one day in the middle.
    got = [DAY * days for days in (1, 2, 2, 3, 5, 9, 40)]
    found = level_gap([2 * DAY] * 7, got=got, customers=np.arange(7), basis="record")
    assert (found.basis, found.n, found.gap.value, found.longer.value) == ("record", 7, DAY, 4 / 7)
    assert found.gap.low < found.gap.value < found.gap.high
    assert (round(found.longer.low, 3), round(found.longer.high, 3)) == (0.25, 0.842)


def test_pairs_with_one_half_are_left_out_and_few_are_not_enough():
    found = level_gap([DAY] * 9, got=[DAY] * 4 + [np.nan] * 5, customers=np.arange(9), basis="said")
    assert found.n == 4
    assert found.gap == NotEnough(4, 5, "too few customers name both what they expected and got")


def test_one_customer_who_says_it_ten_times_is_not_enough():
    found = level_gap([DAY] * 10, got=[2 * DAY] * 10, customers=np.zeros(10, dtype=np.int64), basis="said")
    assert isinstance(found.longer, NotEnough)


def test_customers_who_repeat_make_the_share_less_sure():
    got = np.repeat([DAY, 3 * DAY], 30)
    alone = level_gap([2 * DAY] * 60, got=got, customers=np.arange(60), basis="said").longer
    often = level_gap([2 * DAY] * 60, got=got, customers=np.arange(60) // 5, basis="said").longer
    assert often.value == alone.value == 0.5
    assert often.high - often.low > 1.5 * (alone.high - alone.low)
