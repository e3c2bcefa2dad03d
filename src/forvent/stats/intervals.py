"""Intervals of shares, means, net scores and bootstrap draws."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate
from forvent.stats.level import check_level
from forvent.stats.student import student_quantile


def wilson(successes: float, n: int, *, level: float = 0.95) -> Estimate:
    r"""Share of successes with Wilson's score interval.

    With :math:`\hat p` the share and :math:`z` the normal quantile, the limits are

    .. math:: \frac{\hat p + z^2/2n \pm z\sqrt{\hat p(1-\hat p)/n + z^2/4n^2}}{1 + z^2/n}.

    Mean coverage is close to ``level`` from small n on; for one true share it may
    be some points lower. It supposes independent cases.

    Parameters
    ----------
    successes
        How many of the n succeeded, 0 to n; half a success is allowed (a mixed voice).
    n
        Number of cases, at least 1.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        The share with its limits, all in 0–1.

    Raises
    ------
    TooFewObservations
        If n is 0.
    BadOption
        If ``successes`` lies outside 0…n or ``level`` outside (0, 1).

    Source
    ------
    Wilson (1927), JASA 22(158), 209–212.

    Examples
    --------
    Three of three is not 100 %:

    >>> share = wilson(3, 3)
    >>> round(share.low, 2), share.high
    (0.44, 1.0)
    """
    check_level(level)
    if n < 1:
        raise TooFewObservations("A share needs at least one case.", hint="Collect cases first.")
    if not 0.0 <= successes <= n:
        raise BadOption(
            f"{successes} of {n} is no share.", hint="Successes must lie between 0 and the count."
        )
    low, high = score_limits(successes, n, z=NormalDist().inv_cdf((1.0 + level) / 2.0))
    return Estimate(value=successes / n, low=low, high=high, n=n, level=level)


def score_limits(successes: float, n: float, *, z: float) -> tuple[float, float]:
    """Wilson's score limits of a share; ``n`` may be an effective count that is no whole number."""
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and n the limit is 0 or 1 exactly; floating point would miss it by 1e-17.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high


def mean_interval(
    values: ArrayLike, *, level: float = 0.95, within: tuple[float, float] | None = None
) -> Estimate:
    r"""Mean with Student's interval; on a bounded scale it stays honest when all values agree.

    Without ``within``: :math:`\bar x \pm t_{n-1}\, s/\sqrt n`. With ``within``, one pseudo-value
    at each end of the scale joins the n values in the limits (not in the mean) and the
    limits are cut to the scale. So five answers of five stars give 51…100 %, not 100…100 %:
    the same cure as Agresti and Coull's for shares. It supposes independent cases.

    Parameters
    ----------
    values
        The values, shape (n,), without NaN; n ≥ 2, or n ≥ 1 with ``within``.
    level
        Confidence level, inside (0, 1).
    within
        Lowest and highest possible value, where the scale is bounded.

    Returns
    -------
    Estimate
        The mean with its limits, in the unit of ``values``.

    Raises
    ------
    TooFewObservations
        If there are too few values for a spread.

    Source
    ------
    Agresti & Coull (1998), American Statistician 52(2), 119–126 (pseudo-values, carried over to means).

    Examples
    --------
    >>> perfect = mean_interval([1, 1, 1, 1, 1], within=(0, 1))
    >>> perfect.value, round(perfect.low, 2), perfect.high
    (1.0, 0.51, 1.0)
    """
    check_level(level)
    plain = np.asarray(values, dtype=np.float64)
    spread = plain if within is None else np.append(plain, within)
    if plain.size < 1 or spread.size < 2:
        raise TooFewObservations(
            f"A mean with an interval cannot be made of {plain.size} values.", hint="Collect more values."
        )
    centre = float(spread.mean())
    error = float(spread.std(ddof=1)) / math.sqrt(spread.size)
    half = student_quantile((1.0 + level) / 2.0, degrees=spread.size - 1) * error
    lowest, highest = (-math.inf, math.inf) if within is None else within
    value = float(plain.mean())
    low, high = float(max(lowest, centre - half)), float(min(highest, centre + half))
    return Estimate(value=value, low=min(low, value), high=max(high, value), n=plain.size, level=level)


