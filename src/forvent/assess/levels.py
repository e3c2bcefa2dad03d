"""Stated levels of an expectation beside what was got."""

from __future__ import annotations

import narwhals as nw
import numpy as np
from numpy.typing import ArrayLike

from forvent.assess.judgements import Floats
from forvent.records import LevelComparison
from forvent.stats import quantile_interval
from forvent.tables import Table

# So many evenly spaced order statistics still draw the distribution.
MOST_SHOWN = 501


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
    )


def _sorted(values: ArrayLike) -> Floats:
    numbers = np.asarray(values, dtype=np.float64)
    return np.sort(numbers[np.isfinite(numbers)])


def _shown(ordered: Floats) -> tuple[float, ...]:
    if ordered.size <= MOST_SHOWN:
        return tuple(ordered.tolist())
    places = np.linspace(0, ordered.size - 1, MOST_SHOWN).round().astype(np.int64)
    return tuple(ordered[places].tolist())
