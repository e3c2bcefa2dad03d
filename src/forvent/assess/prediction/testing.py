"""How good probabilities were on the last stretch of time, what they rest on, and whether they may speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.prediction.accuracy import (
    Trial,
    auc,
    brier,
    calibration_error,
    fall_of_skill,
    reliability,
    share_of,
)
from forvent.assess.prediction.folds import Fold
from forvent.assess.prediction.learning import Cases, Predictor, learned, pieces, thinned, too_few
from forvent.records import Estimate, NotEnough
from forvent.records.prediction import PredictionAccuracy, RestsOn
from forvent.stats import block_of, bootstrap_counts

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: Cases of each outcome that the test needs.
LEAST_TEST = 30
#: Rows of one step that are tested on, and rows that shuffling looks at, at most.
MOST_TEST, MOST_SHUFFLED = 10_000, 2_000
SHUFFLES = 2
#: More than so many times the cases that there are is not said to be needed.
FARTHEST = 20.0
NO_BETTER = "no better than the base rate, as far as the test cases can tell"
NO_OUTCOME = NotEnough(n=0, needed=1, why="no outcome is known yet")
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """How it is tested: source of randomness of bootstrap and shuffling, level of every interval, bootstrap
    rounds, and the seed of the models."""

    rng: np.random.Generator
    level: float = 0.95
    rounds: int = 1000
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One step of the test: what was learned before it, and the cases that came in it."""

    predictor: Predictor
    fold: Fold
    picked: Codes


def accuracy_of(
    cases: Cases,
    *,
    folds: Sequence[Fold],
    moment: str,
    settings: Settings,
    without: NotEnough = NO_OUTCOME,
) -> PredictionAccuracy:
    """How good the probabilities are on the last stretch of time, what they rest on, whether they may speak.

    They may where the whole interval of the Brier skill lies above 0. Before each step of the test all is
    learned anew, from what was known by then.

    Parameters
    ----------
    cases
        Cases with a known outcome.
    folds
        Steps of the test.
    moment
        Name of the moment they are looked at.
    settings
        How it is tested.
    without
        Why there may be no step at all.

    Returns
    -------
    PredictionAccuracy
        ``silent`` says why they may not speak.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md#silence.

    Examples
    --------
    >>> from forvent.assess.prediction.folds import folds
    >>> from forvent.assess.prediction.knowledge import Knowledge
    >>> known, time, one = Knowledge(np.zeros((9, 0)), ()), np.arange(9.0), np.arange(9)
    >>> cases = Cases(known, one % 2 * 1.0, one, one, time)
    >>> steps = folds(time, known_at=time)
    >>> settings = Settings(np.random.default_rng(1))
    >>> accuracy_of(cases, folds=steps, moment="start", settings=settings).silent.why
    'too few outcomes of either kind to learn from'
    """
    steps: list[_Step] = []
    few: NotEnough | None = None
    for fold in folds:
        found = learned(cases, fold=fold, level=settings.level, seed=settings.seed)
        if isinstance(found, NotEnough):
            few = found
        else:
            steps.append(_Step(found, fold, thinned(fold.test, most=MOST_TEST)))
    if not steps:
        return _unknown(moment, few or without)
    outcome = np.concatenate([cases.outcome[step.picked] for step in steps])
    few = too_few(outcome, needed=LEAST_TEST, what="test on")
    if few is not None:
        return _unknown(moment, few)
    return _judged(cases, steps, moment=moment, settings=settings)


def _judged(cases: Cases, steps: Sequence[_Step], *, moment: str, settings: Settings) -> PredictionAccuracy:
    rng, level, rounds = settings.rng, settings.level, settings.rounds
    tested = _tested(cases, steps)
    score, skill = brier(tested, rng=rng, level=level, rounds=rounds)
    bins, place = reliability(tested, level=level)
    error, by_chance = calibration_error(tested, bins=place, rng=rng, level=level, rounds=rounds)
    whole = np.concatenate([step.fold.test for step in steps])
    speaks = skill.low > 0.0
    return PredictionAccuracy(
        moment=moment,
        trained=steps[-1].fold.train.size,
        calibrated=steps[-1].fold.calibrate.size,
        tested=whole.size,
        cases=int(np.unique(cases.case[whole]).size),
        tested_from=_moment(float(cases.moment[whole].min())),
        tested_until=_moment(float(cases.moment[whole].max())),
        base_rate=share_of(tested.outcome, customer=tested.customer, level=level),
        brier=score,
        skill=skill,
        auc=auc(tested, level=level),
        calibration_error=error,
        by_chance=by_chance,
        reliability=bins,
        rests_on=_rests_on(cases, steps, settings=settings) if speaks else (),
        silent=None if speaks else _no_better(skill),
    )


