"""Who buys and who finds what unmet: episodes as purchases, judgements summed by customer."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw

from forvent.tables import Table

_FIRST_DAY = datetime(1970, 1, 1)
_MINUTES_A_DAY = 1440


def bought_in_episodes(episodes: Table) -> Table:
    """Episodes that were not cancelled, as the purchases of their customers.

    Parameters
    ----------
    episodes
        Table of episodes (``tables.EPISODES``).

    Returns
    -------
    Table
        customer, day (whole days since 1970, UTC, of the start), amount and referred (null: nobody says);
        episodes without customer are left out.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#at-risk.

    Examples
    --------
    >>> import pyarrow as pa
    >>> row = {"customer": "a", "start": datetime(1970, 1, 3, 23), "cancelled": False}
    >>> rows = pa.Table.from_pylist([row, row | {"cancelled": True}, row | {"customer": None}])
    >>> bought_in_episodes(nw.from_native(rows).lazy()).collect()["day"].to_list()
    [2]
    """
    kept = episodes.filter(~nw.col("customer").is_null(), ~nw.col("start").is_null(), ~nw.col("cancelled"))
    minutes = (nw.col("start") - nw.lit(_FIRST_DAY)).dt.total_minutes()
    return kept.select(
        "customer",
        day=(minutes // _MINUTES_A_DAY).cast(nw.Int64),
        amount=nw.lit(None).cast(nw.Float64),
        referred=nw.lit(None).cast(nw.Boolean),
    )


def repeat_customers(purchases: Table) -> Table:
    """How many customers bought on more than one day.

    Parameters
    ----------
    purchases
        Result of ``bought_in_episodes``.

    Returns
    -------
    Table
        One row: customers, and how many of them bought again.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#shares.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"customer": ["a", "a", "b", "c", "c"], "day": [1, 2, 2, 3, 3]})
    >>> repeat_customers(nw.from_native(rows).lazy()).collect().rows()
    [(3, 1)]
    """
    days = purchases.group_by("customer").agg(first=nw.col("day").min(), last=nw.col("day").max())
    again = nw.when(nw.col("last") > nw.col("first")).then(nw.lit(1)).otherwise(nw.lit(0))
    return days.select(customers=nw.len(), again=again.sum())


def unmet_by_customer(voices: Table, *, mentions: Table) -> Table:
    """Of each customer and expectation, what share of the judgements found it unmet.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``); those without customer are left out.
    mentions
        Table of mentions (``tables.MENTIONS``).

    Returns
    -------
    Table
        customer, expectation and unmet (0–1; a mixed judgement counts half), sorted.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#at-risk.

    Examples
    --------
    >>> import pyarrow as pa
    >>> voices = pa.table({"voice_id": ["1", "2", "3"], "customer": ["a", "a", None]})
    >>> said = [("1", "unmet"), ("2", "mixed"), ("3", "unmet"), ("2", "wished")]
    >>> rows = [{"voice_id": voice, "polarity": how, "expectation": "on_time"} for voice, how in said]
    >>> tables = [nw.from_native(table).lazy() for table in (voices, pa.Table.from_pylist(rows))]
    >>> unmet_by_customer(tables[0], mentions=tables[1]).collect().rows()
    [('a', 'on_time', 0.75)]
    """
    named = voices.filter(~nw.col("customer").is_null()).select("voice_id", "customer")
    judged = mentions.filter(nw.col("polarity").is_in(["met", "unmet", "mixed"]))
    share = (
        nw.when(nw.col("polarity") == "unmet")
        .then(nw.lit(1.0))
        .otherwise(nw.when(nw.col("polarity") == "mixed").then(nw.lit(0.5)).otherwise(nw.lit(0.0)))
    )
    told = judged.select("voice_id", "expectation", unmet=share).join(named, on="voice_id", how="inner")
    found = told.group_by("customer", "expectation").agg(unmet=nw.col("unmet").mean())
    return found.select("customer", "expectation", "unmet").sort("customer", "expectation")
