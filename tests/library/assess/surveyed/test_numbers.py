"""Means, gaps and their spread, held against the plain formulas."""

import math

import numpy as np
import pytest

from forvent.assess.surveyed import (
    Bounds,
    Mix,
    all_sums,
    mix_table,
    numbers_of,
    rest_difference,
    side_sums,
)
from forvent.records import Estimate, NotEnough
from forvent.stats import mean_interval, student_quantile

BOUNDS = Bounds(1.0, 7.0)


def one(place, many):
    return Mix(f"q{place}", "pair", (place,), (1.0,))


def found_of(held, mix, *, bounds=BOUNDS, level=0.95):
    sums = all_sums(held, mix_table([mix], pairs=held.pairs))
    return numbers_of(sums, centre=held.centre, mix=mix, place=0, bounds=bounds, level=level)


def test_one_sheet_a_respondent_gives_students_interval(sheets, moody):
    expected, received = moody(80, many=1)
    found = found_of(sheets(expected, received), one(0, 1))
    plain = mean_interval(received[0] - expected[0])
    for end in ("value", "low", "high", "n"):
        assert getattr(found.gap, end) == pytest.approx(getattr(plain, end))
    assert found.expected.value == pytest.approx(expected[0].mean())
    assert found.received.value == pytest.approx(received[0].mean())


def test_the_gap_over_pairs_is_that_of_respondents_means_where_all_answered(sheets, moody):
    expected, received = moody(60, many=4)
    found = found_of(sheets(expected, received), Mix("all", "all", (0, 1, 2, 3), (0.25,) * 4))
    plain = mean_interval((received - expected).mean(axis=0))
    assert (found.gap.low, found.gap.high) == pytest.approx((plain.low, plain.high))
    assert (found.gap.n, found.respondents) == (240, 60)


def test_answers_of_one_respondent_count_as_a_cluster(sheets, moody):
    expected, received = moody(40, many=1)
    again = [np.repeat(part, 3, axis=1) for part in (expected, received)]
    customers = np.repeat([f"c{number}" for number in range(40)], 3)
    thrice = found_of(sheets(*again, customers), one(0, 1))
    once = found_of(sheets(expected, received), one(0, 1))
    assert (thrice.gap.low, thrice.gap.high) == pytest.approx((once.gap.low, once.gap.high))
    assert (thrice.gap.n, thrice.respondents) == (120, 40)


def test_pairs_that_were_left_open_do_not_move_the_others(sheets, moody):
    expected, received = moody(60, many=2)
    received[1, 30:] = np.nan
    expected[1, 30:] = np.nan
    found = found_of(sheets(expected, received), Mix("all", "all", (0, 1), (0.5, 0.5)))
    gaps = received - expected
    assert found.gap.value == pytest.approx((gaps[0].mean() + np.nanmean(gaps[1])) / 2)
    influence = (gaps[0] - gaps[0].mean()) / 60
    influence[:30] += (gaps[1, :30] - np.nanmean(gaps[1])) / 30
    error = math.sqrt(60 / 59 * np.sum((influence / 2) ** 2))
    half = student_quantile(0.975, degrees=59) * error
    assert found.gap.high - found.gap.value == pytest.approx(half)


def test_a_gap_of_zero_lies_in_the_interval_exactly_where_the_p_value_is_above(sheets, moody):
    expected, received = moody(25, many=1, received=5.2)
    held = sheets(expected, received)
    p = found_of(held, one(0, 1)).p
    touching = found_of(held, one(0, 1), level=1.0 - p).gap
    assert min(abs(touching.low), abs(touching.high)) == pytest.approx(0.0, abs=1e-9)


def test_all_the_same_answer_has_an_honest_interval(sheets):
    found = found_of(sheets([[5.0] * 20], [[5.0] * 20]), one(0, 1))
    others = 1 - 0.025 ** (1 / 20)
    assert found.gap.value == 0.0
    assert (found.gap.low, found.gap.high) == pytest.approx((-6 * others, 6 * others))
    assert found.expected.high == pytest.approx(5 + 2 * others)
    assert found.p == 1.0


