"""How well it is met."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class MentionCounts:
    """Voices by what they say of one expectation."""

    met: int
    unmet: int
    mixed: int
    wished: int

    @property
    def judged(self) -> int:
        """Voices that say whether it was met."""
        return self.met + self.unmet + self.mixed


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """What goes together with an expectation being unmet or met, against voices that do not mention it."""

    expectation: str
    penalty: Estimate | NotEnough
    reward: Estimate | NotEnough
    asymmetry: Estimate | NotEnough
    kind: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Got minus expected, for one expectation, over all or at one touchpoint.

    ``expected`` is the share met at which customers who mention it rate as those
    who do not (see ``docs/formulas.md#gap``); ``basis`` is "ratings" where it was
    measured and "usual kind" where ratings are missing or too few, so that the
    catalogue's usual kind stands in.
    """

    expectation: str
    stage: str
    touchpoint: str | None
    counts: MentionCounts
    got: Estimate | NotEnough
    expected: Estimate | NotEnough
    gap: Estimate | NotEnough
    basis: str
    importance: Estimate | NotEnough
    stake: Estimate | NotEnough
    kind: str


@dataclass(frozen=True, slots=True)
class Score:
    """A score of the ratings with its interval, count and versioned definition."""

    name: str
    estimate: Estimate | NotEnough
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class LevelComparison:
    """Stated levels of one expectation beside what was got, both in seconds.

    ``experienced`` is what the voices say they got; ``delivered`` is what the episodes
    record, empty where there are none. ``delivered_median`` is of ``delivered``, else of
    ``experienced``. Long series are thinned to evenly spaced order statistics.
    """

    expectation: str
    stated: tuple[float, ...]
    experienced: tuple[float, ...]
    stated_median: Estimate | NotEnough
    delivered_median: Estimate | NotEnough
    delivered: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain and the share of dissatisfied episodes in which it broke first.

    ``name`` is expected_promised, promised_delivered, delivered_perceived or elsewhere.
    """

    name: str
    share: Estimate | NotEnough
    count: int


@dataclass(frozen=True, slots=True)
class SatisfactionCell:
    """Satisfied share among episodes that were kept or late, and quick or slow."""

    kept: bool
    slow: bool
    satisfied: Estimate | NotEnough
    mean_rating: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class SatisfactionPoint:
    """Mean rating of episodes delivered so many days before (negative) or after their promise."""

    days_late_from: float
    days_late_to: float
    mean_rating: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Chain:
    """Which link broke: expected, promised, delivered, perceived."""

    joined: int
    dissatisfied: int
    links: tuple[Link, ...]
    cells: tuple[SatisfactionCell, ...]
    curve: tuple[SatisfactionPoint, ...]
    slow_from_days: float
    late_difference: Estimate | NotEnough
    slow_difference: Estimate | NotEnough
