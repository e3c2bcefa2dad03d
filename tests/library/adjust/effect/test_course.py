"""Weeks put together into periods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from forvent.adjust.effect import Course, pooled, rebound, week_begins
from forvent.adjust.effect.course import effective, periods, width_of
from forvent.records import Estimate, NotEnough, Tally

FIRST = 2900


def weeks(start: int, count: int, n: int = 10, good: float = 5.0) -> tuple[Tally, ...]:
    """So many alike weeks."""
    return tuple(Tally(week_begins(start + k), n, good, float(n)) for k in range(count))


def test_one_customer_who_says_it_ten_times_is_worth_one() -> None:
    assert effective(10, 100.0) == 1.0
    assert effective(10, 10.0) == 10.0
    assert effective(0, 0.0) == 0.0


def test_repeated_customers_and_shaking_weeks_widen_the_interval() -> None:
    plain = pooled(weeks(FIRST, 4))
    repeated = pooled([Tally(week.week, 10, 5.0, 40.0) for week in weeks(FIRST, 4)])
    shaken = pooled(weeks(FIRST, 4), dispersion=4.0)
    for wider in (repeated, shaken):
        assert isinstance(plain, Estimate)
        assert isinstance(wider, Estimate)
        assert wider.value == plain.value == 0.5
        assert wider.n == plain.n == 40
        assert wider.high - wider.low == pytest.approx(pooled_width(10), abs=1e-9)


def pooled_width(n: int) -> float:
    """Width of the interval of so many independent judgements, half of them good."""
    found = pooled((Tally(week_begins(FIRST), n, n / 2, float(n)),))
    assert isinstance(found, Estimate)
    return found.high - found.low


def test_nobody_gives_no_number() -> None:
    assert pooled(()) == NotEnough(n=0, needed=1, why="nobody judges it")


def test_what_was_not_picked_for_being_low_rises_not_of_itself() -> None:
    assert rebound(-0.2, shrunk=None) == 0.0
    assert rebound(-0.2, shrunk=-0.3) == 0.0
    assert rebound(-0.3, shrunk=-0.2) == pytest.approx(0.1)


def test_weeks_with_few_judgements_are_put_together() -> None:
    day = week_begins(FIRST + 8)
    few = Course(weeks(FIRST, 8, n=2, good=1.0), weeks(FIRST + 8, 8, n=2, good=1.0))
    many = Course(weeks(FIRST, 8), weeks(FIRST + 8, 8))
    assert width_of([many], begin=day, end=day) == 1
    assert width_of([few], begin=day, end=day) == 4
    # The sparser of the two decides.
    assert width_of([many, few], begin=day, end=day) == 4


def test_periods_are_counted_from_the_action() -> None:
    day = week_begins(FIRST + 5)
    course = Course(weeks(FIRST, 5), weeks(FIRST + 5, 4, good=10.0))
    found = periods(course, width=2, begin=day, end=day)
    assert found.at.tolist() == [-3, -2, -1, 0, 1]
    assert found.share.tolist() == [0.5, 0.5, 0.5, 1.0, 1.0]
    assert found.worth.tolist() == [10.0, 20.0, 20.0, 20.0, 20.0]


def test_a_day_within_a_week_begins_with_the_next_one() -> None:
    day = week_begins(FIRST + 5)
    course = Course(weeks(FIRST, 5), weeks(FIRST + 6, 2))
    found = periods(course, width=1, begin=day + timedelta(days=2), end=day + timedelta(days=2))
    assert found.at.tolist() == [-5, -4, -3, -2, -1, 0, 1]
    assert week_begins(FIRST + 5) > date(2025, 1, 1)
