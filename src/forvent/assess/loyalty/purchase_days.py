"""Purchases → one row a customer: how often, how lately, how long known, and for how much."""

from __future__ import annotations

import narwhals as nw

from forvent.tables import Table


def purchase_days(purchases: Table) -> Table:
    """One row for each customer and day with a purchase: several on one day are one.

    Parameters
    ----------
    purchases
        customer (text), day (whole days since 1970), amount (null where unknown), referred (boolean or null).

    Returns
    -------
    Table
        customer, day, amount (sum of the known ones, null where none is), referred (1, 0 or null), first
        (day of the customer's first purchase).

    Source
    ------
    Fader & Hardie (2001), "Forecasting Repeat Sales at CDNOW", Interfaces 31(3) (purchases of a day are one).

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table(
    ...     {
    ...         "customer": ["a", "a", "a"],
    ...         "day": [3, 3, 9],
    ...         "amount": [12.0, 77.0, None],
    ...         "referred": pa.nulls(3, pa.bool_()),
    ...     }
    ... )
    >>> purchase_days(nw.from_native(rows).lazy()).sort("day").collect()["amount"].to_list()
    [89.0, None]
    """
    told = purchases.with_columns(
        known=(~nw.col("amount").is_null()).cast(nw.Int64), sent=nw.col("referred").cast(nw.Int64)
    )
    days = told.group_by("customer", "day").agg(
        amount=nw.col("amount").sum(), known=nw.col("known").sum(), referred=nw.col("sent").max()
    )
    amount = nw.when(nw.col("known") > 0).then(nw.col("amount"))
    # Whatever day is looked from, the first one is the same; to know it spares a join each time.
    firsts = purchases.group_by("customer").agg(first=nw.col("day").min())
    summed = days.with_columns(amount=amount).join(firsts, on="customer", how="inner")
    return summed.select("customer", "day", "amount", "referred", "first")


def customer_histories(days: Table, *, until: int, ahead: int) -> Table:
    """What is known of each customer at the end of a day, and what came in the days after it.

    Parameters
    ----------
    days
        Result of ``purchase_days``.
    until
        Last day that is known, in days since 1970.
    ahead
        How many days after it (and before its end) are counted in ``later`` and ``before``.

    Returns
    -------
    Table
        One row for each customer with a purchase up to ``until``, sorted: customer, first, last (days),
        repeats (days with a purchase after the first), priced and repeat_value (repeat purchases with a
        positive amount, and their sum), spent (all known amounts), referred (of the first day; null
        where unknown), later and before (days with a purchase in the ``ahead`` days after ``until``, and
        up to it), later_value.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), 275–284, section 3 (x, t_x, T).

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table(
    ...     {
    ...         "customer": ["a", "a", "a", "b"],
    ...         "day": [0, 14, 30, 35],
    ...         "amount": [5.0, 20.0, 9.0, 1.0],
    ...         "referred": pa.nulls(4, pa.int64()),
    ...     }
    ... )
    >>> known = customer_histories(nw.from_native(rows).lazy(), until=28, ahead=10).collect()
    >>> [known[name].to_list() for name in ("customer", "repeats", "last", "repeat_value", "later", "before")]
    [['a'], [1], [14], [20.0], [1], [0]]
    """
    seen = nw.col("day") <= until
    repeat = seen & (nw.col("day") > nw.col("first"))
    priced = repeat & (nw.col("amount") > 0.0)
    later = ~seen & (nw.col("day") <= until + ahead)
    before = seen & (nw.col("day") > until - ahead)
    nothing = nw.lit(0.0)
    flags = _with_first(days, until=until).with_columns(
        seen_day=nw.when(seen).then(nw.col("day")),
        is_repeat=_flag(repeat),
        is_priced=_flag(priced),
        paid_again=nw.when(priced).then(nw.col("amount")).otherwise(nothing),
        paid=nw.when(seen & ~nw.col("amount").is_null()).then(nw.col("amount")).otherwise(nothing),
        first_referred=nw.when(nw.col("day") == nw.col("first")).then(nw.col("referred")),
        is_later=_flag(later),
        paid_later=nw.when(later & ~nw.col("amount").is_null()).then(nw.col("amount")).otherwise(nothing),
        is_before=_flag(before),
    )
    found = flags.group_by("customer", "first").agg(
        last=nw.col("seen_day").max(),
        repeats=nw.col("is_repeat").sum(),
        priced=nw.col("is_priced").sum(),
        repeat_value=nw.col("paid_again").sum(),
        spent=nw.col("paid").sum(),
        referred=nw.col("first_referred").max(),
        later=nw.col("is_later").sum(),
        later_value=nw.col("paid_later").sum(),
        before=nw.col("is_before").sum(),
    )
    counts = ("first", "last", "repeats", "priced", "later", "before")
    return found.with_columns(nw.col(*counts).cast(nw.Int64)).sort("customer")


