"""A plan with other efforts: ranked again without the voices it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from forvent.adjust.priorities.ranked import PlanSettings, check_settings, in_order, placed, usual_effort
from forvent.records import Estimate
from forvent.records.plan import Plan, Priority

ROUNDS = 1000


def reranked(plan: Plan, *, efforts: Mapping[str, float], rng: np.random.Generator) -> Plan:
    """The same gaps in the order of other efforts; the plan itself where the efforts are the same.

    A score is exactly what ranking anew would give: it is inversely proportional to the effort. How firm the
    order is comes from draws in which every gap moves within its own interval and by itself; ranking from
    the voices lets gaps that the same customers judge move together, so that both may differ a little.

    Parameters
    ----------
    plan
        As it was ranked.
    efforts
        Days by expectation, above 0; the usual effort where none is given.
    rng
        Source of randomness, seeded by the caller.

    Returns
    -------
    Plan
        With the new efforts, scores, places and order.

    Raises
    ------
    BadOption
        If an effort is not above 0.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#priority.

    Examples
    --------
    >>> from forvent.records.plan import Plan
    >>> none = Plan("plan/1", {}, {"M": 10.0}, "customers", 0.0, ())
    >>> reranked(none, efforts={"on_time": 2.0}, rng=np.random.default_rng(1)) is none
    True
    """
    check_settings(PlanSettings(efforts=efforts))
    rows = [_with_effort(row, efforts.get(row.expectation)) for row in plan.priorities]
    if all(new.effort_days == old.effort_days for new, old in zip(rows, plan.priorities, strict=True)):
        return plan
    ordered = in_order(rows)
    drawn = {row.expectation: rng.standard_normal(ROUNDS) for row in ordered}
    found = placed(ordered, draws=drawn, level=_level(plan))
    before = {row.expectation: row for row in plan.priorities}
    return replace(plan, priorities=tuple(_scaled(row, before[row.expectation]) for row in found))


def _with_effort(row: Priority, days: float | None) -> Priority:
    return replace(row, effort_days=usual_effort() if days is None else days, effort_given=days is not None)


def _level(plan: Plan) -> float:
    return next((row.score.level for row in plan.priorities if isinstance(row.score, Estimate)), 0.95)


def _scaled(row: Priority, before: Priority) -> Priority:
    """The interval of the score as the voices gave it, for the new effort."""
    if not isinstance(before.score, Estimate):
        return row
    by = before.effort_days / row.effort_days
    score = before.score
    return replace(
        row, score=replace(score, value=score.value * by, low=score.low * by, high=score.high * by)
    )
