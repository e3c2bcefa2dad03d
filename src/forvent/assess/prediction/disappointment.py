"""Who is likely to be disappointed: accuracy at each moment, and the episodes without an outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.prediction.cases import in_order, moment_of, told_of
from forvent.assess.prediction.folds import folds, newest_fold
from forvent.assess.prediction.history import Before, EpisodeHistory
from forvent.assess.prediction.leaks import usable_columns
from forvent.assess.prediction.learning import Cases, Predictor, learned, thinned
from forvent.assess.prediction.moments import (
    DELIVERED,
    LOOKS,
    MOMENTS,
    START,
    WAITING,
    Looks,
    known_at,
    looks,
)
from forvent.assess.prediction.testing import Settings, accuracy_of
from forvent.records import NotEnough
from forvent.records.prediction import CasePrediction, Prediction, PredictionAccuracy

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

DEFINITION = "disappointed/1: rating at most 0.25 on the scale 0 to 1, or without rating a negative voice"
#: Of a delivered episode nobody speaks after so long: the time in which so many of the voices came.
SPOKEN_BY = 0.95
UNTOLD = "so far no outcome can be foretold at this moment"
MOST_CASES = 100_000
#: Looks at episodes that are learned from and tested on, evenly thinned; more would not tell more.
MOST_LOOKS = 150_000


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    """What was found out about one kind of moment."""

    accuracy: PredictionAccuracy
    newest: Predictor | NotEnough


def disappointment(
    history: EpisodeHistory,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    rounds: int = 1000,
    seed: int = 1,
) -> Prediction:
    """Probability of disappointment before it is known: how good it was, what it rests on, who is open.

    Looked at are the start of each episode, moments of waiting, and the delivery. At each, what is learned
    on the past is calibrated on the next stretch and tested on the last; where the test does not surely
    beat the base rate, no case of this moment gets a probability. Else the same is done once more with
    everything known, and the cases without an outcome get theirs.

    Parameters
    ----------
    history
        Episodes.
    rng
        Source of randomness of bootstrap and shuffling.
    level
        Confidence level of every interval.
    rounds
        Bootstrap rounds.
    seed
        Of the models.

    Returns
    -------
    Prediction
        Accuracies in the order start, waiting, delivered; a moment that never occurs is left out. Cases by
        falling probability, the silent ones last.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md.

    Examples
    --------
    Ten episodes tell nothing:

    >>> time, one, none = np.arange(10.0), np.arange(10), np.full(10, np.nan)
    >>> state = {
    ...     "due": none,
    ...     "delivered": time + 1,
    ...     "cancelled": one > 99,
    ...     "sad": one % 2 * 1.0,
    ...     "rating": none,
    ... }
    >>> said = {"first_said": time + 2, "known": time + 2, "columns": {}, "as_of": 20.0}
    >>> names = tuple("abcdefghij")
    >>> history = EpisodeHistory(names, names, one, time, **state, **said)
    >>> found = disappointment(history, rng=np.random.default_rng(1))
    >>> [(one.moment, one.silent.why) for one in found.accuracies][0]
    ('start', 'too few outcomes of either kind to learn from')
    """
    columns, left_out = usable_columns(history)
    used = replace(history, columns=columns)
    before = Before(used)
    open_now = _without_outcome(used)
    settings = Settings(rng, level=level, rounds=rounds, seed=seed)
    accuracies, cases = [], []
    for moment in MOMENTS:
        found = _at(used, before=before, moment=moment, settings=settings)
        if found is not None:
            accuracies.append(found.accuracy)
        cases += _cases(used, before=before, taken=open_now[moment], moment=moment, found=found)
    return Prediction(
        definition=DEFINITION,
        level=level,
        as_of=moment_of(used.as_of) if used.n else None,
        accuracies=tuple(accuracies),
        cases=tuple(in_order(cases)),
        open_cases=sum(taken.position.size for taken in open_now.values()),
        left_out=left_out,
    )


def _at(history: EpisodeHistory, *, before: Before, moment: str, settings: Settings) -> _Moment | None:
    taken = looks(history, moment=moment)
    told = np.isfinite(history.sad[taken.position]) & (history.known[taken.position] > taken.moment)
    if moment == START:
        told = np.isfinite(history.sad[taken.position])
    picked = thinned(np.flatnonzero(told), most=MOST_LOOKS)
    if picked.size == 0:
        return None
    taken = Looks(taken.position[picked], taken.moment[picked])
    known_when = np.maximum(history.known[taken.position], taken.moment)
    cases = Cases(
        known=known_at(history, before=before, taken=taken, moment=moment),
        outcome=history.sad[taken.position],
        case=taken.position,
        customer=history.customer[taken.position],
        moment=taken.moment,
    )
    accuracy = accuracy_of(
        cases,
        folds=folds(taken.moment, known_at=known_when),
        moment=moment,
        settings=settings,
    )
    if accuracy.silent is not None:
        return _Moment(accuracy, accuracy.silent)
    newest = newest_fold(taken.moment, known_at=known_when)
    return _Moment(accuracy, learned(cases, fold=newest, level=settings.level, seed=settings.seed))


def _without_outcome(history: EpisodeHistory) -> dict[str, Looks]:
    """Episodes that nobody has spoken of yet, by the latest moment of which something can be known."""
    untold = ~np.isfinite(history.sad) & ~history.cancelled
    delivered = np.isfinite(history.delivered)
    age = history.as_of - history.start
    # Before the first look of those that waited there is nothing beyond the start.
    first = LOOKS[0] * history.usual_wait if np.isfinite(history.usual_wait) else np.inf
    told_late = history.first_said - history.delivered
    told_late = told_late[np.isfinite(told_late)]
    patience = float(np.quantile(told_late, SPOKEN_BY)) if told_late.size else 0.0
    recent = history.as_of - history.delivered <= patience
    parts = {
        START: (untold & ~delivered & (age < first), history.start),
        WAITING: (untold & ~delivered & ~(age < first), np.full(history.n, history.as_of)),
        DELIVERED: (untold & delivered & recent, history.delivered),
    }
    return {moment: Looks(np.flatnonzero(mine), at[mine]) for moment, (mine, at) in parts.items()}


def _cases(
    history: EpisodeHistory, *, before: Before, taken: Looks, moment: str, found: _Moment | None
) -> list[CasePrediction]:
    taken = Looks(taken.position[-MOST_CASES:], taken.moment[-MOST_CASES:])
    silent = NotEnough(n=0, needed=1, why=UNTOLD)
    predictor = silent if found is None else found.newest
    if taken.position.size == 0:
        return []
    told = told_of(
        predictor,
        known=lambda: known_at(history, before=before, taken=taken, moment=moment),
        count=taken.position.size,
    )
    return [
        CasePrediction(
            case=history.episode[place],
            customer=history.customer_name[place],
            moment=moment,
            at=moment_of(at),
            probability=chance,
            facts=facts,
        )
        for place, at, (chance, facts) in zip(
            taken.position.tolist(), taken.moment.tolist(), told, strict=True
        )
    ]
