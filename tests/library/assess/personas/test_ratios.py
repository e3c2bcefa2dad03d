"""Weighted shares and means, against the plain ones and by simulation."""

import numpy as np
import pytest

from forvent.assess.personas.ratios import judged_rows, ratio
from forvent.records import NotEnough
from forvent.stats import wilson
from forvent.stats.clusters import ClusterSums, clustered_share

CODES = np.zeros(60, dtype=np.int64)


def sums(content, judged, weights):
    rows = judged_rows(
        np.arange(content.size), CODES[: content.size], content=content, judged=judged, things=1
    )
    return rows.weighed(weights)[:, 0]


def test_one_voice_a_customer_with_full_weight_is_nearly_wilsons_share():
    content = np.repeat([1.0, 0.0], [36, 24])
    found = ratio(sums(content, np.ones(60), np.ones(60)), level=0.95).estimate
    plain = wilson(36, 60)
    assert (found.value, found.n) == (0.6, 60)
    assert (found.low, found.high) == (
        pytest.approx(plain.low, abs=0.003),
        pytest.approx(plain.high, abs=0.003),
    )


def test_customers_with_several_voices_are_the_clusters_of_the_market_page():
    rng = np.random.default_rng(2)
    judged = rng.integers(1, 5, size=60).astype(float)
    content = np.where(rng.random(60) < 0.5, judged, 0.0)
    found = ratio(sums(content, judged, np.ones(60)), level=0.95)
    plain = clustered_share(
        ClusterSums(
            60,
            int(judged.sum()),
            content.sum(),
            (judged**2).sum(),
            (content**2).sum(),
            (content * judged).sum(),
        )
    )
    assert found.effective == pytest.approx(plain.effective, rel=1e-6)


def test_half_a_customer_counts_half():
    content = np.repeat([1.0, 0.0], [30, 30])
    found = ratio(sums(content, np.ones(60), np.full(60, 0.5)), level=0.95).estimate
    assert (found.value, found.n) == (0.5, 30)


def test_four_customers_are_too_few():
    found = ratio(sums(np.ones(4), np.ones(4), np.ones(4)), level=0.95)
    assert found == NotEnough(4, 5, "too few customers say so")


def test_ratings_that_all_agree_still_have_an_interval():
    found = ratio(sums(np.ones(8), np.ones(8), np.ones(8)), level=0.95, bounded=True).estimate
    assert found.value == found.high == 1.0
    assert found.low < 0.75


def test_rows_of_customers_and_rows_of_patterns_give_the_same():
    rng = np.random.default_rng(3)
    unit, thing = rng.integers(40, size=500), rng.integers(4, size=500)
    rows = judged_rows(unit, thing, content=rng.random(500), judged=np.ones(500), things=4)
    place = rng.integers(-1, 3, size=40)
    summed = rows.by(place)
    weights = rng.random(3)
    single = np.where(place >= 0, weights[place], 0.0)
    assert len(summed.unit) == 12
    assert summed.weighed(weights) == pytest.approx(rows.weighed(single))
