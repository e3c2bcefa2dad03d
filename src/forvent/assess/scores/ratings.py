"""Mean, CSAT, NPS and net satisfaction of the ratings, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forvent.assess.judgements import Codes, Floats
from forvent.assess.scores.definitions import Measure, measures_of
from forvent.assess.scores.limits import estimate_of
from forvent.assess.scores.moments import Answers, moments, sums_of
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough, Scale, Score
from forvent.stats import block_of, bootstrap_counts, percentile_interval, widest

LEAST_RATINGS = 5
# Fewer customers than this cannot stand for the customers there are, however often each one rates.
LEAST_CUSTOMERS = 10
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
        for measure in measures_of(scale)
    )


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


def _estimate(measure: Measure, values: Floats, *, drawn: _Drawn | None, level: float) -> Estimate:
    plain = estimate_of(measure, moments([measure], sums_of(Answers.of(values)))[0], level=level)
    if drawn is None:
        return plain
    draws = drawn.means(measure.points(values))
    return widest(plain, percentile_interval(draws, value=plain.value, n=plain.n, level=level))
