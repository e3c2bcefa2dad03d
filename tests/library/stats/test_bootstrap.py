"""Blocks keep customers together; rounds draw as many blocks as there are."""

import numpy as np
import pytest

from forvent.errors import BadOption
from forvent.stats import block_of, bootstrap_counts


def test_all_voices_of_a_customer_share_a_block():
    codes = np.random.default_rng(1).integers(0, 500, size=3000)
    blocks = block_of(codes, blocks=50)
    assert all(len(set(blocks[codes == code].tolist())) == 1 for code in np.unique(codes))


def test_blocks_hold_nearly_the_same_number_of_customers():
    sizes = np.bincount(block_of(np.arange(10_050), blocks=200))
    assert (sizes.size, sizes.min(), sizes.max()) == (200, 50, 51)


def test_few_customers_are_a_block_each():
    assert sorted(block_of(np.array([40, 10, 30, 20]), blocks=200).tolist()) == [0, 1, 2, 3]


def test_neighbours_in_the_file_fall_apart():
    blocks = block_of(np.arange(2000), blocks=200)
    assert np.mean(np.abs(np.diff(blocks)) <= 1) < 0.05


def test_the_same_customers_give_the_same_blocks_wherever_they_stand():
    codes = np.arange(900)
    turned = np.random.default_rng(2).permutation(codes)
    assert np.array_equal(block_of(codes)[turned], block_of(turned))


def test_nobody_gives_no_blocks():
    assert block_of(np.array([], dtype=np.int64)).size == 0


def test_a_single_block_is_refused():
    with pytest.raises(BadOption) as error:
        block_of(np.arange(4), blocks=1)
    assert str(error.value) == "1 blocks cannot be resampled. Ask for 2 or more; 200 is usual."


def test_each_round_draws_as_many_blocks_as_there_are_each_as_likely():
    counts = bootstrap_counts(np.random.default_rng(5), blocks=20, rounds=5000)
    assert counts.shape == (5000, 20)
    assert set(counts.sum(axis=1)) == {20.0}
    # Each mean is 1 with standard error √(0.95 / 5000).
    assert np.abs(counts.mean(axis=0) - 1).max() < 4 * np.sqrt(0.95 / 5000)


def test_no_rounds_are_refused():
    with pytest.raises(BadOption) as error:
        bootstrap_counts(np.random.default_rng(1), blocks=3, rounds=0)
    assert str(error.value) == "0 rounds over 3 blocks. Both must be at least 1."
