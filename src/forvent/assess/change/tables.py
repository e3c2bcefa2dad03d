"""Voices, mentions and promises by period, summed so that series need nothing else."""

from __future__ import annotations

import narwhals as nw

from forvent.tables import Table

DAY, PERIOD = "day", "period"


def voices_by_day(voices: Table) -> Table:
    """How many voices say something, or rate, on each day.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        day (its midnight, UTC; null for voices without time) and voices, sorted by day.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#periods.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datetime import datetime
    >>> times = [datetime(2026, 3, 1, 9), datetime(2026, 3, 1, 23)]
    >>> voices_by_day(nw.from_native(pa.table({"time": times})).lazy()).collect()["voices"].to_list()
    [2]
    """
    days = voices.select(day=nw.col("time").dt.truncate("1d"))
    return days.group_by(DAY).agg(voices=nw.len()).with_columns(nw.col("voices").cast(nw.Int64)).sort(DAY)


def in_periods(rows: Table, *, days: Table, time: str = "time") -> Table:
    """The rows that fall into a period, with its number.

    Parameters
    ----------
    rows
        Table with a column of times.
    days
        Table with day (midnights, UTC, each once) and period (integers); a day of no period is missing.
    time
        Name of the column of times.

    Returns
    -------
    Table
        The rows with the columns day and period; those without time or outside all periods are left out.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#periods.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datetime import datetime
    >>> lazy = lambda columns: nw.from_native(pa.table(columns)).lazy()
    >>> rows = lazy({"time": [datetime(2026, 3, 1, 9), datetime(2026, 4, 1)]})
    >>> days = lazy({"day": [datetime(2026, 3, 1)], "period": [0]})
    >>> in_periods(rows, days=days).collect()["period"].to_list()
    [0]
    """
    return rows.with_columns(day=nw.col(time).dt.truncate("1d")).join(days, on=DAY, how="inner")


def speaking_by_period(voices: Table) -> Table:
    """Voices that say something in each period, summed over their customers.

    Parameters
    ----------
    voices
        Identified voices in periods, as :func:`in_periods` gives them.

    Returns
    -------
    Table
        period, people (a voice without customer is its own), cases (voices) and cases_squared (the sum of
        the squares of each customer's voices), sorted by period.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#series.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"voice_id": ["a", "b"], "customer": ["x", "x"], "content_free": [False] * 2, "period": [0, 0]}
    >>> speaking_by_period(nw.from_native(pa.table(rows)).lazy()).collect().rows()
    [(0, 1, 2, 4)]
    """
    people = _speaking(voices).group_by(PERIOD, "person").agg(n=nw.len())
    return _integers(
        people.with_columns(n2=nw.col("n") * nw.col("n"))
        .group_by(PERIOD)
        .agg(people=nw.len(), cases=nw.col("n").sum(), cases_squared=nw.col("n2").sum()),
        "people",
        "cases",
        "cases_squared",
    ).sort(PERIOD)


def met_by_period(mentions: Table, *, voices: Table) -> Table:
    """What is said of each expectation in each period, summed over customers.

    Of every customer and period n voices judge it (met, unmet, mixed), and m of them find it met (a mixed
    one half).

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).
    voices
        Identified voices in periods, as :func:`in_periods` gives them.

    Returns
    -------
    Table
        expectation, period, people, cases (Σn), successes (Σm), cases_squared (Σn²), successes_squared
        (Σm²), products (Σm·n), sorted by expectation and period.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#series.

    Examples
    --------
    >>> import pyarrow as pa
    >>> lazy = lambda columns: nw.from_native(pa.table(columns)).lazy()
    >>> voices = lazy(
    ...     {"voice_id": ["a", "b"], "customer": ["x", "x"], "content_free": [False] * 2, "period": [0, 0]}
    ... )
    >>> mentions = lazy(
    ...     {"voice_id": ["a", "b"], "expectation": ["on_time"] * 2, "polarity": ["met", "mixed"]}
    ... )
    >>> met_by_period(mentions, voices=voices).collect().rows(named=True)[0]["successes_squared"]
    2.25
    """
    polarity = nw.col("polarity")
    judged = mentions.filter(polarity.is_in(["met", "unmet", "mixed"])).select(
        "voice_id",
        "expectation",
        m=(polarity == "met").cast(nw.Float64) + (polarity == "mixed").cast(nw.Float64) / 2.0,
    )
    told = judged.join(_speaking(voices).select("voice_id", PERIOD, "person"), on="voice_id", how="inner")
    return _summed(told, "expectation")


def reach_by_period(mentions: Table, *, voices: Table) -> Table:
    """How many voices mention each expectation in each period, summed over customers.

    Of every customer and period s voices say something, and k of them mention it.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).
    voices
        Identified voices in periods, as :func:`in_periods` gives them.

    Returns
    -------
    Table
        expectation, period, successes (Σk), successes_squared (Σk²), products (Σk·s), sorted by
        expectation and period; a period in which nobody mentions it has no row.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#series.

    Examples
    --------
    >>> import pyarrow as pa
    >>> lazy = lambda columns: nw.from_native(pa.table(columns)).lazy()
    >>> voices = lazy(
    ...     {"voice_id": ["a", "b"], "customer": ["x", "x"], "content_free": [False] * 2, "period": [0, 0]}
    ... )
    >>> mentions = lazy({"voice_id": ["a"], "expectation": ["on_time"], "polarity": ["met"]})
    >>> reach_by_period(mentions, voices=voices).collect().rows()
    [('on_time', 0, 1, 1, 2)]
    """
    spoken = _speaking(voices).select("voice_id", PERIOD, "person")
    speaks = spoken.group_by(PERIOD, "person").agg(s=nw.len())
    told = mentions.select("voice_id", "expectation").unique(["voice_id", "expectation"])
    people = (
        told.join(spoken, on="voice_id", how="inner")
        .group_by("expectation", PERIOD, "person")
        .agg(k=nw.len())
        .join(speaks, on=[PERIOD, "person"], how="inner")
        .with_columns(k2=nw.col("k") * nw.col("k"), ks=nw.col("k") * nw.col("s"))
    )
    summed = people.group_by("expectation", PERIOD).agg(
        successes=nw.col("k").sum(), successes_squared=nw.col("k2").sum(), products=nw.col("ks").sum()
    )
    return _integers(summed, "successes", "successes_squared", "products").sort("expectation", PERIOD)


