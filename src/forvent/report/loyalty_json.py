"""Who comes back, as versioned JSON."""

from __future__ import annotations

import json
import math
from typing import Any

from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import CustomerOutlooks, Loyalty, PurchaseFit
from forvent.report.versioned_json import jsonable

SCHEMA = "forvent/loyalty/1"
DIGITS = 6


def loyalty_json(loyalty: Loyalty) -> str:
    """What customers will buy, as JSON text that programs can rely on.

    The forecast stands as plain numbers at the top; every key is described in ``docs/loyalty.md``.

    Parameters
    ----------
    loyalty
        What was found.

    Returns
    -------
    str
        JSON with the key ``schema`` first. A forecast that the purchases cannot carry is null, and
        ``not_enough`` says why; other numbers then are ``{"not_enough": {"n", "needed", "why"}}``.

    Source
    ------
    Our own definition, docs/loyalty.md.

    Examples
    --------
    >>> SCHEMA
    'forvent/loyalty/1'
    """
    total = loyalty.purchases
    fit = loyalty.fit if isinstance(loyalty.fit, PurchaseFit) else None
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "model": fit.model if fit else None,
        "parameters": dict(fit.parameters) if fit else {},
        "parameter_limits": {name: list(limits) for name, limits in fit.limits.items()} if fit else {},
        "unit": "week",
        "converged": fit.converged if fit else False,
        "trouble": fit.trouble if fit else "",
        "starts": fit.starts if fit else 0,
        "agreeing": fit.agreeing if fit else 0,
        "log_likelihood": fit.log_likelihood if fit else None,
        "pooled": [one.model for one in loyalty.candidates],
        "candidates": [_candidate(one) for one in loyalty.candidates],
        "until": loyalty.until.isoformat(),
        "horizon_days": loyalty.horizon,
        "level": loyalty.level,
        **_plain(total, "expected_purchases"),
        "not_enough": jsonable(total)["not_enough"] if isinstance(total, NotEnough) else None,
        "expected_value": jsonable(loyalty.value),
        "spend": jsonable(loyalty.spend),
        "repeat_share": jsonable(loyalty.repeat_share),
        "came_back": jsonable(loyalty.came_back),
        "referral_share": jsonable(loyalty.referral_share),
        "referral_value_share": jsonable(loyalty.referral_value),
        "held_out": jsonable(loyalty.held_out),
        "past_forecasts": [_past(one) for one in loyalty.past],
        "model_spread": loyalty.model_spread,
        "left_out": dict(loyalty.left_out),
        "notes": list(loyalty.notes),
        "file": jsonable(loyalty.file),
        "customers": _customers(loyalty.customers),
    }
    return _written(document)


def _plain(total: Estimate | NotEnough, name: str) -> dict[str, Any]:
    if isinstance(total, NotEnough):
        return {name: None, "low": None, "high": None, "n": total.n}
    return {name: total.value, "low": total.low, "high": total.high, "n": total.n}


def _candidate(fit: PurchaseFit) -> dict[str, Any]:
    return {
        "model": fit.model,
        "parameters": dict(fit.parameters),
        "converged": fit.converged,
        "trouble": fit.trouble,
        "log_likelihood": fit.log_likelihood,
        "aic": fit.aic,
        "months": list(fit.months),
        "months_spread": fit.months_spread,
    }


def _past(past: Any) -> dict[str, Any]:
    return {
        "until": past.until.isoformat(),
        "days": past.days,
        "customers": past.customers,
        "expected": past.expected,
        "spread": past.spread,
        "bought": past.bought,
    }


def _customers(customers: CustomerOutlooks) -> list[dict[str, Any]]:
    """One object a customer, in the order of their names; what is not known is null."""
    ahead = customers.outlook
    columns = {
        "repeat_purchases": customers.repeats,
        "recency_days": customers.recency_days,
        "age_days": customers.age_days,
        "expected_purchases": ahead.expected,
        "low": ahead.low,
        "high": ahead.high,
        "active": ahead.active,
        "mean_value": customers.mean_value,
        "expected_value": customers.value,
        "spent": customers.spent,
    }
    # Plain lists at once: to ask an array for each of a million cells takes a minute.
    values = [column.tolist() for column in columns.values()]
    names = tuple(columns)
    return [
        {"customer": customer, **{name: _number(value) for name, value in zip(names, row, strict=True)}}
        for customer, *row in zip(customers.names, *values, strict=True)
    ]


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else round(value, DIGITS)


def _written(document: dict[str, Any]) -> str:
    """Indented, but with each customer on one line: a hundred thousand of them stay readable and small."""
    customers = document.pop("customers")
    head = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1).removesuffix("\n}")
    lines = ",\n".join(
        "  " + json.dumps(customer, ensure_ascii=False, allow_nan=False) for customer in customers
    )
    return f'{head},\n "customers": [\n{lines}\n ]\n}}\n'
