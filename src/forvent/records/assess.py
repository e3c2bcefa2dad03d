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
    ``importance`` is a share (0–1): by ``importance_basis`` "ratings" its part of what
    all expectations explain of the ratings, by "mentions" the share of voices that
    speak of it.
    ``rate`` is the smallest false discovery rate at which the gap is a finding, over all gaps
    of its kind together; None where there is no gap.
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
    importance_basis: str = "mentions"
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A score of the ratings with its interval, count and versioned definition."""

    name: str
    estimate: Estimate | NotEnough
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class LevelGap:
    """Stated and got of the same voices: ``n`` pairs.

    ``basis`` is "said" where the voices tell what they got, "record" where the episodes do. ``gap`` is the
    median of got minus stated in seconds, ``longer`` the share that got longer than it stated.
    """

    basis: str
    n: int
    gap: Estimate | NotEnough
    longer: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class LevelComparison:
    """Stated levels of one expectation beside what was got, both in seconds.

    ``experienced`` is what the voices say they got; ``delivered`` is what the episodes
    record, empty where there are none. ``delivered_median`` is of ``delivered``, else of
    ``experienced``. Long series are thinned to evenly spaced order statistics. ``paired``
    holds stated and got of the same voices.
    """

    expectation: str
    stated: tuple[float, ...]
    experienced: tuple[float, ...]
    stated_median: Estimate | NotEnough
    delivered_median: Estimate | NotEnough
    delivered: tuple[float, ...] = ()
    paired: tuple[LevelGap, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain and the share of dissatisfied episodes in which it broke first.

    ``name`` is expected_promised, promised_delivered, delivered_perceived or elsewhere. ``count`` are the
    dissatisfied episodes in which it broke first, ``episodes`` all of them, whatever the customer felt.
    ``attributable`` is the share of the dissatisfied beyond what would be expected had these episodes been
    like those in which no link broke; None for elsewhere.
    """

    name: str
    share: Estimate | NotEnough
    count: int
    episodes: int = 0
    attributable: Estimate | NotEnough | None = None


@dataclass(frozen=True, slots=True)
class ChainTopic:
    """Something besides time that voices of dissatisfied episodes find unmet.

    What was promised of it is not known. ``name`` is information, quality, price, people or other. Topics
    overlap. Counts and shares are as those of ``Link``.
    """

    name: str
    share: Estimate | NotEnough
    count: int
    episodes: int
    attributable: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class ChainOwner:
    """One of those a fault may belong to: how often it comes with dissatisfaction, beside all others.

    ``share`` is of the ``episodes`` it had, ``against_rest`` that share minus the one of all others.
    ``rate`` is the smallest false discovery rate at which the difference is a finding, over all owners of
    the fault. ``verdict`` is "more often", "less often", "undecided" or "too few".
    """

    name: str
    episodes: int
    count: int
    share: Estimate | NotEnough
    against_rest: Estimate | NotEnough
    rate: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Whose turn it was: over_promised, under_delivered or misunderstood, and who owns it.

    ``count`` and ``share`` are of the dissatisfied episodes. ``column`` names the owners, None where no
    column was given; ``owners`` holds the differing ones first, then by count. ``too_few`` counts owners
    with too few episodes to be told, ``unknown`` the episodes without one, ``beyond`` the owners that are
    not shown.
    """

    name: str
    count: int
    share: Estimate | NotEnough
    column: str | None = None
    owners: tuple[ChainOwner, ...] = ()
    too_few: int = 0
    unknown: int = 0
    beyond: int = 0


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
    """Which link broke: expected, promised, delivered, perceived.

    ``expected_anyway`` is the share of the dissatisfied that would be expected had no link broken; with
    the attributable shares of the links it makes one whole. ``usual_promise_days`` is the median promise.
    """

    joined: int
    dissatisfied: int
    links: tuple[Link, ...]
    cells: tuple[SatisfactionCell, ...]
    curve: tuple[SatisfactionPoint, ...]
    slow_from_days: float
    late_difference: Estimate | NotEnough
    slow_difference: Estimate | NotEnough
    usual_promise_days: float | None = None
    expected_anyway: Estimate | NotEnough | None = None
    faults: tuple[ChainFault, ...] = ()
    topics: tuple[ChainTopic, ...] = ()
