"""Stated levels beside what was got."""

import numpy as np
import pyarrow as pa

from forvent.assess import compare_levels, stated_levels
from forvent.records import NotEnough
from forvent.tables import MENTIONS, arrow_schema

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
