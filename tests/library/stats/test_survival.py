"""Kaplan and Meier against a textbook, against the definition done slowly, and by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.stats import EndedWithin, ended_quantiles, kaplan_meier, wilson

# Weeks in remission with 6-MP (Freireich et al. 1963), as in Le (2003), Introductory Biostatistics,
# example 11.1; the second row says who was still in remission.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
STILL = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]


def share(found: Estimate | NotEnough) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def test_gives_the_published_steps() -> None:
    # Le (2003), table 11.1, column 5.
    found = kaplan_meier(WEEKS, STILL)
    assert found.lengths.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert (1 - found.share).round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert (found.n, found.closed) == (21, 9)


def test_greenwoods_error_gives_the_published_limits() -> None:
    # Le (2003), section 11.2.1: of the share left at 7 weeks, on the scale of logarithms.
    found = kaplan_meier(WEEKS, STILL)
    left = 1 - found.share[1]
    factor = math.exp(1.96 * found.error[1] / left)
    assert (round(left / factor, 4), round(left * factor, 4)) == (0.6531, 0.9964)


def test_the_published_median_is_23_weeks_and_its_upper_limit_is_not_seen() -> None:
    median = share(kaplan_meier(WEEKS, STILL).quantile(0.5))
    assert (median.value, median.low, median.high) == (23.0, 13.0, math.inf)


def test_what_was_never_seen_is_not_enough() -> None:
    found = kaplan_meier(WEEKS, STILL)
    assert found.quantile(0.9) == NotEnough(n=9, needed=19, why="too many of the cases were still open")
    assert found.at(36) == NotEnough(n=21, needed=1, why="no case was followed for so long")
    assert share(found.at(35)).value == pytest.approx(0.5518, abs=1e-4)
    assert isinstance(kaplan_meier([], []).at(1), NotEnough)
    assert isinstance(kaplan_meier([3, 4], [True, True]).quantile(0.5), NotEnough)


def test_without_open_cases_it_is_the_plain_share_with_wilsons_limits() -> None:
    lengths = np.random.default_rng(4).integers(1, 30, size=80)
    found = kaplan_meier(lengths, np.zeros(80))
    for length in range(40):
        assert found.at(length) == wilson(int((lengths <= length).sum()), 80)
    assert share(found.quantile(0.7)).value == np.sort(lengths)[55]


def test_before_the_first_end_the_share_is_0_with_an_upper_limit() -> None:
    found = share(kaplan_meier(WEEKS, STILL).at(5.9))
    assert (found.value, found.low, round(found.high, 3)) == (0.0, 0.0, 0.155)


def slowly(lengths: list[int], still: list[bool], at: int) -> float:
    """The definition, one length after the other."""
    left = 1.0
    for length in range(at + 1):
        at_risk = sum(one >= length for one in lengths)
        ended = sum(one == length and not mark for one, mark in zip(lengths, still, strict=True))
        left *= 1.0 - ended / at_risk if at_risk else 1.0
    return 1.0 - left


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25))
def test_agrees_with_the_definition_done_slowly(cases: list[tuple[int, bool]]) -> None:
    lengths, still = [case[0] for case in cases], [case[1] for case in cases]
    found = kaplan_meier(lengths, still)
    for length in range(14):
        seen = found.at(length)
        if isinstance(seen, Estimate):
            assert seen.value == pytest.approx(slowly(lengths, still, length), abs=1e-9)
            assert seen.low <= seen.value + 1e-9
            assert seen.value <= seen.high + 1e-9
        else:
            assert length > max(lengths)
    assert np.all(np.diff(found.share) >= 0)


def test_a_weight_of_two_is_the_case_twice() -> None:
    once = kaplan_meier([1, 2, 3], [False, True, False], weights=[2, 1, 1])
    twice = kaplan_meier([1, 1, 2, 3], [False, False, True, False])
    assert np.allclose(once.share, twice.share)
    # Equal weights change nothing, whatever they are; unequal ones are worth fewer cases.
    assert kaplan_meier([1, 2, 3], [0, 0, 0], weights=[5, 5, 5]).at(2) == kaplan_meier([1, 2, 3], [0] * 3).at(
        2
    )
    assert once.cases_at(1) < twice.cases_at(1)


def coverage(of: str, *, rounds: int = 400) -> float:
    """Exponential lengths of mean 1, seen for 0 to 3: how often the limits hold the truth."""
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(rounds):
        lengths, seen_for = rng.exponential(size=120), rng.uniform(0, 3, size=120)
        found: EndedWithin = kaplan_meier(np.minimum(lengths, seen_for), lengths > seen_for)
        limits, truth = found.at(1.0), 1 - math.exp(-1)
        if of == "quantile":
            limits, truth = found.quantile(0.6), -math.log(0.4)
        held += isinstance(limits, Estimate) and limits.low <= truth <= limits.high
    return held / rounds


@pytest.mark.parametrize("of", ["share", "quantile"])
def test_limits_hold_the_truth_as_often_as_they_say(of: str) -> None:
    error = math.sqrt(0.95 * 0.05 / 400)
    assert 0.95 - 4 * error <= coverage(of) <= 0.95 + 4 * error


def test_leaving_open_cases_out_is_what_it_mends() -> None:
    rng = np.random.default_rng(6)
    lengths, seen_for = rng.exponential(size=5000), rng.uniform(0, 2, size=5000)
    open_now = lengths > seen_for
    plain = np.quantile(lengths[~open_now], 0.6)
    mended = share(kaplan_meier(np.minimum(lengths, seen_for), open_now).quantile(0.6)).value
    assert plain < 0.7 < 0.85 < mended < 0.98  # the truth is 0.916


def test_refuses_what_does_not_fit_together() -> None:
    with pytest.raises(BadOption) as error:
        kaplan_meier([1, 2], [False])
    assert str(error.value) == (
        "2 lengths, 1 marks of open cases and 2 weights. Give one of each for every case."
    )
    with pytest.raises(BadOption) as error:
        kaplan_meier([1, math.inf], [False, True])
    assert str(error.value) == "A length is not finite. Give for an open case how long it has lasted."
    with pytest.raises(BadOption) as error:
        kaplan_meier([1, 2], [False, True], weights=[1, 0])
    assert str(error.value) == "A weight is not above 0. Leave cases without weight out."


def drawn(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lengths with many ties, marks of open cases and weights, of 1 to 60 cases."""
    n = int(rng.integers(1, 60))
    lengths = rng.integers(0, 12, size=n).astype(float) if rng.random() < 0.5 else rng.normal(size=n)
    return lengths, rng.random(n) < rng.random(), rng.choice([0.25, 1.0, 3.0], size=(3, n))


