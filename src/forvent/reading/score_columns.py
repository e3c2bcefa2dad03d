"""Columns of a file of answers, taken in many cells at a time: answers, codes of groups, customers.

Each remembers what a cell comes to, for a million answers hold few different ones.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.errors import BadOption
from forvent.reading.cells import Cell, value_of
from forvent.reading.score_cells import answer_on, in_order, is_invited
from forvent.records import Scale

#: More names than these are no waves and no groups.
MOST_WAVES, MOST_GROUPS = 60, 200
NO_CODE = -1


class CodeColumn:
    """Names of one column as codes, −1 where a cell names nothing."""

    def __init__(self, name: str, named: Callable[[Cell], str | None], *, most: int) -> None:
        self.name, self._named, self._most = name, named, most
        self._codes: dict[str, int] = {}
        self._seen: dict[Cell, int] = {}
        self._rows = array("i")

    def add(self, cells: Sequence[Cell]) -> Iterator[int]:
        """Take cells; places of those that name nothing."""
        codes = [self._seen.get(cell) for cell in cells]
        known = [self._code(cell) if code is None else code for cell, code in zip(cells, codes, strict=True)]
        self._rows.extend(known)
        return (
            (place for place, code in enumerate(known) if code == NO_CODE) if NO_CODE in known else iter(())
        )

    def _code(self, cell: Cell) -> int:
        name = self._named(cell)
        code = NO_CODE if name is None else self._codes.setdefault(name, len(self._codes))
        if code >= self._most:
            hint = "Name another column" + (
                ", or cut times with --every month." if self._most == MOST_WAVES else "."
            )
            raise BadOption(f"“{self.name}” has more than {self._most} groups, such as “{name}”.", hint=hint)
        self._seen[cell] = code
        return code

    def ordered(self) -> tuple[tuple[str, ...], NDArray[np.int32]]:
        """Names in order, and the code of each row in that order."""
        names = in_order(self._codes)
        places = np.full(len(names) + 1, NO_CODE, dtype=np.int32)
        for place, name in enumerate(names):
            places[self._codes[name]] = place
        return tuple(names), places[np.frombuffer(self._rows, dtype=np.int32)]


class ScoreColumn:
    """The answers of one column on 0–1, NaN where there is none."""

    def __init__(self, name: str, scale: Scale, notes: tuple[str, ...], skipped: Collection[str]) -> None:
        self.name, self.scale, self.notes, self._skipped = name, scale, notes, skipped
        self._seen: dict[Cell, float] = {}
        self._rows = array("d")

    def add(self, cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
        """Take cells; places of those that are no answer though they hold something, with the reason."""
        ratings = [self._seen.get(cell) for cell in cells]
        flaws: list[tuple[int, str]] = []
        if None in ratings:
            for place, cell in enumerate(cells):
                if ratings[place] is None:
                    ratings[place], reason = self._rating(cell)
                    flaws += [] if reason is None else [(place, reason)]
        self._rows.extend(rating for rating in ratings if rating is not None)
        return iter(flaws)

    def _rating(self, cell: Cell) -> tuple[float, str | None]:
        rating, reason = answer_on(cell, scale=self.scale, missing=self._skipped)
        value = np.nan if rating is None else rating
        # What is no answer is looked at each time, so that every row of it is counted.
        if reason is None:
            self._seen[cell] = value
        return value, reason

    def ratings(self) -> NDArray[np.float64]:
        """All answers, one a row."""
        return np.frombuffer(self._rows, dtype=np.float64)


class CustomerColumn:
    """Customers as codes; whoever is not named is a customer of their own."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._seen: dict[Cell, int] = {}
        self._rows = array("q")

    def add(self, cells: Sequence[Cell]) -> None:
        """Take cells."""
        codes = [self._seen.get(cell) for cell in cells]
        first = len(self._rows)
        self._rows.extend(
            self._code(cell, row=first + place) if code is None else code
            for place, (cell, code) in enumerate(zip(cells, codes, strict=True))
        )

    def _code(self, cell: Cell, *, row: int) -> int:
        name = value_of(cell)
        if name is None:
            # Codes below zero are never twice the same.
            return -1 - row
        code = self._seen[cell] = self._names.setdefault(name, len(self._names))
        return code

    def codes(self) -> NDArray[np.int64]:
        """Codes from 0 on, one a row."""
        rows = np.frombuffer(self._rows, dtype=np.int64)
        return np.unique(rows, return_inverse=True)[1].astype(np.int64)


class InvitedColumn:
    """Whether each row says that someone was invited."""

    def __init__(self) -> None:
        self._seen: dict[Cell, bool] = {}
        self._rows = array("b")

    def add(self, cells: Sequence[Cell]) -> None:
        """Take cells."""
        for cell in cells:
            invited = self._seen.get(cell)
            if invited is None:
                invited = self._seen[cell] = is_invited(cell)
            self._rows.append(invited)

    def invited(self) -> NDArray[np.bool_]:
        """True where invited, one a row."""
        return np.frombuffer(self._rows, dtype=np.int8).astype(np.bool_)
