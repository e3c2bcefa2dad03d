"""Waiting lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class WaitRange:
    """What one person in line is told: served between ``low_s`` and ``high_s`` seconds after joining.

    Both are rounded to what is said, ``low_s`` down (0 for a plain "at most") and ``high_s`` up; the
    exact ones are unrounded quantiles of their own. ``leaned_on`` names the estimator with the most
    say, ``n`` counts the waits behind it.
    """

    low_s: float
    high_s: float
    exact_low_s: float
    exact_high_s: float
    level: float
    leaned_on: str
    n: int


@dataclass(frozen=True, slots=True)
class WaitHour:
    """How the announcements of one hour of the day did; ``undecided`` cases left before it was known."""

    hour: int
    kept: Estimate | NotEnough
    n: int
    undecided: int


@dataclass(frozen=True, slots=True)
class WaitBacktest:
    """A walk along a waiting line: what each person would have been told, and whether it was kept.

    ``kept`` is the share of those who stay that are served within the range; who left before that
    was known is neither kept nor broken, counted in ``undecided`` and stood for by others who
    stayed as long. ``kept_when_served`` looks at those who were served alone. ``n`` cases were
    announced and came to an end. ``pinball_s`` is the mean pinball loss in seconds of each
    estimator, of "ours" and of what was "announced" after rounding; ``answered`` the share of
    announcements in which each estimator had the most say. ``warming_up`` cases came before there
    was enough to learn from; ``in_line`` had not come to an end.
    """

    n: int
    level: float
    kept: Estimate | NotEnough
    kept_when_served: Estimate | NotEnough
    hours: tuple[WaitHour, ...]
    undecided: int
    warming_up: int
    in_line: int
    mean_range_s: float
    mean_high_s: float
    pinball_s: Mapping[str, float]
    answered: Mapping[str, float]