def _no_better(skill: Estimate) -> NotEnough:
    """Cases that would do if the skill stayed as it is; 0 where no number within reach would."""
    if skill.value <= 0.0:
        return NotEnough(n=skill.n, needed=0, why=NO_BETTER)
    needed = skill.n * ((skill.value - skill.low) / skill.value) ** 2
    # So far beyond what there is, a count would only pretend to be known.
    known = needed <= FARTHEST * skill.n
    return NotEnough(n=skill.n, needed=int(np.ceil(needed)) + 1 if known else 0, why=NO_BETTER)


def _unknown(moment: str, why: NotEnough) -> PredictionAccuracy:
    return PredictionAccuracy(
        moment=moment,
        trained=0,
        calibrated=0,
        tested=0,
        cases=0,
        tested_from=None,
        tested_until=None,
        base_rate=why,
        brier=why,
        skill=why,
        auc=why,
        calibration_error=why,
        by_chance=why,
        reliability=(),
        rests_on=(),
        silent=why,
    )


def _rests_on(cases: Cases, steps: Sequence[_Step], *, settings: Settings) -> tuple[RestsOn, ...]:
    """Each kind of knowledge by the skill that is lost without it, most first."""
    fewer = [_Step(step.predictor, step.fold, thinned(step.fold.test, most=MOST_SHUFFLED)) for step in steps]
    tested = _tested(cases, fewer)
    error = (tested.probability - tested.outcome) ** 2
    rng = settings.rng
    drawn = [
        bootstrap_counts(rng, blocks=int(codes.max()) + 1, rounds=settings.rounds) for codes in tested.blocks
    ]
    columns = {column.name: column for step in fewer for column in step.predictor.reader.columns}
    found = []
    for kind in dict.fromkeys(column.knowledge for column in columns.values()):
        shuffled = np.concatenate([_shuffled(cases, step, kind=kind, rng=rng) for step in fewer])
        loss = fall_of_skill(error, shuffled=shuffled, trial=tested, drawn=drawn, level=settings.level)
        names = tuple(name for name, column in columns.items() if column.knowledge == kind)
        found.append(RestsOn(kind, names, loss))
    return tuple(sorted(found, key=lambda one: -one.loss.value))


def _shuffled(cases: Cases, step: _Step, *, kind: str, rng: np.random.Generator) -> Floats:
    """Squared errors where one kind of knowledge is that of another case."""
    predictor, outcome = step.predictor, cases.outcome[step.picked]
    read = predictor.reader.read(cases.known.where(step.picked))
    mine = [place for place, column in enumerate(predictor.reader.columns) if column.knowledge == kind]
    error = np.zeros(outcome.size)
    for _ in range(SHUFFLES):
        other = read.copy()
        other[:, mine] = read[rng.permutation(read.shape[0])][:, mine]
        chances = predictor.calibration.probabilities(predictor.model.scores(other))
        error += (chances - outcome) ** 2 / SHUFFLES
    return error


def _tested(cases: Cases, steps: Sequence[_Step]) -> Trial:
    picked = np.concatenate([step.picked for step in steps])
    chances = [
        step.predictor.calibration.probabilities(step.predictor.scores(cases.known.where(step.picked)))
        for step in steps
    ]
    customer = cases.customer[picked]
    return Trial(
        probability=np.concatenate(chances),
        outcome=cases.outcome[picked],
        customer=customer,
        blocks=(block_of(customer), pieces(cases.moment[picked])),
    )


def _moment(seconds: float) -> datetime:
    return _EPOCH + timedelta(seconds=round(seconds))
