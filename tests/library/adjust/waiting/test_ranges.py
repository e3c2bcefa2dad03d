"""Replays of lines of which everything is known."""

from __future__ import annotations

import heapq
import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.adjust.waiting.announced import announcements
from forvent.adjust.waiting.blend import WaitSettings
from forvent.adjust.waiting.estimators import ESTIMATORS
from forvent.adjust.waiting.forecaster import WaitForecaster
from forvent.adjust.waiting.line import ARRIVES, WaitingLine, waiting_line
from forvent.adjust.waiting.ranges import told_on_arrival, wait_ranges
from forvent.errors import TooFewObservations
from forvent.records import Estimate, WaitBacktest, WaitRange

FINE = WaitSettings(grid=((math.inf, 1.0),))


def simulated(
    n: int, *, load: float, servers: int = 10, seed: int, patience_s: float = math.inf
) -> tuple[WaitingLine, NDArray[np.float64]]:
    """An M/M/s line with a mean service of 50 s, and the wait of everybody who would stay."""
    rng = np.random.default_rng(seed)
    came = np.cumsum(rng.exponential(50.0 / (servers * load), n))
    needs, patience = rng.exponential(50.0, n), rng.exponential(1.0, n) * patience_s
    free, wait = [0.0] * servers, np.zeros(n)
    for case in range(n):
        wait[case] = max(0.0, free[0] - came[case])
        if wait[case] <= patience[case]:
            heapq.heapreplace(free, came[case] + wait[case] + needs[case])
    served = wait <= patience
    left = came + np.minimum(wait, patience)
    return waiting_line(came, service_start=np.where(served, left, np.nan), left=left), wait


def four_errors(level: float, n: int) -> float:
    """Four standard errors of a share of n cases."""
    return 4.0 * math.sqrt(level * (1.0 - level) / n)


@pytest.fixture(scope="module")
def busy() -> tuple[WaitingLine, NDArray[np.float64]]:
    return simulated(3_000, load=0.95, seed=1)


@pytest.fixture(scope="module")
def found(busy: tuple[WaitingLine, NDArray[np.float64]]) -> WaitBacktest:
    return wait_ranges(busy[0], level=0.9, settings=FINE)


def test_the_level_is_held_in_a_line_with_known_laws(found: WaitBacktest) -> None:
    assert isinstance(found.kept, Estimate)
    assert abs(found.kept.value - 0.9) <= four_errors(0.9, found.n)
    for hour in found.hours:
        if isinstance(hour.kept, Estimate):
            assert abs(hour.kept.value - 0.9) <= four_errors(0.9, hour.kept.n)


def test_where_the_length_of_the_line_says_all_it_is_nearly_best_and_ours_is_near(
    found: WaitBacktest,
) -> None:
    best = min(found.pinball_s[name] for name in ESTIMATORS)
    assert found.pinball_s["queue_length"] < 1.05 * best
    assert found.pinball_s["ours"] < 1.15 * best
    assert found.pinball_s["ours"] < 0.7 * found.pinball_s["recent"]


def test_with_a_known_rate_the_length_of_the_line_is_hard_to_beat(
    busy: tuple[WaitingLine, NDArray[np.float64]], found: WaitBacktest
) -> None:
    line, wait = busy
    ends = np.sort(line.left)
    waiting = np.arange(line.n) - np.searchsorted(ends, line.arrival, side="left")
    judged = slice(line.n - found.n, None)
    # Behind Q people the wait is a sum of Q + 1 exponential times, each with the rate of all ten servers.
    draws = np.random.default_rng(3).exponential(5.0, size=(4_000, int(waiting.max()) + 1)).cumsum(axis=1)
    limit = np.quantile(draws, 0.9, axis=0)[waiting]
    over = (wait - limit)[judged]
    known = float(np.maximum(0.9 * over, -0.1 * over).mean())
    assert known < found.pinball_s["queue_length"]
    assert found.pinball_s["ours"] < 2.0 * known


def test_the_level_is_held_for_those_who_would_stay_though_many_leave() -> None:
    line, wait = simulated(2_000, load=1.1, seed=2, patience_s=150.0)
    found = wait_ranges(line, level=0.8, settings=FINE)
    assert isinstance(found.kept, Estimate)
    assert isinstance(found.kept_when_served, Estimate)
    assert found.undecided > 150
    told = told_on_arrival(line, level=0.8, settings=FINE)
    truth = np.mean([wait[one.case] <= one.range.high_s for one in told if isinstance(one.range, WaitRange)])
    assert abs(truth - 0.8) <= four_errors(0.8, found.n - found.undecided)
    # What is estimated from those whose fate is known is near what nobody saw.
    assert found.kept.value == pytest.approx(float(truth), abs=0.01)
    assert found.kept_when_served.value > found.kept.value


