"""Customers as the models of purchases see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from forvent.errors import BadOption

Floats: TypeAlias = NDArray[np.float64]

DAYS_A_WEEK = 7.0


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Customers as the models see them, arrays of shape (n,); times in weeks, money NaN where unknown.

    ``repeat_age`` and ``repeat_count`` are the distinct ages of repeat purchases, and how many.
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


def histories_from(customers: pa.Table, *, ages: pa.Table, until: int) -> Histories:
    """Collected tables as arrays, times in weeks.

    Parameters
    ----------
    customers
        Collected ``customer_histories``.
    ages
        Collected ``repeat_ages``.
    until
        Last day that is known, as for both.

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
    )


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
