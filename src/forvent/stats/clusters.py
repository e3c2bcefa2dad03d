"""Shares of cases that come in clusters, such as several voices of one customer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate
from forvent.stats.intervals import score_limits
from forvent.stats.level import check_level
from forvent.stats.student import student_quantile


@dataclass(frozen=True, slots=True)
class ClusterSums:
    """Sums over clusters of their cases n and successes m: all that the spread of a share needs.

    ``successes`` may hold halves. ``cases_squared`` is the sum of n², ``successes_squared`` of m²,
    ``products`` of m·n over the clusters.
    """

    clusters: int
    cases: int
    successes: float
    cases_squared: float
    successes_squared: float
    products: float


@dataclass(frozen=True, slots=True)
class ClusteredShare:
    """A share with its interval, and how many independent cases it is worth."""

    estimate: Estimate
    effective: float


def clustered_share(sums: ClusterSums, *, level: float = 0.95) -> ClusteredShare:
    r"""Share of successes whose interval knows that cases of one cluster are alike.

    With :math:`p=\sum m/\sum n` over C clusters, the spread of the ratio is

    .. math:: v = \frac{C}{C-1}\,\frac{\sum(m-pn)^2}{(\sum n)^2},\quad n^* = \frac{p(1-p)}{v}

    and Wilson's interval is taken with :math:`n^*` cases, brought down by
    :math:`(t_{N-1}/t_{C-1})^2` because few clusters know their own spread badly, and never above N. Where
    all succeed or none does there is no spread to see: then cases of a cluster count as one and the
    same, :math:`n^* = N^2/\sum n^2`. With one case a cluster it is Wilson's interval.

    Parameters
    ----------
    sums
        Sums over at least two clusters.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    ClusteredShare
        The share with limits in 0–1 and the number of cases (not clusters) behind it; ``effective`` is in
        1…N.

    Raises
    ------
    TooFewObservations
        If there are fewer than two clusters.
    BadOption
        If there are more successes than cases or ``level`` is outside (0, 1).

    Source
    ------
    Korn & Graubard (1998), Survey Methodology 24(2), 193–201, with Wilson's limits.

    Examples
    --------
    Ten customers of whom everyone says the same four times over are worth ten voices, or fewer:

    >>> alike = ClusterSums(
    ...     clusters=10, cases=40, successes=20, cases_squared=160, successes_squared=80, products=80
    ... )
    >>> share = clustered_share(alike)
    >>> share.estimate.value, share.estimate.n, round(share.effective, 1)
    (0.5, 40, 7.2)
    """
    check_level(level)
    if sums.clusters < 2:
        raise TooFewObservations(
            f"{sums.clusters} clusters have no spread.", hint="Collect cases of more customers."
        )
    if not 0.0 <= sums.successes <= sums.cases:
        raise BadOption(
            f"{sums.successes} of {sums.cases} is no share.",
            hint="Successes must lie between 0 and the count.",
        )
    share, n = sums.successes / sums.cases, sums.cases
    effective = _effective(sums, share=share, level=level)
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    low, high = score_limits(share * effective, effective, z=z)
    return ClusteredShare(Estimate(value=share, low=low, high=high, n=n, level=level), effective)


def _effective(sums: ClusterSums, *, share: float, level: float) -> float:
    if sums.clusters == sums.cases:
        return float(sums.cases)
    if share in (0.0, 1.0):
        independent = sums.cases**2 / sums.cases_squared
    else:
        squares = sums.successes_squared - 2 * share * sums.products + share**2 * sums.cases_squared
        spread = sums.clusters / (sums.clusters - 1) * squares / sums.cases**2
        independent = share * (1 - share) / spread if spread > 0.0 else float(sums.cases)
    quantile = (1.0 + level) / 2.0
    known = student_quantile(quantile, degrees=sums.cases - 1) / student_quantile(
        quantile, degrees=sums.clusters - 1
    )
    return min(float(sums.cases), max(1.0, independent * known**2))


def share_difference(first: Estimate, second: Estimate) -> Estimate:
    r"""First share minus second, with Newcombe's hybrid score interval.

    From the two intervals :math:`l_1,u_1` and :math:`l_2,u_2` of independent shares

    .. math:: d-\sqrt{(p_1-l_1)^2+(u_2-p_2)^2}\ \text{to}\ d+\sqrt{(u_1-p_1)^2+(p_2-l_2)^2}.

    Parameters
    ----------
    first, second
        Shares with score intervals of the same level.

    Returns
    -------
    Estimate
        The difference in −1…1; ``n`` is the number of cases of both.

    Raises
    ------
    BadOption
        If the levels differ.

    Source
    ------
    Newcombe (1998), Statistics in Medicine 17(8), 873–890, method 10.

    Examples
    --------
    Newcombe's own example, 56/70 against 48/80:

    >>> from forvent.stats import wilson
    >>> found = share_difference(wilson(56, 70), wilson(48, 80))
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    if first.level != second.level:
        raise BadOption(
            f"Intervals at the levels {first.level:g} and {second.level:g} cannot be joined.",
            hint="Give both the same level.",
        )
    value = first.value - second.value
    low = value - math.hypot(first.value - first.low, second.high - second.value)
    high = value + math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value=value, low=low, high=high, n=first.n + second.n, level=first.level)


def share_difference_p(first: ClusteredShare, second: ClusteredShare) -> float:
    r"""Two-sided p value that belongs to Newcombe's interval: one minus the level at which it just reaches
    zero.

    So a p value of at most 0.05 and a 95 % interval without zero are the same finding.

    Parameters
    ----------
    first, second
        Independent shares.

    Returns
    -------
    float
        P value in 0–1; 1 where the shares are equal.

    Source
    ------
    Newcombe (1998), Statistics in Medicine 17(8), 873–890, method 10, inverted.

    Examples
    --------
    >>> many, few = (
    ...     ClusterSums(100, 100, successes, 100, successes, successes) for successes in (60.0, 45.0)
    ... )
    >>> round(share_difference_p(clustered_share(many), clustered_share(few)), 3)
    0.033
    """
    lower, upper = sorted((first, second), key=lambda share: share.estimate.value)
    difference = upper.estimate.value - lower.estimate.value
    if difference == 0.0:
        return 1.0
    near, far = 0.0, 40.0
    # Halved until the bounds are floating-point neighbours of each other.
    for _ in range(60):
        z = (near + far) / 2.0
        low = _limit(upper, z=z, side=0)
        high = _limit(lower, z=z, side=1)
        if math.hypot(upper.estimate.value - low, high - lower.estimate.value) < difference:
            near = z
        else:
            far = z
    return math.erfc(near / math.sqrt(2.0))


def _limit(share: ClusteredShare, *, z: float, side: int) -> float:
    return score_limits(share.estimate.value * share.effective, share.effective, z=z)[side]
