"""Columns that look as if they were written down only afterwards."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.prediction.history import Column, EpisodeHistory
from forvent.records.prediction import LeftOutColumn

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

#: Open cases that are needed to see that a column is filled only afterwards, and by how much more it must be.
LEAST_OPEN, MORE_FILLED = 20, 0.3
#: A column that alone ranks outcomes so well was hardly known before.
TOO_WELL = 0.97
LEAST_OUTCOMES = 40
#: Levels of text at most, and the share of the cases that the common ones must cover.
MOST_LEVELS, LEAST_COVERED, COMMON = 250, 0.8, 5
_LEAVES = 64


def usable_columns(history: EpisodeHistory) -> tuple[dict[str, Column], tuple[LeftOutColumn, ...]]:
    """The columns that can have been known at the start, and the others with the reason.

    Left out is a column that is filled for ended cases but not for open ones, one that alone tells the
    outcome almost surely (AUC of 0.97 or more), and text with too many different values. What was written
    afterwards and tells less cannot be seen from the numbers: whoever names columns must know them.

    Parameters
    ----------
    history
        Episodes with their columns.

    Returns
    -------
    tuple of dict and LeftOutColumn
        Columns by name, and what was left out.

    Source
    ------
    Kaufman, Rosset, Perlich & Stitelman (2012), ACM TKDD 6(4), 15 (leakage); thresholds are our own.

    Examples
    --------
    >>> from forvent.assess.prediction.history import EpisodeHistory
    >>> n = np.arange(200)
    >>> sad, none = (n % 5 == 0).astype(float), np.full(200, np.nan)
    >>> state = {"due": none, "delivered": n + 1.0, "cancelled": n < 0, "sad": sad, "rating": none}
    >>> said = {"first_said": n + 2.0, "known": n + 2.0, "as_of": 300.0}
    >>> columns = {"refund": sad * 9.0, "size": n % 7 * 1.0}
    >>> names = tuple(map(str, n))
    >>> history = EpisodeHistory(names, names, n, n * 1.0, **state, **said, columns=columns)
    >>> kept, left = usable_columns(history)
    >>> list(kept), [(one.column, one.after) for one in left]
    (['size'], [('refund', True)])
    """
    kept: dict[str, Column] = {}
    left = []
    for name, values in history.columns.items():
        why, after = _fault(values, history)
        if why:
            left.append(LeftOutColumn(name, why, after))
        else:
            kept[name] = values
    return kept, tuple(left)


def _fault(values: Column, history: EpisodeHistory) -> tuple[str, bool]:
    filled = values != "" if values.dtype.kind == "U" else np.isfinite(values)
    if _filled_afterwards(filled, history):
        return "it is filled for ended cases and empty for open ones, so it is written only afterwards", True
    told = np.isfinite(history.sad)
    outcome = history.sad[told]
    rarer = min(outcome.sum(), outcome.size - outcome.sum())
    if rarer >= LEAST_OUTCOMES and ranks_alone(values[told], outcome=outcome) >= TOO_WELL:
        return "alone it tells the outcome almost surely, as only what is written afterwards does", True
    if values.dtype.kind == "U":
        _, counts = np.unique(values[filled], return_counts=True)
        common = counts[counts >= COMMON]
        if common.size > MOST_LEVELS or common.sum() < LEAST_COVERED * counts.sum():
            return "it has too many different values to learn from", False
    return "", False


def _filled_afterwards(filled: Flags, history: EpisodeHistory) -> bool:
    still = ~np.isfinite(history.delivered) & ~history.cancelled & ~np.isfinite(history.sad)
    ended = np.isfinite(history.delivered) & ~history.cancelled
    if np.count_nonzero(still) < LEAST_OPEN or not ended.any():
        return False
    return float(filled[ended].mean() - filled[still].mean()) >= MORE_FILLED


def ranks_alone(values: Column, *, outcome: Floats) -> float:
    """AUC of one column alone: each case is ranked by the share among the others with much the same value."""
    places = _places(values)
    n, came = np.bincount(places), np.bincount(places, weights=outcome)
    mean = float(outcome.mean())
    # The case itself is taken out, and one mean case put in, so that rare values tell nothing.
    share = (came[places] - outcome + mean) / n[places]
    ones, zeros = np.sort(share[outcome > 0.5]), share[outcome <= 0.5]
    below = np.searchsorted(ones, zeros, "left") + np.searchsorted(ones, zeros, "right")
    return float(1.0 - below.mean() / 2.0 / ones.size)


def _places(values: Column) -> NDArray[np.int64]:
    if values.dtype.kind == "U":
        return np.unique(values, return_inverse=True)[1].astype(np.int64)
    numbers = np.asarray(values, dtype=np.float64)
    there = np.isfinite(numbers)
    shares = np.linspace(0, 1, _LEAVES + 1)[1:-1]
    edges = np.unique(np.quantile(numbers[there], shares)) if there.any() else np.zeros(0)
    return np.where(there, np.searchsorted(edges, numbers, side="left") + 1, 0).astype(np.int64)
