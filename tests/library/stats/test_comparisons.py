"""Many comparisons, against the published example and by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.errors import BadOption
from forvent.stats import benjamini_hochberg, binomial_p

# Benjamini & Hochberg (1995), section 4.1: fifteen comparisons of two treatments of myocardial infarction.
PUBLISHED = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
PUBLISHED += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000]


def test_the_published_example_has_four_findings() -> None:
    assert (benjamini_hochberg(PUBLISHED) <= 0.05).tolist() == [True] * 4 + [False] * 11


def test_values_come_back_in_the_order_given() -> None:
    mixed = np.random.default_rng(1).permutation(15)
    plain = benjamini_hochberg(PUBLISHED)
    assert np.array_equal(benjamini_hochberg(np.array(PUBLISHED)[mixed]), plain[mixed])


def test_no_more_is_called_false_than_the_rate() -> None:
    # Sixty of eighty comparisons have nothing to find; twenty have normal scores around 3.
    rng = np.random.default_rng(2)
    shares = []
    for _ in range(1000):
        scores = rng.normal(np.r_[np.zeros(60), np.full(20, 3.0)])
        called = benjamini_hochberg([math.erfc(abs(score) / math.sqrt(2)) for score in scores]) <= 0.1
        shares.append(called[:60].sum() / max(1, called.sum()))
    # The rate is 0.1 times the share of comparisons with nothing to find.
    assert np.mean(shares) == pytest.approx(0.075, abs=4 * np.std(shares) / math.sqrt(1000))


@given(st.lists(st.floats(min_value=0, max_value=1), max_size=30))
def test_never_below_the_plain_value_and_in_the_same_order(values: list[float]) -> None:
    adjusted = benjamini_hochberg(values)
    assert np.all(adjusted >= np.array(values) * (1 - 1e-12))
    assert np.all(adjusted <= 1.0)
    assert np.all(np.diff(adjusted[np.argsort(values, kind="stable")]) >= 0.0)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan])
def test_refuses_what_is_no_p_value(wrong: float) -> None:
    with pytest.raises(BadOption) as error:
        benjamini_hochberg([0.5, wrong])
    assert str(error.value) == f"{wrong} is no p value. Give numbers from 0 to 1."


def test_exact_p_values_by_hand() -> None:
    # A fair coin that falls ten times the same way: 2 / 1024.
    assert binomial_p(10, 10, share=0.5) == pytest.approx(2 / 1024)
    assert binomial_p(5, 10, share=0.5) == 1.0
    assert binomial_p(0, 10, share=0.05) == 1.0
    assert binomial_p(100, 100, share=0.95) == pytest.approx(2 * 0.95**100)


def test_exact_p_values_are_never_too_small() -> None:
    rng = np.random.default_rng(3)
    for share, n in [(0.95, 12), (0.8, 40), (0.5, 7)]:
        values = [binomial_p(int(one), n, share=share) for one in rng.binomial(n, share, size=4000)]
        assert np.mean(np.array(values) <= 0.05) <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 4000)


def test_refuses_more_successes_than_cases() -> None:
    with pytest.raises(BadOption) as error:
        binomial_p(4, 3, share=0.5)
    assert str(error.value) == "4 of 3 is no share. Successes must lie between 0 and the count."
    with pytest.raises(BadOption):
        binomial_p(1, 3, share=1.0)
