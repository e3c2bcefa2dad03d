"""Voices and mentions of several companies, summed so that their comparison needs nothing else."""

from __future__ import annotations

import narwhals as nw

from forvent.tables import POLARITIES, Table

#: Name of one's own company in these tables, where the table of voices has null.
OWN = ""


def companies_heard(voices: Table) -> Table:
    """What is known of the voices about each company.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        One row a company, sorted: company (empty for one's own), voices, speaking, customers (a voice that
        names none is its own), named, rated, dated, first, last.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md#sides.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table(
    ...     {
    ...         "voice_id": ["a", "b", "c"],
    ...         "competitor": [None, None, "Nordkiste"],
    ...         "customer": ["x", "x", None],
    ...         "content_free": [False, True, False],
    ...         "rating": [1.0, None, None],
    ...         "time": pa.array([None, None, None], pa.timestamp("us")),
    ...     }
    ... )
    >>> heard = companies_heard(nw.from_native(rows).lazy()).collect()
    >>> heard["company"].to_list(), heard["customers"].to_list(), heard["speaking"].to_list()
    (['', 'Nordkiste'], [1, 1], [1, 1])
    """
    told = _sided(voices).with_columns(
        speaking=_flag(~nw.col("silent")),
        named=_flag(~nw.col("customer").is_null()),
        rated=_flag(~nw.col("rating").is_null()),
        dated=_flag(~nw.col("time").is_null()),
    )
    heard = told.group_by("company").agg(
        voices=nw.len(),
        speaking=nw.col("speaking").sum(),
        customers=nw.col("person").n_unique(),
        named=nw.col("named").sum(),
        rated=nw.col("rated").sum(),
        dated=nw.col("dated").sum(),
        first=nw.col("time").min(),
        last=nw.col("time").max(),
    )
    counts = ("voices", "speaking", "customers", "named", "rated", "dated")
    return heard.with_columns(nw.col(*counts).cast(nw.Int64)).sort("company")


def heard_by(voices: Table, *, column: str) -> Table:
    """How many voices about each company have each value of a column.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``).
    column
        A column of text, such as channel or language.

    Returns
    -------
    Table
        company, value (never null), voices; the most frequent first in each company.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md#cautions.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"competitor": [None, None, "B"], "channel": ["chat", "chat", None]})
    >>> heard_by(nw.from_native(rows).lazy(), column="channel").collect().rows()
    [('', 'chat', 2)]
    """
    told = voices.select(company=_company(), value=nw.col(column)).filter(~nw.col("value").is_null())
    counted = told.group_by("company", "value").agg(voices=nw.len())
    return counted.with_columns(nw.col("voices").cast(nw.Int64)).sort(
        "company", "voices", "value", descending=[False, True, False]
    )


def speaking_sums(voices: Table) -> Table:
    """Voices that say something about each company, summed over their customers.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        company, customers, voices and voices_squared (sum over customers), sorted by company.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md#sides.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table(
    ...     {
    ...         "voice_id": ["a", "b", "c"],
    ...         "competitor": pa.array([None, None, None], pa.string()),
    ...         "customer": ["x", "x", None],
    ...         "content_free": [False, False, False],
    ...     }
    ... )
    >>> speaking_sums(nw.from_native(rows).lazy()).collect().rows()
    [('', 2, 3, 5)]
    """
    people = _sided(voices).filter(~nw.col("silent")).group_by("company", "person").agg(voices=nw.len())
    squared = people.with_columns(voices_squared=nw.col("voices") * nw.col("voices"))
    summed = squared.group_by("company").agg(
        customers=nw.len(), voices=nw.col("voices").sum(), voices_squared=nw.col("voices_squared").sum()
    )
    return summed.with_columns(nw.col("customers", "voices", "voices_squared").cast(nw.Int64)).sort("company")


