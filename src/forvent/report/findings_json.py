"""Findings as versioned JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from forvent.records import Findings, NotEnough

SCHEMA = "forvent/findings/1"


def findings_json(findings: Findings) -> str:
    """Findings as JSON text that programs can rely on.

    Keys stand in the order of the records, those of mappings in alphabetical order, so that equal
    findings give equal text. Every key is described in ``docs/findings.md``.

    Parameters
    ----------
    findings
        What one run of the loop found.

    Returns
    -------
    str
        JSON with the key ``schema`` first. A number that is not finite is null, a time is ISO 8601 in
        UTC, a number that the data cannot carry is ``{"not_enough": {"n", "needed", "why"}}``.

    Source
    ------
    Our own definition, docs/findings.md.

    Examples
    --------
    >>> from forvent.records import Estimate
    >>> jsonable(Estimate(value=0.5, low=0.4, high=float("nan"), n=96))
    {'value': 0.5, 'low': 0.4, 'high': None, 'n': 96, 'level': 0.95}
    """
    document = {"schema": SCHEMA, **jsonable(findings)}
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def jsonable(value: Any) -> Any:
    """The value as dicts, lists, text, numbers and None."""
    if is_dataclass(value) and not isinstance(value, type):
        record = {part.name: jsonable(getattr(value, part.name)) for part in fields(value)}
        return {"not_enough": record} if isinstance(value, NotEnough) else record
    if isinstance(value, Mapping):
        return {str(key): jsonable(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, tuple | list):
        return [jsonable(part) for part in value]
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def _iso(moment: datetime) -> str:
    """ISO 8601 with Z; times without a zone are UTC already."""
    utc = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat() + "Z"
