"""What to do first: gaps ranked with their factors, training topics, and what goes with closing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough

#: What the value of a gap is counted in.
CUSTOMERS, AHEAD, MEAN_AHEAD = "customers", "value ahead", "mean value"
#: A gap that is real with less than this is asked about before anything is done.
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Priority:
    """One gap with every factor of its place in the plan.

    ``score`` = ``value`` × ``shortfall`` × ``weight`` × ``real`` ÷ ``effort_days``. ``value`` counts the
    ``customers`` who judge it (``value_basis`` "customers"), or what they are expected to buy ("value ahead";
    "mean value" where the mean of the other gaps stands in). ``shortfall`` is minus the gap, or 0. ``real``
    is the probability that the true gap is below zero, all gaps looked at together; ``shrunk`` is the gap
    that is to be expected once one allows for having picked it. ``first`` and ``among_first`` are the shares
    of bootstrap draws in which it comes first, or among the first three; the interval of ``rank`` comes from
    the same draws. ``step`` names what is suggested.
    """

    expectation: str
    stage: str
    kind: str
    usual_kind: str
    usual_type: str
    got: Estimate | NotEnough
    expected: Estimate | NotEnough
    gap: Estimate | NotEnough
    customers: int
    value: float
    value_basis: str
    shortfall: float
    weight: float
    real: float | None
    shrunk: float | None
    effort_days: float
    effort_given: bool
    score: Estimate | NotEnough
    rank: Estimate | NotEnough
    first: float
    among_first: float
    step: str

    @property
    def score_above_zero(self) -> bool:
        """Whether it falls short by its plain numbers, so that something is to be done."""
        return isinstance(self.score, Estimate) and self.score.value > 0.0


@dataclass(frozen=True, slots=True)
class TrainingTopic:
    """What staff should practise: an expectation of how people treat each other, and how it is met.

    ``within`` is the time that half of those who name one want, in seconds: a standard to start from.
    """

    expectation: str
    got: Estimate | NotEnough
    gap: Estimate | NotEnough
    unmet: int
    within: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Plan:
    """The ranked gaps; ``weights`` by kind and ``efforts`` in days by size are the settings it was made with.

    Values are counted in ``value_unit``: customers, purchases or money. ``picked_spread`` is the standard
    deviation of the true gaps that ``real`` supposes.
    """

    definition: str
    weights: Mapping[str, float]
    efforts: Mapping[str, float]
    value_unit: str
    picked_spread: float
    priorities: tuple[Priority, ...]
    training: tuple[TrainingTopic, ...] = ()


@dataclass(frozen=True, slots=True)
class IfMet:
    """What goes together with another share met, in these data; no forecast.

    ``rating`` is the change of the mean rating (0–1) of the voices that say something, ``dissatisfied`` that
    of the share of them that are dissatisfied (−1…1).
    """

    expectation: str
    got: Estimate
    target: float
    rating: Estimate | NotEnough
    dissatisfied: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class IfPromised:
    """How often a promise of this length would have been kept, and the mean rating that goes with it.

    ``rating`` is the change of the mean rating (0–1) of the episodes against what is kept today; ``today``
    marks the company's own promise.
    """

    length: float
    unit: str
    kept: Estimate
    today: bool
    rating: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class WhatIfs:
    """What goes together with meeting an expectation more often, and with promises of other lengths.

    A voice is dissatisfied where its rating (0–1) is at most ``dissatisfied_at``.
    """

    definition: str
    dissatisfied_at: float
    met: tuple[IfMet, ...]
    promises: tuple[IfPromised, ...] = ()
