"""A table of answers: opened once, looked through by a sample, read by columns, whatever wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forvent.errors import UnreadableFile
from forvent.reading.blocks import Block, block_of
from forvent.reading.cells import Cell
from forvent.reading.coded import CodedColumn, CodedRows
from forvent.reading.columns import Columns, find_column
from forvent.reading.formats import open_rows
from forvent.reading.opened import Course, Opened, Progress, report_of
from forvent.reading.rows import Row, RowSource
from forvent.reading.sample import Sample, sample_of
from forvent.records import ReadingReport, Scale

_AT_ONCE = 8192
_TELL_EVERY = 20_000


class AnswerTable:
    """A file of answers: its columns are known, its rows are read by :meth:`read`."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self.source: RowSource = open_rows(self._path)
        self.file = self._path.name
        self.format, self.encoding = self.source.format, self.source.encoding
        self.names, self.notes = self.source.names, self.source.notes
        self._kinds: dict[str, Counter[Cell]] = {}

    @cached_property
    def _block(self) -> Block | None:
        return block_of(self._path, self.source)

    @cached_property
    def sample(self) -> Sample:
        """Evenly spaced rows of the whole file, long cells cut.

        Raises
        ------
        UnreadableFile
            If there is no row.
        """
        sample = sample_of(self.source.rows()) if self._block is None else self._block.sample()
        self._refuse_nothing(sample.total)
        return sample

    def cells(self, name: str) -> list[Cell]:
        """The sampled cells of a column."""
        return self.sample.column(self.names.index(name))

    def kinds(self, name: str) -> Counter[Cell]:
        """How often each cell of a column was sampled; the same counter each time, to be read only."""
        if name not in self._kinds:
            self._kinds[name] = Counter(self.cells(name))
        return self._kinds[name]

    def find(self, column: str, *, what: str) -> str:
        """The name of a column as the file writes it.

        Raises
        ------
        MissingColumn
            If it is not there.
        """
        return find_column(column, names=self.names, what=what, file=self.file)

    def read(
        self, columns: Collection[str], *, most: int | None = None, progress: Progress | None = None
    ) -> CodedRows:
        """All rows without a flaw, with these columns and those of all others with at most ``most`` kinds of
        cells; none of the others where ``most`` is None.

        Raises
        ------
        UnreadableFile
            If there is no row.
        """
        wanted = [name for name in self.names if most is not None or name in columns]
        limits = {name: None if name in columns else most for name in wanted}
        block = self._block
        found = self._by_row(limits, progress) if block is None else self._by_column(block, limits)
        self._refuse_nothing(found.rows)
        if progress is not None:
            progress(found.rows, found.rows)
        return found

    def _by_column(self, block: Block, limits: Mapping[str, int | None]) -> CodedRows:
        columns = {name: block.column(name, most=most) for name, most in limits.items()}
        there = {name: column for name, column in columns.items() if column is not None}
        return CodedRows(int(block.numbers.size), block.numbers, there, {})

    def _by_row(self, limits: Mapping[str, int | None], progress: Progress | None) -> CodedRows:
        books = [_Book(name, place=self.names.index(name), most=most) for name, most in limits.items()]
        numbers: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
        flaws: dict[str, list[int]] = {}
        count = 0
        for chunk in _chunks(self.source.rows()):
            count += len(chunk)
            usable = [row for row in chunk if row.flaw is None]
            if len(usable) < len(chunk):
                for row in chunk:
                    if row.flaw is not None:
                        flaws.setdefault(row.flaw, []).append(row.number)
            numbers.append(np.array([row.number for row in usable], dtype=np.int64))
            for book in books:
                book.add([row.cells[book.place] for row in usable])
            if progress is not None and count % _TELL_EVERY < _AT_ONCE:
                progress(count, None)
        columns = {book.name: book.column() for book in books if not book.closed}
        return CodedRows(
            count,
            np.concatenate(numbers),
            columns,
            {reason: np.array(rows, dtype=np.int64) for reason, rows in flaws.items()},
        )

    def _refuse_nothing(self, rows: int) -> None:
        if rows == 0:
            raise UnreadableFile(
                f"{self.file} has a header but no rows.", hint="Choose a file with at least one row."
            )


def report_on(
    table: AnswerTable, *, columns: Columns, course: Course, notes: Sequence[str], scale: Scale | None = None
) -> ReadingReport:
    """The report of one whole reading of a table.

    Raises
    ------
    NothingUsable
        If no row could be used.
    """
    opened = Opened(table.file, table.source, columns, course.rows)
    return report_of(opened, course=course, notes=notes, scale=scale)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, _AT_ONCE)):
        yield chunk


class _Distinct(dict[Cell, int]):
    """The number of each cell, given out as cells come."""

    def __missing__(self, cell: Cell) -> int:
        code = self[cell] = len(self)
        return code


class _Book:
    """One column as it is read."""

    def __init__(self, name: str, *, place: int, most: int | None) -> None:
        self.name, self.place = name, place
        self.closed = False
        self._most = most
        # True is 1 to a dictionary.
        self._distinct, self._flags = _Distinct(), _Distinct()
        self._parts: list[NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]

    def add(self, cells: Sequence[Cell]) -> None:
        if self.closed:
            return
        if bool in set(map(type, cells)):
            self._parts.append(np.array([self._code(cell) for cell in cells], dtype=np.int32))
        else:
            codes = map(self._distinct.__getitem__, cells)
            self._parts.append(np.fromiter(codes, dtype=np.int32, count=len(cells)))
        if self._most is not None and len(self._distinct) > self._most:
            self.closed = True
            self._distinct.clear()
            self._parts.clear()

    def _code(self, cell: Cell) -> int:
        """Flags have the numbers from the end: −1 and −2."""
        return -1 - self._flags[cell] if isinstance(cell, bool) else self._distinct[cell]

    def column(self) -> CodedColumn:
        codes = np.concatenate(self._parts)
        cells = (*self._distinct, *reversed(self._flags))
        return CodedColumn(self.name, cells, np.where(codes < 0, codes + len(cells), codes).astype(np.int32))
