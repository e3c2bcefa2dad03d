"""Columns of a Kano questionnaire → whole pairs of answers as codes; what is left out is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.errors import BadOption
from forvent.reading.cells import Cell, value_of
from forvent.reading.coded import CodedColumn, CodedRows, Codes, Flags, name_codes
from forvent.reading.kano_layout import Layout
from forvent.reading.kano_words import EMPTY, UNKNOWN, AnswerScale, number_in, read_answer
from forvent.reading.tally import KEPT, Tally

NO_FEATURE = "no feature named"
NO_ANSWER = "neither question answered"
HALF = "only one of the two questions answered"
NONE_OF_FIVE = "an answer that is none of the five"
NO_PAIR = "no pair with both questions answered"
NO_WAVE = "no wave"

MOST_FEATURES, MOST_SEGMENTS = 1000, 200
_LONGEST_EXAMPLE = 24

Answers: TypeAlias = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Whole pairs in the order of the file.

    ``row`` is the place of each pair among the rows that were read, ``feature`` its number in ``features``.
    ``numbers`` are the whole numbers among the answers.
    """

    features: tuple[str, ...]
    row: NDArray[np.int32]
    feature: NDArray[np.int16]
    functional: Answers
    dysfunctional: Answers
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The answers to one question: 1 to 5 a row, and which column they stand in."""

    column: CodedColumn
    answers: Answers


class KanoDesk:
    """Reads the answers of each column once for each distinct cell."""

    def __init__(self, layout: Layout, *, names: Sequence[str], rows: CodedRows, scale: AnswerScale) -> None:
        self._layout, self._names, self._rows, self._scale = layout, names, rows, scale
        self._numbers: set[int] = set()
        self.tally: Tally = rows.tally()

    def pairs(self) -> Pairs:
        """All whole pairs; rows and parts of rows that hold none are counted."""
        return self._by_respondent() if self._layout.feature is None else self._by_pair()

    def _side(self, place: int) -> _Side:
        column = self._rows.columns[self._names[place]]
        read = [read_answer(cell, scale=self._scale) for cell in column.cells]
        self._numbers |= {
            number for cell in column.cells if (number := number_in(value_of(cell) or "")) is not None
        }
        return _Side(column, column.of_each(read, np.int8))

    def _by_pair(self) -> Pairs:
        """A row a pair, which names its feature."""
        pair, at = self._layout.pairs[0], self._layout.feature
        features, feature = segment_codes(
            self._rows.columns[self._names[at or 0]], most=MOST_FEATURES, what="features"
        )
        first, second = self._side(pair.functional), self._side(pair.dysfunctional)
        named = feature >= 0
        whole = named & (first.answers > 0) & (second.answers > 0)
        nothing = named & (first.answers == EMPTY) & (second.answers == EMPTY)
        self.tally.add_rows(NO_FEATURE, rows=self._rows.numbers[~named])
        self.tally.add_rows(NO_ANSWER, rows=self._rows.numbers[nothing])
        self._count_flaws(first, second, named & ~whole & ~nothing, feature="", kept="")
        return Pairs(
            features=tuple(features),
            row=np.flatnonzero(whole).astype(np.int32),
            feature=feature[whole].astype(np.int16),
            functional=first.answers[whole],
            dysfunctional=second.answers[whole],
            numbers=frozenset(self._numbers),
        )

    def _by_respondent(self) -> Pairs:
        """A row a respondent, two columns a feature."""
        layout = self._layout
        sides = [(self._side(pair.functional), self._side(pair.dysfunctional)) for pair in layout.pairs]
        firsts = np.column_stack([first.answers for first, _ in sides])
        seconds = np.column_stack([second.answers for _, second in sides])
        whole = (firsts > 0) & (seconds > 0)
        some = whole.any(axis=1)
        self.tally.add_rows(NO_PAIR, rows=self._rows.numbers[~some])
        for number, (first, second) in enumerate(sides):
            empty = (first.answers == EMPTY) & (second.answers == EMPTY)
            flawed = some & ~whole[:, number] & ~empty
            if flawed.any():
                self._count_flaws(first, second, flawed, feature=layout.pairs[number].feature, kept=KEPT)
        features, codes = _features([pair.feature for pair in layout.pairs])
        row, place = _places(whole)
        return Pairs(
            features=features,
            row=row,
            feature=codes[place],
            functional=firsts.ravel() if whole.all() else firsts[whole],
            dysfunctional=seconds.ravel() if whole.all() else seconds[whole],
            numbers=frozenset(self._numbers),
        )

    def _count_flaws(self, first: _Side, second: _Side, flawed: Flags, *, feature: str, kept: str) -> None:
        """An answer that is none of the five is the flaw of its pair, else the one that is missing."""
        unknown = flawed & (first.answers == UNKNOWN)
        self._count_unknown(first.column, unknown, kept=kept)
        others = flawed & ~unknown & (second.answers == UNKNOWN)
        self._count_unknown(second.column, others, kept=kept)
        half = self._rows.numbers[flawed & ~unknown & ~others]
        self.tally.add_rows(kept + HALF, rows=half, column=feature or None)

    def _count_unknown(self, column: CodedColumn, rows: Flags, *, kept: str) -> None:
        places = np.flatnonzero(rows)
        texts = [value_of(column.cells[code]) or "" for code in column.codes[places].tolist()]
        # A longer one may be what a customer wrote.
        example = next((text for text in texts if len(text) <= _LONGEST_EXAMPLE), None)
        self.tally.add_rows(
            kept + NONE_OF_FIVE, rows=self._rows.numbers[places], column=column.name, example=example
        )


def segment_codes(column: CodedColumn, *, most: int, what: str) -> tuple[list[str], Codes]:
    """Names of a column and the number of each row's; those that differ in capitals and blanks are one.

    Raises
    ------
    BadOption
        If there are more than ``most``.
    """
    shown: dict[str, str] = {}

    def folded(cell: Cell) -> str | None:
        text = value_of(cell)
        if text is None:
            return None
        name = " ".join(text.split())
        shown.setdefault(name.casefold(), name)
        return name.casefold()

    keys, codes = name_codes(column, folded)
    if len(keys) > most:
        raise BadOption(
            f"The column of {what} holds more than {most} different values.", hint="Name another column."
        )
    return [shown[key] for key in keys], codes


def _features(names: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """Features, and the number of each pair's; those that differ in capitals and blanks are one."""
    whole = CodedColumn("", tuple(names), np.arange(len(names), dtype=np.int32))
    features, codes = segment_codes(whole, most=MOST_FEATURES, what="features")
    return tuple(features), codes.astype(np.int16)


def _places(whole: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows and columns of what is true, row by row, in as little memory as there can be."""
    count, width = whole.shape
    if whole.all():
        rows = np.repeat(np.arange(count, dtype=np.int32), width)
        return rows, np.tile(np.arange(width, dtype=np.int32), count)
    row, place = np.nonzero(whole)
    return row.astype(np.int32), place.astype(np.int32)
