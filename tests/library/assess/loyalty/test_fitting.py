from dataclasses import replace

import numpy as np
import pytest

from forvent.assess.loyalty import (
    fit_candidates,
    fit_from_parameters,
    fit_purchases,
    histories_of_arrays,
)
from forvent.assess.loyalty.clocks import MONTH
from forvent.errors import BadOption
from forvent.records import NotEnough

TRUE = {"r": 0.8, "alpha": 6.0, "a": 0.6, "b": 2.5}


@pytest.mark.data
def test_the_published_sample_gives_the_published_bg_nbd(cdnow):
    fit = fit_purchases(cdnow, model="bg-nbd")
    # Fader, Hardie & Lee (2005), section 5.
    published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert fit.parameters == pytest.approx(published, rel=0.01)
    assert fit.log_likelihood == pytest.approx(-9582.4, abs=0.1)
    assert (fit.converged, fit.trouble, fit.starts, fit.agreeing) == (True, "", 3, 3)
    assert (fit.customers, fit.repeats) == (2357, 2457)


@pytest.mark.data
def test_the_published_sample_gives_the_published_mbg_nbd(cdnow):
    fit = fit_purchases(cdnow, model="mbg-nbd")
    # Batislam, Denizel & Filiztekin (2007), as the R package BTYDplus prints them.
    published = {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}
    assert fit.parameters == pytest.approx(published, rel=0.01)


@pytest.mark.parametrize(("model", "at_once"), [("bg-nbd", False), ("mbg-nbd", True)])
def test_what_was_put_in_is_found(simulated, model, at_once):
    known, _ = simulated(6000, **TRUE, seed=3, at_once=at_once)
    fit = fit_purchases(known, model=model, level=0.999)
    for name, true in TRUE.items():
        low, high = fit.limits[name]
        assert low < true < high, name
        assert low < fit.parameters[name] < high


def test_the_model_that_made_the_customers_is_chosen(simulated):
    known, _ = simulated(6000, **TRUE, seed=4, at_once=True)
    candidates = fit_candidates(known)
    assert [fit.model for fit in candidates] == ["mbg-nbd", "bg-nbd"]
    assert candidates[0].aic < candidates[1].aic - 2


def test_early_weeks_that_were_put_in_are_found(simulated):
    known, _ = simulated(5000, **TRUE, seed=5, weeks=60.0, ahead=1e-9)
    # Clock time → weeks: the first weeks hold more of the purchases than the later ones.
    weeks = np.linspace(0, 60, 20_001)
    clock = weeks - 2.0 * 6.0 * np.expm1(-weeks / 6.0)

    def slowed(time):
        return np.interp(time, clock, weeks)

    rng = np.random.default_rng(6)
    spread = [
        np.sort(np.append(rng.uniform(0, last, int(number) - 1), last))
        for number, last in zip(known.repeats, known.recency, strict=True)
        if number
    ]
    # Given the last purchase of a steady rate the others are spread evenly before it.
    ages, counts = np.unique(np.round(slowed(np.concatenate(spread)), 2), return_counts=True)
    turned = replace(
        known,
        recency=slowed(known.recency),
        age=slowed(known.age),
        repeat_age=ages,
        repeat_count=counts.astype(float),
    )
    best, *others = fit_candidates(turned, models=("bg-nbd", "bg-nbd-early"))
    assert best.model == "bg-nbd-early"
    assert best.aic < others[0].aic - 50
    assert best.parameters["early"] == pytest.approx(2.0, rel=0.35)
    assert best.parameters["early_weeks"] == pytest.approx(6.0, rel=0.35)


def with_months(rng, *, worth, customers=4000, weeks=78.0):
    """Customers who came in the first half year, to months worth more and less; the newest month first."""
    rate, leaves = rng.gamma(0.9, 1 / 5.0, customers), rng.beta(0.7, 3.0, customers)
    edges = weeks - np.arange(len(worth) + 1) * MONTH
    lived = np.append(0.0, np.cumsum(np.array(worth[::-1]) * MONTH))
    first = rng.uniform(0.0, 26.0, customers)
    begun = np.interp(first, edges[::-1], lived)
    clock = begun[:, None] + np.cumsum(rng.exponential(size=(customers, 200)), axis=1) / rate[:, None]
    stays = np.arange(200) < (rng.geometric(leaves) - 1)[:, None]
    time = np.interp(clock, lived, edges[::-1], right=np.inf)
    made = stays & (time < weeks)
    last = np.where(made, time, first[:, None]).max(axis=1)
    known = histories_of_arrays(repeats=made.sum(axis=1), recency=last - first, age=weeks - first)
    back = ((weeks - time[made]) / MONTH).astype(int)
    ages, counts = np.unique(np.round((time - first[:, None])[made], 2), return_counts=True)
    return replace(
        known,
        repeat_age=ages,
        repeat_count=counts.astype(float),
        month_count=np.bincount(back, minlength=len(worth)).astype(float),
    )


