"""How offers, amounts and shares are worded on the command line."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from forvent.commands.offers import length, offer_lines, on_the_wall, percent, share
from forvent.records import NotEnough, Offer, Reason


def test_an_offer_names_days_of_the_week_and_what_was_not_given() -> None:
    offer = Offer(
        12.0,
        11.4,
        "day",
        0.95,
        False,
        8.5,
        0.5,
        812,
        4460,
        reasons=(Reason("state", "SP", -3.25), Reason("weekday", "4", 1.0), Reason("weight", "", 1.0)),
        notes=("Few cases are as heavy.",),
        due=datetime(2024, 5, 1, 9, 30, 1),
        around_the_clock=timedelta(days=12),
    )
    assert list(offer_lines(offer)) == [
        "At most 12 days; made to be kept in 95 % of cases.",
        "By Wednesday 09:31 (2024-05-01, UTC).",
        "For staff: 8.5 days, which 50 % of cases stay within.",
        "Learned from 4,460 cases, 812 of them like this one.",
        "  state = SP: −3.25 days beside the usual case",
        "  weekday = Friday: +1 day beside the usual case",
        "  weight = not given: +1 day beside the usual case",
        "  Few cases are as heavy.",
    ]


def test_amounts_are_said_with_their_unit() -> None:
    assert [length(1200.0, "EUR"), length(0.333, "day"), length(10.0, "minute")] == [
        "1,200 EUR",
        "0.33 days",
        "10 minutes",
    ]
    assert [percent(0.9), percent(0.333333)] == ["90 %", "33.3333 %"]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.5, "1 minute"), (119, "119 minutes"), (65 * 60, "65 hours"), (14 * 1440, "14 days")],
)
def test_time_on_the_wall_is_said_up(minutes: float, said: str) -> None:
    assert on_the_wall(timedelta(minutes=minutes)) == said


def test_a_share_that_is_not_enough_says_why() -> None:
    assert share(NotEnough(3, 100, "too few")) == "too few (3 of 100)"
