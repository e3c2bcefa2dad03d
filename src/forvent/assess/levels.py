"""Stated levels of an expectation beside what was got."""

from __future__ import annotations

import narwhals as nw
import numpy as np
from numpy.typing import ArrayLike

from forvent.assess.joined import DAY, TIME
from forvent.assess.judgements import Codes, Floats
from forvent.assess.surveyed.middle import middle_difference
from forvent.records import Estimate, LevelComparison, LevelGap, NotEnough
from forvent.stats import quantile_interval
from forvent.stats.clusters import ClusterSums, clustered_share
from forvent.tables import Table

# So many evenly spaced order statistics still draw the distribution.
MOST_SHOWN = 501
SAID, RECORD = "said", "record"
LEAST_PAIRS = 5


def stated_levels(mentions: Table) -> Table:
    """Durations that customers expected or say they got, in seconds.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).

    Returns
    -------
    Table
        The columns expectation, voice_id, level_seconds and experienced_seconds of the
        mentions that hold at least one duration.

    Source
    ------
    Our own definition, docs/formulas/assess.md#levels.

    Examples
    --------
    >>> import narwhals as nw, pyarrow as pa
    >>> rows = pa.table(
    ...     {
    ...         "expectation": ["on_time"] * 2,
    ...         "voice_id": ["a", "b"],
    ...         "level_seconds": [172800.0, None],
    ...         "experienced_seconds": pa.nulls(2, pa.float64()),
    ...     }
    ... )
    >>> stated_levels(nw.from_native(rows).lazy()).collect()["voice_id"].to_list()
    ['a']
    """
    level, experienced = nw.col("level_seconds"), nw.col("experienced_seconds")
    kept = mentions.filter(~level.is_null() | ~experienced.is_null())
    columns = ("expectation", "voice_id", "level_seconds", "experienced_seconds")
    return kept.select(*columns).sort("expectation", "voice_id")


def compare_levels(
    expectation: str,
    *,
    stated: ArrayLike,
    experienced: ArrayLike,
    delivered: ArrayLike = (),
    paired: tuple[LevelGap, ...] = (),
    level: float = 0.95,
) -> LevelComparison:
    """Median of what customers expect beside the median of what they get.

    People who name a duration are no sample of all customers: they name it more often
    when it was missed.

    Parameters
    ----------
    expectation
        Id of the expectation.
    stated
        Stated levels in seconds, NaN where none was stated.
    experienced
        What the same voices say they got, in seconds, NaN where nothing.
    delivered
        What the episodes record, in seconds; empty where there are none.
    paired
        Stated and got of the same voices, as ``level_gap`` gives them.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    LevelComparison
        Sorted values (long series thinned to 501 order statistics) and both medians with
        order-statistic intervals. Fewer values than the level needs (six at 95 %) are NotEnough.

    Source
    ------
    Our own definition, docs/formulas/assess.md#levels.

    Examples
    --------
    >>> day = 86_400.0
    >>> found = compare_levels("fast_delivery", stated=[2 * day] * 6, experienced=[day * 5] * 3)
    >>> found.stated_median.value / day, found.delivered_median.needed
    (2.0, 6)
    """
    said, got, recorded = (_sorted(values) for values in (stated, experienced, delivered))
    return LevelComparison(
        expectation=expectation,
        stated=_shown(said),
        experienced=_shown(got),
        stated_median=quantile_interval(said, level=level),
        delivered_median=quantile_interval(recorded if recorded.size else got, level=level),
        delivered=_shown(recorded),
        paired=paired,
    )


