"""What every format yields: rows with the number under which a person finds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from forvent.reading.cells import Cell


class Row(NamedTuple):
    """One row of data.

    ``number`` is the row as a spreadsheet shows it (the header is row 1), the line of
    a JSONL file, or the position in a JSON array or Parquet file, counted from 1.
    ``flaw`` says why the row as a whole cannot be used; its cells are then empty.
    ``doubt`` says what is to blame if the row turns out not to fit the columns.
    """

    number: int
    cells: Sequence[Cell]
    flaw: str | None = None
    doubt: str | None = None


class RowSource(Protocol):
    """A file whose rows can be read from the start as often as needed."""

    @property
    def format(self) -> str:
        """The format in words, as the report shows it."""
        ...

    @property
    def encoding(self) -> str | None:
        """The encoding of the text; None for formats that carry their own."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, unique, in the order of the file."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about how the file was read."""
        ...

    def rows(self) -> Iterator[Row]:
        """Every row of data that is not empty, from the first."""
        ...
