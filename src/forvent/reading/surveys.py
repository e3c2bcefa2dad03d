"""A survey with one row an answer: every column as numbers of its distinct cells, read in one pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forvent.errors import UnreadableFile
from forvent.reading.cells import Cell
from forvent.reading.columns import find_column
from forvent.reading.formats import open_rows
from forvent.reading.plain_tables import plain_columns
from forvent.reading.rows import Row, RowSource
from forvent.reading.tally import Tally
from forvent.records import Unusable

#: A column with more distinct cells than this holds no ratings; only columns asked for are kept whole.
MOST_CELLS = 500
_AT_ONCE = 8192


@dataclass(frozen=True, slots=True, eq=False)
class CodedColumn:
    """One column: its distinct cells, and for each row (n,) the number of its cell."""

    name: str
    cells: tuple[Cell, ...]
    codes: NDArray[np.int32]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows with each cell."""
        return np.bincount(self.codes, minlength=len(self.cells)).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A table that was read whole; ``numbers`` are the rows as a spreadsheet shows them, shape (n,).

    ``columns`` lacks those with too many distinct cells for ratings; ``names`` are all columns.
    """

    file: str
    format: str
    encoding: str | None
    names: tuple[str, ...]
    rows: int
    numbers: NDArray[np.int64]
    columns: Mapping[str, CodedColumn]
    flawed: tuple[Unusable, ...]
    notes: tuple[str, ...]

    def rows_of(self, chosen: NDArray[np.bool_], *, reason: str, column: str | None = None) -> Unusable:
        """Rows as an entry of what could not be used."""
        numbers = self.numbers[chosen]
        return Unusable(reason, int(numbers.size), tuple(int(number) for number in numbers[:20]), column)


def read_survey(path: Path | str, *, keep: Mapping[str, str] | None = None) -> Survey:
    """Every column of a file, cell by cell, whatever wrote it.

    Parameters
    ----------
    path
        CSV, TSV, Excel, JSONL, JSON or Parquet, also packed.
    keep
        What each column that must be there is for, by its name; these keep any number of distinct cells.

    Returns
    -------
    Survey
        Rows with a flaw are left out and counted.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged or empty.
    MissingColumn
        If a column to keep is not there.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#answers.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     file = Path(home) / "survey.csv"
    ...     _ = file.write_text("csat,staff\\n5,4\\n1,4\\n", encoding="utf-8")
    ...     survey = read_survey(file)
    >>> survey.columns["csat"].cells, survey.columns["staff"].codes.tolist()
    (('5', '1'), [0, 0])
    """
    path = Path(path)
    source = open_rows(path)
    kept = {
        find_column(name, names=source.names, what=what, file=path.name)
        for name, what in (keep or {}).items()
    }
    quick = _read_at_once(path, source, kept=kept)
    return quick or _read_by_row(path.name, source, kept=kept)


def _read_at_once(path: Path, source: RowSource, *, kept: Collection[str]) -> Survey | None:
    plain = plain_columns(path, source)
    if plain is None:
        return None
    columns, rows = {}, 0
    for name, (cells, codes) in zip(source.names, plain, strict=True):
        rows = codes.size
        if len(cells) <= MOST_CELLS or name in kept:
            columns[name] = CodedColumn(name, cells, codes)
    return _survey(path.name, source, numbers=np.arange(2, rows + 2), columns=columns)


def _read_by_row(file: str, source: RowSource, *, kept: Collection[str]) -> Survey:
    flawed, numbers = Tally(), _Numbers()
    books = [_Book(name, any_number=name in kept) for name in source.names]
    for chunk in _chunks(source.rows()):
        usable = _usable(chunk, flawed)
        numbers.add(usable, read=len(chunk))
        for book, cells in zip(books, zip(*(row.cells for row in usable), strict=True), strict=False):
            book.add(cells)
    columns = {book.name: book.column() for book in books if not book.closed}
    return _survey(
        file, source, numbers=numbers.whole(), columns=columns, flawed=flawed.unusable(), rows=numbers.read
    )


def _survey(
    file: str,
    source: RowSource,
    *,
    numbers: NDArray[np.int64],
    columns: Mapping[str, CodedColumn],
    flawed: tuple[Unusable, ...] = (),
    rows: int | None = None,
) -> Survey:
    read = numbers.size if rows is None else rows
    if read == 0:
        raise UnreadableFile(f"{file} has a header but no rows.", hint="Choose a file with at least one row.")
    return Survey(
        file=file,
        format=source.format,
        encoding=source.encoding,
        names=source.names,
        rows=read,
        numbers=numbers,
        columns=columns,
        flawed=flawed,
        notes=source.notes,
    )


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, _AT_ONCE)):
        yield chunk


def _usable(chunk: Sequence[Row], flawed: Tally) -> list[Row]:
    usable = [row for row in chunk if row.flaw is None]
    if len(usable) < len(chunk):
        for row in chunk:
            if row.flaw is not None:
                flawed.add(row.flaw, row=row.number)
    return usable


class _Numbers:
    """Row numbers of the usable rows."""

    def __init__(self) -> None:
        self.read = 0
        self._parts: list[NDArray[np.int64]] = []

    def add(self, usable: Sequence[Row], *, read: int) -> None:
        self.read += read
        self._parts.append(np.array([row.number for row in usable], dtype=np.int64))

    def whole(self) -> NDArray[np.int64]:
        return np.concatenate(self._parts) if self._parts else np.empty(0, dtype=np.int64)


class _Codes(dict[Cell, int]):
    """The number of each cell, given out as cells come."""

    def __missing__(self, cell: Cell) -> int:
        code = self[cell] = len(self)
        return code


class _Book:
    """One column as it is read."""

    def __init__(self, name: str, *, any_number: bool) -> None:
        self.name = name
        self.closed = False
        self._any_number = any_number
        self._codes = _Codes()
        self._parts: list[NDArray[np.int32]] = []

    def add(self, cells: Collection[Cell]) -> None:
        if self.closed:
            return
        codes = map(self._codes.__getitem__, cells)
        self._parts.append(np.fromiter(codes, dtype=np.int32, count=len(cells)))
        if len(self._codes) > MOST_CELLS and not self._any_number:
            self.closed = True
            self._codes.clear()
            self._parts.clear()

    def column(self) -> CodedColumn:
        codes = np.concatenate(self._parts) if self._parts else np.empty(0, dtype=np.int32)
        return CodedColumn(self.name, tuple(self._codes), codes)
