"""What importance by ratings and changed kinds promise, checked by simulation.

Bounds are the level ± 4 standard errors of the simulated share, and what the method itself is known to
miss (stated beside each).
"""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess import contrast, importances, judgements, kind_drift
from forvent.records import Estimate

LEVEL = 0.95
TRUTH = {"a": (-0.3, 0.05), "b": (-0.12, 0.12), "c": (-0.02, 0.15), "d": (0.0, 0.0), "e": (-0.05, 0.02)}
SAID = {"a": 0.25, "b": 0.4, "c": 0.15, "d": 0.3, "e": 0.2}

pytestmark = pytest.mark.slow


def shop(rng, n, *, cause=1.0, noise=0.2):
    """Voices in which some expectations are met and others not; ratings made of it and noise."""
    rating, columns = 0.5 + rng.normal(0.0, noise, n), ([], [], [])
    names = np.array([f"v{at}" for at in range(n)])
    for name, (penalty, reward) in TRUTH.items():
        says, good = rng.random(n) < SAID[name], rng.random(n) < 0.6
        rating += cause * says * np.where(good, reward, penalty)
        places = np.flatnonzero(says)
        columns[0].append(names[places])
        columns[1].append(np.repeat(name, places.size))
        columns[2].append(np.where(good[places], "met", "unmet"))
    voice, expectation, polarity = (np.concatenate(column) for column in columns)
    stage = np.repeat("buy", voice.size)
    mentions = pa.table(
        {
            "voice_id": voice,
            "expectation": expectation,
            "polarity": polarity,
            "stage": stage,
            "touchpoint": stage,
        }
    )
    times = [datetime(2025, 1, 1) + timedelta(hours=at) for at in range(n)]
    return mentions, pa.table({"voice_id": names, "rating": rating, "customer": names, "time": times})


def found_in(mentions, voices, rng, *, rounds=200):
    judged = judgements(mentions, voices=voices)
    return importances(judged, contrast=contrast(judged, rng=rng, rounds=rounds), rng=rng)


def true_shares():
    """Expectations do not go together, so each explains the spread of its own sides, in closed form."""
    spread = {}
    for name, (penalty, reward) in TRUTH.items():
        values, chances = np.array([penalty, reward, 0.0]), SAID[name] * np.array([0.4, 0.6, 0.0])
        chances[2] = 1.0 - SAID[name]
        spread[name] = float(chances @ values**2 - (chances @ values) ** 2)
    whole = sum(spread.values())
    return {name: part / whole for name, part in spread.items()}, whole / (whole + 0.2**2)


def test_intervals_of_importance_cover_the_true_shares():
    runs, rng = 1000, np.random.default_rng(11)
    shares, explained = true_shares()
    held, ranks, whole = {name: [] for name in shares}, [], []
    order = sorted(shares, key=lambda name: -shares[name])
    for _ in range(runs):
        found = found_in(*shop(rng, 800), rng)
        whole.append(found.explained.low <= explained <= found.explained.high)
        for one in found.expectations:
            held[one.expectation].append(
                one.importance.low - 1e-9 <= shares[one.expectation] <= one.importance.high + 1e-9
            )
            if one.expectation in order[:3]:
                ranks.append(one.rank.low <= order.index(one.expectation) + 1 <= one.rank.high)
    error = 4 * np.sqrt(LEVEL * (1 - LEVEL) / runs)
    # Two hundred rounds miss about a point of percentile limits.
    missed = {name: np.mean(one) for name, one in held.items() if np.mean(one) < LEVEL - 0.015 - error}
    assert missed == {}
    assert np.mean(whole) > LEVEL - 0.015 - error
    assert np.mean(ranks) > LEVEL - 0.015


def test_ratings_that_go_with_nothing_make_nothing_important():
    runs, rng = 200, np.random.default_rng(12)
    bases = [found_in(*shop(rng, 400, cause=0.0), rng).basis for _ in range(runs)]
    # Half of what the level leaves lies above; what is left is said to come from how many speak of it.
    assert bases.count("ratings") / runs < 0.025 + 4 * np.sqrt(0.025 / runs)


def test_kinds_that_did_not_change_are_said_to_have_changed_at_most_as_often_as_stated():
    runs, rng, became, differ = 200, np.random.default_rng(13), 0, 0
    for _ in range(runs):
        mentions, voices = shop(rng, 1000)
        drift = kind_drift(mentions, voices=voices, rng=rng, rounds=200)
        became += any(one.became for one in drift.changes)
        differ += any(one.verdict == "differs" for one in drift.changes)
    # Where nothing differs any discovery is a false one: at most one run in twenty has one.
    assert differ / runs < 1 - LEVEL + 4 * np.sqrt(0.05 * 0.95 / runs)
    assert became / runs < 0.02


def test_a_kind_that_turned_is_found():
    rng, found = np.random.default_rng(14), 0
    for _ in range(20):
        mentions, voices = shop(rng, 3000)
        turned = dict(zip(("voice_id", "expectation"), ([], []), strict=True))
        says, good = rng.random(3000) < 0.4, rng.random(3000) < 0.5
        late = np.arange(3000) >= 1500
        sides = np.where(good, np.where(late, 0.02, 0.3), np.where(late, -0.3, -0.02))
        names = voices["voice_id"].to_numpy(zero_copy_only=False)
        voices = voices.set_column(1, "rating", pa.array(voices["rating"].to_numpy() + says * sides))
        turned["voice_id"] = names[says].tolist()
        count = len(turned["voice_id"])
        more = pa.table(
            {
                "voice_id": turned["voice_id"],
                "expectation": ["wifi"] * count,
                "polarity": np.where(good[says], "met", "unmet").tolist(),
                "stage": ["buy"] * count,
                "touchpoint": ["buy"] * count,
            }
        )
        drift = kind_drift(pa.concat_tables([mentions, more]), voices=voices, rng=rng, rounds=200)
        found += {one.name: one.became for one in drift.changes}["wifi"] == "basic"
        assert all(isinstance(one.penalty, Estimate) for one in drift.changes)
    assert found >= 18
