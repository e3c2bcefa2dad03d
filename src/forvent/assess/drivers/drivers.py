"""All touchpoints of a survey beside one another: importance, penalty and reward, kind, performance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forvent.assess.drivers.answers import BLANK, HIGH, LOW, MIDDLE, NOT_APPLICABLE, Answers
from forvent.assess.drivers.fits import APART, LEAST_RATED, Fits, fit
from forvent.assess.drivers.importance import Importance, importance, rank_interval
from forvent.assess.drivers.kinds import Cuts, Sided, sided
from forvent.assess.drivers.places import UNDECIDED, UPSIDE_DOWN, alike_pairs, field_of, upside_down
from forvent.assess.drivers.sums import Sums, sums_by_block
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate, NotEnough
from forvent.records.drivers import Driver, Drivers, TouchpointRatings
from forvent.stats import check_level, mean_interval, percentile_interval

Floats = NDArray[np.float64]
Number = Estimate | NotEnough

#: Most touchpoints that one model is made of.
MOST_TOUCHPOINTS = 60
#: Answers that the model needs, for each touchpoint and at least; and customers.
ANSWERS_EACH, LEAST_ANSWERS, LEAST_CUSTOMERS = 5, 30, 10
#: Answers that a side needs, and the middle.
LEAST_SIDE = 10
ROUNDS = 2000
_ALIKE, _NO_KIND = "alike", Sided(NotEnough(0, 1, ""), UNDECIDED, UNDECIDED)


def drivers(
    answers: Answers,
    *,
    overall: str,
    rng: np.random.Generator,
    rounds: int = ROUNDS,
    level: float = 0.95,
    cuts: Cuts | None = None,
    stated: Mapping[str, Floats] | None = None,
) -> Drivers:
    """Which touchpoints go together with overall satisfaction, how strongly, and on which side.

    All are in one model, so that each stands beside the others. It is association: who is happy may rate
    everything higher, and what nobody asked about is not in it.

    Parameters
    ----------
    answers
        The answers.
    overall
        Name of what they are held against.
    rng
        Source of randomness of the bootstrap.
    rounds
        Bootstrap rounds.
    level
        Level of every interval.
    cuts
        Where kinds end; see :class:`Cuts`.
    stated
        What customers say of the importance of touchpoints (0–1, NaN where nothing), by their name.

    Returns
    -------
    Drivers
        One entry a touchpoint, the most important first; those without importance come last.

    Raises
    ------
    BadOption
        If there is no touchpoint, or more than sixty.
    TooFewObservations
        If all are equally satisfied overall, or there are hardly any answers.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md.

    Examples
    --------
    Staff goes together with it, the door does not:

    >>> rng = np.random.default_rng(1)
    >>> ratings = rng.integers(1, 6, (500, 2))
    >>> states = np.select([ratings < 3, ratings > 3], [0, 2], 1).astype(np.int8)
    >>> happy = 0.1 * ratings[:, 0] + 0.3 + rng.normal(0, 0.1, 500)
    >>> answers = Answers(
    ...     ("door", "staff"), happy, (ratings[:, ::-1] - 1) / 4, states[:, ::-1], np.arange(500)
    ... )
    >>> found = drivers(answers, overall="csat", rng=rng, rounds=200)
    >>> found.touchpoints[0].name, found.touchpoints[0].kind
    ('staff', 'performance')
    """
    check_level(level)
    need_enough(answers)
    sums = sums_by_block(answers, rng=rng, rounds=rounds)
    fitted = Fitted(answers, sums, fit(sums))
    return drivers_of(fitted, overall=overall, rng=rng, level=level, cuts=cuts, stated=stated)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Answers with their sums and what was fitted to these."""

    answers: Answers
    sums: Sums
    fits: Fits


