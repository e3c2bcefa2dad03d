"""Trust goes to the ways that promised well, and one promise comes out of many."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.history import Floats
from forvent.adjust.promise.blend import HALF_LIFE, LEAST_SCORED, SHARPNESS, Blend, blended, blended_one

NAN = np.nan


def scored(promises: Floats, amounts: Floats, *, level: float = 0.9, closed: bool = True) -> Blend:
    blend = Blend(promises.size)
    for amount in amounts.tolist():
        blend.score(promises, amount, closed=closed, level=level)
    return blend


def test_all_are_trusted_alike_until_thirty_cases_are_scored() -> None:
    few, enough = np.full(LEAST_SCORED - 1, 1.0), np.full(LEAST_SCORED + 1, 1.0)
    assert scored(np.array([1.5, 5.0]), few, level=0.5).trust.tolist() == [0.5, 0.5]
    assert scored(np.array([1.5, 5.0]), enough, level=0.5).trust[0] > 0.99


def test_trust_falls_as_its_formula_says() -> None:
    # Always 1: at level 0.5 a promise of 2 loses 0.5, one of 2.06 loses 0.53, which is 6 % more.
    trust = scored(np.array([2.0, 2.06]), np.full(3_000, 1.0), level=0.5).trust
    assert trust.sum() == pytest.approx(1.0)
    assert trust[1] / trust[0] == pytest.approx(np.exp(-SHARPNESS * 0.06), rel=1e-6)


def test_the_best_quantile_is_trusted_most() -> None:
    amounts = np.random.default_rng(1).exponential(size=6_000)
    ways = -np.log(1.0 - np.array([0.6, 0.8, 0.9, 0.97]))
    assert np.argmax(scored(ways, amounts).trust) == 2


def test_a_thousand_cases_later_a_loss_counts_half() -> None:
    blend = Blend(2)
    for good in (0, 1):
        for _ in range(HALF_LIFE):
            blend.score(np.where(np.arange(2) == good, 1.0, 3.0), 1.0, closed=True, level=0.5)
    # Older half: the first was right; newer half: the second. A third of the weight against two thirds.
    assert blend._loss[0] / blend._loss[1] == pytest.approx(2.0, rel=1e-3)
    assert blend.trust[1] > 0.99


def test_an_open_case_has_lost_what_it_is_over_and_nothing_else_yet() -> None:
    blend = scored(np.array([2.0, 10.0]), np.full(40, 5.0), closed=False)
    assert blend._loss[0] > 0.0
    assert blend._loss[1] == 0.0


def test_a_way_that_promised_nothing_is_neither_scored_nor_trusted() -> None:
    blend = scored(np.array([1.0, NAN]), np.full(40, 1.5))
    assert blend.trust.tolist() == [1.0, 0.0]


def test_one_promise_of_many_is_their_median_by_trust() -> None:
    promises = np.array([[1.0, 2.0, 9.0], [9.0, 2.0, 1.0]])
    assert blended(promises, np.full(3, 1 / 3)).tolist() == [2.0, 2.0]
    assert blended(promises, np.array([0.1, 0.2, 0.7])).tolist() == [9.0, 1.0]
    assert blended(promises, np.array([1.0, 0.0, 0.0])).tolist() == [1.0, 9.0]


def test_the_median_is_a_promise_that_someone_made() -> None:
    rng = np.random.default_rng(2)
    promises, trust = rng.normal(size=(200, 7)), rng.dirichlet(np.ones(7))
    middle = blended(promises, trust)
    assert np.all((promises == middle[:, None]).any(axis=1))
    below = (np.where(promises < middle[:, None], trust, 0.0)).sum(axis=1)
    upto = (np.where(promises <= middle[:, None], trust, 0.0)).sum(axis=1)
    assert np.all((below <= 0.5 + 1e-6) & (upto >= 0.5 - 1e-6))


def test_where_the_trusted_are_silent_the_others_answer() -> None:
    promises = np.array([[NAN, 4.0, 6.0], [NAN, NAN, NAN], [3.0, 4.0, 6.0]])
    assert blended(promises, np.array([1.0, 0.0, 0.0])).tolist()[::2] == [4.0, 3.0]
    assert np.isnan(blended(promises, np.array([1.0, 0.0, 0.0]))[1])


@pytest.mark.parametrize("trusted", [0.51, 0.8, 1.0])
def test_half_the_trust_in_ways_that_cannot_promise_promises_nothing(trusted: float) -> None:
    promises, able = [4.0, 5.0, np.inf, np.inf], 1.0 - trusted
    trust = [able / 2, able / 2, trusted / 2, trusted / 2]
    assert np.isnan(blended(np.array([promises]), np.array(trust))).all()
    assert np.isnan(blended_one(promises, trust))


def test_less_than_half_the_trust_in_ways_that_cannot_promise_makes_it_longer() -> None:
    promises, trust = [4.0, 5.0, 7.0, np.inf], [0.3, 0.11, 0.1, 0.49]
    without = [*promises[:3], NAN]
    assert blended(np.array([promises, without]), np.array(trust)).tolist() == [7.0, 4.0]
    assert (blended_one(promises, trust), blended_one(without, trust)) == (7.0, 4.0)


def test_ways_with_nothing_to_say_do_not_count_as_ways_that_cannot_promise() -> None:
    promises, trust = [4.0, NAN, NAN, np.inf], [0.2, 0.4, 0.3, 0.1]
    assert blended(np.array([promises]), np.array(trust)).tolist() == [4.0]
    assert blended_one(promises, trust) == 4.0


def test_one_case_alone_gets_what_it_gets_among_others() -> None:
    rng = np.random.default_rng(3)
    promises, trust = rng.integers(1, 6, size=(300, 9)).astype(float), rng.dirichlet(np.full(9, 0.3))
    promises[rng.random((300, 9)) < 0.3] = NAN
    promises[rng.random((300, 9)) < 0.3] = np.inf
    promises[0], promises[1] = NAN, np.inf
    alone = [blended_one(row, trust.tolist()) for row in promises.tolist()]
    np.testing.assert_array_equal(np.array(alone), blended(promises, trust))
