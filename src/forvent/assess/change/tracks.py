"""One measure over periods, as arrays, with how much its values scatter without any change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.records import Estimate, NotEnough
from forvent.stats import quantile_interval
from forvent.stats.intervals import score_limits

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = Sequence[Mapping[str, Any]]

MET, REACH, LEVEL, RATING, KEPT = "met", "reach", "level", "rating", "kept"
#: Below these a series is not looked at.
LEAST_CASES, LEAST_FILLED = 30, 6
#: Cases below which a period, or a segment, has no number.
LEAST_SHOWN = 5
COLUMNS = ("people", "cases", "successes", "cases_squared", "successes_squared", "products")


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One measure over T periods.

    ``n`` (cases) and ``total`` have shape (T,); the value of a period is their ratio. ``effective`` is how
    many independent cases each period is worth, given that the cases of one customer are alike.
    ``variance`` is that of one effective case, and ``extra`` the variance between periods beyond chance,
    as a share of it; ``least_extra`` is that of all series of the measure together. ``share`` says that
    values are shares. ``values`` are the levels of each period, in seconds, where the measure is a
    median of them.
    """

    measure: str
    expectation: str
    n: Floats
    total: Floats
    effective: Floats
    variance: float
    extra: float
    share: bool
    values: tuple[Floats, ...] = ()
    least_extra: float = 0.0

    @property
    def filled(self) -> NDArray[np.int64]:
        """Numbers of the periods that have cases."""
        return np.flatnonzero(self.n > 0)

    def value(self) -> Floats:
        """Value of each period, NaN where it has no case."""
        found = np.full(self.n.shape, np.nan)
        np.divide(self.total, self.n, out=found, where=self.n > 0)
        return found

    @property
    def name(self) -> str:
        """The stable id of the series."""
        return f"{self.expectation or 'all'}:{self.measure}"


def summed_tracks(
    rows: Rows, *, measure: str, periods: int, speaking: Rows | None = None, share: bool = True
) -> list[Track]:
    """Tracks of the expectations in rows of sums; those with too few cases, or no scatter, are left out.

    Parameters
    ----------
    rows
        Collected rows of :func:`met_by_period` or its like; without expectation they are one track.
    measure
        met, reach, rating or kept.
    periods
        Number of periods.
    speaking
        Collected :func:`speaking_by_period`, where the cases are all voices that say something.
    share
        Whether each case is a success or not; else the sums are of ratings.

    Returns
    -------
    list of Track
        By expectation.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#series.

    Examples
    --------
    >>> row = dict(people=10, cases=10, successes=6.0, cases_squared=10, successes_squared=6.0, products=6.0)
    >>> rows = [{"expectation": "on_time", "period": place} | row for place in range(8)]
    >>> track = summed_tracks(rows, measure="met", periods=8)[0]
    >>> track.name, float(track.effective[0]), float(track.value()[0]), round(track.variance, 2)
    ('on_time:met', 10.0, 0.6, 0.24)
    """
    by_name: dict[str, dict[str, Floats]] = {}
    base = _sums(speaking, periods) if speaking is not None else None
    for row in rows:
        name = row.get("expectation", "")
        if name not in by_name:
            by_name[name] = {column: np.zeros(periods) for column in COLUMNS}
            if base is not None:
                by_name[name] |= {column: base[column] for column in ("people", "cases", "cases_squared")}
        for column in COLUMNS if base is None else ("successes", "successes_squared", "products"):
            by_name[name][column][row["period"]] = row[column]
    tracks = [
        _summed(sums, measure=measure, expectation=name, share=share)
        for name, sums in sorted(by_name.items())
    ]
    return [track for track in tracks if track is not None]


def level_tracks(rows: Rows, *, periods: int) -> list[Track]:
    """Tracks of stated levels: each is replaced by its place among all (0–1), so that none weighs too much.

    Parameters
    ----------
    rows
        Collected :func:`levels_by_period`.
    periods
        Number of periods.

    Returns
    -------
    list of Track
        By expectation, those with enough levels.

    Source
    ------
    Our own definition after Pettitt (1979), Applied Statistics 28(2), 126–135 (change of location on ranks).

    Examples
    --------
    >>> rows = [
    ...     {"expectation": "on_time", "period": place % 8, "seconds": 3600.0 * (1 + place % 5)}
    ...     for place in range(40)
    ... ]
    >>> [(track.name, track.values[0].size) for track in level_tracks(rows, periods=8)]
    [('on_time:level', 5)]
    """
    found = []
    for name in sorted({row["expectation"] for row in rows}):
        mine = [row for row in rows if row["expectation"] == name]
        period = np.array([row["period"] for row in mine])
        seconds = np.array([row["seconds"] for row in mine], dtype=np.float64)
        place = _places(seconds)
        n = np.bincount(period, minlength=periods).astype(np.float64)
        total = np.bincount(period, weights=place, minlength=periods).astype(np.float64)
        filled = int((n > 0).sum())
        within = np.square(place - (total / np.maximum(n, 1.0))[period]).sum()
        if n.sum() < LEAST_CASES or filled < LEAST_FILLED or n.sum() <= filled or within <= 0.0:
            continue
        values = tuple(np.sort(seconds[period == number]) for number in range(periods))
        found.append(
            Track(LEVEL, name, n, total, n, float(within / (n.sum() - filled)), 0.0, False, values=values)
        )
    return found


