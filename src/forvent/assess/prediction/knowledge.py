"""What is known of cases at their moment, as numbers a model can read, and whether it was seen before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: A level seen less often while learning shares a place with the other rare ones.
LEAST_OF_LEVEL = 5
#: Share of missing values up to which a column counts as always filled.
FEW_MISSING = 0.01
#: How far beyond the middle 98 % of the learned numbers a value may lie, in their width.
ROOM = 0.5


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """One column of the matrix; ``knowledge`` is the kind it belongs to, as in ``RestsOn``.

    ``levels`` are the texts behind the codes where it holds text. ``strict``: a value unlike all that were
    learned from silences the case; other columns are drawn in to what was seen.
    """

    name: str
    knowledge: str
    levels: tuple[str, ...] = ()
    strict: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """Matrix of shape (n, columns): numbers, or codes of levels; NaN where missing."""

    matrix: Floats
    columns: tuple[KnownColumn, ...]

    def where(self, picked: NDArray[np.bool_] | Codes) -> Knowledge:
        """The rows that are picked, by mask or position."""
        return replace(self, matrix=self.matrix[picked])


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What was seen of one column: a place for each level, or a range; and whether values were missing."""

    position: int
    column: KnownColumn
    places: Floats
    low: float
    high: float
    room: float
    gaps: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """How the columns were learned; those that tell nothing are not among them."""

    seen: tuple[_Seen, ...]

    @property
    def columns(self) -> tuple[KnownColumn, ...]:
        """The columns that are read."""
        return tuple(one.column for one in self.seen)

    @property
    def text_positions(self) -> list[int]:
        """Places of the text columns in what is read."""
        return [place for place, one in enumerate(self.seen) if one.column.levels]

    def read(self, known: Knowledge) -> Floats:
        """Matrix as the model reads it: numbers drawn in to what was seen, levels by their place."""
        parts = [_read(known.matrix[:, one.position], one) for one in self.seen]
        return np.column_stack(parts) if parts else np.zeros((known.matrix.shape[0], 0))

    def unlike(self, known: Knowledge) -> list[str]:
        """Why nothing can be said of each row; empty where it is like what was learned from."""
        found = [""] * known.matrix.shape[0]
        for one in self.seen:
            if one.column.strict:
                for place, why in _unlike(known.matrix[:, one.position], one):
                    found[place] = found[place] or why
        return found


def learn_reader(known: Knowledge) -> Reader:
    """What the columns of learned cases look like; columns that never change are left out.

    Examples
    --------
    >>> columns = (KnownColumn("days", "promise"), KnownColumn("land", "land", levels=("cz", "no", "ee")))
    >>> days, land = np.tile([1.0, 2.0, 3.0], 10), np.tile([0.0, 1.0, 1.0], 10)
    >>> reader = learn_reader(Knowledge(np.column_stack([days, land]), columns))
    >>> later = Knowledge(np.array([[2.0, 0.0], [9.0, 1.0], [2.0, 2.0], [np.nan, 1.0]]), columns)
    >>> reader.unlike(later)
    ['', 'days is far outside of what was seen', 'its land was never seen before', 'days is missing']
    """
    seen = [_learned(known.matrix[:, place], column, place) for place, column in enumerate(known.columns)]
    return Reader(tuple(one for one in seen if one is not None))


def _learned(values: Floats, column: KnownColumn, position: int) -> _Seen | None:
    there = np.isfinite(values)
    finite = values[there]
    gaps = bool(np.mean(~there) > FEW_MISSING)
    if finite.size == 0 or (not gaps and finite.min() == finite.max()):
        return None
    if column.levels:
        counts = np.bincount(finite.astype(np.int64), minlength=len(column.levels))
        common = counts >= LEAST_OF_LEVEL
        # Rare levels share the place behind the common ones; levels that never came have none.
        places = np.where(common, np.cumsum(common) - 1.0, np.where(counts > 0, float(common.sum()), np.nan))
        return _Seen(position, column, places, low=0.0, high=0.0, room=0.0, gaps=gaps)
    low, high = np.quantile(finite, [0.01, 0.99])
    room = ROOM * float(high - low)
    return _Seen(
        position, column, np.zeros(0), low=float(finite.min()), high=float(finite.max()), room=room, gaps=gaps
    )


def _read(values: Floats, one: _Seen) -> Floats:
    if one.column.levels:
        codes = np.where(np.isfinite(values), values, 0.0).astype(np.int64)
        return np.where(np.isfinite(values), _place(codes, one), np.nan)
    drawn = np.clip(values, one.low, one.high)
    return np.where(np.isfinite(values), drawn, np.nan)


def _place(codes: Codes, one: _Seen) -> Floats:
    there = codes < one.places.size
    return np.where(there, one.places[np.where(there, codes, 0)], np.nan)


def _unlike(values: Floats, one: _Seen) -> list[tuple[int, str]]:
    name = one.column.name
    there = np.isfinite(values)
    missing = f"{name} is missing"
    found = [] if one.gaps else [(int(place), missing) for place in np.flatnonzero(~there)]
    if one.column.levels:
        strange = there & ~np.isfinite(_place(np.where(there, values, 0.0).astype(np.int64), one))
        why = f"its {name} was never seen before"
    else:
        strange = there & ((values < one.low - one.room) | (values > one.high + one.room))
        why = f"{name} is far outside of what was seen"
    return found + [(int(place), why) for place in np.flatnonzero(strange)]