def ratings_by_period(voices: Table) -> Table:
    """Ratings in each period, summed over customers.

    Of every customer and period n voices rate, and m is the sum of their ratings.

    Parameters
    ----------
    voices
        Identified voices in periods, as :func:`in_periods` gives them; ratings in 0–1.

    Returns
    -------
    Table
        period, people, cases, successes, cases_squared, successes_squared, products as for
        :func:`met_by_period`, sorted by period.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#series.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"voice_id": ["a", "b"], "customer": ["x", None], "rating": [1.0, 0.5], "period": [0, 0]}
    >>> ratings_by_period(nw.from_native(pa.table(rows)).lazy()).collect().rows(named=True)[0]["successes"]
    1.5
    """
    rated = voices.filter(~nw.col("rating").is_null()).select(PERIOD, person=_person(), m=nw.col("rating"))
    return _summed(rated)


def levels_by_period(mentions: Table, *, voices: Table) -> Table:
    """Each stated level that is a duration, with its period.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).
    voices
        Identified voices in periods, as :func:`in_periods` gives them.

    Returns
    -------
    Table
        expectation, period and seconds, one row a voice and expectation, sorted.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#series.

    Examples
    --------
    >>> import pyarrow as pa
    >>> lazy = lambda columns: nw.from_native(pa.table(columns)).lazy()
    >>> mentions = lazy({"voice_id": ["a"], "expectation": ["fast_delivery"], "level_seconds": [172800.0]})
    >>> voices = lazy({"voice_id": ["a"], "period": [3]})
    >>> levels_by_period(mentions, voices=voices).collect().rows()
    [('fast_delivery', 3, 172800.0)]
    """
    stated = mentions.filter(~nw.col("level_seconds").is_null() & (nw.col("level_seconds") > 0.0))
    told = stated.select("voice_id", "expectation", seconds=nw.col("level_seconds"))
    found = told.join(voices.select("voice_id", PERIOD), on="voice_id", how="inner")
    return found.select("expectation", PERIOD, "seconds").sort("expectation", PERIOD, "seconds")


def kept_by_period(outcomes: Table) -> Table:
    """Promises that were kept or broken in each period.

    Parameters
    ----------
    outcomes
        Episodes in periods, as :func:`in_periods` gives them with ``time="promised"``, with the column
        kept: null where the promise is neither kept nor broken.

    Returns
    -------
    Table
        period, people, cases, successes, cases_squared, successes_squared, products as for
        :func:`met_by_period`, each episode a case of its own, sorted by period.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#series.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"kept": [True, False, None], "period": [0, 0, 0]}
    >>> kept_by_period(nw.from_native(pa.table(rows)).lazy()).collect().rows()
    [(0, 2, 2, 1.0, 2, 1.0, 1.0)]
    """
    due = outcomes.filter(~nw.col("kept").is_null()).with_columns(m=nw.col("kept").cast(nw.Float64))
    summed = due.group_by(PERIOD).agg(people=nw.len(), successes=nw.col("m").sum())
    count, met = nw.col("people"), nw.col("successes")
    return _integers(
        summed.select(
            PERIOD,
            "people",
            cases=count,
            successes=met,
            cases_squared=count,
            successes_squared=met,
            products=met,
        ),
        "people",
        "cases",
        "cases_squared",
    ).sort(PERIOD)


def _summed(told: Table, *by: str) -> Table:
    """Rows of voices with m, summed over customers within ``by`` and the period."""
    people = told.group_by(*by, PERIOD, "person").agg(n=nw.len(), m=nw.col("m").sum())
    n, m = nw.col("n"), nw.col("m")
    squared = people.with_columns(n2=n * n, m2=m * m, mn=m * n)
    summed = squared.group_by(*by, PERIOD).agg(
        people=nw.len(),
        cases=n.sum(),
        successes=m.sum(),
        cases_squared=nw.col("n2").sum(),
        successes_squared=nw.col("m2").sum(),
        products=nw.col("mn").sum(),
    )
    return _integers(summed, "people", "cases", "cases_squared").sort(*by, PERIOD)


def _speaking(voices: Table) -> Table:
    return voices.filter(~nw.col("content_free").fill_null(False)).with_columns(person=_person())


def _person() -> nw.Expr:
    # A customer can be called as a voice is; the letter in front tells them apart.
    own = nw.concat_str(nw.lit("v"), nw.col("voice_id"))
    known = nw.concat_str(nw.lit("c"), nw.col("customer"))
    return nw.when(nw.col("customer").is_null()).then(own).otherwise(known)


def _integers(table: Table, *columns: str) -> Table:
    # Sums of integers come back as 128 bits from DuckDB; no count needs them.
    return table.with_columns(nw.col(PERIOD).cast(nw.Int64), nw.col(*columns).cast(nw.Int64))