def paired_levels(voices: Table, *, mentions: Table, episodes: Table | None = None) -> Table:
    """What each voice stated beside what it says it got, and what the record of its episode says.

    Every voice that names a duration counts, whether it was met or not: those that name one only because
    it was missed would make any business look slow.

    Parameters
    ----------
    voices
        Table of identified voices.
    mentions
        Table of mentions.
    episodes
        Table of episodes, each once; None where there are none.

    Returns
    -------
    Table
        The columns expectation, voice_id, customer, stated_seconds, experienced_seconds and
        delivered_seconds of the mentions with a stated duration. Delivered is known of on_time and
        fast_delivery only, from start to delivery; where whole days were stated it counts calendar
        days, as a promise of a day does. Open and cancelled episodes have none.

    Source
    ------
    Our own definition, docs/formulas/assess.md#levels.

    Examples
    --------
    Two days were expected; ordered at noon, it came on the evening of the second day after:

    >>> import pyarrow as pa
    >>> from datetime import datetime
    >>> lazy = lambda row: nw.from_native(pa.Table.from_pylist([row])).lazy()
    >>> told = {"voice_id": "a", "expectation": "on_time", "level_seconds": 172800.0}
    >>> episode = {"episode": "o", "start": datetime(2024, 5, 1, 12), "cancelled": False}
    >>> rows = paired_levels(
    ...     lazy({"voice_id": "a", "customer": "c", "episode": "o"}),
    ...     mentions=lazy(told | {"experienced_seconds": 259200.0}),
    ...     episodes=lazy(episode | {"delivered": datetime(2024, 5, 3, 20)}),
    ... )
    >>> row = rows.collect().to_native().to_pylist()[0]
    >>> row["stated_seconds"], row["experienced_seconds"], row["delivered_seconds"]
    (172800.0, 259200.0, 172800.0)
    """
    told = mentions.filter(~nw.col("level_seconds").is_null()).select(
        "voice_id", "expectation", "experienced_seconds", stated_seconds=nw.col("level_seconds")
    )
    found = told.join(voices.select("voice_id", "customer", "episode"), on="voice_id", how="inner")
    if episodes is None:
        found = found.with_columns(delivered_seconds=nw.lit(None).cast(nw.Float64))
    else:
        took = episodes.filter(~nw.col("cancelled").fill_null(False)).select("episode", "start", "delivered")
        found = found.join(took, on="episode", how="left").with_columns(delivered_seconds=_took())
    columns = ("expectation", "voice_id", "customer", "stated_seconds", "experienced_seconds")
    return found.select(*columns, "delivered_seconds").sort("expectation", "voice_id")


def _took() -> nw.Expr:
    """Start to delivery; in calendar days where whole days were stated; only of what is delivered."""
    start, delivered, stated = nw.col("start"), nw.col("delivered"), nw.col("stated_seconds")
    by_day = (delivered.dt.truncate("1d") - start.dt.truncate("1d")).dt.total_seconds()
    exact = (delivered - start).dt.total_seconds()
    seconds = nw.when(stated % DAY == 0.0).then(by_day).otherwise(exact).cast(nw.Float64)
    return nw.when(nw.col("expectation").is_in(list(TIME))).then(seconds)


def level_gap(
    stated: ArrayLike, *, got: ArrayLike, customers: Codes, basis: str, level: float = 0.95
) -> LevelGap:
    """What the same people stated and got: by how much it took longer, and how many got worse than stated.

    Parameters
    ----------
    stated
        Stated durations in seconds, shape (n,).
    got
        What was got, in seconds, shape (n,), NaN where it is not known.
    customers
        Code of the customer, shape (n,).
    basis
        "said" where the voices tell what they got, "record" where the episodes do.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    LevelGap
        The median of got minus stated (positive: longer than stated) and the share that got longer than
        stated, both with intervals that know who is there several times. Fewer than five pairs, or of fewer
        than five customers, are NotEnough.

    Source
    ------
    Our own definition (interval of the median: Woodruff 1952, JASA 47(260), 635–646),
    docs/formulas/assess.md#levels.

    Examples
    --------
    Two days expected six times, and five got:

    >>> day = 86_400.0
    >>> found = level_gap([2 * day] * 6, got=[5 * day] * 6, customers=np.arange(6), basis="said")
    >>> found.gap.value / day, found.longer.value
    (3.0, 1.0)
    """
    expected, received = (np.asarray(values, dtype=np.float64) for values in (stated, got))
    both = np.isfinite(expected) & np.isfinite(received)
    difference, people = (received - expected)[both], customers[both]
    n, who = difference.size, np.unique(people).size
    if min(n, who) < LEAST_PAIRS:
        few = NotEnough(min(n, who), LEAST_PAIRS, "too few customers name both what they expected and got")
        return LevelGap(basis, n, few, few)
    gap = middle_difference(difference, person=people, level=level)
    return LevelGap(basis, n, gap, _share_above(difference, people, level=level))


def _share_above(difference: Floats, people: Codes, *, level: float) -> Estimate:
    codes = np.unique(people, return_inverse=True)[1]
    cases = np.bincount(codes).astype(np.float64)
    hits = np.bincount(codes, weights=(difference > 0.0).astype(np.float64))
    sums = ClusterSums(
        clusters=cases.size,
        cases=int(cases.sum()),
        successes=float(hits.sum()),
        cases_squared=float(cases @ cases),
        successes_squared=float(hits @ hits),
        products=float(hits @ cases),
    )
    return clustered_share(sums, level=level).estimate


def _sorted(values: ArrayLike) -> Floats:
    numbers = np.asarray(values, dtype=np.float64)
    return np.sort(numbers[np.isfinite(numbers)])


def _shown(ordered: Floats) -> tuple[float, ...]:
    if ordered.size <= MOST_SHOWN:
        return tuple(ordered.tolist())
    places = np.linspace(0, ordered.size - 1, MOST_SHOWN).round().astype(np.int64)
    return tuple(ordered[places].tolist())
