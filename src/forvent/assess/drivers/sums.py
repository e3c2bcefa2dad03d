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
# Numbers of the sums of all groups and blocks (400 MB); beyond, there are fewer blocks.
_MOST_SUMS = 50_000_000
_BLOCKS, _LEAST_BLOCKS = 200, 20
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
    def filled(self) -> int:
        """Number of blocks that hold an answer."""
        return int((self.blocks[:, 0, 0] > 0.0).sum())

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
    everybody = np.zeros(answers.overall.size, dtype=np.int64)
    return sums_by_group(answers, group=everybody, groups=1, rng=rng, rounds=rounds)[0]


def sums_by_group(
    answers: Answers, *, group: Places, groups: int, rng: np.random.Generator, rounds: int
) -> tuple[Sums, ...]:
    """The same for each group of answers, all of them drawn in the same rounds.

    Parameters
    ----------
    answers
        The answers.
    group
        Number of the group of each answer, shape (n,), −1 for none.
    groups
        How many groups there are.
    rng
        Source of randomness of the bootstrap.
    rounds
        Bootstrap rounds.

    Returns
    -------
    tuple of Sums
        One a group. A customer is in one block, whatever groups the answers are in.

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
    >>> first, second = sums_by_group(
    ...     answers, group=np.array([1, 0]), groups=2, rng=np.random.default_rng(1), rounds=2
    ... )
    >>> float(first.total[0, 1]), float(second.total[0, 1]), bool((first.drawn == second.drawn).all())
    (0.0, 1.0, True)
    """
    columns = Columns(len(answers.names))
    most = _MOST_SUMS // (groups * columns.width**2)
    block = block_of(answers.customer, blocks=max(_LEAST_BLOCKS, min(_BLOCKS, most)))
    count = int(block.max()) + 1
    place = np.where(group < 0, groups * count, group * count + block)
    order = np.argsort(place, kind="stable")
    ends = np.cumsum(np.bincount(place, minlength=groups * count + 1))[: groups * count]
    crosses = np.empty((groups * count, columns.width, columns.width))
    starts, few = ends - np.diff(ends, prepend=0), order.size <= _FEW
    whole = _filled(answers, order, columns=columns) if few else None
    for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        filled = _filled(answers, order[start:end], columns=columns) if whole is None else whole[:, start:end]
        crosses[number] = filled @ filled.T
    drawn = bootstrap_counts(rng, blocks=count, rounds=rounds)
    return tuple(Sums(columns, one, drawn) for one in np.split(crosses, groups))


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
