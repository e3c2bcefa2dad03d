"""Kinds are found where they are clear, and undecided where they are not."""

import numpy as np
import pytest

from forvent.assess import asymmetries, contrast, judgements
from forvent.assess.asymmetry import expected_share
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough

TRUTH = {
    "choice": (-0.2, 0.2),
    "comfort": (0.0, 0.0),
    "hygiene_safety": (-0.4, 0.05),
    "pleasant_surprise": (-0.05, 0.3),
    "self_service": (0.2, -0.2),
}


def kinds(judged, rng, **options):
    found = asymmetries(judged, contrast=contrast(judged, rng=rng), **options)
    return {asymmetry.expectation: asymmetry.kind for asymmetry in found}


def test_finds_the_kinds_that_were_put_in(invent, rng):
    assert kinds(invent(TRUTH, n=4000), rng) == {
        "choice": "performance",
        "comfort": "indifferent",
        "hygiene_safety": "basic",
        "pleasant_surprise": "excitement",
        "self_service": "reverse",
    }


def test_says_undecided_where_little_was_said(invent, rng):
    found = kinds(invent({"choice": (-0.2, 0.2), "comfort": (-0.1, 0.05)}, n=120), rng)
    assert set(found.values()) == {"undecided"}


def test_the_cutoff_moves_the_border(invent, rng):
    judged = invent({"on_time": (-0.3, 0.1)}, n=4000)
    assert kinds(judged, rng)["on_time"] == "basic"
    assert kinds(judged, rng, cutoff=0.7)["on_time"] == "performance"


def test_asymmetry_is_reward_minus_penalty_over_both(invent, rng):
    judged = invent(TRUTH, n=4000)
    found = asymmetries(judged, contrast=contrast(judged, rng=rng))[2]
    penalty, reward = -found.penalty.value, found.reward.value
    assert found.asymmetry.value == pytest.approx((reward - penalty) / (reward + penalty))
    assert -1.0 <= found.asymmetry.low < found.asymmetry.value < found.asymmetry.high <= 1.0


def test_one_known_side_is_given_and_the_ratio_is_not(table_of, voices_of, rng):
    rows = [(f"v{number}", "on_time", "unmet") for number in range(30)]
    rows += [(f"v{number}", "on_time", "met") for number in range(30, 33)]
    judged = judgements(table_of(rows), voices=voices_of([0.1, 0.2, 0.3] * 11 + [0.7, 0.8] * 40))
    found = asymmetries(judged, contrast=contrast(judged, rng=rng))[0]
    assert isinstance(found.penalty, Estimate)
    assert found.penalty.high < -0.4
    assert found.reward == NotEnough(n=3, needed=10, why="too few rated voices say that it was met")
    assert found.asymmetry == found.reward
    assert found.kind == "undecided"


def test_without_reference_nothing_is_said(table_of, voices_of, rng):
    rows = [(f"v{number}", "choice", "met" if number % 2 else "unmet") for number in range(60)]
    judged = judgements(table_of(rows), voices=voices_of([0.1, 0.9] * 30))
    found = asymmetries(judged, contrast=contrast(judged, rng=rng))[0]
    why = "too few rated voices leave it unmentioned"
    assert found.penalty == found.reward == found.asymmetry == NotEnough(n=0, needed=10, why=why)


def test_hurting_either_way_is_basic_and_not_reverse(invent, rng):
    assert kinds(invent({"on_time": (-0.5, -0.15)}, n=3000), rng)["on_time"] == "basic"


def test_no_ratio_is_made_of_two_wrong_signs(table_of, voices_of, rng):
    rows = [(f"v{number}", "choice", "met" if number % 2 else "unmet") for number in range(60)]
    judged = judgements(table_of(rows), voices=voices_of([0.9, 0.1] * 30 + [0.5] * 30))
    found = asymmetries(judged, contrast=contrast(judged, rng=rng))[0]
    assert isinstance(found.asymmetry, NotEnough)
    assert found.asymmetry.why == "neither penalty nor reward is seen, so their ratio is unknown"
    assert found.kind == "reverse"


def test_expected_share_is_where_penalty_and_reward_balance():
    shares = expected_share(np.array([-0.3, -0.2, 0.1, -0.2]), reward=np.array([0.1, 0.2, 0.2, -0.1]))
    assert shares == pytest.approx([0.75, 0.5, 0.0, 1.0])


def test_undefined_expected_shares_lie_at_both_ends():
    assert expected_share(np.full(4, 0.1), reward=np.full(4, -0.1)).tolist() == [0.0, 1.0, 0.0, 1.0]


def test_a_cutoff_that_is_no_share_is_refused(invent, rng):
    judged = invent({"choice": (-0.2, 0.2)}, n=60)
    with pytest.raises(BadOption) as error:
        asymmetries(judged, contrast=contrast(judged, rng=rng, rounds=2), cutoff=1.0)
    assert str(error.value) == "The cut-off 1.0 is not between 0 and 1. 0.2 is usual."
