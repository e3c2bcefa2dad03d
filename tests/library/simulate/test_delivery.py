"""Kept probabilities and quantiles of deliveries are those that were put in."""

from datetime import date

import numpy as np
import pytest

from forvent.simulate import SampleBusiness, shop
from forvent.simulate.delivery import (
    Wait,
    day_weights,
    days_for,
    share_kept,
    share_within,
    slow_day,
    waits,
)
from forvent.simulate.orders import draw_orders
from forvent.stats import wilson

START = date(2026, 1, 1)


def wait(*, weight: float = 1.0, median_days: float = 2.0, promise_days: int = 4) -> Wait:
    return Wait(weight, "City", "home delivery", False, median_days, 0.5, promise_days)


def test_share_within_follows_the_lognormal() -> None:
    days = 2.0 * np.exp(0.5 * np.random.default_rng(5).standard_normal(200_000))
    assert share_within([wait()], days=3) == pytest.approx(float(np.mean(np.ceil(days) <= 3)), abs=0.005)


def test_shares_are_weighted_over_kinds_of_order() -> None:
    quick, slow = wait(weight=3.0, median_days=0.001), wait(median_days=1000.0)
    assert share_within([quick, slow], days=4) == pytest.approx(0.75)


def test_each_kind_is_held_to_its_own_promise() -> None:
    at_median = [wait(median_days=4.0, promise_days=4), wait(median_days=7.0, promise_days=7)]
    assert share_kept(at_median) == pytest.approx(0.5)


def test_nothing_is_there_on_the_day_of_the_order() -> None:
    assert share_within([wait()], days=0) == 0.0


def test_kinds_without_weight_have_no_share() -> None:
    assert np.isnan(share_kept([wait(weight=0.0)]))


def test_days_for_a_level_are_the_fewest_that_do() -> None:
    kinds = list(waits(START, days=240))
    for level in (0.5, 0.8, 0.95, 0.99):
        days = days_for(kinds, level=level)
        assert share_within(kinds, days=days - 1) < level <= share_within(kinds, days=days)


def test_kinds_of_order_are_all_orders() -> None:
    assert sum(kind.weight for kind in waits(START, days=240)) == pytest.approx(1.0)


def test_what_the_carrier_does_not_bring_stays_as_quick() -> None:
    medians = {(kind.region, kind.shipping, kind.slow): kind.median_days for kind in waits(START, days=240)}
    assert medians["Hills", "store pickup", True] == medians["Hills", "store pickup", False]
    assert medians["Hills", "parcel box", True] == pytest.approx(1.8 * medians["Hills", "parcel box", False])
    assert medians["City", "home delivery", True] == medians["City", "home delivery", False]


def test_days_weigh_by_their_weekday() -> None:
    weights = day_weights(date(2026, 1, 5), days=7)  # a Monday
    assert np.allclose(np.array(weights) * sum(shop.WEEKDAYS), shop.WEEKDAYS)


def test_drawn_waits_have_the_true_distribution_before_and_after_the_change() -> None:
    orders = draw_orders(np.random.default_rng(3), customers=20_000, start=START, days=240)
    place = [region.name for region in shop.REGIONS].index("Hills")
    for slow in (False, True):
        hills = (orders.region == place) & ((orders.day >= slow_day(240)) == slow)
        kinds = [kind for kind in waits(START, days=240) if kind.region == "Hills" and kind.slow == slow]
        for days in (2, 4, 6):
            seen = wilson(float((orders.length[hills] <= days).sum()), int(hills.sum()), level=0.999)
            assert seen.low <= share_within(kinds, days=days) <= seen.high


@pytest.mark.parametrize("part", ["all", "before", "after"])
def test_promises_are_kept_as_often_as_the_truth_says(large: SampleBusiness, part: str) -> None:
    truth = large.truth
    for group in truth.groups:
        known = [
            episode.kept
            for episode in large.episodes
            if episode.kept is not None
            and all(getattr(episode, column) == name for column, name in group.group.items())
            and (part == "all" or (episode.ordered.date() >= truth.slow_from) == (part == "after"))
        ]
        true = {"all": group.kept, "before": group.kept_before, "after": group.kept_after}[part]
        seen = wilson(float(sum(known)), len(known), level=0.999)
        assert seen.low <= true <= seen.high, group.group


def test_the_shop_promises_too_little_here_and_too_much_there(business: SampleBusiness) -> None:
    city, islands = business.truth.group(region="City"), business.truth.group(region="Islands")
    assert islands.kept < 0.8
    assert city.kept > 0.99
    assert min(business.truth.promise_days.values()) >= 1.5 * city.days[0.95]
    hills = business.truth.group(region="Hills")
    assert hills.kept_before > 0.95 > 0.85 > hills.kept_after
