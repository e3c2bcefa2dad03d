"""What each way of promising would have promised along a record, and whether it was kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.alarm import alarms_on
from forvent.adjust.backtest.rivals import rival_promises
from forvent.adjust.backtest.tracks import OURS, Judged, track
from forvent.adjust.history import Floats, History
from forvent.adjust.promise.walk import Plan, Walked, always, kept_before, learning_moments, walk
from forvent.adjust.tried import frontier_by_group
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Alarm, Backtest, FrontierPoint, GroupFrontier
from forvent.stats import check_level

LEAST_JUDGED = 30
#: Cases between two false alarms, on average.
FALSE_ALARM_EVERY = 2000
#: What a note says where the amounts pile up on one value.
LUMPED = 0.25


def backtest(
    history: History,
    *,
    level: float | None,
    begin: float | None = None,
    by: str | None = None,
    refit_every: float | None = None,
    each_group: bool = False,
    seed: int = 1,
) -> Backtest:
    """How promises would have been kept, made at the start of each case with what was known then.

    Beside ours: the company's own, a rolling quantile, a quantile by group, and plain conformal
    quantile regression, all on the same cases.

    Parameters
    ----------
    history
        Past cases, in the order of their start.
    level
        Share of promises to be kept, inside (0, 1); None to follow the share that the company's
        own promise reached in the months before each case.
    begin
        Seconds since 1970 UTC; cases that start before are learned from and not judged.
    by
        Column of text by which the result is divided; None for none.
    refit_every
        Seconds between two learnings; None for after each sixtieth of the cases.
    each_group
        Whether the level is to be held in each group of ``by`` and not only over all.
    seed
        Of everything that is drawn.

    Returns
    -------
    Backtest
        Tracks of all ways on the cases that all of them promised to and that are decided.

    Raises
    ------
    BadOption
        If the level is not inside (0, 1), is to be matched without a promise of the company, or
        ``by`` is no column of text.
    TooFewObservations
        If fewer than 30 cases can be judged.

    Source
    ------
    Our own definition, docs/formulas/adjust-engine.md#walk.

    Examples
    --------
    A case a week that takes one to ten hours in turn: a promise for eight in ten takes some nine hours.

    >>> from forvent.adjust.history import elapsed
    >>> start, hours = np.arange(100) * 7 * 86400.0, np.tile(np.arange(1.0, 11.0), 10)
    >>> columns, known, none = {}, start + hours * 3600, np.full(100, np.nan)
    >>> record = History(start, known, hours, none, columns, "hour", as_of=7e7, clock=elapsed("hour"))
    >>> found = backtest(record, level=0.8)
    >>> found.n, found.warming_up, [one.name for one in found.tracks]
    (30, 70, ['ours', 'rolling_quantile', 'cqr'])
    >>> 8.0 <= found.tracks[0].mean_promise <= 9.0
    True
    """
    plan = _plan(history, level=level, by=by, refit_every=refit_every, each_group=each_group)
    walked = walk(history, plan)
    since = -np.inf if begin is None else begin
    asked = np.where(history.start >= since, walked.level, np.nan)
    rivals = rival_promises(
        history, moments=learning_moments(history, refit_every), levels=asked, by=by, seed=seed
    )
    ways: dict[str, Floats] = {OURS: walked.promised}
    if history.has_promise:
        ways["promised"] = history.promised
    ways["rolling_quantile"] = rivals.rolling_quantile
    if rivals.group_quantile is not None:
        ways["group_quantile"] = rivals.group_quantile
    if rivals.cqr is not None:
        ways["cqr"] = rivals.cqr
    counted = _count(history, ways, since=since)
    if counted.judged.sum() < LEAST_JUDGED:
        raise TooFewObservations(
            f"Only {int(counted.judged.sum())} cases can be judged; {counted.warming_up} began before there "
            f"was enough to learn from, {counted.undecided} are not decided yet.",
            hint="Begin later or earlier, lower the level, or wait for more cases.",
        )
    return _backtest(history, walked, ways, counted, plan=plan, by=by, notes=rivals.notes)


def _plan(
    history: History, *, level: float | None, by: str | None, refit_every: float | None, each_group: bool
) -> Plan:
    if by is not None and (by not in history.columns or history.columns[by].dtype.kind != "U"):
        raise BadOption(f"“{by}” is no column of text of these cases.", hint="Group by a column of text.")
    groups = (by,) if by is not None and each_group else ()
    if level is None:
        if not history.has_promise:
            raise BadOption(
                "There is no promise of the company to be matched.", hint="Give a level, such as 0.95."
            )
        return Plan(kept_before(history), refit_every=refit_every, groups=groups, match=True)
    check_level(level)
    return Plan(always(level), refit_every=refit_every, groups=groups)


class _Counted:
    """Which cases can be judged, and why the others cannot."""

    def __init__(
        self, judged: NDArray[np.bool_], *, warming_up: int, undecided: int, unpromised: int
    ) -> None:
        self.judged = judged
        self.warming_up, self.undecided, self.unpromised = warming_up, undecided, unpromised


def _count(history: History, ways: dict[str, Floats], *, since: float) -> _Counted:
    in_time = history.start >= since
    own = np.isfinite(ways.get("promised", np.zeros(history.n)))
    able = np.all([np.isfinite(one) for name, one in ways.items() if name != "promised"], axis=0)
    longest = np.max([np.where(np.isfinite(one), one, -np.inf) for one in ways.values()], axis=0)
    decided = np.isfinite(history.amount) | (history.passed(history.as_of) > longest)
    return _Counted(
        in_time & able & own & decided,
        warming_up=int((in_time & ~able).sum()),
        unpromised=int((in_time & able & ~own).sum()),
        undecided=int((in_time & able & own & ~decided).sum()),
    )


def _backtest(
    history: History,
    walked: Walked,
    ways: dict[str, Floats],
    counted: _Counted,
    *,
    plan: Plan,
    by: str | None,
    notes: tuple[str, ...],
) -> Backtest:
    cases = history.where(counted.judged)
    # Rounded: the mean of many times 0.9 is not 0.9.
    level = round(float(walked.level[counted.judged].mean()), 9)
    judged = Judged(cases, level=level, by=by)
    promised = {name: one[counted.judged] for name, one in ways.items()}
    tracks = tuple(track(judged, name, one, ours=promised[OURS]) for name, one in promised.items())
    return Backtest(
        n=cases.n,
        level=level,
        matched=plan.match,
        unit=history.unit,
        by_day=history.by_day,
        first=_moment(cases.start[0]),
        last=_moment(cases.start[-1]),
        refits=walked.refits,
        warming_up=counted.warming_up,
        undecided=counted.undecided,
        unpromised=counted.unpromised,
        tracks=tracks,
        frontier=_frontier(cases),
        alarms=_alarms(cases, promised[OURS], level=level),
        notes=(*notes, *_lumped(cases)),
        group_column=by or "",
    )


def _frontier(cases: History) -> tuple[FrontierPoint, ...]:
    found = frontier_by_group(cases)[0]
    return found.points if isinstance(found, GroupFrontier) else ()


def _alarms(cases: History, promised: Floats, *, level: float) -> tuple[Alarm, ...]:
    """Alarms over the cases in the order in which they ended; open ones, all broken, at the end."""
    order = np.argsort(np.where(np.isfinite(cases.known), cases.known, cases.as_of), kind="stable")
    kept = (cases.amount <= promised)[order]
    at = np.where(np.isfinite(cases.known), cases.known, cases.as_of)[order]
    return alarms_on(kept, at, level=level, false_alarm_every=FALSE_ALARM_EVERY)


def _lumped(cases: History) -> tuple[str, ...]:
    """A word of explanation where many cases take exactly what the company promised."""
    exact = float(np.mean(cases.amount == cases.promised))
    if exact < LUMPED:
        return ()
    return (
        f"{exact:.0%} of the cases take exactly what the company promised. A promise there cannot be kept in "
        "just the chosen share: a day less breaks all of them at once.",
    )


def _moment(seconds: float) -> datetime:
    return datetime(1970, 1, 1) + timedelta(seconds=float(seconds))
