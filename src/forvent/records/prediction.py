"""Who is likely to be disappointed, or to leave: probabilities, how good they were, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Test cases with much the same probability: its mean, and the share in which it came so."""

    predicted: float
    observed: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class RestsOn:
    """By how much the Brier skill falls when one kind of knowledge is shuffled among the test cases.

    ``knowledge`` is promise, calendar, lately, customer, waiting, delivered, purchases, spending, model, or
    the name of a column of the file.
    """

    knowledge: str
    columns: tuple[str, ...]
    loss: Estimate


@dataclass(frozen=True, slots=True)
class PredictionAccuracy:
    """How good the probabilities given at one moment were, on the last stretch of the record alone.

    ``moment`` is start, waiting, delivered or leaving. ``trained``, ``calibrated`` and ``tested`` count the
    rows of the three stretches, one after the other in time; ``cases`` the episodes or customers of the last.
    ``silent`` says why no probability is given; None where they beat the base rate.
    """

    moment: str
    trained: int
    calibrated: int
    tested: int
    cases: int
    tested_from: datetime | None
    tested_until: datetime | None
    base_rate: Estimate | NotEnough
    brier: Estimate | NotEnough
    skill: Estimate | NotEnough
    auc: Estimate | NotEnough
    calibration_error: Estimate | NotEnough
    by_chance: Estimate | NotEnough
    reliability: tuple[ReliabilityBin, ...]
    rests_on: tuple[RestsOn, ...]
    silent: NotEnough | None


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A known fact that goes together with a case's probability; ``log_odds`` above 0 is a higher one.

    ``value`` is text where the column holds text (untrusted), else a number; None where it is missing.
    """

    column: str
    value: str | float | None
    log_odds: float


@dataclass(frozen=True, slots=True)
class CasePrediction:
    """One case whose outcome is not known yet, and how probable disappointment (or leaving) is.

    ``case`` is the id of the episode, or of the customer who may leave; ``at`` is the moment whose knowledge
    was used. The interval is that of the share among cases with the same score, not of the single case.
    ``at_risk`` is that probability times what the customer is worth in the days ahead if they go on buying,
    in money, with the interval of the probability; None where either is not known.
    """

    case: str
    customer: str | None
    moment: str
    at: datetime
    probability: Estimate | NotEnough
    facts: tuple[KnownFact, ...]
    at_risk: Estimate | None = None


@dataclass(frozen=True, slots=True)
class LeftOutColumn:
    """A column that was not used, and why; ``after`` is True where it looks as if written afterwards."""

    column: str
    why: str
    after: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """All that one look ahead found; ``cases`` are those without an outcome, in their ``order``.

    ``definition`` is versioned; ``as_of`` the moment up to which the record reaches, ``horizon_days`` the
    days ahead in which somebody leaves who does not buy (None for disappointment). ``order`` says what the
    cases are ordered by: "probability", or "value_at_risk" where the value of customers is known.
    """

    definition: str
    level: float
    as_of: datetime | None
    accuracies: tuple[PredictionAccuracy, ...]
    cases: tuple[CasePrediction, ...] = ()
    open_cases: int = 0
    left_out: tuple[LeftOutColumn, ...] = ()
    notes: tuple[str, ...] = ()
    horizon_days: int | None = None
    order: str = "probability"
