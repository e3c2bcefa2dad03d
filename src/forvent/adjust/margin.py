"""Promises with a price: how long to promise, what to plan for, and what it costs to be wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forvent.adjust.cases import Floats
from forvent.adjust.lengths import round_to_say
from forvent.adjust.promise.at_most import OPEN, limit
from forvent.errors import BadOption
from forvent.records import CostPoint, Estimate, FrontierPoint, NotEnough, PricedPromise, PromiseAndTarget
from forvent.stats import check_level, wilson

#: Fewer cases do not show where a cost is lowest.
LEAST_PRICED = 20
FOLDS = 10
#: Lengths whose cost is shown beside the cheapest, as parts of it.
NEIGHBOURS = (0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)


def level_for_costs(*, per_late: float, per_long: float) -> float:
    r"""Share of promises that should be kept, given what being late and promising too long cost.

    If a unit of time too late costs :math:`c_l` and a unit of promise that was not needed
    :math:`c_p`, the expected cost :math:`E[c_l (Y-x)_+ + c_p (x-Y)_+]` is lowest where
    :math:`F(x)=c_l/(c_l+c_p)`. Both costs are your own judgement; the level is no better than they.

    Parameters
    ----------
    per_late
        Cost of a case for each unit of time that it ends after the promise, above 0.
    per_long
        Cost of a case for each unit of time that it ends before the promise, above 0, in the same money.

    Returns
    -------
    float
        Level inside (0, 1).

    Raises
    ------
    BadOption
        If a cost is not a finite number above 0, or one is so much larger that no level is left.

    Source
    ------
    Arrow, Harris & Marschak (1951), Econometrica 19(3), 250–272.

    Examples
    --------
    A minute late hurts seven times as much as a minute promised in vain:

    >>> level_for_costs(per_late=7, per_long=1)
    0.875
    """
    _check_cost(per_late, "a unit too late")
    _check_cost(per_long, "a unit too long")
    level = per_late / (per_late + per_long)
    if not 0.0 < level < 1.0:
        raise BadOption(
            f"Costs of {per_late} and {per_long} leave no level between 0 and 1.",
            hint="Give costs that can be compared.",
        )
    return level


def promise_for_costs(
    lengths: ArrayLike,
    *,
    per_break: float,
    per_unit: float,
    unit: str,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> PricedPromise | NotEnough:
    r"""Promise that costs least, if every broken one and every unit of length has its price.

    The cost of a case at the length :math:`x` is :math:`C(x)=c_u x+c_b P(Y>x)`. Over the record
    it is lowest at the length of a case, or at 0: then no promise pays at these prices. The
    interval holds every length :math:`x` for which :math:`C(x)-C(\hat x)` may be 0 or less, by
    Wilson's interval of the share of cases between the two; it is wider than needed (98 to 99 %
    at a level of 95 %). The share kept and the cost come from judging each tenth of
    the cases by the length that the other nine make cheapest, since the cheapest length of a
    record flatters itself on it.

    Parameters
    ----------
    lengths
        Lengths of past cases, shape (n,), in ``unit``, 0 or more, inf while open (only cases old
        enough to judge: see ``seasoned``), in an order that has nothing to do with them.
    per_break
        Cost of one broken promise, above 0.
    per_unit
        Cost of promising one unit more, a case, above 0, in the same money.
    unit
        Unit of ``lengths``.
    weights
        Weight of each case, shape (n,), positive; None weighs all alike.
    level
        Confidence level of the intervals, inside (0, 1).

    Returns
    -------
    PricedPromise or NotEnough
        Not rounded; NotEnough under 20 cases, or where none is closed. ``points`` tells what
        shorter and longer promises would have cost.

    Raises
    ------
    BadOption
        If a cost is not above 0, a length is negative or NaN, or weights are not positive.

    Source
    ------
    Our own definition, docs/formulas/adjust-margin.md#promise-for-costs.

    Examples
    --------
    Nine of ten cases take 2 days, one takes 10. Eight more days for it do not pay if breaking costs 50:

    >>> days = np.array([2.0] * 9 + [10.0] * 1).repeat(10)
    >>> promise_for_costs(days, per_break=50, per_unit=1, unit="day").length.value
    2.0
    >>> promise_for_costs(days, per_break=100, per_unit=1, unit="day").length.value
    10.0
    """
    check_level(level)
    _check_cost(per_break, "a broken promise")
    _check_cost(per_unit, "a unit of length")
    values, weight = _checked(lengths, weights)
    if values.size < LEAST_PRICED:
        return NotEnough(n=values.size, needed=LEAST_PRICED, why="too few cases")
    if not np.isfinite(values).any():
        return NotEnough(n=0, needed=LEAST_PRICED, why=OPEN)
    costs = _Costs(per_break, per_unit, level)
    record = _record(values, weight)
    cheapest = _cheapest(record, costs)
    kept, cost = _on_others(values, weight, costs)
    marks = sorted({cheapest * part for part in NEIGHBOURS})
    return PricedPromise(
        length=_not_clearly_dearer(record, cheapest, costs),
        unit=unit,
        per_break=per_break,
        per_unit=per_unit,
        kept=kept,
        cost=cost,
        points=tuple(_point(record, mark, cheapest, costs) for mark in marks),
        unseen=_longer_could_be_cheaper(record, cheapest, costs),
    )


def promise_and_target(
    lengths: ArrayLike,
    *,
    level: float,
    target_level: float = 0.5,
    unit: str,
    step: float | Sequence[float] | None = None,
) -> PromiseAndTarget | NotEnough:
    """What customers are told and what staff plan for, from one distribution: promise 60, plan for 45.

    Both are conformal limits (``promise_at_most``): the next case ends within each with at least
    its level, if it is like the past. The promise is said rounded up, the target rounded down, so
    its share may fall below ``target_level``; the shares of the record stand beside both.

    Parameters
    ----------
    lengths
        Lengths of past cases, shape (n,), in ``unit``, without NaN; inf while open.
    level
        Share of cases that must keep the promise, inside (0, 1).
    target_level
        Share of cases that should end within the target, below ``level``; 0.5 is the median.
    unit
        Unit of ``lengths`` and of both limits.
    step
        As in ``round_to_say``.

    Returns
    -------
    PromiseAndTarget or NotEnough
        NotEnough where no promise has the guarantee, or too many cases are open.

    Raises
    ------
    BadOption
        If a level is not inside (0, 1), the target's is not the lower one, or a length is negative or NaN.

    Source
    ------
    Lei et al. (2018), JASA 113(523), section 2.

    Examples
    --------
    >>> both = promise_and_target(np.arange(1, 100), level=0.8, unit="minute")
    >>> both.promise.length, both.target.length, round(both.target.kept.value, 2)
    (80.0, 50.0, 0.51)
    """
    check_level(level)
    check_level(target_level)
    if target_level >= level:
        raise BadOption(
            f"A target at level {target_level} is no tighter than a promise at {level}.",
            hint="Give the target the lower level.",
        )
    values, _ = _checked(lengths, None)
    upper, planned = limit(values, level=level), limit(values, level=target_level)
    if isinstance(upper, NotEnough):
        return upper
    if isinstance(planned, NotEnough):
        return planned
    said = round_to_say(upper, unit, step=step)
    # The smallest step can be longer than a whole short promise; a target never is.
    aimed = min(said, round_to_say(planned, unit, step=step, down=True))
    return PromiseAndTarget(
        promise=_seen(values, said, unit),
        target=_seen(values, aimed, unit),
        exact_promise=upper,
        exact_target=planned,
        level=level,
        target_level=target_level,
        n=values.size,
        open_cases=int(np.isinf(values).sum()),
    )


class _Costs(NamedTuple):
    per_break: float
    per_unit: float
    level: float


class _Record(NamedTuple):
    """Distinct lengths from 0 up, finite, the share of cases within each, and the effective count."""

    lengths: Floats
    within: Floats
    cases: int

    def share(self, length: float) -> float:
        place = int(np.searchsorted(self.lengths, length * (1 + 1e-12), side="right")) - 1
        return float(self.within[place])


def _record(values: Floats, weight: Floats) -> _Record:
    closed = np.isfinite(values)
    # Length 0 stands for no promise at all.
    lengths, where = np.unique(np.append(0.0, values[closed]), return_inverse=True)
    within = np.cumsum(np.bincount(where, weights=np.append(0.0, weight[closed])))
    total = float(weight.sum())
    effective = total * total / float((weight * weight).sum())
    return _Record(lengths, np.minimum(1.0, within / total), max(1, int(effective + 1e-9)))


def _cheapest(record: _Record, costs: _Costs) -> float:
    cost = costs.per_unit * record.lengths + costs.per_break * (1.0 - record.within)
    return float(record.lengths[np.argmin(cost)])


def _not_clearly_dearer(record: _Record, cheapest: float, costs: _Costs) -> Estimate:
    """The cheapest length, with the lowest and the highest that may cost no more."""
    lengths = record.lengths
    place = int(np.searchsorted(lengths, cheapest))
    low = next(float(one) for one in lengths if _dearer(record, float(one), cheapest, costs).low <= 0.0)
    high = cheapest
    for far in range(lengths.size - 1, place - 1, -1):
        between = _between(record, cheapest, float(lengths[far]), level=costs.level)
        # So far the cases between pay for the length; no further than the next case, which is too far.
        reach = cheapest + costs.per_break * between.high / costs.per_unit
        if reach >= lengths[far]:
            after = float(lengths[far + 1]) if far + 1 < lengths.size else math.inf
            high = min(reach, after)
            break
    return Estimate(cheapest, low, high, record.cases, costs.level)


def _dearer(record: _Record, length: float, cheapest: float, costs: _Costs) -> Estimate:
    """How much more a case costs at a length than at the cheapest."""
    if length == cheapest:
        return Estimate(0.0, 0.0, 0.0, record.cases, costs.level)
    between = _between(record, length, cheapest, level=costs.level)
    longer = costs.per_unit * (length - cheapest)
    sign = 1.0 if length < cheapest else -1.0
    ends = sorted(longer + sign * costs.per_break * one for one in (between.low, between.high))
    value = longer + sign * costs.per_break * between.value
    return Estimate(value, ends[0], ends[1], record.cases, costs.level)


def _between(record: _Record, one: float, other: float, *, level: float) -> Estimate:
    share = abs(record.share(one) - record.share(other))
    return wilson(share * record.cases, record.cases, level=level)


def _point(record: _Record, length: float, cheapest: float, costs: _Costs) -> CostPoint:
    share = record.share(length)
    kept = wilson(share * record.cases, record.cases, level=costs.level)
    cost = costs.per_unit * length + costs.per_break * (1.0 - share)
    return CostPoint(length, kept, cost, _dearer(record, length, cheapest, costs))


def _on_others(values: Floats, weight: Floats, costs: _Costs) -> tuple[Estimate, Estimate]:
    """Share kept and cost a case, each tenth judged by the length that the others make cheapest."""
    fold = np.arange(values.size) % FOLDS
    kept, promised = np.zeros(values.size), np.zeros(values.size)
    for number in range(FOLDS):
        inside = fold == number
        promised[inside] = _cheapest(_record(values[~inside], weight[~inside]), costs)
    kept = np.where(values <= promised, 1.0, 0.0)
    count = _record(values, weight).cases
    share = min(1.0, float(np.average(kept, weights=weight)))
    shares = wilson(share * count, count, level=costs.level)
    length = costs.per_unit * float(np.average(promised, weights=weight))
    low, value, high = (
        length + costs.per_break * (1.0 - one) for one in (shares.high, shares.value, shares.low)
    )
    return shares, Estimate(value, low, high, count, costs.level)


def _longer_could_be_cheaper(record: _Record, cheapest: float, costs: _Costs) -> bool:
    """Whether open cases, if all ended just after the longest closed one, would make that cheaper."""
    if record.within[-1] >= 1.0 - 1e-12:
        return False
    now = costs.per_unit * cheapest + costs.per_break * (1.0 - record.share(cheapest))
    return costs.per_unit * float(record.lengths[-1]) < now


def _seen(values: Floats, length: float, unit: str) -> FrontierPoint:
    kept = int((values <= length * (1 + 1e-12)).sum())
    return FrontierPoint(length=length, unit=unit, kept=wilson(kept, values.size))


def _check_cost(cost: float, of: str) -> None:
    if not 0.0 < cost < math.inf:
        raise BadOption(f"{of.capitalize()} cannot cost {cost}.", hint="Give a finite cost above 0.")


def _checked(lengths: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    values = np.asarray(lengths, dtype=np.float64)
    if not (values >= 0.0).all():
        raise BadOption(
            "A length is negative or not a number.", hint="Leave such cases out, or give inf while open."
        )
    weight = np.ones(values.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if weight.shape != values.shape or not (np.isfinite(weight) & (weight > 0.0)).all():
        raise BadOption("A weight is missing or not above 0.", hint="Give every case a weight above 0.")
    return values, weight
