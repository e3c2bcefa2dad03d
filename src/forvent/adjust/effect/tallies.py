"""A measure week by week: how many judged, how many found it good, and how much customers repeat
themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import narwhals as nw

from forvent.errors import BadOption
from forvent.records.effect import Tally
from forvent.tables import Table

#: A Monday; weeks are counted from here.
MONDAY = date(1969, 12, 29)
_WEEK = 7.0 * 86_400.0
#: What each polarity is worth as a judgement; a wish judges nothing.
_GOOD = {"met": 1.0, "mixed": 0.5, "unmet": 0.0}


def met_by_week(mentions: Table, *, voices: Table, expectation: str, touchpoint: str | None = None) -> Table:
    """Judgements of one expectation week by week; a mixed one is half good.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).
    voices
        Table of identified voices (``tables.VOICES``); those without a time are left out.
    expectation
        Id of the catalogue.
    touchpoint
        Only mentions at this touchpoint; all where None.

    Returns
    -------
    Table
        week (whole weeks since Monday 29 December 1969), n, good, squared (Σ over customers of their squared
        number of judgements); sorted by week.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#tally.

    Examples
    --------
    >>> import pyarrow as pa
    >>> lazy = lambda table: nw.from_native(table).lazy()
    >>> monday = datetime(2026, 3, 2)
    >>> voices = pa.table(
    ...     {"voice_id": ["a", "b", "c"], "time": [monday] * 3, "customer": ["x", "x", None]},
    ...     schema=pa.schema(
    ...         [("voice_id", pa.string()), ("time", pa.timestamp("us")), ("customer", pa.string())]
    ...     ),
    ... )
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": ["a", "b", "c"],
    ...         "expectation": ["on_time"] * 3,
    ...         "touchpoint": ["receive"] * 3,
    ...         "polarity": ["met", "unmet", "mixed"],
    ...     }
    ... )
    >>> found = met_by_week(lazy(mentions), voices=lazy(voices), expectation="on_time").collect()
    >>> week, n, good, squared = found.row(0)
    >>> week_begins(week).isoformat(), n, good, squared
    ('2026-03-02', 3, 1.5, 5.0)
    """
    judged = mentions.filter((nw.col("expectation") == expectation) & nw.col("polarity").is_in(list(_GOOD)))
    if touchpoint is not None:
        judged = judged.filter(nw.col("touchpoint") == touchpoint)
    worth = (
        nw.when(nw.col("polarity") == "met")
        .then(1.0)
        .otherwise(nw.when(nw.col("polarity") == "mixed").then(0.5).otherwise(0.0))
    )
    said = judged.with_columns(worth=worth).select("voice_id", "worth")
    return _by_week(said.join(_dated(voices), on="voice_id", how="inner"))


def rated_by_week(voices: Table) -> Table:
    """Ratings (0–1) week by week, as ``met_by_week`` gives judgements.

    Parameters
    ----------
    voices
        Table of identified voices; those without time or rating are left out.

    Returns
    -------
    Table
        week, n, good (sum of the ratings), squared; sorted by week.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#tally.

    Examples
    --------
    >>> import pyarrow as pa
    >>> row = {"voice_id": "a", "time": datetime(2026, 3, 8, 23), "customer": "x", "rating": 0.25}
    >>> rated_by_week(nw.from_native(pa.Table.from_pylist([row])).lazy()).collect()["good"].to_list()
    [0.25]
    """
    rated = voices.filter(~nw.col("rating").is_null()).select("voice_id", worth="rating")
    return _by_week(rated.join(_dated(voices), on="voice_id", how="inner"))


def kept_by_week(episodes: Table, *, as_of: datetime, where: Mapping[str, str] | None = None) -> Table:
    """Promises kept week by week of the promise, as ``met_by_week`` gives judgements.

    Cancelled episodes, and open ones whose promise has not passed, count as neither.

    Parameters
    ----------
    episodes
        Table of episodes (``tables.EPISODES`` and group columns).
    as_of
        Moment up to which the record of the episodes reaches.
    where
        Only episodes whose columns have these values.

    Returns
    -------
    Table
        week, n, good (kept), squared; sorted by week.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#tally.

    Examples
    --------
    >>> import pyarrow as pa
    >>> row = {
    ...     "episode": "a",
    ...     "start": datetime(2026, 3, 1),
    ...     "promised": datetime(2026, 3, 5),
    ...     "delivered": datetime(2026, 3, 5, 18),
    ...     "by_day": True,
    ...     "cancelled": False,
    ...     "customer": "x",
    ... }
    >>> episodes = nw.from_native(pa.Table.from_pylist([row])).lazy()
    >>> kept_by_week(episodes, as_of=datetime(2026, 4, 1)).collect()["good"].to_list()
    [1.0]
    """
    promised = episodes.filter(~nw.col("cancelled").fill_null(False) & ~nw.col("promised").is_null())
    for column, value in (where or {}).items():
        promised = promised.filter(nw.col(column) == value)
    ended = nw.coalesce("delivered", nw.lit(as_of))
    by_day = nw.col("by_day").fill_null(False)
    on_day = ended.dt.truncate("1d") <= nw.col("promised").dt.truncate("1d")
    on_time = ended <= nw.col("promised")
    met = nw.when(by_day).then(on_day.cast(nw.Float64)).otherwise(on_time.cast(nw.Float64))
    pending = nw.col("delivered").is_null() & (nw.col("worth") > 0.0)
    judged = promised.with_columns(worth=met).filter(~pending)
    return _by_week(judged.select("worth", week=_week("promised"), person=_person("episode")))


def tallies(rows: Iterable[Mapping[str, Any]]) -> tuple[Tally, ...]:
    """The rows of a table by week as records.

    Parameters
    ----------
    rows
        Collected rows of ``met_by_week``, ``rated_by_week`` or ``kept_by_week``.

    Returns
    -------
    tuple of Tally
        In the order of the weeks.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#tally.

    Examples
    --------
    >>> tallies([{"week": 2931, "n": 3, "good": 1.5, "squared": 5.0}])[0].week.isoformat()
    '2026-03-02'
    """
    found = [
        Tally(week_begins(int(row["week"])), int(row["n"]), float(row["good"]), float(row["squared"]))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: one.week))


def week_begins(week: int) -> date:
    """The Monday on which a week begins, counted from Monday 29 December 1969.

    Parameters
    ----------
    week
        Whole weeks since then.

    Returns
    -------
    date
        A Monday.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#tally.

    Examples
    --------
    >>> week_begins(0).isoformat()
    '1969-12-29'
    """
    return MONDAY + timedelta(weeks=week)


def week_of(day: date) -> int:
    """The week a day lies in, counted from Monday 29 December 1969.

    Parameters
    ----------
    day
        Any day from then on.

    Returns
    -------
    int
        Whole weeks since then.

    Raises
    ------
    BadOption
        If the day lies before.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#tally.

    Examples
    --------
    >>> week_of(date(2026, 3, 8))
    2931
    """
    if day < MONDAY:
        raise BadOption(f"{day} lies before {MONDAY}.", hint="Give a later day.")
    return (day - MONDAY).days // 7


def _dated(voices: Table) -> Table:
    timed = voices.filter(~nw.col("time").is_null())
    return timed.select("voice_id", week=_week("time"), person=_person("voice_id"))


def _week(column: str) -> nw.Expr:
    since = nw.col(column) - nw.lit(datetime(MONDAY.year, MONDAY.month, MONDAY.day))
    return (since.dt.total_seconds().cast(nw.Float64) / _WEEK).floor().cast(nw.Int64)


def _person(own: str) -> nw.Expr:
    """Who speaks; whoever is unknown is a customer of their own."""
    return (
        nw.when(nw.col("customer").is_null())
        .then(nw.concat_str(nw.lit("v"), nw.col(own)))
        .otherwise(nw.concat_str(nw.lit("c"), nw.col("customer")))
    )


def _by_week(judged: Table) -> Table:
    people = judged.group_by("week", "person").agg(n=nw.len(), good=nw.col("worth").sum())
    squared = people.with_columns(squared=(nw.col("n") * nw.col("n")).cast(nw.Float64))
    summed = squared.group_by("week").agg(nw.col("n", "good", "squared").sum())
    # Sums of integers come back as 128 bits from DuckDB; no count needs them.
    return summed.with_columns(
        nw.col("week", "n").cast(nw.Int64), nw.col("good", "squared").cast(nw.Float64)
    ).sort("week")
