"""The watch: as seldom false as stated, as fast as documented."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.adjust.alarm import Side, alarms_on, cases_until, watch_on
from forvent.errors import BadOption
from forvent.records import Alarm

DAY = 86_400.0


def sounded(
    kept: np.ndarray, *, every: float = 500, level: float = 0.95, cooldown: int = 50
) -> tuple[Alarm, ...]:
    return alarms_on(
        kept, DAY * np.arange(kept.size), level=level, false_alarm_every=every, cooldown=cooldown
    )


def first_places(share: float, *, rounds: int, seed: int, every: float = 500) -> np.ndarray:
    """Case at which the first alarm sounds, in each of many records."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        alarm = sounded(rng.random(1_500) < share, every=every, cooldown=1_500)[0]
        found.append((alarm.at - datetime(1970, 1, 1)).days + 1)
    return np.array(found)


@pytest.mark.parametrize(("level", "every"), [(0.95, 500), (0.95, 2000), (0.9, 500), (0.8, 500)])
def test_false_alarms_come_as_seldom_as_stated(level: float, every: float) -> None:
    # One long record without cooldown: its alarms are renewals, as far apart as the run length says.
    n = 100_000 if every == 500 else 200_000
    false = len(sounded(np.random.default_rng(7).random(n) < level, every=every, level=level, cooldown=0))
    watch = watch_on(level, false_alarm_every=every)
    assert watch.every >= every
    expected = n / watch.every
    # Runs vary about as much as their mean, so the count has a deviation of at most about √expected.
    assert abs(false - expected) <= 4 * np.sqrt(expected)


def test_the_run_length_is_that_of_simulated_records() -> None:
    side = watch_on(0.95, false_alarm_every=500).below
    places = first_places(0.8, rounds=200, seed=8)
    error = places.std() / np.sqrt(places.size)
    assert places.mean() == pytest.approx(cases_until(side, kept=0.8), abs=4 * error)


@pytest.mark.parametrize(("every", "told"), [(500, 45), (2000, 64)])
def test_a_fall_from_95_to_85_percent_is_noticed_after_so_many_cases(every: float, told: int) -> None:
    # Documented in docs/formulas/adjust-margin.md#alarm.
    watch = watch_on(0.95, false_alarm_every=every)
    assert cases_until(watch.below, kept=0.85) == pytest.approx(told, abs=1.5)
    places = first_places(0.85, rounds=200, seed=9, every=every)
    assert places.mean() == pytest.approx(told, abs=1.5 + 4 * places.std() / np.sqrt(places.size))


def test_a_fall_in_the_midst_of_a_record_is_told_with_side_and_share() -> None:
    rng = np.random.default_rng(10)
    kept = np.concatenate([rng.random(400) < 0.95, rng.random(400) < 0.75])
    alarms = [alarm for alarm in sounded(kept, every=2000) if alarm.at >= datetime(1971, 2, 5)]
    assert alarms[0].side == "below"
    assert alarms[0].at < datetime(1971, 4, 5)
    assert 0.5 < alarms[0].kept_lately < 0.85
    assert alarms[0].n < 80


def test_a_padded_promise_sounds_on_the_other_side() -> None:
    alarms = sounded(np.ones(300, dtype=bool), every=500)
    assert {alarm.side for alarm in alarms} == {"above"}
    assert alarms[0].kept_lately == 1.0
    assert alarms[0].n == alarms[0].at.timetuple().tm_yday


def test_after_an_alarm_it_is_silent_for_the_cooldown_and_then_starts_afresh() -> None:
    kept = np.zeros(100, dtype=bool)
    eager = [alarm.at for alarm in sounded(kept, cooldown=0)]
    calm = [alarm.at for alarm in sounded(kept, cooldown=30)]
    run = eager[1] - eager[0]
    assert eager[0] == calm[0]
    assert calm[1] - calm[0] == run + 30 * (datetime(1970, 1, 2) - datetime(1970, 1, 1))


def test_a_promise_kept_as_often_as_it_says_is_left_in_peace() -> None:
    # Every twentieth breaks, regularly.
    assert sounded(np.arange(5000) % 20 != 0, every=500) == ()


def test_three_in_a_row_by_hand() -> None:
    # Two, then six, then fourteen tosses of a coin until one, two, three heads in a row.
    for limit, tosses in [(1, 2.0), (2, 6.0), (3, 14.0)]:
        side = Side(rise=1, fall=limit, limit=limit, on_broken=True)
        assert cases_until(side, kept=0.5) == pytest.approx(tosses)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 0.97), st.sampled_from([50.0, 500.0]))
def test_every_level_gets_limits_that_hold_the_run_length(level: float, every: float) -> None:
    watch = watch_on(level, false_alarm_every=every)
    assert watch.every >= every
    for side in (watch.below, watch.above):
        assert cases_until(side, kept=level) >= 2 * every
        lower = Side(side.rise, side.fall, side.limit - 1, side.on_broken)
        assert side.limit == 1 or cases_until(lower, kept=level) < 2 * every


def test_no_cases_sound_nothing() -> None:
    assert sounded(np.array([], dtype=bool)) == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"level": 0.999},
            "A kept share of 0.999 cannot be watched case by case. Give a level from 0.005 to 0.995.",
        ),
        (
            {"false_alarm_every": 5},
            "One false alarm in 5 cases. Give at least 10; 500 is watchful, 2,000 is calm.",
        ),
        ({"at": [1.0]}, "2 cases and 1 times. Give when each case became known."),
        ({"at": [2.0, 1.0]}, "The times run backwards. Sort cases by when it was known if they were kept."),
        ({"cooldown": -1}, "A cooldown of -1 cases. Give 0 or more."),
    ],
)
def test_refuses_what_cannot_be_watched(changes: dict[str, object], message: str) -> None:
    plain: dict[str, object] = {"at": [1.0, 2.0], "level": 0.95, "false_alarm_every": 500}
    with pytest.raises(BadOption) as error:
        alarms_on([True, False], **(plain | changes))  # type: ignore[arg-type]
    assert str(error.value) == message
