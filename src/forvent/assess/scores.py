"""Mean, CSAT, NPS and net satisfaction of the ratings, with intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forvent.assess.judgements import Codes, Floats
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough, Scale, Score
from forvent.stats import (
    block_of,
    bootstrap_counts,
    mean_interval,
    nps_interval,
    percentile_interval,
    widest,
    wilson,
)

LEAST_RATINGS = 5
# Fewer customers than this cannot stand for the customers there are, however often each one rates.
LEAST_CUSTOMERS = 10
# Top two and bottom two of five steps; a hair of room for ratings that were divided.
TOP, BOTTOM = 0.75 - 1e-9, 0.25 + 1e-9
REPEATED = "; answers of one customer kept together in the interval"


def scores(
    ratings: ArrayLike,
    *,
    customers: Codes,
    rng: np.random.Generator,
    scale: Scale | None = None,
    level: float = 0.95,
    rounds: int = 1000,
) -> tuple[Score, ...]:
    """Summary of the ratings: mean, CSAT, net satisfaction, and NPS where the scale allows it.

    NPS exists only on a scale from 0 to 10; on others nothing is called NPS. Where customers
    rate more than once, the interval is widened to that of a bootstrap over customers.
    It is the score of those who rated, not of all customers.

    Parameters
    ----------
    ratings
        Ratings brought to 0–1, shape (n,), NaN where none was given.
    customers
        Code of the customer of each rating (``customer_codes``), shape (n,).
    rng
        Source of randomness of the bootstrap; unused where no customer repeats.
    scale
        Scale the ratings were given on; None where unknown, then only shares and the mean
        on 0–1 are made.
    level
        Confidence level, inside (0, 1).
    rounds
        Bootstrap rounds.

    Returns
    -------
    tuple of Score
        mean_rating (0–1), mean_given (on the scale), csat (share), net_satisfaction and nps
        (points, −100…100). Fewer than five ratings, or fewer than ten customers
        where they repeat, are NotEnough.

    Raises
    ------
    BadOption
        If ratings lie outside 0–1, or ratings and customers differ in number.

    Source
    ------
    Our own definitions, docs/formulas/assess.md#scores; intervals by Wilson (1927) and Rocks (2016).

    Examples
    --------
    Stars 5 5 4 3 1:

    >>> stars = (np.array([5, 5, 4, 3, 1]) - 1) / 4
    >>> found = scores(stars, customers=np.arange(5), rng=np.random.default_rng(1), scale=Scale(1, 5))
    >>> [(score.name, round(score.estimate.value, 2)) for score in found]
    [('mean_rating', 0.65), ('mean_given', 3.6), ('csat', 0.6), ('net_satisfaction', 40.0)]
    """
    given = np.asarray(ratings, dtype=np.float64)
    if given.shape != customers.shape:
        raise BadOption(
            f"{given.size} ratings of {customers.size} customers.", hint="Give each rating its customer."
        )
    rated = np.isfinite(given)
    values, who = given[rated], customers[rated]
    if values.size and not 0.0 <= values.min() <= values.max() <= 1.0:
        raise BadOption(
            f"Ratings from {values.min():g} to {values.max():g}.", hint="Bring ratings to 0–1 first."
        )
    people = np.unique(who).size
    repeated = people < values.size
    needed, n = (LEAST_CUSTOMERS, people) if repeated else (LEAST_RATINGS, values.size)
    reason = NotEnough(n=n, needed=needed, why=f"too few {'customers' if repeated else 'ratings'}")
    drawn = _Drawn.of(who, rng=rng, rounds=rounds) if repeated and n >= needed else None
    return tuple(
        Score(
            name=measure.name,
            estimate=_estimate(measure, values, drawn=drawn, level=level) if n >= needed else reason,
            unit=measure.unit,
            definition=measure.definition + (REPEATED if repeated else ""),
        )
        for measure in _measures(scale)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Measure:
    """A score: the mean of ``points`` of each rating; ``plain`` is its interval for independent ratings."""

    name: str
    unit: str
    definition: str
    points: Callable[[Floats], Floats]
    plain: Callable[[Floats, float], Estimate]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Blocks of customers and how often each was drawn."""

    block: Codes
    counts: Floats

    @classmethod
    def of(cls, who: Codes, *, rng: np.random.Generator, rounds: int) -> _Drawn:
        block = block_of(who)
        return cls(block=block, counts=bootstrap_counts(rng, blocks=int(block.max()) + 1, rounds=rounds))

    def means(self, points: Floats) -> Floats:
        width = self.counts.shape[1]
        total = self.counts @ np.bincount(self.block, weights=points, minlength=width)
        means: Floats = total / (self.counts @ np.bincount(self.block, minlength=width))
        return means


def _estimate(measure: _Measure, values: Floats, *, drawn: _Drawn | None, level: float) -> Estimate:
    plain = measure.plain(values, level)
    if drawn is None:
        return plain
    draws = drawn.means(measure.points(values))
    return widest(plain, percentile_interval(draws, value=plain.value, n=plain.n, level=level))


def _measures(scale: Scale | None) -> tuple[_Measure, ...]:
    mean = _Measure(
        "mean_rating",
        "0–1",
        "mean_rating/1: mean of the ratings, the lowest step of the scale as 0 and the highest as 1",
        _same,
        lambda values, level: mean_interval(values, level=level, within=(0.0, 1.0)),
    )
    given = () if scale is None else (_mean_given(scale),)
    nps = (_NPS,) if scale is not None and (scale.low, scale.high) == (0.0, 10.0) else ()
    return (mean, *given, _CSAT, _NET, *nps)


def _same(values: Floats) -> Floats:
    return values


def _mean_given(scale: Scale) -> _Measure:
    def points(values: Floats) -> Floats:
        return scale.low + values * (scale.high - scale.low)

    return _Measure(
        "mean_given",
        f"{scale.low:g}–{scale.high:g}",
        "mean_given/1: mean of the ratings as they were given",
        points,
        lambda values, level: mean_interval(points(values), level=level, within=(scale.low, scale.high)),
    )


def _top(values: Floats) -> Floats:
    return (values >= TOP).astype(np.float64)


def _net(values: Floats) -> Floats:
    return 100.0 * ((values >= TOP).astype(np.float64) - (values <= BOTTOM))


def _net_interval(values: Floats, level: float) -> Estimate:
    top, bottom = int((values >= TOP).sum()), int((values <= BOTTOM).sum())
    return nps_interval(top, values.size - top - bottom, bottom, level=level)


def _promoting(values: Floats) -> Floats:
    steps = np.round(values * 10.0, 6)
    return 100.0 * ((steps >= 9.0).astype(np.float64) - (steps < 7.0))


def _nps(values: Floats, level: float) -> Estimate:
    points = _promoting(values)
    up, down = int((points > 0).sum()), int((points < 0).sum())
    return nps_interval(up, values.size - up - down, down, level=level)


_CSAT = _Measure(
    "csat",
    "share",
    "csat/1: share of ratings in the top quarter of the scale (four and five of five)",
    _top,
    lambda values, level: wilson(float(_top(values).sum()), values.size, level=level),
)
_NET = _Measure(
    "net_satisfaction",
    "points",
    "net_satisfaction/1: percent of ratings in the top quarter of the scale minus percent in the bottom "
    "quarter (four and five minus one and two of five); not the NPS",
    _net,
    _net_interval,
)
_NPS = _Measure(
    "nps",
    "points",
    "nps/1: percent of answers 9 and 10 minus percent of answers 0 to 6, scale 0–10",
    _promoting,
    _nps,
)
