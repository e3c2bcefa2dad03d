"""What the order of values alone can say: conformal ranks and intervals of quantiles."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.stats.level import check_level


def conformal_rank(n: int, *, level: float) -> int | NotEnough:
    r"""Rank of the past value that the next case stays under with probability ``level``.

    The rank is :math:`k=\lceil (n+1)\,\ell\rceil`; for exchangeable cases
    :math:`P(Y_{n+1}\le Y_{(k)})\ge\ell`. The probability is over past and next case
    together. It does not hold under drift.

    Parameters
    ----------
    n
        Number of past values, at least 0.
    level
        Share of future cases that must stay under the limit, inside (0, 1).

    Returns
    -------
    int or NotEnough
        Rank from 1 (the smallest) to n; NotEnough with the needed count if no past
        value has the guarantee.

    Raises
    ------
    BadOption
        If ``level`` is not inside (0, 1) or n is negative.

    Source
    ------
    Lei et al. (2018), JASA 113(523), section 2.

    Examples
    --------
    For 95 % nineteen cases are needed, and then it is the largest:

    >>> conformal_rank(19, level=0.95)
    19
    >>> conformal_rank(18, level=0.95).needed
    19
    """
    check_level(level)
    if n < 0:
        raise BadOption(f"{n} past values.", hint="A count cannot be negative.")
    # Rounding first: 100 * 0.55 is 55.00000000000001 in floating point, and its ceiling one rank too many.
    rank = math.ceil(round((n + 1) * level, 9))
    if rank > n:
        needed = math.ceil(round(level / (1.0 - level), 9))
        return NotEnough(n=n, needed=needed, why=f"a limit at level {level} needs {needed} cases")
    return rank


def quantile_interval(values: ArrayLike, *, share: float = 0.5, level: float = 0.95) -> Estimate | NotEnough:
    r"""Quantile (by default the median) with an interval of order statistics.

    The number of values below the true quantile is binomial :math:`(n, q)`; the limits are
    the ranks that leave at most :math:`(1-\ell)/2` of it on either side. Holds for every
    distribution; with ties it is wider than needed.

    Parameters
    ----------
    values
        The values, shape (n,), without NaN.
    share
        Which quantile, inside (0, 1); 0.5 is the median.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate or NotEnough
        The quantile with its limits in the unit of ``values``; NotEnough where even smallest
        and largest value do not reach the level (a median at 95 % needs six).

    Raises
    ------
    BadOption
        If ``share`` or ``level`` is not inside (0, 1).

    Source
    ------
    David & Nagaraja (2003), Order Statistics, section 7.1.

    Examples
    --------
    Of ten values, the second and the ninth:

    >>> median = quantile_interval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    >>> median.value, median.low, median.high
    (5.5, 2.0, 9.0)
    """
    check_level(level)
    check_level(share)
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = ordered.size
    # Rounded, since the two tails leave (1 - level) / 2 only up to floating point.
    tail = round((1.0 - level) / 2.0, 12)
    needed = math.ceil(max(math.log(tail) / math.log(share), math.log(tail) / math.log(1.0 - share)))
    if n < needed:
        return NotEnough(n=n, needed=needed, why=f"a quantile at level {level} needs {needed} values")
    below = np.cumsum(binomial_chances(n, share))
    low = int(np.searchsorted(below, tail, side="right"))
    high = min(n, int(np.searchsorted(below, 1.0 - tail, side="left")) + 1)
    return Estimate(
        value=float(np.quantile(ordered, share)),
        low=float(ordered[low - 1]),
        high=float(ordered[high - 1]),
        n=n,
        level=level,
    )


def binomial_chances(n: int, share: float) -> NDArray[np.float64]:
    """Probabilities of 0…n successes."""
    steps = np.arange(1, n + 1, dtype=np.float64)
    choose = np.concatenate(([0.0], np.cumsum(np.log((n - steps + 1) / steps))))
    taken = np.arange(n + 1)
    chances: NDArray[np.float64] = np.exp(
        choose + taken * math.log(share) + (n - taken) * math.log(1.0 - share)
    )
    return chances
