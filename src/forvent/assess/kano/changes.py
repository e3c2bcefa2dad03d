"""How Better and Worse differ between segments and drift over waves, without crying wolf."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from forvent.assess.kano.cells import Cells, kind_counts
from forvent.assess.kano.features import FEW, LEAST
from forvent.errors import BadOption
from forvent.records import Estimate, KanoChange, KanoCounts, NotEnough
from forvent.stats import benjamini_hochberg, check_level

DIFFERS = "differs"
ALIKE = "no difference found"
UNKNOWN = "not enough data"


@dataclass(frozen=True, slots=True)
class _Tested:
    """A difference with its p value; both None where the data cannot carry it."""

    estimate: Estimate | NotEnough
    p: float | None


def weighted_difference(
    successes: Sequence[float], n: Sequence[int], *, weights: Sequence[float], level: float = 0.95
) -> tuple[Estimate, float]:
    r"""Weighted sum of independent shares, :math:`\sum c_i p_i`, with its interval and p value against 0.

    With m shares of weight other than 0 and :math:`\tilde p_i=(f_i+2/m)/(n_i+4/m)` the limits are

    .. math:: \sum c_i\tilde p_i \pm z\sqrt{\sum c_i^2\,\frac{\tilde p_i(1-\tilde p_i)}{n_i+4/m}}.

    Two shares with weights 1 and −1 give Agresti and Caffo's interval of a difference. The p value
    is one minus the level at which the interval just reaches 0.

    Parameters
    ----------
    successes
        Successes of each share.
    n
        Cases of each share, at least 1.
    weights
        Weight of each share, at least one other than 0.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    tuple
        The plain weighted sum with its limits, and the two-sided p value. The limits are cut to what can be
        and widened to hold the sum. ``n`` counts the cases of all shares.

    Raises
    ------
    BadOption
        If no weight is other than 0.

    Source
    ------
    Price & Bonett (2004), Computational Statistics & Data Analysis 45(3), 449–456.

    Examples
    --------
    Agresti and Caffo's way for 56 of 70 against 48 of 80: 57/72 − 49/82 ± 1.96·0.0722

    >>> found, p = weighted_difference([56, 48], [70, 80], weights=[1, -1])
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3), round(p, 4)
    (0.2, 0.052, 0.336, 0.0072)
    """
    check_level(level)
    used = [place for place, weight in enumerate(weights) if weight != 0.0]
    if not used:
        raise BadOption("All weights are 0.", hint="Give a share on either side of the difference.")
    weight = np.array([weights[place] for place in used])
    hits, cases = (np.array([row[place] for place in used], dtype=np.float64) for row in (successes, n))
    added = 2.0 / len(used)
    shares = (hits + added) / (cases + 2 * added)
    centre = float(weight @ shares)
    error = math.sqrt(float((weight**2 * shares * (1 - shares) / (cases + 2 * added)).sum()))
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    value = float(weight @ (hits / cases))
    lowest, highest = float(weight[weight < 0].sum()), float(weight[weight > 0].sum())
    low, high = max(lowest, centre - z * error), min(highest, centre + z * error)
    estimate = Estimate(value, min(low, value), max(high, value), n=int(cases.sum()), level=level)
    return estimate, math.erfc(abs(centre) / error / math.sqrt(2.0))


def segment_changes(
    cells: Cells, *, names: Sequence[str], level: float = 0.95, least: int = LEAST
) -> tuple[tuple[KanoChange, ...], ...]:
    """Better and Worse of each segment less those of all other segments together.

    The rates are Benjamini and Hochberg's over all segments, features and both numbers.

    Parameters
    ----------
    cells
        Counts, shape (segments, features, 5, 5).
    names
        Name of each feature.
    level
        Confidence level of the intervals, and one minus the false discovery rate.
    least
        Pairs in the denominator that either side needs.

    Returns
    -------
    tuple
        For each segment one change a feature.

    Source
    ------
    Price & Bonett (2004), Computational Statistics & Data Analysis 45(3), 449–456.

    Examples
    --------
    >>> cells = np.zeros((2, 1, 5, 5), dtype=np.int64)
    >>> cells[0, 0, 0, 2] = cells[1, 0, 2, 4] = 30
    >>> [change[0].verdict for change in segment_changes(cells, names=("chat",))]
    ['differs', 'differs']
    """
    tested = []
    for segment in range(cells.shape[0]):
        rest = np.delete(cells, segment, axis=0).sum(axis=0)
        for own, others in zip(cells[segment], rest, strict=True):
            tested.append(_tested([own, others], weights=[1.0, -1.0], level=level, least=least))
    changes = _changes(tested, names=list(names) * cells.shape[0], level=level)
    size = len(names)
    return tuple(tuple(changes[start : start + size]) for start in range(0, len(changes), size))


def drift_changes(
    cells: Cells, *, names: Sequence[str], at: Sequence[float], level: float = 0.95, least: int = LEAST
) -> tuple[KanoChange, ...]:
    r"""How far Better and Worse moved from the first wave to the last, along the line through all waves.

    With :math:`n_i` pairs at the time :math:`t_i` the change is the weighted least squares slope times the
    whole time, a weighted sum of the shares with

    .. math:: c_i = \frac{n_i\,(t_i-\bar t)}{\sum n_i (t_i-\bar t)^2}\,(t_{last}-t_{first}).

    With two waves it is their plain difference. A movement that goes and comes back is not seen.
    Respondents of different waves are taken for different people: where the same are asked again the
    interval is rather too wide. Rates are Benjamini and Hochberg's over all features and both numbers.

    Parameters
    ----------
    cells
        Counts, shape (waves, features, 5, 5), in the order of time.
    names
        Name of each feature.
    at
        When each wave was, any unit, rising.
    level
        Confidence level of the intervals, and one minus the false discovery rate.
    least
        Pairs in the denominator that two waves at least need.

    Returns
    -------
    tuple of KanoChange
        One a feature.

    Raises
    ------
    BadOption
        If the times do not rise.

    Source
    ------
    Price & Bonett (2004), Computational Statistics & Data Analysis 45(3), 449–456; weights of a line.

    Examples
    --------
    What delighted 40 of 40 delights nobody two waves later:

    >>> cells = np.zeros((3, 1, 5, 5), dtype=np.int64)
    >>> cells[0, 0, 0, 2] = cells[2, 0, 2, 4] = 40
    >>> cells[1, 0, 0, 2] = cells[1, 0, 2, 4] = 20
    >>> found = drift_changes(cells, names=("chat",), at=(0, 1, 2))[0]
    >>> round(found.better.value, 6), found.verdict
    (-1.0, 'differs')
    """
    if any(later <= sooner for sooner, later in pairwise(at)):
        raise BadOption("The waves are not in the order of time.", hint="Give rising times.")
    times = np.array(at, dtype=np.float64)
    tested = []
    for feature in range(cells.shape[1]):
        waves = cells[:, feature]
        judged = np.array([kind_counts(wave).judged for wave in waves])
        used = judged > 0
        if (judged >= least).sum() < 2:
            tested.append(_unknown(int(judged.sum()), least=least))
            continue
        weights = _line(times[used], judged[used].astype(np.float64))
        tested.append(_tested(list(waves[used]), weights=weights.tolist(), level=level, least=1))
    return _changes(tested, names=list(names), level=level)


def _line(times: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    away = times - np.average(times, weights=n)
    weights: NDArray[np.float64] = n * away / (n * away**2).sum() * (times[-1] - times[0])
    return weights


def _tested(
    groups: Sequence[Cells], *, weights: Sequence[float], level: float, least: int
) -> tuple[_Tested, _Tested]:
    """Better and Worse as weighted sums over groups."""
    counts = [kind_counts(group) for group in groups]
    n = [one.judged for one in counts]
    if min(n) < least:
        return _unknown(min(n), least=least)
    better, better_p = weighted_difference([_pleased(one) for one in counts], n, weights=weights, level=level)
    upset, worse_p = weighted_difference([_upset(one) for one in counts], n, weights=weights, level=level)
    return _Tested(_within(better), better_p), _Tested(_within(upset, sign=-1.0), worse_p)


def _within(change: Estimate, *, sign: float = 1.0) -> Estimate:
    """A change of a share with its sign; a line through steps can pass what shares can change."""
    # Added to 0, so that nothing becomes "-0.0".
    parts = (0.0 + sign * part for part in (change.value, change.low, change.high))
    value, first, second = (min(1.0, max(-1.0, part)) for part in parts)
    return Estimate(value, min(first, second), max(first, second), change.n, change.level)


def _unknown(n: int, *, least: int) -> tuple[_Tested, _Tested]:
    none = _Tested(NotEnough(n=n, needed=least, why=FEW), None)
    return none, none


def _pleased(counts: KanoCounts) -> float:
    return float(counts.excitement + counts.performance)


def _upset(counts: KanoCounts) -> float:
    return float(counts.basic + counts.performance)


def _changes(
    tested: Sequence[tuple[_Tested, _Tested]], *, names: Sequence[str], level: float
) -> tuple[KanoChange, ...]:
    known = [one.p for pair in tested for one in pair if one.p is not None]
    rates = iter(benjamini_hochberg(known).tolist())
    changes = []
    for name, (better, worse) in zip(names, tested, strict=True):
        better_rate, worse_rate = (None if one.p is None else next(rates) for one in (better, worse))
        verdict = UNKNOWN
        if better_rate is not None and worse_rate is not None:
            found = min(better_rate, worse_rate) <= round(1.0 - level, 9)
            verdict = DIFFERS if found else ALIKE
        changes.append(KanoChange(name, better.estimate, better_rate, worse.estimate, worse_rate, verdict))
    return tuple(changes)
