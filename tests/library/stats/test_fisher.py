"""Fisher's exact test of two shares."""

import pytest

from forvent.errors import BadOption
from forvent.stats.fisher import fisher_p


def test_the_lady_tasting_tea():
    # Fisher (1935): 1 of 70 ways, on either side.
    assert fisher_p(4, 4, other_successes=0, other_n=4) == pytest.approx(2 / 70)
    assert fisher_p(3, 4, other_successes=1, other_n=4) == pytest.approx(2 * 17 / 70)


def test_equal_shares_are_nothing_and_the_order_does_not_matter():
    assert fisher_p(5, 10, other_successes=5, other_n=10) == 1.0
    first = fisher_p(1, 15, other_successes=15, other_n=5068)
    assert first == pytest.approx(fisher_p(15, 5068, other_successes=1, other_n=15))
    assert first == pytest.approx(2 * 0.0463, abs=0.002)


def test_large_counts_do_not_overflow():
    assert 0.0 <= fisher_p(60_000, 100_000, other_successes=50_000, other_n=100_000) < 1e-12


def test_more_successes_than_cases_are_refused():
    with pytest.raises(BadOption, match=r"5 of 4 is no share\."):
        fisher_p(5, 4, other_successes=0, other_n=4)
