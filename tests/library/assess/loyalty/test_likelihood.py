import math
from dataclasses import replace

import numpy as np
import pytest

from forvent.assess.loyalty import MODELS, histories_of_arrays
from forvent.assess.loyalty.clocks import MONTH, early_clock, month_grid, months_ahead
from forvent.assess.loyalty.fitting import rows_of
from forvent.assess.loyalty.likelihood import has_early, has_months, log_likelihood, thinned, with_grid


def rows(*, repeats, recency, age, ages=(), counts=(), months=()):
    known = histories_of_arrays(repeats=repeats, recency=recency, age=age)
    told = {"repeat_age": ages, "repeat_count": counts, "month_count": months}
    return rows_of(replace(known, **{name: np.array(values, dtype=float) for name, values in told.items()}))


MANY = rows(
    repeats=[0, 0, 2, 2, 7, 1],
    recency=[0, 0, 3.5, 3.5, 30, 1],
    age=[38, 20, 38, 38, 31, 9],
    ages=[1.0, 3.5, 11.0],
    counts=[4.0, 2.0, 3.0],
    months=[3.0, 0.0, 1.0, 2.0, 0.0, 1.0, 0.0, 1.0, 1.0],
)


def beta(first, second):
    return math.gamma(first) * math.gamma(second) / math.gamma(first + second)


def by_hand(x, recency, age, *, r, alpha, a, b, first):
    stay = beta(a, b + x + first) / beta(a, b) * (alpha + age) ** -(r + x)
    left = beta(a + 1, b + x + first - 1) / beta(a, b) * (alpha + recency) ** -(r + x) if x or first else 0.0
    return math.log(math.gamma(r + x) * alpha**r / math.gamma(r) * (stay + left))


@pytest.mark.parametrize(("model", "first"), [("bg-nbd", 0), ("mbg-nbd", 1)])
@pytest.mark.parametrize("x", [0, 1, 5])
def test_one_customer_is_what_the_paper_writes(model, first, x):
    recency = 0.0 if x == 0 else 12.0
    one = rows(repeats=[x], recency=[recency], age=[20.0])
    value, _ = log_likelihood(np.log([0.5, 4.0, 0.8, 2.0]), rows=one, model=model)
    assert value == pytest.approx(by_hand(x, recency, 20.0, r=0.5, alpha=4.0, a=0.8, b=2.0, first=first))


@pytest.mark.parametrize("model", MODELS)
def test_slopes_are_those_of_the_value(model):
    known = with_grid(MANY, model=model)
    logs = np.array([-0.4, 1.2, -0.3, 0.6, -0.2, 1.1])[: 6 if has_early(model) else 4]
    if has_months(model):
        logs = np.concatenate([logs, [0.3, -0.2, 0.0, 0.1, 0.4, -0.5, 0.2, 0.0, 0.1]])
    _, slopes = log_likelihood(logs, rows=known, model=model)
    for place, slope in enumerate(slopes):
        step = np.zeros(logs.size)
        step[place] = 1e-5
        above, below = (log_likelihood(logs + way * step, rows=known, model=model)[0] for way in (1, -1))
        assert slope == pytest.approx((above - below) / 2e-5, rel=1e-6, abs=1e-6)


def test_equal_customers_are_one_row():
    assert sorted(MANY.weight.tolist()) == [1, 1, 1, 1, 2]
    assert MANY.repeats[MANY.place].tolist() == [0, 0, 2, 2, 7, 1]


@pytest.mark.parametrize("model", MODELS)
def test_a_customer_with_ten_thousand_orders_overflows_nothing(model):
    heavy = rows(repeats=[10_000], recency=[520.0], age=[521.0], ages=[1.0], counts=[1.0])
    logs = np.log([0.3, 5.0, 1.0, 2.0, 0.5, 4.0])[: 6 if has_early(model) else 4]
    if has_months(model):
        heavy = with_grid(replace(heavy, month_count=np.full(120, 80.0)), model=model)
        logs = np.append(logs, np.zeros(120))
    value, slopes = log_likelihood(logs, rows=heavy, model=model)
    assert np.isfinite(value)
    assert np.isfinite(slopes).all()


def test_without_early_weeks_the_early_model_is_the_plain_one():
    logs = np.array([-0.4, 1.2, -0.3, 0.6])
    plain, _ = log_likelihood(logs, rows=MANY, model="bg-nbd")
    early, _ = log_likelihood(np.append(logs, [-30.0, 1.0]), rows=MANY, model="bg-nbd-early")
    assert early == pytest.approx(plain)