def nps_interval(promoters: int, passives: int, detractors: int, *, level: float = 0.95) -> Estimate:
    r"""Net promoter score (−100…100) with the adjusted Wald interval.

    Three quarters of an answer are added to promoters and to detractors and three
    answers to the count: :math:`\tilde p=(P+\tfrac34)/(n+3)`, :math:`\tilde d` alike, and
    :math:`\tilde p-\tilde d \pm z\sqrt{(\tilde p+\tilde d-(\tilde p-\tilde d)^2)/(n+3)}`.

    Parameters
    ----------
    promoters
        Answers 9 and 10 on the scale of 0–10.
    passives
        Answers 7 and 8.
    detractors
        Answers 0 to 6.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        The plain score in points with the adjusted limits.

    Raises
    ------
    TooFewObservations
        If nobody answered.

    Source
    ------
    Rocks (2016), American Statistician 70(4), 365–372.

    Examples
    --------
    >>> score = nps_interval(25, 15, 10)
    >>> round(score.value), round(score.low), round(score.high)
    (30, 7, 49)
    """
    check_level(level)
    n = promoters + passives + detractors
    if n < 1:
        raise TooFewObservations("A net score needs at least one answer.", hint="Collect answers first.")
    up, down = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    error = math.sqrt((up + down - (up - down) ** 2) / (n + 3))
    half = NormalDist().inv_cdf((1.0 + level) / 2.0) * error
    value = 100.0 * (promoters - detractors) / n
    low, high = max(-100.0, 100.0 * (up - down - half)), min(100.0, 100.0 * (up - down + half))
    return Estimate(value=value, low=min(low, value), high=max(high, value), n=n, level=level)


def percentile_interval(draws: NDArray[np.float64], *, value: float, n: int, level: float = 0.95) -> Estimate:
    """Value with the middle ``level`` of its bootstrap draws as interval.

    The limits are widened to hold the value itself where the draws are skewed away
    from it. Coverage is close to ``level`` from about thirty independent blocks on;
    with fewer the interval is too narrow.

    Parameters
    ----------
    draws
        One value a bootstrap round, shape (rounds,), without NaN.
    value
        The value on the data themselves.
    n
        Number of cases behind the value.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        The value with its limits, in the unit of ``draws``.

    Raises
    ------
    TooFewObservations
        If there are no draws.

    Source
    ------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.

    Examples
    --------
    >>> import numpy as np
    >>> middle = percentile_interval(np.arange(101.0), value=50.0, n=7, level=0.9)
    >>> round(middle.low, 6), round(middle.high, 6)
    (5.0, 95.0)
    """
    check_level(level)
    if draws.size == 0:
        raise TooFewObservations("An interval needs bootstrap draws.", hint="Ask for more rounds.")
    low, high = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Estimate(
        value=float(value), low=float(min(low, value)), high=float(max(high, value)), n=n, level=level
    )


def widest(first: Estimate, second: Estimate) -> Estimate:
    """First estimate with its interval widened to hold the second's.

    For answers that are not independent: the plain interval and the one of a block
    bootstrap are joined, so that the result is never narrower than either.

    Parameters
    ----------
    first
        Estimate whose value, count and level are kept.
    second
        Estimate of the same quantity made another way.

    Returns
    -------
    Estimate
        The first with the lower of both lows and the higher of both highs.

    Source
    ------
    Our own definition, docs/formulas/stats.md#widest.

    Examples
    --------
    >>> widest(Estimate(0.5, 0.4, 0.6, 10), Estimate(0.5, 0.45, 0.7, 10)).high
    0.7
    """
    return Estimate(
        value=first.value,
        low=min(first.low, second.low),
        high=max(first.high, second.high),
        n=first.n,
        level=first.level,
    )
