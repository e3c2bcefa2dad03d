"""Blocks of customers and how often each is drawn in a bootstrap round."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.errors import BadOption


def block_of(codes: NDArray[np.int64], *, blocks: int = 200) -> NDArray[np.int64]:
    """Block of each case, so that all cases with one code share a block.

    Codes are put in the order of a fixed hash and dealt out in turn: blocks hold
    nearly the same number of codes, and neighbours in the file fall apart. No
    randomness: the same codes give the same blocks.

    Parameters
    ----------
    codes
        Code of the customer (or of the case itself) of each case, shape (n,), any integers.
    blocks
        Most blocks to make; fewer codes than that are a block each.

    Returns
    -------
    NDArray
        Block of each case, shape (n,), from 0 to min(blocks, number of codes) − 1.

    Raises
    ------
    BadOption
        If fewer than 2 blocks are asked for.

    Source
    ------
    Field & Welsh (2007), JRSS B 69(3), 369–390 (resampling whole clusters).

    Examples
    --------
    >>> import numpy as np
    >>> blocks = block_of(np.array([5, 9, 5, 7]))
    >>> bool(blocks[0] == blocks[2]), len(set(blocks.tolist()))
    (True, 3)
    """
    if blocks < 2:
        raise BadOption(f"{blocks} blocks cannot be resampled.", hint="Ask for 2 or more; 200 is usual.")
    unique, inverse = np.unique(codes, return_inverse=True)
    order = np.argsort(_mixed(unique), kind="stable")
    dealt = np.empty(unique.size, dtype=np.int64)
    dealt[order] = np.arange(unique.size) % blocks
    return dealt[inverse]


def _mixed(codes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """SplitMix64: neighbouring integers far apart."""
    mixed = codes.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def bootstrap_counts(rng: np.random.Generator, *, blocks: int, rounds: int) -> NDArray[np.float64]:
    """How often each block is drawn in each round, with replacement.

    Sums over resampled cases are then one matrix product: ``counts @ sums_per_block``.

    Parameters
    ----------
    rng
        Source of randomness, seeded by the caller.
    blocks
        Number of blocks, at least 1; as many are drawn in each round.
    rounds
        Number of bootstrap rounds, at least 1.

    Returns
    -------
    NDArray
        Counts, shape (rounds, blocks); each row sums to ``blocks``.

    Raises
    ------
    BadOption
        If ``blocks`` or ``rounds`` is below 1.

    Source
    ------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 6.2 (resampling vectors).

    Examples
    --------
    >>> import numpy as np
    >>> counts = bootstrap_counts(np.random.default_rng(1), blocks=4, rounds=3)
    >>> counts.sum(axis=1)
    array([4., 4., 4.])
    """
    if blocks < 1 or rounds < 1:
        raise BadOption(f"{rounds} rounds over {blocks} blocks.", hint="Both must be at least 1.")
    return rng.multinomial(blocks, np.full(blocks, 1.0 / blocks), size=rounds).astype(np.float64)
