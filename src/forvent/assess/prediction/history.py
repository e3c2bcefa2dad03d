"""Episodes as arrays, and what was known of company and customer at any moment before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forvent.assess.chain.episodes import DISSATISFIED
from forvent.assess.judgements import as_floats, customer_codes

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Column: TypeAlias = Floats | NDArray[np.str_]

DAY = 86_400.0
#: How many of the latest outcomes say how the company does lately, and how many are needed.
LATELY, LEAST_LATELY = 100, 20


@dataclass(frozen=True, eq=False)
class EpisodeHistory:
    """Episodes in the order of their start, arrays of shape (n,); times in seconds since 1970, NaN if none.

    ``due`` is the last moment at which the promise is kept (the end of the day for a promise by day).
    ``sad`` is 1 where the customer was disappointed, 0 where not, NaN where nobody said anything;
    ``first_said`` and ``known`` are when it began and ended to be said. ``columns`` hold what else was known
    at the start: numbers (NaN where missing) or text ("" where missing). ``as_of`` is how far the record
    reaches.
    """

    episode: tuple[str, ...]
    customer_name: tuple[str | None, ...]
    customer: Codes
    start: Floats
    due: Floats
    delivered: Floats
    cancelled: NDArray[np.bool_]
    sad: Floats
    rating: Floats
    first_said: Floats
    known: Floats
    columns: Mapping[str, Column]
    as_of: float

    @property
    def n(self) -> int:
        """Number of episodes."""
        return self.start.size

    @cached_property
    def usual_wait(self) -> float:
        """Median wait of the delivered ones, seconds; NaN where nothing was delivered."""
        waits = (self.delivered - self.start)[np.isfinite(self.delivered) & ~self.cancelled]
        return float(np.median(waits)) if waits.size else np.nan


def episode_history(collected: pa.Table, *, columns: Mapping[str, Column], as_of: float) -> EpisodeHistory:
    """Collected ``episode_outcomes`` as arrays.

    A voice without a time cannot be earlier than what it speaks of: it counts as said at the delivery, else
    when the promise passed, else at the start.

    Parameters
    ----------
    collected
        Collected ``episode_outcomes``.
    columns
        What else was known at the start, by name, each of shape (n,) in the order of the table.
    as_of
        Moment up to which the record reaches, seconds since 1970; what was said may be later.

    Returns
    -------
    EpisodeHistory
        One place in each array for each episode.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md#outcome.

    Examples
    --------
    >>> from datetime import datetime
    >>> times = {"start": datetime(1970, 1, 2), "promised": datetime(1970, 1, 4), "delivered": None}
    >>> said = {"rating": 0.0, "negative": 0.0, "voices": 1, "first_said": None, "last_said": None}
    >>> row = {"episode": "a", "customer": None, "by_day": True, "cancelled": False, **times, **said}
    >>> table = pa.Table.from_pylist([row])
    >>> delivered = table.column_names.index("delivered")
    >>> table = table.set_column(delivered, "delivered", pa.nulls(1, pa.timestamp("us")))
    >>> history = episode_history(table, columns={}, as_of=864000.0)
    >>> history.due.tolist(), history.sad.tolist(), history.known.tolist()
    ([345599.999], [1.0], [345599.999])
    """
    start, promised, delivered = (seconds(collected[name]) for name in ("start", "promised", "delivered"))
    by_day = as_floats(collected["by_day"]) == 1.0
    due = np.where(by_day, np.floor(promised / DAY) * DAY + DAY - 1e-3, promised)
    rating, negative = as_floats(collected["rating"]), as_floats(collected["negative"])
    spoken = as_floats(collected["voices"]) > 0.0
    sad = np.where(np.isfinite(rating), rating <= DISSATISFIED, negative == 1.0).astype(np.float64)
    untold = np.where(np.isfinite(delivered), delivered, np.where(np.isfinite(due), due, start))
    first, last = (
        np.where(spoken, np.maximum(start, np.where(np.isfinite(time), time, untold)), np.nan)
        for time in (seconds(collected[name]) for name in ("first_said", "last_said"))
    )
    customers = collected["customer"].cast(pa.string())
    return EpisodeHistory(
        episode=tuple(collected["episode"].to_pylist()),
        customer_name=tuple(customers.to_pylist()),
        customer=np.unique(customer_codes(customers), return_inverse=True)[1].astype(np.int64),
        start=start,
        due=due,
        delivered=delivered,
        cancelled=as_floats(collected["cancelled"]) == 1.0,
        sad=np.where(spoken, sad, np.nan),
        rating=np.where(spoken, rating, np.nan),
        first_said=first,
        known=last,
        columns=columns,
        as_of=float(max(as_of, np.nanmax(last, initial=-np.inf))),
    )


def seconds(times: pa.ChunkedArray) -> Floats:
    """Seconds since 1970; NaN where null."""
    whole = pc.cast(pc.cast(times, pa.timestamp("us")), pa.int64())
    return as_floats(pc.divide(pc.cast(whole, pa.float64(), safe=False), 1e6))


class Before:
    """What was known of company and customers before any moment; nothing of that moment or later."""

    def __init__(self, history: EpisodeHistory) -> None:
        self._history = history
        late = history.delivered > history.due
        ends = np.where(late | ~np.isfinite(history.delivered), history.due, history.delivered)
        settled = np.isfinite(ends) & np.isfinite(history.due) & ~history.cancelled & (ends <= history.as_of)
        # A promise that passed while the case was open is known to be broken from then on.
        broken = (late | ~np.isfinite(history.delivered)).astype(np.float64)
        delivered = np.isfinite(history.delivered) & ~history.cancelled
        told = np.isfinite(history.sad)
        self._ends, self._broken = np.where(settled, ends, np.inf), broken
        self._settled = _Stream(ends[settled], (1.0 - broken)[settled])
        self._waits = _Stream(
            history.delivered[delivered], (history.delivered - history.start)[delivered] / DAY
        )
        self._sad = _Stream(history.known[told], history.sad[told])
        mine = history.customer
        self._starts = _Own(mine, history.start, np.zeros(history.n))
        self._lateness = _Own(mine[settled], ends[settled], broken[settled])
        self._told = _Own(mine[told], history.known[told], history.sad[told])

    def lately(self, moment: Floats) -> dict[str, Floats]:
        """How the company did in its latest outcomes before each moment."""
        return {
            "lately_kept": self._settled.latest(moment),
            "lately_wait_days": self._waits.latest(moment),
            "lately_disappointed": self._sad.latest(moment),
        }

    def customer(self, position: Codes, moment: Floats) -> dict[str, Floats]:
        """What the customer of each episode went through in other ones before the moment."""
        customer = self._history.customer[position]
        earlier, _, since = self._starts.before(customer, self._history.start[position])
        settled, late, _ = self._lateness.before(customer, moment)
        # The episode itself may be late by now: that is no experience of an earlier one.
        own = self._ends[position] < moment
        settled, late = settled - own, late - np.where(own, self._broken[position], 0.0)
        told, sad, _ = self._told.before(customer, moment)
        return {
            "earlier_episodes": earlier,
            "earlier_days_since": np.where(earlier > 0, since / DAY, np.nan),
            "earlier_late": np.where(settled > 0, late / np.maximum(settled, 1.0), np.nan),
            "earlier_disappointed": np.where(told > 0, sad / np.maximum(told, 1.0), np.nan),
        }


class _Stream:
    """Values that came to be known one after the other."""

    def __init__(self, times: Floats, values: Floats) -> None:
        order = np.argsort(times, kind="stable")
        self._times = times[order]
        self._sums = np.concatenate([[0.0], np.cumsum(values[order])])

    def latest(self, moment: Floats) -> Floats:
        """Mean of the latest values known before each moment; NaN where too few were."""
        last = np.searchsorted(self._times, moment, side="left")
        first = np.maximum(0, last - LATELY)
        means = (self._sums[last] - self._sums[first]) / np.maximum(1, last - first)
        return np.where(last >= LEAST_LATELY, means, np.nan)


class _Own:
    """Values of each customer that came to be known one after the other."""

    def __init__(self, customer: Codes, times: Floats, values: Floats) -> None:
        order = np.lexsort((times, customer))
        self._customer, self._times = customer[order], times[order]
        self._sums = np.concatenate([[0.0], np.cumsum(values[order])])
        # One rising key for customer and time; a thousandth of a second is kept.
        self._zero = float(times.min()) if times.size else 0.0
        self._span = (float(times.max()) - self._zero if times.size else 0.0) + 1.0
        self._keys = self._key(self._customer, self._times)

    def before(self, customer: Codes, moment: Floats) -> tuple[Floats, Floats, Floats]:
        """How many a customer had before each moment, their sum, and the seconds since the latest."""
        first = np.searchsorted(self._customer, customer, side="left")
        last = np.searchsorted(self._keys, self._key(customer, moment), side="left")
        last = np.maximum(first, last)
        count = (last - first).astype(np.float64)
        if self._times.size == 0:
            return count, count, np.full(moment.size, np.nan)
        latest = self._times[np.maximum(0, last - 1)]
        return count, self._sums[last] - self._sums[first], np.where(count > 0, moment - latest, np.nan)

    def _key(self, customer: Codes, moment: Floats) -> Codes:
        within = np.clip(moment - self._zero, 0.0, self._span)
        step = int(self._span * 1000.0) + 2
        return customer * step + np.round(within * 1000.0).astype(np.int64)
