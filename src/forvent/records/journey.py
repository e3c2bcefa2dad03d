"""The journey: what is expected and got at each stop, where it is worst and best, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class JourneyStop:
    """One stage, or one touchpoint as the file names it.

    ``voices`` say how it was there. ``got`` is the share met of what they judge, ``expected`` the share at
    which their ratings would be those of others, ``gap`` got minus expected. ``rate`` is the smallest
    false discovery rate at which the gap is a finding, over all stops.
    """

    name: str
    voices: int
    got: Estimate | NotEnough
    expected: Estimate | NotEnough
    gap: Estimate | NotEnough
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Peak:
    """The lowest or the highest stop.

    ``difference`` is its share met minus that of the stop ``against``, from which it is hardest to tell;
    ``sure`` says whether it surely lies beyond every other one, else ``perhaps`` names those that may be it.
    """

    name: str
    sure: bool
    against: str
    difference: Estimate
    perhaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Journey:
    """The stops of all customers together, in their order; touchpoints without an order by name.

    ``last`` is the last stage with enough voices, None of touchpoints. ``mean`` is the plain mean of the
    shares met, ``remembered`` the mean of the worst and the last, as people are known to remember.
    ``bad_end`` is in rating points (0–1): voices that find only the end of their journey unmet, minus those
    that find only something before it unmet.
    """

    stops: tuple[JourneyStop, ...]
    worst: Peak | None
    best: Peak | None
    last: str | None
    mean: Estimate | NotEnough
    remembered: Estimate | NotEnough
    bad_end: Estimate | NotEnough
