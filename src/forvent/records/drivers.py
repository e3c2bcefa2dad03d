"""Which touchpoints go together with overall satisfaction, how strongly, and on which side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forvent.records.kinds import KindChange
from forvent.records.numbers import Estimate, NotEnough
from forvent.records.reading import ReadingReport


@dataclass(frozen=True, slots=True)
class TouchpointRatings:
    """Answers about one touchpoint: rated low, in the middle or high, said not to apply, or left blank."""

    low: int
    middle: int
    high: int
    not_applicable: int
    blank: int

    @property
    def rated(self) -> int:
        """Answers that hold a rating."""
        return self.low + self.middle + self.high


@dataclass(frozen=True, slots=True)
class Driver:
    """One touchpoint beside all others.

    ``importance`` is its part of R² (0–1), ``share`` the same as a part of what all touchpoints explain.
    ``rank`` is its place by importance with the interval of its places. ``penalty`` and ``reward`` are
    points (0–1) of overall satisfaction against a rating in the middle; ``asymmetry`` lies in −1…1, and
    ``side`` is "penalty" or "reward" where its whole interval lies below or above 0.
    ``performance`` is the mean rating (0–1), ``stated`` the mean of what customers say of its importance.
    ``place`` is its field among importance and performance.
    """

    name: str
    ratings: TouchpointRatings
    importance: Estimate | NotEnough
    share: Estimate | NotEnough
    rank: Estimate | NotEnough
    penalty: Estimate | NotEnough
    reward: Estimate | NotEnough
    asymmetry: Estimate | NotEnough
    side: str
    kind: str
    performance: Estimate | NotEnough
    stated: Estimate | NotEnough | None
    place: str
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drivers:
    """All touchpoints of a survey in one model, the most important first.

    ``answers`` are the rows behind it. ``explained`` is R² of the ratings, beyond who did not rate what.
    ``sampled`` says that importance was averaged over drawn orders, not over all of them, and
    ``sampling_error`` is the largest standard error that this left in an importance.
    """

    overall: str
    answers: int
    touchpoints: tuple[Driver, ...]
    explained: Estimate | NotEnough
    satisfaction: Estimate | NotEnough
    sampled: bool
    rounds: int
    level: float
    cautions: tuple[str, ...] = ()
    sampling_error: float = 0.0


@dataclass(frozen=True, slots=True)
class DriverGroup:
    """All touchpoints in one segment or one period; ``changes`` are against the rest, empty for a period."""

    name: str
    drivers: Drivers
    changes: tuple[KindChange, ...] = ()


@dataclass(frozen=True, slots=True)
class DriverSegments:
    """Touchpoints by the values of one column; ``left_out`` counts answers of small or unknown segments."""

    column: str
    segments: tuple[DriverGroup, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class DriverDrift:
    """Touchpoints by period, in the order of time; ``changes`` are along the line through all periods."""

    column: str
    periods: tuple[DriverGroup, ...]
    changes: tuple[KindChange, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class DriversFound:
    """Drivers of one file with how it was read.

    ``zero`` says what a 0 below a scale from 1 was taken for, where nobody said it: "not_applicable" or
    "rating"; empty where there is none, or where it was said.
    """

    made_at: datetime
    drivers: Drivers
    reading: ReadingReport
    zero: str
    segments: tuple[DriverSegments, ...] = ()
    drift: DriverDrift | None = None
