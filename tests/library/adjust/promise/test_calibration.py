"""From what is expected to a promise: ranks, open cases, half-lives, and groups shrunk to their parent."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.history import Floats
from forvent.adjust.promise.calibration import (
    HALF_LIVES,
    LEAST_OF_GROUP,
    PARENT,
    WAYS,
    Seen,
    group_factors,
    offsets,
    promises_of_ways,
    weights_by_half_life,
)
from forvent.adjust.promise.shapes import LOG, SHAPES, Scale
from forvent.stats import conformal_rank, kaplan_meier

SAME = 0
LOG_MIDDLE = 1
FOREVER = HALF_LIVES.index(np.inf)


def seen(amount: Floats, *, still: Floats | None = None, expected: dict[int, Floats] | None = None) -> Seen:
    """Cases of which the first shape expects nothing in particular, and others what is given."""
    table = np.full((amount.size, len(SHAPES)), np.nan)
    table[:, SAME] = 0.0
    for place, values in (expected or {}).items():
        table[:, place] = values
    open_mask = np.zeros(amount.size, dtype=bool) if still is None else still.astype(bool)
    return Seen(table, np.ones(amount.size), amount, open_mask)


def offset(cases: Seen, level: float, *, aimed: float | None = None) -> Floats:
    found = offsets(cases, chosen=np.array([level]), aimed=np.array([level if aimed is None else aimed]))
    assert found.shape == (len(SHAPES), len(HALF_LIVES), 1)
    return found[:, :, 0]


@pytest.mark.parametrize("n", [19, 20, 57, 200])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
def test_without_open_cases_it_is_the_conformal_rank(n: int, level: float) -> None:
    amount = np.random.default_rng(n).exponential(size=n)
    rank = conformal_rank(n, level=level)
    assert offset(seen(amount), level)[SAME, FOREVER] == np.sort(amount)[rank - 1]


def test_too_few_cases_cannot_promise() -> None:
    eighteen = np.arange(18.0)
    found = offset(seen(eighteen), 0.95)
    assert np.isposinf(found[SAME]).all()
    assert np.isnan(np.delete(found, SAME, axis=0)).all()  # these have nothing to say at all
    assert np.isfinite(offset(seen(eighteen), 0.90)[SAME, FOREVER])


def test_an_aim_out_of_reach_is_the_largest_amount_that_ended() -> None:
    amount, still = np.arange(1.0, 31.0), np.zeros(30)
    still[-1] = 1.0
    assert offset(seen(amount, still=still), 0.9, aimed=0.9999)[SAME, FOREVER] == 29.0


def test_open_cases_count_for_as_long_as_they_were_seen() -> None:
    rng = np.random.default_rng(1)
    amount, limit = rng.exponential(size=400), rng.uniform(0, 4, size=400)
    still, shown = amount > limit, np.minimum(amount, limit)
    expected = kaplan_meier(shown, still).quantile(0.9 * (1 + 1 / 400)).value  # type: ignore[union-attr]
    assert offset(seen(shown, still=still), 0.9)[SAME, FOREVER] == expected
    assert offset(seen(shown[~still]), 0.9)[SAME, FOREVER] < 0.8 * expected


def test_where_too_many_cases_are_open_no_memory_can_promise() -> None:
    amount = np.arange(1.0, 101.0)
    assert np.isposinf(offset(seen(amount, still=amount > 80), 0.9)[SAME]).all()
    assert offset(seen(amount, still=amount > 80), 0.7)[SAME, FOREVER] == 71.0


def test_a_memory_too_short_to_tell_asks_the_next_longer_one() -> None:
    worth = [1.0 / np.sum((one / one.sum()) ** 2) for one in weights_by_half_life(2_000)]
    assert [round(n) for n in worth[:2]] == [289, 1084]
    # Of 289 cases the longest does not hold 99.8 %; of 1,084 it does. Cases became shorter all the time.
    found = offset(seen(np.arange(2_000.0, 0.0, -1.0)), 0.998)[SAME]
    assert found[0] == found[1] < found[2] < found[FOREVER] <= 2_000.0


def test_what_only_a_shorter_memory_reaches_the_longest_cannot_promise() -> None:
    # The older half never ended, the newer did within fifty days.
    days = np.random.default_rng(7).permutation(np.tile(np.arange(1.0, 51.0), 16))
    amount = np.concatenate([np.full(800, 60.0), days])
    found = offset(seen(amount, still=np.arange(1_600) < 800), 0.9)[SAME]
    assert found[0] <= 50.0
    assert np.isposinf(found[FOREVER])


def test_an_open_case_of_which_nothing_is_known_says_nothing_on_any_scale() -> None:
    amount = np.concatenate([np.arange(1.0, 101.0), np.full(100, -np.inf)])
    middle = {LOG_MIDDLE: np.zeros(200)}
    both = offset(seen(amount, still=np.arange(200) >= 100, expected=middle), 0.9)
    closed = offset(seen(amount[:100], expected={LOG_MIDDLE: np.zeros(100)}), 0.9)
    np.testing.assert_array_equal(both, closed)


def test_each_case_back_counts_less_by_its_half_life() -> None:
    weights = weights_by_half_life(401)
    assert weights[:, -1].tolist() == [1.0] * len(HALF_LIVES)
    assert weights[0, -101] == pytest.approx(0.5)
    assert weights[1, 0] == pytest.approx(0.5)
    assert weights[FOREVER].tolist() == [1.0] * 401


def test_a_short_half_life_follows_what_is_new() -> None:
    amount = np.concatenate([np.full(600, 1.0), np.full(150, 9.0)])
    found = offset(seen(amount), 0.5)[SAME]
    assert found[0] == 9.0
    assert found[FOREVER] == 1.0


def test_expectations_on_the_logarithm_are_scored_there() -> None:
    rng = np.random.default_rng(2)
    middle = rng.normal(size=99)
    amount = np.exp(middle + rng.normal(size=99)) - 1.0
    positive = np.maximum(amount, 0.0)
    found = offset(seen(positive, expected={LOG_MIDDLE: middle}), 0.8)
    scores = np.sort(np.log(positive + 1.0) - middle)
    assert found[LOG_MIDDLE, FOREVER] == scores[79]
    ways = promises_of_ways(
        seen(positive, expected={LOG_MIDDLE: middle}).expected, found, log=Scale(LOG, 1.0)
    )
    assert ways.shape == (99, WAYS)
    kept = positive <= ways[:, LOG_MIDDLE * len(HALF_LIVES) + FOREVER] + 1e-12
    assert kept.sum() == 80


def test_a_shape_that_expected_nothing_promises_nothing() -> None:
    some = np.full(60, 2.0)
    some[:50] = np.nan
    found = offset(seen(np.arange(60.0), expected={5: some}), 0.9)
    assert np.isfinite(found[SAME, FOREVER])
    assert found[5, FOREVER] == 57.0  # of the ten that it expected, the largest: 59 - 2
    assert np.isnan(found[4]).all()
    ways = promises_of_ways(np.full((1, len(SHAPES)), np.nan), found, log=Scale(LOG))
    assert np.isnan(ways).all()


def ratios(n: int, *, times: float, seed: int) -> Floats:
    return times * np.random.default_rng(seed).exponential(size=n) / 2.3


def test_a_group_is_stretched_by_the_share_that_its_size_earns() -> None:
    ratio = np.concatenate([ratios(400, times=2.0, seed=1), ratios(50, times=2.0, seed=2)])
    labels = np.array(["many"] * 400 + ["few"] * 50)
    (factors,) = group_factors(ratio, np.zeros(450, bool), [labels], level=0.9)
    for label in ("many", "few"):
        own = np.sort(ratio[labels == label])
        stretch = own[conformal_rank(own.size, level=0.9) - 1]
        assert factors[label] == pytest.approx(stretch ** (own.size / (own.size + PARENT)))
    assert 1.0 < factors["few"] < factors["many"] < 2.5


def test_a_group_of_three_has_no_factor_of_its_own() -> None:
    ratio = np.concatenate([np.ones(200), [50.0, 60.0, 70.0]])
    labels = np.array(["usual"] * 200 + ["rare"] * 3)
    (factors,) = group_factors(ratio, np.zeros(203, bool), [labels], level=0.9)
    assert factors == {"usual": 1.0}


def test_the_least_group_moves_a_tenth_of_the_way() -> None:
    ratio = np.full(LEAST_OF_GROUP, 11.0)
    (factors,) = group_factors(ratio, np.zeros(ratio.size, bool), [np.full(ratio.size, "a")], level=0.9)
    assert factors["a"] == pytest.approx(11.0 ** (1 / 11))


def test_a_finer_group_corrects_only_what_the_coarser_left() -> None:
    coarse = np.repeat(["north", "south"], 4_000)
    fine = np.tile(["shop", "home"], 4_000)
    times = np.where(coarse == "north", 2.0, 0.5)
    ratio = times * ratios(8_000, times=1.0, seed=3)
    first, second = group_factors(ratio, np.zeros(8_000, bool), [coarse, fine], level=0.9)
    assert first["north"] == pytest.approx(2.0, rel=0.1)
    assert first["south"] == pytest.approx(0.5, rel=0.1)
    assert second["shop"] == pytest.approx(1.0, abs=0.06)
    alone = group_factors(ratio, np.zeros(8_000, bool), [fine], level=0.9)[0]
    assert alone["shop"] > 1.2  # without the coarser one it would take its part


def test_open_cases_of_a_group_are_known_to_be_longer() -> None:
    ratio = ratios(500, times=1.0, seed=4)
    still, labels = ratio > 0.8, np.full(500, "a")
    (cut,) = group_factors(np.minimum(ratio, 0.8), still, [labels], level=0.9)
    assert cut == {}  # too many are open to tell
    (told,) = group_factors(np.minimum(ratio, 0.8), still, [labels], level=0.5)
    assert told["a"] == pytest.approx(group_factors(ratio, np.zeros(500, bool), [labels], level=0.5)[0]["a"])