def drivers_of(
    fitted: Fitted,
    *,
    overall: str,
    rng: np.random.Generator,
    level: float,
    cuts: Cuts | None = None,
    stated: Mapping[str, Floats] | None = None,
) -> Drivers:
    """The same from sums that were made before, as :func:`drivers` and its groups need them."""
    answers, fits, rounds = fitted.answers, fitted.fits, fitted.sums.rounds
    found = _Found(answers, fits, level=level, cuts=cuts or Cuts(), stated=stated or {})
    few = _too_few(answers, fits, blocks=fitted.sums.filled)
    parts = importance(fits, rng=rng) if few is None and fits.used.size else None
    turned, against = upside_down(fits)
    cautions = _cautions(answers.names, pairs=alike_pairs(fits), against=against)
    made = [found.driver(number, parts=parts, few=few) for number in range(len(answers.names))]
    made = [replace(one, cautions=(*one.cautions, *cautions.get(one.name, ()))) for one in made]
    explained = few or (
        _nothing_to_fit(answers) if parts is None else _explained(parts, answers, level=level)
    )
    return Drivers(
        overall=overall,
        answers=answers.overall.size,
        touchpoints=tuple(sorted(made, key=_by_importance)),
        explained=explained,
        satisfaction=percentile_interval(
            fits.satisfaction[1:], value=float(fits.satisfaction[0]), n=answers.overall.size, level=level
        ),
        sampled=parts is not None and parts.sampled,
        sampling_error=parts.error if parts is not None else 0.0,
        rounds=rounds,
        level=level,
        cautions=(UPSIDE_DOWN,) if turned else (),
    )


def contrasts_of(fitted: Fitted, *, level: float, cuts: Cuts | None = None) -> tuple[Driver, ...]:
    """Sides and kinds alone, in the order of the touchpoints; importance is not worked out."""
    found = _Found(fitted.answers, fitted.fits, level=level, cuts=cuts or Cuts(), stated={})
    few = _too_few(fitted.answers, fitted.fits, blocks=fitted.sums.filled)
    return tuple(found.driver(number, parts=None, few=few) for number in range(len(fitted.answers.names)))


def need_enough(answers: Answers) -> None:
    """Refuse answers that no model can be made of."""
    count = len(answers.names)
    if not 1 <= count <= MOST_TOUCHPOINTS:
        raise BadOption(
            f"{count} touchpoints cannot be put into one model.", hint=f"Name 1 to {MOST_TOUCHPOINTS}."
        )
    if answers.overall.size < 2:
        raise TooFewObservations(
            "One answer says nothing about what goes together.", hint="Collect more answers."
        )
    if np.ptp(answers.overall) == 0.0:
        raise TooFewObservations(
            f"All {answers.overall.size} people are equally satisfied overall ({answers.overall[0]:g} of 1).",
            hint="Where nothing differs nothing can go together with it; look at the column.",
        )


def _too_few(answers: Answers, fits: Fits, *, blocks: int) -> NotEnough | None:
    """Why the whole model cannot be carried; None where it can."""
    n = answers.overall.size
    needed = max(LEAST_ANSWERS, ANSWERS_EACH * fits.used.size)
    if n < needed:
        return NotEnough(n=n, needed=needed, why="too few answers for so many touchpoints")
    # Every customer is a block of their own until there are many.
    if blocks < LEAST_CUSTOMERS:
        return NotEnough(n=blocks, needed=LEAST_CUSTOMERS, why="too few different customers answered")
    return None


def _nothing_to_fit(answers: Answers) -> NotEnough:
    rated = int(np.isfinite(answers.ratings).sum(axis=0).max(initial=0))
    return NotEnough(n=rated, needed=max(LEAST_RATED, rated + 1), why="no touchpoint has ratings that differ")


def _explained(parts: Importance, answers: Answers, *, level: float) -> Estimate:
    value, draws = float(parts.explained[0]), parts.explained[1:]
    return percentile_interval(draws, value=value, n=answers.overall.size, level=level)


def _cautions(
    names: tuple[str, ...], *, pairs: list[tuple[int, int]], against: list[int]
) -> dict[str, tuple[str, ...]]:
    said: dict[str, tuple[str, ...]] = {names[number]: (UPSIDE_DOWN,) for number in against}
    for first, second in pairs:
        for one, other in ((first, second), (second, first)):
            said[names[one]] = (*said.get(names[one], ()), f"{_ALIKE}:{names[other]}")
    return said


