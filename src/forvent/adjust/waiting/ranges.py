"""Replays the record of a waiting line as it would have been, and says how its announcements did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Column, Floats
from forvent.adjust.waiting.blend import WaitSettings
from forvent.adjust.waiting.censored import stay_weights
from forvent.adjust.waiting.estimators import ESTIMATORS
from forvent.adjust.waiting.forecaster import WaitForecaster
from forvent.adjust.waiting.kept import is_undecided, kept_share, pinball_loss
from forvent.adjust.waiting.learned import DAY_S, HOUR_S
from forvent.adjust.waiting.line import ARRIVES, WaitingLine
from forvent.adjust.waiting.offsets import HOURS
from forvent.errors import TooFewObservations
from forvent.records import Estimate, NotEnough, WaitBacktest, WaitHour, WaitRange


@dataclass(frozen=True, slots=True)
class Told:
    """What one case of a record would have been told on arrival, and what each estimator made of it.

    ``range`` is NotEnough while the line was warming up. ``quantiles`` holds, for each estimator, the
    quantile for each side of the range in seconds.
    """

    case: int
    range: WaitRange | NotEnough
    quantiles: Mapping[str, tuple[float, ...]]


def told_on_arrival(
    line: WaitingLine, *, level: float = 0.9, two_sided: bool = False, settings: WaitSettings | None = None
) -> tuple[Told, ...]:
    """What every case of a record would have been told when it joined the line, from earlier events alone.

    It is a loop over the record's events around ``WaitForecaster``: live and replayed announcements are one.

    Parameters
    ----------
    line
        The record.
    level
        Share of waits to lie in what is announced, inside (0, 1).
    two_sided
        Announce a range and not only "at most".
    settings
        How it learns and rounds.

    Returns
    -------
    tuple of Told
        In the order of arrival.

    Raises
    ------
    BadOption
        If the level or a setting cannot be used.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#known.

    Examples
    --------
    >>> from forvent.adjust.waiting.line import waiting_line
    >>> few = waiting_line([0.0, 5.0], service_start=[60.0, 70.0], left=[60.0, 70.0])
    >>> [one.range.why for one in told_on_arrival(few)]
    ['too few waits are known', 'too few waits are known']
    """
    forecaster = WaitForecaster(
        level=level, two_sided=two_sided, columns=tuple(line.columns), settings=settings
    )
    told = []
    for at, kind, case in line.events():
        if kind == ARRIVES:
            said = forecaster.arrive(case, at=at, columns=_values(line.columns, case))
            told.append(Told(case, said, forecaster.quantiles(case)))
        elif line.served[case]:
            forecaster.served(case, at=at)
        else:
            forecaster.left(case, at=at)
    return tuple(told)


def _values(columns: Mapping[str, Column], case: int) -> dict[str, float | str]:
    """Columns of one case as plain values."""
    return {name: values[case].item() for name, values in columns.items()}


def wait_ranges(
    line: WaitingLine, *, level: float = 0.9, two_sided: bool = False, settings: WaitSettings | None = None
) -> WaitBacktest:
    """How announcements along a recorded line would have done: kept share, width, loss of every estimator.

    Every case is announced from earlier events alone and judged afterwards. The share kept is that of those
    who stay: who left before the limit is undecided (``kept_share``).

    Parameters
    ----------
    line
        The record.
    level
        Share of waits to lie in what is announced, inside (0, 1).
    two_sided
        Announce a range and not only "at most".
    settings
        How it learns and rounds.

    Returns
    -------
    WaitBacktest
        Over all cases that were announced and whose wait came to an end.

    Raises
    ------
    TooFewObservations
        If no case was announced: the record is shorter than the warm-up.
    BadOption
        If the level or a setting cannot be used.

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#known.

    Examples
    --------
    One server, who needs a minute on average; somebody comes every 80 seconds. The limit is kept
    as often as it says:

    >>> import numpy as np
    >>> from forvent.adjust.waiting.line import waiting_line
    >>> rng = np.random.default_rng(3)
    >>> came, needs, start = np.cumsum(rng.exponential(80, 1500)), rng.exponential(60, 1500), np.zeros(1500)
    >>> free = 0.0
    >>> for case in range(1500):
    ...     start[case] = max(came[case], free)
    ...     free = start[case] + needs[case]
    >>> found = wait_ranges(waiting_line(came, service_start=start, left=start), level=0.9)
    >>> 0.86 < found.kept.value < 0.94
    True
    """
    told = told_on_arrival(line, level=level, two_sided=two_sided, settings=settings)
    announced = [(one, one.range) for one in told if isinstance(one.range, WaitRange)]
    if not announced:
        raise TooFewObservations(
            f"None of {line.n} cases could be announced: too few waits were known.",
            hint="Give a longer record, or lower warm_up.",
        )
    ended = [(one, said) for one, said in announced if np.isfinite(line.left[one.case])]
    leaned_on = Counter(said.leaned_on for _, said in announced)
    return _judged(
        line,
        ended,
        sides=((1.0 - level) / 2.0, (1.0 + level) / 2.0) if two_sided else (level,),
        level=level,
        warming_up=line.n - len(announced),
        in_line=len(announced) - len(ended),
        answered={name: leaned_on[name] / len(announced) for name in ESTIMATORS},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Announcements beside what became of them, arrays of shape (n,)."""

    wait_s: Floats
    served: NDArray[np.bool_]
    low_s: Floats
    high_s: Floats

    def kept(self, picked: NDArray[np.bool_], *, weights: Floats) -> Estimate | NotEnough:
        """Share kept among the picked cases."""
        return kept_share(
            self.wait_s[picked],
            low_s=self.low_s[picked],
            high_s=self.high_s[picked],
            weights=weights[picked],
        )

    def loss(self, limits: Sequence[Sequence[float]], *, sides: Sequence[float]) -> float:
        """Mean pinball loss over the sides of the range; ``limits`` has a row a case."""
        columns = np.array(limits, dtype=np.float64)
        each = [
            pinball_loss(self.wait_s, served=self.served, limit_s=columns[:, place], level=side)
            for place, side in enumerate(sides)
        ]
        return float(np.mean(each))


