import numpy as np
import pytest
from scipy.special import hyp2f1

from forvent.assess.loyalty import (
    fit_from_parameters,
    fit_purchases,
    histories_of_arrays,
    outlooks,
    total_ahead,
)
from forvent.errors import BadOption

PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
TRUE = {"r": 0.8, "alpha": 6.0, "a": 0.6, "b": 2.5}


def one(repeats, recency, age):
    return histories_of_arrays(repeats=[repeats], recency=[recency], age=[age])


def closed_form(x, recency, age, ahead, *, r, alpha, a, b):
    """Equation 10 of Fader, Hardie & Lee (2005)."""
    gauss = hyp2f1(r + x, b + x, a + b + x - 1, ahead / (alpha + age + ahead))
    top = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + ahead)) ** (r + x) * gauss)
    return top / (1 + (x > 0) * a / (b + x - 1) * ((alpha + age) / (alpha + recency)) ** (r + x))


def test_the_worked_example_of_the_paper():
    ahead = outlooks(fit_from_parameters("bg-nbd", **PUBLISHED), histories=one(2, 30.43, 38.86), weeks=39.0)
    assert ahead.expected[0] == pytest.approx(1.226, abs=0.0005)


@pytest.mark.parametrize(
    ("x", "recency", "age", "ahead"),
    [(0, 0, 39, 39), (2, 30.43, 38.86, 39), (20, 38, 38.86, 39), (200, 38, 38.86, 39), (3, 10, 200, 900)],
)
def test_the_sum_of_shares_is_the_closed_form(x, recency, age, ahead):
    fit = fit_from_parameters("bg-nbd", **PUBLISHED)
    found = outlooks(fit, histories=one(x, recency, age), weeks=ahead).expected[0]
    assert found == pytest.approx(closed_form(x, recency, age, ahead, **PUBLISHED), rel=1e-6)


def test_nothing_happens_where_the_closed_form_is_not_defined():
    at, near = (
        outlooks(
            fit_from_parameters("bg-nbd", **(PUBLISHED | {"a": a})), histories=one(3, 20, 39), weeks=39.0
        ).expected[0]
        for a in (1.0, 1.0 + 1e-7)
    )
    assert at == pytest.approx(near, rel=1e-5)


@pytest.mark.parametrize("model", ["bg-nbd", "mbg-nbd"])
def test_ten_thousand_orders_have_an_outlook(model):
    ahead = outlooks(fit_from_parameters(model, **PUBLISHED), histories=one(10_000, 1000, 1000.1), weeks=52.0)
    # Ten a week for 52 weeks, less who leaves.
    assert 450 < ahead.expected[0] < 520
    assert ahead.low[0] < ahead.expected[0] < ahead.high[0]


def test_quick_and_slow_sums_agree_where_they_meet():
    fit = fit_from_parameters("mbg-nbd", **PUBLISHED)
    # The chance of no purchase is e^-599 for the first and e^-601 for the second.
    at_limit = [one(number, 99.99, 100) for number in (1415, 1419)]
    first, second = (outlooks(fit, histories=of, weeks=55.0).expected[0] for of in at_limit)
    assert first < second < first * 1.01


@pytest.mark.parametrize(("model", "at_once"), [("bg-nbd", False), ("mbg-nbd", True)])
def test_what_was_expected_comes(simulated, model, at_once):
    known, later = simulated(20_000, **TRUE, seed=21, at_once=at_once)
    fit = fit_from_parameters(model, **TRUE)
    ahead = outlooks(fit, histories=known, weeks=26.0)
    for number in range(5):
        of = known.repeats == number
        error = later[of].std() / np.sqrt(of.sum())
        assert abs(ahead.expected[of].mean() - later[of].mean()) < 4 * error
    inside = np.mean((ahead.low <= later) & (later <= ahead.high))
    assert inside > 0.95 - 4 * np.sqrt(0.95 * 0.05 / later.size)
    assert np.mean((later - ahead.expected) ** 2) == pytest.approx(np.mean(ahead.spread**2), rel=0.1)


