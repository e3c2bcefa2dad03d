"""Promises learned on the earlier part of a record and checked on the later."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from forvent.adjust.cases import Cases, Floats
from forvent.adjust.lengths import DAY, MINUTE, WORKING, length_to_say, seconds_in, working_to_say
from forvent.adjust.outcomes import OTHER
from forvent.adjust.promise.at_most import OPEN
from forvent.records import Around, Estimate, NoPromise, NotEnough, Promise
from forvent.stats import check_level, conformal_rank, wilson

SPLIT = 0.6
# A promise is padded from this many times the length that would do.
PADDED = 1.5
LEAST_LATER = 5
# Finer steps leave fewer cases out and take longer; the promise stays as honest (docs/formulas/adjust.md).
LONGER = 1.25


class Seasoned(NamedTuple):
    """Lengths of the cases that are old enough to be judged, inf while open, and their limit."""

    lengths: Floats
    upper: float


def promise_from_record(
    cases: Cases, *, level: float, group: dict[str, str] | None = None, split: float = SPLIT
) -> Promise | NoPromise:
    r"""Tightest promise that the earlier part of a record supports, with how the later part kept it.

    The record is split at the start of the case that ``split`` of the cases began before.
    Learning knows what was known at that moment and nothing later: a case delivered after
    it is open and counts as longer than any closed one. So that young cases, of which only
    the quick are closed, do not stretch the promise, cases younger than :math:`h` at the split
    are left out whether open or not; :math:`h` is the first of 1 minute and steps a quarter longer
    each for which the limit falls on a length that every case left had time to show (at most :math:`h`).
    The limit is that of ``promise_at_most``, rounded up to what people say.

    Where all of the cases run on the business clock, lengths are working time, or working days; what the
    same record supports on the clock on the wall stands beside it.

    The later part is judged only where the promise has run out at ``as_of``; open cases are
    then broken. The guarantee supposes that later cases are like earlier ones; ``kept_later``
    shows whether they were.

    Parameters
    ----------
    cases
        All cases of the group, sorted by start.
    level
        Share of future cases that must keep the promise, inside (0, 1).
    group
        Column and value that the cases have in common; None for all cases.
    split
        Share of cases to learn on, inside (0, 1).

    Returns
    -------
    Promise or NoPromise
        With ``kept_later`` over the later cases, ``own_promise`` (mean, in the same unit) and
        ``own_kept`` over later cases whose own promise has come due. ``padded``: the own promise
        keeps its word (lower end of ``own_kept`` at least ``level``), is on average 1.5 times the
        length that would do or more, and the later part does not contradict that length.

    Raises
    ------
    BadOption
        If ``level`` or ``split`` is not inside (0, 1).

    Source
    ------
    Our own definition, docs/formulas/adjust.md#promise-from-record.

    Examples
    --------
    Always four hours, and 60 cases to learn on:

    >>> hours = 3600.0 * np.arange(100)
    >>> waits, none = np.full(100, 4 * 3600.0), np.full(100, np.nan)
    >>> always = Cases(hours, waits, none, none, as_of=1e9, by_day=False, groups={})
    >>> promise = promise_from_record(always, level=0.95)
    >>> promise.upper, promise.unit, promise.n, promise.kept_later.n
    (4.0, 'hour', 56, 40)
    """
    check_level(level)
    check_level(split)
    named = group or {}
    if cases.working is None:
        # Some of them run on it, perhaps all that began early: one clock has to count both parts.
        cases = cases.on_the_wall()
    moment = float(cases.start[int(split * cases.n)]) if cases.n else 0.0
    earlier, later = cases.where(cases.start < moment), cases.where(cases.start >= moment)
    learned = seasoned(earlier, moment=moment, rank=lambda n: conformal_rank(n, level=level))
    if isinstance(learned, NotEnough):
        return NoPromise(named, level, learned)
    upper, unit = _said(learned.upper, cases)
    kept_later = _kept_later(later, upper=upper * seconds_in(unit))
    own_promise, own_kept = _own(later, unit=unit)
    return Promise(
        group=named,
        upper=float(upper),
        unit=unit,
        level=level,
        n=learned.lengths.size,
        by_day=cases.by_day,
        kept_later=kept_later,
        own_promise=own_promise,
        own_kept=own_kept,
        padded=_is_padded(own_promise, own_kept, upper=upper, kept_later=kept_later, level=level),
        learned_until=datetime(1970, 1, 1) + timedelta(seconds=moment),
        around_the_clock=_around_the_clock(cases, level=level, split=split),
    )


def _around_the_clock(cases: Cases, *, level: float, split: float) -> Around | None:
    """What the same record supports on the clock the customer lives by; None where that is the promise."""
    if cases.working is None:
        return None
    wall = promise_from_record(cases.on_the_wall(), level=level, split=split)
    return Around(wall.upper, wall.unit) if isinstance(wall, Promise) else None


def promises_by_group(cases: Cases, *, level: float, split: float = SPLIT) -> tuple[Promise | NoPromise, ...]:
    """A promise for all cases, then for each value of each group column.

    Each group is split at its own moment. The guarantee holds for each group by itself; that
    some of many groups fall short in the later part by chance is to be expected.

    Parameters
    ----------
    cases
        All cases, with their groups.
    level
        Share of future cases that must keep the promise, inside (0, 1).
    split
        Share of cases to learn on, inside (0, 1).

    Returns
    -------
    tuple of Promise or NoPromise
        All cases first; then column by column, values with most cases first, "(other)" last.
        A group that is too small has NoPromise with the count that would do.

    Raises
    ------
    BadOption
        If ``level`` or ``split`` is not inside (0, 1).

    Source
    ------
    Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, section 4.5 (Mondrian).

    Examples
    --------
    >>> none, place = np.full(8, np.nan), np.array(["a"] * 8)
    >>> few = Cases(np.arange(8.0), none, none, none, as_of=9.0, by_day=False, groups={"place": place})
    >>> [(p.group, p.reason.needed) for p in promises_by_group(few, level=0.95)]
    [({}, 19), ({'place': 'a'}, 19)]
    """
    found = [promise_from_record(cases, level=level, split=split)]
    for column, values in cases.groups.items():
        names, counts = np.unique(values, return_counts=True)
        by_size = sorted(zip(names.tolist(), counts.tolist(), strict=True), key=_largest_first)
        for name, _ in by_size:
            members = cases.where(values == name)
            found.append(promise_from_record(members, level=level, group={column: name}, split=split))
    return tuple(found)


def seasoned(cases: Cases, *, moment: float, rank: Callable[[int], int | NotEnough]) -> Seasoned | NotEnough:
    """Cases old enough at a moment for the length of a rank to be seen, as they were known then."""
    lengths = np.where(cases.start + cases.wait <= moment, cases.lengths(), np.inf)
    age = cases.ages(moment)
    oldest = float(age.max(initial=0.0))
    found = _unseen(lengths, rank)
    horizon = float(MINUTE)
    while horizon <= oldest:
        old = lengths[age >= horizon]
        place = rank(old.size)
        if isinstance(place, NotEnough):
            return found if found.why == OPEN else place
        upper = float(np.partition(old, place - 1)[place - 1])
        # A calendar day counts as seen when the whole of it had passed.
        if upper + DAY * cases.by_day <= horizon:
            return Seasoned(old, upper)
        found = NotEnough(n=int(np.isfinite(old).sum()), needed=place, why=OPEN)
        horizon *= LONGER
    return found


def _unseen(lengths: Floats, rank: Callable[[int], int | NotEnough]) -> NotEnough:
    """Why there is no limit when no case is old enough for the first horizon."""
    place = rank(lengths.size)
    if isinstance(place, NotEnough):
        return place
    return NotEnough(n=int(np.isfinite(lengths).sum()), needed=place, why=OPEN)


def _said(seconds: float, cases: Cases) -> tuple[int, str]:
    working = cases.working is not None
    if cases.by_day:
        return max(1, math.ceil(seconds / DAY)), f"{WORKING}day" if working else "day"
    return working_to_say(seconds) if working else length_to_say(seconds)


def _kept_later(later: Cases, *, upper: float) -> Estimate | NotEnough:
    due = later.where(later.over(np.full(later.n, upper)))
    # An open case has no length; the comparison is false, and so it is broken.
    return _share(int((due.lengths() <= upper).sum()), due.n)


def _own(later: Cases, *, unit: str) -> tuple[float | None, Estimate | NotEnough]:
    due = later.where(later.over(later.promised_lengths()) & ~np.isnan(later.kept))
    mean = float(due.promised_lengths().mean()) / seconds_in(unit) if due.n else None
    return mean, _share(int(due.kept.sum()), due.n)


def _share(kept: int, n: int) -> Estimate | NotEnough:
    if n < LEAST_LATER:
        return NotEnough(n=n, needed=LEAST_LATER, why="too few later cases have come due")
    return wilson(kept, n)


def _is_padded(
    own_promise: float | None,
    own_kept: Estimate | NotEnough,
    *,
    upper: float,
    kept_later: Estimate | NotEnough,
    level: float,
) -> bool:
    if own_promise is None or isinstance(own_kept, NotEnough) or isinstance(kept_later, NotEnough):
        return False
    does = kept_later.high >= level
    return does and own_kept.low >= level and own_promise >= PADDED * upper


def _largest_first(named: tuple[str, int]) -> tuple[bool, int, str]:
    name, count = named
    return name == OTHER, -count, name
