"""Penalties and rewards that were put in come out, and nothing is made of nothing."""

import numpy as np
import pytest

from forvent.assess import contrast, judgements
from forvent.errors import BadOption

TRUTH = {"choice": (-0.1, 0.3), "on_time": (-0.4, 0.05)}


def test_finds_penalty_and_reward_that_were_put_in(invent, rng):
    found = contrast(invent(TRUTH, n=4000), rng=rng)
    error = np.stack([found.penalty_draws.std(axis=0), found.reward_draws.std(axis=0)])
    assert np.all(np.abs(found.penalty - [-0.1, -0.4]) < 4 * error[0])
    assert np.all(np.abs(found.reward - [0.3, 0.05]) < 4 * error[1])


def test_equals_least_squares_where_the_ridge_is_nothing(invent, rng):
    judged = invent(TRUTH, n=300)
    design = np.zeros((300, 5))
    design[:, 0] = 1.0
    # Columns: unmet choice, unmet on_time, met choice, met on_time (met is code 0).
    design[judged.voice, 1 + judged.expectation + np.where(judged.polarity == 0, 2, 0)] = 1.0
    plain = np.linalg.lstsq(design, judged.rating, rcond=None)[0]
    found = contrast(judged, rng=rng, rounds=2, ridge=1e-9)
    assert found.penalty == pytest.approx(plain[1:3])
    assert found.reward == pytest.approx(plain[3:5])


def test_standard_error_of_the_draws_is_that_of_least_squares(invent, rng):
    judged = invent({"on_time": (-0.4, 0.05)}, n=2000)
    found = contrast(judged, rng=rng)
    # Difference of two means: noise² (1/unmet + 1/reference); about 200 unmet and 1500 silent.
    silent = 2000 - found.unmet[0] - found.met[0]
    theory = 0.15 * np.sqrt(1 / found.unmet[0] + 1 / silent)
    assert found.penalty_draws.std() == pytest.approx(theory, rel=0.2)


def test_a_mixed_voice_is_half_on_both_sides(table_of, voices_of, rng):
    rows = [(f"v{number}", "choice", "mixed") for number in range(20)]
    judged = judgements(table_of(rows), voices=voices_of([0.8] * 20 + [0.5] * 20))
    found = contrast(judged, rng=rng, rounds=5, ridge=1e-6)
    assert (found.unmet[0], found.met[0]) == (10.0, 10.0)
    # Only the sum of both sides is known; the ridge splits it evenly.
    assert found.penalty[0] == pytest.approx(0.3, abs=1e-3)
    assert found.reward[0] == pytest.approx(0.3, abs=1e-3)


def test_aspects_always_named_together_share_what_goes_with_them(table_of, voices_of, rng):
    rows = [(f"v{number}", name, "unmet") for number in range(50) for name in ("choice", "comfort")]
    judged = judgements(table_of(rows), voices=voices_of([0.1] * 50 + [0.7] * 50))
    found = contrast(judged, rng=rng, rounds=5)
    assert found.penalty == pytest.approx([-0.3, -0.3], abs=0.01)


def test_the_reference_is_worth_the_voices_that_mention_nothing(table_of, voices_of, rng):
    rows = [(f"v{number}", "choice", "met" if number % 2 else "unmet") for number in range(40)]
    judged = judgements(table_of(rows), voices=voices_of([0.1, 0.9] * 20 + [0.5] * 25))
    assert contrast(judged, rng=rng, rounds=2).reference == pytest.approx(25.0, abs=1e-3)


def test_there_is_no_reference_where_every_voice_names_exactly_one_thing(table_of, voices_of, rng):
    names, polarities = ("choice", "comfort", "on_time"), ("met", "unmet")
    rows = [(f"v{n}", names[n % 3], polarities[n % 2]) for n in range(120)]
    judged = judgements(table_of(rows), voices=voices_of([0.2, 0.6, 0.9, 0.4] * 30))
    assert contrast(judged, rng=rng, rounds=2).reference == pytest.approx(0.0, abs=1e-3)


def test_unrated_voices_do_not_count(invent, table_of, voices_of, rng):
    rows = [(f"v{number}", "choice", "met") for number in range(30)]
    judged = judgements(table_of(rows), voices=voices_of([None] * 20 + [0.5] * 30))
    assert contrast(judged, rng=rng, rounds=2).met[0] == 10.0


def test_without_ratings_all_is_zero_and_the_reference_too(table_of, voices_of, rng):
    judged = judgements(table_of([("v0", "choice", "met")]), voices=voices_of([None, None]))
    found = contrast(judged, rng=rng, rounds=3)
    assert (found.reference, found.met[0], found.reward[0]) == (0.0, 0.0, 0.0)


def test_a_side_of_four_voices_is_not_fitted(table_of, voices_of, rng):
    rows = [(f"v{number}", "choice", "unmet") for number in range(4)]
    judged = judgements(table_of(rows), voices=voices_of([0.0] * 4 + [1.0] * 30))
    assert contrast(judged, rng=rng, rounds=2).penalty[0] == 0.0


def test_the_same_seed_gives_the_same_draws(invent):
    judged = invent(TRUTH, n=200)
    first, second = (contrast(judged, rng=np.random.default_rng(4), rounds=50) for _ in range(2))
    assert np.array_equal(first.penalty_draws, second.penalty_draws)


def test_customers_who_repeat_widen_the_draws(invent, table_of, voices_of, rng):
    # Ten voices each of forty customers who always say and rate the same.
    mood = np.repeat(np.random.default_rng(3).random(40), 10)
    rows = [(f"v{number}", "choice", "unmet") for number in range(200)]
    names = [f"c{number // 10}" for number in range(400)]
    alone = judgements(table_of(rows), voices=voices_of(mood.tolist()))
    together = judgements(table_of(rows), voices=voices_of(mood.tolist(), customers=names))
    spread = [contrast(judged, rng=rng).penalty_draws.std() for judged in (alone, together)]
    assert spread[1] > 2 * spread[0]


def test_a_ridge_of_nothing_is_refused(invent, rng):
    with pytest.raises(BadOption) as error:
        contrast(invent(TRUTH, n=50), rng=rng, ridge=0.0)
    assert str(error.value) == "The ridge 0.0 is not above 0. 0.5 voices per coefficient is usual."
