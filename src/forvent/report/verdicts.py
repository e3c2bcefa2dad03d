"""What the report reads off gaps: short, above or undecided; worst stage; cross-hair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forvent.records import Estimate, Gap, Importances, JourneyStop, NotEnough
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


def gap_verdict(gap: Gap | JourneyStop) -> str:
    """As ``verdict``, but undecided where the gap is no finding among all that are looked at together."""
    found = verdict(gap.gap)
    if found in (SHORT, ABOVE) and isinstance(gap.gap, Estimate) and gap.rate is not None:
        return found if gap.rate <= round(1.0 - gap.gap.level, 9) else UNDECIDED
    return found


def worst_stage(gaps: Sequence[Gap]) -> str | None:
    """Stage of the first gap that surely falls short; None where none does."""
    return next((gap.stage for gap in gaps if gap_verdict(gap) == SHORT), None)


def last_stage(gaps: Sequence[Gap]) -> str | None:
    """Last stage of the journey that anybody judged with enough voices; None where there is none."""
    known = {gap.stage for gap in gaps if isinstance(gap.got, Estimate)}
    return next((stage for stage in reversed(STAGES) if stage in known), None)


@dataclass(frozen=True, slots=True)
class Placed:
    """One name on a plane: ``got`` across, ``importance`` upward; "undecided" stands on a line.

    ``named`` is its part of all that is named unasked, on the same scale as importance; None where there is
    none.
    """

    name: str
    got: Estimate
    importance: Estimate
    field: str
    named: Estimate | None = None

    @property
    def heard(self) -> str:
        """Whether it is surely named "more" or "less" than it matters; undecided where the intervals meet."""
        if self.named is None:
            return UNKNOWN
        if self.named.low > self.importance.high:
            return "more"
        return "less" if self.named.high < self.importance.low else UNDECIDED


@dataclass(frozen=True, slots=True)
class Plane:
    """Names against the cross-hair; ``got`` and ``importance`` are where it stands."""

    got: float
    importance: float
    points: tuple[Placed, ...]


#: Fields of importance and performance as the page names them.
FIELDS = {
    "concentrate_here": "work",
    "keep_up": "keep",
    "low_priority": "later",
    "possible_overkill": "relax",
}


def plane(importances: Importances | None) -> Plane | None:
    """Expectations by importance and what was got, against the cross-hair at their means.

    None where there is no cross-hair, with fewer than three points.
    """
    if importances is None or importances.performance_line is None or importances.importance_line is None:
        return None
    known = [
        (one.expectation, one.performance, one.importance, one.place) for one in importances.expectations
    ]
    found = placed(known, got=importances.performance_line, importance=importances.importance_line)
    return _with_named(found, importances) if importances.basis == "ratings" else found


def _with_named(found: Plane, importances: Importances) -> Plane:
    """The same points with their part of all that is named unasked, which sums to 1 as importance does."""
    spoken = {
        one.expectation: one.spoken for one in importances.expectations if isinstance(one.spoken, Estimate)
    }
    whole = sum(one.value for one in spoken.values())
    if not whole:
        return found
    parts = {
        name: replace(one, value=one.value / whole, low=one.low / whole, high=one.high / whole)
        for name, one in spoken.items()
    }
    return replace(found, points=tuple(replace(point, named=parts.get(point.name)) for point in found.points))


def placed(
    known: Sequence[tuple[str, Estimate | NotEnough, Estimate | NotEnough, str]],
    *,
    got: float,
    importance: float,
) -> Plane:
    """Names that have both numbers; a field counts only where neither interval crosses the cross-hair.

    The field was judged by the distance from the cross-hair, which moves with the points; what is drawn
    are the points' own intervals, so that both must agree.
    """
    points = tuple(
        Placed(name, well, important, field=_field(place, well, important, middle=got, level=importance))
        for name, well, important, place in known
        if isinstance(well, Estimate) and isinstance(important, Estimate)
    )
    return Plane(got=got, importance=importance, points=points)


def _field(place: str, got: Estimate, importance: Estimate, *, middle: float, level: float) -> str:
    if _side(got, middle) == 0 or _side(importance, level) == 0:
        return UNDECIDED
    return FIELDS.get(place, UNDECIDED)


def _side(amount: Estimate, line: float) -> int:
    """1 where the whole interval lies above the line, −1 below, 0 where it crosses."""
    if amount.low > line:
        return 1
    return -1 if amount.high < line else 0
