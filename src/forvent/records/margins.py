"""What a promise costs, what to exceed, a length tried, both clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from forvent.records.adjust import FrontierPoint
from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class PromiseAndTarget:
    """What customers are told and what staff plan for: two limits of one distribution.

    ``promise`` and ``target`` are as they are said, with the share of the record that each would
    have kept; ``exact_promise`` and ``exact_target`` the same before rounding. ``open_cases`` of
    the ``n`` were still open.
    """

    promise: FrontierPoint
    target: FrontierPoint
    exact_promise: float
    exact_target: float
    level: float
    target_level: float
    n: int
    open_cases: int


@dataclass(frozen=True, slots=True)
class CostPoint:
    """What a promise of this length would have cost a case, and how much more than the cheapest."""

    length: float
    kept: Estimate
    cost: float
    dearer: Estimate


@dataclass(frozen=True, slots=True)
class PricedPromise:
    """The promise that costs least, given a price of breaking it and of its length.

    The interval of ``length`` holds the lengths that are not clearly dearer. ``kept`` and ``cost``
    (a case) are of cases that had no part in choosing. ``unseen``: a length beyond the longest
    closed case could be cheaper still, which the open cases will show.
    """

    length: Estimate
    unit: str
    per_break: float
    per_unit: float
    kept: Estimate
    cost: Estimate
    points: tuple[CostPoint, ...]
    unseen: bool


@dataclass(frozen=True, slots=True)
class ExceedRow:
    """How ratings differ where one quantity missed or exceeded its promise, against where it was just kept.

    Rating points (0–1), other quantities alike; association, not cause. Up to ``margin`` better
    than promised counts as just kept.
    """

    name: str
    margin: float
    missed: int
    kept: int
    exceeded: int
    penalty: Estimate | NotEnough
    reward: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Exceed:
    """Which quantity to exceed: ``best`` is its name, "none" (no reward worth having) or "undecided"."""

    rows: tuple[ExceedRow, ...]
    best: str
    n: int


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """What a promise of one length would be worth to all cases (``group`` empty) or to one group.

    ``would_do`` is the shortest length that the record supports at the level. ``verdict`` is
    "padded", "over-promised" or "undecided"; of ``cases``, ``open_cases`` were still open.
    """

    group: Mapping[str, str]
    kept: Estimate | NotEnough
    would_do: Estimate | NotEnough
    verdict: str
    cases: int
    open_cases: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a promise of ``length`` would be worth, for all cases and group by group."""

    length: float
    unit: str
    level: float
    overall: WhatIfRow
    groups: tuple[WhatIfRow, ...]


@dataclass(frozen=True, slots=True)
class GroupFrontier:
    """Kept share against the length of the promise, for all cases (``group`` empty) or for one group."""

    group: Mapping[str, str]
    points: tuple[FrontierPoint, ...]


@dataclass(frozen=True, slots=True)
class BothClocks:
    """When a promise is due, with its length while the business is open and around the clock."""

    due: datetime
    working: timedelta
    around_the_clock: timedelta