def _judged(
    line: WaitingLine,
    ended: list[tuple[Told, WaitRange]],
    *,
    sides: tuple[float, ...],
    level: float,
    warming_up: int,
    in_line: int,
    answered: dict[str, float],
) -> WaitBacktest:
    """The record of the backtest from announcements whose waits came to an end."""
    cases = np.array([one.case for one, _ in ended], dtype=np.int64)
    low = np.array([said.low_s for _, said in ended])
    high = np.array([said.high_s for _, said in ended])
    ends = _Ends(line.left[cases] - line.arrival[cases], line.served[cases], low, high)
    undecided = is_undecided(ends.wait_s, served=ends.served, high_s=high)
    weights = stay_weights(ends.wait_s, served=ends.served, limit_s=high)
    return WaitBacktest(
        n=cases.size,
        level=level,
        kept=ends.kept(np.ones(cases.size, dtype=np.bool_), weights=weights),
        kept_when_served=ends.kept(ends.served, weights=np.ones(cases.size)),
        hours=_by_hour(ends, weights=weights, undecided=undecided, arrival=line.arrival[cases]),
        undecided=int(undecided.sum()),
        warming_up=warming_up,
        in_line=in_line,
        mean_range_s=float((high - low).mean()),
        mean_high_s=float(high.mean()),
        pinball_s=_losses(ends, ended, sides=sides),
        answered=answered,
    )


def _by_hour(
    ends: _Ends, *, weights: Floats, undecided: NDArray[np.bool_], arrival: Floats
) -> tuple[WaitHour, ...]:
    """How each hour of the day did in which somebody came."""
    hours = (arrival % DAY_S // HOUR_S).astype(np.int64)
    found = []
    for hour in range(HOURS):
        picked = hours == hour
        if picked.any():
            found.append(
                WaitHour(
                    hour, ends.kept(picked, weights=weights), int(picked.sum()), int(undecided[picked].sum())
                )
            )
    return tuple(found)


def _losses(
    ends: _Ends, ended: list[tuple[Told, WaitRange]], *, sides: tuple[float, ...]
) -> dict[str, float]:
    """Pinball loss of every estimator, of ours, and of what was said after rounding."""
    exact = [(said.exact_low_s, said.exact_high_s)[-len(sides) :] for _, said in ended]
    rounded = [(said.low_s, said.high_s)[-len(sides) :] for _, said in ended]
    singles = {name: ends.loss([one.quantiles[name] for one, _ in ended], sides=sides) for name in ESTIMATORS}
    return {
        "ours": ends.loss(exact, sides=sides),
        "announced": ends.loss(rounded, sides=sides),
        **singles,
    }
