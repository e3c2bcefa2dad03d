"""What is felt follows the order and the rates; stars follow what is felt."""

from datetime import date

import numpy as np
import pytest

from forvent.simulate import shop
from forvent.simulate.feelings import MET, UNMET, Spoken, draw_spoken, draw_stars, mean_stars, wanted_stars
from forvent.simulate.orders import Orders, draw_orders

KINDS = len(shop.EXPECTATIONS)
START, DAYS = date(2026, 1, 1), 240


@pytest.fixture(scope="module")
def orders() -> Orders:
    return draw_orders(np.random.default_rng(1), customers=30_000, start=START, days=DAYS)


@pytest.fixture(scope="module")
def spoken(orders: Orders) -> Spoken:
    return draw_spoken(np.random.default_rng(2), orders=orders)


def feeling(**named: int) -> np.ndarray:
    felt = np.zeros((1, KINDS), dtype=np.int8)
    for place, held in enumerate(shop.EXPECTATIONS):
        felt[0, place] = named.get(held.id, 0)
    return felt


def test_stars_before_noise_are_base_penalties_and_rewards() -> None:
    assert wanted_stars(feeling(on_time=UNMET, fair_price=MET))[0] == pytest.approx(3.2 - 1.4 + 0.95)


def test_speed_and_the_site_leave_the_stars_as_they_are() -> None:
    assert wanted_stars(feeling(fast_delivery=UNMET, easy_digital=MET))[0] == shop.BASE_STARS


def test_stars_are_whole_and_within_the_scale() -> None:
    worst = np.repeat(feeling(on_time=UNMET, product_quality=UNMET, complete_order=UNMET), 500, axis=0)
    best = np.repeat(feeling(fair_price=MET, pleasant_surprise=MET, friendly_staff=MET), 500, axis=0)
    stars = draw_stars(np.random.default_rng(1), felt=np.vstack([worst, best]))
    assert set(stars.tolist()) <= {1, 2, 3, 4, 5}
    assert set(stars[:500].tolist()) == {1}


@pytest.mark.parametrize(
    "named", [{}, {"on_time": UNMET}, {"fair_price": MET, "pleasant_surprise": MET, "friendly_staff": MET}]
)
def test_mean_stars_are_the_mean_of_drawn_stars(named: dict[str, int]) -> None:
    felt = np.repeat(feeling(**named), 40_000, axis=0)
    drawn = draw_stars(np.random.default_rng(4), felt=felt).mean()
    assert mean_stars(felt)[0] == pytest.approx(float(drawn), abs=4 * 0.6 / 200)


def test_a_voice_has_at_most_three_mentions_and_some_have_none(spoken: Spoken) -> None:
    counts = np.bincount((spoken.felt != 0).sum(axis=1))
    assert counts.size == shop.MOST_MENTIONS + 1
    assert (counts > 0.08 * counts.sum()).all()


def test_lateness_makes_complaints_about_the_promise_likely(orders: Orders, spoken: Spoken) -> None:
    late = orders.late[spoken.order]
    unmet = spoken.felt[:, shop.ON_TIME] == UNMET
    met = spoken.felt[:, shop.ON_TIME] == MET
    # A little less than was put in, since a voice holds three mentions at most.
    assert 0.65 < float(unmet[late].mean()) < shop.LATE_SAID
    assert float(unmet[~late].mean()) < 0.03
    assert not met[late].any()
    assert 0.1 < float(met[~late].mean()) < shop.KEPT_SAID_MET


def test_a_long_wait_within_the_promise_costs_no_stars(orders: Orders, spoken: Spoken) -> None:
    length, late = orders.length[spoken.order], orders.late[spoken.order]
    stars = mean_stars(spoken.felt)
    quick, slow = stars[~late & (length <= 2)], stars[~late & (length >= 5)]
    assert float(slow.mean()) == pytest.approx(
        float(quick.mean()), abs=4 * float(stars.std()) / np.sqrt(slow.size)
    )
    assert float(stars[late & (length >= 5)].mean()) < float(slow.mean()) - 0.7


def test_quick_orders_are_found_quick(orders: Orders, spoken: Spoken) -> None:
    length, late = orders.length[spoken.order], orders.late[spoken.order]
    speed = spoken.felt[:, shop.FAST_DELIVERY]
    assert not (speed[late] == MET).any()
    for days, true in enumerate(shop.FOUND_QUICK[:3], start=1):
        said = speed[(length == days) & (speed != 0)]
        error = 4 * np.sqrt(true * (1 - true) / said.size)
        assert float((said == MET).mean()) == pytest.approx(true, abs=error)


def test_expectations_come_up_more_often_at_their_touchpoint(spoken: Spoken) -> None:
    touchpoint = np.array([place for place, *_ in shop.CHANNELS.values()])[spoken.channel]
    for place, held in enumerate(shop.EXPECTATIONS):
        if held.at:
            near = np.isin(touchpoint, held.at)
            came_up = spoken.felt[:, place] != 0
            assert came_up[near].mean() > 1.7 * came_up[~near].mean()


def test_store_cards_are_for_those_who_picked_up(orders: Orders, spoken: Spoken) -> None:
    card = spoken.channel == list(shop.CHANNELS).index("store card")
    assert set(orders.shipping[spoken.order[card]].tolist()) == {shop.PICKUP}


def test_nobody_speaks_of_what_has_neither_come_nor_is_overdue(orders: Orders, spoken: Spoken) -> None:
    told = spoken.order
    assert (orders.delivered | orders.overdue)[told].all()
    over = np.where(orders.delivered, orders.day + orders.length, orders.day + orders.promised)[told]
    assert (spoken.day > over).all()
    assert (spoken.day < DAYS).all()
