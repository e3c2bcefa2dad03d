"""What is found comes out as records with dates, in the order in which it matters."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import ModuleType

import numpy as np
import pytest

from forvent.assess.change import Calendar, Heard, changes, choose_periods
from forvent.records import Estimate, NotEnough
from forvent.records.change import Change

WEEKS = 30


@pytest.fixture(scope="module")
def weeks() -> Calendar:
    days = [datetime(2026, 1, 5) + timedelta(days=day) for day in range(7 * WEEKS)]
    found = choose_periods(days, [10] * len(days))
    assert isinstance(found, Calendar)
    return found


def test_a_steady_rise_without_a_step_is_a_trend_or_a_change_with_a_wide_date(
    made: ModuleType, weeks: Calendar
) -> None:
    steep = made.drawn(np.random.default_rng(4), np.linspace(0.3, 0.8, WEEKS), n=80.0)
    found = changes([steep], weeks, rng=np.random.default_rng(5), heard=Heard(1, 0))
    assert isinstance(found, Change)
    assert found.series[0].trend.verdict == "rising"
    # A stair of several steps stands for the slope, none of them sharp.
    assert all(change.difference.value > 0.0 for change in found.series[0].changes)


@pytest.fixture(scope="module")
def found(made: ModuleType, weeks: Calendar) -> Change:
    rng = np.random.default_rng(1)
    tracks = [
        made.drawn(rng, np.full(WEEKS, 0.7), n=90.0, name="calm"),
        made.drawn(rng, made.step(15, of=WEEKS), n=60.0, name="fell"),
        made.drawn(rng, np.linspace(0.58, 0.7, WEEKS), n=70.0, name="rises"),
    ]
    told = changes(tracks, weeks, rng=rng, heard=Heard(3000, 12))
    assert isinstance(told, Change)
    return told


def test_what_changed_stands_first_then_what_moves(found: Change) -> None:
    assert [series.expectation for series in found.series] == ["fell", "rises", "calm"]
    assert [bool(series.changes) for series in found.series] == [True, False, False]
    assert found.series[1].trend.verdict == "rising"
    assert found.series[2].trend.verdict == "undecided"


def test_a_change_has_its_date_between_two_others_and_its_size(found: Change, weeks: Calendar) -> None:
    change = found.series[0].changes[0]
    assert change.earliest < change.at < change.latest
    assert change.earliest <= weeks.periods[15].start <= change.latest
    assert change.difference.low < -0.3 < change.difference.high
    assert change.before.value > 0.75 > 0.55 > change.after.value
    assert change.before.n + change.after.n == found.series[0].overall.n


def test_the_alert_says_since_when_and_when_it_was_known(found: Change) -> None:
    alert = next(one for one in found.alerts if one.expectation == "fell")
    assert alert.id == f"fell:met:lower:{alert.since:%Y-%m-%d}"
    assert alert.since < alert.at
    assert alert.lately.high < alert.before.low


def test_every_series_has_a_point_for_every_period(found: Change) -> None:
    assert {len(series.points) for series in found.series} == {WEEKS}
    assert all(isinstance(point.value, Estimate) for point in found.series[0].points)


def test_what_is_stated_about_false_alarms_stands_in_it(found: Change) -> None:
    assert (found.false_alarms, found.gap_false_alarms, found.alert_every) == (0.04, 0.01, 50.0)
    assert (found.dated, found.undated, found.unit) == (3000, 12, "week")


def test_the_same_seed_finds_the_same(made: ModuleType, weeks: Calendar) -> None:
    tracks = [made.drawn(np.random.default_rng(2), made.step(15, of=WEEKS), n=60.0)]
    first, second = (
        changes(tracks, weeks, rng=np.random.default_rng(3), heard=Heard(1, 0)) for _ in range(2)
    )
    assert first == second


def test_nothing_to_look_at_is_told(weeks: Calendar) -> None:
    found = changes([], weeks, rng=np.random.default_rng(1), heard=Heard(9, 0))
    assert found == NotEnough(9, 10, "no expectation is spoken of often enough over time")
