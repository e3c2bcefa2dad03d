"""A walk through past cases as it would have been: at each moment only what was known then."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats, History
from forvent.adjust.lengths import DAY, SECONDS
from forvent.adjust.promise.blend import Blend, blended
from forvent.adjust.promise.calibration import (
    WAYS,
    WINDOW,
    Seen,
    group_factors,
    offsets,
    promises_of_ways,
)
from forvent.adjust.promise.drift import Drift
from forvent.adjust.promise.shapes import LEAST_CASES, LOG, SHAPES, Scale, learn_shapes

#: How often models are learned anew, unless said otherwise: after each sixtieth of the cases.
REFITS = 60
#: Cases of the record that a model is learned on, at most: the latest.
MOST_LEARNED = 30_000
#: Promises are calibrated anew for each of so many parts of the record.
TICKS = 400
LEAST_SEEN = 20
LEAST_MATCHED = 50
#: Level where nothing is known of the company's own promises yet.
USUAL = 0.95
#: How far past its promise, in lengths of it, a case is scored: quick ones are not heard of first.
LATER = 1.25


@dataclass(frozen=True, slots=True)
class Plan:
    """How a walk is made.

    ``level`` is the level at a moment, ``refit_every`` seconds between two learnings (None: after
    each sixtieth of the cases), ``groups`` the columns whose groups are calibrated, from the coarse to
    the fine, ``match`` whether the company's kept share is followed, ``step`` that of the drift.
    """

    level: Callable[[float], float]
    refit_every: float | None = None
    groups: tuple[str, ...] = ()
    match: bool = False
    step: float | None = None


def always(level: float) -> Callable[[float], float]:
    """The same level at every moment."""
    return lambda _: level


def kept_before(history: History, *, days: float = 240.0) -> Callable[[float], float]:
    """Share of the company's own promises that was kept in the months before a moment.

    Of the promises that came due within ``days`` before it, kept or broken; of all that came due
    before where those are fewer than 50, and 0.95 where there are fewer than 20. Half a kept and half
    a broken promise are added, and the share lies between 0.5 and 0.99.

    Source
    ------
    Our own definition, docs/formulas/adjust-engine.md#matched.

    Examples
    --------
    Three of four promises were kept, and sixty had come due by the sixtieth day:

    >>> start, days = np.arange(60) * DAY, np.tile([1.0, 1.0, 1.0, 2.0], 15)
    >>> known, promised = start + days * DAY, np.ones(60)
    >>> level = kept_before(History(start, known, days, promised, {}, "day", as_of=1e9))
    >>> round(level(70 * DAY), 3) == round((45 + 0.5) / (60 + 1), 3)
    True
    """
    there = np.isfinite(history.promised)
    record = history.where(there)
    due = np.array([due_at(record, case, float(record.promised[case])) for case in range(record.n)])
    if record.clock is not None:
        # Where the clock stops at times the promise runs out later: it is decided when the case is closed.
        runs_out = record.clock(record.start, due) >= record.promised - 1e-6
        due = np.where(runs_out, due, np.where(np.isnan(record.known), np.inf, record.known))
    else:
        due = np.where(np.isnan(record.known), np.inf, record.known)
    order = np.argsort(due, kind="stable")
    due, kept = due[order], np.concatenate([[0.0], np.cumsum((record.amount <= record.promised)[order])])

    def level(moment: float) -> float:
        last = int(np.searchsorted(due, moment, side="right"))
        first = int(np.searchsorted(due, moment - days * DAY, side="right"))
        first = first if last - first >= LEAST_MATCHED else 0
        n = last - first
        if n < LEAST_SEEN:
            return USUAL
        return float(np.clip((kept[last] - kept[first] + 0.5) / (n + 1), 0.5, 0.99))

    return level


@dataclass(slots=True, eq=False)
class Walked:
    """What a walk promised; arrays of shape (n,), NaN where nothing could be promised."""

    promised: Floats
    level: Floats
    aimed: Floats
    raw: Floats
    expected: Floats
    shift: Floats
    refits: int = 0
    drift: Drift = field(default_factory=lambda: Drift(USUAL))
    blend: Blend = field(default_factory=lambda: Blend(WAYS))


def walk(history: History, plan: Plan) -> Walked:
    """Promises to all cases, each made with what was known at its start.

    Models are learned again and again on what was closed by then; what they expect of the cases
    that follow is kept, and promises are calibrated on how earlier expectations turned out.

    Source
    ------
    Our own definition, docs/formulas/adjust-engine.md#walk.

    Examples
    --------
    A case a week that takes one to ten hours in turn. The first fifty teach what to expect, twenty more
    how far it is off; from then on eight or nine hours are promised.

    >>> from forvent.adjust.history import elapsed
    >>> start, hours = np.arange(100) * 7 * 86400.0, np.tile(np.arange(1.0, 11.0), 10)
    >>> columns, known, none = {}, start + hours * 3600, np.full(100, np.nan)
    >>> record = History(start, known, hours, none, columns, "hour", as_of=7e7, clock=elapsed("hour"))
    >>> promised = walk(record, Plan(always(0.8))).promised
    >>> int(np.isnan(promised).sum()), round(float(promised[70])), round(float(promised[99]))
    (70, 9, 9)
    """
    expected, shift, refits = expectations(history, plan)
    walked = calibrate(history, plan, expected=expected, shift=shift)
    walked.refits = refits
    return walked


def calibrate(history: History, plan: Plan, *, expected: Floats, shift: Floats) -> Walked:
    """The second half of a walk: promises from what was expected, shape (n, shapes).

    Nothing is promised where no shape expects anything (NaN), or where there is not enough to
    promise at the chosen level.

    Examples
    --------
    The shape that expects the same of all cases, and nothing of the others: once twenty cases are known
    the promise is their conformal rank, the 17th of 20 for eight in ten.

    >>> from forvent.adjust.history import elapsed
    >>> start, hours = np.arange(100) * 7 * 86400.0, np.tile(np.arange(1.0, 11.0), 10)
    >>> columns, known, none = {}, start + hours * 3600, np.full(100, np.nan)
    >>> record = History(start, known, hours, none, columns, "hour", as_of=7e7, clock=elapsed("hour"))
    >>> expected = np.where(np.arange(len(SHAPES)) == 0, 0.0, np.nan) * np.ones((100, 1))
    >>> calibrate(record, Plan(always(0.8)), expected=expected, shift=np.ones(100)).promised[18:22]
    array([nan, nan,  9.,  9.])
    """
    return _Course(history, plan, expected, shift).run()


def expectations(history: History, plan: Plan) -> tuple[Floats, Floats, int]:
    """What was expected of each case at its start, shape (n, shapes); shift of the logarithm; refits."""
    expected = np.full((history.n, len(SHAPES)), np.nan)
    shift = np.ones(history.n)
    moments = learning_moments(history, plan.refit_every)
    refits = 0
    for begin, end in pairwise(moments.tolist()):
        first, last = np.searchsorted(history.start, [begin, end], side="left")
        if first == last:
            continue
        past = np.arange(max(0, first - MOST_LEARNED), first)
        learned = learn_shapes(history.where(past), moment=begin, level=plan.level(begin))
        coming = np.arange(first, last)
        expected[coming] = learned.expected(history.where(coming))
        shift[coming] = learned.log.shift
        refits += 1
    return expected, shift, refits


def learning_moments(history: History, refit_every: float | None) -> Floats:
    """Moments at which models are learned: from when there is enough to learn from to the end."""
    ends = np.sort(history.known[np.isfinite(history.known)])
    if ends.size < LEAST_CASES:
        return np.zeros(0)
    begin, end = float(ends[LEAST_CASES - 1]) + 1e-6, float(history.start[-1]) + 1.0
    if begin >= end:
        return np.zeros(0)
    if refit_every is not None:
        return np.append(np.arange(begin, end, refit_every), end)
    later = history.start[history.start > begin]
    # Learned oftener in the beginning, when every case adds much.
    grown = np.unique(np.geomspace(1, max(later.size, 1), 8).astype(int)) - 1
    even = np.arange(0, later.size, max(20, -(-later.size // REFITS)))
    return np.unique(np.concatenate([[begin], later[even], later[grown[grown >= 20]], [end]]))


class _Course:
    """The second pass of a walk: calibrate, promise, hear how it went."""

    def __init__(self, history: History, plan: Plan, expected: Floats, shift: Floats) -> None:
        self._history, self._plan = history, plan
        n = history.n
        promised, level, aimed, raw = (np.full(n, np.nan) for _ in range(4))
        self._walked = Walked(promised, level, aimed, raw, expected, shift)
        self._walked.drift = Drift(USUAL) if plan.step is None else Drift(USUAL, step=plan.step)
        self._ways = np.full((n, WAYS), np.nan)
        self._decided: list[tuple[float, int]] = []
        self._scored: list[tuple[float, int]] = []
        self._groups = [np.asarray(history.columns[name]).astype(np.str_) for name in plan.groups]
        self._lowest = 0.0

    def run(self) -> Walked:
        """Walk to the end."""
        judged = np.flatnonzero(np.isfinite(self._walked.expected).any(axis=1))
        chunk = max(1, -(-judged.size // TICKS))
        for at in range(0, judged.size, chunk):
            coming = judged[at : at + chunk]
            moment = float(self._history.start[coming[0]])
            self._hear(moment)
            self._promise(coming, judged[:at][-WINDOW:], moment)
        return self._walked

    def _hear(self, moment: float) -> None:
        """Whatever was decided by now corrects the level and the trust."""
        walked, history = self._walked, self._history
        unscored = []
        for case in _due(self._scored, moment):
            closed = bool(history.known[case] <= moment)
            amount = float(history.amount[case]) if closed else self._passed(case, moment)
            if not closed and amount < LATER * walked.promised[case]:
                # The clock of the promise stood still, or tells nothing: not yet fair to the long ones.
                unscored.append(case)
                continue
            walked.blend.score(self._ways[case], amount, closed=closed, level=float(walked.level[case]))
        for case in unscored:
            heapq.heappush(self._scored, (moment, case))
        undecided = []
        for case in _due(self._decided, moment):
            kept = self._kept(case, moment, promised=walked.promised[case])
            follows = self._plan.match and bool(np.isfinite(history.promised[case]))
            theirs = self._kept(case, moment, promised=history.promised[case]) if follows else None
            # Both must be decided: what only one of them shows so far would lean to one side.
            if kept is None or (follows and theirs is None):
                undecided.append(case)
            elif theirs is None:
                walked.drift.decided(kept=kept, level=float(walked.level[case]))
            else:
                walked.drift.matched(kept=kept, theirs_kept=theirs, level=float(walked.level[case]))
        for case in undecided:
            heapq.heappush(self._decided, (moment, case))

    def _kept(self, case: int, moment: float, *, promised: float) -> bool | None:
        """Whether a promise was kept, as far as it is known at a moment; None while it is not."""
        if np.isnan(promised):
            return None
        if self._history.known[case] <= moment:
            return bool(self._history.amount[case] <= promised)
        return False if self._passed(case, moment) > promised else None

    def _passed(self, case: int, moment: float) -> float:
        return float(self._history.where(np.array([case])).passed(moment)[0])

    def _promise(self, coming: NDArray[np.int64], past: NDArray[np.int64], moment: float) -> None:
        walked, history = self._walked, self._history
        past = past[history.start[past] < moment]
        if past.size < LEAST_SEEN:
            return
        level = self._plan.level(moment)
        aimed = walked.drift.aim(level)
        seen = seen_at(history, walked, past, moment=moment)
        self._lowest = min(self._lowest, float(seen.amount[~seen.open_mask].min(initial=0.0)))
        found = offsets(seen, chosen=np.array([level]), aimed=np.array([aimed]))[:, :, 0]
        log = Scale(LOG, float(walked.shift[coming[0]]))
        ways = promises_of_ways(walked.expected[coming], found, log=log)
        ways = np.maximum(ways, min(self._lowest, 0.0))
        self._ways[coming] = ways
        raw = blended(ways, walked.blend.trust)
        walked.raw[coming] = raw
        promised = raw * self._factors(coming, past, seen, aimed)
        walked.promised[coming] = np.floor(promised + 1e-9) if history.by_day else promised
        walked.level[coming], walked.aimed[coming] = level, aimed
        for case in coming[np.isfinite(promised)]:
            self._remember(int(case))

    def _factors(
        self,
        coming: NDArray[np.int64],
        past: NDArray[np.int64],
        seen: Seen,
        aimed: float,
    ) -> Floats:
        factor = np.ones(coming.size)
        if not self._groups or self._lowest < 0:
            return factor
        labels = [group[past] for group in self._groups]
        factors = factors_of(seen, self._walked.raw[past], labels, level=aimed)
        for group, by_label in zip(self._groups, factors, strict=True):
            factor *= np.array([by_label.get(str(label), 1.0) for label in group[coming]])
        return factor

    def _remember(self, case: int) -> None:
        """When the case is decided (it ends, or its promise runs out), and when it can be scored fairly."""
        history = self._history
        due = due_at(history, case, float(self._walked.promised[case]))
        ends = history.known[case]
        self._walked.drift.promised()
        heapq.heappush(self._decided, (float(min(due, ends)) if np.isfinite(ends) else due, case))
        # A quarter past the promise: quick cases are not heard of before slow ones.
        start = float(history.start[case])
        heapq.heappush(self._scored, (start + LATER * (due - start), case))


def seen_at(history: History, walked: Walked, past: NDArray[np.int64], *, moment: float) -> Seen:
    """What is known at a moment of cases that were expected before they ended."""
    known = history.where(past)
    open_mask = ~(known.known <= moment)
    # A day that is not over may yet be the last: an open case is known to last beyond the day before.
    amount = np.where(open_mask, known.passed(moment) - history.by_day, known.amount)
    return Seen(walked.expected[past], walked.shift[past], amount, open_mask)


def factors_of(
    seen: Seen, raw: Floats, labels: list[NDArray[np.str_]], *, level: float
) -> list[dict[str, float]]:
    """Group factors from past cases and what they were promised before any factor, shape (m,)."""
    there = np.isfinite(raw)
    ratio = (seen.amount[there] + seen.shift[there]) / (raw[there] + seen.shift[there])
    return group_factors(ratio, seen.open_mask[there], [group[there] for group in labels], level=level)


def due_at(history: History, case: int, promised: float) -> float:
    """Moment at which a promise to a case runs out on the clock on the wall, in seconds since 1970 UTC.

    For a clock that stops at times, or an amount that is no time, the earliest that it could be.
    """
    start = float(history.start[case])
    if history.by_day:
        return float((np.floor(start / DAY) + promised + 1.0) * DAY)
    return start + promised * SECONDS.get(history.unit, 0)


def _due(heap: list[tuple[float, int]], moment: float) -> list[int]:
    """Take the cases off a heap whose time has come."""
    cases = []
    while heap and heap[0][0] <= moment:
        cases.append(heapq.heappop(heap)[1])
    return cases
