"""Kept share against promise length."""

from typing import Any

import numpy as np
import pytest

from forvent.adjust import Cases, frontier
from forvent.errors import BadOption

HOUR = 3_600.0
DAY = 86_400.0


def made(wait: Any, *, start: Any = None, as_of: float = 1e10, by_day: bool = False) -> Cases:
    wait = np.asarray(wait, dtype=np.float64)
    none = np.full(wait.size, np.nan)
    begun = np.arange(wait.size) * HOUR if start is None else np.asarray(start, dtype=np.float64)
    return Cases(begun, wait, none, none, as_of=as_of, by_day=by_day, groups={})


def test_each_point_is_the_share_of_cases_up_to_its_length() -> None:
    wait = np.random.default_rng(2).gamma(3, 20 * 60, size=2000)
    found = frontier(made(wait))
    assert len(found) == 60
    assert {point.unit for point in found} == {"hour"}
    for point in found:
        assert point.kept.value == pytest.approx(np.mean(wait <= point.length * HOUR), abs=1e-9)
        assert point.kept.low <= point.kept.value <= point.kept.high
        assert point.kept.n == 2000


def test_it_never_falls_and_ends_where_99_5_percent_are_kept() -> None:
    found = frontier(made(np.random.default_rng(3).exponential(DAY, size=1000)))
    kept = [point.kept.value for point in found]
    assert kept == sorted(kept)
    assert found[0].length == 0.0
    assert kept[-1] == 0.995


def test_day_promises_have_whole_days() -> None:
    wait = np.random.default_rng(4).uniform(0, 200 * DAY, size=1000)
    found = frontier(made(wait, by_day=True))
    lengths = np.array([point.length for point in found])
    assert len(found) <= 60
    assert np.all(lengths == np.round(lengths))
    assert set(np.diff(lengths)) == {4.0}
    assert found[-1].kept.value >= 0.995


def test_open_cases_are_longer_than_any_closed_one() -> None:
    wait = np.where(np.arange(100) % 2 == 0, np.nan, HOUR)
    found = frontier(made(wait))
    assert found[-1].kept.value == 0.5
    assert (found[-1].length, found[-1].unit) == (60.0, "minute")


def test_young_cases_do_not_pull_the_share_down() -> None:
    # A thousand cases of two days; the last forty-eight of one an hour are still open.
    start = np.arange(1000) * HOUR
    wait = np.where(np.arange(1000) > 951, np.nan, 2 * DAY)
    found = frontier(made(wait, start=start, as_of=999 * HOUR))
    assert found[-1].kept.value == 1.0
    assert found[-1].kept.n < 1000


@pytest.mark.parametrize("wait", [[], [1.0] * 4, [np.nan] * 50])
def test_too_few_or_only_open_cases_draw_nothing(wait: list[float]) -> None:
    assert frontier(made(wait)) == ()


def test_refuses_a_line_of_one_point() -> None:
    with pytest.raises(BadOption) as error:
        frontier(made([1.0] * 10), points=1)
    assert str(error.value) == "1 points draw no line. Ask for 2 or more; 60 is usual."
