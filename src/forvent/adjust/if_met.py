"""What goes together with an expectation met more often, and with a promise of another length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.errors import BadOption
from forvent.records import Estimate, FrontierPoint, NotEnough
from forvent.records.plan import IfMet, IfPromised
from forvent.stats import percentile_interval

Floats = NDArray[np.float64]

DEFINITION = "what_if/1"


@dataclass(frozen=True, slots=True, eq=False)
class Lever:
    """One expectation as the contrast sees it: arrays of shape (rounds + 1,), the data first, then the draws.

    ``got`` is the share met, ``judged`` the share of voices that judge it, ``rating`` and ``dissatisfied``
    by how much mean rating and share dissatisfied differ between met and unmet.
    """

    got: Floats
    judged: Floats
    rating: Floats
    dissatisfied: Floats


def if_met(
    expectation: str,
    *,
    lever: Lever,
    got: Estimate,
    target: float,
    too_few: NotEnough | None = None,
    level: float = 0.95,
) -> IfMet:
    r"""What goes together with another share met: the change of the mean rating and of the share
    dissatisfied.

    With share judging s, share met g, penalty p and reward r of the contrast, moving the share met among
    those who judge it to t goes together with

    .. math:: \Delta = s\,(t-g)\,(r-p)

    points of the mean rating of all voices that say something, and the same with the coefficients of the
    share dissatisfied. Its interval comes from the joint bootstrap of s, g, p and r. In these data customers
    who find it met rate so; that those who now do not would rate alike is supposed, not shown. It is no
    forecast.

    Parameters
    ----------
    expectation
        Id of the catalogue.
    lever
        Shares and coefficients with their draws.
    got
        Share met, as it is shown elsewhere.
    target
        The other share met, 0–1.
    too_few
        Why the ratings cannot carry it, if they cannot.
    level
        Confidence level of the intervals.

    Returns
    -------
    IfMet
        Changes in −1…1, NotEnough as ``too_few`` says.

    Raises
    ------
    BadOption
        If the target is no share.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#if-met.

    Examples
    --------
    >>> lever = Lever(*(np.array([x] * 3) for x in (0.6, 0.5, 0.4, -0.3)))
    >>> change = if_met("on_time", lever=lever, got=Estimate(0.6, 0.5, 0.7, 90), target=0.9)
    >>> round(change.rating.value, 3), round(change.dissatisfied.value, 3)
    (0.06, -0.045)
    """
    if not 0.0 <= target <= 1.0:
        raise BadOption(f"{target:g} is no share.", hint="Give a share from 0 to 1, such as 0.9.")
    if too_few is not None:
        return IfMet(expectation, got, target, too_few, too_few)
    moved = lever.judged * (target - lever.got)

    def changed(by: Floats) -> Estimate:
        draws = moved * by
        return percentile_interval(draws[1:], value=float(draws[0]), n=got.n, level=level)

    return IfMet(expectation, got, target, changed(lever.rating), changed(lever.dissatisfied))


def if_promised(
    frontier: Sequence[FrontierPoint],
    *,
    lengths: Sequence[float],
    today: float | None,
    kept_today: Estimate | NotEnough | None,
    late_difference: Estimate | NotEnough | None,
) -> tuple[IfPromised, ...]:
    r"""How often promises of these lengths would have been kept, and the mean rating that goes together
    with it.

    The change of the mean rating is the change of the share kept times how much higher kept episodes are
    rated than late ones of a similar wait; its interval multiplies the ends of both. Nobody knows whether
    customers who were promised another time would have rated so.

    Parameters
    ----------
    frontier
        Share kept against length, from ``frontier``.
    lengths
        Lengths in the unit of the frontier; the nearest point on it that is no longer is taken.
    today
        The company's own promise in that unit; None where it has none.
    kept_today
        How often it is kept.
    late_difference
        Rating of late minus kept episodes at a similar wait.

    Returns
    -------
    tuple of IfPromised
        One a length that the frontier reaches, the shortest first; today's with the share really kept.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#if-promised.

    Examples
    --------
    >>> line = [FrontierPoint(d, "day", Estimate(s, s, s, 50)) for d, s in ((2.0, 0.6), (4.0, 0.95))]
    >>> late = Estimate(-0.4, -0.5, -0.3, 50)
    >>> now = Estimate(0.6, 0.6, 0.6, 50)
    >>> rows = if_promised(line, lengths=[2, 4], today=2.0, kept_today=now, late_difference=late)
    >>> [(row.length, row.kept.value, row.today, round(row.rating.value, 2)) for row in rows]
    [(2.0, 0.6, True, 0.0), (4.0, 0.95, False, 0.14)]
    """
    found = []
    for length in sorted(set(lengths)):
        points = [point for point in frontier if point.length <= length * (1 + 1e-9)]
        if not points or length > frontier[-1].length:
            continue
        is_today = today is not None and abs(length - today) < 1e-9
        kept = kept_today if is_today and isinstance(kept_today, Estimate) else points[-1].kept
        found.append(
            IfPromised(
                length=float(length),
                unit=points[-1].unit,
                kept=kept,
                today=is_today,
                rating=_rated(kept, kept_today, late_difference, same=is_today),
            )
        )
    return tuple(found)


def _rated(
    kept: Estimate,
    today: Estimate | NotEnough | None,
    late: Estimate | NotEnough | None,
    *,
    same: bool,
) -> Estimate | NotEnough:
    if not isinstance(late, Estimate):
        return late or NotEnough(0, 1, "no ratings are joined with episodes")
    if not isinstance(today, Estimate):
        return today or NotEnough(0, 1, "no promise of today is known")
    if same:
        return Estimate(0.0, 0.0, 0.0, late.n, late.level)
    low, high = kept.low - today.high, kept.high - today.low
    ends = [-side * weight for side in (low, high) for weight in (late.low, late.high)]
    value = -(kept.value - today.value) * late.value
    return Estimate(value, min(*ends, value), max(*ends, value), late.n, late.level)
