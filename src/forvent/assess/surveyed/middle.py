"""The middle one of differences, which a few very long waits do not move."""

from __future__ import annotations

import math

import numpy as np

from forvent.assess.surveyed.numbers import FEW, LEAST
from forvent.assess.surveyed.sheets import Codes, Floats
from forvent.records import Estimate, NotEnough
from forvent.stats.clusters import ClusterSums, clustered_share


def middle_difference(difference: Floats, *, person: Codes, level: float = 0.95) -> Estimate | NotEnough:
    r"""Median of differences with an interval that knows who answered often.

    The limits :math:`l, u` of the share of differences up to the median, an interval of a share with
    as many cases as the respondents are worth, are read back as quantiles of the differences, each outward to
    the next one.

    Parameters
    ----------
    difference
        Received minus expected, shape (n,), without NaN.
    person
        Respondent of each, shape (n,).
    level
        Level of the interval.

    Returns
    -------
    Estimate or NotEnough
        In the unit of the differences; NotEnough with fewer than five respondents.

    Source
    ------
    Woodruff (1952), JASA 47(260), 635–646.

    Examples
    --------
    Nine parcels, one of them very late:

    >>> days = np.array([0.0, 1, 1, 2, 2, 2, 3, 3, 40])
    >>> found = middle_difference(days, person=np.arange(9))
    >>> found.value, found.low, found.high
    (2.0, 1.0, 3.0)
    """
    codes = np.unique(person, return_inverse=True)[1]
    cases = np.bincount(codes).astype(np.float64)
    if cases.size < LEAST:
        return NotEnough(n=int(cases.size), needed=LEAST, why=FEW.format(needed=LEAST))
    # Ties at the median would push the share up to it towards 1; the half below is what is asked for.
    under = np.argsort(np.argsort(difference, kind="stable"), kind="stable") < difference.size / 2
    below = np.bincount(codes, weights=under, minlength=cases.size)
    sums = ClusterSums(
        clusters=int(cases.size),
        cases=int(cases.sum()),
        successes=float(below.sum()),
        cases_squared=float((cases**2).sum()),
        successes_squared=float((below**2).sum()),
        products=float((cases * below).sum()),
    )
    share = clustered_share(sums, level=level).estimate
    # Outward to the next difference: the nearest one would hold the median of 25 pairs in 92 % only.
    ordered, n = np.sort(difference), difference.size
    low = float(ordered[max(0, math.floor(n * share.low) - 1)])
    high = float(ordered[min(n, math.ceil(n * share.high)) - 1])
    value = float(np.median(difference))
    return Estimate(value, min(low, value), max(high, value), n, level)
