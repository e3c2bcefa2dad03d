"""What a promise of a given length would be worth: for all cases, and for many groups without crying wolf."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.frontier import FARTHEST, marks_to
from forvent.adjust.history import History
from forvent.adjust.kept import LEAST_CASES
from forvent.adjust.outcomes import MOST_GROUPS, OTHER, UNKNOWN
from forvent.adjust.promise.from_record import PADDED
from forvent.errors import BadOption, MissingColumn
from forvent.records import Estimate, FrontierPoint, GroupFrontier, NotEnough, WhatIf, WhatIfRow
from forvent.stats import (
    EndedWithin,
    benjamini_hochberg,
    binomial_p,
    check_level,
    conformal_rank,
    kaplan_meier,
)

Texts = NDArray[np.str_]

IS_PADDED, OVER_PROMISED, UNDECIDED = "padded", "over-promised", "undecided"
#: Share of verdicts that may be wrong by chance, and confidence of every interval.
FALSE_VERDICTS, CONFIDENCE = 0.05, 0.95


def what_if(
    history: History, length: float, *, level: float, by: str | None = None, most: int = MOST_GROUPS
) -> WhatIf:
    r"""How often a promise of this length would be kept, and which groups it is too short or too long for.

    The share kept is Kaplan and Meier's, so that an open case counts for as long as it has
    lasted; without open cases it is the plain share with Wilson's interval. A group is

    - over-promised, if the whole interval of its share kept lies below ``level``;
    - padded, if the whole interval lies at or above ``level``, and the promise is 1.5 times the
      length that would do for the group or more;
    - undecided otherwise.

    Among many groups some stray from the level by chance. A verdict is given only where the exact
    binomial p value also stands Benjamini and Hochberg's comparison of all groups at 5 %. It describes
    the record; what the promise is worth tomorrow is checked by a backtest.

    Parameters
    ----------
    history
        Past cases as known at ``as_of``.
    length
        The promise, 0 or more, in the unit of the history; whole days where it is by day.
    level
        Share of cases that should keep the promise, inside (0, 1).
    by
        Column whose values are the groups; None for all cases only.
    most
        Groups that keep their name; the rest is one.

    Returns
    -------
    WhatIf
        All cases, then the groups with most cases first and "(other)" last. The verdict on all
        cases is one comparison by itself. ``would_do`` is the conformal limit of the cases at
        ``level``; its interval is that of Kaplan and Meier's share, inf where it cannot be seen.

    Raises
    ------
    BadOption
        If the length is negative or not finite, or ``level`` is not inside (0, 1).
    MissingColumn
        If the history has no column ``by``.

    Source
    ------
    Our own definition, docs/formulas/adjust-margin.md#what-if.

    Examples
    --------
    At your 30 minutes you break 40 %:

    >>> waits, day = np.arange(1.0, 51.0), 86_400.0 * np.arange(50)
    >>> none = np.full(50, np.nan)
    >>> past = History(day, day + 60 * waits, waits, none, {}, unit="minute", as_of=1e9)
    >>> seen = what_if(past, 30, level=0.9).overall
    >>> round(seen.kept.value, 2), seen.verdict, seen.would_do.value
    (0.6, 'over-promised', 46.0)
    """
    check_level(level)
    if not 0.0 <= length < math.inf:
        raise BadOption(
            f"A promise of {length} {history.unit} cannot be judged.", hint="Give a finite length."
        )
    everyone = _seen({}, history, length, level=level)
    groups = [
        _seen({str(by): name}, history.where(members), length, level=level)
        for name, members in members_by_group(history, by, most=most)
    ]
    return WhatIf(
        length=float(length),
        unit=history.unit,
        level=level,
        overall=_judged([everyone], length, level=level)[0],
        groups=tuple(_judged(groups, length, level=level)),
    )


def frontier_by_group(
    history: History, *, by: str | None = None, points: int = 60, most: int = MOST_GROUPS
) -> tuple[GroupFrontier, ...]:
    """Kept share against the length of the promise, for all cases and for each group, on the same lengths.

    The lengths go from 0 to the one within which 99.5 % of all cases end, or to the longest
    closed case where that cannot be seen. Each share is that of ``what_if``. The intervals
    hold for each point, not for a whole line.

    Parameters
    ----------
    history
        Past cases as known at ``as_of``.
    by
        Column whose values are the groups; None for all cases only.
    points
        Most lengths, at least 2; promises by day have whole days.
    most
        Groups that keep their name; the rest is one.

    Returns
    -------
    tuple of GroupFrontier
        All cases first, then the groups with most cases first and "(other)" last. A line ends
        where no case of the group was followed for so long; it is empty under five cases.

    Raises
    ------
    BadOption
        If fewer than 2 points are asked for.
    MissingColumn
        If the history has no column ``by``.

    Source
    ------
    Our own definition, docs/formulas/adjust-margin.md#frontier-by-group.

    Examples
    --------
    >>> waits, day = np.arange(1.0, 11.0), 86_400.0 * np.arange(10)
    >>> shop = {"shop": np.array(["a", "b"] * 5)}
    >>> past = History(day, day + 60 * waits, waits, np.full(10, np.nan), shop, unit="minute", as_of=1e9)
    >>> [
    ...     (one.group, [point.kept.value for point in one.points])
    ...     for one in frontier_by_group(past, by="shop", points=3)
    ... ]
    [({}, [0.0, 0.5, 1.0]), ({'shop': 'a'}, [0.0, 0.6, 1.0]), ({'shop': 'b'}, [0.0, 0.4, 1.0])]
    """
    if points < 2:
        raise BadOption(f"{points} points draw no line.", hint="Ask for 2 or more; 60 is usual.")
    everyone = ended_within(history)
    named: list[tuple[dict[str, str], EndedWithin]] = [({}, everyone)]
    named += [
        ({str(by): name}, ended_within(history.where(members)))
        for name, members in members_by_group(history, by, most=most)
    ]
    if not everyone.closed:
        return tuple(GroupFrontier(group=group, points=()) for group, _ in named)
    far = everyone.quantile(FARTHEST)
    farthest = float(everyone.lengths[-1]) if isinstance(far, NotEnough) else far.value
    marks = marks_to(farthest, points=points, whole=history.by_day)
    return tuple(
        GroupFrontier(group=group, points=_line(ended, marks.tolist(), unit=history.unit))
        for group, ended in named
    )


def ended_within(history: History) -> EndedWithin:
    """Share of cases that end within each length; an open case counts for as long as it has lasted.

    Parameters
    ----------
    history
        Past cases as known at ``as_of``. Where it has no clock (a cost), open cases tell nothing
        and are left out.

    Returns
    -------
    EndedWithin
        ``at(length)`` and ``quantile(share)`` in the unit of the history.

    Source
    ------
    Kaplan & Meier (1958), JASA 53(282), 457–481.

    Examples
    --------
    >>> past = History(
    ...     start=np.array([0.0, 0.0]),
    ...     known=np.array([60.0, np.nan]),
    ...     amount=np.array([1.0, np.nan]),
    ...     promised=np.array([np.nan, np.nan]),
    ...     columns={},
    ...     unit="minute",
    ...     as_of=300.0,
    ...     clock=lambda start, moment: (moment - start) / 60,
    ... )
    >>> ended_within(past).at(5.0).value
    0.5
    """
    still = _is_open(history)
    # A day that is not over may yet be the last: the case is known to last beyond the day before.
    lasted = np.where(still, history.passed(history.as_of) - history.by_day, history.amount)
    told = np.isfinite(lasted) & ~(still & (history.clock is None))
    return kaplan_meier(lasted[told], still[told], level=CONFIDENCE)


def _is_open(history: History) -> NDArray[np.bool_]:
    """Cases of which the amount was not known at ``as_of``."""
    return ~(history.known <= history.as_of) | np.isnan(history.amount)


def members_by_group(history: History, by: str | None, *, most: int) -> list[tuple[str, NDArray[np.bool_]]]:
    """Members of each group: largest first, the rest as one and last."""
    if by is None:
        return []
    if by not in history.columns:
        known = ", ".join(history.columns) or "none"
        raise MissingColumn(f'There is no column "{by}".', hint=f"Columns of the history: {known}.")
    values = _named(history.columns[by])
    names, counts = np.unique(values, return_counts=True)
    order = sorted(range(names.size), key=lambda place: (-counts[place], names[place]))
    kept = [str(names[place]) for place in order if names[place] != UNKNOWN][:most]
    shown = np.where(np.isin(values, [*kept, UNKNOWN]), values, OTHER)
    last = [name for name in (UNKNOWN, OTHER) if (shown == name).any()]
    return [(name, shown == name) for name in [*kept, *last]]


def _named(column: NDArray[np.float64] | Texts) -> Texts:
    if column.dtype.kind == "f":
        return np.array(
            [UNKNOWN if math.isnan(one) else f"{one:g}" for one in column.tolist()], dtype=np.str_
        )
    return np.array([one or UNKNOWN for one in column.tolist()], dtype=np.str_)


class _Seen(NamedTuple):
    """A row without its verdict, and how seldom a share this far from the level comes about by chance."""

    row: WhatIfRow
    p_value: float


def _seen(group: Mapping[str, str], history: History, length: float, *, level: float) -> _Seen:
    ended = ended_within(history)
    kept: Estimate | NotEnough = NotEnough(n=ended.n, needed=LEAST_CASES, why="too few cases")
    if ended.n >= LEAST_CASES:
        kept = ended.at(length)
    # A group without a share tells nothing.
    p_value = 1.0
    if isinstance(kept, Estimate):
        cases = ended.cases_at(length)
        p_value = binomial_p(round(kept.value * cases), cases, share=level)
    row = WhatIfRow(
        group=group,
        kept=kept,
        would_do=_would_do(ended, level=level),
        verdict=UNDECIDED,
        cases=history.n,
        open_cases=int(_is_open(history).sum()),
    )
    return _Seen(row, p_value)


def _would_do(ended: EndedWithin, *, level: float) -> Estimate | NotEnough:
    """The conformal limit: of n cases without open ones the ⌈(n + 1) · level⌉-th length."""
    rank = conformal_rank(ended.n, level=level)
    if isinstance(rank, NotEnough):
        return rank
    # As a share of the step function; its last step is rank n.
    found = ended.quantile(min(rank / ended.n, 1.0 - 1e-12))
    around = ended.quantile(level)
    if isinstance(found, NotEnough) or isinstance(around, NotEnough):
        return found
    return replace(found, low=around.low, high=max(around.high, found.value))


def _judged(seen: list[_Seen], length: float, *, level: float) -> list[WhatIfRow]:
    """The rows with their verdicts, given for all together."""
    adjusted = benjamini_hochberg([one.p_value for one in seen])
    return [
        replace(one.row, verdict=_verdict(one.row, length, level=level))
        if p_value <= FALSE_VERDICTS
        else one.row
        for one, p_value in zip(seen, adjusted.tolist(), strict=True)
    ]


def _verdict(row: WhatIfRow, length: float, *, level: float) -> str:
    if isinstance(row.kept, NotEnough):
        return UNDECIDED
    if row.kept.high < level:
        return OVER_PROMISED
    if row.kept.low < level or isinstance(row.would_do, NotEnough):
        return UNDECIDED
    return IS_PADDED if length >= PADDED * row.would_do.value else UNDECIDED


def _line(ended: EndedWithin, marks: list[float], *, unit: str) -> tuple[FrontierPoint, ...]:
    if ended.n < LEAST_CASES:
        return ()
    # A hair longer, so that a mark computed from a length does not fall short of it.
    seen = [(mark, ended.at(mark * (1 + 1e-12))) for mark in marks]
    return tuple(
        FrontierPoint(length=mark, unit=unit, kept=kept) for mark, kept in seen if isinstance(kept, Estimate)
    )