def test_better_and_worse_months_that_were_put_in_are_found():
    worth = [0.6, 0.7, 1.0, 1.0, 1.6, 1.4, 1.0, 0.8, 1.0, 1.3, 1.0, 0.7, 1.0, 1.0, 1.2, 1.0, 0.9, 1.0]
    known = with_months(np.random.default_rng(11), worth=worth, weeks=18 * MONTH)
    fit = fit_purchases(known, model="mbg-nbd-months")
    assert fit.converged
    found = np.array(fit.months) / np.mean(fit.months[2:]) * np.mean(worth[2:])
    assert found[:12] == pytest.approx(worth[:12], rel=0.25)
    assert np.corrcoef(found[:14], worth[:14])[0, 1] > 0.9
    best, other = fit_candidates(known, models=("mbg-nbd", "mbg-nbd-months"))
    assert best.model == "mbg-nbd-months"
    assert best.aic < other.aic - 50


def test_months_that_were_all_alike_are_found_alike():
    known = with_months(np.random.default_rng(12), worth=[1.0] * 18, weeks=18 * MONTH)
    fit = fit_purchases(known, model="mbg-nbd-months")
    assert np.abs(np.log(fit.months)).max() < 0.25
    assert fit.months_spread < 0.15


def test_below_four_months_none_is_told_from_another(simulated):
    known, _ = simulated(500, **TRUE, seed=9)
    few = replace(known, month_count=np.ones(3))
    assert fit_purchases(few, model="bg-nbd-months").model == "bg-nbd"


def test_few_who_came_back_are_not_enough():
    few = histories_of_arrays(repeats=[1] * 9 + [0] * 90, recency=[1.0] * 9 + [0.0] * 90, age=[9.0] * 99)
    assert fit_purchases(few, model="bg-nbd") == NotEnough(9, 10, "too few customers have bought again")
    assert fit_candidates(few) == NotEnough(9, 10, "too few customers have bought again")


def test_says_so_where_nobody_leaves():
    rng = np.random.default_rng(8)
    number = rng.poisson(12, 400) + 1.0
    loyal = histories_of_arrays(repeats=number, recency=np.full(400, 51.9), age=np.full(400, 52.0))
    fit = fit_purchases(loyal, model="bg-nbd")
    assert not fit.converged
    assert "ran to a bound" in fit.trouble
    assert np.isfinite(fit.covariance).all()


def test_ten_thousand_orders_of_one_customer_do_not_stop_the_fit(simulated):
    known, _ = simulated(500, **TRUE, seed=9)
    with_heavy = histories_of_arrays(
        repeats=np.append(known.repeats, 10_000),
        recency=np.append(known.recency, 51.9),
        age=np.append(known.age, 52.0),
    )
    fit = fit_purchases(with_heavy, model="mbg-nbd")
    assert all(np.isfinite(value) for value in fit.parameters.values())


def test_the_same_customers_in_another_order_give_the_same_fit(simulated):
    known, _ = simulated(300, **TRUE, seed=10)
    turned = histories_of_arrays(
        repeats=known.repeats[::-1], recency=known.recency[::-1], age=known.age[::-1]
    )
    first, second = (fit_purchases(of, model="bg-nbd") for of in (known, turned))
    assert first.parameters == second.parameters


def test_refuses_an_unknown_model():
    one = histories_of_arrays(repeats=[1], recency=[1.0], age=[2.0])
    with pytest.raises(BadOption) as caught:
        fit_purchases(one, model="pareto")
    assert str(caught.value) == (
        "'pareto' is no model of purchases. Choose one of bg-nbd, mbg-nbd, bg-nbd-early, mbg-nbd-early, "
        "bg-nbd-months, mbg-nbd-months, bg-nbd-early-months, mbg-nbd-early-months."
    )


def test_refuses_parameters_of_another_model():
    with pytest.raises(BadOption) as caught:
        fit_from_parameters("bg-nbd", r=1.0, alpha=1.0, a=1.0)
    assert str(caught.value) == (
        "bg-nbd cannot have the parameters r, alpha, a. Give r, alpha, a, b, all above 0."
    )
