"""Orders come when and from where they should."""

from collections import Counter
from datetime import date, datetime

import numpy as np
import pytest

from forvent.simulate import SampleBusiness, shop
from forvent.simulate.orders import draw, draw_orders
from forvent.stats import wilson


def test_positions_are_drawn_by_weight() -> None:
    drawn = draw(np.random.default_rng(1), [3.0, 0.0, 1.0], n=10_000)
    assert np.bincount(drawn).tolist()[1] == 0
    assert float(np.mean(drawn == 0)) == pytest.approx(0.75, abs=0.02)


def test_orders_stand_in_the_order_of_their_start() -> None:
    orders = draw_orders(np.random.default_rng(1), customers=500, start=date(2026, 1, 1), days=60)
    assert (np.diff(1440 * orders.day + orders.minute) >= 0).all()


def test_regions_and_ways_of_shipping_have_their_shares(large: SampleBusiness) -> None:
    for group in large.truth.groups[1:]:
        ((column, name),) = group.group.items()
        count = sum(getattr(episode, column) == name for episode in large.episodes)
        seen = wilson(count, len(large.episodes), level=0.999)
        assert seen.low <= group.share <= seen.high, name


def test_there_is_no_pickup_where_there_is_no_store(large: SampleBusiness) -> None:
    regions = {episode.region for episode in large.episodes if episode.shipping == "store pickup"}
    assert regions == {"City", "Coast"}


def test_every_customer_orders_up_to_four_times(large: SampleBusiness) -> None:
    counts = Counter(episode.customer for episode in large.episodes)
    assert len(counts) == 6000
    by_count = Counter(counts.values())
    for count, share in shop.ORDER_COUNTS.items():
        seen = wilson(by_count[count], 6000, level=0.999)
        assert seen.low <= share <= seen.high


def test_most_orders_come_on_mondays(large: SampleBusiness) -> None:
    days = Counter(episode.ordered.weekday() for episode in large.episodes)
    assert days.most_common()[0][0] == 0
    assert days.most_common()[-1][0] == 5


def test_what_comes_after_the_end_is_open(business: SampleBusiness) -> None:
    end = datetime(2026, 8, 29)
    still_open = [
        episode for episode in business.episodes if episode.delivered is None and not episode.cancelled
    ]
    assert 5 < len(still_open) < 80
    assert all(episode.delivered < end for episode in business.episodes if episode.delivered is not None)


def test_a_few_orders_are_cancelled_and_never_come(large: SampleBusiness) -> None:
    cancelled = [episode for episode in large.episodes if episode.cancelled]
    seen = wilson(len(cancelled), len(large.episodes), level=0.999)
    assert seen.low <= shop.CANCELLED <= seen.high
    assert all(episode.delivered is None and episode.kept is None for episode in cancelled)


def test_every_order_is_promised_what_its_shipping_says(business: SampleBusiness) -> None:
    promised = {
        (episode.shipping, (episode.promised - episode.ordered.date()).days) for episode in business.episodes
    }
    assert promised == {("home delivery", 4), ("parcel box", 7), ("store pickup", 3)}


def test_delivery_comes_after_the_order(business: SampleBusiness) -> None:
    waits = [
        (episode.delivered.date() - episode.ordered.date()).days
        for episode in business.episodes
        if episode.delivered
    ]
    assert min(waits) == 1
    assert max(waits) > 8
