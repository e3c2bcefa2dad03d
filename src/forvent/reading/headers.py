"""Where the table begins, what its columns are called, and which rows do not fit them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from forvent.errors import UnreadableFile
from forvent.reading.cells import as_text, clean_text, shortened
from forvent.reading.rows import Row

TOO_FEW = "fewer cells than columns"
TOO_MANY = "more cells than columns"

_LOOK_AT = 200
_LOOK_FOR_HEADER = 20
_VALUE = re.compile(
    r"[-+]?\d+([.,]\d+)?\s*%?|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T].*)?|\S+@\S+\.\S+|https?:\S+"
)


@dataclass(frozen=True, slots=True)
class Header:
    """The row with the names of the columns; ``short_rows`` says that empty cells at the end are left off."""

    row: int
    names: tuple[str, ...]
    short_rows: bool = False
    notes: tuple[str, ...] = ()


def header_of(rows: Iterator[Row], *, file: str) -> Header:
    """The header of a table: the first row that is as wide as the table.

    Raises
    ------
    UnreadableFile
        If there is no row, or the first row holds values instead of names.
    """
    first = [(row, [clean_text(as_text(cell)).text for cell in row.cells]) for row in islice(rows, _LOOK_AT)]
    filled = [(row, cells) for row, cells in first if any(cells)]
    if not filled:
        raise UnreadableFile(
            f"{file} holds no rows.", hint="Choose a file with a header and at least one row."
        )
    widths = sorted(sum(map(bool, cells)) for _, cells in filled)
    usual = widths[(len(widths) - 1) // 2]
    row, cells = next(
        ((row, cells) for row, cells in filled[:_LOOK_FOR_HEADER] if sum(map(bool, cells)) >= 0.6 * usual),
        filled[0],
    )
    _refuse_values(cells, row=row.number, file=file)
    names = unique_names(cells)
    above = sum(1 for other, _ in filled if other.number < row.number)
    below = [other for other, _ in filled if other.number > row.number and other.flaw is None]
    short_rows = _leaves_off_empty(below, width=len(names))
    notes = [f"Rows above the header (row {row.number}), which are no data: {above}."] if above else []
    if short_rows:
        notes.append("Many rows end early; their missing cells were read as empty.")
    return Header(row.number, names, short_rows=short_rows, notes=tuple(notes))


def fitting_rows(read: Callable[[], Iterator[Row]], *, header: Header) -> Iterator[Row]:
    """Rows below the header that are not empty, each as wide as the header or with its flaw."""
    width, above = len(header.names), header.row
    for row in read():
        number, cells, flaw, _ = row
        if number <= above:
            continue
        # A false or zero value is a filled cell too, but few cells are.
        if flaw is None and not any(cells) and not any(cell is not None and cell != "" for cell in cells):
            continue
        if flaw is not None or len(cells) == width:
            yield row
        else:
            yield _fitted(row, width=width, short_rows=header.short_rows)


def _fitted(row: Row, *, width: int, short_rows: bool) -> Row:
    cells = row.cells
    if len(cells) > width:
        if any(as_text(cell) for cell in cells[width:]):
            return Row(row.number, (), flaw=row.doubt or TOO_MANY)
        return Row(row.number, cells[:width])
    if not short_rows:
        return Row(row.number, (), flaw=row.doubt or TOO_FEW)
    return Row(row.number, [*cells, *[None] * (width - len(cells))])


def _refuse_values(cells: Sequence[str], *, row: int, file: str) -> None:
    values = [cell for cell in cells if _VALUE.fullmatch(cell)]
    if len(values) * 2 >= sum(map(bool, cells)):
        raise UnreadableFile(
            f"Row {row} of {file} holds values such as “{shortened(values[0])}”, not names of columns.",
            hint="Add a first row with the name of each column.",
        )


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns; nameless ones are numbered, repeated ones told apart."""
    last = max((index for index, cell in enumerate(cells) if cell), default=-1)
    names: list[str] = []
    for index, cell in enumerate(cells[: last + 1], start=1):
        name = " ".join(cell.split()) or f"column {index}"
        copies = 2
        while name in names:
            name, copies = f"{' '.join(cell.split())} ({copies})", copies + 1
        names.append(name)
    return tuple(names)


def _leaves_off_empty(rows: Sequence[Row], *, width: int) -> bool:
    """True where the file as a whole leaves off empty cells at the end of rows.

    One short row is damage; where every fifth is short, that is how the file was written.
    """
    short = sum(1 for row in rows if len(row.cells) < width)
    return len(rows) >= 10 and short >= len(rows) / 5
