"""A watch on the kept share that sounds when a promise breaks its word, or is padded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.errors import BadOption
from forvent.records import Alarm
from forvent.stats import check_level

BELOW, ABOVE = "below", "above"
#: The change looked for: odds of breaking this many times what was promised, or this many times smaller.
SHIFT = 2.5
#: Steps of evidence are whole numbers, so that run lengths are exact; this many a broken promise at least.
FINEST = 40
LEAST_LEVEL, MOST_LEVEL = 0.005, 0.995
COOLDOWN = 50
EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the watch: evidence gathers by whole steps and never falls below 0.

    It rises by ``rise`` with each case that speaks for the change, falls by ``fall`` with each
    other, and the alarm sounds at ``limit``. ``on_broken`` says which cases speak for it.
    """

    rise: int
    fall: int
    limit: int
    on_broken: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """Both sides of a watch on the kept share; ``every`` cases on average between false alarms."""

    level: float
    every: float
    below: Side
    above: Side


def alarms_on(
    kept: ArrayLike, at: ArrayLike, *, level: float, false_alarm_every: float, cooldown: int = COOLDOWN
) -> tuple[Alarm, ...]:
    """When the kept share left its level, below (breaks its word) or above (padded).

    A two-sided CUSUM on kept and broken in the order in which that became known. While the
    promise is kept with share ``level``, an alarm sounds falsely once in ``false_alarm_every``
    cases on average or less often. Cases that break together (one storm) are not independent
    and sound it more often. After an alarm the watch starts afresh when ``cooldown`` cases have passed.

    Parameters
    ----------
    kept
        Whether each promise was kept, shape (n,), in order of completion.
    at
        When that became known, seconds since 1970 UTC, shape (n,), not decreasing.
    level
        Share that should be kept, 0.005 to 0.995.
    false_alarm_every
        Cases between false alarms on average, at least 10; 500 is watchful, 2,000 is calm.
    cooldown
        Cases after an alarm in which none sounds, 0 or more.

    Returns
    -------
    tuple of Alarm
        In order of time. ``side`` is "below" or "above"; ``kept_lately`` is the share over the
        ``n`` cases in which the evidence gathered. They were picked for the alarm, so it exaggerates.

    Raises
    ------
    BadOption
        If the shapes differ, times run backwards, or an option is out of its range.

    Source
    ------
    Reynolds & Stoumbos (1999), J. Quality Technology 31(1), 87–108; run lengths Brook & Evans (1972).

    Examples
    --------
    Five hundred days at 95 %, then seven of ten:

    >>> kept = np.r_[np.arange(500) % 20 != 7, np.arange(100) % 10 < 7]
    >>> found = alarms_on(kept, 86_400.0 * np.arange(600), level=0.95, false_alarm_every=2000)
    >>> found[0].side, found[0].at >= datetime(1971, 5, 16), found[0].kept_lately < 0.85
    ('below', True, True)
    """
    told, times = _checked(kept, at, cooldown)
    watch = watch_on(level, false_alarm_every=false_alarm_every)
    found = []
    for last, side, since in _sounded(told.tolist(), watch, cooldown=cooldown):
        share = float(told[since : last + 1].mean())
        moment = EPOCH + timedelta(seconds=float(times[last]))
        found.append(Alarm(at=moment, side=side, kept_lately=share, n=last + 1 - since))
    return tuple(found)


def watch_on(level: float, *, false_alarm_every: float) -> Watch:
    r"""Steps and limits of the watch, so that false alarms come as seldom as stated.

    Evidence is the log likelihood ratio between the level and odds of breaking 2.5 times (or
    2.5 times smaller), in whole steps. Each side may sound falsely once in twice
    ``false_alarm_every`` cases: the limit is the lowest with that mean run length.

    Parameters
    ----------
    level
        Share that should be kept, 0.005 to 0.995.
    false_alarm_every
        Cases between false alarms on average, at least 10.

    Returns
    -------
    Watch
        Its ``every`` is the run length reached, no shorter than asked for:
        1/every = 1/below + 1/above.

    Raises
    ------
    BadOption
        If the level or the run length is out of its range.

    Source
    ------
    Reynolds & Stoumbos (1999), J. Quality Technology 31(1), 87–108; run lengths Brook & Evans (1972).

    Examples
    --------
    >>> watch = watch_on(0.95, false_alarm_every=2000)
    >>> 2000 <= watch.every < 2100
    True
    >>> round(cases_until(watch.below, kept=0.85)), round(cases_until(watch.above, kept=0.99))
    (64, 175)
    """
    check_level(level)
    if not LEAST_LEVEL <= level <= MOST_LEVEL:
        raise BadOption(
            f"A kept share of {level} cannot be watched case by case.",
            hint=f"Give a level from {LEAST_LEVEL} to {MOST_LEVEL}.",
        )
    if not 10 <= false_alarm_every < math.inf:
        raise BadOption(
            f"One false alarm in {false_alarm_every} cases.",
            hint="Give at least 10; 500 is watchful, 2,000 is calm.",
        )
    return _watch(float(level), float(false_alarm_every))


