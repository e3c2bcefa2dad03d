"""Columns as codes: the distinct cells of a column, and for each row the number of its cell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from forvent.reading.cells import ERROR_VALUES, NOTHING, Cell, plain_cell, value_of
from forvent.reading.tally import Tally

CellReader: TypeAlias = Callable[[Cell], float | str]
"""A cell's number, NaN where it is empty, or the reason why it cannot be used."""

NameReader: TypeAlias = Callable[[Cell], str | None]
"""The name in a cell as it is shown, None where it holds none; visible ASCII is its own name."""

Codes: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
NO_CODE = -1
_VISIBLE = "^[!-~]+$"
# pyarrow carries no types.
_arrow: Any = pyarrow


@dataclass(frozen=True, eq=False)
class CodedColumn:
    """One column: its distinct cells in the order of the file, and for each row (n,) the number of its cell.

    What a cell comes to is found once for each distinct cell, for a million answers hold few of them.
    ``values`` are the cells, as an Arrow array where they were read so.
    """

    name: str
    values: Any
    codes: NDArray[np.int32]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The distinct cells."""
        if isinstance(self.values, tuple):
            return self.values
        cells = self.values.to_pylist()
        return tuple(cells) if _is_text(self.values.type) else tuple(map(plain_cell, cells))

    @property
    def are_names(self) -> bool:
        """Whether each cell holds a name as it stands: texts without blanks around them, or whole numbers."""
        if isinstance(self.values, tuple):
            return False
        if _arrow.types.is_integer(self.values.type):
            return bool(self.values.null_count == 0)
        if not _is_text(self.values.type) or self.values.null_count:
            return False
        compute, nothing = _arrow.compute, _arrow.array(sorted(NOTHING | ERROR_VALUES))
        bare = compute.equal(compute.utf8_trim_whitespace(self.values), self.values)
        empty = compute.is_in(compute.utf8_lower(self.values), value_set=nothing)
        return bool(compute.all(bare).as_py()) and not compute.any(empty).as_py()

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows with each cell."""
        return np.bincount(self.codes, minlength=len(self.values)).astype(np.int64)

    def where(self, chosen: Sequence[bool] | Flags) -> Flags:
        """Rows whose cell is one of those chosen, (n,); ``chosen`` says it of each distinct cell."""
        rows: Flags = np.asarray(chosen, dtype=np.bool_)[self.codes]
        return rows

    def filled(self) -> Flags:
        """Rows whose cell holds something, (n,)."""
        return self.where([value_of(cell) is not None for cell in self.cells])

    def of_each(self, values: Sequence[Any] | NDArray[Any], dtype: type[Any] | str) -> NDArray[Any]:
        """A value of each row, (n,), from one of each distinct cell."""
        rows: NDArray[Any] = np.array(values, dtype=dtype)[self.codes]
        return rows

    def only(self, rows: Flags | Codes) -> CodedColumn:
        """The same column with some rows."""
        return CodedColumn(self.name, self.values, self.codes[rows])


@dataclass(frozen=True, slots=True, eq=False)
class CodedRows:
    """Rows of a table, column by column.

    ``rows`` counts all rows that were read; ``numbers`` (n,) are those without a flaw, as a spreadsheet
    shows them; ``flaws`` are the numbers of the others by reason.
    """

    rows: int
    numbers: Codes
    columns: Mapping[str, CodedColumn]
    flaws: Mapping[str, Codes]

    def tally(self) -> Tally:
        """A count of what could not be used, with the rows that are flawed as a whole."""
        tally = Tally()
        for reason, numbers in self.flaws.items():
            tally.add_rows(reason, rows=numbers)
        return tally


def read_cells(
    column: CodedColumn,
    read: CellReader,
    *,
    numbers: Codes,
    tally: Tally,
    kept: str,
    shown: Callable[[Cell], Any],
) -> Floats:
    """The number of each row, NaN where there is none; cells that cannot be used are counted with their rows.

    ``numbers`` are the numbers of the rows, ``kept`` stands before each reason, and ``shown`` says what of a
    cell may be shown as an example.
    """
    found = [read(cell) for cell in column.cells]
    reasons = [one if isinstance(one, str) else None for one in found]
    for reason in dict.fromkeys(one for one in reasons if one is not None):
        rows = np.flatnonzero(column.where([one == reason for one in reasons]))
        if rows.size:
            example = next(
                (one for row in rows[:20] if (one := shown(column.cells[column.codes[row]])) is not None),
                None,
            )
            tally.add_rows(kept + reason, rows=numbers[rows], column=column.name, example=example)
    values: Floats = column.of_each([np.nan if isinstance(one, str) else one for one in found], np.float64)
    return values


def name_codes(column: CodedColumn, named: Callable[[Cell], str | None]) -> tuple[list[str], Codes]:
    """Different names of a column in the order of the file, and the number of each row's, −1 for none."""
    known: dict[str, int] = {}
    codes = []
    for cell in column.cells:
        name = named(cell)
        codes.append(NO_CODE if name is None else known.setdefault(name, len(known)))
    rows: Codes = column.of_each(codes, np.int64)
    return list(known), rows


def own_codes(column: CodedColumn | None, *, count: int) -> Codes:
    """The number of each row's name, (n,); whoever is not named has a number of their own."""
    if column is None:
        return np.arange(count)
    if column.are_names:
        return column.codes.astype(np.int64)
    known, codes = name_codes(column, value_of)
    unnamed = np.flatnonzero(codes == NO_CODE)
    codes[unnamed] = len(known) + np.arange(unnamed.size)
    return codes


def texts_of(column: CodedColumn) -> Any:
    """The text of each row as an Arrow array, null where the cell is empty."""
    if column.are_names:
        texts = column.values.cast(_arrow.string())
    else:
        texts = _arrow.array([value_of(cell) for cell in column.cells], _arrow.string())
    return texts.take(_arrow.array(column.codes))


def same_rows(columns: Collection[CodedColumn], *, count: int) -> Codes:
    """The number of the first row with the same cells in all columns, for each row (n,)."""
    key, most = np.zeros(count, dtype=np.int64), 1
    for column in columns:
        size = max(1, len(column.values))
        if most > (1 << 62) // size:
            key, most = _dense(key)
        key, most = key * size + column.codes, most * size
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    same: Codes = first[place]
    return same


def _dense(key: Codes) -> tuple[Codes, int]:
    kinds, place = np.unique(key, return_inverse=True)
    return place.astype(np.int64), max(1, kinds.size)


def read_names(column: CodedColumn, named: NameReader) -> Any:
    """The name that ``named`` reads in each distinct cell, as an Arrow array, null where it reads none.

    Texts of visible ASCII characters alone are their own names; only the others are read one by one.
    """
    compute, values = _arrow.compute, column.values
    if isinstance(values, tuple) or not _is_text(values.type):
        return _arrow.array([named(cell) for cell in column.cells], _arrow.string())
    nothing = _arrow.array(sorted(NOTHING | ERROR_VALUES))
    empty = compute.is_in(compute.utf8_lower(values), value_set=nothing)
    plain = compute.and_not(compute.match_substring_regex(values, _VISIBLE), empty)
    odd = compute.invert(compute.fill_null(plain, fill_value=False))
    texts = values.cast(_arrow.string())
    others = _arrow.array([named(cell) for cell in texts.filter(odd).to_pylist()], _arrow.string())
    return compute.replace_with_mask(texts, odd, others)


def _is_text(kind: Any) -> bool:
    return bool(_arrow.types.is_string(kind) or _arrow.types.is_large_string(kind))
