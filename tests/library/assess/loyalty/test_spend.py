import numpy as np
import pytest

from forvent.assess.loyalty import fit_spend, histories_of_arrays, mean_values
from forvent.records import NotEnough


def drawn(customers, *, p, q, v, seed, factor=1.0):
    rng = np.random.default_rng(seed)
    number = rng.integers(1, 8, customers).astype(float)
    scale = rng.gamma(q, 1 / v, customers)
    paid = rng.gamma(p * number, 1 / scale) / number * factor
    return histories_of_arrays(
        repeats=number, recency=np.full(customers, 9.0), age=np.full(customers, 10.0), mean_value=paid
    )


@pytest.mark.data
def test_the_published_sample_gives_the_published_gamma_gamma(cdnow):
    fit = fit_spend(cdnow)
    # Fader & Hardie (2013), note 025: 946 repeat buyers.
    assert fit.parameters == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, rel=0.01)
    assert (fit.customers, fit.converged) == (946, True)
    assert fit.mean.value == pytest.approx(6.25 * 15.44 / 2.74, rel=0.01)
    assert fit.correlation == pytest.approx(0.11, abs=0.01)


def test_what_was_put_in_is_found():
    fit = fit_spend(drawn(4000, p=5.0, q=4.0, v=30.0, seed=1), level=0.999)
    for name, true in {"p": 5.0, "q": 4.0, "v": 30.0}.items():
        low, high = fit.limits[name]
        assert low < true < high, name
    assert fit.mean.low < 50.0 < fit.mean.high


def test_cents_and_millions_make_the_same_fit():
    small, large = (fit_spend(drawn(500, p=5.0, q=4.0, v=30.0, seed=2, factor=of)) for of in (0.01, 1e6))
    for name in ("p", "q"):
        assert small.parameters[name] == pytest.approx(large.parameters[name], rel=1e-4)
    assert large.parameters["v"] == pytest.approx(1e8 * small.parameters["v"], rel=1e-4)


def test_likelihood_does_not_know_the_unit_of_money_but_for_its_scale():
    first, second = (fit_spend(drawn(300, p=5.0, q=4.0, v=30.0, seed=3, factor=of)) for of in (1.0, 10.0))
    assert first.log_likelihood - second.log_likelihood == pytest.approx(300 * np.log(10.0), rel=1e-6)


def test_zero_and_unknown_amounts_are_left_out():
    known = histories_of_arrays(
        repeats=[2.0] * 12 + [3.0, 1.0],
        recency=[5.0] * 14,
        age=[9.0] * 14,
        mean_value=[*np.linspace(10, 40, 12), 0.0, np.nan],
    )
    assert fit_spend(known).customers == 12


def test_one_purchase_only_customers_have_no_model_of_values():
    once = histories_of_arrays(repeats=[0.0] * 50, recency=[0.0] * 50, age=[9.0] * 50)
    assert fit_spend(once) == NotEnough(
        0, 10, "too few customers have bought again with a known amount above zero"
    )


def test_says_so_where_the_mean_does_not_exist():
    found = fit_spend(drawn(3000, p=5.0, q=0.7, v=30.0, seed=4))
    assert isinstance(found.mean, NotEnough)
    assert found.mean.why.endswith("(q ≤ 1)")


def test_all_paying_the_same_does_not_break():
    same = histories_of_arrays(repeats=[2.0] * 20, recency=[5.0] * 20, age=[9.0] * 20, mean_value=[10.0] * 20)
    found = fit_spend(same)
    assert found.correlation is None
    assert not found.converged
    assert found.mean.value == pytest.approx(10.0, rel=0.01)


def test_a_customer_with_many_purchases_keeps_their_own_mean():
    fit = fit_spend(drawn(1000, p=5.0, q=4.0, v=30.0, seed=5))
    people = histories_of_arrays(
        repeats=[500.0, 1.0, 0.0], recency=[5.0, 5.0, 0.0], age=[9.0] * 3, mean_value=[200.0, 200.0, 0.0]
    )
    often, once, never = mean_values(fit, histories=people)
    assert often == pytest.approx(200.0, rel=0.02)
    assert never == pytest.approx(fit.mean.value)
    assert never < once < often