def cases_until(side: Side, *, kept: float) -> float:
    """Cases that pass on average until one side of a watch sounds, from no evidence.

    Exact for independent cases: the expected time of absorption of the Markov chain whose
    states are the steps of evidence.

    Parameters
    ----------
    side
        One side of a watch.
    kept
        Share of promises that are kept while it watches, inside (0, 1).

    Returns
    -------
    float
        Number of cases, at least 1.

    Raises
    ------
    BadOption
        If ``kept`` is not inside (0, 1).

    Source
    ------
    Brook & Evans (1972), Biometrika 59(3), 539–549.

    Examples
    --------
    Three broken in a row, where every other promise breaks, take 2 + 4 + 8 cases:

    >>> round(cases_until(Side(rise=1, fall=3, limit=3, on_broken=True), kept=0.5), 6)
    14.0
    """
    check_level(kept)
    speaks = 1.0 - kept if side.on_broken else kept
    states = np.arange(side.limit)
    chain = np.eye(side.limit)
    up = states + side.rise < side.limit
    np.subtract.at(chain, (states[up], states[up] + side.rise), speaks)
    np.subtract.at(chain, (states, np.maximum(states - side.fall, 0)), 1.0 - speaks)
    return float(np.linalg.solve(chain, np.ones(side.limit))[0])


@lru_cache(maxsize=64)
def _watch(level: float, every: float) -> Watch:
    odds = (1.0 - level) / level
    sides = []
    for other, on_broken in ((odds * SHIFT, True), (odds / SHIFT, False)):
        rise, fall = _steps(1.0 - level, other / (1.0 + other))
        # A broken promise speaks against the side above, by as much as it would speak for the other.
        rise, fall = (rise, fall) if on_broken else (fall, rise)
        sides.append(_lowest(Side(rise, fall, 1, on_broken), level=level, every=2.0 * every))
    reached = 1.0 / sum(1.0 / cases_until(side, kept=level) for side in sides)
    return Watch(level, reached, *sides)


def _steps(usual: float, other: float) -> tuple[int, int]:
    """Evidence of a broken and of a kept promise between two shares of breaking, in whole steps."""
    kept = math.log((1.0 - usual) / (1.0 - other))
    broken = math.log(other / usual)
    part = kept / (kept + broken)
    finest = max(FINEST, math.ceil(1.5 / min(part, 1.0 - part)))
    near = Fraction(part).limit_denominator(finest)
    return near.denominator - near.numerator, near.numerator


def _lowest(side: Side, *, level: float, every: float) -> Side:
    """The side with the lowest limit that sounds falsely as seldom as asked for."""

    def calm(limit: int) -> bool:
        return cases_until(replace(side, limit=limit), kept=level) >= every

    high = 1
    while not calm(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if calm(middle) else (middle, high)
    return replace(side, limit=high)


def _sounded(told: list[bool], watch: Watch, *, cooldown: int) -> Iterator[tuple[int, str, int]]:
    """Place of each alarm, its side, and where its evidence began to gather."""
    sides = ((BELOW, watch.below), (ABOVE, watch.above))
    evidence, since = [0, 0], [0, 0]
    silent_until = 0
    for place, good in enumerate(told):
        if place < silent_until:
            continue
        for number, (name, side) in enumerate(sides):
            step = side.rise if good is not side.on_broken else -side.fall
            evidence[number] = max(0, evidence[number] + step)
            if evidence[number] == 0:
                since[number] = place + 1
            elif evidence[number] >= side.limit:
                yield place, name, since[number]
                silent_until = place + 1 + cooldown
                evidence, since = [0, 0], [silent_until, silent_until]
                break


def _checked(kept: ArrayLike, at: ArrayLike, cooldown: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    told = np.asarray(kept, dtype=np.bool_)
    times = np.asarray(at, dtype=np.float64)
    if told.shape != times.shape:
        raise BadOption(
            f"{told.size} cases and {times.size} times.",
            hint="Give when each case became known.",
        )
    if not np.isfinite(times).all() or (np.diff(times) < 0.0).any():
        raise BadOption("The times run backwards.", hint="Sort cases by when it was known if they were kept.")
    if cooldown < 0:
        raise BadOption(f"A cooldown of {cooldown} cases.", hint="Give 0 or more.")
    return told, times
