"""Cases without an outcome: what is said of each, and their order; alike for disappointment and leaving."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeAlias

from forvent.assess.prediction.knowledge import Knowledge
from forvent.assess.prediction.learning import Predictor
from forvent.records import Estimate, NotEnough
from forvent.records.prediction import CasePrediction, KnownFact

Told: TypeAlias = tuple[Estimate | NotEnough, tuple[KnownFact, ...]]

_EPOCH = datetime(1970, 1, 1)


def told_of(predictor: Predictor | NotEnough, *, known: Callable[[], Knowledge], count: int) -> list[Told]:
    """Probability and facts of each of ``count`` cases; where nobody may say anything, why, and no facts.

    Facts are told only of cases that have a probability; ``known`` is asked only where there is a predictor.
    """
    if isinstance(predictor, NotEnough):
        return [(predictor, ())] * count
    knowledge = known()
    chances = predictor.probabilities(knowledge)
    facts = predictor.facts(knowledge, chances=chances)
    return [
        (chance, () if isinstance(chance, NotEnough) else said)
        for chance, said in zip(chances, facts, strict=True)
    ]


def in_order(cases: Iterable[CasePrediction]) -> list[CasePrediction]:
    """The most value at risk first, then the likeliest; those of whom nothing is known last."""
    return sorted(cases, key=_place)


def moment_of(seconds: float) -> datetime:
    """The moment of seconds since 1970, to the second."""
    return _EPOCH + timedelta(seconds=round(seconds))


def _place(case: CasePrediction) -> tuple[float, float]:
    at_risk = -math.inf if case.at_risk is None else case.at_risk.value
    chance = case.probability.value if isinstance(case.probability, Estimate) else -1.0
    return -at_risk, -chance
