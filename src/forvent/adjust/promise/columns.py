"""What is known of a case at its start, as numbers that a model can read."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Column, Floats, History
from forvent.adjust.lengths import DAY, HOUR

PROMISED = "promised"
WEEKDAY = "weekday"
HOUR_OF_DAY = "hour"
#: Levels of a text column that get a number of their own; rarer ones count as unknown.
MOST_LEVELS = 250
LEAST_OF_LEVEL = 5
#: Numbers beyond these shares of the learned are drawn in: one wild value cannot stretch a promise.
DRAWN_IN = (0.005, 0.995)
_THURSDAY = 3  # 1 January 1970


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of numbers: the range it was learned on, its middle, and whether values were missing."""

    name: str
    low: float
    high: float
    middle: float
    gaps: bool


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of text: the levels that were common enough to learn from."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that tell something, in the order of the matrix; constant ones are left out."""

    numbers: tuple[NumberColumn, ...]
    texts: tuple[TextColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the matrix's columns."""
        return (*(one.name for one in self.numbers), *(one.name for one in self.texts))

    @property
    def text_positions(self) -> list[int]:
        """Positions of the text columns in the matrix."""
        return list(range(len(self.numbers), len(self.numbers) + len(self.texts)))

    def matrix(self, history: History) -> Floats:
        """Matrix of shape (n, columns): numbers drawn in to the learned range, levels as their number.

        NaN where a level was not learned or a value is missing; a value of a column that never
        missed one is taken for its middle, for nothing was learned about its absence.
        """
        known = at_start(history)
        missing = np.full(history.n, np.nan)
        parts = [_numbers(known.get(column.name, missing), column) for column in self.numbers]
        parts += [_levels(known.get(column.name), column, n=history.n) for column in self.texts]
        if not parts:
            return np.zeros((history.n, 0))
        return np.column_stack(parts)

    def row(self, known: Mapping[str, str | float | None]) -> list[float]:
        """One row of the matrix, from what is known of one case; what is not there counts as missing."""
        return [
            *(_number(known.get(column.name), column) for column in self.numbers),
            *(_level(known.get(column.name), column) for column in self.texts),
        ]

    def filled(self, matrix: Floats) -> Floats:
        """The columns of numbers alone, shape (n, numbers), missing ones at the middle of the learned."""
        numbers = matrix[:, : len(self.numbers)]
        middles = np.array([column.middle for column in self.numbers])
        return np.where(np.isnan(numbers), middles, numbers)


def at_start(history: History) -> dict[str, Column]:
    """All that is known of the cases at their start: columns, the company's promise, weekday and hour.

    Where starts hold days only every hour is 0, and ``learn_columns`` leaves it out as constant.
    """
    known: dict[str, Column] = dict(history.columns)
    if history.has_promise:
        known[PROMISED] = history.promised
    known[WEEKDAY] = (np.floor(history.start / DAY) + _THURSDAY) % 7
    known[HOUR_OF_DAY] = np.floor(history.start % DAY / HOUR)
    return known


def learn_columns(history: History) -> Columns:
    """The columns of past cases that tell something.

    A column is left out where all its values are equal or missing; infinite numbers count
    as missing. Levels seen fewer than 5 times, and those beyond the 250 commonest, are unknown.

    Examples
    --------
    Cases a week apart, so that weekday and hour tell nothing; one colour is too rare to be known.

    >>> start, size = np.arange(8) * 7 * DAY, np.array([1.0, 2, 3, 4, 5, 6, 7, np.inf])
    >>> columns = {"size": size, "kind": np.array(["book"] * 8), "colour": np.array(["red"] * 7 + ["blue"])}
    >>> none = np.full(8, np.nan)
    >>> learned = learn_columns(History(start, none, none, none, columns, "day", as_of=1e8))
    >>> learned.names, learned.texts[0].levels, learned.numbers[0].gaps
    (('size', 'colour'), ('red',), True)
    """
    known: Mapping[str, Column] = at_start(history)
    numbers = [_learn_numbers(name, values) for name, values in known.items() if values.dtype.kind != "U"]
    texts = [_learn_levels(name, values) for name, values in known.items() if values.dtype.kind == "U"]
    return Columns(
        numbers=tuple(column for column in numbers if column is not None),
        texts=tuple(column for column in texts if column is not None),
    )


def _learn_numbers(name: str, values: Column) -> NumberColumn | None:
    finite = values[np.isfinite(values.astype(np.float64))].astype(np.float64)
    if finite.size == 0 or finite.min() == finite.max():
        return None
    low, high = np.quantile(finite, DRAWN_IN)
    if low == high:
        low, high = finite.min(), finite.max()
    return NumberColumn(name, float(low), float(high), float(np.median(finite)), finite.size < values.size)


def _learn_levels(name: str, values: Column) -> TextColumn | None:
    levels, counts = np.unique(values[values != ""], return_counts=True)
    common = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    named = sorted(str(levels[place]) for place in common if counts[place] >= LEAST_OF_LEVEL)
    # One level and some unknown ones still tell the two apart.
    if not named or (len(named) == 1 and bool(np.all(values == named[0]))):
        return None
    return TextColumn(name, tuple(named))


def _numbers(values: Column, column: NumberColumn) -> Floats:
    given = values.astype(np.float64)
    given = np.where(np.isfinite(given), given, np.nan if column.gaps else column.middle)
    return np.clip(given, column.low, column.high)


def _number(value: str | float | None, column: NumberColumn) -> float:
    given = math.nan if value is None else float(value)
    if not math.isfinite(given):
        return math.nan if column.gaps else column.middle
    return min(max(given, column.low), column.high)


def _level(value: str | float | None, column: TextColumn) -> float:
    place = bisect_left(column.levels, str(value))
    there = place < len(column.levels) and column.levels[place] == str(value)
    return float(place) if there else math.nan


def _levels(values: Column | None, column: TextColumn, *, n: int) -> Floats:
    if values is None:
        return np.full(n, np.nan)
    learned: NDArray[np.str_] = np.array(column.levels)
    given = values.astype(np.str_)
    places = np.minimum(np.searchsorted(learned, given), learned.size - 1)
    return np.where(learned[places] == given, places.astype(np.float64), np.nan)
