"""Silence is not satisfaction: told by what is usual for the source."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from forvent_server.sources.silence import Silence, silence

TODAY = date(2026, 3, 20)


def every(days: int, *, last: int, n: int = 20) -> list[date]:
    return [TODAY - timedelta(days=last + days * back) for back in range(n)]


def test_a_source_that_is_quiet_for_longer_than_usual_is_silent() -> None:
    assert silence(every(2, last=9), today=TODAY) == Silence(days=9, usually=2)


@pytest.mark.parametrize("last", [0, 2, 6])
def test_a_pause_up_to_three_times_the_usual_is_none(last: int) -> None:
    assert silence(every(2, last=last), today=TODAY) is None


def test_a_pause_that_was_there_before_is_none() -> None:
    days = every(1, last=10, n=5) + every(1, last=30, n=20)
    assert silence(days, today=TODAY) is None


def test_weekends_of_a_busy_source_are_no_silence() -> None:
    days = [day for day in every(1, last=3, n=40) if day.weekday() < 5]
    assert silence(days, today=TODAY) is None


def test_with_few_days_nothing_is_usual_yet() -> None:
    assert silence(every(1, last=300, n=4), today=TODAY) is None


def test_days_that_lie_ahead_say_nothing() -> None:
    assert silence([*every(2, last=9), TODAY + timedelta(days=400)], today=TODAY) == Silence(9, 2)
