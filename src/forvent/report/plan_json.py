"""A plan, its actions and their effects as versioned JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from forvent.records.effect import Action, Effect
from forvent.records.plan import IfPromised, Plan, WhatIfs
from forvent.report.versioned_json import json_text, jsonable

SCHEMA = "forvent/plan/1"


def plan_json(
    plan: Plan,
    *,
    actions: tuple[Action, ...] = (),
    effects: Mapping[str, Effect] | None = None,
    what_if: WhatIfs | None = None,
    promised: tuple[IfPromised, ...] = (),
    made_on: date,
) -> str:
    """A plan as JSON text that programs can rely on; every key is described in ``docs/plan.md``.

    Parameters
    ----------
    plan
        The ranked gaps.
    actions
        What was decided, without the weeks of their baselines.
    effects
        By id of the action.
    what_if
        What was tried of shares met.
    promised
        What was tried of promises.
    made_on
        The day.

    Returns
    -------
    str
        JSON with the key ``schema`` first.

    Source
    ------
    Our own definition, docs/plan.md.

    Examples
    --------
    >>> empty = Plan("plan/1", {}, {}, "customers", 0.1, ())
    >>> plan_json(empty, made_on=date(2026, 3, 1)).splitlines()[1]
    ' "schema": "forvent/plan/1",'
    """
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "made_on": made_on.isoformat(),
        "definition": plan.definition,
        "weights": jsonable(plan.weights),
        "efforts": jsonable(plan.efforts),
        "value_unit": plan.value_unit,
        "picked_spread": jsonable(plan.picked_spread),
        "gaps": [
            {"place": place, **jsonable(row), "actions": _of(actions, row.expectation)}
            for place, row in enumerate(plan.priorities, start=1)
        ],
        "training": jsonable(plan.training),
        "actions": [_without_weeks(action) for action in actions],
        "effects": jsonable(dict(effects or {})),
        "what_if": jsonable(what_if.met if what_if else ()) + jsonable(promised),
    }
    return json_text(document)


def _of(actions: tuple[Action, ...], expectation: str) -> list[str]:
    return [action.id for action in actions if action.expectation == expectation]


def _without_weeks(action: Action) -> Any:
    found = jsonable(action)
    for name in ("weeks", "comparison_weeks"):
        found["baseline"].pop(name)
    return found