def test_many_quantiles_at_once_are_those_of_kaplan_and_meier() -> None:
    rng, shares = np.random.default_rng(8), np.array([0.05, 0.3, 0.5, 0.8, 0.9, 0.97])
    seen = {"value": 0, "open": 0}
    for _ in range(300):
        lengths, open_mask, weights = drawn(rng)
        found = ended_quantiles(lengths, open_mask, weights=weights, shares=np.tile(shares, (3, 1)))
        for row, weight in zip(found, weights, strict=True):
            slow = kaplan_meier(lengths, open_mask, weights=weight)
            for asked, length in zip(shares.tolist(), row.tolist(), strict=True):
                expected = slow.quantile(asked)
                seen["value" if isinstance(expected, Estimate) else "open"] += 1
                assert length == (expected.value if isinstance(expected, Estimate) else math.inf)
    assert min(seen.values()) > 500  # both kinds of answer were asked for


def test_one_share_a_row_gives_one_length_a_row() -> None:
    lengths, open_mask = np.array([4.0, 1.0, 3.0, 2.0]), np.zeros(4, dtype=bool)
    weights = np.array([[1.0, 1, 1, 1], [9.0, 1, 1, 1]])
    found = ended_quantiles(lengths, open_mask, weights=weights, shares=np.array([0.5, 0.5]))
    assert found.tolist() == [2.0, 4.0]


def test_a_case_without_weight_counts_for_nothing() -> None:
    lengths, open_mask = np.array([1.0, 2.0, 3.0, 90.0]), np.array([False, False, False, True])
    weights = np.array([[1.0, 1.0, 1.0, 0.0]])
    assert ended_quantiles(lengths, open_mask, weights=weights, shares=np.array([1.0])).tolist() == [3.0]


def test_of_equal_lengths_the_open_case_is_still_to_end() -> None:
    lengths, open_mask = np.array([5.0, 5.0, 7.0]), np.array([True, False, False])
    for order in ([0, 1, 2], [1, 0, 2]):
        found = ended_quantiles(
            lengths[order], open_mask[order], weights=np.ones((1, 3)), shares=np.array([[1 / 3, 0.34, 1.0]])
        )
        assert found.tolist() == [[5.0, 7.0, 7.0]]


def test_more_than_all_cases_and_no_cases_at_all_are_never_reached() -> None:
    one, more = np.ones(1), np.array([1.1])
    some = ended_quantiles(one, np.array([False]), weights=np.ones((1, 1)), shares=more)
    none = ended_quantiles(np.zeros(0), np.zeros(0, bool), weights=np.ones((1, 0)), shares=np.array([0.5]))
    assert some.tolist() == [math.inf]
    assert none.shape == (1,)
