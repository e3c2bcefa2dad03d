"""Which expectations the ratings go together with, and which people speak of."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough

#: The definition of importance; the first one was reach times the swing of the rating.
IMPORTANCE = "importance/2"


@dataclass(frozen=True, slots=True)
class ExpectationImportance:
    """One expectation beside all others.

    ``importance`` is, by ratings, its part (0–1) of what all expectations together explain of the ratings,
    and ``part`` the same as a part of R²; by mentions it is ``spoken``. ``spoken`` and ``wished`` are the
    shares of voices that speak of it and that wish for it, unasked: what stands here for stated importance.
    ``rank`` is its place by importance with the interval of its places, ``performance`` the share met,
    ``place`` its field among importance and performance.
    """

    expectation: str
    importance: Estimate | NotEnough
    part: Estimate | NotEnough
    rank: Estimate | NotEnough
    spoken: Estimate | NotEnough
    wished: Estimate | NotEnough
    performance: Estimate | NotEnough
    place: str


@dataclass(frozen=True, slots=True)
class Importances:
    """All expectations by importance, the most important first.

    ``basis`` is "ratings" or, where these cannot say it, "mentions", and ``why`` says why: "no_ratings",
    "too_few_ratings" or "nothing_explained". ``explained`` is R² of all together over ``rated`` voices.
    ``error`` is the largest standard error that drawing orders left in a part of R², 0 where all orders were
    gone through. ``importance_line`` and ``performance_line`` are where the cross-hair stands: the means of
    the expectations that have both; None with fewer than three of them.
    """

    basis: str
    why: str
    expectations: tuple[ExpectationImportance, ...]
    explained: Estimate | NotEnough
    rated: int
    sampled: bool
    error: float
    importance_line: float | None
    performance_line: float | None
    level: float
    definition: str = IMPORTANCE