def segment_estimate(track: Track, first: int, last: int, *, level: float) -> Estimate | NotEnough:
    r"""The level of a series from period ``first`` up to before ``last``.

    For shares Wilson's interval with :math:`n^*=N^2/\sum n_t^2(1/n^*_t+\rho)` cases, which knows of
    customers that speak often and of periods that scatter; for ratings the normal interval with the same
    count; for levels the median with order statistics.

    Parameters
    ----------
    track
        The series.
    first, last
        Numbers of the first period and of the one after the last.
    level
        Confidence level of the interval.

    Returns
    -------
    Estimate or NotEnough
        ``n`` is the number of cases.

    Source
    ------
    Korn & Graubard (1998), Survey Methodology 24(2), 193–201, with Wilson's limits.

    Examples
    --------
    >>> n = np.full(8, 10.0)
    >>> track = Track("met", "on_time", n, n * 0.6, n, 0.24, 0.0, True)
    >>> found = segment_estimate(track, 0, 4, level=0.95)
    >>> found.value, round(found.low, 2), round(found.high, 2), found.n
    (0.6, 0.45, 0.74, 40)
    """
    n = track.n[first:last]
    count = int(n.sum())
    if count < LEAST_SHOWN:
        return NotEnough(count, LEAST_SHOWN, "too few voices in this time")
    if track.measure == LEVEL:
        return quantile_interval(np.concatenate(track.values[first:last]), level=level)
    some = n > 0
    spread = np.square(n[some]) @ (1.0 / track.effective[first:last][some] + track.extra)
    worth = float(np.square(n.sum()) / spread)
    value = float(track.total[first:last].sum() / n.sum())
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    if track.share:
        low, high = score_limits(value * worth, worth, z=z)
    else:
        half = z * math.sqrt(track.variance / worth)
        low, high = max(0.0, value - half), min(1.0, value + half)
    return Estimate(value, low, high, n=count, level=level)


def _sums(rows: Iterable[Mapping[str, Any]], periods: int) -> dict[str, Floats]:
    sums = {column: np.zeros(periods) for column in COLUMNS}
    for row in rows:
        for column in COLUMNS:
            if column in row:
                sums[column][row["period"]] = row[column]
    return sums


def _summed(sums: Mapping[str, Floats], *, measure: str, expectation: str, share: bool) -> Track | None:
    n, total = sums["cases"], sums["successes"]
    count, people, filled = float(n.sum()), float(sums["people"].sum()), int((n > 0).sum())
    if count < LEAST_CASES or filled < LEAST_FILLED or people <= filled:
        return None
    if share and min(total.sum(), count - total.sum()) < LEAST_SHOWN:
        return None
    value = np.divide(total, n, out=np.zeros_like(n), where=n > 0)
    squares = sums["successes_squared"] - 2 * value * sums["products"] + value**2 * sums["cases_squared"]
    clustered = float(squares.sum()) * people / (people - filled)
    if not share:
        if clustered <= 0.0:
            return None
        return Track(measure, expectation, n, total, n, clustered / count, 0.0, share=False)
    plain = float((n * value * (1.0 - value)).sum()) * count / (count - filled)
    # Where nobody differs within a period there is no spread to see: cases of a customer count as one.
    alike = clustered / plain if plain > 0.0 else float(sums["cases_squared"].sum()) / count
    overall = float(total.sum()) / count
    effective = n / max(1.0, alike)
    return Track(measure, expectation, n, total, effective, overall * (1.0 - overall), 0.0, share=True)


def _places(values: Floats) -> Floats:
    """Place of each value among all, 0–1, the same for equal ones."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    upto = np.searchsorted(ordered, values, side="right")
    return np.asarray((below + upto) / (2.0 * values.size), dtype=np.float64)
