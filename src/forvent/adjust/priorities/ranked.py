"""Gaps ranked by Σ customer value × gap × kind × P(gap is real) ÷ effort, each factor shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.priorities.chances import chances_real
from forvent.errors import BadOption
from forvent.records import Estimate, Gap, NotEnough
from forvent.records.loyalty import ValueAtRisk
from forvent.records.plan import AHEAD, CUSTOMERS, MEAN_AHEAD, SURE, Plan, Priority
from forvent.stats import percentile_interval

Floats = NDArray[np.float64]

DEFINITION = "plan/1"
#: What a gap of each kind weighs. A basic one missed costs more than an exciting one missed; one that looks
#: indifferent hardly weighs, and a reversed one not at all: meeting it more goes together with lower ratings.
WEIGHTS: Mapping[str, float] = {
    "basic": 1.5,
    "performance": 1.0,
    "excitement": 0.5,
    "indifferent": 0.1,
    "reverse": 0.0,
    "undecided": 1.0,
}
#: Working days of one person that the sizes of an effort stand for.
EFFORTS: Mapping[str, float] = {"S": 2.0, "M": 10.0, "L": 40.0}
USUAL_EFFORT = "M"
TOLD = ("as_described", "clear_information", "consistent_answers", "transparent_price")


@dataclass(frozen=True)
class PlanSettings:
    """The settings of a ranking; those left out are the usual ones. ``efforts`` are in days by
    expectation."""

    weights: Mapping[str, float] = field(default_factory=dict)
    efforts: Mapping[str, float] = field(default_factory=dict)
    level: float = 0.95

    def weight(self, kind: str) -> float:
        """What a gap of this kind weighs."""
        return {**WEIGHTS, **self.weights}.get(kind, WEIGHTS["undecided"])


@dataclass(frozen=True, eq=False)
class Stakes:
    """What is known of the customers behind the gaps.

    ``customers`` who judge each expectation, ``at_risk`` what they will buy where it is known,
    ``usual_kinds`` and ``usual_types`` of the catalogue.
    """

    customers: Mapping[str, int]
    at_risk: Sequence[ValueAtRisk] = ()
    usual_kinds: Mapping[str, str] = field(default_factory=dict)
    usual_types: Mapping[str, str] = field(default_factory=dict)


def effort_in_days(effort: str) -> float:
    """Working days of one person: S, M or L, or a number of days.

    Parameters
    ----------
    effort
        "S" (2 days), "M" (10), "L" (40), or days such as "3" or "0.5".

    Returns
    -------
    float
        Days, above 0.

    Raises
    ------
    BadOption
        If it is neither.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#priority.

    Examples
    --------
    >>> effort_in_days("l"), effort_in_days("3.5")
    (40.0, 3.5)
    """
    size = EFFORTS.get(effort.strip().upper())
    if size is not None:
        return size
    try:
        days = float(effort)
    except ValueError:
        days = math.nan
    if not 0.0 < days < math.inf:
        raise BadOption(f"'{effort}' is no effort.", hint="Write S, M or L, or a number of days above 0.")
    return days


def ranked(
    gaps: Sequence[Gap],
    *,
    stakes: Stakes,
    draws: Mapping[str, Floats],
    settings: PlanSettings | None = None,
) -> Plan:
    r"""Which gap first: every gap with its factors, the largest score first.

    .. math:: \text{score} = \frac{\sum_c v_c \cdot \max(0, e - g) \cdot w_{kind} \cdot P(g <
    e)}{\text{effort}}

    summed over the customers who judge the expectation: their number, or what they are expected to buy.
    With the plain number, value × shortfall is how many customers fewer find it met than would have to.
    The expected share e already leans on the kind; the weight says what a gap of that kind
    is worth beside that, and is a setting. An undecided gap is ranked by the same rule: its smaller
    probability brings it down, nothing hides it. A score says where to begin, not what will come of it.

    Parameters
    ----------
    gaps
        Gaps over all touchpoints, each expectation once.
    stakes
        The customers behind them.
    draws
        Draws of the share met (or of the gap) of each expectation, from one bootstrap over customers: all of
        shape (rounds,). They say how the gaps move together; how far each moves is taken from its interval.
    settings
        Weights, efforts and the level of the intervals.

    Returns
    -------
    Plan
        First those with a score above 0, then those without a shortfall by how likely they are real, last
        those with too few voices.

    Raises
    ------
    BadOption
        If a weight is negative or an effort is not above 0.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#priority.

    Examples
    --------
    >>> from forvent.records import MentionCounts
    >>> def one(name, value, kind):
    ...     gap = Estimate(value, value - 0.1, value + 0.1, 50)
    ...     got, expected = Estimate(0.8 + value, 0.3, 0.7, 50), Estimate(0.8, 0.7, 0.9, 50)
    ...     return Gap(
    ...         name,
    ...         "receive",
    ...         None,
    ...         MentionCounts(20, 30, 0, 0),
    ...         got,
    ...         expected,
    ...         gap,
    ...         "ratings",
    ...         gap,
    ...         gap,
    ...         kind,
    ...     )
    >>> rng = np.random.default_rng(1)
    >>> plan = ranked(
    ...     [one("on_time", -0.3, "basic"), one("fair_price", -0.2, "performance")],
    ...     stakes=Stakes({"on_time": 45, "fair_price": 50}),
    ...     draws={name: rng.normal(size=200) for name in ("on_time", "fair_price")},
    ... )
    >>> [(row.expectation, round(row.score.value, 2), row.first) for row in plan.priorities]
    [('on_time', 2.02, 0.995), ('fair_price', 1.0, 0.005)]
    """
    chosen = settings or PlanSettings()
    check_settings(chosen)
    known = [gap for gap in gaps if isinstance(gap.gap, Estimate)]
    values, unit = _values(gaps, stakes)
    chances = chances_real([_of(gap).value for gap in known], errors=[_error(_of(gap)) for gap in known])
    rows = [_row(gap, values[gap.expectation], stakes=stakes, settings=chosen) for gap in gaps]
    sure = {
        gap.expectation: (float(real), float(shrunk))
        for gap, real, shrunk in zip(known, chances.real, chances.shrunk, strict=True)
    }
    rows = [_with_chance(row, sure.get(row.expectation)) for row in rows]
    rows = in_order(rows)
    return Plan(
        definition=DEFINITION,
        weights={**WEIGHTS, **chosen.weights},
        efforts=dict(EFFORTS),
        value_unit=unit,
        picked_spread=chances.spread,
        priorities=placed(rows, draws=draws, level=chosen.level),
    )


def check_settings(settings: PlanSettings) -> None:
    """Refuse a weight below 0 and an effort that is not above 0."""
    for name, weight in settings.weights.items():
        if name not in WEIGHTS:
            raise BadOption(f"'{name}' is no kind.", hint=f"Kinds are {', '.join(WEIGHTS)}.")
        if not 0.0 <= weight < math.inf:
            raise BadOption(f"A weight of {weight:g} for {name} is negative.", hint="Give 0 or more.")
    for name, days in settings.efforts.items():
        if not 0.0 < days < math.inf:
            raise BadOption(
                f"An effort of {days:g} days for {name} is not above 0.", hint="Give days above 0."
            )


def _of(gap: Gap) -> Estimate:
    assert isinstance(gap.gap, Estimate)  # noqa: S101
    return gap.gap


def _error(gap: Estimate) -> float:
    """Standard error by the width of the interval; a gap without width still has some."""
    z = NormalDist().inv_cdf((1.0 + gap.level) / 2.0)
    return max((gap.high - gap.low) / (2.0 * z), 1e-6)


def _values(gaps: Sequence[Gap], stakes: Stakes) -> tuple[dict[str, tuple[float, str]], str]:
    """Value behind each gap with what it rests on, and its unit: what is ahead, where known of some."""
    heads = {gap.expectation: stakes.customers.get(gap.expectation, gap.counts.judged) for gap in gaps}
    known = {
        risk.expectation: (risk.exposed / risk.share.value, risk.judged)
        for risk in stakes.at_risk
        if isinstance(risk.share, Estimate) and risk.share.value > 0.0 and risk.expectation in heads
    }
    if not known:
        return {name: (float(count), CUSTOMERS) for name, count in heads.items()}, CUSTOMERS
    # Only customers who can be found among the buyers have a value; the others count with the mean of those.
    each = {name: value / judged for name, (value, judged) in known.items()}
    mean = sum(value for value, _ in known.values()) / sum(judged for _, judged in known.values())
    return {
        name: (count * each[name], AHEAD) if name in each else (count * mean, MEAN_AHEAD)
        for name, count in heads.items()
    }, stakes.at_risk[0].unit


def _row(gap: Gap, value: tuple[float, str], *, stakes: Stakes, settings: PlanSettings) -> Priority:
    name = gap.expectation
    few = gap.gap if isinstance(gap.gap, NotEnough) else NotEnough(0, 1, "not ranked")
    return Priority(
        expectation=name,
        stage=gap.stage,
        kind=gap.kind,
        usual_kind=stakes.usual_kinds.get(name, ""),
        usual_type=stakes.usual_types.get(name, ""),
        got=gap.got,
        expected=gap.expected,
        gap=gap.gap,
        customers=stakes.customers.get(name, gap.counts.judged),
        value=value[0],
        value_basis=value[1],
        shortfall=max(0.0, -gap.gap.value) if isinstance(gap.gap, Estimate) else 0.0,
        weight=settings.weight(gap.kind),
        real=None,
        shrunk=None,
        effort_days=settings.efforts.get(name, usual_effort()),
        effort_given=name in settings.efforts,
        score=few,
        rank=few,
        first=0.0,
        among_first=0.0,
        step="ask",
    )


def _with_chance(row: Priority, found: tuple[float, float] | None) -> Priority:
    if found is None:
        return row
    real, shrunk = found
    return replace(row, real=real, shrunk=shrunk, step=_step(row, real))


def _step(row: Priority, real: float) -> str:
    """What is suggested: keep, ask, train, say (what is true), or by the kind of the gap."""
    if isinstance(row.gap, Estimate) and row.gap.low > 0.0:
        return "keep"
    if real < SURE:
        return "ask"
    if row.usual_type == "interpersonal":
        return "train"
    if row.expectation in TOLD:
        return "say"
    if row.expectation == "on_time":
        return "promise"
    kind = row.kind if row.kind in ("basic", "performance", "excitement") else row.usual_kind
    return {"basic": "secure", "excitement": "delight"}.get(kind, "raise")


def _factor(row: Priority) -> float:
    """All factors of the score but the shortfall."""
    return row.value * row.weight * (row.real or 0.0) / row.effort_days


def usual_effort() -> float:
    """Days that count where nobody said what closing a gap takes."""
    return EFFORTS[USUAL_EFFORT]


def in_order(rows: Sequence[Priority]) -> list[Priority]:
    """The largest score first, then the likeliest, last those with too few voices."""
    return sorted(rows, key=_order)


def _order(row: Priority) -> tuple[int, float, float, str]:
    if row.real is None:
        return (2, float(-row.customers), 0.0, row.expectation)
    score = row.shortfall * _factor(row)
    return (0 if score > 0.0 else 1, -score, -row.real, row.expectation)


def placed(rows: Sequence[Priority], *, draws: Mapping[str, Floats], level: float) -> tuple[Priority, ...]:
    """The rows with the intervals of score and rank, from draws in which all gaps move together."""
    known = [row for row in rows if row.real is not None and row.expectation in draws]
    if not known:
        return tuple(rows)
    gaps = np.column_stack([_moved(row, draws[row.expectation]) for row in known])
    scores = np.maximum(0.0, -gaps) * np.array([_factor(row) for row in known])
    # Equal scores keep the order of the plan: a stable sort from the largest down.
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(known) + 1)[None, :], axis=1)
    placed = {}
    for column, row in enumerate(known):
        mine, n = ranks[:, column].astype(np.float64), row.gap.n
        score = row.shortfall * _factor(row)
        first = (mine == 1) & (scores[:, column] > 0.0)
        placed[row.expectation] = replace(
            row,
            score=percentile_interval(scores[:, column], value=score, n=n, level=level),
            rank=percentile_interval(mine, value=column + 1.0, n=n, level=level),
            first=float(np.mean(first)),
            among_first=float(np.mean((mine <= 3) & (scores[:, column] > 0.0))),
        )
    return tuple(placed.get(row.expectation, row) for row in rows)


def _moved(row: Priority, draws: Floats) -> Floats:
    """Draws of the gap: as the bootstrap moves it, as far as its interval says."""
    gap = row.gap
    assert isinstance(gap, Estimate)  # noqa: S101
    spread = float(np.std(draws))
    standard = (draws - float(np.mean(draws))) / spread if spread > 0.0 else np.zeros_like(draws)
    moved: Floats = np.clip(gap.value + _error(gap) * standard, -1.0, 1.0)
    return moved
