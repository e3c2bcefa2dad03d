"""What was kept, and what can be promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class KeptRate:
    """How often the promise was kept, for all cases or one group.

    ``group`` maps column to value and is empty for all cases. Open cases whose
    promise has passed count as broken; open cases that can still be kept are in ``pending``.
    ``slack_days`` is the median of promised minus delivered time.
    """

    group: Mapping[str, str]
    kept: Estimate | NotEnough
    pending: int
    mean_promise_days: float | None
    median_wait_days: float | None
    slack_days: float | None


@dataclass(frozen=True, slots=True)
class Around:
    """A length on the clock on the wall, beside one on the business clock."""

    upper: float
    unit: str


@dataclass(frozen=True, slots=True)
class Promise:
    """The tightest upper limit that the earlier record supports, checked on the later.

    ``upper`` is in ``unit``; ``kept_later`` is how often it would have been kept in the
    later part; ``own_promise`` and ``own_kept`` are the company's own promise there.
    ``learned_until`` is the moment that divides the record; None where it was not divided.
    A unit "working_hour", "working_minute" or "working_day" is one of the business clock;
    ``around_the_clock`` is then what the same record supports on the clock on the wall, None where it
    supports nothing.
    """

    group: Mapping[str, str]
    upper: float
    unit: str
    level: float
    n: int
    by_day: bool
    kept_later: Estimate | NotEnough
    own_promise: float | None
    own_kept: Estimate | NotEnough
    padded: bool
    learned_until: datetime | None = None
    around_the_clock: Around | None = None


@dataclass(frozen=True, slots=True)
class NoPromise:
    """A group whose record cannot carry a promise at the level."""

    group: Mapping[str, str]
    level: float
    reason: NotEnough


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """Share of cases that a promise of this length would have kept."""

    length: float
    unit: str
    kept: Estimate
