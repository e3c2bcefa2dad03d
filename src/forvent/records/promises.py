"""The promise engine: backtests and offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forvent.records.adjust import FrontierPoint
from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class KeptSlice:
    """How one way of promising did in one month or group; promises in the unit of the backtest."""

    name: str
    kept: Estimate | NotEnough
    mean_promise: float
    median_promise: float


@dataclass(frozen=True, slots=True)
class Track:
    """What one way of promising would have done over the cases of a backtest.

    ``padded`` is the share of promises of which the case needed half or less. ``worst_month``
    is the month with the lowest kept share among those with enough cases. ``mean_at_equal``
    is the mean promise after all promises of this way are stretched or shrunk by one factor,
    in hindsight, until as many are kept as in ``ours``; None where no factor does that.
    """

    name: str
    kept: Estimate | NotEnough
    mean_promise: float
    median_promise: float
    padded: Estimate | NotEnough
    worst_month: KeptSlice | None
    months: tuple[KeptSlice, ...]
    groups: tuple[KeptSlice, ...]
    pinball: float
    mean_at_equal: float | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """When the kept share left its band, and to which side."""

    at: datetime
    side: str
    kept_lately: float
    n: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """A walk through time: what each way of promising would have promised, and whether it was kept.

    ``tracks`` begin with "ours"; then "promised" (the company's own) where there is one,
    "rolling_quantile", "group_quantile" and "cqr". All are judged on the same ``n`` cases.
    ``level`` is the level aimed at (its mean where it was matched to the company's kept share).
    ``warming_up`` cases began before there was enough to learn from, ``undecided`` are open
    and not yet due, ``unpromised`` had no promise of the company to be held against.
    """

    n: int
    level: float
    matched: bool
    unit: str
    by_day: bool
    first: datetime
    last: datetime
    refits: int
    warming_up: int
    undecided: int
    unpromised: int
    tracks: tuple[Track, ...]
    frontier: tuple[FrontierPoint, ...]
    alarms: tuple[Alarm, ...]
    notes: tuple[str, ...] = ()
    group_column: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """How one column moved the promise to one case away from the usual, in the unit of the promise."""

    column: str
    value: str
    moves: float


@dataclass(frozen=True, slots=True)
class Offer:
    """Promise to one case.

    ``upper`` is what the customer is told, ``exact`` the same before rounding, ``target`` the
    shorter limit that staff plan for, kept with share ``target_level``. ``like`` counts the past
    cases that share the deepest group with enough of them; ``reasons`` come largest first.

    ``due`` is when ``upper`` is over (UTC; by day, the last second of the promised day), and
    ``around_the_clock`` how long that is from the start on the clock on the wall. ``working`` is the
    same on the business clock, and ``zone`` that of its opening hours: None and "" without a
    calendar. All are None where the promise is of another quantity than time.
    """

    upper: float
    exact: float
    unit: str
    level: float
    by_day: bool
    target: float
    target_level: float
    like: int
    n: int
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    due: datetime | None = None
    working: timedelta | None = None
    around_the_clock: timedelta | None = None
    zone: str = ""
