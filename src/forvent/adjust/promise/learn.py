"""Learn a promise from a record, and how it would have been kept along it."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats, History
from forvent.adjust.promise.blend import blended
from forvent.adjust.promise.calibration import WINDOW, Seen, offsets
from forvent.adjust.promise.columns import Columns
from forvent.adjust.promise.model import LEAST_LIKE, PromiseModel
from forvent.adjust.promise.shapes import LEAST_CASES, learn_shapes
from forvent.adjust.promise.walk import LEAST_SEEN, Plan, Walked, always, factors_of, seen_at, walk
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate, NotEnough
from forvent.stats import check_level, conformal_rank, wilson

#: Refits of the walk through the record, from which promises are calibrated.
REFITS = 8
LEAST_KEPT = 30
#: Cases that the model itself is learned on, at most: the latest.
MOST_CASES = 100_000


def learn(
    history: History,
    *,
    level: float,
    target_level: float = 0.5,
    by: str | None = None,
    each_group: bool = False,
) -> PromiseModel:
    """A model that offers promises, from all that is known of a record at its end.

    The record is walked through first, so that promises are calibrated on cases that the
    models behind them had not seen.

    Parameters
    ----------
    history
        Past cases.
    level
        Share of promises to be kept, inside (0, 1).
    target_level
        Share of cases within the shorter limit that staff plan for, inside (0, ``level``].
    by
        Column of text that the record is grouped by; None for none.
    each_group
        Whether the level is to be held in each group of ``by`` and not only over all.

    Returns
    -------
    PromiseModel
        ``kept`` says what the same way of promising kept along the record.

    Raises
    ------
    BadOption
        If a level is not inside (0, 1), or the target level is above the level.
    TooFewObservations
        If the closed cases do not carry the level, too many are open, or nearly all began before the
        first of them ended.

    Source
    ------
    Our own definition, docs/formulas/adjust-engine.md#learn.

    Examples
    --------
    A case a week that takes one to ten hours in turn: nine hours are promised for eight in ten, and five
    of them hold half.

    >>> from datetime import datetime
    >>> from forvent.adjust.history import elapsed
    >>> start, hours = np.arange(100) * 7 * 86400.0, np.tile(np.arange(1.0, 11.0), 10)
    >>> columns, known, none = {}, start + hours * 3600, np.full(100, np.nan)
    >>> record = History(start, known, hours, none, columns, "hour", as_of=7e7, clock=elapsed("hour"))
    >>> offer = learn(record, level=0.8).offer({}, at=datetime(1972, 1, 1))
    >>> offer.upper, offer.target, offer.n
    (9.0, 5.0, 100)
    """
    _check_levels(level, target_level)
    _enough(history, level)
    if by is not None and (by not in history.columns or history.columns[by].dtype.kind != "U"):
        raise BadOption(f"“{by}” is no column of text of these cases.", hint="Group by a column of text.")
    groups = (by,) if by is not None and each_group else ()
    span = float(history.start[-1] - history.start[0]) + 1.0
    walked = walk(history, Plan(always(level), refit_every=span / REFITS, groups=groups))
    past = _expected_before(walked)
    seen = seen_at(history, walked, past, moment=history.as_of)
    aim = walked.drift.aim(level)
    trust = walked.blend.trust
    chosen, aimed = np.array([level, target_level]), np.array([aim, target_level])
    found = _offsets(seen, chosen=chosen, aimed=aimed, trust=trust)
    learned = learn_shapes(
        history.where(np.arange(max(0, history.n - MOST_CASES), history.n)),
        moment=history.as_of,
        level=level,
    )
    return PromiseModel(
        learned=learned,
        offsets=found,
        trust=trust,
        groups=groups,
        factors=_factors(history, walked, past, seen, groups=groups, level=aim),
        like=_like(history, learned.columns),
        unit=history.unit,
        by_day=history.by_day,
        level=level,
        target_level=target_level,
        lowest=min(float(np.nanmin(history.amount)), 0.0),
        n=int(np.isfinite(history.amount).sum()),
        first=float(history.start[0]),
        as_of=history.as_of,
        kept=_kept(history, walked),
        usual=_usual(history, learned.columns),
        timed=history.clock is not None,
        calendar=history.calendar,
    )


def _check_levels(level: float, target_level: float) -> None:
    check_level(level)
    check_level(target_level)
    if target_level > level:
        raise BadOption(
            f"A target level of {target_level:g} is above the level {level:g}.",
            hint="Plan for a limit that is shorter than the promise.",
        )


def _enough(history: History, level: float) -> None:
    closed = int(np.isfinite(history.amount).sum())
    rank = conformal_rank(closed, level=level)
    needed = max(LEAST_CASES + LEAST_SEEN, rank.needed if isinstance(rank, NotEnough) else 0)
    if closed < needed:
        raise TooFewObservations(
            f"A promise at level {level:g} needs at least {needed} closed cases; there are {closed}.",
            hint="Wait for more cases, or lower the level.",
        )


def _expected_before(walked: Walked) -> NDArray[np.int64]:
    """Positions of the latest cases of which something was expected before they ended."""
    past = np.flatnonzero(np.isfinite(walked.expected).any(axis=1))[-WINDOW:]
    if past.size < LEAST_SEEN:
        raise TooFewObservations(
            f"{past.size} cases began after the first {LEAST_CASES} had ended; to try a promise it takes "
            f"{LEAST_SEEN}.",
            hint="Wait for more cases.",
        )
    return past


def _offsets(seen: Seen, *, chosen: Floats, aimed: Floats, trust: Floats) -> Floats:
    """Offsets of promise and target, shape (2, shapes, half-lives)."""
    found = np.moveaxis(offsets(seen, chosen=chosen, aimed=aimed), 2, 0)
    if np.isnan(blended(found[0].reshape(1, -1), trust)[0]):
        raise TooFewObservations(
            f"The record does not carry a promise at level {chosen[0]:g}: {int(seen.open_mask.sum())} of "
            f"{seen.n} cases are still open.",
            hint="Lower the level, or wait until more cases are closed.",
        )
    return found


def _factors(
    history: History,
    walked: Walked,
    past: NDArray[np.int64],
    seen: Seen,
    *,
    groups: tuple[str, ...],
    level: float,
) -> tuple[dict[str, float], ...]:
    if not groups or float(np.nanmin(history.amount)) < 0:
        # As along the record: what may be negative is not stretched.
        return tuple({} for _ in groups)
    labels = [np.asarray(history.columns[name]).astype(np.str_)[past] for name in groups]
    return tuple(factors_of(seen, walked.raw[past], labels, level=level))


def _like(history: History, columns: Columns) -> dict[tuple[str, ...], int]:
    """Closed cases by their levels of the text columns, from the first column on; small groups left out."""
    closed = np.isfinite(history.amount)
    texts = [np.asarray(history.columns[column.name])[closed].tolist() for column in columns.texts]
    counts: Counter[tuple[str, ...]] = Counter()
    for depth in range(1, len(texts) + 1):
        counts.update(zip(*texts[:depth], strict=True))
    return {levels: count for levels, count in counts.items() if count >= LEAST_LIKE}


def _usual(history: History, columns: Columns) -> dict[str, str]:
    """The commonest level of each text column, the first of them in the alphabet where several are."""
    return {
        column.name: Counter(sorted(np.asarray(history.columns[column.name]).tolist())).most_common(1)[0][0]
        for column in columns.texts
    }


def _kept(history: History, walked: Walked) -> Estimate | NotEnough:
    """Share kept along the record, of the promises that are decided at its end."""
    promised = walked.promised
    decided = np.isfinite(promised) & (
        np.isfinite(history.amount) | (history.passed(history.as_of) > promised)
    )
    n = int(decided.sum())
    if n < LEAST_KEPT:
        return NotEnough(n=n, needed=LEAST_KEPT, why="too few promises could be tried along the record")
    return wilson(int((history.amount[decided] <= promised[decided]).sum()), n)
