"""The shortest promise that past cases support."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forvent.adjust.cases import Floats
from forvent.errors import BadOption, TooFewObservations
from forvent.records import NotEnough, Promise
from forvent.stats import conformal_rank

OPEN = "too many of the cases were still open"
UNCHECKED = NotEnough(n=0, needed=5, why="not checked on later cases")


def promise_at_most(past: ArrayLike, *, level: float, unit: str) -> Promise:
    r"""Smallest upper limit that the next case stays under with probability ``level``.

    The limit is the :math:`k`-th smallest of the :math:`n` past values with
    :math:`k = \lceil (n+1)\,\ell \rceil`. For exchangeable cases

    .. math:: \ell \le P(Y_{n+1} \le Y_{(k)}),

    whatever their distribution, and without ties also :math:`\le \ell + 1/(n+1)`. The
    probability is over past and next case together; it does not hold separately for each
    kind of customer, nor when cases get slower than they were.

    Parameters
    ----------
    past
        Values of past cases, shape (n,), in ``unit``, without NaN. An open case is
        ``inf``: longer than any closed one, so that leaving it out cannot shorten the promise.
    level
        Share of future cases that must keep the promise, inside (0, 1).
    unit
        Unit of ``past`` and of the limit: minute, hour or day.

    Returns
    -------
    Promise
        The limit, not rounded, with its level and the number of cases behind it; not yet
        checked on later cases.

    Raises
    ------
    TooFewObservations
        If n < ceil(level / (1 - level)), so that no finite limit has the guarantee, or if so
        many cases are open that the limit would be an open one.
    BadOption
        If a value is NaN, or ``level`` is not inside (0, 1).

    Source
    ------
    Lei et al. (2018), JASA 113(523), section 2.

    Examples
    --------
    The promise, and what it is worth: on fresh cases it is kept as often as it says.

    >>> days = np.random.default_rng(7).gamma(shape=4.0, scale=0.5, size=2000)
    >>> promise = promise_at_most(days[:1000], level=0.9, unit="day")
    >>> bool(promise.upper == np.sort(days[:1000])[900])
    True
    >>> kept = float(np.mean(days[1000:] <= promise.upper))
    >>> 0.87 < kept < 0.93
    True
    """
    values = np.asarray(past, dtype=np.float64)
    if np.isnan(values).any():
        raise BadOption("A past value is not a number.", hint="Leave such cases out, or give inf while open.")
    upper = limit(values, level=level)
    if isinstance(upper, NotEnough):
        raise TooFewObservations(_message(upper, level=level), hint=_hint(upper))
    return Promise(
        group={},
        upper=upper,
        unit=unit,
        level=level,
        n=values.size,
        by_day=False,
        kept_later=UNCHECKED,
        own_promise=None,
        own_kept=UNCHECKED,
        padded=False,
    )


def limit(values: Floats, *, level: float) -> float | NotEnough:
    """The limit of ``promise_at_most``, or why there is none; ``inf`` stands for an open case."""
    rank = conformal_rank(values.size, level=level)
    if isinstance(rank, NotEnough):
        return rank
    upper = float(np.partition(values, rank - 1)[rank - 1])
    if upper == np.inf:
        closed = int(np.isfinite(values).sum())
        return NotEnough(n=closed, needed=rank, why=OPEN)
    return upper


def _message(reason: NotEnough, *, level: float) -> str:
    if reason.why == OPEN:
        return (
            f"A promise at level {level} needs {reason.needed} closed cases here; only {reason.n} are closed."
        )
    return f"A promise at level {level} needs at least {reason.needed} cases; there are {reason.n}."


def _hint(reason: NotEnough) -> str:
    if reason.why == OPEN:
        return "Lower the level, or wait until more cases are closed."
    return "Lower the level, or pool groups until there are more cases."