def test_who_was_seen_lately_is_rather_active():
    fit = fit_from_parameters("mbg-nbd", **TRUE)
    people = histories_of_arrays(repeats=[4, 4, 0], recency=[50, 10, 0], age=[52, 52, 52])
    active = outlooks(fit, histories=people, weeks=9.0).active
    assert active[0] > 0.9 > 0.1 > active[1]
    # Who bought once may have left too, which BG/NBD rules out.
    assert active[2] < 1.0
    assert outlooks(fit_from_parameters("bg-nbd", **TRUE), histories=people, weeks=9.0).active[2] == 1.0


def test_early_weeks_behind_do_not_count_again():
    fit = fit_from_parameters("bg-nbd-early", **PUBLISHED, early=1.0, early_weeks=4.0)
    plain = fit_from_parameters("bg-nbd", **PUBLISHED)
    new, old = one(0, 0, 0.1), one(0, 0, 200.0)
    gains = [
        outlooks(fit, histories=of, weeks=10.0).expected[0]
        / outlooks(plain, histories=of, weeks=10.0).expected[0]
        for of in (new, old)
    ]
    assert gains[0] > 1.2
    assert gains[1] == pytest.approx(1.0, abs=0.05)


def test_the_total_is_the_sum_and_its_interval_grows_with_each_doubt(simulated):
    known, _ = simulated(800, **TRUE, seed=22)
    fit = fit_purchases(known, model="bg-nbd")
    ahead = outlooks(fit, histories=known, weeks=26.0)
    sure = total_ahead(fit_from_parameters("bg-nbd", **fit.parameters), histories=known, weeks=26.0)
    fitted = total_ahead(fit, histories=known, weeks=26.0)
    missed = total_ahead(fit, histories=known, weeks=26.0, model_spread=0.1, windows=3)
    assert sure.value == pytest.approx(ahead.expected.sum())
    assert sure.n == 800
    widths = [of.high - of.low for of in (sure, fitted, missed)]
    assert widths == sorted(widths)
    # Student's quantile with three windows: ± 0.1 · 3.18 at least.
    assert missed.high > missed.value * 1.3


def test_money_is_purchases_times_their_worth():
    fit = fit_from_parameters("bg-nbd", **PUBLISHED)
    people = histories_of_arrays(repeats=[2, 2], recency=[30, 30], age=[39, 39])
    total = total_ahead(fit, histories=people, weeks=39.0, worth=[10.0, 30.0])
    assert total.value == pytest.approx(40 * outlooks(fit, histories=people, weeks=39.0).expected[0])


@pytest.mark.parametrize("weeks", [0.0, -1.0, 2000.0, float("nan")])
def test_refuses_to_look_nowhere_or_too_far(weeks):
    with pytest.raises(BadOption) as caught:
        outlooks(fit_from_parameters("bg-nbd", **PUBLISHED), histories=one(0, 0, 1), weeks=weeks)
    assert str(caught.value) == (
        f"{weeks:g} weeks cannot be looked ahead. Give more than nothing and at most twenty years."
    )


def test_the_median_is_the_middle_of_what_comes(simulated):
    """An interval with no level left is the median; half of what comes lies on either side of it."""
    known, later = simulated(3000, **TRUE, seed=47)
    fit = fit_from_parameters("bg-nbd", **TRUE)
    median = outlooks(fit, histories=known, weeks=26.0).median
    assert median.tolist() == outlooks(fit, histories=known, weeks=26.0, level=1e-9).high.tolist()
    # Of whole numbers at least half lie up to the median, and at most half beyond it.
    assert np.mean(later <= median) > 0.5 - 0.03
    assert np.mean(later > median) < 0.5 + 0.03
    assert np.abs(later - median).mean() < np.abs(later - median - 1).mean()
