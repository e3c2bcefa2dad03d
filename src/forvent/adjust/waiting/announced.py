"""What is said of a wait: rounded to the safe side, and said anew only when it matters."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from forvent.errors import BadOption

#: Up to how many seconds a wait is said in which steps: half minutes to 10 minutes, minutes to half an
#: hour, then 5 minutes.
GRID: tuple[tuple[float, float], ...] = ((600.0, 30.0), (1_800.0, 60.0), (math.inf, 300.0))
#: Share by which a limit must move to be said anew.
MATERIAL_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Announcement:
    """A limit that was said: ``limit_s`` in seconds after joining, ``waited_s`` when it was said."""

    waited_s: float
    limit_s: float


def step_of(seconds: float, *, grid: Sequence[tuple[float, float]] = GRID) -> float:
    """Step in which a wait of such a length is said, in seconds.

    Parameters
    ----------
    seconds
        Length of the wait, 0 or more.
    grid
        Pairs of the length up to which a step holds, and the step; in rising order.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    BadOption
        If the grid is empty or falls, or a step is not above 0.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#said.

    Examples
    --------
    >>> step_of(200.0), step_of(700.0), step_of(3600.0)
    (30.0, 60.0, 300.0)
    """
    check_grid(grid)
    return next((step for up_to, step in grid if seconds <= up_to), grid[-1][1])


def check_grid(grid: Sequence[tuple[float, float]]) -> None:
    """Refuse a grid in which no wait can be said.

    Parameters
    ----------
    grid
        Pairs of the length up to which a step holds, and the step, both in seconds.

    Raises
    ------
    BadOption
        If it is empty, its lengths fall, or a step is not above 0.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#said.

    Examples
    --------
    >>> check_grid(((600.0, 30.0), (3600.0, 300.0)))
    """
    rising = all(first[0] < second[0] for first, second in itertools.pairwise(grid))
    if not grid or not rising or not all(0.0 < step < math.inf for _, step in grid):
        raise BadOption(
            f"In steps of {tuple(grid)} no wait can be said.",
            hint="Give pairs of a length and its step in seconds, in rising order, such as (600, 30).",
        )


def rounded_up(seconds: float, *, grid: Sequence[tuple[float, float]] = GRID) -> float:
    """Length as it is said, rounded up to its step, at least one step.

    Parameters
    ----------
    seconds
        Length, 0 or more, finite.
    grid
        Pairs of the length up to which a step holds, and the step.

    Returns
    -------
    float
        Seconds, never less than given.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#said.

    Examples
    --------
    >>> rounded_up(95.0), rounded_up(610.0), rounded_up(0.0)
    (120.0, 660.0, 30.0)
    """
    step = step_of(seconds, grid=grid)
    return max(1.0, math.ceil(round(seconds / step, 9))) * step


def rounded_down(seconds: float, *, grid: Sequence[tuple[float, float]] = GRID) -> float:
    """Length as it is said, rounded down to its step; 0 below one step.

    Parameters
    ----------
    seconds
        Length, 0 or more, finite.
    grid
        Pairs of the length up to which a step holds, and the step.

    Returns
    -------
    float
        Seconds, never more than given.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#said.

    Examples
    --------
    >>> rounded_down(95.0), rounded_down(25.0)
    (90.0, 0.0)
    """
    step = step_of(seconds, grid=grid)
    return math.floor(round(seconds / step, 9)) * step


def is_material(
    old_s: float,
    *,
    new_s: float,
    grid: Sequence[tuple[float, float]] = GRID,
    share: float = MATERIAL_SHARE,
) -> bool:
    """Whether a limit moved by more than one step of the grid and by more than a share of itself.

    With steps of 5 minutes and a share of 0.2 that is more than max(5 min, 20 %); for short waits
    the step, and with it the move that matters, is shorter.

    Parameters
    ----------
    old_s
        Limit that was said, seconds.
    new_s
        Limit as it would be said now, before rounding, seconds.
    grid
        Pairs of the length up to which a step holds, and the step.
    share
        Part of the old limit, 0 or more.

    Returns
    -------
    bool
        True if it should be said anew.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#said-anew.

    Examples
    --------
    >>> is_material(120.0, new_s=140.0), is_material(120.0, new_s=160.0)
    (False, True)
    """
    return abs(new_s - old_s) > max(step_of(old_s, grid=grid), share * old_s)


def announcements(
    limit_s: Sequence[float],
    *,
    waited_s: Sequence[float],
    grid: Sequence[tuple[float, float]] = GRID,
    share: float = MATERIAL_SHARE,
) -> tuple[Announcement, ...]:
    """What one person in line is told as time goes by: the first limit, then only what is material.

    A limit that has run out is always said anew. Every other move stays unsaid until it is material
    (``is_material``), so the last that was said may be off by that much.

    Parameters
    ----------
    limit_s
        Limit as known at each moment given that the wait is not over, before rounding, shape
        (n,), seconds after joining.
    waited_s
        The moments, shape (n,), seconds after joining, in rising order.
    grid
        Pairs of the length up to which a step holds, and the step.
    share
        Part of the old limit that a move must exceed to be said.

    Returns
    -------
    tuple of Announcement
        What is said and when; the limits are rounded up.

    Raises
    ------
    BadOption
        If there are not as many limits as moments.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#said-anew.

    Examples
    --------
    Four looks at the clock, two announcements:

    >>> told = announcements([100.0, 110.0, 125.0, 190.0], waited_s=[0.0, 30.0, 60.0, 90.0])
    >>> [(said.waited_s, said.limit_s) for said in told]
    [(0.0, 120.0), (90.0, 210.0)]
    """
    if len(limit_s) != len(waited_s):
        raise BadOption(
            f"There are {len(limit_s)} limits for {len(waited_s)} moments.", hint="Give one for each."
        )
    said: list[Announcement] = []
    for limit, waited in zip(limit_s, waited_s, strict=True):
        if not said or is_due(said[-1].limit_s, new_s=limit, waited_s=waited, grid=grid, share=share):
            said.append(Announcement(waited, _ahead(limit, waited, grid)))
    return tuple(said)


def _ahead(limit: float, waited: float, grid: Sequence[tuple[float, float]]) -> float:
    """Limit as it is said, later than now whatever it was."""
    said = rounded_up(limit, grid=grid)
    return said if said > waited else rounded_up(waited + 1.0, grid=grid)


def is_due(
    old_s: float,
    *,
    new_s: float,
    waited_s: float,
    grid: Sequence[tuple[float, float]] = GRID,
    share: float = MATERIAL_SHARE,
) -> bool:
    """Whether to say a limit anew: the old one has run out, or the new one is materially different.

    Parameters
    ----------
    old_s
        Limit that was said, seconds after joining.
    new_s
        Limit as known now, before rounding, seconds after joining.
    waited_s
        Wait so far, seconds.
    grid
        Pairs of the length up to which a step holds, and the step.
    share
        Part of the old limit that a move must exceed.

    Returns
    -------
    bool
        True if it should be said anew.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#said-anew.

    Examples
    --------
    >>> is_due(120.0, new_s=125.0, waited_s=121.0), is_due(120.0, new_s=125.0, waited_s=60.0)
    (True, False)
    """
    return waited_s > old_s or is_material(old_s, new_s=new_s, grid=grid, share=share)
