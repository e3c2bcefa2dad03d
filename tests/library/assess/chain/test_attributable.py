"""What share of the dissatisfied goes beyond what would be expected anyway."""

import numpy as np
import pytest

from forvent.assess.chain.attributable import attributable_shares
from forvent.records import Estimate, NotEnough
from forvent.stats import block_of, bootstrap_counts


def shares(cells, *, rng, repeats=1):
    """Cells of (satisfied, dissatisfied) by class; every episode ``repeats`` times by the same customer."""
    classes = np.concatenate([np.full(sum(cell), place) for place, cell in enumerate(cells)])
    sad = np.concatenate([np.arange(sum(cell)) >= cell[0] for cell in cells])
    customers = np.repeat(np.arange(classes.size), repeats)
    block = block_of(customers)
    drawn = bootstrap_counts(rng, blocks=int(block.max()) + 1, rounds=400)
    return attributable_shares(
        np.repeat(classes, repeats), count=len(cells) - 1, dissatisfied=np.repeat(sad, repeats),
        block=block, drawn=drawn, rng=rng,
    )  # fmt: skip


def test_by_hand(rng):
    # 90 + 10 unbroken; 20 + 30 of one break; 10 + 5 of another: rate 0.1, 45 dissatisfied.
    found = shares([(90, 10), (20, 30), (10, 5)], rng=rng)
    first, second = found.classes
    assert first.value == pytest.approx((30 - 5) / 45)
    assert second.value == pytest.approx((5 - 1.5) / 45)
    assert found.anyway.value == pytest.approx(0.1 * 165 / 45)
    assert first.value + second.value + found.anyway.value == pytest.approx(1.0)
    assert first.low < first.value < first.high
    assert first.n == 45


def test_a_break_that_goes_with_nothing_has_an_interval_around_zero(rng):
    found = shares([(180, 20), (90, 10)], rng=rng)
    assert found.classes[0].value == pytest.approx(0.0)
    assert found.classes[0].low < 0.0 < found.classes[0].high


def test_episodes_of_the_same_customers_widen_the_interval(rng):
    once, often = shares([(90, 10), (20, 30)], rng=rng), shares([(90, 10), (20, 30)], rng=rng, repeats=6)
    alone = shares([(540, 60), (120, 180)], rng=rng)
    assert often.classes[0].value == pytest.approx(once.classes[0].value)
    width = [found.classes[0].high - found.classes[0].low for found in (alone, often)]
    assert width[1] > 1.5 * width[0]


@pytest.mark.parametrize(
    ("cells", "few"),
    [
        ([(90, 1), (20, 3)], NotEnough(4, 5, "too few dissatisfied episodes")),
        ([(3, 4), (20, 30)], NotEnough(7, 10, "too few episodes in which no link broke")),
    ],
)
def test_too_few_give_nothing(cells, few, rng):
    found = shares(cells, rng=rng)
    assert (found.classes[0], found.anyway) == (few, few)


def test_a_break_seen_four_times_is_not_told_and_the_others_are(rng):
    found = shares([(90, 10), (20, 30), (2, 2)], rng=rng)
    assert isinstance(found.classes[0], Estimate)
    assert found.classes[1] == NotEnough(4, 5, "it broke in too few episodes")
