"""Numbers with their counts and intervals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval and the count behind it."""

    value: float
    low: float
    high: float
    n: int
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class NotEnough:
    """The honest answer where the data cannot carry a number."""

    n: int
    needed: int
    why: str
