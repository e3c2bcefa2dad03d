"""Makes cases of rows, and counts with its reason every row that has to be left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from forvent.errors import BadOption, NothingUsable
from forvent.reading.case_columns import Amounts, CaseFields, Known
from forvent.reading.cells import Cell, as_text, clean_text, shortened, value_of
from forvent.reading.episodes import NO_START, PROMISED_FIRST
from forvent.reading.quantities import read_number, read_quantity
from forvent.reading.rows import Row
from forvent.reading.tally import KEPT, Tally
from forvent.reading.time_columns import TimeColumn
from forvent.reading.times import IMPOSSIBLE, Moment, read_time

NO_CASE = "no case"
ENDED_FIRST = "ended before the start"
NOT_SERVED = "not served"
NO_AMOUNT = "ended, but without an amount"
NO_END = "an amount, but no end that says when it was known"
NO_NUMBER = "no number"
NOT_FINITE = "not a finite number"

_DAY = timedelta(days=1)
_TO_ITS_LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)
# A time of day this far before that of the start is of the next day; nearer, it is a mistake.
_NIGHT = timedelta(hours=12)
_MIXED_FROM = 0.01
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Case:
    """One past case.

    ``known`` is when its amount came to be known (of a day without time of day: its last second),
    None while it is open. ``amount`` is None for a wait, of which start and end say all.
    ``promised`` is a time for a wait (of a day, its last second), else a number. ``values`` are
    those of the reader's ``kinds``, in their order: numbers (NaN where missing) or text ("" where
    missing), cut after 100 letters. ``served`` is False where the case was given up at ``known``.
    """

    row: int
    start: datetime
    known: datetime | None
    amount: float | None
    promised: datetime | float | None
    values: tuple[float | str, ...]
    served: bool = True


@dataclass(slots=True)
class Events:
    """The rows of one case, the first and the last by their time, and what they say together."""

    first: Row
    last: Row
    start: datetime | None
    end: datetime | None
    began: datetime
    rows: list[int]


class CaseDesk:
    """Takes the rows of one reading, one by one."""

    def __init__(self, *, file: str, fields: CaseFields, tally: Tally, keep_unserved: bool) -> None:
        self._file = file
        self._keep_unserved = keep_unserved
        self._fields = fields
        self._tally = tally
        self._log: dict[str, Events] = {}
        self._folded = 0
        self._ended = 0
        self._next_days = 0
        self._amounts = 0
        self._other_units: list[tuple[int, str]] = []
        self._texts: dict[str, str] = {}

    def of_row(self, row: Row) -> Case | None:
        """The case of a row; None where it cannot be used."""
        times = self._times(row)
        if times is None:
            return None
        start, end = times
        if start is None:
            self._left_out(NO_START, rows=[row.number], column=self._fields.times.start.name)
            return None
        return self._case(Events(row, row, start, end, start, [row.number]), start=start)

    def add_event(self, row: Row) -> None:
        """Put a row of an event log to the others of its case."""
        case = None if self._fields.case is None else value_of(row.cells[self._fields.case])
        times = self._times(row)
        if times is None:
            return
        start, end = times
        began = start or end
        if case is None or began is None:
            reason, column = (NO_CASE, "case") if case is None else (NO_START, "start")
            self._left_out(reason, rows=[row.number], column=self._fields.mapping[column])
            return
        events = self._log.get(case)
        if events is None:
            self._log[case] = Events(row, row, start, end, began, [row.number])
        else:
            _join(events, row, start=start, end=end)

    def of_log(self) -> Iterator[tuple[Case, int]]:
        """The cases of the event log, each with the number of its rows, in the order of their first rows."""
        for events in self._log.values():
            if events.start is None:
                self._left_out(NO_START, rows=events.rows, column=self._fields.times.start.name)
            elif (case := self._case(events, start=events.start)) is not None:
                self._folded += 1
                yield case, len(events.rows)

    def notes(self, *, used: int) -> Iterator[str]:
        """What came to light while reading."""
        if self._log:
            yield f"{used} rows make {self._folded} cases; a case counts as over at the last end in its rows."
        if self._next_days:
            yield (
                f"Ends of which the time of day lies more than 12 hours before that of the start: "
                f"{self._next_days}; they were read as of the next day."
            )

    def check(self) -> None:
        """Refuse a file of which nothing can be learned though its rows could be read.

        Raises
        ------
        BadOption
            If more than 1 % of the amounts are in another unit than the rest.
        NothingUsable
            If no case has ended.
        """
        amount = self._fields.amount
        if amount is not None and len(self._other_units) > _MIXED_FROM * self._amounts:
            row, example = self._other_units[0]
            raise BadOption(
                f"{self._file}: column “{amount.name}” mixes units: “{example}” in row {row}, "
                f"but most amounts are in “{amount.unit or 'no unit'}”.",
                hint="Write all amounts in one unit.",
            )
        if self._ended == 0:
            raise NothingUsable(
                f"No case of {self._file} has ended: column “{self._fields.times.end.name}” is empty "
                "in all rows that can be used.",
                hint="Add cases that are over, or name another column for the end.",
            )

    def _case(self, events: Events, *, start: datetime) -> Case | None:
        end = events.end
        if end is not None and end < start:
            column = self._fields.times.end
            self._left_out(
                ENDED_FIRST,
                rows=events.rows,
                column=column.name,
                example=column.cell(events.last.cells),
            )
            return None
        served = self._is_served(events)
        if not (served or self._keep_unserved) or not self._is_complete(events):
            return None
        amount = None
        if self._fields.amount is not None and end is not None:
            amount = self._amount(events, self._fields.amount)
            if amount is None:
                return None
        self._ended += end is not None
        return Case(
            row=events.rows[0],
            start=start,
            known=end,
            amount=amount,
            promised=self._promised(events.first, start=start),
            values=tuple(self._value(events.first, known) for known in self._fields.known),
            served=served,
        )

    def _times(self, row: Row) -> tuple[datetime | None, datetime | None] | None:
        """Start and end of a row, each None where its cell is empty; None where one cannot be read."""
        fields = self._fields.times
        times: list[datetime | None] = []
        for column in (fields.start, fields.end):
            cell = column.cell(row.cells)
            moment = read_time(cell, order=fields.order)
            if moment is None and value_of(cell) is not None:
                # An unreadable end must not pass for an open case: that would count as a long one.
                self._left_out(IMPOSSIBLE, rows=[row.number], column=column.name, example=cell)
                return None
            last = column is fields.end and fields.end_by_day
            times.append(None if moment is None else self._in_utc(moment, to_its_last_second=last))
        start, end = times
        if start is not None and end is not None and fields.end.shares_day(fields.start):
            nights = start - end > _NIGHT
            self._next_days += nights
            end += _DAY * nights
        return start, end

    def _in_utc(self, moment: Moment, *, to_its_last_second: bool) -> datetime:
        time = moment.time + _TO_ITS_LAST_SECOND if to_its_last_second else moment.time
        if self._fields.times.zone is None or moment.zoned:
            return time
        return time.replace(tzinfo=self._fields.times.zone).astimezone(UTC).replace(tzinfo=None)

    def _is_served(self, events: Events) -> bool:
        served = self._fields.served
        if served is None:
            return True
        value = value_of(events.last.cells[served.index])
        waits = value is None and events.end is None
        if waits or (value is not None and value.lower() in served.values):
            return True
        reason = KEPT + NOT_SERVED if self._keep_unserved else NOT_SERVED
        self._left_out(reason, rows=events.rows, column=served.name, example=value)
        return False

    def _is_complete(self, events: Events) -> bool:
        """Whether amount and end are both there or both missing."""
        amount = self._fields.amount
        if amount is None:
            return True
        has = value_of(events.first.cells[amount.index]) is not None
        if has == (events.end is not None):
            return True
        reason, column = (NO_END, self._fields.times.end.name) if has else (NO_AMOUNT, amount.name)
        self._left_out(reason, rows=events.rows, column=column)
        return False

    def _amount(self, events: Events, column: Amounts) -> float | None:
        cell = events.first.cells[column.index]
        quantity = read_quantity(cell, style=column.style)
        if quantity is None or not math.isfinite(quantity.value):
            reason = NO_NUMBER if quantity is None else NOT_FINITE
            self._left_out(reason, rows=events.rows, column=column.name, example=cell)
            return None
        self._amounts += 1
        if quantity.unit != column.unit:
            self._other_units.append((events.rows[0], shortened(cell)))
            self._left_out("another unit than the rest", rows=events.rows, column=column.name, example=cell)
            return None
        return quantity.value

    def _promised(self, row: Row, *, start: datetime) -> datetime | float | None:
        if self._fields.times.promised is not None:
            return self._promised_at(row, self._fields.times.promised, start=start)
        column = self._fields.promised_amount
        if column is None or value_of(row.cells[column.index]) is None:
            return None
        cell = row.cells[column.index]
        quantity = read_quantity(cell, style=column.style)
        if quantity is not None and quantity.unit == column.unit and math.isfinite(quantity.value):
            return quantity.value
        self._left_out(KEPT + NO_NUMBER, rows=[row.number], column=column.name, example=cell)
        return None

    def _promised_at(self, row: Row, column: TimeColumn, *, start: datetime) -> datetime | None:
        cell = column.cell(row.cells)
        if value_of(cell) is None:
            return None
        moment = read_time(cell, order=self._fields.times.order)
        if moment is None:
            self._left_out(KEPT + IMPOSSIBLE, rows=[row.number], column=column.name, example=cell)
            return None
        # The day of the start itself can be promised, however late it is by then.
        whole = self._fields.by_day
        promised = self._in_utc(moment, to_its_last_second=whole)
        if column.shares_day(self._fields.times.start) and start - promised > _NIGHT:
            promised += _DAY
        if promised >= start:
            return promised
        self._left_out(KEPT + PROMISED_FIRST, rows=[row.number], column=column.name, example=cell)
        return None

    def _value(self, row: Row, known: Known) -> float | str:
        cell = row.cells[known.index]
        if known.kind == "text":
            return self._text(cell)
        number = read_number(cell, style=known.style)
        if number is not None and math.isfinite(number):
            return number
        if number is None and value_of(cell) is None:
            return math.nan
        reason = NO_NUMBER if number is None else NOT_FINITE
        self._left_out(KEPT + reason, rows=[row.number], column=known.name, example=cell)
        return math.nan

    def _text(self, cell: Cell) -> str:
        """The cell in one line; the same words are one string, however many cases have them."""
        raw = as_text(cell)
        text = self._texts.get(raw)
        if text is None:
            text = "" if value_of(cell) is None else " ".join(clean_text(raw).text.split())[:_LONGEST]
            self._texts[raw] = text
        return text

    def _left_out(
        self, reason: str, *, rows: Sequence[int], column: str | None, example: object = None
    ) -> None:
        for row in rows:
            self._tally.add(reason, row=row, column=column, example=example)


def _join(events: Events, row: Row, *, start: datetime | None, end: datetime | None) -> None:
    events.rows.append(row.number)
    began = start or end
    if began is not None and began < events.began:
        events.began, events.first = began, row
    if start is not None and (events.start is None or start < events.start):
        events.start = start
    if end is not None and (events.end is None or end >= events.end):
        events.end, events.last = end, row
