"""Pairs beyond chance, what is offered, and how it is tried: by hand and on shops whose truth is known."""

from __future__ import annotations

import csv
import gzip
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from forvent.assess.recommendations import (
    Baskets,
    Offers,
    baskets,
    bought_together,
    difference,
    expected_together,
    hits,
    offers,
)
from forvent.records import NotEnough

OLIST = Path(__file__).parents[5] / "shared/data/promises/olist"
CUSTOMERS, PRODUCTS = 2000, 80


def shop(seed, *, strength=1.0, groups=5):
    """Purchases: customers buy more or less, products are more or less popular, and groups are liked."""
    rng = np.random.default_rng(seed)
    popular = 1 / np.arange(1, PRODUCTS + 1) ** 0.8
    who, what, when = [], [], []
    for customer in range(CUSTOMERS):
        liked = popular * np.where(np.arange(PRODUCTS) % groups == customer % groups, strength, 1.0)
        many = 1 + rng.poisson(rng.gamma(0.8, 5.0))
        who += [customer] * many
        what += rng.choice(PRODUCTS, many, p=liked / liked.sum()).tolist()
        when += rng.integers(0, 400, many).tolist()
    return np.array(who), np.array(what), np.array(when)


def basket(purchases, *, until=400, since=-1):
    who, what, when = purchases
    kept = when > since
    return baskets(
        who[kept], product=what[kept], day=when[kept], until=until, customers=CUSTOMERS, products=PRODUCTS
    )


def test_chance_keeps_every_product_its_buyers_and_every_customer_their_pairs():
    buyers = np.array([40, 30, 20, 10])
    expected = expected_together(buyers, sizes=np.array([2, 3]), counts=np.array([20, 20]))
    assert expected.sum() / 2 == pytest.approx(20 * 1 + 20 * 3, rel=0.1)
    assert (np.diag(expected) == 0).all()
    assert np.allclose(expected, expected.T)
    assert expected[0, 1] > expected[0, 2] > expected[0, 3]


def test_what_everybody_bought_goes_with_nothing_in_particular():
    who = np.repeat(np.arange(200), 2)
    what = np.tile([0, 1], 200)
    what[1::2] = 1 + np.arange(200) % 4
    bought = Baskets(who, what, np.ones(400, int), np.zeros(400, int), 200, 5)
    found = bought_together(bought)
    assert found.first.size == 0
    assert found.expected[0, 1] == pytest.approx(50, rel=0.02)


def test_finds_nothing_where_customers_like_nothing_in_particular():
    found = [bought_together(basket(shop(seed))) for seed in range(6)]
    # Each run calls a false finding with at most 5 %; popularity and busy customers alone are none.
    assert sum(one.first.size > 0 for one in found) <= 2
    assert min(one.strength for one in found) > 100


def test_finds_the_groups_that_were_put_in():
    found = bought_together(basket(shop(1, strength=8.0)))
    first, second = found.products[found.first], found.products[found.second]
    assert found.first.size > 40
    assert np.mean(first % 5 == second % 5) >= 0.95
    assert found.comparisons == PRODUCTS * (PRODUCTS - 1) // 2


def test_lifts_are_drawn_towards_one_where_little_is_known():
    found = bought_together(basket(shop(1, strength=8.0)))
    raw = found.count / np.maximum(found.expected, 1e-9)
    off = ~np.eye(len(raw), dtype=bool)
    assert (np.abs(np.log(found.lifts[off])) <= np.abs(np.log(np.maximum(raw[off], 1e-9))) + 1e-9).all()


def test_one_customer_with_everything_is_no_person():
    who, what, when = shop(2)
    robot = (np.zeros(600, int), np.arange(600), np.zeros(600, int))
    known = baskets(
        np.r_[who + 1, robot[0]],
        product=np.r_[what, robot[1]],
        day=np.r_[when, robot[2]],
        until=400,
        customers=CUSTOMERS + 1,
        products=600,
    )
    found = bought_together(known)
    assert found.left_out["customers_too_many_products"] == 1
    assert found.left_out["products_too_few_customers"] == 600 - len(found.products)


