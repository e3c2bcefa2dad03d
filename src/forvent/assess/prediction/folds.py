"""Stretches of time: the past to learn from, the next to calibrate on, the last to test on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: The last part of the cases is tested on, in so many steps; before each step all is learned anew.
TESTED, STEPS = 0.4, 4
#: Of so many cases two steps are enough.
MANY, FEWER_STEPS = 50_000, 2
#: The part of the cases right before a step calibrates what was learned on all before it.
CALIBRATING = 0.25
#: Share of the outcomes that are known after the usual delay.
USUALLY_KNOWN = 0.95
#: Part of a stretch that may be left out because outcomes were not known yet.
MOST_LEFT_OUT = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Positions of the cases to learn from, to calibrate on and to test on, one after the other in time."""

    train: Codes
    calibrate: Codes
    test: Codes


def folds(moment: Floats, *, known_at: Floats) -> tuple[Fold, ...]:
    """Steps through the last part of the cases, each with what had been known when it began.

    To learn from and to calibrate on come only cases whose outcome was known by then. Those so late before
    the end of a stretch that their outcome often was not known yet are left out whole, quick and slow ones
    alike: else a stretch would end with the quick ones alone. So late is the time in which 95 % of the
    outcomes became known, at most four fifths of the stretch.

    Parameters
    ----------
    moment
        When each case is looked at, seconds, shape (n,).
    known_at
        When its outcome came to be known, shape (n,), not before ``moment``.

    Returns
    -------
    tuple of Fold
        Four, whose tests are the last 40 % of the cases, one after the other; two from 50,000 cases on,
        fewer where cases share a moment, none where there are none.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md#stretches.

    Examples
    --------
    >>> day = np.arange(20.0)
    >>> first = folds(day, known_at=day + 1)[0]
    >>> first.train.tolist(), first.calibrate.tolist(), first.test.tolist()
    ([0, 1, 2, 3, 4, 5], [7, 8, 9, 10], [12, 13])
    """
    if moment.size == 0:
        return ()
    steps = STEPS if moment.size < MANY else FEWER_STEPS
    marks = 1.0 - TESTED + TESTED * np.arange(steps + 1) / steps
    edges = np.unique(np.quantile(moment, marks[:-1], method="higher"))
    # The last cases are tested on only where nearly all outcomes of their time are known.
    end = _settled_end(moment, known_at, first=float(edges[-1]))
    found = []
    for begin, last in zip(edges, [*edges[1:], np.inf], strict=True):
        train, calibrate = _learned_by(moment, known_at, begin=float(begin))
        test = np.flatnonzero((moment >= begin) & (moment < last) & (moment <= end))
        found.append(Fold(train, calibrate, test))
    return tuple(fold for fold in found if fold.test.size)


def newest_fold(moment: Floats, *, known_at: Floats) -> Fold:
    """Everything known to learn from and calibrate on, for cases whose outcome is not known yet.

    Parameters
    ----------
    moment
        When each case is looked at, seconds, shape (n,), n at least 1.
    known_at
        When its outcome came to be known, shape (n,).

    Returns
    -------
    Fold
        Its test is empty.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md#stretches.

    Examples
    --------
    >>> day = np.arange(20.0)
    >>> newest_fold(day, known_at=day + 1).calibrate.tolist()
    [15, 16, 17, 18, 19]
    """
    begin = float(known_at.max()) + 1.0
    train, calibrate = _learned_by(moment, known_at, begin=begin)
    return Fold(train, calibrate, np.zeros(0, dtype=np.int64))


def _learned_by(moment: Floats, known_at: Floats, *, begin: float) -> tuple[Codes, Codes]:
    """What can be learned from and calibrated on at a moment."""
    before = moment[moment < begin]
    if before.size == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    share = max(0.0, 1.0 - CALIBRATING * moment.size / before.size)
    middle = float(np.quantile(before, share, method="higher"))
    delay = _delay(moment, known_at)
    known = known_at < begin
    train = (
        (moment <= middle - _late(delay, middle - float(before[0]))) & (moment < middle) & (known_at < middle)
    )
    calibrate = (moment >= middle) & (moment <= begin - _late(delay, begin - middle)) & known
    return np.flatnonzero(train), np.flatnonzero(calibrate)


def _settled_end(moment: Floats, known_at: Floats, *, first: float) -> float:
    end = float(known_at.max())
    return end - _late(_delay(moment, known_at), end - first)


def _delay(moment: Floats, known_at: Floats) -> float:
    return float(np.quantile(known_at - moment, USUALLY_KNOWN))


def _late(delay: float, length: float) -> float:
    return min(delay, MOST_LEFT_OUT * length)
