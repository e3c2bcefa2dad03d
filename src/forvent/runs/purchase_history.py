"""Reading, engine and assess joined: the purchases of a file, as they were known at the end of any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forvent.assess.loyalty import (
    Histories,
    came_back_within,
    customer_histories,
    histories_from,
    purchase_days,
    repeat_ages,
    repeat_days_back,
)
from forvent.engine import Engine
from forvent.errors import NothingUsable
from forvent.reading.purchases import Purchases
from forvent.records import Estimate, NotEnough
from forvent.runs.days import day_number, day_of
from forvent.stats import wilson
from forvent.tables import Table

Codes: TypeAlias = NDArray[np.int64]

NO_AGES = pa.table({"age": pa.nulls(0, pa.int64()), "repeats": pa.nulls(0, pa.int64())})
NOT_SO_LONG = "nobody was known for as long as the horizon"


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
    """The days with purchases, and what is known at the end of a day (since 1970).

    In ``days`` customers are numbers, the places of their names in ``names``, which are sorted: to group
    and to sort by them takes a fraction of the time.
    """

    engine: Engine
    days: Table
    names: pa.Array
    span: Span
    until: int
    level: float

    def known(self, until: int, *, ahead: int, when: bool = True) -> Histories:
        """The customers as they were known at the end of a day, and what came in the days ahead.

        Without ``when`` nothing is told of the ages and months of purchases, which only early weeks and
        months need.
        """
        asked = [customer_histories(self.days, until=until, ahead=ahead)]
        if when:
            asked += [repeat_ages(self.days, until=until), repeat_days_back(self.days, until=until)]
        customers, *told = self.engine.collect_all(asked)
        ages, back = told if when else (NO_AGES, None)
        names = self.names.take(customers["customer"].combine_chunks())
        named = customers.set_column(customers.column_names.index("customer"), "customer", names)
        return histories_from(named, ages=ages, until=until, back=back)

    def customer_days(self) -> tuple[Codes, Codes]:
        """Number of the customer and the day, one place for each day of a customer with a purchase."""
        days = self.engine.collect(self.days.select("customer", "day"))
        return days["customer"].to_numpy().astype(np.int64), days["day"].to_numpy().astype(np.int64)

    def came_back(self) -> Estimate | NotEnough:
        """Share of those known for as long as the horizon who bought again in so many days."""
        within = came_back_within(self.days, until=self.until, within=self.span.horizon)
        row = self.engine.collect(within).to_pylist()[0]
        customers, back = int(row["customers"] or 0), int(row["came_back"] or 0)
        if customers == 0:
            return NotEnough(0, 1, NOT_SO_LONG)
        return wilson(back, customers, level=self.level)


def open_shop(purchases: Purchases, *, engine: Engine, until: date, horizon: int, level: float) -> Shop:
    """All purchases of a file, summed by customer and day.

    Raises
    ------
    NothingUsable
        If nothing was bought up to ``until``.
    """
    return shop_of(
        purchases.table, engine=engine, until=until, horizon=horizon, level=level, file=purchases.file
    )


def shop_of(bought: pa.Table, *, engine: Engine, until: date, horizon: int, level: float, file: str) -> Shop:
    """Purchases (customer, day, amount, referred), summed by customer and day.

    Raises
    ------
    NothingUsable
        If nothing was bought up to ``until``.
    """
    last = day_number(until)
    span = _span(bought, last=last, horizon=horizon, file=file)
    numbered, names = _numbered(bought)
    days = engine.table(engine.collect(purchase_days(engine.table(numbered))))
    return Shop(engine, days, names, span=span, until=last, level=level)


def _numbered(bought: pa.Table) -> tuple[pa.Table, pa.Array]:
    """The purchases with the number of each customer for the name, and the names in their order."""
    encoded = bought["customer"].combine_chunks().dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    place = np.empty(len(order), np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    codes = pa.array(place).take(encoded.indices)
    kept = bought.set_column(bought.column_names.index("customer"), "customer", codes)
    return kept.select(["customer", "day", "amount", "referred"]), encoded.dictionary.take(order)


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
