"""The moments at which an episode is looked at, and all that was known then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.prediction.history import DAY, Before, Column, EpisodeHistory
from forvent.assess.prediction.knowledge import Knowledge, KnownColumn

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

START, WAITING, DELIVERED = "start", "waiting", "delivered"
MOMENTS = (START, WAITING, DELIVERED)
#: Waiting cases are looked at so many usual waits after their start.
LOOKS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
#: The month of the year tells something only where the record holds a year of it.
YEAR = 365.0 * DAY
HOUR = 3_600.0
_THURSDAY = 3  # 1 January 1970


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Episodes looked at: position in the history and moment, arrays of shape (n,), by rising moment."""

    position: Codes
    moment: Floats


def looks(history: EpisodeHistory, *, moment: str) -> Looks:
    """Every look at an episode of one kind at which its customer had not yet said anything.

    At the start; while waiting (at several multiples of the usual wait, as long as it was open and not
    cancelled); and at the delivery.

    Parameters
    ----------
    history
        Episodes.
    moment
        start, waiting or delivered.

    Returns
    -------
    Looks
        By rising moment; none is after ``as_of``.

    Source
    ------
    van Houwelingen (2007), Scandinavian Journal of Statistics 34(1), 70–85 (landmarks).

    Examples
    --------
    >>> from forvent.assess.prediction.history import EpisodeHistory
    >>> time, one = np.array([0.0, 4.0]) * DAY, np.arange(2)
    >>> none = np.full(2, np.nan)
    >>> state = {"due": none, "delivered": time + 4 * DAY, "cancelled": one > 9, "sad": none, "rating": none}
    >>> said = {"first_said": none, "known": none, "columns": {}, "as_of": 9 * DAY}
    >>> history = EpisodeHistory(("a", "b"), ("x", "y"), one, time, **state, **said)
    >>> (looks(history, moment="waiting").moment / DAY).tolist()
    [1.0, 2.0, 3.0, 5.0, 6.0, 7.0]
    """
    everyone = np.arange(history.n)
    if moment == START:
        position, at = everyone, history.start
    elif moment == DELIVERED:
        position, at = everyone, np.where(history.cancelled, np.nan, history.delivered)
    else:
        position, at = _while_waiting(history)
    unsaid = ~(history.first_said[position] <= at)
    there = np.isfinite(at) & (at <= history.as_of) & (unsaid | (moment == START))
    position, at = position[there], at[there]
    order = np.argsort(at, kind="stable")
    return Looks(position[order], at[order])


def _while_waiting(history: EpisodeHistory) -> tuple[Codes, Floats]:
    if not np.isfinite(history.usual_wait) or history.usual_wait <= 0.0:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    at = history.start[:, None] + np.array(LOOKS)[None, :] * history.usual_wait
    open_then = ~history.cancelled[:, None] & ~(history.delivered[:, None] <= at)
    position, look = np.nonzero(open_then)
    return position.astype(np.int64), at[position, look]


def known_at(history: EpisodeHistory, *, before: Before, taken: Looks, moment: str) -> Knowledge:
    """All that was known of each episode at the moment of the look, and nothing that came later.

    Parameters
    ----------
    history
        Episodes.
    before
        What was known of company and customers before any moment.
    taken
        Episodes and moments.
    moment
        start, waiting or delivered.

    Returns
    -------
    Knowledge
        One row a look; see docs/formulas/assess-prediction.md#known for the columns.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md#known.

    Examples
    --------
    >>> from forvent.assess.prediction.history import EpisodeHistory
    >>> time, one, none = np.array([0.0, 4.0]) * DAY, np.arange(2), np.full(2, np.nan)
    >>> state = {"due": time + 2 * DAY, "delivered": none, "cancelled": one > 9, "sad": none, "rating": none}
    >>> said = {"first_said": none, "known": none, "columns": {}, "as_of": 9 * DAY}
    >>> history = EpisodeHistory(("a", "b"), ("x", "y"), one * 0, time, **state, **said)
    >>> taken = looks(history, moment="start")
    >>> known = known_at(history, before=Before(history), taken=taken, moment="start")
    >>> places = {column.name: place for place, column in enumerate(known.columns)}
    >>> known.matrix[:, places["earlier_late"]].tolist(), known.matrix[:, places["promised_days"]].tolist()
    ([nan, 1.0], [2.0, 2.0])
    """
    mine, at = taken.position, taken.moment
    start, due = history.start[mine], history.due[mine]
    parts: list[tuple[KnownColumn, Floats]] = []

    def add(kind: str, values: dict[str, Floats], *, strict: bool = False) -> None:
        parts.extend((KnownColumn(name, kind, strict=strict), column) for name, column in values.items())

    add("promise", {"promised_days": (due - start) / DAY}, strict=True)
    add("calendar", _calendar(history, at))
    add("lately", before.lately(at))
    add("customer", before.customer(mine, at))
    if moment == WAITING:
        add(WAITING, {"open_days": (at - start) / DAY, "left_days": (due - at) / DAY}, strict=True)
    if moment == DELIVERED:
        add(DELIVERED, {"wait_days": (at - start) / DAY, "days_late": (at - due) / DAY}, strict=True)
    parts.extend(_given(name, values, mine) for name, values in history.columns.items())
    return Knowledge(np.column_stack([values for _, values in parts]), tuple(column for column, _ in parts))


def _calendar(history: EpisodeHistory, at: Floats) -> dict[str, Floats]:
    found = {
        "weekday": (np.floor(at / DAY) + _THURSDAY) % 7,
        "hour": np.floor(at % DAY / HOUR),
    }
    if history.n and history.as_of - float(history.start.min()) >= 2 * YEAR:
        found["month"] = (
            at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        ).astype(np.float64)
    return found


def _given(name: str, values: Column, mine: Codes) -> tuple[KnownColumn, Floats]:
    """A column of the file: its numbers, or the codes of its levels."""
    if values.dtype.kind != "U":
        return KnownColumn(name, name), np.asarray(values, dtype=np.float64)[mine]
    levels, codes = np.unique(values, return_inverse=True)
    filled = np.where(levels == "", np.nan, np.arange(levels.size, dtype=np.float64))
    return KnownColumn(name, name, levels=tuple(levels.tolist())), filled[codes][mine]
