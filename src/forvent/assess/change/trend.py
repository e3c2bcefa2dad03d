"""How much a series rises or falls in a month or a year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from forvent.assess.change.tracks import LEVEL, Floats, Track
from forvent.records import Estimate, NotEnough
from forvent.records.change import Period, Trend
from forvent.stats import benjamini_hochberg, check_level, student_quantile
from forvent.stats.student import student_p

YEAR, MONTH = "year", "month"
YEAR_DAYS = 365.25
LEAST_FILLED = 6
RISING, FALLING, UNDECIDED = "rising", "falling", "undecided"


@dataclass(frozen=True, slots=True)
class _Line:
    slope: Estimate | NotEnough
    p: float | None


def trends(tracks: Sequence[Track], periods: Sequence[Period], *, level: float = 0.95) -> tuple[Trend, ...]:
    r"""The straight line through each series, per year, or per month where the record is shorter than one.

    Weighted least squares over periods with weights :math:`w_t=1/(1/n^*_t+\rho)`. The spread around the line
    is estimated from the series, but never taken below chance; Student's quantile with periods less two
    degrees. Over all series the directions are called at a false discovery rate of 1 − ``level``.
    It says how the series lay over this time, not how it will go on; levels in seconds are median levels
    of the periods.

    Parameters
    ----------
    tracks
        The series, with their scatter known.
    periods
        Their periods, without a gap.
    level
        Confidence level of the slopes, inside (0, 1).

    Returns
    -------
    tuple of Trend
        In the order of ``tracks``; NotEnough where fewer than six periods have cases.

    Raises
    ------
    BadOption
        If ``level`` is outside (0, 1).

    Source
    ------
    McCullagh & Nelder (1989), Generalized Linear Models, section 4.5 (overdispersion); Benjamini & Hochberg
    (1995), JRSS B 57(1), 289–300.

    Examples
    --------
    From 50 to 72 % in twelve months:

    >>> from datetime import datetime
    >>> starts = [datetime(2025, month, 1) for month in range(1, 13)] + [datetime(2026, 1, 1)]
    >>> periods = [Period(*ends) for ends in zip(starts, starts[1:])]
    >>> n = np.full(12, 50.0)
    >>> track = Track("met", "on_time", n, n * np.linspace(0.5, 0.72, 12), n, 0.24, 0.0, True)
    >>> trend = trends([track], periods)[0]
    >>> trend.per, round(trend.slope.value, 2), trend.verdict
    ('year', 0.24, 'rising')
    """
    check_level(level)
    if not tracks:
        return ()
    span = (periods[-1].end - periods[0].start) / timedelta(days=1)
    per, days = (YEAR, YEAR_DAYS) if span >= 360.0 else (MONTH, YEAR_DAYS / 12.0)
    middle = np.array(
        [((p.start - periods[0].start) + (p.end - p.start) / 2) / timedelta(days=days) for p in periods]
    )
    lines = [_line(track, middle, level=level) for track in tracks]
    rates = iter(benjamini_hochberg([line.p for line in lines if line.p is not None]).tolist())
    return tuple(
        _trend(line, per=per, rate=next(rates) if line.p is not None else None, level=level) for line in lines
    )


def _line(track: Track, middle: Floats, *, level: float) -> _Line:
    filled = track.filled
    if filled.size < LEAST_FILLED:
        few = NotEnough(int(filled.size), LEAST_FILLED, "too few periods have voices")
        return _Line(few, None)
    across, value = middle[filled], _shown(track)[filled]
    weight = 1.0 / (1.0 / track.effective[filled] + track.extra)
    weight = weight / weight.sum()
    centred = across - weight @ across
    spread = float(weight @ centred**2)
    slope = float(weight @ (centred * value)) / spread
    left = value - weight @ value - slope * centred
    degrees = int(filled.size) - 2
    about = float(weight @ left**2) * filled.size / degrees
    # Periods that happen to lie on a line know no more than their cases do.
    chance = filled.size * track.variance / float((1.0 / (1.0 / track.effective[filled] + track.extra)).sum())
    error = math.sqrt((about if track.measure == LEVEL else max(about, chance)) / (filled.size * spread))
    if error == 0.0:
        return _Line(NotEnough(int(filled.size), int(filled.size) + 1, "every period is the same"), None)
    half = student_quantile((1.0 + level) / 2.0, degrees=degrees) * error
    n = int(track.n.sum())
    return _Line(
        Estimate(slope, slope - half, slope + half, n, level), student_p(slope / error, degrees=degrees)
    )


def _shown(track: Track) -> Floats:
    """What is drawn: medians for levels, else the value itself."""
    if track.measure != LEVEL:
        return track.value()
    return np.array([float(np.median(values)) if values.size else np.nan for values in track.values])


def _trend(line: _Line, *, per: str, rate: float | None, level: float) -> Trend:
    found = Trend(per, line.slope, rate, UNDECIDED)
    if rate is None or rate > 1.0 - level or isinstance(line.slope, NotEnough):
        return found
    return replace(found, verdict=RISING if line.slope.value > 0.0 else FALLING)
