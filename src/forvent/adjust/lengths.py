"""Lengths of time as people say them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from forvent.errors import BadOption

MINUTE, HOUR, DAY = 60, 3_600, 86_400
SECONDS = {"minute": MINUTE, "hour": HOUR, "day": DAY}
STEPS = {"minute": 5.0, "hour": 1.0, "day": 1.0}
#: Before the unit of a length that is counted on the business clock: "working_hour".
WORKING = "working_"


def seconds_in(unit: str) -> int:
    """Seconds of one unit of time, on whichever clock it is counted; a working day stands for one day."""
    return SECONDS[unit.removeprefix(WORKING)]


def working_to_say(seconds: float) -> tuple[int, str]:
    """Working time rounded up to what people say: to 5 minutes under 2 hours, else to whole hours.

    Never to days: one of 24 working hours is nobody's day.
    """
    unit = "minute" if seconds < 2 * HOUR else "hour"
    return int(round_to_say(seconds / SECONDS[unit], unit)), WORKING + unit


def unit_to_say(seconds: float) -> str:
    """Unit in which people say a length: minute under 2 hours, hour under 2 days, day above.

    Parameters
    ----------
    seconds
        Length, 0 or more.

    Returns
    -------
    str
        "minute", "hour" or "day".

    Raises
    ------
    BadOption
        If the length is negative or not finite.

    Source
    ------
    Our own definition, docs/formulas/adjust.md#length-to-say.

    Examples
    --------
    >>> unit_to_say(45 * 60), unit_to_say(30 * 3600), unit_to_say(3 * 86400)
    ('minute', 'hour', 'day')
    """
    if not 0 <= seconds < math.inf:
        raise BadOption(f"A length of {seconds} seconds cannot be said.", hint="Give a finite length.")
    if seconds < 2 * HOUR:
        return "minute"
    return "hour" if seconds < 2 * DAY else "day"


def length_to_say(seconds: float) -> tuple[int, str]:
    """Length rounded up to what people say: to 5 minutes, whole hours or whole days.

    Up, so that a promise of the said length is kept at least as often as one of the exact.

    Parameters
    ----------
    seconds
        Length, 0 or more.

    Returns
    -------
    tuple of int and str
        Amount, at least 1, and unit "minute", "hour" or "day".

    Raises
    ------
    BadOption
        If the length is negative or not finite.

    Source
    ------
    Our own definition, docs/formulas/adjust.md#length-to-say.

    Examples
    --------
    >>> length_to_say(41 * 60), length_to_say(7201), length_to_say(86400 * 9.2)
    ((45, 'minute'), (3, 'hour'), (10, 'day'))
    """
    unit = unit_to_say(seconds)
    return int(round_to_say(seconds / SECONDS[unit], unit)), unit


def round_to_say(
    amount: float, unit: str, *, step: float | Sequence[float] | None = None, down: bool = False
) -> float:
    """Amount rounded to what people say, up for a promise and down for what staff plan for.

    Both are the safe side: a promise said longer is kept at least as often, and staff who plan
    for the shorter length have the difference to spare. Usual steps are 5 minutes, whole hours
    and whole days; any other unit (a currency) is said with two leading digits.

    Parameters
    ----------
    amount
        Amount in ``unit``, 0 or more.
    unit
        "minute", "hour", "day" or the name of another quantity; it stays as it is.
    step
        A step of your own, or the amounts that you say, in increasing order; beyond the last of
        them its multiples are said. None takes the usual steps.
    down
        Round down instead of up.

    Returns
    -------
    float
        Amount in ``unit``, at least one step (so the smallest step also when rounding down).

    Raises
    ------
    BadOption
        If the amount is negative or not finite, or the steps are not positive and increasing.

    Source
    ------
    Our own definition, docs/formulas/adjust-margin.md#round-to-say.

    Examples
    --------
    >>> round_to_say(41, "minute"), round_to_say(41, "minute", down=True)
    (45.0, 40.0)
    >>> round_to_say(41, "minute", step=(15, 30, 60)), round_to_say(1234, "EUR")
    (60.0, 1300.0)
    """
    if not 0 <= amount < math.inf:
        raise BadOption(f"An amount of {amount} {unit} cannot be said.", hint="Give a finite amount.")
    grid = _grid(step)
    if len(grid) > 1 and amount <= grid[-1]:
        return _on_grid(amount, grid, down=down)
    one = grid[-1] if grid else STEPS.get(unit) or _leading(amount)
    # Rounding first: 60 minutes that arrive as 3600.0000000001 seconds are not 65.
    ratio = round(amount / one, 9)
    return round(max(1, math.floor(ratio) if down else math.ceil(ratio)) * one, 12)


def _grid(step: float | Sequence[float] | None) -> list[float]:
    if step is None:
        return []
    grid = [float(one) for one in (step if isinstance(step, Sequence) else [step])]
    if not grid or sorted(set(grid)) != grid or grid[0] <= 0 or not math.isfinite(grid[-1]):
        raise BadOption(
            f"The steps {step} cannot be said.", hint="Give one step above 0, or amounts in increasing order."
        )
    return grid


def _on_grid(amount: float, grid: list[float], *, down: bool) -> float:
    # A hair of tolerance for amounts computed from seconds, as above.
    hair = 1e-9 * grid[0]
    if down:
        return max((one for one in grid if one <= amount + hair), default=grid[0])
    return next(one for one in grid if one >= amount - hair)


def _leading(amount: float) -> float:
    """Step of the second leading digit: 100 for 1234, 0.01 for 0.56."""
    place = Decimal(float(amount)).adjusted() if amount > 0 else 0
    return math.pow(10.0, place - 1)
