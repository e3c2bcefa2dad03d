"""Limits of a score from its moments: Wilson's, the adjusted Wald's, or Student's with two pseudo-answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

from forvent.assess.scores.definitions import NET, SHARE, Measure
from forvent.records import Estimate
from forvent.stats.intervals import score_limits
from forvent.stats.student import student_quantile


@dataclass(frozen=True, slots=True)
class Moments:
    """All that the limits of a score need.

    ``mean`` and ``variance`` (divided by the count) are of the points, ``up`` and ``down`` the shares of
    answers with points above and below zero. ``effective`` is how many independent answers the
    ``n`` answers of ``customers`` customers are worth.
    """

    mean: float
    variance: float
    up: float
    down: float
    n: int
    customers: int
    effective: float


def limits(measure: Measure, moments: Moments, *, level: float) -> tuple[float, float]:
    """Lower and upper limit of a score, held inside its range."""
    if measure.shape == SHARE:
        z = NormalDist().inv_cdf((1.0 + level) / 2.0)
        found = score_limits(moments.mean * moments.effective, moments.effective, z=z)
    elif measure.shape == NET:
        found = _net_limits(moments, level=level)
    else:
        found = _mean_limits(measure, moments, level=level)
    low, high = max(measure.lowest, found[0]), min(measure.highest, found[1])
    return min(low, moments.mean), max(high, moments.mean)


def estimate_of(measure: Measure, moments: Moments, *, level: float) -> Estimate:
    """A score with its limits."""
    low, high = limits(measure, moments, level=level)
    return Estimate(value=moments.mean, low=low, high=high, n=moments.n, level=level)


def _net_limits(moments: Moments, *, level: float) -> tuple[float, float]:
    """Rocks' adjusted Wald limits, as ``stats.nps_interval``, with a count that may be no whole number."""
    n = moments.effective
    up, down = (moments.up * n + 0.75) / (n + 3.0), (moments.down * n + 0.75) / (n + 3.0)
    half = NormalDist().inv_cdf((1.0 + level) / 2.0) * math.sqrt((up + down - (up - down) ** 2) / (n + 3.0))
    return 100.0 * (up - down - half), 100.0 * (up - down + half)


def _mean_limits(measure: Measure, moments: Moments, *, level: float) -> tuple[float, float]:
    """Student's limits with one pseudo-answer at each end of the scale, as ``stats.mean_interval``."""
    n, ends = moments.effective, (measure.lowest, measure.highest)
    centre = (moments.mean * n + sum(ends)) / (n + 2.0)
    squares = (
        n * moments.variance + n * (moments.mean - centre) ** 2 + sum((end - centre) ** 2 for end in ends)
    )
    error = math.sqrt(squares / (n + 1.0) / (n + 2.0))
    half = known(int(n + 1e-9) + 1, level=level) * error
    return centre - half, centre + half


@lru_cache(maxsize=4096)
def known(degrees: int, *, level: float) -> float:
    """Student's quantile to both sides; remembered, because all scores of a group ask for the same."""
    return student_quantile((1.0 + level) / 2.0, degrees=max(1, degrees))
