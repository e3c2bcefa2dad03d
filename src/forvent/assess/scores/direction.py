"""Whether a scale runs the way it was read, told by the other ratings of the same answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

import numpy as np

from forvent.assess.judgements import Floats
from forvent.records import Estimate, NotEnough
from forvent.records.scores import ScaleCheck

AS_READ, UPSIDE_DOWN, ONE_OF_TWO, CANNOT_TELL = (
    "as read", "upside down", "one of two is upside down", "cannot tell",
)  # fmt: skip
#: Answers with both ratings that a correlation needs.
LEAST_PAIRS = 20
#: A scale that only does not matter to the others runs this little against them.
WEAK = -0.1


def check_scale(rating: Floats, *, others: Mapping[str, Floats], level: float = 0.95) -> ScaleCheck:
    """How a rating goes together with the mean of the others, and whether it is upside down.

    Ratings of one answer usually rise and fall together. Where the whole interval of the correlation
    lies below −0.1, the scale runs against the others. With two others or more it is the odd one out;
    with one other nobody can tell which of the two it is. It says nothing of what a rating ought to be,
    and nothing is turned.

    Parameters
    ----------
    rating
        The rating, higher being better as it was read, shape (n,), NaN where none was given.
    others
        Other ratings of the same answers by name, shape (n,) each, on 0–1.
    level
        Confidence level of the correlation.

    Returns
    -------
    ScaleCheck
        Correlation (Pearson, Fisher's interval) and verdict.

    Source
    ------
    Our own definition, docs/formulas/assess-scores.md#direction; interval by Fisher (1921), Metron 1, 3–32.

    Examples
    --------
    >>> mood = np.tile([0.0, 0.25, 0.5, 0.75, 1.0], 8)
    >>> check_scale(1 - mood, others={"food": mood, "room": mood}).verdict
    'upside down'
    """
    usable = {name: values for name, values in others.items() if _varies(rating, values)}
    names = tuple(usable)
    if not usable or not _varies(rating, rating):
        return ScaleCheck(names, NotEnough(0, LEAST_PAIRS, "no other ratings vary beside it"), CANNOT_TELL)
    mean = _mean_of(usable)
    both = np.isfinite(rating) & np.isfinite(mean)
    n = int(both.sum())
    if n < LEAST_PAIRS or not _varies(rating, mean):
        return ScaleCheck(names, NotEnough(n, LEAST_PAIRS, "too few answers with both ratings"), CANNOT_TELL)
    found = _correlation(rating[both], mean[both], level=level)
    if found.high < WEAK:
        return ScaleCheck(names, found, UPSIDE_DOWN if len(names) > 1 else ONE_OF_TWO)
    return ScaleCheck(names, found, AS_READ if found.low > 0.0 else CANNOT_TELL)


def _varies(rating: Floats, other: Floats) -> bool:
    both = np.isfinite(rating) & np.isfinite(other)
    return bool(both.sum() > 2 and np.ptp(rating[both]) > 0.0 and np.ptp(other[both]) > 0.0)


def _mean_of(others: Mapping[str, Floats]) -> Floats:
    """Mean of the standardised ratings of each answer, NaN where there are none."""
    columns = np.vstack([_standard(values) for values in others.values()])
    known = np.isfinite(columns)
    count = known.sum(axis=0)
    sums = np.where(known, columns, 0.0).sum(axis=0)
    mean: Floats = np.divide(sums, count, out=np.full(count.size, np.nan), where=count > 0)
    return mean


def _standard(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    standard: Floats = (values - known.mean()) / known.std()
    return standard


def _correlation(first: Floats, second: Floats, *, level: float) -> Estimate:
    n = first.size
    value = float(np.clip(np.corrcoef(first, second)[0, 1], -1.0, 1.0))
    middle = math.atanh(min(1.0 - 1e-12, max(-1.0 + 1e-12, value)))
    half = NormalDist().inv_cdf((1.0 + level) / 2.0) / math.sqrt(n - 3)
    low, high = math.tanh(middle - half), math.tanh(middle + half)
    return Estimate(value, min(value, low), max(value, high), n, level)
