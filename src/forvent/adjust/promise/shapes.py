"""How promises differ between cases: what is expected of a case before it is calibrated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats, History
from forvent.adjust.promise.columns import Columns, learn_columns
from forvent.adjust.promise.trees import Trees, grow

LOG, PLAIN = "log", "plain"
MIDDLE, UPPER, OWN, OWN_UPPER, SAME = "middle", "upper", "own", "own-upper", "same"
#: Past which the weight of a closed case no longer grows; it stands for cases that are still open.
MOST_WEIGHT = 3.0
#: Fewer cases than this tell nothing about columns; every case then gets the same promise.
LEAST_CASES = 50
_RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How amounts are stretched before they are learned: their logarithm, or as they are.

    ``shift`` is added before the logarithm, in the unit of the amounts; it keeps very short
    ones from ruling.
    """

    name: str
    shift: float = 1.0

    def to(self, amounts: Floats) -> Floats:
        """Amounts on the scale."""
        if self.name == PLAIN:
            return amounts
        return np.log(np.maximum(amounts, 0.0) + self.shift)

    def back(self, scaled: Floats) -> Floats:
        """Values on the scale as amounts."""
        if self.name == PLAIN:
            return scaled
        amounts: Floats = np.exp(np.minimum(scaled, 700.0)) - self.shift
        return np.where(np.isposinf(scaled), np.inf, amounts)

    def to_one(self, amount: float) -> float:
        """One amount on the scale."""
        return amount if self.name == PLAIN else math.log(max(amount, 0.0) + self.shift)

    def back_one(self, scaled: float) -> float:
        """One value on the scale as an amount."""
        if self.name == PLAIN or scaled == math.inf:
            return scaled
        return math.exp(min(scaled, 700.0)) - self.shift


@dataclass(frozen=True, slots=True)
class Shape:
    """One way of telling long cases from short ones.

    ``goal`` says what of a case is learned, on the scale: its "middle" (mean), the "upper"
    quantile at the level, the company's "own" promise as it is, how far the upper quantile
    lies from that ("own-upper"), or nothing ("same" for all). ``share`` is how much of the
    difference between cases the promise follows.
    """

    scale: str
    goal: str
    share: float = 1.0

    @property
    def part(self) -> str:
        """Name of the learned part that the shape rests on."""
        return f"{self.scale}-{self.goal}"


#: The shapes that compete; which of them counts how much is learned from how they promised before.
SHAPES = (
    Shape(PLAIN, SAME),
    Shape(LOG, MIDDLE),
    Shape(LOG, MIDDLE, 0.75),
    Shape(PLAIN, MIDDLE),
    Shape(PLAIN, UPPER),
    Shape(PLAIN, OWN),
    Shape(LOG, OWN, 0.75),
    Shape(PLAIN, OWN_UPPER),
)
_LEARNED = ((LOG, MIDDLE), (PLAIN, MIDDLE), (PLAIN, UPPER), (PLAIN, OWN_UPPER))


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A straight line over the numbers of a case, and trees on what it leaves."""

    slopes: Floats
    at_zero: float
    trees: Trees


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Everything learned of the differences between cases at one moment."""

    columns: Columns
    log: Scale
    parts: Mapping[str, Part]

    def scale(self, shape: Shape) -> Scale:
        """Scale of a shape."""
        return self.log if shape.scale == LOG else Scale(PLAIN)

    def expected(self, history: History) -> Floats:
        """What each shape of ``SHAPES`` expects of each case, on its scale; shape (n, shapes).

        NaN where a shape has nothing to go by, such as a case without a promise of the company.
        """
        matrix = self.columns.matrix(history)
        straight = self.columns.filled(matrix)
        parts = {name: self._of_part(part, matrix, straight) for name, part in self.parts.items()}
        return np.column_stack([self._of_shape(shape, parts, history.promised) for shape in SHAPES])

    def _of_part(self, part: Part, matrix: Floats, straight: Floats) -> Floats:
        return part.at_zero + straight @ part.slopes + part.trees.predict(matrix)

    def _of_shape(self, shape: Shape, parts: Mapping[str, Floats], promised: Floats) -> Floats:
        if shape.goal == SAME:
            return np.zeros(promised.size)
        if shape.goal == OWN:
            return shape.share * self.scale(shape).to(promised)
        given = parts.get(shape.part, np.full(promised.size, np.nan))
        if shape.goal == OWN_UPPER:
            return promised + given
        return shape.share * given