def repeat_ages(days: Table, *, until: int) -> Table:
    """How many days after their first purchase customers bought again, counted.

    Parameters
    ----------
    days
        Result of ``purchase_days``.
    until
        Last day that is known, in days since 1970.

    Returns
    -------
    Table
        age (days since the first purchase, at least 1), repeats (purchases at that age), sorted by age.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#early.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table(
    ...     {
    ...         "customer": ["a", "a", "b", "b"],
    ...         "day": [0, 14, 1, 15],
    ...         "amount": [5.0, 20.0, 9.0, 1.0],
    ...         "referred": pa.nulls(4, pa.int64()),
    ...     }
    ... )
    >>> repeat_ages(nw.from_native(rows).lazy(), until=28).collect().rows()
    [(14, 2)]
    """
    aged = _with_first(days, until=until).filter(nw.col("day") <= until)
    aged = aged.select(age=nw.col("day") - nw.col("first")).filter(nw.col("age") > 0)
    counted = aged.group_by("age").agg(repeats=nw.len())
    return counted.with_columns(nw.col("age", "repeats").cast(nw.Int64)).sort("age")


def repeat_days_back(days: Table, *, until: int) -> Table:
    """How many days before the end of what is known customers bought again, counted.

    Parameters
    ----------
    days
        Result of ``purchase_days``.
    until
        Last day that is known, in days since 1970.

    Returns
    -------
    Table
        back (days before ``until``, at least 0), repeats (purchases on that day), sorted by back.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#months.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table(
    ...     {
    ...         "customer": ["a", "a", "b", "b"],
    ...         "day": [0, 14, 1, 15],
    ...         "amount": [5.0, 20.0, 9.0, 1.0],
    ...         "referred": pa.nulls(4, pa.int64()),
    ...     }
    ... )
    >>> repeat_days_back(nw.from_native(rows).lazy(), until=28).collect().rows()
    [(13, 1), (14, 1)]
    """
    known = _with_first(days, until=until).filter(nw.col("day") <= until, nw.col("day") > nw.col("first"))
    counted = known.select(back=until - nw.col("day")).group_by("back").agg(repeats=nw.len())
    return counted.with_columns(nw.col("back", "repeats").cast(nw.Int64)).sort("back")


def came_back_within(days: Table, *, until: int, within: int) -> Table:
    """Whether customers bought again within some days, of those known for so long.

    Parameters
    ----------
    days
        Result of ``purchase_days``.
    until
        Last day that is known, in days since 1970.
    within
        Days after the first purchase.

    Returns
    -------
    Table
        One row: customers whose first purchase lies at least ``within`` days back, and how many of them
        came_back within these days.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#shares.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table(
    ...     {
    ...         "customer": ["a", "a", "b", "c"],
    ...         "day": [0, 14, 1, 27],
    ...         "amount": [5.0, 20.0, 9.0, 1.0],
    ...         "referred": pa.nulls(4, pa.int64()),
    ...     }
    ... )
    >>> came_back_within(nw.from_native(rows).lazy(), until=28, within=20).collect().rows()
    [(2, 1)]
    """
    known = _with_first(days, until=until).filter(nw.col("first") <= until - within)
    again = (nw.col("day") > nw.col("first")) & (nw.col("day") <= nw.col("first") + within)
    each = known.with_columns(again=_flag(again)).group_by("customer").agg(again=nw.col("again").max())
    counted = each.select(customers=nw.len(), came_back=nw.col("again").sum())
    return counted.with_columns(nw.col("customers", "came_back").cast(nw.Int64))


def _with_first(days: Table, *, until: int) -> Table:
    """Every day of the customers known at ``until``, with that of their first purchase."""
    if "first" in days.collect_schema().names():
        return days.filter(nw.col("first") <= until)
    firsts = days.filter(nw.col("day") <= until).group_by("customer").agg(first=nw.col("day").min())
    return days.join(firsts, on="customer", how="inner")


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))
