"""What changed over time: series, change points, trends, gaps before and after, alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class Period:
    """A week, month or quarter: from its first moment to that of the next, UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """What a series was in one period."""

    period: Period
    value: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A level that gave way to another.

    ``at`` is where the new level most likely begins, ``earliest`` and ``latest`` enclose it. ``before`` and
    ``after`` are the levels on both sides, up to the neighbouring change points; ``difference`` is after
    minus before.
    """

    at: datetime
    earliest: datetime
    latest: datetime
    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Trend:
    """How much a series rises in a month or a year (``per``), and whether the direction is sure.

    ``rate`` is the false discovery rate at which it would be called, over all series; ``verdict`` is
    rising, falling or undecided.
    """

    per: str
    slope: Estimate | NotEnough
    rate: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Series:
    """One measure of one expectation over time, or of everything where ``expectation`` is empty.

    ``measure`` is met (share), reach (share of the voices that mention it), level (median of what is
    expected, seconds), rating (mean, 0–1) or kept (share of the episodes). ``chance`` is how often the most
    changing of all series looks at least as changed as this one although nothing changes.
    """

    id: str
    measure: str
    expectation: str
    points: tuple[SeriesPoint, ...]
    overall: Estimate | NotEnough
    changes: tuple[ChangePoint, ...]
    chance: float
    trend: Trend


@dataclass(frozen=True, slots=True)
class GapChange:
    """Gap (got minus expected) of an expectation in the earlier and in the later half of the voices.

    ``difference`` is later minus earlier; ``verdict`` is wider, narrower or undecided.
    """

    expectation: str
    before: Estimate
    after: Estimate
    difference: Estimate
    verdict: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A watch on a series that sounded.

    It sounded when the period that ended ``at`` was in; its evidence gathered from ``since`` on. ``side`` is
    lower or higher. ``before`` is the level that it was held against, ``lately`` the level of the periods
    in which the evidence gathered; they were picked for the alert, so it exaggerates.
    """

    id: str
    measure: str
    expectation: str
    side: str
    since: datetime
    at: datetime
    before: Estimate
    lately: Estimate


@dataclass(frozen=True, slots=True)
class Change:
    """All that was looked at for change.

    ``unit`` is week, month or quarter. With nothing changing, a change point is found anywhere with
    probability ``false_alarms``, a change of a gap with ``gap_false_alarms``, and the watches sound once in
    ``alert_every`` periods on average, over all series together. ``halves_at`` parts the halves that gaps
    are compared between.
    """

    unit: str
    periods: tuple[Period, ...]
    dated: int
    undated: int
    false_alarms: float
    gap_false_alarms: float
    alert_every: float
    cooldown: int
    series: tuple[Series, ...]
    halves_at: datetime | None
    gaps: tuple[GapChange, ...]
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who took note of an alert, when, and what they wrote."""

    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert that is kept from run to run, first and last seen by these runs."""

    alert: Alert
    first_seen: datetime
    last_seen: datetime
    acknowledged: Acknowledgement | None = None


@dataclass(frozen=True, slots=True)
class KeptAlerts:
    """The alerts of a folder, the newest first."""

    alerts: tuple[KeptAlert, ...]
