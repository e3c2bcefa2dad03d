"""Voices counted by what they say of an expectation, and the share that find it met."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from forvent.records import Estimate, MentionCounts, NotEnough
from forvent.stats import wilson
from forvent.tables import POLARITIES, Table

LEAST_JUDGED = 5


def counts_by_expectation(mentions: Table, *, by: Sequence[str] = ("expectation", "stage")) -> Table:
    """How many voices say of each expectation that it was met, unmet, mixed or wished for.

    A voice counts once per expectation, since the table of mentions holds one row for
    both. Add "touchpoint" to ``by`` for the counts at each touchpoint.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``).
    by
        Columns to count within.

    Returns
    -------
    Table
        The columns of ``by`` and met, unmet, mixed, wished (integers), sorted by ``by``.

    Source
    ------
    Our own definition, docs/formulas/assess.md#share-met.

    Examples
    --------
    >>> import narwhals as nw, pyarrow as pa
    >>> rows = pa.table(
    ...     {"expectation": ["on_time"] * 3, "stage": ["receive"] * 3, "polarity": ["met", "unmet", "unmet"]}
    ... )
    >>> counts = counts_by_expectation(nw.from_native(rows).lazy()).collect()
    >>> counts["unmet"].to_list()
    [2]
    """
    said = mentions.with_columns(**{name: (nw.col("polarity") == name).cast(nw.Int64) for name in POLARITIES})
    # Sums of integers come back as 128 bits from DuckDB; no count needs them.
    counted = said.group_by(*by).agg(*(nw.col(name).sum() for name in POLARITIES))
    return counted.with_columns(nw.col(*POLARITIES).cast(nw.Int64)).sort(*by)


def share_met(
    counts: MentionCounts, *, level: float = 0.95, least: int = LEAST_JUDGED
) -> Estimate | NotEnough:
    r"""Share of judging voices that say it was met; a mixed voice is half.

    :math:`(\text{met}+\tfrac12\text{mixed})/(\text{met}+\text{unmet}+\text{mixed})` with Wilson's
    interval. It is the share among those who write about it, not among all customers.

    Parameters
    ----------
    counts
        Voices by what they say.
    level
        Confidence level, inside (0, 1).
    least
        Judging voices below which there is no number.

    Returns
    -------
    Estimate or NotEnough
        The share, 0–1.

    Source
    ------
    Our own definition, docs/formulas/assess.md#share-met.

    Examples
    --------
    >>> share_met(MentionCounts(met=6, unmet=3, mixed=2, wished=4)).value
    0.6363636363636364
    """
    if counts.judged < least:
        return NotEnough(n=counts.judged, needed=least, why="too few voices say whether it was met")
    return judged_share(counts, level=level)


def judged_share(counts: MentionCounts, *, level: float) -> Estimate:
    """Share met, however few voices judge.

    Parameters
    ----------
    counts
        Voices by what they say, at least one of them judging.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        The share, 0–1.

    Raises
    ------
    TooFewObservations
        If nobody judges.

    Source
    ------
    Our own definition, docs/formulas/assess.md#share-met.

    Examples
    --------
    >>> judged_share(MentionCounts(met=1, unmet=0, mixed=1, wished=0), level=0.95).value
    0.75
    """
    return wilson(counts.met + counts.mixed / 2, counts.judged, level=level)
