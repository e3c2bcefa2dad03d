"""Slopes have the right unit, the right interval, and are called with care."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import ModuleType

import numpy as np
import pytest

from forvent.assess.change import choose_periods, trends
from forvent.assess.change.periods import Calendar
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough


def calendar(unit: str, days: int) -> Calendar:
    first = datetime(2024, 1, 1)
    found = choose_periods([first + timedelta(days=day) for day in range(days)], [10] * days, unit=unit)
    assert isinstance(found, Calendar)
    return found


def test_a_slope_is_per_year_where_the_record_is_a_year_long(made: ModuleType) -> None:
    periods = calendar("month", 731).periods
    n = np.full(24, 100.0)
    found = trends([made.track(n, n * np.linspace(0.4, 0.6, 24))], periods)[0]
    assert found.per == "year"
    assert isinstance(found.slope, Estimate)
    # From the middle of the first month to that of the last are 23 months.
    assert found.slope.value == pytest.approx(0.2 / 23 * 12, rel=0.01)
    assert found.verdict == "rising"


def test_a_slope_is_per_month_where_the_record_is_shorter(made: ModuleType) -> None:
    periods = calendar("week", 140).periods
    n = np.full(20, 100.0)
    found = trends([made.track(n, n * np.linspace(0.6, 0.4, 20))], periods)[0]
    assert found.per == "month"
    assert isinstance(found.slope, Estimate)
    assert found.slope.value == pytest.approx(-0.2 / 19 * (365.25 / 12 / 7), rel=0.01)
    assert found.verdict == "falling"


def test_series_that_do_not_move_are_undecided(made: ModuleType) -> None:
    rng = np.random.default_rng(1)
    periods = calendar("month", 731).periods
    tracks = made.ready(
        [made.drawn(rng, np.full(24, 0.7), n=np.linspace(5, 200, 24), name=str(name)) for name in range(30)]
    )
    assert {trend.verdict for trend in trends(tracks, periods)} == {"undecided"}


def test_a_perfect_line_of_few_voices_is_not_surer_than_they_are(made: ModuleType) -> None:
    periods = calendar("month", 366).periods
    few, many = (
        trends([made.track(np.full(12, n), n * np.linspace(0.45, 0.55, 12))], periods)[0].slope
        for n in (10.0, 1000.0)
    )
    assert isinstance(few, Estimate)
    assert isinstance(many, Estimate)
    assert few.low < 0.0 < few.high
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(10.0, rel=0.01)


def test_too_few_periods_have_no_slope(made: ModuleType) -> None:
    periods = calendar("month", 366).periods
    n = np.array([10.0] * 5 + [0.0] * 7)
    found = trends([made.track(n, n * 0.5)], periods)[0]
    assert found.slope == NotEnough(5, 6, "too few periods have voices")
    assert (found.rate, found.verdict) == (None, "undecided")


def test_a_level_outside_0_to_1_is_refused() -> None:
    with pytest.raises(BadOption):
        trends([], [], level=95)
    assert trends([], []) == ()
