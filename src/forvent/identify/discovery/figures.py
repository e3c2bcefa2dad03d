"""Numbers of a candidate: how many speak of it, whether more do lately, and how they judge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from forvent.records import Estimate, NotEnough
from forvent.records.discovery import Growth
from forvent.stats import wilson

#: Voices with a time that each half must have.
HALF = 20


def share_of(part: int, whole: int) -> Estimate | NotEnough:
    """Share with Wilson's interval; nothing where there is no case."""
    return wilson(part, whole) if whole else NotEnough(0, 1, "voices that say something")


def growth(speaking: Sequence[datetime | None], everyone: Sequence[datetime | None]) -> Growth:
    r"""Share of voices that speak of something, up to the median time and after it, and the difference.

    With :math:`p_1, p_2` the shares and :math:`l_i, u_i` Wilson's limits, the limits of :math:`p_2 - p_1` are
    :math:`p_2-p_1-\sqrt{(p_2-l_2)^2+(u_1-p_1)^2}` and :math:`p_2-p_1+\sqrt{(u_2-p_2)^2+(p_1-l_1)^2}`.

    Parameters
    ----------
    speaking
        Times of the voices that speak of it; None where unknown.
    everyone
        Times of all voices that say something, these among them.

    Returns
    -------
    Growth
        Shares 0 to 1 and their difference -1 to 1; not enough without 20 voices on each side of the median.

    Source
    ------
    Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.

    Examples
    --------
    >>> days = [datetime(2026, 1, day) for day in range(1, 31)] * 2
    >>> found = growth([moment for moment in days if moment.day > 20], days)
    >>> found.earlier.value, round(found.later.value, 3), found.change.low > 0
    (0.0, 0.667, True)
    """
    times = sorted(moment for moment in everyone if moment is not None)
    middle = times[(len(times) - 1) // 2] if times else None
    after = sum(middle is not None and moment > middle for moment in times)
    before = len(times) - after
    if middle is None or min(before, after) < HALF:
        missing = NotEnough(min(before, after), HALF, "voices with a time in each half")
        return Growth(missing, missing, missing)
    later = sum(moment is not None and moment > middle for moment in speaking)
    earlier = sum(moment is not None for moment in speaking) - later
    first, second = wilson(earlier, before), wilson(later, after)
    return Growth(first, second, newcombe(first, second))


def newcombe(first: Estimate, second: Estimate) -> Estimate:
    """The second share minus the first, with limits made of those of the two.

    Parameters
    ----------
    first, second
        Shares of different cases, with Wilson's limits.

    Returns
    -------
    Estimate
        Difference, -1 to 1; ``n`` counts the cases of both.

    Source
    ------
    Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.

    Examples
    --------
    His example: 56 of 70 against 48 of 80.

    >>> found = newcombe(wilson(48, 80), wilson(56, 70))
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    change = second.value - first.value
    low = change - math.hypot(second.value - second.low, first.high - first.value)
    high = change + math.hypot(second.high - second.value, first.value - first.low)
    return Estimate(change, low, high, first.n + second.n, level=first.level)
