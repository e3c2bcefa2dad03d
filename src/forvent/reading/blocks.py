"""Whole files as columns of codes, read by Arrow at once; what is odd is left to be read row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from forvent.reading.cells import LONGEST_CELL, Cell, plain_cell
from forvent.reading.coded import CodedColumn, Codes
from forvent.reading.objects import Parquet, without_nanoseconds
from forvent.reading.plain_tables import plain_table
from forvent.reading.rows import RowSource
from forvent.reading.sample import SAMPLE_ROWS, Sample, shortened_cell

# pyarrow carries no types.
_arrow: Any = pyarrow


@dataclass(frozen=True, slots=True)
class _Coded:
    """Distinct values as an Arrow array, where they stay until asked for, and the number of each row's."""

    values: Any
    codes: NDArray[np.int32]

    def blank(self) -> NDArray[np.bool_]:
        """Rows whose cell is empty."""
        empty = _arrow.compute.equal(self.values, "").to_numpy(zero_copy_only=False)
        flags: NDArray[np.bool_] = empty[self.codes]
        return flags

    def at(self, places: Codes) -> list[Cell]:
        # Each distinct cell is looked at once: thousands of answers hold few of them.
        used, which = np.unique(self.codes[places], return_inverse=True)
        taken = self.values.take(_arrow.array(used))
        cells = [shortened_cell(plain_cell(value)) for value in taken.to_pylist()]
        return list(map(cells.__getitem__, which.tolist()))


class Block:
    """All rows of a file that are not blank; ``numbers`` are their numbers."""

    def __init__(self, columns: Sequence[_Coded], *, names: Sequence[str], first: int | None) -> None:
        self._columns = dict(zip(names, columns, strict=True))
        count = columns[0].codes.size
        if first is None:
            # A record is a row, whatever it holds.
            self._rows, self.numbers = np.arange(count), np.arange(1, count + 1)
        else:
            self._rows = _not_blank(columns)
            self.numbers = self._rows + first
        self._whole = self._rows.size == count

    def column(self, name: str, *, most: int | None) -> CodedColumn | None:
        """A column; None where it has more than ``most`` different cells."""
        coded = self._columns[name]
        if most is not None and len(coded.values) > most:
            return None
        codes = coded.codes if self._whole else coded.codes[self._rows]
        return CodedColumn(name, coded.values, codes)

    def sample(self) -> Sample:
        """The rows that a sample takes of a file."""
        count, step = int(self.numbers.size), 1
        while -(-count // step) >= SAMPLE_ROWS:
            step *= 2
        places = self._rows[::step]
        columns = (column.at(places) for column in self._columns.values())
        return Sample(rows=tuple(zip(*columns, strict=True)), total=count, step=step)


def block_of(path: Path, source: RowSource) -> Block | None:
    """The file as a block; None where it has to be read row by row."""
    table = source.table() if isinstance(source, Parquet) else plain_table(path, source)
    if table is None or not table.num_columns or len(set(source.names)) < len(source.names):
        return None
    columns = []
    while table.num_columns:
        columns.append(_coded(table.column(0)))
        # Not twice in memory.
        table = table.remove_column(0)
    if any(map(_has_long, columns)):
        return None
    return Block(columns, names=source.names, first=None if isinstance(source, Parquet) else 2)


def _coded(column: Any) -> _Coded:
    types = _arrow.types
    if not types.is_dictionary(column.type):
        column = without_nanoseconds(column)
        if types.is_nested(column.type) or types.is_binary(column.type):
            column = _arrow.chunked_array(
                [_arrow.array(map(plain_cell, column.to_pylist()), _arrow.string())]
            )
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, _arrow.ChunkedArray):
        whole = whole.chunk(0)
    values, codes = whole.dictionary, whole.indices
    if codes.null_count:
        codes = codes.fill_null(len(values))
        values = _arrow.concat_arrays([values, _arrow.nulls(1, values.type)])
    return _Coded(values, codes.to_numpy(zero_copy_only=False).astype(np.int32, copy=False))


def _has_long(column: _Coded) -> bool:
    types, kind = _arrow.types, column.values.type
    if not (types.is_string(kind) or types.is_large_string(kind)):
        return False
    return (_arrow.compute.max(_arrow.compute.binary_length(column.values)).as_py() or 0) > LONGEST_CELL


def _not_blank(columns: Sequence[_Coded]) -> Codes:
    blank = columns[0].blank()
    for column in columns[1:]:
        if not blank.any():
            break
        blank &= column.blank()
    return np.flatnonzero(~blank)
