"""The watch sounds soon after a change, once, and seldom without one."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from forvent.assess.change import watch
from forvent.assess.change.tracks import Track
from forvent.errors import BadOption


def test_a_fall_is_told_soon_and_once(made: ModuleType) -> None:
    rng = np.random.default_rng(1)
    tracks = made.ready(
        [
            made.drawn(rng, made.step(16, of=30), n=50.0),
            *(made.drawn(rng, np.full(30, 0.7), n=50.0, name=str(name)) for name in range(9)),
        ]
    )
    found = [one for one in watch(tracks, rng=rng).soundings if one.track == 0]
    assert len(found) == 1
    assert (found[0].side, found[0].base) == ("lower", 0)
    assert 15 <= found[0].since <= 17
    assert 16 <= found[0].at <= 20


def test_a_rise_is_told_as_higher(made: ModuleType) -> None:
    rng = np.random.default_rng(2)
    rising = made.step(16, of=30, before=0.4, after=0.75)
    found = watch(made.ready([made.drawn(rng, rising, n=50.0)]), rng=rng).soundings
    assert [one.side for one in found] == ["higher"]


def test_the_watch_knows_only_the_past(made: ModuleType) -> None:
    """What comes later may move the limit, but not what was seen: the same periods sound the same."""
    rng = np.random.default_rng(3)
    whole = made.drawn(rng, made.step(12, of=30, after=0.45), n=60.0)
    part = made.track(whole.n[:20], whole.total[:20])
    early, late = (
        watch(made.ready([track]), rng=np.random.default_rng(4)).soundings[0] for track in (part, whole)
    )
    assert (early.side, early.since) == (late.side, late.since)
    assert abs(early.at - late.at) <= 1


def test_one_odd_period_alone_sounds_nothing(made: ModuleType) -> None:
    n = np.full(30, 100.0)
    share = np.resize([0.7, 0.68, 0.72], 30)
    share[20] = 0.0
    assert watch(made.ready([made.track(n, n * share)]), rng=np.random.default_rng(5)).soundings == ()


def test_after_an_alert_the_series_is_silent_for_a_while_and_learns_anew(made: ModuleType) -> None:
    n = np.full(40, 80.0)
    share = np.concatenate((np.full(12, 0.9), np.full(12, 0.6), np.full(16, 0.3)))
    rng = np.random.default_rng(6)
    track = made.ready([made.track(n, n * (share + rng.normal(0, 0.01, 40)))])
    found = watch(track, rng=rng, cooldown=4).soundings
    assert [one.side for one in found] == ["lower", "lower"]
    assert found[1].base == found[0].at
    assert found[1].at - found[0].at > 4


def test_a_long_cooldown_keeps_the_series_silent(made: ModuleType) -> None:
    n = np.full(40, 80.0)
    share = np.concatenate((np.full(12, 0.9), np.full(12, 0.6), np.full(16, 0.3)))
    rng = np.random.default_rng(6)
    track = made.ready([made.track(n, n * (share + rng.normal(0, 0.01, 40)))])
    assert len(watch(track, rng=rng, cooldown=30).soundings) == 1


def test_a_watch_that_may_sound_more_often_has_a_lower_limit(made: ModuleType) -> None:
    tracks = made.ready([made.drawn(np.random.default_rng(7), np.full(30, 0.7), n=50.0)])
    seldom, often = (watch(tracks, rng=np.random.default_rng(8), every=every).limit for every in (200, 20))
    assert often < seldom


def test_a_thin_series_is_not_watched_before_enough_is_learned() -> None:
    n = np.full(12, 1.0)
    track = Track("met", "a", n, n * np.resize([1.0, 0.0], 12), n, 0.25, 0.0, True)
    assert watch([track], rng=np.random.default_rng(9)).soundings == ()


def test_options_that_mean_nothing_are_refused(made: ModuleType) -> None:
    with pytest.raises(BadOption) as error:
        watch([], rng=np.random.default_rng(1), every=1)
    assert str(error.value) == "One false alert in 1 periods. Give at least 2; 50 is usual."
    with pytest.raises(BadOption) as error:
        watch([], rng=np.random.default_rng(1), cooldown=-1)
    assert str(error.value) == "A cooldown of -1 periods. Give 0 or more."
    assert watch([], rng=np.random.default_rng(1)).soundings == ()
