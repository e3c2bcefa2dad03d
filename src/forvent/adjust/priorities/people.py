"""Who is behind the gaps, and what those who name a time want."""

from __future__ import annotations

import narwhals as nw

from forvent.tables import Table

_JUDGING = ["met", "unmet", "mixed"]
_WANTING = ["unmet", "mixed", "wished"]


def judging_customers(mentions: Table, *, voices: Table) -> Table:
    """How many customers judge each expectation; whoever is unknown is a customer of their own.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        expectation and customers, sorted by expectation.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#priority.

    Examples
    --------
    >>> import pyarrow as pa
    >>> lazy = lambda table: nw.from_native(table).lazy()
    >>> voices = pa.table({"voice_id": ["a", "b", "c"], "customer": ["x", "x", None]})
    >>> said = pa.table(
    ...     {"voice_id": ["a", "b", "c"], "expectation": ["on_time"] * 3, "polarity": ["met", "unmet", "met"]}
    ... )
    >>> judging_customers(lazy(said), voices=lazy(voices)).collect().rows()
    [('on_time', 2)]
    """
    people = voices.select(
        "voice_id",
        # A customer can be called as a voice is; the letter in front tells them apart.
        person=nw.when(nw.col("customer").is_null())
        .then(nw.concat_str(nw.lit("v"), nw.col("voice_id")))
        .otherwise(nw.concat_str(nw.lit("c"), nw.col("customer"))),
    )
    judged = mentions.filter(nw.col("polarity").is_in(_JUDGING)).select("voice_id", "expectation")
    each = judged.join(people, on="voice_id", how="inner").group_by("expectation", "person").agg(nw.len())
    counted = each.group_by("expectation").agg(customers=nw.len())
    return counted.with_columns(nw.col("customers").cast(nw.Int64)).sort("expectation")


def wanted_times(mentions: Table) -> Table:
    """Times that voices want and do not get, one row a mention.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).

    Returns
    -------
    Table
        expectation and level_seconds of the mentions that name a duration and are not content.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#training.

    Examples
    --------
    >>> import pyarrow as pa
    >>> said = pa.table(
    ...     {"expectation": ["follow_up"] * 2, "polarity": ["unmet", "met"], "level_seconds": [3600.0, 60.0]}
    ... )
    >>> wanted_times(nw.from_native(said).lazy()).collect().rows()
    [('follow_up', 3600.0)]
    """
    named = mentions.filter(nw.col("polarity").is_in(_WANTING) & ~nw.col("level_seconds").is_null())
    return named.select("expectation", "level_seconds").sort("expectation", "level_seconds")
