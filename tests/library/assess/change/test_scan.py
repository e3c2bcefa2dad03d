"""Change points are found where they are, and not where there are none."""

from __future__ import annotations

import itertools
from types import ModuleType

import numpy as np
import pytest

from forvent.assess.change import scan
from forvent.assess.change.noise import fit
from forvent.assess.change.scan import _best_cuts, _ends, _gains
from forvent.assess.change.tracks import Track
from forvent.errors import BadOption


def test_a_fall_is_found_where_it_is(made: ModuleType) -> None:
    rng = np.random.default_rng(1)
    tracks = made.ready(
        [
            made.drawn(rng, made.step(12, of=24), n=50.0, name="fell"),
            *(made.drawn(rng, np.full(24, 0.7), n=50.0, name=f"calm{place}") for place in range(9)),
        ]
    )
    found = scan(tracks, rng=rng)
    assert [len(splits) for splits in found.splits] == [1] + [0] * 9
    split = found.splits[0][0]
    assert split.first <= 12 <= split.last
    assert abs(split.at - 12) <= 1
    assert found.chance[0] <= 0.01


def test_a_fall_that_was_made_good_is_found_as_two_changes(made: ModuleType) -> None:
    rng = np.random.default_rng(2)
    share = np.full(30, 0.9)
    share[10:16] = 0.5
    found = scan(made.ready([made.drawn(rng, share, n=40.0)]), rng=rng)
    assert [split.at for split in found.splits[0]] == [10, 16]


def test_one_odd_period_is_no_change(made: ModuleType) -> None:
    n = np.full(24, 50.0)
    share = np.resize([0.7, 0.68, 0.72], 24)
    share[12] = 0.2
    assert scan(made.ready([made.track(n, n * share)]), rng=np.random.default_rng(3)).splits == ((),)


def test_growing_volume_is_no_change(made: ModuleType) -> None:
    rng = np.random.default_rng(4)
    grown = np.linspace(5, 300, 30)
    tracks = made.ready([made.drawn(rng, np.full(30, 0.7), n=grown, name=str(name)) for name in range(12)])
    assert scan(tracks, rng=rng).splits == ((),) * 12


def test_periods_that_scatter_are_no_change(made: ModuleType) -> None:
    rng = np.random.default_rng(5)
    tracks = made.ready(
        [made.drawn(rng, np.full(24, 0.7), n=60.0, extra=0.08, name=str(name)) for name in range(12)]
    )
    assert scan(tracks, rng=rng).splits == ((),) * 12


def test_rare_things_said_in_a_thin_beginning_are_no_change(made: ModuleType) -> None:
    """Two of the first thirty voices, then one in a hundred: seldom, but among fifty series no news."""
    n = np.concatenate(([10.0, 20.0], np.full(22, 200.0)))
    total = np.concatenate(([1.0, 1.0], np.resize([1.0, 2.0, 3.0, 2.0], 22)))
    rng = np.random.default_rng(6)
    rare = [made.track(n, total, name=str(name), measure="reach") for name in range(20)]
    assert not any(scan(made.ready(rare), rng=rng).splits)


def test_empty_periods_are_stepped_over(made: ModuleType) -> None:
    n = np.tile([50.0, 0.0], 12)
    share = made.step(12, of=24)
    found = scan(made.ready([made.track(n, n * share)]), rng=np.random.default_rng(7))
    assert [split.at for split in found.splits[0]] == [12]


def test_a_change_of_ratings_is_found() -> None:
    rng = np.random.default_rng(10)
    n = np.full(24, 60.0)
    mean = np.where(np.arange(24) < 14, 0.75, 0.65) + rng.normal(0, 0.25 / np.sqrt(60), 24)
    track = Track("rating", "", n, n * mean, n, 0.0625, 0.0, False)
    found = scan([track], rng=rng)
    assert abs(found.splits[0][0].at - 14) <= 2


def test_the_cuts_are_the_best_of_all_there_are(made: ModuleType) -> None:
    rng = np.random.default_rng(9)
    for _ in range(20):
        track = made.drawn(rng, rng.choice([0.3, 0.8], 9), n=25.0)
        ends = _ends(track, track.value(), worth=track.effective)

        def gain(cuts: tuple[int, ...], penalty: float = 6.0, ends=ends) -> float:  # type: ignore[no-untyped-def]
            edges = [0, *cuts, 9]
            return sum(float(ends.fit(a, b)[0]) for a, b in itertools.pairwise(edges)) - penalty * len(cuts)

        allowed = [
            cuts
            for count in range(5)
            for cuts in itertools.combinations(range(2, 8), count)
            if all(b - a >= 2 for a, b in itertools.pairwise([0, *cuts, 9]))
        ]
        found = tuple(_best_cuts(ends, worth=track.effective, penalty=6.0))
        assert gain(found) == pytest.approx(max(gain(cuts) for cuts in allowed))


def test_the_gain_of_one_cut_is_the_likelihood_ratio(made: ModuleType) -> None:
    n = np.full(6, 10.0)
    track = made.track(n, np.array([8.0, 8.0, 8.0, 2.0, 2.0, 2.0]))
    parts = fit(track, np.array([24.0, 6.0]), weight=np.array([30.0, 30.0])).sum()
    ratio = parts - float(fit(track, np.array(30.0), weight=np.array(60.0)))
    values = track.value()
    # The jump itself looks like a little scatter, which takes from the gain.
    assert 0.5 * ratio < float(_gains(track, values, worth=n)) <= ratio


def test_no_series_have_no_changes() -> None:
    assert scan([], rng=np.random.default_rng(1)).splits == ()


def test_a_share_of_false_alarms_that_cannot_be_kept_is_refused(made: ModuleType) -> None:
    n = np.full(8, 10.0)
    with pytest.raises(BadOption) as error:
        scan([made.track(n, n * 0.5)], rng=np.random.default_rng(1), false_alarms=0.001, rounds=99)
    assert str(error.value) == (
        "A share of false alarms of 0.001 cannot be kept with 99 rounds. "
        "Give one between 0 and 1, or more rounds."
    )
