"""What became of each episode's promise, and names for its groups."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw

from forvent.errors import BadOption
from forvent.tables import Table

# In brackets, so that no value of a file is taken for one of them by chance.
OTHER = "(other)"
UNKNOWN = "(unknown)"
MOST_GROUPS = 30


def outcomes(episodes: Table, *, as_of: datetime) -> Table:
    """Episodes with their wait, promise and slack, and whether the promise was kept.

    Only what was known at ``as_of`` counts: a delivery after it is still open. A promise
    of a day (``by_day``) is kept if the calendar date of delivery is not after it, whatever
    the hour. An open case whose promise has passed is broken. An open case that can still be
    kept, a cancelled case and a case without promise are neither kept nor broken.

    Parameters
    ----------
    episodes
        Table of episodes (``tables.EPISODES``), with or without group columns.
    as_of
        The moment of knowledge, UTC; for a finished record its latest time.

    Returns
    -------
    Table
        The episodes with ``wait_seconds`` (start to delivery as elapsed; null while open or
        cancelled), ``promised_seconds`` (start to promise) and ``slack_seconds`` (delivery to
        promise; below 0 is late), both in whole calendar days where ``by_day``; ``kept`` (null
        where neither) and ``outcome``: kept, broken, pending, cancelled or unpromised.

    Source
    ------
    Our own definition, docs/formulas/adjust.md#outcome.

    Examples
    --------
    Promised for the 3rd, delivered that day at 23:50, is kept with no day to spare:

    >>> import pyarrow as pa
    >>> row = {"start": datetime(2024, 5, 1, 9), "promised": datetime(2024, 5, 3)}
    >>> row |= {"delivered": datetime(2024, 5, 3, 23, 50), "by_day": True, "cancelled": False}
    >>> table = nw.from_native(pa.Table.from_pylist([row])).lazy()
    >>> seen = outcomes(table, as_of=datetime(2024, 6, 1)).collect().rows(named=True)[0]
    >>> seen["kept"], seen["slack_seconds"], seen["promised_seconds"] / 86400
    (True, 0.0, 2.0)
    """
    cancelled = nw.col("cancelled").fill_null(False)
    # Without "otherwise" a narwhals condition is null where it does not hold.
    known = nw.when((nw.col("delivered") <= nw.lit(as_of)) & ~cancelled).then(nw.col("delivered"))
    timed = episodes.with_columns(_known=known)
    timed = timed.with_columns(
        wait_seconds=_seconds(nw.col("_known") - nw.col("start")),
        promised_seconds=_span("start", "promised"),
        slack_seconds=_span("_known", "promised"),
        _left=_by_day(
            _seconds(nw.col("promised").dt.truncate("1d") - nw.lit(as_of).dt.truncate("1d")),
            _seconds(nw.col("promised") - nw.lit(as_of)),
        ),
    )
    return timed.with_columns(outcome=_outcome(cancelled)).with_columns(kept=_kept()).drop("_known", "_left")


def name_groups(outcomes: Table, *, by: str, most: int = MOST_GROUPS) -> Table:
    """Outcomes with the values of one column named: the largest kept, the rest as one.

    Nothing is dropped: values beyond the ``most`` with most cases become "(other)", and
    empty ones "(unknown)".

    Parameters
    ----------
    outcomes
        Table with the column ``by``.
    by
        Group column.
    most
        Values that keep their name; of equally large ones the first by the alphabet.

    Returns
    -------
    Table
        The same rows and columns, ``by`` as text.

    Raises
    ------
    BadOption
        If ``most`` is below 1.

    Source
    ------
    Our own definition, docs/formulas/adjust.md#groups.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"state": ["SP", "SP", "RJ", "RJ", "AC", None, None]})
    >>> named = name_groups(nw.from_native(rows).lazy(), by="state", most=2).collect()
    >>> sorted(named["state"].to_list())
    ['(other)', '(unknown)', '(unknown)', 'RJ', 'RJ', 'SP', 'SP']
    """
    if most < 1:
        raise BadOption(f"{most} groups cannot keep their name.", hint="Ask for 1 or more; 30 is usual.")
    columns = outcomes.collect_schema().names()
    largest = (
        outcomes.filter(~nw.col(by).is_null())
        .group_by(by)
        .agg(_size=nw.len())
        .sort("_size", by, descending=[True, False])
        .head(most)
        .select(by, _named=nw.col(by).cast(nw.String))
    )
    name = nw.when(nw.col(by).is_null()).then(nw.lit(UNKNOWN)).otherwise(nw.col("_named").fill_null(OTHER))
    return outcomes.join(largest, on=by, how="left").with_columns(name.alias(by)).select(columns)


def _seconds(length: nw.Expr) -> nw.Expr:
    # total_seconds() cuts fractions off towards zero: half a second late would be on time.
    return length.dt.total_microseconds() / 1_000_000


def _by_day(days: nw.Expr, elapsed: nw.Expr) -> nw.Expr:
    return nw.when(nw.col("by_day").fill_null(False)).then(days).otherwise(elapsed)


def _span(start: str, end: str) -> nw.Expr:
    """Seconds from one column to another: between calendar dates where the promise is by day."""
    dates = nw.col(end).dt.truncate("1d") - nw.col(start).dt.truncate("1d")
    return _by_day(_seconds(dates), _seconds(nw.col(end) - nw.col(start)))


def _outcome(cancelled: nw.Expr) -> nw.Expr:
    conditions = (
        (cancelled, "cancelled"),
        (nw.col("promised").is_null(), "unpromised"),
        (nw.col("slack_seconds") >= 0, "kept"),
        (nw.col("slack_seconds") < 0, "broken"),
        (nw.col("_left") < 0, "broken"),
    )
    chosen = nw.lit("pending")
    for condition, name in reversed(conditions):
        chosen = nw.when(condition).then(nw.lit(name)).otherwise(chosen)
    return chosen


def _kept() -> nw.Expr:
    decided = nw.col("outcome").is_in(["kept", "broken"])
    return nw.when(decided).then(nw.col("outcome") == "kept")
