"""What the report reads off gaps: short, above or undecided; worst stage; cross-hair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forvent.records import Estimate, Gap, NotEnough
from forvent.tables import STAGES

SHORT, ABOVE, UNDECIDED, UNKNOWN = "short", "above", "undecided", "unknown"
# Only between companies: surely no more apart than what counts as level.
ALIKE = "alike"


def verdict(gap: Estimate | NotEnough) -> str:
    """Short or above where the whole interval lies on one side of zero, else undecided."""
    if isinstance(gap, NotEnough):
        return UNKNOWN
    if gap.high < 0.0:
        return SHORT
    return ABOVE if gap.low > 0.0 else UNDECIDED


def worst_stage(gaps: Sequence[Gap]) -> str | None:
    """Stage of the first gap that surely falls short; None where none does."""
    return next((gap.stage for gap in gaps if verdict(gap.gap) == SHORT), None)


def last_stage(gaps: Sequence[Gap]) -> str | None:
    """Last stage of the journey that anybody judged with enough voices; None where there is none."""
    known = {gap.stage for gap in gaps if isinstance(gap.got, Estimate)}
    return next((stage for stage in reversed(STAGES) if stage in known), None)


@dataclass(frozen=True, slots=True)
class Placed:
    """One expectation on the plane of importance against what was got."""

    gap: Gap
    got: Estimate
    importance: Estimate
    field: str


@dataclass(frozen=True, slots=True)
class Plane:
    """Expectations against the cross-hair; ``got`` and ``importance`` are where it stands."""

    got: float
    importance: float
    points: tuple[Placed, ...]


def plane(gaps: Sequence[Gap]) -> Plane | None:
    """Importance against what was got, parted by their means over the expectations shown.

    A point is in a field ("work", "keep", "later" or "relax") only where neither of its intervals
    crosses the cross-hair; else its field is "undecided". None with fewer than three points.
    """
    known = [
        (gap, gap.got, gap.importance)
        for gap in gaps
        if isinstance(gap.got, Estimate) and isinstance(gap.importance, Estimate)
    ]
    if len(known) < 3:
        return None
    middle = sum(got.value for _, got, _ in known) / len(known)
    level = sum(importance.value for _, _, importance in known) / len(known)
    points = tuple(
        Placed(gap, got, importance, field=_field(got, importance, middle=middle, level=level))
        for gap, got, importance in known
    )
    return Plane(got=middle, importance=level, points=points)


def _field(got: Estimate, importance: Estimate, *, middle: float, level: float) -> str:
    right, high = _side(got, middle), _side(importance, level)
    if right == 0 or high == 0:
        return UNDECIDED
    return {(-1, 1): "work", (1, 1): "keep", (-1, -1): "later", (1, -1): "relax"}[right, high]


def _side(amount: Estimate, line: float) -> int:
    """1 where the whole interval lies above the line, −1 below, 0 where it crosses."""
    if amount.low > line:
        return 1
    return -1 if amount.high < line else 0
