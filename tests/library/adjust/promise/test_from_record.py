"""Learning on the earlier part without peeking, checking on the later."""

from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.adjust import OTHER, Cases, promise_from_record, promises_by_group
from forvent.adjust.promise.from_record import seasoned
from forvent.errors import BadOption
from forvent.records import Estimate, NoPromise, NotEnough, Promise
from forvent.stats import conformal_rank

HOUR = 3_600.0
DAY = 86_400.0
LONG_AFTER = 1e10


def made(start: Any, wait: Any, **changes: Any) -> Cases:
    start, wait = np.asarray(start, dtype=np.float64), np.asarray(wait, dtype=np.float64)
    none = np.full(start.size, np.nan)
    plain = {"promised": none, "kept": none, "as_of": LONG_AFTER, "by_day": False, "groups": {}}
    return Cases(start=start, wait=wait, **(plain | changes))


def promised(found: Promise | NoPromise) -> Promise:
    assert isinstance(found, Promise)
    return found


def share(found: Estimate | NotEnough) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def test_learns_on_the_first_60_percent_and_checks_on_the_rest() -> None:
    start = np.arange(1000) * HOUR
    wait = np.where(np.arange(1000) < 600, 3.5 * HOUR, 9 * HOUR)
    promise = promised(promise_from_record(made(start, wait), level=0.95))
    assert (promise.upper, promise.unit) == (4.0, "hour")
    assert share(promise.kept_later).value == 0.0
    assert share(promise.kept_later).n == 400
    assert promise.learned_until == datetime(1970, 1, 1) + (datetime(1970, 1, 26) - datetime(1970, 1, 1))


def test_cases_of_the_same_start_stay_on_one_side() -> None:
    start = np.repeat([0.0, 100 * DAY], 50)
    promise = promised(promise_from_record(made(start, np.full(100, HOUR)), level=0.9))
    assert (promise.n, share(promise.kept_later).n) == (50, 50)


def test_slow_cases_that_are_open_at_the_split_are_not_forgotten() -> None:
    # Every fifth case takes 40 days; at the split the last of those are open.
    start = np.arange(1000) * 0.5 * DAY
    wait = np.where(np.arange(1000) % 5 == 0, 40 * DAY, 1 * DAY)
    promise = promised(promise_from_record(made(start, wait), level=0.9))
    assert (promise.upper, promise.unit) == (40.0, "day")
    assert share(promise.kept_later).value == 1.0


def test_young_open_cases_do_not_stretch_the_promise() -> None:
    # Half of the cases begin in the last day before the split and are open then.
    start = np.concatenate([np.linspace(0, 100, 300), np.linspace(109.5, 110, 300), np.full(400, 111)]) * DAY
    wait = np.full(1000, 2 * DAY)
    promise = promised(promise_from_record(made(start, wait), level=0.95))
    assert (promise.upper, promise.n) == (2.0, 300)


def test_later_cases_that_cannot_yet_be_judged_are_left_out() -> None:
    start = np.arange(1000) * HOUR
    wait = np.where(np.arange(1000) >= 996, np.nan, 3.5 * HOUR)
    promise = promised(promise_from_record(made(start, wait, as_of=999 * HOUR), level=0.95))
    # Four hours have passed for those begun by hour 995; the quick among the younger do not count either.
    assert share(promise.kept_later).n == 396
    assert share(promise.kept_later).value == 1.0


def test_later_cases_still_open_after_the_promise_are_broken() -> None:
    start = np.arange(1000) * HOUR
    wait = np.where(np.arange(1000) >= 900, np.nan, 3.5 * HOUR)
    promise = promised(promise_from_record(made(start, wait), level=0.95))
    assert share(promise.kept_later).value == 0.75


def test_a_day_promise_counts_calendar_days() -> None:
    # Ordered at noon, delivered after 36.5 hours: two calendar days, though a day and a half elapsed.
    start = np.arange(500) * DAY + 12 * HOUR
    promise = promised(promise_from_record(made(start, np.full(500, 36.5 * HOUR), by_day=True), level=0.95))
    assert (promise.upper, promise.unit, promise.by_day) == (2.0, "day", True)
    assert share(promise.kept_later).value == 1.0


def test_a_day_promise_is_judged_when_its_last_day_is_over() -> None:
    start = np.arange(100) * DAY + 12 * HOUR
    wait = np.full(100, 36.5 * HOUR)
    cases = made(start, wait, by_day=True, as_of=101.5 * DAY)
    assert share(promised(promise_from_record(cases, level=0.9)).kept_later).n == 39


def test_same_day_delivery_is_promised_for_the_next_day_at_the_least() -> None:
    start = np.arange(100) * DAY
    promise = promised(promise_from_record(made(start, np.full(100, HOUR), by_day=True), level=0.9))
    assert promise.upper == 1.0


def test_own_promise_is_judged_on_later_cases_that_came_due() -> None:
    start = np.arange(1000) * HOUR
    kept = np.where(np.arange(1000) < 600, 0.0, 1.0)
    kept[990:] = np.nan
    own = np.where(np.arange(1000) < 600, 99 * HOUR, 6 * HOUR)
    cases = made(start, np.full(1000, 3.5 * HOUR), promised=own, kept=kept)
    promise = promised(promise_from_record(cases, level=0.95))
    assert promise.own_promise == 6.0
    assert (share(promise.own_kept).value, share(promise.own_kept).n) == (1.0, 390)