def mention_sums(mentions: Table, *, voices: Table) -> Table:
    """What is said about each company on each expectation, summed over customers.

    Only voices that say something count. Of every customer n voices judge (met, unmet or mixed), m of them
    find it met (a mixed one is half), k mention it at all, and s speak.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``), one row a voice and expectation.
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        company, expectation, stage; voices (Σk), customers (who mention it), met, unmet, mixed, wished;
        judging (customers with n > 0), judged_squared (Σn²), met_squared (Σm²), met_judged (Σm·n);
        voices_squared (Σk²), voices_spoken (Σk·s). Sorted by company and expectation.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md#sides.

    Examples
    --------
    >>> import pyarrow as pa
    >>> voices = pa.table(
    ...     {
    ...         "voice_id": ["a", "b", "c"],
    ...         "competitor": pa.array([None, None, None], pa.string()),
    ...         "customer": ["x", "x", None],
    ...         "content_free": [False, False, False],
    ...     }
    ... )
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": ["a", "b"],
    ...         "expectation": ["on_time"] * 2,
    ...         "stage": ["receive"] * 2,
    ...         "polarity": ["met", "mixed"],
    ...     }
    ... )
    >>> found = mention_sums(nw.from_native(mentions).lazy(), voices=nw.from_native(voices).lazy())
    >>> row = found.collect().rows(named=True)[0]
    >>> row["voices"], row["customers"], row["met_squared"], row["judged_squared"]
    (2, 1, 2.25, 4)
    """
    spoken = _sided(voices).filter(~nw.col("silent")).select("voice_id", "company", "person")
    speaks = spoken.group_by("company", "person").agg(spoken=nw.len())
    told = mentions.select("voice_id", "expectation", "stage", "polarity").with_columns(
        **{name: _flag(nw.col("polarity") == name) for name in POLARITIES}
    )
    people = (
        told.join(spoken, on="voice_id", how="inner")
        .group_by("company", "person", "expectation", "stage")
        .agg(voices=nw.len(), **{name: nw.col(name).sum() for name in POLARITIES})
        .join(speaks, on=["company", "person"], how="inner")
    )
    return _summed(people)


def _summed(people: Table) -> Table:
    """Sums and squares over the customers of a company, for each expectation."""
    judged = nw.col("met") + nw.col("unmet") + nw.col("mixed")
    content = people.with_columns(judged=judged, content=nw.col("met") + 0.5 * nw.col("mixed")).with_columns(
        judging=_flag(nw.col("judged") > 0),
        judged_squared=nw.col("judged") * nw.col("judged"),
        met_squared=nw.col("content") * nw.col("content"),
        met_judged=nw.col("content") * nw.col("judged"),
        voices_squared=nw.col("voices") * nw.col("voices"),
        voices_spoken=nw.col("voices") * nw.col("spoken"),
    )
    whole = ("voices", *POLARITIES, "judging", "judged_squared", "voices_squared", "voices_spoken")
    halves = ("met_squared", "met_judged")
    summed = content.group_by("company", "expectation", "stage").agg(
        nw.col(*whole).sum(), nw.col(*halves).sum(), customers=nw.len()
    )
    # Sums of integers come back as 128 bits from DuckDB; no count needs them.
    return summed.with_columns(
        nw.col(*whole, "customers").cast(nw.Int64), nw.col(*halves).cast(nw.Float64)
    ).sort("company", "expectation", "stage")


def _sided(voices: Table) -> Table:
    """Voices with the company they are about, who speaks, and whether they say nothing."""
    return voices.with_columns(
        company=_company(),
        silent=nw.col("content_free").fill_null(False),
        # A customer can be called as a voice is; the letter in front tells them apart.
        person=nw.when(nw.col("customer").is_null())
        .then(nw.concat_str(nw.lit("v"), nw.col("voice_id")))
        .otherwise(nw.concat_str(nw.lit("c"), nw.col("customer"))),
    )


def _company() -> nw.Expr:
    return nw.col("competitor").fill_null(OWN)


def _flag(condition: nw.Expr) -> nw.Expr:
    return condition.cast(nw.Int64)
