"""Who comes back, as versioned JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import CustomerOutlooks, Loyalty, PurchaseFit
from forvent.report.recommendations_json import recommendations_document
from forvent.report.versioned_json import jsonable

Floats: TypeAlias = NDArray[np.float64]

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
        "recommendations": recommendations_document(loyalty.recommendations)
        if loyalty.recommendations
        else None,
    }
    return _written(document, _customers(loyalty.customers))


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


def _customers(customers: CustomerOutlooks) -> Iterator[str]:
    """A line of JSON a customer, in the order of their names; what is not known is null."""
    ahead = customers.outlook
    columns = {
        "repeat_purchases": customers.repeats,
        "recency_days": customers.recency_days,
        "age_days": customers.age_days,
        "expected_purchases": ahead.expected,
        "median_purchases": ahead.median,
        "low": ahead.low,
        "high": ahead.high,
        "active": ahead.active,
        "mean_value": customers.mean_value,
        "expected_value": customers.value,
        "spent": customers.spent,
    }
    line = ", ".join(f'"{name}": %s' for name in ("customer", *columns))
    names = map(json.JSONEncoder(ensure_ascii=False).encode, customers.names)
    # Column by column: to ask for each of a million cells alone takes half a minute.
    return map(f"  {{{line}}}".__mod__, zip(names, *map(_numbers, columns.values()), strict=True))


def _numbers(values: Floats) -> list[str]:
    """Numbers as JSON writes them: whole ones without a point, the others rounded."""
    whole = (values == np.trunc(values)) & (np.abs(values) < 1e15)
    if whole.all():
        return list(map(str, values.astype(np.int64).tolist()))
    texts = list(map(repr, np.round(values, DIGITS).tolist()))
    for place, value in zip(np.flatnonzero(whole).tolist(), values[whole].tolist(), strict=True):
        texts[place] = str(int(value))
    for place in np.flatnonzero(~np.isfinite(values)).tolist():
        texts[place] = "null"
    return texts


def _written(document: dict[str, Any], customers: Iterable[str]) -> str:
    """Indented, but with each customer on one line: a hundred thousand of them stay readable and small."""
    head = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1).removesuffix("\n}")
    lines = ",\n".join(customers)
    return f'{head},\n "customers": [\n{lines}\n ]\n}}\n'
