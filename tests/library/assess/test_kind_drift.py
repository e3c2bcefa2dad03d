"""Kinds in the two halves of the time of the voices."""

from datetime import datetime, timedelta

import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest

from forvent.assess import kind_drift, timed_voices

START = datetime(2025, 1, 1)


@pytest.fixture
def run(table_of):
    """Voices of a year; each expectation has sides of its own in either half."""

    def make(halves, *, n=3000, seed=2, order=None):
        rng = np.random.default_rng(seed)
        rating, rows = 0.5 + rng.normal(0.0, 0.12, n), []
        for name, sides in halves.items():
            says, good = rng.random(n) < 0.4, rng.random(n) < 0.5
            for at in np.flatnonzero(says):
                penalty, reward = sides[int(at >= n / 2)]
                rating[at] += reward if good[at] else penalty
                rows.append((f"v{at}", name, "met" if good[at] else "unmet"))
        names = [f"v{at}" for at in range(n)]
        voices = pa.table(
            {
                "voice_id": names,
                "rating": rating,
                "customer": names,
                "time": [START + timedelta(hours=at) for at in range(n)],
            }
        )
        return table_of(rows), voices if order is None else voices.take(order)

    return make


def drift(run_, **options):
    mentions, voices = run_
    return kind_drift(mentions, voices=voices, rng=np.random.default_rng(2), rounds=200, **options)


def test_what_was_exciting_and_is_expected_now_looks_as_if_it_became_basic(run):
    found = drift(run({"wifi": ((-0.02, 0.3), (-0.3, 0.02)), "staff": ((-0.2, 0.2), (-0.2, 0.2))}))
    changes = {one.name: one for one in found.changes}
    wifi, staff = changes["wifi"], changes["staff"]
    assert (wifi.before, wifi.after, wifi.became) == ("excitement", "basic", "basic")
    assert wifi.penalty.value == pytest.approx(-0.28, abs=0.04)
    assert (staff.became, staff.verdict) == ("", "no difference found")
    assert found.voices == (1500, 1500)
    assert found.parted == START + timedelta(hours=1499)
    assert (found.first, found.last) == (START, START + timedelta(hours=2999))


def test_the_order_of_the_rows_does_not_matter(run):
    halves = {"wifi": ((-0.02, 0.3), (-0.3, 0.02))}
    turned = drift(run(halves, n=600, order=np.arange(600)[::-1]))
    assert turned == drift(run(halves, n=600))


def test_voices_of_one_moment_are_not_parted(run):
    mentions, voices = run({"wifi": ((-0.1, 0.1), (-0.1, 0.1))}, n=600)
    same = voices.set_column(3, "time", pa.array([START] * 600))
    assert drift((mentions, same)) is None


def test_too_few_voices_are_not_parted(run):
    assert drift(run({"wifi": ((-0.1, 0.1), (-0.1, 0.1))}, n=199)) is None


def test_an_expectation_of_one_half_only_is_not_compared(run):
    mentions, voices = run({"wifi": ((-0.1, 0.1), (-0.1, 0.1)), "new": ((0.0, 0.0), (-0.3, 0.1))}, n=800)
    late = {f"v{at}" for at in range(400, 800)}
    keep = [
        expectation == "wifi" or voice in late
        for expectation, voice in zip(
            mentions["expectation"].to_pylist(), mentions["voice_id"].to_pylist(), strict=True
        )
    ]
    found = drift((mentions.filter(pa.array(keep)), voices))
    assert {one.name: one.verdict for one in found.changes}["new"] == "not enough data"


def test_only_rated_voices_with_a_time_and_words_are_taken(engine):
    rows = [
        {"voice_id": "a", "rating": 1.0, "customer": "c", "content_free": False, "time": START},
        {"voice_id": "b", "rating": None, "customer": "c", "content_free": False, "time": START},
        {"voice_id": "c", "rating": 1.0, "customer": "c", "content_free": True, "time": START},
        {"voice_id": "d", "rating": 1.0, "customer": None, "content_free": False, "time": None},
    ]
    found = engine.collect(timed_voices(engine.table(pa.Table.from_pylist(rows))))
    assert found["voice_id"].to_pylist() == ["a"]
    assert found.column_names == ["voice_id", "rating", "customer", "time"]
    assert nw.from_native(found).shape == (1, 4)
