"""How often the promise was kept, for all cases and for each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from forvent.adjust.outcomes import OTHER
from forvent.records import KeptRate, NotEnough
from forvent.stats import wilson
from forvent.tables import Table

LEAST_CASES = 5
DAY = 86_400.0
COUNTED = ("kept", "broken", "pending")


def kept_by_group(outcomes: Table, *, by: str | None = None) -> Table:
    """How many promises were kept, broken or are pending, and how long promise, wait and slack were.

    Parameters
    ----------
    outcomes
        Result of ``outcomes``; ``name_groups`` first bounds the number of groups.
    by
        Group column; None counts all cases as one group.

    Returns
    -------
    Table
        One row a group: ``value`` (null for all cases), ``cases``, ``kept``, ``broken``,
        ``pending``, ``mean_promise_days`` (over promised cases that were not cancelled),
        ``median_wait_days`` (over delivered cases) and ``slack_days`` (median over delivered
        promised cases). Sorted by cases, most first, then by value.

    Source
    ------
    Our own definition, docs/formulas/adjust.md#kept.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"outcome": ["kept", "kept", "broken", "pending"], "place": ["a", "b", "b", "b"]}
    >>> rows |= {name: [1.0] * 4 for name in ("wait_seconds", "promised_seconds", "slack_seconds")}
    >>> counted = kept_by_group(nw.from_native(pa.table(rows)).lazy(), by="place").collect()
    >>> counted.select("value", "kept", "broken", "pending").rows()
    [('b', 1, 1, 1), ('a', 1, 0, 0)]
    """
    promised = nw.col("outcome").is_in(list(COUNTED))
    value = nw.lit(None).cast(nw.String) if by is None else nw.col(by).cast(nw.String)
    flagged = outcomes.with_columns(
        value.alias("value"),
        nw.lit(1).alias("cases"),
        *((nw.col("outcome") == name).cast(nw.Int64).alias(f"_{name}") for name in COUNTED),
        (nw.when(promised).then(nw.col("promised_seconds")) / DAY).alias("_promise"),
        (nw.when(promised).then(nw.col("slack_seconds")) / DAY).alias("_slack"),
        (nw.col("wait_seconds") / DAY).alias("_wait"),
    )
    counted = flagged.group_by("value").agg(
        nw.col("cases").sum(),
        *(nw.col(f"_{name}").sum().alias(name) for name in COUNTED),
        nw.col("_promise").mean().alias("mean_promise_days"),
        nw.col("_wait").median().alias("median_wait_days"),
        nw.col("_slack").median().alias("slack_days"),
    )
    # Sums of integers come back as 128 bits from DuckDB; no count needs them.
    whole = counted.with_columns(nw.col("cases", *COUNTED).cast(nw.Int64))
    return whole.sort("cases", "value", descending=[True, False])


def kept_rates(
    counts: Iterable[Mapping[str, Any]], *, column: str | None = None, level: float = 0.95
) -> tuple[KeptRate, ...]:
    """Kept rate with Wilson's interval for each row of counts.

    Fewer than five judged promises give no rate: three of three is not 100 %. The
    interval supposes independent cases; one storm that delays many makes it too narrow.
    While cases are pending the rate is a little too good, since early deliveries are known first.

    Parameters
    ----------
    counts
        Collected rows of ``kept_by_group``.
    column
        The group column they were counted by; None for all cases.
    level
        Confidence level of the intervals.

    Returns
    -------
    tuple of KeptRate
        In the order of the rows, with "(other)" last; lengths in days, None where none is known.

    Source
    ------
    Wilson (1927), JASA 22(158), 209–212.

    Examples
    --------
    >>> row = {"value": None, "kept": 93, "broken": 7, "pending": 4}
    >>> row |= {"mean_promise_days": 24.0, "median_wait_days": 10.0, "slack_days": 12.5}
    >>> rate = kept_rates([row])[0]
    >>> rate.kept.value, round(rate.kept.low, 3), rate.kept.n, rate.pending
    (0.93, 0.863, 100, 4)
    """
    rows = sorted(counts, key=lambda row: row["value"] == OTHER)
    return tuple(_rate(row, column=column, level=level) for row in rows)


def _rate(row: Mapping[str, Any], *, column: str | None, level: float) -> KeptRate:
    kept, n = int(row["kept"]), int(row["kept"]) + int(row["broken"])
    too_few = NotEnough(n=n, needed=LEAST_CASES, why="too few promises have come due")
    return KeptRate(
        group={} if column is None else {column: str(row["value"])},
        kept=wilson(kept, n, level=level) if n >= LEAST_CASES else too_few,
        pending=int(row["pending"]),
        mean_promise_days=row["mean_promise_days"],
        median_wait_days=row["median_wait_days"],
        slack_days=row["slack_days"],
    )
