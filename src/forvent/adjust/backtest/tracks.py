"""How one way of promising did over the cases of a backtest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats, History
from forvent.adjust.outcomes import MOST_GROUPS
from forvent.adjust.tried import members_by_group
from forvent.records import Estimate, KeptSlice, NotEnough, Track
from forvent.stats import wilson

OURS = "ours"
LEAST_OF_SLICE = 5
#: Cases that a month needs to count as the worst one; where no month has as many, the lesser number.
LEAST_OF_MONTH = (100, 30)
#: A promise is padded where the case needed this share of it or less.
PADDED = 0.5
_STRETCH = (0.02, 50.0)


class Judged:
    """The cases that all ways are judged on, with their months and groups."""

    def __init__(self, cases: History, *, level: float, by: str | None) -> None:
        self.cases = cases
        self.level = level
        self.months: NDArray[np.str_] = (
            cases.start.astype("datetime64[s]").astype("datetime64[M]").astype(str)
        )
        self.groups = members_by_group(cases, by, most=MOST_GROUPS)


def track(judged: Judged, name: str, promised: Floats, *, ours: Floats) -> Track:
    """What one way promised and kept, by month and group, and at equal kept share with ours.

    Parameters
    ----------
    judged
        The cases.
    name
        Name of the way.
    promised
        What it promised to each case, shape (n,), in the unit of the history.
    ours
        What we promised to each.

    Returns
    -------
    Track
        Months in order, groups by size; the worst month is among those with at least 100
        cases, or 30 where none has as many.

    Source
    ------
    Our own definition, docs/formulas/adjust-engine.md#tracks.

    Examples
    --------
    A promise of eight days to ten cases that take a day to ten; nine days would have kept nine of them:

    >>> days = np.arange(1.0, 11.0)
    >>> ten = History(np.zeros(10), days * 86400, days, np.full(10, np.nan), {}, "day", as_of=1e6)
    >>> found = track(Judged(ten, level=0.9, by=None), "fixed", np.full(10, 8.0), ours=np.full(10, 9.0))
    >>> found.kept.value, found.padded.value, round(found.mean_at_equal, 6)
    (0.8, 0.4, 9.0)
    """
    amount = judged.cases.amount
    # An open case is judged only where its promise has run out; the comparison with NaN says broken.
    kept = np.asarray(amount <= promised)
    by_month = [(str(month), judged.months == month) for month in np.unique(judged.months)]
    months = _slices(by_month, kept, promised)
    return Track(
        name=name,
        kept=_share(kept),
        mean_promise=float(promised.mean()),
        median_promise=float(np.median(promised)),
        padded=_share(np.asarray(amount <= PADDED * promised)),
        worst_month=_worst(months),
        months=months,
        groups=_slices(judged.groups, kept, promised),
        pinball=_pinball(amount, promised, level=judged.level),
        mean_at_equal=_mean_at(judged.cases, promised, share=float(np.mean(amount <= ours))),
    )


def _share(kept: NDArray[np.bool_]) -> Estimate | NotEnough:
    if kept.size < LEAST_OF_SLICE:
        return NotEnough(n=kept.size, needed=LEAST_OF_SLICE, why="too few cases")
    return wilson(int(kept.sum()), kept.size)


def _slices(
    slices: list[tuple[str, NDArray[np.bool_]]], kept: NDArray[np.bool_], promised: Floats
) -> tuple[KeptSlice, ...]:
    return tuple(
        KeptSlice(
            name, _share(kept[members]), float(promised[members].mean()), float(np.median(promised[members]))
        )
        for name, members in slices
    )


def _worst(months: tuple[KeptSlice, ...]) -> KeptSlice | None:
    for least in LEAST_OF_MONTH:
        known = [
            (month.kept.value, month)
            for month in months
            if isinstance(month.kept, Estimate) and month.kept.n >= least
        ]
        if known:
            return min(known, key=lambda one: one[0])[1]
    return None


def _pinball(amount: Floats, promised: Floats, *, level: float) -> float:
    closed = np.isfinite(amount)
    short = amount[closed] - promised[closed]
    return float(np.mean(np.where(short > 0, level * short, (level - 1.0) * short)))


def _mean_at(cases: History, promised: Floats, *, share: float) -> float | None:
    """Mean promise after all are stretched by the least factor that keeps a share; None where none does."""

    def stretched(factor: float) -> Floats:
        longer = promised * factor
        return np.floor(longer + 1e-9) if cases.by_day else longer

    if float(np.mean(cases.amount <= stretched(_STRETCH[1]))) < share or bool(np.any(promised < 0)):
        return None
    low, high = _STRETCH
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        if float(np.mean(cases.amount <= stretched(middle))) < share:
            low = middle
        else:
            high = middle
    return float(stretched(high).mean())
