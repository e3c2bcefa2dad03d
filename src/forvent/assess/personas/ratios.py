"""Weighted shares and means whose intervals know that what one customer says is alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.records import Estimate, NotEnough
from forvent.stats import student_quantile
from forvent.stats.clusters import ClusteredShare
from forvent.stats.intervals import score_limits

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: Customers below which there is no number.
LEAST_CUSTOMERS = 5.0


@dataclass(frozen=True, eq=False)
class Judged:
    """What units (customers, or patterns of them) judge, in rows of one unit and one thing judged.

    ``unit`` and ``thing`` are codes, shape (m,), the things 0…``things`` − 1. The others are sums over the
    customers of the row: how many judge, their content c and judgements j, c², c·j and j².
    """

    things: int
    unit: Codes
    thing: Codes
    sums: Floats

    def by(self, place: Codes) -> Judged:
        """The same with places as units, summed where that saves rows; units without one (−1) drop out."""
        at = place[self.unit]
        kept = at >= 0
        unit, thing = at[kept], self.thing[kept]
        cells = (int(unit.max(initial=0)) + 1) * self.things
        if cells > 2 * unit.size:
            return Judged(self.things, unit, thing, self.sums[:, kept])
        key = unit * self.things + thing
        sums = np.array([np.bincount(key, part, minlength=cells) for part in self.sums[:, kept]], np.float64)
        filled = np.flatnonzero(sums[0])
        return Judged(self.things, filled // self.things, filled % self.things, sums[:, filled])

    def weighed(self, weights: Floats) -> Floats:
        """Sums over the weighted units, shape (6, things): customers, c, j, then w²c², w²cj, w²j²."""
        once = weights[self.unit]
        twice = once * once
        return np.stack(
            [
                np.bincount(self.thing, part * (once if place < 3 else twice), minlength=self.things)
                for place, part in enumerate(self.sums)
            ]
        )


def judged_rows(unit: Codes, thing: Codes, *, content: Floats, judged: Floats, things: int) -> Judged:
    """Rows of single customers; those who judge nothing are left out."""
    judges = judged > 0
    c, j = content[judges], judged[judges]
    sums = np.stack([np.ones(c.size), c, j, c * c, c * j, j * j])
    return Judged(things, unit[judges], thing[judges], sums)


def ratio(sums: Floats, *, level: float, bounded: bool = False) -> ClusteredShare | NotEnough:
    r"""Weighted mean of what is judged, each customer a cluster.

    With :math:`p=\sum w c/\sum w j` and C customers (a customer counts with its weight), the spread is
    :math:`v=\frac{C}{C-1}\sum w^2(c-pj)^2/(\sum wj)^2`, and Wilson's interval is taken with
    :math:`p(1-p)/v` cases, brought down by :math:`(t_{N-1}/t_{C-1})^2`.

    Parameters
    ----------
    sums
        One column of :meth:`Judged.weighed`, shape (6,).
    level
        Confidence level, inside (0, 1).
    bounded
        True for ratings, whose spread may be smaller than that of a share: then one customer at either
        end of the scale is added to the spread, and no other bound is set.

    Returns
    -------
    ClusteredShare or NotEnough
        Value in 0–1; NotEnough below five customers.

    Source
    ------
    Korn & Graubard (1998), Survey Methodology 24(2), 193–201, with Wilson's limits.

    Examples
    --------
    >>> ratio(np.array([50.0, 30.0, 50.0, 30.0, 30.0, 50.0]), level=0.95).estimate.value
    0.6
    """
    customers, content, judged = (float(one) for one in sums[:3])
    if customers < LEAST_CUSTOMERS:
        return NotEnough(round(customers), int(LEAST_CUSTOMERS), "too few customers say so")
    value = min(1.0, max(0.0, content / judged))
    ends = np.array([2.0, 1.0, 2.0, 1.0, 1.0, 2.0]) if bounded else np.zeros(6)
    clusters, _, cases, squares, products, alike = (float(one) for one in sums + ends)
    spread = (
        clusters / (clusters - 1.0) * max(0.0, squares - 2 * value * products + value**2 * alike) / cases**2
    )
    seen = spread > 0.0 and 0.0 < value < 1.0
    effective = value * (1.0 - value) / spread if seen else cases**2 / alike
    quantile = (1.0 + level) / 2.0
    few = student_quantile(quantile, degrees=max(1, round(cases) - 1)) / student_quantile(
        quantile, degrees=max(1, round(clusters) - 1)
    )
    effective = max(1.0, effective * min(1.0, few) ** 2)
    return share_of(value, n=judged, effective=effective if bounded else min(effective, judged), level=level)


def share_of(value: float, *, n: float, effective: float, level: float) -> ClusteredShare:
    """A share with Wilson's interval for so many cases as it is worth; ``n`` are those behind it."""
    low, high = score_limits(value * effective, effective, z=_z(level))
    estimate = Estimate(
        value=float(value),
        low=float(min(low, value)),
        high=float(max(high, value)),
        n=max(1, round(n)),
        level=level,
    )
    return ClusteredShare(estimate, float(effective))


def ratio_of_shares(value: float, *, spread: float, n: float, level: float) -> Estimate:
    """A ratio whose logarithm has this standard error."""
    reach = math.exp(_z(level) * spread)
    return Estimate(value=value, low=value / reach, high=value * reach, n=max(1, round(n)), level=level)


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1.0 + level) / 2.0)
