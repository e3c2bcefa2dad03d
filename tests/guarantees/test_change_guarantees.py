"""What the search for change promises, checked on many histories whose truth is known.

Bounds are the stated share ± 4 standard errors of the simulated one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.assess.change import (
    Calendar,
    Heard,
    Track,
    changes,
    choose_periods,
    gap_changes,
    scan,
    summed_tracks,
    trends,
    watch,
    with_scatter,
)
from forvent.records import Estimate, Gap, MentionCounts
from forvent.records.change import Change

Floats = NDArray[np.float64]

PERIODS, SERIES, ROUNDS = 20, 6, 99
FALSE_ALARMS = 0.04

pytestmark = pytest.mark.slow


def errors(share: float, runs: int) -> float:
    """Four standard errors of a share that was simulated so often."""
    return float(4 * np.sqrt(share * (1 - share) / runs))


def track(n: Floats, met: Floats, name: str = "a") -> Track:
    share = met.sum() / n.sum()
    return Track("met", name, n, met, n, float(share * (1 - share)), 0.0, share=True)


def binomial(rng: np.random.Generator, share: Floats, n: Floats | float, name: str = "a") -> Track:
    counts = np.maximum(1, rng.poisson(n, share.size))
    return track(counts.astype(float), rng.binomial(counts, share).astype(float), name)


# ------------------------------------------------------------------- nothing changes


def plain(rng: np.random.Generator) -> list[Track]:
    """Common and rare things, few voices and many."""
    shares, sizes = [0.7, 0.9, 0.5, 0.06, 0.3, 0.97], [60, 8, 25, 200, 12, 40]
    return [
        binomial(rng, np.full(PERIODS, share), size, str(share))
        for share, size in zip(shares, sizes, strict=True)
    ]


def growing(rng: np.random.Generator) -> list[Track]:
    """Twenty times as many voices at the end as at the beginning."""
    n = np.geomspace(6, 120, PERIODS)
    return [binomial(rng, np.full(PERIODS, rng.uniform(0.2, 0.9)), n, str(name)) for name in range(SERIES)]


def scattering(rng: np.random.Generator) -> list[Track]:
    """Periods that differ more than chance, such as weeks with a storm."""
    found = []
    for name in range(SERIES):
        chance = rng.beta(0.7 * 19, 0.3 * 19, PERIODS)
        found.append(binomial(rng, chance, 40, str(name)))
    return found


def clustered(rng: np.random.Generator) -> list[Track]:
    """Customers who speak several times a period and stay of one mind."""
    rows = []
    for name in range(SERIES):
        for period in range(PERIODS):
            n = rng.integers(1, 7, 20).astype(float)
            mind = rng.beta(0.6, 0.4, 20)
            m = rng.binomial(n.astype(int), mind).astype(float)
            sums = {"people": 20, "cases": n.sum(), "successes": m.sum(), "cases_squared": (n * n).sum()}
            sums |= {"successes_squared": (m * m).sum(), "products": (m * n).sum()}
            rows.append({"expectation": str(name), "period": period, **sums})
    return summed_tracks(rows, measure="met", periods=PERIODS)


CALM = [plain, growing, scattering, clustered]


@pytest.mark.parametrize("made", CALM)
def test_any_change_is_found_where_nothing_changes_at_most_as_often_as_stated(
    made: Callable[[np.random.Generator], list[Track]],
) -> None:
    rng, runs = np.random.default_rng(1), 250
    found = sum(
        any(scan(with_scatter(made(rng)), rng=rng, false_alarms=FALSE_ALARMS, rounds=ROUNDS).splits)
        for _ in range(runs)
    )
    assert found / runs <= FALSE_ALARMS + errors(FALSE_ALARMS, runs)


@pytest.mark.parametrize("made", CALM)
def test_the_watch_sounds_for_nothing_no_more_often_than_stated(
    made: Callable[[np.random.Generator], list[Track]],
) -> None:
    rng, runs, every = np.random.default_rng(2), 100, 20.0
    sounded = periods = 0
    for _ in range(runs):
        sounded += len(watch(with_scatter(made(rng)), rng=rng, every=every, rounds=ROUNDS).soundings)
        periods += PERIODS - 4
    expected = periods / every
    assert sounded <= expected + 4 * np.sqrt(expected)


# ---------------------------------------------------------------------- something does


def fallen(rng: np.random.Generator, *, at: int, by: float) -> list[Track]:
    share = np.where(np.arange(PERIODS) < at, 0.75, 0.75 - by)
    calm = [binomial(rng, np.full(PERIODS, 0.7), 40, str(name)) for name in range(SERIES - 1)]
    return with_scatter([binomial(rng, share, 40, "fell"), *calm])


def test_a_fall_is_found_where_it_is_and_its_date_and_size_are_held() -> None:
    """Forty voices a period, a fall by 25 points: dates hold it as often as they state, and sizes too."""
    rng, runs, by = np.random.default_rng(3), 150, 0.25
    days = [datetime(2026, 1, 5) + timedelta(days=day) for day in range(7 * PERIODS)]
    calendar = choose_periods(days, [10] * len(days))
    assert isinstance(calendar, Calendar)
    seen = dated = sized = 0
    for _ in range(runs):
        at = int(rng.integers(5, 16))
        told = changes(fallen(rng, at=at, by=by), calendar, rng=rng, heard=Heard(1, 0))
        assert isinstance(told, Change)
        mine = next(series for series in told.series if series.expectation == "fell").changes
        if len(mine) == 1:
            seen += 1
            dated += mine[0].earliest <= calendar.periods[at].start <= mine[0].latest
            sized += mine[0].difference.low <= -by <= mine[0].difference.high
    assert seen / runs > 0.9
    assert dated / seen >= 0.95 - errors(0.95, seen)
    assert sized / seen >= 0.95 - errors(0.95, seen)


def test_the_watch_tells_a_fall_within_six_periods() -> None:
    rng, runs = np.random.default_rng(4), 150
    waits = []
    for _ in range(runs):
        found = watch(fallen(rng, at=10, by=0.25), rng=rng, rounds=ROUNDS).soundings
        told = [one.at for one in found if one.track == 0 and one.side == "lower" and one.at >= 10]
        waits.append(min(told) - 10 + 1 if told else PERIODS)
    assert np.mean(np.array(waits) <= 6) > 0.9
    assert np.median(waits) <= 4


@pytest.mark.parametrize("extra", [0.0, 0.05])
def test_the_interval_of_a_slope_holds_it(extra: float) -> None:
    rng, runs, rise = np.random.default_rng(5), 600, 0.2
    first = datetime(2024, 1, 1)
    calendar = choose_periods([first + timedelta(days=day) for day in range(731)], [1] * 731, unit="month")
    assert isinstance(calendar, Calendar)
    middle = np.array(
        [(p.start + (p.end - p.start) / 2 - first) / timedelta(days=365.25) for p in calendar.periods]
    )
    share = 0.45 + rise * (middle - middle.mean())
    tracks = []
    for name in range(runs):
        chance = rng.beta(share * (1 / extra - 1), (1 - share) * (1 / extra - 1)) if extra else share
        tracks += with_scatter([binomial(rng, chance, 40, str(name))])
    held = sum(
        trend.slope.low <= rise <= trend.slope.high
        for trend in trends(tracks, calendar.periods)
        if isinstance(trend.slope, Estimate)
    )
    assert held / runs >= 0.95 - errors(0.95, runs)


def test_any_gap_is_called_where_nothing_changes_at_most_as_often_as_stated() -> None:
    rng, runs, many = np.random.default_rng(6), 2000, 25

    def half() -> list[Gap]:
        made = []
        for name in range(many):
            wide = float(rng.uniform(0.02, 0.2))
            value = float(rng.normal(0.0, wide))
            number = Estimate(value, value - 1.96 * wide, value + 1.96 * wide, n=100)
            counts = MentionCounts(50, 50, 0, 0)
            both: dict[str, Any] = {"got": number, "expected": number, "gap": number, "basis": "ratings"}
            made.append(
                Gap(str(name), "receive", None, counts, **both, importance=number, stake=number, kind="basic")
            )
        return made

    called = sum(
        any(one.verdict != "undecided" for one in gap_changes(half(), half(), false_alarms=0.05))
        for _ in range(runs)
    )
    assert called / runs <= 0.05 + errors(0.05, runs)
