"""What a margin costs, and what is told to whom."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.adjust.lengths import length_to_say, round_to_say
from forvent.adjust.margin import level_for_costs, promise_and_target, promise_for_costs
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough, PricedPromise, PromiseAndTarget


def priced(lengths: Any, *, per_break: float, per_unit: float = 1.0, **more: Any) -> PricedPromise:
    found = promise_for_costs(lengths, per_break=per_break, per_unit=per_unit, unit="day", **more)
    assert isinstance(found, PricedPromise)
    return found


def both(lengths: Any, **more: Any) -> PromiseAndTarget:
    found = promise_and_target(lengths, **({"level": 0.8, "unit": "minute"} | more))
    assert isinstance(found, PromiseAndTarget)
    return found


# ------------------------------------------------------------------------ level


def test_seven_to_one_is_87_5_percent_and_scale_does_not_matter() -> None:
    assert level_for_costs(per_late=7, per_long=1) == 0.875
    assert level_for_costs(per_late=700, per_long=100) == 0.875


def test_the_level_is_where_the_cost_is_lowest() -> None:
    # Expected cost over a record, at every length: the lowest stands at the quantile of the level.
    days = np.sort(np.random.default_rng(1).gamma(3, 2, size=999))
    costs = [np.mean(4 * np.maximum(days - x, 0) + np.maximum(x - days, 0)) for x in days]
    level = level_for_costs(per_late=4, per_long=1)
    assert np.argmin(costs) == math.ceil(level * days.size) - 1


@pytest.mark.parametrize("costs", [(0, 1), (-1, 1), (math.inf, 1), (math.nan, 1)])
def test_refuses_costs_that_are_none(costs: tuple[float, float]) -> None:
    with pytest.raises(BadOption) as error:
        level_for_costs(per_late=costs[0], per_long=costs[1])
    assert str(error.value) == f"A unit too late cannot cost {costs[0]}. Give a finite cost above 0."
    with pytest.raises(BadOption):
        level_for_costs(per_late=costs[1], per_long=costs[0])


def test_refuses_costs_that_leave_no_level() -> None:
    with pytest.raises(BadOption) as error:
        level_for_costs(per_late=1e300, per_long=1e-300)
    assert error.value.hint == "Give costs that can be compared."


# ---------------------------------------------------------------- promise for costs


def brute_force(lengths: np.ndarray, per_break: float, per_unit: float) -> float:
    """Lowest cost over a fine line of lengths and all the cases."""
    tried = np.concatenate([[0.0], lengths[np.isfinite(lengths)], np.linspace(0, 60, 601)])
    return min(per_unit * x + per_break * np.mean(lengths > x) for x in tried)


@given(
    st.lists(st.one_of(st.integers(0, 50).map(float), st.just(math.inf)), min_size=20, max_size=40),
    st.floats(0.5, 200),
)
def test_no_length_is_cheaper_on_the_record(lengths: list[float], per_break: float) -> None:
    values = np.array(lengths)
    if not np.isfinite(values).any():
        return
    found = priced(values, per_break=per_break)
    point = next(point for point in found.points if point.length == found.length.value)
    assert point.cost == pytest.approx(brute_force(values, per_break, 1.0))
    assert found.length.low <= found.length.value <= found.length.high
    assert all(other.cost >= point.cost - 1e-9 for other in found.points)
    assert point.dearer.value == 0.0


def test_a_broken_promise_that_costs_more_makes_the_promise_longer() -> None:
    days = np.random.default_rng(2).gamma(3, 2, size=500)
    lengths = [priced(days, per_break=cost).length.value for cost in (1, 5, 20, 100, 1000)]
    assert lengths == sorted(lengths)
    # Breaking costs less than the length it takes to keep: no promise pays.
    assert lengths[0] == 0.0


def test_finds_the_known_optimum_of_a_known_distribution() -> None:
    # Exponential of mean 1: the cost x + 20 exp(-x) is lowest at ln 20, with 95 % kept, and is 1 + ln 20.
    found = priced(np.random.default_rng(3).exponential(size=20_000), per_break=20)
    assert found.length.low <= math.log(20) <= found.length.high
    assert found.kept.value == pytest.approx(0.95, abs=0.02)
    assert found.cost.value == pytest.approx(1 + math.log(20), abs=0.1)


def test_the_interval_holds_the_true_optimum_and_the_share_kept_does_not_flatter() -> None:
    rng = np.random.default_rng(4)
    found = [priced(rng.exponential(size=100), per_break=20) for _ in range(200)]
    held = np.mean([one.length.low <= math.log(20) <= one.length.high for one in found])
    assert held >= 0.95
    # What each choice really keeps, beside what it says of itself.
    truly = np.array([1 - math.exp(-one.length.value) for one in found])
    said = np.array([one.kept.value for one in found])
    error = (said - truly).std() / math.sqrt(said.size)
    assert abs(np.mean(said - truly)) <= 0.005 + 4 * error


def test_neighbours_say_what_shorter_and_longer_would_have_cost() -> None:
    days = np.array([2.0] * 9 + [10.0]).repeat(10)
    found = priced(days, per_break=50)
    assert found.length.value == 2.0
    at = {point.length: point for point in found.points}
    assert at[1.0].cost == 51.0  # all broken
    assert at[2.0].cost == pytest.approx(2 + 50 * 0.1)
    assert at[2.0].dearer == Estimate(0.0, 0.0, 0.0, 100)
    assert at[4.0].cost == pytest.approx(4 + 50 * 0.1)
    assert at[1.0].dearer.low > 0
    assert at[4.0].dearer.value == pytest.approx(2.0)
    assert at[4.0].kept.n == 100


def test_an_open_case_is_broken_by_every_length() -> None:
    days = np.array([2.0] * 60 + [math.inf] * 40)
    found = priced(days, per_break=50)
    assert found.length.value == 2.0
    assert found.kept.value == 0.6
    # Were the open cases to end on day 3, a promise of 3 days would be cheaper.
    assert found.unseen
    assert not priced(np.array([2.0] * 100), per_break=50).unseen


def test_weights_count_as_cases_do() -> None:
    days = np.array([2.0, 10.0] * 15)
    weights = np.array([9.0, 1.0] * 15)
    found = priced(days, per_break=50, weights=weights)
    assert found.length.value == 2.0
    assert found.kept.value == pytest.approx(0.9)
    # 150² / (15 · 81 + 15 · 1)
    assert found.kept.n == 18


def test_too_few_or_only_open_cases_have_no_price() -> None:
    few = promise_for_costs([1.0] * 19, per_break=1, per_unit=1, unit="day")
    assert few == NotEnough(n=19, needed=20, why="too few cases")
    none = promise_for_costs([math.inf] * 50, per_break=1, per_unit=1, unit="day")
    assert none == NotEnough(n=0, needed=20, why="too many of the cases were still open")


def test_refuses_lengths_and_weights_that_are_none() -> None:
    with pytest.raises(BadOption) as error:
        priced([1.0] * 20 + [math.nan], per_break=1)
    assert str(error.value) == (
        "A length is negative or not a number. Leave such cases out, or give inf while open."
    )
    with pytest.raises(BadOption) as error:
        priced([1.0] * 20, per_break=1, weights=[0.0] * 20)
    assert str(error.value) == "A weight is missing or not above 0. Give every case a weight above 0."
    with pytest.raises(BadOption) as error:
        priced([1.0] * 20, per_break=0)
    assert str(error.value) == "A broken promise cannot cost 0. Give a finite cost above 0."


# -------------------------------------------------------------- promise and target


def test_promise_60_plan_for_45() -> None:
    # 99 cases of 1 to 99 minutes: rank 60 of 100 and rank 49 of 100.
    found = both(np.arange(1, 100), level=0.6, target_level=0.49)
    assert (found.exact_promise, found.exact_target) == (60.0, 49.0)
    assert (found.promise.length, found.target.length, found.promise.unit) == (60.0, 45.0, "minute")
    assert (found.promise.kept.value, found.target.kept.value) == (60 / 99, 45 / 99)
    assert (found.n, found.open_cases) == (99, 0)


def test_both_limits_are_kept_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    kept = []
    for _ in range(2000):
        found = both(rng.exponential(size=40), level=0.9, target_level=0.6, step=0.001)
        new = rng.exponential()
        kept.append((new <= found.exact_promise, new <= found.exact_target))
    for share, level in zip(np.mean(kept, axis=0), (0.9, 0.6), strict=True):
        error = math.sqrt(level * (1 - level) / 2000)
        assert level - 4 * error <= share <= level + 1 / 41 + 4 * error


def test_open_cases_count_as_long() -> None:
    found = both([*range(1, 91), *[math.inf] * 9])
    assert (found.exact_promise, found.open_cases) == (80.0, 9)
    many = promise_and_target([1.0] * 50 + [math.inf] * 50, level=0.8, unit="minute")
    assert isinstance(many, NotEnough)
    assert many.why == "too many of the cases were still open"
    few = promise_and_target([1.0] * 3, level=0.8, unit="minute")
    assert few == NotEnough(n=3, needed=4, why="a limit at level 0.8 needs 4 cases")


def test_the_target_is_never_said_longer_than_the_promise() -> None:
    found = both(np.linspace(0.1, 2, 50), step=(0.5, 3, 6))
    assert (found.promise.length, found.target.length) == (3.0, 0.5)
    same = both(np.linspace(0.1, 0.2, 50), step=5)
    assert same.target.length <= same.promise.length == 5.0


def test_refuses_a_target_that_is_no_tighter() -> None:
    with pytest.raises(BadOption) as error:
        both([1.0] * 99, level=0.5)
    assert str(error.value) == (
        "A target at level 0.5 is no tighter than a promise at 0.5. Give the target the lower level."
    )


# --------------------------------------------------------------------- round to say


@pytest.mark.parametrize(
    ("amount", "unit", "step", "up", "down"),
    [
        (41, "minute", None, 45, 40),
        (40, "minute", None, 40, 40),
        (1, "minute", None, 5, 5),
        (2.2, "hour", None, 3, 2),
        (9.2, "day", None, 10, 9),
        (0, "day", None, 1, 1),
        (60.0000000000001, "minute", None, 60, 60),
        (1234, "EUR", None, 1300, 1200),
        (57, "EUR", None, 57, 57),
        (0.567, "EUR", None, 0.57, 0.56),
        (1000, "EUR", None, 1000, 1000),
        (41, "minute", 15, 45, 30),
        (41, "minute", (15, 30, 60), 60, 30),
        (7, "minute", (15, 30, 60), 15, 15),
        (130, "minute", (15, 30, 60), 180, 120),
        (30.00000000001, "minute", (15, 30, 60), 30, 30),
    ],
)
def test_says_amounts_to_the_safe_side(amount: float, unit: str, step: Any, up: float, down: float) -> None:
    assert round_to_say(amount, unit, step=step) == up
    assert round_to_say(amount, unit, step=step, down=True) == down


@given(
    st.floats(0, 1e6),
    st.sampled_from(["minute", "hour", "day", "EUR"]),
    st.sampled_from([None, 2.5, (1, 2, 5, 10)]),
)
def test_up_is_never_less_and_down_never_more(amount: float, unit: str, step: Any) -> None:
    up = round_to_say(amount, unit, step=step)
    down = round_to_say(amount, unit, step=step, down=True)
    # Up to the hair that a computed amount may lie above a step.
    assert up >= amount * (1 - 1e-8) - 1e-8
    assert down <= max(amount * (1 + 1e-8) + 1e-8, round_to_say(0, unit, step=step))
    assert down <= up


def test_what_was_said_before_is_said_still() -> None:
    assert length_to_say(41 * 60) == (45, "minute")
    assert round_to_say(41, "minute") == length_to_say(41 * 60)[0]
    assert isinstance(length_to_say(7201)[0], int)


@pytest.mark.parametrize("step", [0, -5, (), (5, 5), (10, 5), (0, 5), (5, math.inf)])
def test_refuses_steps_that_cannot_be_said(step: Any) -> None:
    with pytest.raises(BadOption) as error:
        round_to_say(41, "minute", step=step)
    assert str(error.value) == (
        f"The steps {step} cannot be said. Give one step above 0, or amounts in increasing order."
    )


def test_refuses_amounts_that_cannot_be_said() -> None:
    with pytest.raises(BadOption) as error:
        round_to_say(math.inf, "minute")
    assert str(error.value) == "An amount of inf minute cannot be said. Give a finite amount."
