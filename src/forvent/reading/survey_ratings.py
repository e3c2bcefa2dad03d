"""Columns of a survey as numbers: which hold ratings, on which scale, and what overall satisfaction says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.errors import BadOption, MissingColumn
from forvent.reading.cells import Cell, as_text, is_nothing, shortened, value_of
from forvent.reading.coded import CodedColumn
from forvent.reading.ratings import guess_scale, read_rating, scale_name
from forvent.records import Scale

Floats = NDArray[np.float64]

#: A column of ratings has at most so many different values.
MOST_VALUES = 21
#: Part of the filled cells that must be ratings.
_MOSTLY = 0.95
#: The scale of a column is its own where it reaches at most this part of the others' scale.
_HALF = 0.5
_YES_NO = Scale(0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Rated:
    """A column of ratings as they were given: one value a distinct cell, NaN where there is none.

    ``unread`` and ``none`` say of each cell whether it holds something that is no rating, and whether it
    says that the question does not apply. ``scale`` is what its cells say themselves ("4/5"), else None.
    """

    column: CodedColumn
    values: Floats
    unread: NDArray[np.bool_]
    none: NDArray[np.bool_]
    scale: Scale | None = None

    @property
    def counts(self) -> Counter[float]:
        """Rows with each rating."""
        found: Counter[float] = Counter()
        for value, count in zip(self.values.tolist(), self.column.counts.tolist(), strict=True):
            if value == value:
                found[value] += count
        return found

    @property
    def mostly(self) -> bool:
        """Whether nearly all filled cells are ratings."""
        counts = self.column.counts
        return bool(counts[self.unread].sum() <= (1.0 - _MOSTLY) * max(1, counts[~self._blank].sum()))

    @property
    def _blank(self) -> NDArray[np.bool_]:
        return np.isnan(self.values) & ~self.unread & ~self.none

    def given(self) -> Floats:
        """The rating of each row, NaN where there is none."""
        rows: Floats = self.values[self.column.codes]
        return rows

    def says_none(self) -> NDArray[np.bool_]:
        """Whether each row says that the question does not apply."""
        rows: NDArray[np.bool_] = self.none[self.column.codes]
        return rows


def rated(column: CodedColumn, *, none: Collection[str] = ()) -> Rated:
    """Ratings of a column, cell by cell; ``none`` are cells that say that it does not apply."""
    apart = {_plain(cell) for cell in none}
    given = [None if value_of(cell) is None else read_rating(cell) for cell in column.cells]
    says_none = np.array([_plain(cell) in apart for cell in column.cells], dtype=bool)
    values = np.array([np.nan if one is None else one.value for one in given], dtype=np.float64)
    values[says_none] = np.nan
    unread = np.isnan(values) & ~says_none
    unread &= np.array([value_of(cell) is not None for cell in column.cells], dtype=bool)
    own = {(one.low, one.high) for one, apart in zip(given, says_none, strict=True) if one and not apart}
    low, high = own.pop() if len(own) == 1 else (None, None)
    scale = None if high is None else Scale(1.0 if low is None else low, high)
    return Rated(column, values, unread, says_none, scale)


def _plain(cell: Cell) -> str:
    """A cell as it is compared: 0, 0.0 and "0" are alike."""
    text = as_text(cell).casefold()
    number = read_rating(text) if text and not is_nothing(text) else None
    return text if number is None or number.high is not None else f"{number.value:g}"


def looks_rated(column: CodedColumn, *, none: Collection[str] = (), least: int = 2) -> bool:
    """Whether a column may hold ratings of a touchpoint: few different ones (at least ``least``), on a usual
    scale, no flag."""
    found = rated(column, none=none)
    values = [value for value in found.counts if value == value]
    if not found.mostly or not least <= len(values) <= MOST_VALUES:
        return False
    scale = found.scale or guess_scale(found.counts, column=column.name).scale
    return scale is not None and scale != _YES_NO


def nobody_answered(column: str) -> str:
    """What to say of a column that is empty throughout."""
    return f"Nobody gave an answer in “{column}”, so it was left out."


@dataclass(frozen=True, slots=True)
class Scales:
    """The scale of each column, and what a person should know about how they were found."""

    scales: Mapping[str, Scale]
    notes: tuple[str, ...] = ()


def scales_of(columns: Sequence[Rated], *, given: Scale | None, from_zero: bool = False) -> Scales:
    """One scale for all columns, but for those that bring their own or reach at most half of it.

    ``from_zero`` says that a 0 below a scale from 1 is its lowest rating, however few gave it.
    """
    if given is not None:
        return Scales({one.column.name: given for one in columns})
    pooled: Counter[float] = sum((one.counts for one in columns if one.scale is None), Counter())
    guess = guess_scale(pooled, column="the touchpoints")
    notes, scales = list(guess.notes), {}
    for one in columns:
        own = one.scale or _own_scale(one, common=guess.scale)
        scale = own or guess.scale
        if scale is None:
            raise BadOption(
                f"The ratings in “{one.column.name}” fit no usual scale.", hint="Name it, as --scale 1..5."
            )
        if own is not None and guess.scale is not None and one.scale is None:
            notes.append(f"“{one.column.name}” was read on {scale_name(own)}, the others not.")
        reaches_down = from_zero and 0.0 in pooled and scale.low == 1.0
        scales[one.column.name] = Scale(0.0, scale.high) if reaches_down else scale
    return Scales(scales, tuple(notes))


def _own_scale(one: Rated, *, common: Scale | None) -> Scale | None:
    counts = one.counts
    if not counts:
        # Nobody rated it, so any scale will do.
        return None if common else Scale(1.0, 5.0)
    if common is not None and max(counts) > _HALF * common.high:
        return None
    own = guess_scale(counts, column=one.column.name).scale
    return None if own == common else own


@dataclass(frozen=True, slots=True, eq=False)
class Overall:
    """Overall satisfaction of each row on its scale, NaN where there is none, and how it was read."""

    given: Floats
    scale: Scale
    unread: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


def overall_of(column: CodedColumn, *, good: Collection[str] = (), scale: Scale | None = None) -> Overall:
    """Overall satisfaction: a rating, or one of two answers of which one is the good one.

    Raises
    ------
    MissingColumn
        If the column holds nothing.
    BadOption
        If it is neither, or nobody can say which of two answers is the good one.
    """
    counts = column.counts
    filled = [
        number for number, cell in enumerate(column.cells) if value_of(cell) is not None and counts[number]
    ]
    if not filled:
        raise MissingColumn(
            f"The column “{column.name}” is empty.", hint="Name the one of overall satisfaction."
        )
    if good:
        return _two_answers(column, filled, good={_plain(cell) for cell in good}, notes=())
    found = rated(column)
    kinds = {_plain(column.cells[number]) for number in filled}
    if scale is None and len(kinds) == 2 and not _both_numbers(found, filled):
        return _two_answers(column, filled, good={_good_of(column, filled, found)}, notes=())
    if not found.mostly:
        example = next(shortened(column.cells[number]) for number in filled if found.unread[number])
        raise BadOption(
            f"“{column.name}” holds answers that are no ratings, such as “{example}”.",
            hint="Say which answers count as satisfied: --good ANSWER.",
        )
    guess = guess_scale(found.counts, column=column.name)
    chosen = scale or found.scale or guess.scale
    if chosen is None:
        raise BadOption(
            f"The ratings in “{column.name}” fit no usual scale.", hint="Name it, as --overall-scale 0..10."
        )
    said = guess.notes if scale is None and found.scale is None else ()
    return Overall(found.given(), chosen, found.unread[column.codes], said)


def _both_numbers(found: Rated, filled: Sequence[int]) -> bool:
    """Whether the answers are plain numbers; 1 and 2 alone are two answers, not the end of a scale."""
    values = found.values[filled]
    return found.scale is None and not found.unread[filled].any() and set(values.tolist()) != {1.0, 2.0}


def _good_of(column: CodedColumn, filled: Sequence[int], found: Rated) -> str:
    """The good one of two answers: the higher rating, or the only one that is a good rating."""
    known = {_plain(column.cells[number]): found.values[number] for number in filled}
    read = {answer: value for answer, value in known.items() if value == value}
    scale = found.scale or _YES_NO
    middle = (scale.low + scale.high) / 2.0
    if len(read) == 2 and len(set(read.values())) == 2:
        return max(read, key=read.__getitem__)
    if len(read) == 1:
        (answer, value), other = next(iter(read.items())), next(one for one in known if one not in read)
        if value != middle:
            return answer if value > middle else other
    answers = " and ".join(f"“{shortened(answer)}”" for answer in sorted(known))
    raise BadOption(
        f"“{column.name}” holds {answers}, and it cannot be told which is the good one.",
        hint="Say it with --good ANSWER.",
    )


def _two_answers(
    column: CodedColumn, filled: Sequence[int], *, good: set[str], notes: tuple[str, ...]
) -> Overall:
    values = np.full(len(column.cells), np.nan)
    for number in filled:
        values[number] = float(_plain(column.cells[number]) in good)
    met = sorted({shortened(column.cells[number]) for number in filled if values[number] == 1.0})
    others = sorted({shortened(column.cells[number]) for number in filled if values[number] == 0.0})
    if not met:
        raise BadOption(
            f"No answer in “{column.name}” is {' or '.join(sorted(good))}.",
            hint=f"Its answers: {', '.join(others[:6])}.",
        )
    said = f"“{column.name}” counts as satisfied: {', '.join(met)}; not: {', '.join(others[:6]) or 'none'}."
    nothing = np.zeros(column.codes.size, dtype=bool)
    return Overall(values[column.codes], _YES_NO, nothing, (said, *notes))
