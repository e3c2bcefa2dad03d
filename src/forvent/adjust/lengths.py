"""Lengths of time as people say them."""

from __future__ import annotations

import math

from forvent.errors import BadOption

MINUTE, HOUR, DAY = 60, 3_600, 86_400
SECONDS = {"minute": MINUTE, "hour": HOUR, "day": DAY}


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
    step = 5 if unit == "minute" else 1
    # Rounding first: 60 minutes that arrive as 3600.0000000001 seconds are not 65.
    steps = max(1, math.ceil(round(seconds / (SECONDS[unit] * step), 9)))
    return steps * step, unit
