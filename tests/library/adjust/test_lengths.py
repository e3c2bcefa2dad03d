"""Rounding up to what people say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.adjust import length_to_say, unit_to_say
from forvent.errors import BadOption

SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, (5, "minute")),
        (1, (5, "minute")),
        (300, (5, "minute")),
        (301, (10, "minute")),
        (3600.0000000001, (60, "minute")),
        (119 * 60, (120, "minute")),
        (2 * 3600, (2, "hour")),
        (2 * 3600 + 1, (3, "hour")),
        (47.5 * 3600, (48, "hour")),
        (48 * 3600, (2, "day")),
        (9.2 * 86_400, (10, "day")),
        (29 * 86_400, (29, "day")),
    ],
)
def test_says_lengths_as_people_do(seconds: float, said: tuple[int, str]) -> None:
    assert length_to_say(seconds) == said


@given(st.floats(min_value=0, max_value=1e9))
def test_never_says_less_than_it_is_nor_a_step_more(seconds: float) -> None:
    amount, unit = length_to_say(seconds)
    step = 300 if unit == "minute" else SECONDS[unit]
    said = amount * SECONDS[unit]
    assert seconds <= said * (1 + 1e-9)
    assert said < seconds + step + 1e-6 or seconds == 0


@given(st.floats(min_value=0, max_value=1e9), st.floats(min_value=0, max_value=1e9))
def test_a_longer_wait_is_never_said_shorter(first: float, second: float) -> None:
    shorter, longer = sorted((first, second))
    said = [amount * SECONDS[unit] for amount, unit in map(length_to_say, (shorter, longer))]
    assert said[0] <= said[1]


@pytest.mark.parametrize("seconds", [-1.0, math.inf, math.nan])
def test_refuses_lengths_that_cannot_be_said(seconds: float) -> None:
    with pytest.raises(BadOption) as error:
        unit_to_say(seconds)
    assert str(error.value) == f"A length of {seconds} seconds cannot be said. Give a finite length."
