"""Kinds of expectations in the two halves of a time, and which surely moved."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forvent.assess.asymmetry import asymmetries
from forvent.assess.contrast import contrast
from forvent.assess.judgements import judgements, speaking_voices
from forvent.assess.kind_changes import SidedGroup, kind_changes
from forvent.records import Estimate, KindDrift
from forvent.tables import Table

#: Rated voices that each half needs.
LEAST_RATED = 100


def timed_voices(voices: Table) -> Table:
    """Rated voices that say something and whose time is known.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        The columns voice_id, rating, customer and time.

    Source
    ------
    Our own definition, docs/formulas/assess.md#kind-drift.

    Examples
    --------
    >>> rows = [
    ...     {"voice_id": name, "rating": 1.0, "customer": "c", "content_free": False, "time": time}
    ...     for name, time in (("a", datetime(2025, 1, 1)), ("b", None))
    ... ]
    >>> timed_voices(nw.from_native(pa.Table.from_pylist(rows)).lazy()).collect()["voice_id"].to_list()
    ['a']
    """
    timed = voices.filter(~nw.col("time").is_null() & ~nw.col("rating").is_null())
    known = timed.select("voice_id", "time")
    return speaking_voices(timed).join(known, on="voice_id", how="inner")


def kind_drift(
    mentions: pa.Table,
    *,
    voices: pa.Table,
    rng: np.random.Generator,
    rounds: int = 500,
    level: float = 0.95,
) -> KindDrift | None:
    """What became of the kinds: the later half of the rated voices beside the earlier one.

    Each half has a contrast and kinds of its own. An expectation is said to have become another kind only
    where it is decided in both halves, the kinds differ, and the difference is a discovery among all
    expectations. Customers who speak in both halves are taken for different people: then the intervals are
    rather too wide.

    Parameters
    ----------
    mentions
        Collected ``judged_mentions``.
    voices
        Collected ``timed_voices``.
    rng
        Source of randomness of the bootstrap.
    rounds
        Bootstrap rounds.
    level
        Level of the intervals, and one minus the false discovery rate.

    Returns
    -------
    KindDrift or None
        Changes in alphabetical order; None where a half has fewer than a hundred rated voices.

    Source
    ------
    Our own definition, docs/formulas/assess.md#kind-drift.

    Examples
    --------
    >>> none = pa.table({"voice_id": pa.array([], pa.string()), "time": pa.array([], pa.timestamp("us"))})
    >>> print(kind_drift(none, voices=none, rng=np.random.default_rng(1)))
    None
    """
    if voices.num_rows < 2 * LEAST_RATED:
        return None
    times = pc.sort_indices(voices, sort_keys=[("time", "ascending"), ("voice_id", "ascending")])
    ordered = voices.take(times)
    parted: datetime = ordered["time"][(ordered.num_rows - 1) // 2].as_py()
    early = pc.less_equal(ordered["time"], pa.scalar(parted, ordered["time"].type))
    halves = [ordered.filter(early), ordered.filter(pc.invert(early))]
    if min(half.num_rows for half in halves) < LEAST_RATED:
        return None
    names = tuple(sorted(pc.unique(mentions["expectation"]).to_pylist()))
    groups = [_sided(mentions, half, names=names, rng=rng, rounds=rounds, level=level) for half in halves]
    return KindDrift(
        first=ordered["time"][0].as_py(),
        parted=parted,
        last=ordered["time"][-1].as_py(),
        voices=(halves[0].num_rows, halves[1].num_rows),
        changes=kind_changes([groups], names=names, level=level)[0],
        level=level,
    )


def _sided(
    mentions: pa.Table,
    voices: pa.Table,
    *,
    names: tuple[str, ...],
    rng: np.random.Generator,
    rounds: int,
    level: float,
) -> SidedGroup:
    """Sides and kinds of one half; what it does not hold counts for nothing."""
    judged = judgements(mentions, voices=voices)
    fit = contrast(judged, rng=rng, rounds=rounds)
    found = asymmetries(judged, contrast=fit, level=level)
    penalty, reward = np.zeros((rounds + 1, len(names))), np.zeros((rounds + 1, len(names)))
    n, kinds = np.zeros(len(names)), ["undecided"] * len(names)
    for code, one in enumerate(found):
        at = names.index(one.expectation)
        penalty[:, at] = np.concatenate([[fit.penalty[code]], fit.penalty_draws[:, code]])
        reward[:, at] = np.concatenate([[fit.reward[code]], fit.reward_draws[:, code]])
        kinds[at] = one.kind
        if isinstance(one.penalty, Estimate) and isinstance(one.reward, Estimate):
            n[at] = fit.unmet[code] + fit.met[code]
    return SidedGroup(penalty, reward, n, tuple(kinds))
