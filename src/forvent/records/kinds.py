"""How a kind by ratings differs between two groups, or moved over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class KindChange:
    """Penalty, reward and asymmetry of one group less those of another, or of the last time less the first.

    ``before`` and ``after`` are the kinds on either side. ``became`` is ``after`` where both kinds are
    decided, differ, and the difference is a discovery among all that were looked at; else empty. The rates
    are the smallest false discovery rates at which the differences count as found. ``verdict`` is "differs",
    "no difference found" or "not enough data".
    """

    name: str
    before: str
    after: str
    became: str
    penalty: Estimate | NotEnough
    penalty_rate: float | None
    reward: Estimate | NotEnough
    reward_rate: float | None
    asymmetry: Estimate | NotEnough
    asymmetry_rate: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class KindDrift:
    """Kinds of the voices up to ``parted`` and after it, with the rated voices of each half."""

    first: datetime
    parted: datetime
    last: datetime
    voices: tuple[int, int]
    changes: tuple[KindChange, ...]
    level: float
