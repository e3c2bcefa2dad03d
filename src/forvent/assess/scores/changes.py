"""A score of one wave minus that of another, also where some customers answered in both."""

from __future__ import annotations

import math

from forvent.assess.scores.definitions import Measure
from forvent.assess.scores.limits import Moments, limits
from forvent.records import Estimate

# Smallest tail that is told apart from none.
LEAST_TAIL = 1e-12


def score_change(
    measure: Measure, earlier: Moments, later: Moments, *, correlation: float = 0.0, level: float = 0.95
) -> tuple[Estimate, float]:
    r"""Later score minus earlier, with its interval, and the p value that belongs to it.

    With the scores :math:`a` (earlier, limits :math:`l_a,u_a`) and :math:`b`, and the correlation
    :math:`\rho` of their errors, which customers who answered in both waves cause,

    .. math:: L = d-\sqrt{(b-l_b)^2+(u_a-a)^2-2\rho(b-l_b)(u_a-a)},

    the upper limit alike. The p value is one minus the level at which the interval just reaches zero, so
    that a p value of at most 0.05 and a 95 % interval without zero are one finding.

    Parameters
    ----------
    measure
        The score.
    earlier, later
        Moments of its points in both waves.
    correlation
        Of the errors of both scores, in −1…1; 0 where nobody answered twice.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    tuple of Estimate and float
        The difference in the unit of the score (``n`` counts the answers of both), and the p value in 0–1.

    Source
    ------
    Zou (2007), Psychological Methods 12(4), 399–413 (correlated limits); Newcombe (1998), Statistics in
    Medicine 17(8), 873–890, method 10, for independent shares.

    Examples
    --------
    Newcombe's own example, 56 of 70 against 48 of 80:

    >>> from forvent.assess.scores.definitions import CSAT
    >>> def share(k, n):
    ...     return Moments(k / n, k / n * (1 - k / n), k / n, 0.0, n, n, float(n))
    >>> found, p = score_change(CSAT, share(48, 80), share(56, 70))
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4), round(p, 3)
    (0.2, 0.0524, 0.3339, 0.008)
    """
    value = later.mean - earlier.mean
    low, high = _difference(measure, earlier, later, correlation=correlation, level=level)
    found = Estimate(value=value, low=low, high=high, n=earlier.n + later.n, level=level)
    return found, _p_value(measure, earlier, later, correlation=correlation)


def _difference(
    measure: Measure, earlier: Moments, later: Moments, *, correlation: float, level: float
) -> tuple[float, float]:
    value = later.mean - earlier.mean
    first, second = limits(measure, earlier, level=level), limits(measure, later, level=level)
    below = _joined(later.mean - second[0], first[1] - earlier.mean, correlation)
    above = _joined(second[1] - later.mean, earlier.mean - first[0], correlation)
    return value - below, value + above


def _joined(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(0.0, one * one + other * other - 2.0 * correlation * one * other))


def _p_value(measure: Measure, earlier: Moments, later: Moments, *, correlation: float) -> float:
    if later.mean == earlier.mean:
        return 1.0
    near, far = math.log(LEAST_TAIL), 0.0
    # The tail is halved in its logarithm until nothing that is shown could change.
    for _ in range(40):
        tail = (near + far) / 2.0
        low, high = _difference(measure, earlier, later, correlation=correlation, level=1.0 - math.exp(tail))
        if low <= 0.0 <= high:
            near = tail
        else:
            far = tail
    return math.exp(far)
