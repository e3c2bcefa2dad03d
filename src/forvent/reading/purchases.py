"""Rows → purchases: who bought, on which day, for how much."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from forvent.errors import BadOption
from forvent.reading.cells import Cell, clean_text, value_of
from forvent.reading.columns import Columns, find_column
from forvent.reading.opened import Course, Opened, Progress, look_through, read_in_batches, report_of
from forvent.reading.quantities import NumberStyle, number_style, read_quantity
from forvent.reading.repeats import fingerprint
from forvent.reading.rows import Row
from forvent.reading.tally import KEPT, Tally
from forvent.reading.time_columns import TimeColumn, find_times, require_times
from forvent.reading.times import IMPOSSIBLE, DateOrder, date_order, read_time
from forvent.records import ReadingReport

NO_CUSTOMER = "no customer"
NO_TIME = "no time"
NO_AMOUNT = KEPT + "no amount"
NO_NUMBER = KEPT + "amount is no number"
GIVEN_BACK = "negative amount, so money given back and no purchase"

_FIRST_DAY = datetime(1970, 1, 1)
_NOT_REFERRED = frozenset(("0", "false", "no", "n", "ne", "nei", "ei", "ոչ", "否"))
# Dates repeat a lot, and to read one costs more than all else of a row.
_DATES_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class PurchaseColumns:
    """Names of the columns; ``time`` may be two, "day+time". ``referred`` says who was sent by another."""

    customer: str
    time: str
    amount: str | None = None
    referred: str | None = None


class Purchase(NamedTuple):
    """One row: ``day`` counts days since 1970 (UTC); ``amount`` is None where unknown, never negative."""

    customer: str
    day: int
    amount: float | None
    referred: bool | None
    row: int


class PurchaseReader:
    """Purchases of one file, read in batches; ``report`` is there once all were read."""

    def __init__(
        self, path: Path | str, *, columns: PurchaseColumns, progress: Progress | None = None
    ) -> None:
        path = Path(path)
        source, sample = look_through(path)
        names, file = source.names, path.name
        self._time = find_times(columns.time, names=names, what="the time", file=file)
        self._order = date_order(self._time.sampled(sample))
        require_times(
            self._time,
            sample=sample,
            order=self._order,
            what="the time",
            file=file,
            hint="Name the column that says when a customer bought: --time COLUMN.",
        )
        asked = {
            "customer": columns.customer,
            "amount": columns.amount,
            "referred": columns.referred,
        }
        found = {
            field: find_column(column, names=names, what=field, file=file)
            for field, column in asked.items()
            if column is not None
        }
        self._index = {field: names.index(column) for field, column in found.items()}
        amount = self._index.get("amount")
        style = NumberStyle() if amount is None else number_style(sample.column(amount))
        mapping = {**found, "time": self._time.name}
        self._opened = Opened(file, source, Columns(mapping, ()), sample.total)
        self._progress = progress
        self._style = style
        self._report: ReadingReport | None = None
        self.mapping = mapping
        self.file, self.rows = file, sample.total
        self.notes = (*source.notes, *self._order.notes)

    def batches(self, size: int = 10_000) -> Iterator[list[Purchase]]:
        """Purchases in lists of at most ``size``, in the order of the file; no list is empty."""
        self._report = None
        course = Course(Tally())
        desk = _Desk(self._index, time=self._time, order=self._order, style=self._style, course=course)
        yield from read_in_batches(
            self._opened, course=course, make=desk.purchase, size=size, progress=self._progress
        )
        self._report = report_of(self._opened, course=course, notes=self.notes)

    def __iter__(self) -> Iterator[Purchase]:
        for batch in self.batches():
            yield from batch

    @property
    def report(self) -> ReadingReport:
        """What was read and what was left out; there once all purchases were read."""
        if self._report is None:
            raise BadOption(
                "The report is there once all purchases were read.", hint="Read the batches to their end."
            )
        return self._report


def read_purchases(
    path: Path | str, *, columns: PurchaseColumns, progress: Progress | None = None
) -> PurchaseReader:
    r"""A reader that yields the purchases of one file, in the order of the file.

    A row that repeats another in every cell is the same row twice and is left out, and so is one
    with a negative amount: money given back is no purchase. Rows that cannot be used are counted
    in ``report.unusable`` with their numbers: rows = used + repeated + the counts of all reasons that
    do not begin with "kept, but: ".

    Parameters
    ----------
    path
        CSV, TSV, Excel, OpenDocument, JSONL, JSON array or Parquet, each also gzipped.
    columns
        See :class:`PurchaseColumns`.
    progress
        Called after every batch with the rows read and the number of all rows.

    Returns
    -------
    PurchaseReader
        Iterable over purchases, and over batches of them; ``report`` after the last.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, binary or damaged.
    MissingColumn
        If a named column is not there.
    BadOption
        If the column of the time holds no times.
    NothingUsable
        At the end of the reading, if no row could be used.

    Source
    ------
    Our own definition, docs/loyalty.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "orders.csv"
    ...     _ = path.write_text("who,when,paid\n7,1970-01-03,12.50\n7,1970-01-09,-12.50\n")
    ...     reader = read_purchases(path, columns=PurchaseColumns("who", "when", amount="paid"))
    ...     bought = list(reader)
    >>> [(purchase.customer, purchase.day, purchase.amount) for purchase in bought]
    [('7', 2, 12.5)]
    >>> [(reason.reason, reason.rows) for reason in reader.report.unusable]
    [('negative amount, so money given back and no purchase', (3,))]
    """
    return PurchaseReader(path, columns=columns, progress=progress)


class _Desk:
    """Makes purchases of rows, and counts what it has to leave out."""

    def __init__(
        self,
        index: dict[str, int],
        *,
        time: TimeColumn,
        order: DateOrder,
        style: NumberStyle,
        course: Course,
    ) -> None:
        self._customer = index["customer"]
        self._amount, self._referred = index.get("amount"), index.get("referred")
        self._time, self._order, self._style = time, order, style
        self._course = course
        self._days: dict[Cell, int | None] = {}
        self._seen: set[int] = set()

    def purchase(self, row: Row) -> Purchase | None:
        """The purchase of a row; None where it cannot be used or was there before."""
        name = value_of(row.cells[self._customer])
        customer = None if name is None else " ".join(clean_text(name).text.split())
        if not customer:
            self._left_out(NO_CUSTOMER, row=row)
            return None
        cell = self._time.cell(row.cells)
        day = self._day(cell)
        if day is None:
            empty = value_of(cell) is None
            self._left_out(NO_TIME if empty else IMPOSSIBLE, row=row, example=None if empty else cell)
            return None
        content = fingerprint(*row.cells)
        if content in self._seen:
            self._course.repeated += 1
            return None
        self._seen.add(content)
        amount = self._paid(row)
        if amount is not None and amount < 0:
            self._left_out(GIVEN_BACK, row=row, example=row.cells[self._amount or 0])
            return None
        return Purchase(customer, day, amount, self._sent(row), row.number)

    def _day(self, cell: Cell) -> int | None:
        if cell not in self._days:
            if len(self._days) >= _DATES_KEPT:
                self._days.clear()
            moment = read_time(cell, order=self._order)
            self._days[cell] = None if moment is None else (moment.time - _FIRST_DAY).days
        return self._days[cell]

    def _paid(self, row: Row) -> float | None:
        if self._amount is None:
            return None
        cell = row.cells[self._amount]
        if value_of(cell) is None:
            self._course.tally.add(NO_AMOUNT, row=row.number)
            return None
        quantity = read_quantity(cell, style=self._style)
        if quantity is None or not math.isfinite(quantity.value):
            self._course.tally.add(NO_NUMBER, row=row.number, example=cell)
            return None
        return quantity.value

    def _sent(self, row: Row) -> bool | None:
        if self._referred is None:
            return None
        value = value_of(row.cells[self._referred])
        return value is not None and value.lower() not in _NOT_REFERRED

    def _left_out(self, reason: str, *, row: Row, example: object = None) -> None:
        self._course.tally.add(reason, row=row.number, example=example)
