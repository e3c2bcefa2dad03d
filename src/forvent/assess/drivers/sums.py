"""Sums of products by block of customers: all that is kept of the answers, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.assess.drivers.answers import BLANK, HIGH, LOW, NOT_APPLICABLE, Answers
from forvent.stats import block_of, bootstrap_counts

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

# Numbers of the drawn sums that are held at once (64 MB).
_AT_ONCE = 8_000_000
# Answers up to which all columns are filled at once, not block by block.
_FEW = 20_000


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column of the cross products stands: 1, overall, then four of each touchpoint."""

    touchpoints: int

    one, overall = 0, 1

    @property
    def low(self) -> Places:
        """1 where rated low."""
        return 2 + np.arange(self.touchpoints)

    @property
    def high(self) -> Places:
        """1 where rated high."""
        return self.low + self.touchpoints

    @property
    def none(self) -> Places:
        """1 where not rated."""
        return self.low + 2 * self.touchpoints

    @property
    def rating(self) -> Places:
        """The rating less half the scale; 0 where not rated."""
        return self.low + 3 * self.touchpoints

    @property
    def width(self) -> int:
        """Number of all columns."""
        return 2 + 4 * self.touchpoints


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Cross products of each block, shape (blocks, width, width), and how often each was drawn.

    ``drawn`` has shape (rounds, blocks).
    """

    columns: Columns
    blocks: Floats
    drawn: Floats

    @property
    def total(self) -> Floats:
        """Cross products of all answers, shape (width, width)."""
        summed: Floats = self.blocks.sum(axis=0)
        return summed

    @property
    def rounds(self) -> int:
        """Number of bootstrap rounds."""
        return int(self.drawn.shape[0])

    def redrawn(self) -> Iterator[tuple[slice, Floats]]:
        """Cross products of the bootstrap rounds, some at a time, with the rounds they belong to."""
        count, width, _ = self.blocks.shape
        flat = self.blocks.reshape(count, width * width)
        step = max(1, _AT_ONCE // (width * width))
        for start in range(0, self.rounds, step):
            some = slice(start, min(start + step, self.rounds))
            yield some, (self.drawn[some] @ flat).reshape(-1, width, width)


def sums_by_block(answers: Answers, *, rng: np.random.Generator, rounds: int) -> Sums:
    """Cross products of overall satisfaction, states and ratings in each block of customers.

    Parameters
    ----------
    answers
        The answers.
    rng
        Source of randomness of the bootstrap.
    rounds
        Bootstrap rounds.

    Returns
    -------
    Sums
        At most 200 blocks, each with the answers of whole customers.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#answers.

    Examples
    --------
    >>> answers = Answers(
    ...     ("staff",),
    ...     overall=np.array([1.0, 0.0]),
    ...     ratings=np.array([[1.0], [0.0]]),
    ...     states=np.array([[2], [0]], dtype=np.int8),
    ...     customer=np.arange(2),
    ... )
    >>> sums = sums_by_block(answers, rng=np.random.default_rng(1), rounds=2)
    >>> sums.total[0].tolist()
    [2.0, 1.0, 1.0, 1.0, 0.0, 0.0]
    """
    columns = Columns(len(answers.names))
    block = block_of(answers.customer)
    count = int(block.max()) + 1
    order = np.argsort(block, kind="stable")
    ends = np.cumsum(np.bincount(block, minlength=count))
    crosses = np.empty((count, columns.width, columns.width))
    starts, few = ends - np.diff(ends, prepend=0), order.size <= _FEW
    whole = _filled(answers, order, columns=columns) if few else None
    for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        filled = _filled(answers, order[start:end], columns=columns) if whole is None else whole[:, start:end]
        crosses[number] = filled @ filled.T
    return Sums(columns, crosses, bootstrap_counts(rng, blocks=count, rounds=rounds))


def _filled(answers: Answers, rows: Places, *, columns: Columns) -> Floats:
    """Columns of the cross products, shape (width, rows)."""
    states, ratings = answers.states[rows].T, answers.ratings[rows].T
    filled = np.empty((columns.width, rows.size))
    filled[columns.one] = 1.0
    filled[columns.overall] = answers.overall[rows]
    none = (states == BLANK) | (states == NOT_APPLICABLE)
    filled[columns.low] = states == LOW
    filled[columns.high] = states == HIGH
    filled[columns.none] = none
    filled[columns.rating] = np.where(none, 0.0, ratings - 0.5)
    return filled
