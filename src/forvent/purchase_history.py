"""Reading, engine and assess joined: the purchases of a file, as they were known at the end of any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from forvent.assess.loyalty import (
    Histories,
    came_back_within,
    customer_histories,
    histories_from,
    purchase_days,
    repeat_ages,
)
from forvent.engine import Engine
from forvent.errors import NothingUsable
from forvent.reading.purchases import Purchase, PurchaseReader
from forvent.records import Estimate, NotEnough
from forvent.stats import wilson
from forvent.tables import Table

FIRST_DAY = date(1970, 1, 1)
NOT_SO_LONG = "nobody was known for as long as the horizon"
_SCHEMA = pa.schema(
    [
        ("customer", pa.string()),
        ("day", pa.int64()),
        ("amount", pa.float64()),
        ("referred", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the file since 1970, the horizon, and the rows beyond what is known."""

    first: int
    last: int
    horizon: int
    held: int
    after: int
    beyond: int


@dataclass(frozen=True, slots=True)
class Shop:
    """The days with purchases, and what is known at the end of a day (since 1970)."""

    engine: Engine
    days: Table
    span: Span
    until: int
    level: float

    def known(self, until: int, *, ahead: int) -> Histories:
        """The customers as they were known at the end of a day, and what came in the days ahead."""
        customers, ages = self.engine.collect_all(
            [customer_histories(self.days, until=until, ahead=ahead), repeat_ages(self.days, until=until)]
        )
        return histories_from(customers, ages=ages, until=until)

    def came_back(self) -> Estimate | NotEnough:
        """Share of those known for as long as the horizon who bought again in so many days."""
        within = came_back_within(self.days, until=self.until, within=self.span.horizon)
        row = self.engine.collect(within).to_pylist()[0]
        customers, back = int(row["customers"] or 0), int(row["came_back"] or 0)
        if customers == 0:
            return NotEnough(0, 1, NOT_SO_LONG)
        return wilson(back, customers, level=self.level)


def open_shop(reader: PurchaseReader, *, engine: Engine, until: date, horizon: int, level: float) -> Shop:
    """All purchases of a file, read to its end and summed by customer and day.

    Raises
    ------
    NothingUsable
        If no row can be used, or nothing was bought up to ``until``.
    """
    bought = _table_of(reader)
    last = day_number(until)
    span = _span(bought, last=last, horizon=horizon, file=reader.file)
    days = engine.table(engine.collect(purchase_days(engine.table(bought))))
    return Shop(engine, days, span=span, until=last, level=level)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - FIRST_DAY).days


def day_of(number: int) -> date:
    """The date of a number of days since 1970."""
    return FIRST_DAY + timedelta(days=number)


def _table_of(reader: PurchaseReader) -> pa.Table:
    """All purchases of a file in columns; a batch at a time, so that they never are a million objects."""
    batches = [_batch_of(batch) for batch in reader.batches()]
    return pa.Table.from_batches(batches, schema=_SCHEMA)


def _batch_of(batch: list[Purchase]) -> pa.RecordBatch:
    columns = list(zip(*batch, strict=True))[:4]
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA)


def _span(bought: pa.Table, *, last: int, horizon: int, file: str) -> Span:
    days = bought["day"].to_numpy()
    known = days[days <= last]
    if known.size == 0:
        earliest = day_of(int(days.min()))
        raise NothingUsable(
            f"Nothing in {file} was bought by {day_of(last)}; the first purchase is of {earliest}.",
            hint="Give a later --until.",
        )
    end = int(days.max())
    return Span(
        first=int(known.min()),
        last=int(known.max()),
        horizon=horizon,
        held=max(0, min(horizon, end - last)),
        after=int(np.count_nonzero((days > last) & (days <= last + horizon))),
        beyond=int(np.count_nonzero(days > last + horizon)),
    )
