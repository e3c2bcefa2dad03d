"""Voices and mentions summed over their customers."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from forvent.tables import Table


def customers_heard(voices: Table) -> Table:
    """The customers who say something, with their ratings summed; a voice without customer is its own.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        person, rated (ratings given) and rating (their sum), one row a customer, sorted.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#customers.

    Examples
    --------
    >>> import pyarrow as pa
    >>> voices = pa.table(
    ...     {
    ...         "voice_id": ["a", "b", "c"],
    ...         "customer": ["x", "x", None],
    ...         "rating": [1.0, 0.5, None],
    ...         "content_free": [False, True, False],
    ...     }
    ... )
    >>> customers_heard(nw.from_native(voices).lazy()).collect().rows()
    [('cx', 1, 1.0), ('vc', 0, 0.0)]
    """
    heard = (
        _speaking(voices)
        .group_by("person")
        .agg(rated=nw.col("rating").count(), rating=nw.col("rating").sum())
    )
    return heard.select(
        "person", nw.col("rated").cast(nw.Int64), nw.col("rating").fill_null(0.0).cast(nw.Float64)
    ).sort("person")


def customers_mentions(mentions: Table, *, voices: Table) -> Table:
    """What each customer says of each expectation that they mention.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        person, expectation, met, unmet, mixed, wished (voices) and level_seconds (the shortest level
        that they state, null where none), one row a customer and expectation, sorted.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#customers.

    Examples
    --------
    >>> import pyarrow as pa
    >>> voices = pa.table({"voice_id": ["a"], "customer": ["x"], "rating": [1.0], "content_free": [False]})
    >>> said = {"voice_id": ["a"], "expectation": ["on_time"], "polarity": ["met"], "level_seconds": [60.0]}
    >>> lazy = (nw.from_native(pa.table(said)).lazy(), nw.from_native(voices).lazy())
    >>> customers_mentions(lazy[0], voices=lazy[1]).collect().rows()
    [('cx', 'on_time', 1, 0, 0, 0, 60.0)]
    """
    said = mentions.select("voice_id", "expectation", "polarity", "level_seconds").join(
        _speaking(voices).select("voice_id", "person"), on="voice_id", how="inner"
    )
    kinds = ("met", "unmet", "mixed", "wished")
    told = said.with_columns(**{kind: (nw.col("polarity") == kind).cast(nw.Int64) for kind in kinds})
    summed = told.group_by("person", "expectation").agg(nw.col(*kinds).sum(), nw.col("level_seconds").min())
    # Sums of integers come back as 128 bits from DuckDB; no count needs them.
    return summed.select("person", "expectation", nw.col(*kinds).cast(nw.Int64), "level_seconds").sort(
        "person", "expectation"
    )


def customers_traits(voices: Table, *, columns: Mapping[str, str]) -> Table:
    """What else is known of the customers who say something: the values of some columns of their voices.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``), with further columns as they come.
    columns
        Columns of text by the name they are told under, at least one.

    Returns
    -------
    Table
        person, column and value, each once, sorted; null values have no row.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#traits.

    Examples
    --------
    >>> import pyarrow as pa
    >>> voices = pa.table(
    ...     {
    ...         "voice_id": ["a"],
    ...         "customer": ["x"],
    ...         "rating": [1.0],
    ...         "content_free": [False],
    ...         "language": ["cs"],
    ...     }
    ... )
    >>> customers_traits(nw.from_native(voices).lazy(), columns={"language": "language"}).collect().rows()
    [('cx', 'language', 'cs')]
    """
    speaking = _speaking(voices)
    parts = [
        speaking.filter(~nw.col(column).is_null()).select("person", column=nw.lit(name), value=nw.col(column))
        for name, column in columns.items()
    ]
    return nw.concat(parts).unique().sort("person", "column", "value")


def _speaking(voices: Table) -> Table:
    """Voices that say something, with who speaks."""
    return voices.filter(~nw.col("content_free").fill_null(False)).with_columns(
        # A customer can be called as a voice is; the letter in front tells them apart.
        person=nw.when(nw.col("customer").is_null())
        .then(nw.concat_str(nw.lit("v"), nw.col("voice_id")))
        .otherwise(nw.concat_str(nw.lit("c"), nw.col("customer")))
    )