def test_too_few_baskets_are_not_enough():
    one = Baskets(np.arange(60), np.zeros(60, int), np.ones(60, int), np.zeros(60, int), 60, 1)
    assert bought_together(one) == NotEnough(
        0, 50, "too few customers bought two products that are bought often enough"
    )


@pytest.mark.parametrize(("strength", "beats"), [(1.0, False), (8.0, True)])
def test_beats_the_most_popular_only_where_customers_like_something(strength, beats):
    purchases = shop(3, strength=strength)
    before, after = basket(purchases, until=300), basket(purchases, since=300)
    popularity = before.bought_since(200)
    offered = offers(
        bought_together(before),
        baskets=before,
        wanted=np.arange(CUSTOMERS),
        popularity=popularity,
        most=3,
    )
    found = hits(offered, before=before, after=after, popularity=popularity)
    assert (found.better.low > 0) is beats
    assert found.better.value == pytest.approx(found.recommended.value - found.popular.value)


def test_lists_are_equally_long_and_counted_by_hand():
    # 40 customers own product 0; they are offered product 1, while product 2 is the most popular.
    n = 40
    who = np.arange(n)
    before = Baskets(who, np.zeros(n, int), np.ones(n, int), np.zeros(n, int), n, 3)
    chosen = np.where(who < 25, 1, 2)
    after = Baskets(who, chosen, np.ones(n, int), np.full(n, 9), n, 3)
    offered = Offers(who, np.ones(n, int), np.zeros(n, int))
    found = hits(offered, before=before, after=after, popularity=np.array([40, 1, 30]))
    assert (found.recommended.value, found.popular.value, found.again.value) == (25 / 40, 15 / 40, 0.0)
    assert found.better.value == pytest.approx(10 / 40)


def test_difference_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(1000):
        shared = rng.random(60)
        first, second = shared < 0.35, np.where(rng.random(60) < 0.5, shared, rng.random(60)) < 0.25
        found = difference(first, other=second, level=0.9)
        inside += found.low <= 0.10 <= found.high
    assert 0.87 < inside / 1000 < 0.95


def test_the_same_purchases_in_another_order_give_the_same_offers():
    purchases = shop(4, strength=8.0)
    order = np.random.default_rng(1).permutation(purchases[0].size)
    given = []
    for one in (purchases, tuple(part[order] for part in purchases)):
        known = basket(one)
        found = offers(
            bought_together(known), baskets=known, wanted=np.arange(300), popularity=known.buyers, most=2
        )
        given.append((found.customer.tolist(), found.product.tolist(), found.because.tolist()))
    assert given[0] == given[1]


@pytest.mark.data
def test_on_the_sellers_of_a_real_market_place():
    """Sellers as customers, categories as products: the orders themselves hold too few baskets."""
    if not OLIST.is_dir():
        assert not os.environ.get("CI"), "the shared test data are missing"
        pytest.skip("the shared test data are not here")

    def rows(name):
        with gzip.open(OLIST / name, "rt", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    category = {
        row["product_id"]: row["product_category_name"] for row in rows("olist_products_dataset.csv.gz")
    }
    bought = {
        row["order_id"]: date.fromisoformat(row["order_purchase_timestamp"][:10]).toordinal()
        for row in rows("olist_orders_dataset.csv.gz")
    }
    items = [
        (row["seller_id"], category.get(row["product_id"]) or "", bought[row["order_id"]])
        for row in rows("olist_order_items_dataset.csv.gz")
        if row["order_id"] in bought
    ]
    sellers, categories = (np.array([item[place] for item in items]) for place in (0, 1))
    names, product = np.unique(categories, return_inverse=True)
    who, customer = np.unique(sellers, return_inverse=True)
    day = np.array([item[2] for item in items])
    known = baskets(
        customer, product=product, day=day, until=int(day.max()), customers=who.size, products=names.size
    )
    found = bought_together(known)
    pairs = {
        frozenset((str(names[found.products[one]]), str(names[found.products[two]])))
        for one, two in zip(found.first, found.second, strict=True)
    }
    assert {frozenset(("bebes", "brinquedos")), frozenset(("beleza_saude", "perfumaria"))} <= pairs
    assert len(pairs) < 20