def learn_shapes(known: History, *, moment: float, level: float) -> Learned:
    """What past cases, as they were known at a moment, tell of the differences between cases.

    Parameters
    ----------
    known
        Cases that began before the moment.
    moment
        Seconds since 1970 UTC; an amount that came to be known later is not looked at.
    level
        Level of the promise, for the shapes that learn an upper quantile.

    Returns
    -------
    Learned
        Without parts where fewer than 50 cases are closed.

    Source
    ------
    Our own definition, docs/formulas/adjust-engine.md#shapes.

    Examples
    --------
    Sixty cases that take as many days as they are big: of a big one as many are expected as it is big.

    >>> size = np.tile(np.arange(1.0, 11.0), 6)
    >>> start, none = np.arange(60) * 7 * 86400.0, np.full(60, np.nan)
    >>> past = History(start, start + size * 86400, size, none, {"size": size}, "day", as_of=1e8)
    >>> learned = learn_shapes(past, moment=1e8, level=0.9)
    >>> found = learned.expected(past)[:, SHAPES.index(Shape(PLAIN, MIDDLE))]
    >>> bool(np.abs(found - size).max() < 0.3)
    True
    """
    is_closed = known.known <= moment
    closed = known.where(is_closed)
    columns = learn_columns(closed) if closed.n else Columns((), ())
    log = Scale(LOG, _shift(closed.amount))
    if closed.n < LEAST_CASES:
        return Learned(columns, log, {})
    weights = weights_for(known, is_closed, moment=moment)
    matrix = columns.matrix(closed)
    straight = columns.filled(matrix)
    parts = {}
    for name, goal in _LEARNED:
        scale = log if name == LOG else Scale(PLAIN)
        part = _learn(goal, closed, scale, columns, (matrix, straight), weights=weights, level=level)
        if part is not None:
            parts[f"{name}-{goal}"] = part
    return Learned(columns, log, parts)


def weights_for(known: History, closed: NDArray[np.bool_], *, moment: float) -> Floats:
    r"""Weight of each closed case: it stands for open ones too, and counts more the later it began.

    A case counts half for each half of the span of the starts that it is old. One that took :math:`d`
    could only be seen if it was old enough; with :math:`G(d)` the share, so counted, of all cases
    that were, it stands for :math:`1/G(d)` cases, at most 3 (inverse probability of censoring). Mean 1.

    Source
    ------
    Robins & Rotnitzky (1992), Recovery of information and adjustment for dependent censoring.

    Examples
    --------
    Two of four cases began two days ago and ended after two days and one. Counted by age (1/4, 1/4,
    1/2, 1), a quarter of all was old enough to show two days and half to show one: they stand for
    3 (of 4) and 2 cases.

    >>> start, days = np.array([0.0, 0.0, 1.0, 2.0]) * 86400, np.array([2.0, 1.0, 9.0, 9.0])
    >>> known = History(start, start + days * 86400, days, days, {}, "day", as_of=2 * 86400.0)
    >>> weights_for(known, known.known <= known.as_of, moment=known.as_of).round(3)
    array([1.2, 0.8])
    """
    ages = np.sort(moment - known.start)
    took = known.known[closed] - known.start[closed]
    span = max(float(ages[-1] - ages[0]), 1.0)
    # Counted from the latest start: a record that was looked at long after has not grown old as a whole.
    counts = 0.5 ** ((ages - ages[0]) / (span / 2))
    younger = np.concatenate([[0.0], np.cumsum(counts)])[np.searchsorted(ages, took, side="left")]
    old_enough = 1.0 - younger / counts.sum()
    standing_for = np.minimum(1.0 / np.maximum(old_enough, 1e-9), MOST_WEIGHT)
    recency = 0.5 ** ((moment - ages[0] - known.start[closed]) / (span / 2))
    weights: Floats = standing_for * recency
    weights /= weights.mean()
    return weights


def _shift(amounts: Floats) -> float:
    """1 for whole numbers, else a twentieth of the median."""
    if amounts.size == 0:
        return 1.0
    middle = float(np.median(amounts))
    if middle >= 2 and bool(np.all(amounts == np.floor(amounts))):
        return 1.0
    return max(middle / 20, 1e-6)


def _learn(
    goal: str,
    closed: History,
    scale: Scale,
    columns: Columns,
    numbers: tuple[Floats, Floats],
    *,
    weights: Floats,
    level: float,
) -> Part | None:
    matrix, straight = numbers
    upper = level if goal in (UPPER, OWN_UPPER) else None
    if goal == OWN_UPPER:
        has = np.isfinite(closed.promised)
        if has.sum() < LEAST_CASES:
            return None
        flat = np.zeros(straight.shape[1])
        left = (closed.amount - closed.promised)[has]
        rows = matrix[has]
        trees = grow(rows, left, weights=weights[has], text_positions=columns.text_positions, level=upper)
        return Part(flat, 0.0, trees)
    target = scale.to(closed.amount)
    slopes, at_zero = _ridge(straight, target, weights=weights)
    left = target - at_zero - straight @ slopes
    trees = grow(matrix, left, weights=weights, text_positions=columns.text_positions, level=upper)
    return Part(slopes, at_zero, trees)


def _ridge(straight: Floats, target: Floats, *, weights: Floats) -> tuple[Floats, float]:
    """Slopes of a weighted straight line through standardised numbers, and its height at zero."""
    middle = float(np.average(target, weights=weights))
    if straight.shape[1] == 0:
        return np.zeros(0), middle
    means = np.average(straight, axis=0, weights=weights)
    spread = np.sqrt(np.average((straight - means) ** 2, axis=0, weights=weights))
    spread = np.where(spread > 1e-9 * (1.0 + np.abs(means)), spread, np.inf)
    standard = (straight - means) / spread
    weighted = standard * weights[:, None]
    left = weighted.T @ standard + _RIDGE * np.eye(standard.shape[1])
    slopes: Floats = np.linalg.solve(left, weighted.T @ (target - middle)) / spread
    return slopes, middle - float(means @ slopes)
