"""Which gaps are findings where many are looked at together."""

from dataclasses import replace

import numpy as np
import pytest

from forvent.assess import asymmetries, contrast, gaps, with_rates
from forvent.assess.gap_rates import interval_p
from forvent.records import Estimate, NotEnough


@pytest.mark.parametrize(
    ("value", "low", "high", "p"),
    [
        (-1.96, -3.92, 0.0, 0.05),
        # Only the side towards zero says how far it is off.
        (-1.96, -9.0, 0.0, 0.05),
        # Student's t with 20 degrees of freedom: twice 2.086 standard errors off.
        (1.0, 0.5, 1.5, 4.7e-4),
        (0.0, -1.0, 1.0, 1.0),
        (0.4, 0.4, 0.4, 0.0),
        (0.2, -0.4, 0.8, 0.4948),
    ],
)
def test_the_p_value_of_an_interval(value, low, high, p):
    assert interval_p(Estimate(value, low, high, 50)) == pytest.approx(p, rel=0.02)


def test_a_p_value_below_one_in_twenty_is_an_interval_that_misses_zero(rng):
    for _ in range(200):
        value, below, above = rng.normal(), rng.exponential(), rng.exponential()
        amount = Estimate(value, value - below, value + above, 30)
        assert (interval_p(amount) < 0.05) == (amount.low > 0.0 or amount.high < 0.0)


def test_gaps_without_a_number_have_no_rate_and_stand_in_no_family(invent):
    judged = invent({"on_time": (-0.3, 0.1), "rare": (-0.1, 0.1)}, n=400, said=0.3)
    fit = contrast(judged, rng=np.random.default_rng(1))
    found = gaps(judged, contrast=fit, asymmetries=asymmetries(judged, contrast=fit), usual_kinds={})
    rated = with_rates(found)
    assert [gap.rate is None for gap in rated] == [isinstance(gap.gap, NotEnough) for gap in rated]
    sure = next(gap for gap in rated if gap.expectation == "on_time")
    assert sure.gap.high < 0.0
    assert sure.rate < 0.05


def test_a_gap_that_only_just_misses_zero_is_no_finding_among_twenty(invent):
    judged = invent({"on_time": (-0.3, 0.1)}, n=100)
    fit = contrast(judged, rng=np.random.default_rng(1))
    (gap,) = gaps(judged, contrast=fit, asymmetries=asymmetries(judged, contrast=fit), usual_kinds={})
    edge = Estimate(-0.2, -0.39, -0.01, 40)
    none = Estimate(0.01, -0.2, 0.22, 40)
    among = with_rates([replace(gap, gap=edge), *[replace(gap, gap=none)] * 19])
    alone = with_rates([replace(gap, gap=edge)])
    assert alone[0].rate < 0.05 < among[0].rate
