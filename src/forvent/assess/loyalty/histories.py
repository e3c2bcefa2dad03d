"""Customers as the models of purchases see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from forvent.assess.loyalty.clocks import MONTH
from forvent.errors import BadOption

Floats: TypeAlias = NDArray[np.float64]

DAYS_A_WEEK = 7.0


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Customers as the models see them, arrays of shape (n,); times in weeks, money NaN where unknown.

    ``repeat_age`` and ``repeat_count`` are the distinct ages of repeat purchases, and how many;
    ``month_count`` how many fell into each month, counted back from the end of what is known (empty where
    only summaries are known).
    """

    names: tuple[str, ...]
    repeats: Floats
    recency: Floats
    age: Floats
    priced: Floats
    mean_value: Floats
    spent: Floats
    referred: Floats
    later: Floats
    later_value: Floats
    before: Floats
    repeat_age: Floats
    repeat_count: Floats
    month_count: Floats = field(default_factory=lambda: np.zeros(0))


def histories_from(
    customers: pa.Table, *, ages: pa.Table, until: int, back: pa.Table | None = None
) -> Histories:
    """Collected tables as arrays, times in weeks.

    Parameters
    ----------
    customers
        Collected ``customer_histories``.
    ages
        Collected ``repeat_ages``.
    until
        Last day that is known, as for both.
    back
        Collected ``repeat_days_back``; without it no month is told from another.

    Returns
    -------
    Histories
        One place in every array for each customer, in the order of the table.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), 275–284, section 3 (x, t_x, T).

    Examples
    --------
    >>> names = ("repeats", "priced", "repeat_value", "spent", "later", "later_value", "before")
    >>> counts = {name: [1] for name in names}
    >>> rows = pa.table({"customer": ["a"], "first": [0], "last": [14], "referred": [None], **counts})
    >>> known = histories_from(rows, ages=pa.table({"age": [14], "repeats": [1]}), until=28)
    >>> known.recency.tolist(), known.age.tolist()
    ([2.0], [4.0])
    """
    column = {name: _floats(customers, name) for name in customers.column_names if name != "customer"}
    priced = column["priced"]
    return Histories(
        names=tuple(customers["customer"].to_pylist()),
        repeats=column["repeats"],
        recency=(column["last"] - column["first"]) / DAYS_A_WEEK,
        age=(until - column["first"]) / DAYS_A_WEEK,
        priced=priced,
        mean_value=np.where(priced > 0, column["repeat_value"] / np.maximum(priced, 1), np.nan),
        spent=column["spent"],
        referred=column["referred"],
        later=column["later"],
        later_value=column["later_value"],
        before=column["before"],
        repeat_age=_floats(ages, "age") / DAYS_A_WEEK,
        repeat_count=_floats(ages, "repeats"),
        month_count=_months(column["first"], back=back, until=until),
    )


def histories_of_days(customer: ArrayLike, *, day: ArrayLike, until: int, ahead: int = 0) -> Histories:
    """Customers as they were known at the end of a day, from their days with purchases; without money.

    Quicker than ``customer_histories`` where the same purchases are looked at from many days.

    Parameters
    ----------
    customer
        Number of the customer from 0, shape (n,), one place for each customer and day with a purchase.
    day
        The day, shape (n,), in whole days.
    until
        Last day that is known.
    ahead
        How many days after it are counted in ``later`` and before its end in ``before``.

    Returns
    -------
    Histories
        Those who bought up to ``until``, by their number, without names.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), 275–284, section 3 (x, t_x, T).

    Examples
    --------
    >>> known = histories_of_days([0, 0, 0, 1], day=[0, 14, 30, 35], until=28, ahead=10)
    >>> known.repeats.tolist(), known.recency.tolist(), known.later.tolist(), known.before.tolist()
    ([1.0], [2.0], [1.0], [0.0])
    """
    who, when = np.asarray(customer, dtype=np.int64), np.asarray(day, dtype=np.int64)
    size = int(who.max()) + 1 if who.size else 0
    seen = when <= until
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(first, who[seen], when[seen])
    np.maximum.at(last, who[seen], when[seen])
    kept = np.flatnonzero(last >= first)

    def counted(which: NDArray[np.bool_]) -> Floats:
        return np.bincount(who[which], minlength=size)[kept].astype(np.float64)

    again = seen & (when > first[who])
    ages, age_counts = np.unique((when - first[who])[again], return_counts=True)
    nothing = np.zeros(kept.size)
    started = first[kept].astype(np.float64)
    return Histories(
        names=(),
        repeats=counted(again),
        recency=(last[kept] - started) / DAYS_A_WEEK,
        age=(until - started) / DAYS_A_WEEK,
        priced=nothing,
        mean_value=np.full(kept.size, np.nan),
        spent=nothing,
        referred=np.full(kept.size, np.nan),
        later=counted(~seen & (when <= until + ahead)),
        later_value=nothing,
        before=counted(seen & (when > until - ahead)),
        repeat_age=ages / DAYS_A_WEEK,
        repeat_count=age_counts.astype(np.float64),
        month_count=_by_month(until - when[again], np.ones(int(again.sum())), first=started, until=until),
    )