@pytest.mark.parametrize(
    ("own_hours", "own_share", "later_hours", "padded"),
    [
        (6.0, 1.0, 3.5, True),  # 1.5 times the 4 hours that would do
        (5.9, 1.0, 3.5, False),  # not that long
        (6.0, 0.95, 3.5, False),  # 95 % kept, but the interval begins below
        (6.0, 1.0, 5.5, False),  # 4 hours would no longer do
    ],
)
def test_padded_is_long_and_kept_while_less_would_do(
    own_hours: float, own_share: float, later_hours: float, padded: bool
) -> None:
    start = np.arange(1000) * HOUR
    kept = (np.arange(1000) % 100 < own_share * 100).astype(float)
    wait = np.where(np.arange(1000) < 600, 3.5, later_hours) * HOUR
    cases = made(start, wait, promised=np.full(1000, own_hours * HOUR), kept=kept)
    assert promised(promise_from_record(cases, level=0.95)).padded is padded


def test_too_few_earlier_cases_say_how_many_would_do() -> None:
    absent = promise_from_record(made(np.arange(30) * DAY, np.full(30, HOUR)), level=0.95)
    assert isinstance(absent, NoPromise)
    assert (absent.reason.n, absent.reason.needed) == (18, 19)


def test_no_cases_at_all_is_not_enough() -> None:
    absent = promise_from_record(made([], []), level=0.95)
    assert isinstance(absent, NoPromise)
    assert absent.reason == NotEnough(n=0, needed=19, why="a limit at level 0.95 needs 19 cases")


def test_a_record_whose_slow_cases_never_close_supports_no_promise() -> None:
    wait = np.where(np.arange(1000) % 5 == 0, np.nan, HOUR)
    absent = promise_from_record(made(np.arange(1000) * HOUR, wait), level=0.9)
    assert isinstance(absent, NoPromise)
    assert absent.reason.why == "too many of the cases were still open"
    assert isinstance(promise_from_record(made(np.arange(1000) * HOUR, wait), level=0.7), Promise)


def test_too_few_later_cases_leave_the_promise_unchecked() -> None:
    start = np.concatenate([np.arange(96), [300, 301, 302, 303]]) * HOUR
    cases = made(start, np.full(100, HOUR), as_of=1e5 * HOUR)
    promise = promised(promise_from_record(cases, level=0.9, split=0.96))
    assert promise.kept_later == NotEnough(n=4, needed=5, why="too few later cases have come due")


@pytest.mark.parametrize("changes", [{"level": 95.0}, {"level": 0.9, "split": 1.0}])
def test_refuses_shares_outside_zero_and_one(changes: dict[str, float]) -> None:
    with pytest.raises(BadOption):
        promise_from_record(made([0.0], [1.0]), **changes)


def test_groups_follow_all_cases_largest_first_and_the_rest_last() -> None:
    shops = np.array(["a"] * 100 + ["b"] * 300 + [OTHER] * 600)
    cases = made(np.arange(1000) * HOUR, np.full(1000, HOUR), groups={"shop": shops})
    found = promises_by_group(cases, level=0.9)
    assert [promise.group for promise in found] == [{}, {"shop": "b"}, {"shop": "a"}, {"shop": OTHER}]
    assert all(isinstance(promise, Promise) for promise in found)


def test_a_small_group_is_not_enough_beside_large_ones() -> None:
    shops = np.array(["small"] * 10 + ["large"] * 990)
    cases = made(np.arange(1000) * HOUR, np.full(1000, HOUR), groups={"shop": shops})
    small = promises_by_group(cases, level=0.9)[-1]
    assert isinstance(small, NoPromise)
    assert small.group == {"shop": "small"}
    assert (small.reason.n, small.reason.needed) == (6, 9)


waits = st.lists(st.floats(min_value=60, max_value=60 * HOUR), min_size=60, max_size=60)


@settings(max_examples=60, deadline=None)
@given(waits, waits, st.booleans())
def test_nothing_of_the_later_part_changes_the_promise(
    first: list[float], second: list[float], by_day: bool
) -> None:
    start, moment = np.arange(60) * HOUR, 36 * HOUR
    wait, other = np.array(first), np.array(second)
    # Known at the split stays; what came later is another world: later cases have
    # other waits, and cases that were open then are closed at another time or never.
    known = start + wait <= moment
    after = np.where(start < moment, np.where(other > 30 * HOUR, np.nan, moment - start + other), other)
    changed = np.where(known, wait, after)
    kept = (np.arange(60) % 2).astype(float)
    one = promise_from_record(made(start, wait, by_day=by_day), level=0.7)
    two = promise_from_record(made(start, changed, kept=kept, promised=other, by_day=by_day), level=0.7)
    assert learned(one) == learned(two)


def learned(found: Promise | NoPromise) -> tuple[Any, ...]:
    if isinstance(found, NoPromise):
        return (found.reason,)
    return (found.upper, found.unit, found.n, found.learned_until)


@pytest.mark.parametrize("by_day", [False, True])
@pytest.mark.parametrize("level", [0.5, 0.8])
def test_no_case_that_is_learned_on_is_open_though_it_would_have_kept_the_promise(
    by_day: bool, level: float
) -> None:
    rng = np.random.default_rng(6)
    for _ in range(100):
        cases = made(np.arange(110) * HOUR, rng.uniform(0, 45 * HOUR, size=110), by_day=by_day)
        # In the middle of a day, so that calendar days have begun and not ended.
        old = seasoned(cases, moment=110 * HOUR, rank=lambda n: conformal_rank(n, level=level))
        assert not isinstance(old, NotEnough)
        truth = cases.lengths()[: old.lengths.size]
        assert ((old.lengths <= old.upper) == (truth <= old.upper)).all()
