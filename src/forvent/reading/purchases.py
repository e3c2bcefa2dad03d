"""Rows → purchases: who bought, on which day, for how much."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from forvent.reading.answer_table import AnswerTable, report_on
from forvent.reading.cells import Cell, clean_text, value_of
from forvent.reading.coded import CodedColumn, CodedRows, Codes, Flags, Floats, read_names, same_rows
from forvent.reading.columns import Columns
from forvent.reading.opened import Course, Progress
from forvent.reading.quantities import number_style, read_quantity
from forvent.reading.tally import KEPT, Tally
from forvent.reading.time_columns import find_times, joined_time, require_times
from forvent.reading.times import IMPOSSIBLE, DateOrder, date_order, read_time
from forvent.reading.yes_no import yes_or_no
from forvent.records import ReadingReport

NO_CUSTOMER = "no customer"
NO_TIME = "no time"
NO_AMOUNT = KEPT + "no amount"
NO_NUMBER = KEPT + "amount is no number"
NO_PRODUCT = KEPT + "no product"
NO_YES_OR_NO = KEPT + "consent that says neither yes nor no"
GIVEN_BACK = "negative amount, so money given back and no purchase"
NO_DAY = -1

_FIRST_DAY = datetime(1970, 1, 1)
_NOT_REFERRED = frozenset(("0", "false", "no", "n", "ne", "nei", "ei", "ոչ", "否"))
# A time without a zone lies on the day that it names.
_TIME_OF_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?")


@dataclass(frozen=True, slots=True)
class PurchaseColumns:
    """Names of the columns; ``time`` may be two, "day+time".

    ``referred`` says who was sent by another, ``product`` what was bought, ``consent`` who agreed to be
    recommended something.
    """

    customer: str
    time: str
    amount: str | None = None
    referred: str | None = None
    product: str | None = None
    consent: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """The purchases of a file, in the order of the file.

    ``table`` has the columns customer, day (since 1970, UTC), amount (null where unknown, never negative),
    referred (null where no column says it), product and consent (true or false; both null where unknown) and
    row. ``mapping`` are the columns by field.
    """

    table: pa.Table
    file: str
    mapping: Mapping[str, str]
    report: ReadingReport


def read_purchases(
    path: Path | str, *, columns: PurchaseColumns, progress: Progress | None = None
) -> Purchases:
    r"""The purchases of one file, in the order of the file.

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
        Called with the rows read so far and, once it is known, the number of all rows.

    Returns
    -------
    Purchases
        Table and report.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, binary or damaged.
    MissingColumn
        If a named column is not there.
    BadOption
        If the column of the time holds no times.
    NothingUsable
        If no row could be used.

    Source
    ------
    Our own definition, docs/loyalty.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "orders.csv"
    ...     _ = path.write_text("who,when,paid\n7,1970-01-03,12.50\n7,1970-01-09,-12.50\n")
    ...     bought = read_purchases(path, columns=PurchaseColumns("who", "when", amount="paid"))
    >>> bought.table.select(["customer", "day", "amount"]).to_pylist()
    [{'customer': '7', 'day': 2, 'amount': 12.5}]
    >>> [(reason.reason, reason.rows) for reason in bought.report.unusable]
    [('negative amount, so money given back and no purchase', (3,))]
    """
    return _Reading(AnswerTable(path), columns).purchases(progress)


class _Reading:
    """One reading of a file: where who, when and how much stand, and then its rows."""

    def __init__(self, table: AnswerTable, columns: PurchaseColumns) -> None:
        self._table = table
        self._time = find_times(columns.time, names=table.names, what="the time", file=table.file)
        self._order = date_order(self._time.sampled(table.sample))
        require_times(
            self._time,
            sample=table.sample,
            order=self._order,
            what="the time",
            file=table.file,
            hint="Name the column that says when a customer bought: --time COLUMN.",
        )
        asked = {
            "customer": columns.customer,
            "amount": columns.amount,
            "referred": columns.referred,
            "product": columns.product,
            "consent": columns.consent,
        }
        self._found = {
            field: table.find(column, what=field) for field, column in asked.items() if column is not None
        }

    def purchases(self, progress: Progress | None) -> Purchases:
        """All purchases, and the report of the reading."""
        rows = self._table.read(self._table.names, progress=progress)
        tally, numbers = rows.tally(), rows.numbers
        customer = rows.columns[self._found["customer"]]
        names = read_names(customer, _name)
        known = customer.where(names.is_valid().to_numpy(zero_copy_only=False))
        tally.add_rows(NO_CUSTOMER, rows=numbers[~known])
        kept = self._timed(np.flatnonzero(known), rows, tally)
        first = same_rows([column.only(kept) for column in rows.columns.values()], count=kept.size)
        single = first == np.arange(kept.size)
        repeated = int(kept.size - single.sum())
        kept = kept[single]
        amount, given_back = self._paid(rows, kept, tally)
        kept, amount = kept[~given_back], amount[~given_back]
        table = pa.table(
            {
                "customer": names.take(pa.array(customer.codes[kept])),
                "day": self._days(rows)[kept],
                "amount": pa.array(amount, mask=np.isnan(amount)),
                "referred": self._referred(rows, kept),
                "product": self._products(rows, kept, tally),
                "consent": self._consent(rows, kept, tally),
                "row": numbers[kept],
            }
        )
        mapping = {**self._found, "time": self._time.name}
        course = Course(tally, rows=rows.rows, used=int(kept.size), repeated=repeated)
        notes = (*self._table.notes, *self._order.notes)
        report = report_on(self._table, columns=Columns(mapping, ()), course=course, notes=notes)
        return Purchases(table, self._table.file, mapping, report)

    def _days(self, rows: CodedRows) -> Codes:
        """Days since 1970 of each row, NO_DAY where there is no possible time."""
        column = self._times(rows)
        days: Codes = column.of_each(_DaysIn(self._order).of(column.cells), np.int64)
        return days

    def _times(self, rows: CodedRows) -> CodedColumn:
        """Times as one column, of one or of two."""
        names, time = self._table.names, self._time
        day = rows.columns[names[time.day]]
        if time.clock is None:
            return day
        clock = rows.columns[names[time.clock]]
        both, codes = np.unique(
            day.codes.astype(np.int64) * len(clock.cells) + clock.codes, return_inverse=True
        )
        cells = tuple(
            joined_time(day.cells[pair // len(clock.cells)], clock.cells[pair % len(clock.cells)])
            for pair in both.tolist()
        )
        return CodedColumn(time.name, cells, codes.astype(np.int32))

    def _timed(self, kept: Codes, rows: CodedRows, tally: Tally) -> Codes:
        """Rows that say when; the others are counted."""
        times, days = self._times(rows).only(kept), self._days(rows)[kept]
        filled = times.filled()
        wrong = np.flatnonzero((days == NO_DAY) & filled)
        tally.add_rows(NO_TIME, rows=rows.numbers[kept[(days == NO_DAY) & ~filled]])
        example = times.cells[times.codes[wrong[0]]] if wrong.size else None
        tally.add_rows(IMPOSSIBLE, rows=rows.numbers[kept[wrong]], example=example)
        timed: Codes = kept[days != NO_DAY]
        return timed

    def _paid(self, rows: CodedRows, kept: Codes, tally: Tally) -> tuple[Floats, Flags]:
        """Amounts, NaN where unknown, and which rows are money given back."""
        if "amount" not in self._found:
            return np.full(kept.size, np.nan), np.zeros(kept.size, dtype=np.bool_)
        column, numbers = rows.columns[self._found["amount"]].only(kept), rows.numbers[kept]
        style = number_style(self._table.cells(column.name))
        read = [read_quantity(cell, style=style) for cell in column.cells]
        values = [np.nan if one is None or not math.isfinite(one.value) else one.value for one in read]
        amounts: Floats = column.of_each(values, np.float64)
        filled, unknown = column.filled(), np.isnan(amounts)
        wrong, back = np.flatnonzero(filled & unknown), np.flatnonzero(amounts < 0)
        tally.add_rows(NO_AMOUNT, rows=numbers[~filled])
        for reason, places in ((NO_NUMBER, wrong), (GIVEN_BACK, back)):
            example = column.cells[column.codes[places[0]]] if places.size else None
            tally.add_rows(reason, rows=numbers[places], example=example)
        return amounts, amounts < 0

    def _referred(self, rows: CodedRows, kept: Codes) -> pa.Array:
        if "referred" not in self._found:
            return pa.nulls(kept.size, pa.bool_())
        column = rows.columns[self._found["referred"]]
        said = [value_of(cell) for cell in column.cells]
        sent = [value is not None and value.lower() not in _NOT_REFERRED for value in said]
        return pa.array(column.where(sent)[kept])

    def _products(self, rows: CodedRows, kept: Codes, tally: Tally) -> pa.Array:
        if "product" not in self._found:
            return pa.nulls(kept.size, pa.string())
        column = rows.columns[self._found["product"]].only(kept)
        names = read_names(column, _name).take(pa.array(column.codes))
        unnamed = np.flatnonzero(names.is_null().to_numpy(zero_copy_only=False))
        tally.add_rows(NO_PRODUCT, rows=rows.numbers[kept[unnamed]], column=column.name)
        return names

    def _consent(self, rows: CodedRows, kept: Codes, tally: Tally) -> pa.Array:
        if "consent" not in self._found:
            return pa.nulls(kept.size, pa.bool_())
        column = rows.columns[self._found["consent"]].only(kept)
        said = [yes_or_no(cell) for cell in column.cells]
        unclear = column.where([one is None for one in said]) & column.filled()
        tally.add_rows(NO_YES_OR_NO, rows=rows.numbers[kept[np.flatnonzero(unclear)]], column=column.name)
        return pa.array(said, pa.bool_()).take(pa.array(column.codes))


class _DaysIn:
    """Days since 1970 of cells; the many times of one day are read once."""

    def __init__(self, order: DateOrder) -> None:
        self._order = order
        self._known: dict[str, int] = {}

    def of(self, cells: Sequence[Cell]) -> list[int]:
        """The day of each cell."""
        return [self._day(cell) for cell in cells]

    def _day(self, cell: Cell) -> int:
        match = _TIME_OF_DAY.fullmatch(cell) if isinstance(cell, str) else None
        if match is None:
            return self._read(cell)
        day = match[1]
        if day not in self._known:
            self._known[day] = self._read(day)
        return self._known[day]

    def _read(self, cell: Cell) -> int:
        moment = read_time(cell, order=self._order)
        return NO_DAY if moment is None else (moment.time - _FIRST_DAY).days


def _name(cell: Cell) -> str | None:
    name = value_of(cell)
    return None if name is None else " ".join(clean_text(name).text.split()) or None