def _by_importance(one: Driver) -> tuple[float, str]:
    return (-one.importance.value if isinstance(one.importance, Estimate) else 1.0, one.name)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The numbers of one touchpoint after the other."""

    answers: Answers
    fits: Fits
    level: float
    cuts: Cuts
    stated: Mapping[str, Floats]

    def driver(self, number: int, *, parts: Importance | None, few: NotEnough | None) -> Driver:
        """Everything about one touchpoint."""
        name, ratings = self.answers.names[number], self._ratings(number)
        missing = few or self._not_used(number, ratings)
        penalty = missing or self._side(number, ratings.low, self.fits.penalty, said="low", ratings=ratings)
        reward = missing or self._side(number, ratings.high, self.fits.reward, said="high", ratings=ratings)
        shown = self._sided(number, penalty, reward, ratings)
        place = UNDECIDED
        important: Number | None = missing
        share: Number | None = missing
        rank: Number | None = missing
        if parts is not None and missing is None:
            at = int(np.searchsorted(self.fits.used, number))
            important, share, rank = self._importance(at, parts, ratings.rated)
            place = self._place(number, at, parts)
        return Driver(
            name=name,
            ratings=ratings,
            importance=_there(important),
            share=_there(share),
            rank=_there(rank),
            penalty=penalty,
            reward=reward,
            asymmetry=shown.asymmetry,
            side=shown.side,
            kind=shown.kind,
            performance=self._performance(number, ratings),
            stated=self._stated(name),
            place=place,
            cautions=shown.cautions,
        )

    def _ratings(self, number: int) -> TouchpointRatings:
        states = self.answers.states[:, number]
        low, middle, high, none, blank = (
            int(np.count_nonzero(states == state)) for state in (LOW, MIDDLE, HIGH, NOT_APPLICABLE, BLANK)
        )
        return TouchpointRatings(low=low, middle=middle, high=high, not_applicable=none, blank=blank)

    def _not_used(self, number: int, ratings: TouchpointRatings) -> NotEnough | None:
        if number in self.fits.used:
            return None
        if ratings.rated < LEAST_RATED:
            return NotEnough(n=ratings.rated, needed=LEAST_RATED, why="too few people rated it")
        return NotEnough(n=ratings.rated, needed=ratings.rated + 1, why="everybody gave it the same rating")

    def _side(
        self, number: int, count: int, values: Floats, *, said: str, ratings: TouchpointRatings
    ) -> Number:
        if ratings.middle < LEAST_SIDE:
            return NotEnough(n=ratings.middle, needed=LEAST_SIDE, why="too few rated it in the middle")
        if count < LEAST_SIDE:
            return NotEnough(n=count, needed=LEAST_SIDE, why=f"too few rated it {said}")
        if not self.fits.apart[number]:
            why = f"less than {APART:.0%} of its ratings can be told apart from the others"
            return NotEnough(n=ratings.rated, needed=ratings.rated + 1, why=why)
        draws = values[:, number]
        return percentile_interval(draws[1:], value=float(draws[0]), n=count, level=self.level)

    def _sided(self, number: int, penalty: Number, reward: Number, ratings: TouchpointRatings) -> Sided:
        for side in (penalty, reward):
            if isinstance(side, NotEnough):
                return replace(_NO_KIND, asymmetry=side)
        return sided(
            self.fits.penalty[:, number],
            reward=self.fits.reward[:, number],
            n=ratings.low + ratings.high,
            level=self.level,
            cuts=self.cuts,
        )

    def _importance(self, at: int, parts: Importance, n: int) -> tuple[Number, Number, Number]:
        part, draws = float(parts.parts[at]), parts.draws[:, at]
        important = percentile_interval(draws, value=part, n=n, level=self.level)
        places, drawn = parts.ranks
        rank = rank_interval(float(places[at]), drawn[:, at], n=n, level=self.level)
        shares, drawn = parts.shares
        if not (np.isfinite(shares[at]) and np.isfinite(drawn[:, at]).all()):
            return important, NotEnough(n=n, needed=n + 1, why="the touchpoints may explain nothing"), rank
        share = percentile_interval(drawn[:, at], value=float(shares[at]), n=n, level=self.level)
        return important, share, rank

    def _place(self, number: int, at: int, parts: Importance) -> str:
        every = np.vstack([parts.parts, parts.draws])
        rated = self.fits.performance[:, self.fits.used]
        return field_of(
            every[:, at] - every.mean(axis=1),
            performance=self.fits.performance[:, number] - rated.mean(axis=1),
            level=self.level,
        )

    def _performance(self, number: int, ratings: TouchpointRatings) -> Number:
        if ratings.rated < LEAST_RATED:
            return NotEnough(n=ratings.rated, needed=LEAST_RATED, why="too few people rated it")
        draws = self.fits.performance[:, number]
        return percentile_interval(draws[1:], value=float(draws[0]), n=ratings.rated, level=self.level)

    def _stated(self, name: str) -> Number | None:
        if name not in self.stated:
            return None
        said = self.stated[name][np.isfinite(self.stated[name])]
        if said.size < LEAST_RATED:
            return NotEnough(n=said.size, needed=LEAST_RATED, why="too few people said how important it is")
        return mean_interval(said, level=self.level, within=(0.0, 1.0))


def _there(number: Number | None) -> Number:
    """The number; without a model that could carry it there is none."""
    return number or NotEnough(n=0, needed=1, why="no touchpoint has ratings that differ")