def _months(first: Floats, *, back: pa.Table | None, until: int) -> Floats:
    """Repeat purchases of each month since the first customer came, the newest month first."""
    if back is None or first.size == 0:
        return np.zeros(0)
    return _by_month(_floats(back, "back"), _floats(back, "repeats"), first=first, until=until)


def _by_month(back: ArrayLike, repeats: Floats, *, first: Floats, until: int) -> Floats:
    """Repeats so many days back, by month."""
    if first.size == 0:
        return np.zeros(0)
    months = int((until - first.min()) / DAYS_A_WEEK / MONTH) + 1
    month = (np.asarray(back, dtype=np.float64) / DAYS_A_WEEK / MONTH).astype(np.int64)
    return np.bincount(month, weights=repeats, minlength=months).astype(np.float64)


def _floats(table: pa.Table, name: str) -> Floats:
    values: Floats = table[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray(values, dtype=np.float64)


def histories_of_arrays(
    *, repeats: ArrayLike, recency: ArrayLike, age: ArrayLike, mean_value: ArrayLike | None = None
) -> Histories:
    """Customers of whom only a summary is known, as published data sets give it.

    Parameters
    ----------
    repeats
        Repeat purchases, shape (n,), at least 0.
    recency
        Weeks from the first to the last purchase, 0 where there was one only.
    age
        Weeks from the first purchase to the end of what is known, at least ``recency``.
    mean_value
        Mean value of the repeat purchases; 0 or NaN where unknown.

    Returns
    -------
    Histories
        Customers named by their number; without ages of single purchases, early weeks cannot be fitted.

    Raises
    ------
    BadOption
        If a time runs backwards, or a count is negative.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), 275–284, section 3 (x, t_x, T).

    Examples
    --------
    >>> histories_of_arrays(repeats=[2], recency=[30.43], age=[38.86]).repeats.tolist()
    [2.0]
    """
    number, last, known = (np.asarray(of, dtype=np.float64) for of in (repeats, recency, age))
    if np.any(number < 0) or np.any(last < 0) or np.any(known < last):
        raise BadOption(
            "A customer's last purchase lies after the end of what is known.",
            hint="Give 0 ≤ recency ≤ age, in weeks.",
        )
    nothing = np.zeros(number.size)
    money = np.full(number.size, np.nan) if mean_value is None else np.asarray(mean_value, dtype=np.float64)
    priced = (number > 0) & (money > 0)
    return Histories(
        names=tuple(str(place + 1) for place in range(number.size)),
        repeats=number,
        recency=last,
        age=known,
        priced=np.where(priced, number, 0.0),
        mean_value=np.where(priced, money, np.nan),
        spent=nothing,
        referred=np.full(number.size, np.nan),
        later=nothing,
        later_value=nothing,
        before=nothing,
        repeat_age=np.zeros(0),
        repeat_count=np.zeros(0),
    )
