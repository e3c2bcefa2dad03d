"""The rank by hand, and every refusal by its words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.adjust import promise_at_most
from forvent.errors import BadOption, TooFewObservations
from forvent.records import NotEnough


def test_nineteen_cases_carry_95_percent_by_their_longest() -> None:
    promise = promise_at_most(range(1, 20), level=0.95, unit="day")
    assert (promise.upper, promise.n, promise.unit, promise.level) == (19.0, 19, "day", 0.95)


def test_order_of_the_cases_does_not_matter() -> None:
    days = np.random.default_rng(5).permutation(100) + 1.0
    # The 91st of 100, since 0.9 of 101 is 90.9.
    assert promise_at_most(days, level=0.9, unit="day").upper == 91.0


def test_rank_is_not_one_too_high_where_the_product_misses_a_whole_number() -> None:
    # 100 * 0.55 is 55.00000000000001 in floating point.
    assert promise_at_most(range(1, 100), level=0.55, unit="day").upper == 55.0


def test_open_cases_count_as_longer_than_any_closed_one() -> None:
    closed = list(range(1, 91))
    assert promise_at_most(closed, level=0.8, unit="day").upper == 73.0
    assert promise_at_most([*closed, *[np.inf] * 10], level=0.8, unit="day").upper == 81.0


def test_says_that_it_was_not_checked() -> None:
    promise = promise_at_most(range(1, 20), level=0.9, unit="hour")
    assert promise.kept_later == NotEnough(n=0, needed=5, why="not checked on later cases")
    assert promise.own_promise is None
    assert not promise.padded


def test_refuses_a_level_that_the_cases_cannot_carry() -> None:
    with pytest.raises(TooFewObservations) as error:
        promise_at_most(range(18), level=0.95, unit="day")
    assert str(error.value) == (
        "A promise at level 0.95 needs at least 19 cases; there are 18. "
        "Lower the level, or pool groups until there are more cases."
    )


def test_refuses_a_limit_that_is_still_open() -> None:
    with pytest.raises(TooFewObservations) as error:
        promise_at_most([*range(15), *[np.inf] * 5], level=0.9, unit="day")
    assert str(error.value) == (
        "A promise at level 0.9 needs 19 closed cases here; only 15 are closed. "
        "Lower the level, or wait until more cases are closed."
    )


def test_refuses_values_that_are_no_numbers() -> None:
    with pytest.raises(BadOption) as error:
        promise_at_most([1.0, np.nan], level=0.5, unit="day")
    assert str(error.value) == ("A past value is not a number. Leave such cases out, or give inf while open.")


def test_refuses_a_percentage_as_level() -> None:
    with pytest.raises(BadOption, match="95"):
        promise_at_most(range(100), level=95, unit="day")


@given(
    st.lists(st.floats(min_value=0, max_value=1e6), min_size=19, max_size=60),
    st.sampled_from([0.5, 0.8, 0.9, 0.95]),
)
def test_at_least_the_level_of_the_past_lies_under_the_limit(past: list[float], level: float) -> None:
    upper = promise_at_most(past, level=level, unit="day").upper
    assert upper in past
    assert np.mean(np.array(past) <= upper) >= level


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=19, max_size=60))
def test_a_higher_level_never_promises_less(past: list[float]) -> None:
    uppers = [promise_at_most(past, level=level, unit="day").upper for level in (0.5, 0.8, 0.9, 0.95)]
    assert uppers == sorted(uppers)