def test_the_early_clock_runs_ahead_and_then_keeps_its_lead():
    weeks = np.array([0.0, 0.001, 100.0, 101.0])
    clock = early_clock(weeks, early=1.0, early_weeks=5.0)
    assert clock[0] == 0
    assert clock[1] == pytest.approx(0.002, rel=1e-3)
    assert clock[3] - clock[2] == pytest.approx(1.0)
    assert clock[3] == pytest.approx(106.0)


def test_an_even_part_of_many_rows_stands_for_all():
    rng = np.random.default_rng(2)
    age = rng.uniform(10, 60, 4000)
    number = rng.poisson(1.0, 4000).astype(float)
    recency = np.where(number > 0, age * rng.random(4000), 0.0)
    many = rows(repeats=number, recency=recency, age=age, ages=[2.0, 9.0], counts=[3000.0, 1000.0])
    part = thinned(many, most=500)
    assert part.weight.size <= 500
    assert part.weight.sum() == pytest.approx(4000)
    logs = np.log([0.5, 6.0, 0.8, 2.0, 0.5, 4.0])
    values = [log_likelihood(logs, rows=of, model="bg-nbd-early")[0] for of in (many, part)]
    assert values[0] == pytest.approx(values[1], rel=0.05)
    assert thinned(many, most=10_000) is many


# -------------------------------------------------------------------------- months


@pytest.mark.parametrize("model", [model for model in MODELS if has_months(model)])
def test_months_that_are_all_alike_change_nothing(model):
    logs = np.array([-0.4, 1.2, -0.3, 0.6, -0.2, 1.1])[: 6 if has_early(model) else 4]
    usual = np.concatenate([logs, np.zeros(9)])
    with_months, _ = log_likelihood(usual, rows=with_grid(MANY, model=model), model=model)
    plain, _ = log_likelihood(logs, rows=MANY, model=model.removesuffix("-months"))
    assert with_months == pytest.approx(plain)


def test_a_better_month_is_lived_faster():
    # Known for three months; the last purchase came a month and a half before the end.
    grid = month_grid(np.array([3 * MONTH]), np.array([1.5 * MONTH]), month_count=np.array([0.0, 1.0, 0.0]))
    assert grid.last.tolist() == [1]
    known = rows(repeats=[1], recency=[1.5 * MONTH], age=[3 * MONTH], months=[0.0, 1.0, 0.0])
    logs = np.concatenate([np.log([0.5, 4.0, 0.8, 2.0]), np.log([3.0, 2.0, 1.0])])
    value, _ = log_likelihood(logs, rows=with_grid(known, model="bg-nbd-months"), model="bg-nbd-months")
    lived = by_hand(1, 2.0 * MONTH, 6.0 * MONTH, r=0.5, alpha=4.0, a=0.8, b=2.0, first=0)
    assert value == pytest.approx(lived + math.log(2.0))


def test_months_ahead_are_usual_until_a_year_has_shown_a_season():
    short = months_ahead(np.array([0.4, -0.4, 0.3]), spread=0.2, months=5)
    assert short.tolist() == pytest.approx([math.exp(0.02)] * 5)


def test_a_season_seen_twice_is_expected_again():
    # December is the newest month of each year; counted back, it is the first and the thirteenth.
    year = np.array([0.6, 0.0, 0.0, 0.0, -0.3, -0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    ahead = np.log(months_ahead(np.tile(year, 3), spread=0.2, months=14))
    assert ahead[11] == ahead.max() > 0.4
    assert ahead[7] == pytest.approx(ahead[6]) == pytest.approx(ahead.min())
    assert ahead[13] == pytest.approx(ahead[1])


def test_months_without_a_pattern_show_no_season():
    logs = np.random.default_rng(4).normal(0.0, 0.2, 48)
    ahead = np.log(months_ahead(logs, spread=0.2, months=12))
    assert np.abs(ahead).max() < 0.12


def test_more_than_ten_years_fall_into_the_oldest_month():
    grid = month_grid(np.array([800.0]), np.array([2.0]), month_count=np.ones(184))
    assert grid.count.tolist() == [1.0] * 119 + [65.0]
    assert (grid.end - grid.start).sum() == pytest.approx(800.0)
