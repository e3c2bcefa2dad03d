"""Growth and shares, by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from forvent.identify.discovery.figures import growth, newcombe, share_of
from forvent.records import NotEnough
from forvent.stats import wilson

START = datetime(2026, 3, 1)


def days(*numbers: int) -> list[datetime]:
    return [START + timedelta(days=number) for number in numbers]


def test_newcombe_limits_of_his_extreme_example() -> None:
    """Newcombe (1998), table II: 10 of 10 against 0 of 20 gives 0.6791 to 1."""
    found = newcombe(wilson(0, 20), wilson(10, 10))
    assert (found.value, found.high) == (1.0, pytest.approx(1.0))
    assert found.low == pytest.approx(0.6791, abs=0.0001)
    assert newcombe(wilson(10, 10), wilson(0, 20)).high == pytest.approx(-0.6791, abs=0.0001)


def test_the_median_belongs_to_the_earlier_half() -> None:
    found = growth(days(39, 40), days(*range(80)))
    assert (found.earlier, found.later) == (wilson(1, 40), wilson(1, 40))


def test_halves_with_too_few_voices_are_not_enough() -> None:
    found = growth(days(1, 2), days(*range(30)))
    assert found.change == NotEnough(15, 20, "voices with a time in each half")


def test_without_times_nothing_is_said_of_growth() -> None:
    assert growth([None] * 5, [None] * 90).later == NotEnough(0, 20, "voices with a time in each half")


def test_one_moment_has_no_halves() -> None:
    assert isinstance(growth([START] * 30, [START] * 60).change, NotEnough)


def test_a_share_of_nothing_is_not_enough() -> None:
    assert share_of(0, 0) == NotEnough(0, 1, "voices that say something")