def test_the_p_value_without_spread_belongs_to_its_interval(sheets):
    held = sheets([[6.0] * 9], [[4.0] * 9])
    p = found_of(held, one(0, 1)).p
    assert found_of(held, one(0, 1), level=1.0 - p).gap.high == pytest.approx(0.0)


def test_amounts_without_spread_say_so(sheets):
    found = found_of(sheets([[2.0] * 9], [[5.0] * 9]), one(0, 1), bounds=None)
    assert isinstance(found.gap, NotEnough)
    assert found.gap.why == "all answers are the same, and an amount has no end that would bound the others"


@pytest.mark.parametrize("n", [1, 4])
def test_four_respondents_carry_no_number(sheets, moody, n):
    found = found_of(sheets(*moody(n, many=1)), one(0, 1))
    assert found.gap == NotEnough(n=n, needed=5, why="fewer than 5 respondents answered both")
    assert found.n == n


def test_large_amounts_lose_no_digits(sheets):
    base = np.random.default_rng(1).integers(0, 9, (2, 50)).astype(float)
    near = found_of(sheets(base[:1], base[1:]), one(0, 1), bounds=None).gap
    far = found_of(sheets(base[:1] + 1e9, base[1:] + 1e9), one(0, 1), bounds=None).gap
    assert (far.low, far.high) == pytest.approx((near.low, near.high), abs=1e-5)


def test_a_group_against_the_rest_is_welchs_interval(sheets, moody):
    expected, received = moody(70, many=1)
    inside = np.arange(70) < 25
    held = sheets(expected, received)
    table = mix_table([one(0, 1)], pairs=1)
    sides = side_sums(held, table, inside=inside, total=all_sums(held, table))
    found, p = rest_difference(sides, centre=held.centre, mix=one(0, 1), place=0, bounds=BOUNDS, level=0.95)
    gap = (received - expected)[0]
    errors = [side.var(ddof=1) / side.size for side in (gap[inside], gap[~inside])]
    degrees = sum(errors) ** 2 / (errors[0] ** 2 / 24 + errors[1] ** 2 / 44)
    half = student_quantile(0.975, degrees=int(degrees)) * math.sqrt(sum(errors))
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(gap[inside].mean() - gap[~inside].mean())
    assert found.high - found.value == pytest.approx(half)
    assert (p < 0.05) == (found.low > 0 or found.high < 0)


def test_respondents_on_both_sides_are_known_to_be_the_same(sheets):
    rng = np.random.default_rng(2)
    mood = np.tile(rng.normal(0, 1, 50), 2)
    received = np.clip(np.rint(4 + mood + rng.normal(0, 0.3, 100)), 1, 7)
    customers = [f"c{number % 50}" for number in range(100)]
    table, inside = mix_table([one(0, 1)], pairs=1), np.arange(100) < 50
    widths = []
    for names in (customers, None):
        held = sheets([[5.0] * 100], [received], names)
        sides = side_sums(held, table, inside=inside, total=all_sums(held, table))
        found, _ = rest_difference(
            sides, centre=held.centre, mix=one(0, 1), place=0, bounds=BOUNDS, level=0.95
        )
        widths.append(found.high - found.low)
    paired = received[:50] - received[50:]
    assert widths[0] == pytest.approx(2 * 1.99 * paired.std(ddof=1) / math.sqrt(50), rel=0.02)
    assert widths[0] < 0.6 * widths[1]


def test_a_side_without_spread_is_not_compared(sheets):
    received = [5.0] * 6 + [1.0, 2, 3, 4, 5, 6]
    held, table = sheets([[5.0] * 12], [received]), mix_table([one(0, 1)], pairs=1)
    sides = side_sums(held, table, inside=np.arange(12) < 6, total=all_sums(held, table))
    found, p = rest_difference(sides, centre=held.centre, mix=one(0, 1), place=0, bounds=BOUNDS, level=0.95)
    assert found == NotEnough(n=6, needed=5, why="all answers of one side are the same")
    assert p is None