def test_a_range_holds_its_level_too() -> None:
    line = simulated(1_600, load=0.9, seed=11)[0]
    found = wait_ranges(line, level=0.8, two_sided=True, settings=replace(FINE, refit_every=1_000))
    assert isinstance(found.kept, Estimate)
    assert abs(found.kept.value - 0.8) <= four_errors(0.8, found.n)
    assert found.mean_range_s < found.mean_high_s


def test_the_future_changes_nothing_that_was_said_before() -> None:
    line = simulated(1_300, load=0.98, seed=3, patience_s=200.0)[0]
    moment = float(line.arrival[1_000])
    rng = np.random.default_rng(9)
    later = line.left >= moment
    left = np.where(later, np.maximum(moment, line.left) + rng.exponential(500.0, line.n), line.left)
    came = np.where(line.arrival > moment, line.arrival + 7.0, line.arrival)
    other = replace(
        line,
        arrival=came,
        left=np.maximum(left, came),
        served=np.where(later, ~line.served, line.served),
    )
    before = [one for one in told_on_arrival(line) if line.arrival[one.case] <= moment]
    again = [one for one in told_on_arrival(other) if one.case <= 1_000]
    assert len(before) == 1_001
    assert before == again


def test_what_follows_an_announcement_does_change_later_ones() -> None:
    line = simulated(800, load=0.98, seed=3)[0]
    slower = replace(line, left=line.left + 300.0)
    assert told_on_arrival(line)[-1].range != told_on_arrival(slower)[-1].range


def test_the_replay_is_the_live_line_told_of_every_event() -> None:
    line = simulated(600, load=0.95, seed=4, patience_s=300.0)[0]
    live, said = WaitForecaster(level=0.9), []
    for at, kind, case in line.events():
        if kind == ARRIVES:
            said.append(live.arrive(case, at=at))
        elif line.served[case]:
            live.served(case, at=at)
        else:
            live.left(case, at=at)
    assert [one.range for one in told_on_arrival(line)] == said


def test_most_looks_at_the_clock_need_no_announcement() -> None:
    line = simulated(1_200, load=1.05, seed=6)[0]
    live, watched, said = WaitForecaster(level=0.9), 1_100, list[float]()
    for at, kind, case in line.events():
        if line.arrival[watched] < at <= line.left[watched]:
            told = live.announce(watched, at=at)
            assert isinstance(told, WaitRange)
            said.append(told.high_s)
        if kind == ARRIVES:
            live.arrive(case, at=at)
        else:
            live.served(case, at=at)
    assert len(said) > 20
    assert len(set(said)) <= len(said) / 4
    assert said == sorted(said)


def test_updates_avoided_are_counted_on_a_limit_that_grows_with_the_wait() -> None:
    waited = [5.0 * look for look in range(100)]
    limit = [200.0 + 0.6 * passed for passed in waited]
    every = announcements(limit, waited_s=waited, grid=((math.inf, 1.0),), share=0.0)
    few = announcements(limit, waited_s=waited)
    assert len(every) > 60
    assert len(few) <= 6


def test_the_level_is_held_when_service_becomes_twice_as_slow() -> None:
    calm, _ = simulated(1_200, load=0.5, servers=5, seed=7)
    slow, _ = simulated(1_200, load=0.97, servers=5, seed=8)
    gap = float(calm.left.max()) + 3_600.0
    both = waiting_line(
        np.concatenate((calm.arrival, slow.arrival + gap)),
        service_start=np.concatenate((calm.left, slow.left + gap)),
        left=np.concatenate((calm.left, slow.left + gap)),
    )
    found = wait_ranges(both, level=0.9, settings=FINE)
    assert isinstance(found.kept, Estimate)
    assert 0.9 - four_errors(0.9, found.n) <= found.kept.value


def test_who_is_still_in_line_at_the_end_is_counted_and_not_judged() -> None:
    line = simulated(500, load=0.9, seed=10)[0]
    left = line.left.copy()
    left[-3:] = np.nan
    found = wait_ranges(replace(line, left=left, served=np.isfinite(left)))
    assert found.in_line == 3
    assert found.n + found.in_line + found.warming_up == 500


def test_cases_and_shares_add_up(found: WaitBacktest) -> None:
    assert sum(hour.n for hour in found.hours) == found.n
    assert sum(hour.undecided for hour in found.hours) == found.undecided == 0
    assert sum(found.answered.values()) == pytest.approx(1.0)
    assert set(found.pinball_s) == {"ours", "announced", *ESTIMATORS}


def test_refuses_a_record_that_is_over_before_anything_could_be_learned() -> None:
    line = simulated(40, load=0.9, seed=10)[0]
    with pytest.raises(TooFewObservations) as refused:
        wait_ranges(line)
    assert str(refused.value) == (
        "None of 40 cases could be announced: too few waits were known. "
        "Give a longer record, or lower warm_up."
    )
