"""What forecasts of purchases promise, checked by simulation; bounds are the level ± 4 standard errors."""

import numpy as np
import pytest

from forvent.assess.loyalty import (
    fit_purchases,
    fit_spend,
    histories_of_arrays,
    histories_of_days,
    outlooks,
    total_ahead,
)
from forvent.assess.loyalty.clocks import MONTH

pytestmark = pytest.mark.slow

LEVEL, ROUNDS, CUSTOMERS = 0.95, 200, 300
TRUE = {"r": 0.8, "alpha": 6.0, "a": 0.6, "b": 2.5}


def drawn(rng, *, at_once, weeks=52.0, ahead=26.0):
    """All customers at once: gaps and leavings in one array each, for at most 300 purchases."""
    r, alpha, a, b = TRUE.values()
    rate, leaves = rng.gamma(r, 1 / alpha, CUSTOMERS), rng.beta(a, b, CUSTOMERS)
    times = np.cumsum(rng.exponential(size=(CUSTOMERS, 300)), axis=1) / rate[:, None]
    last = rng.geometric(leaves) - (1 if at_once else 0)
    made = np.arange(1, 301) <= last[:, None]
    before = made & (times <= weeks)
    repeats = before.sum(axis=1)
    recency = np.where(before, times, 0.0).max(axis=1)
    known = histories_of_arrays(repeats=repeats, recency=recency, age=np.full(CUSTOMERS, weeks))
    return known, (made & (times > weeks) & (times <= weeks + ahead)).sum(axis=1)


@pytest.mark.parametrize(("model", "at_once"), [("bg-nbd", False), ("mbg-nbd", True)])
def test_totals_and_parameters_are_covered_as_often_as_said(model, at_once):
    rng = np.random.default_rng(51)
    total, single, found = 0, [], dict.fromkeys(TRUE, 0)
    for _ in range(ROUNDS):
        known, later = drawn(rng, at_once=at_once)
        fit = fit_purchases(known, model=model)
        expected = total_ahead(fit, histories=known, weeks=26.0)
        total += expected.low <= later.sum() <= expected.high
        ahead = outlooks(fit, histories=known, weeks=26.0)
        single.append(np.mean((ahead.low <= later) & (later <= ahead.high)))
        for name, true in TRUE.items():
            found[name] += fit.limits[name][0] <= true <= fit.limits[name][1]
    error = 4 * np.sqrt(LEVEL * (1 - LEVEL) / ROUNDS)
    # Delta method with 300 customers: within two points.
    assert abs(total / ROUNDS - LEVEL) < error + 0.02
    # Whole numbers hold at least the level.
    assert np.mean(single) > LEVEL - 0.01
    for name, held in found.items():
        # Wald's intervals of weakly known parameters, on logs: within three points.
        assert held / ROUNDS > LEVEL - error - 0.03, name


def test_the_mean_value_of_a_purchase_is_covered_as_often_as_said():
    rng, held = np.random.default_rng(52), 0
    for _ in range(ROUNDS):
        number = rng.integers(1, 6, 200).astype(float)
        paid = rng.gamma(5.0 * number, 1.0) / number / rng.gamma(4.0, 1 / 30.0, 200)
        known = histories_of_arrays(
            repeats=number, recency=np.full(200, 5.0), age=np.full(200, 9.0), mean_value=paid
        )
        mean = fit_spend(known).mean
        held += mean.low <= 50.0 <= mean.high
    assert abs(held / ROUNDS - LEVEL) < 4 * np.sqrt(LEVEL * (1 - LEVEL) / ROUNDS) + 0.02


def test_totals_are_covered_where_months_differ():
    # Months of a shop: those known and those ahead differ by chance, with the spread that is believed.
    rng, held, rounds, months = np.random.default_rng(53), 0, 40, 18
    for _ in range(rounds):
        worth = np.exp(rng.normal(0.0, 0.2, months + 6))
        edges = np.arange(months + 7) * MONTH
        lived = np.append(0.0, np.cumsum(worth * MONTH))
        rate, leaves = rng.gamma(0.9, 1 / 5.0, 600), rng.beta(0.7, 3.0, 600)
        first = rng.uniform(0.0, 26.0, 600)
        begun = np.interp(first, edges, lived)
        clock = begun[:, None] + np.cumsum(rng.exponential(size=(600, 150)), axis=1) / rate[:, None]
        day = np.interp(clock, lived, edges, right=np.inf) * 7
        day[np.arange(150) >= (rng.geometric(leaves) - 1)[:, None]] = np.inf
        came = np.isfinite(day)
        who = np.concatenate([np.arange(600), np.nonzero(came)[0]])
        days = np.unique(np.stack([who, np.concatenate([first * 7, day[came]]).astype(int)]), axis=1)
        until = int(months * MONTH * 7)
        known = histories_of_days(days[0], day=days[1], until=until, ahead=182)
        fit = fit_purchases(known, model="mbg-nbd-months")
        total = total_ahead(fit, histories=known, weeks=26.0)
        held += total.low <= known.later.sum() <= total.high
    assert held / rounds > LEVEL - 4 * np.sqrt(LEVEL * (1 - LEVEL) / rounds)
